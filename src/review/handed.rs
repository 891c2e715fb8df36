//! What owners handed in and asked for in the period of a review: evidence, and requests for time.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::progress::evidence::Evidence;
use crate::progress::{RequestState, TimeRequest};

use super::{Facts, Item};

/// Evidence that was handed in during the period, by code.
#[must_use]
pub fn evidence<'a>(facts: &Facts<'a>) -> Vec<&'a Evidence> {
    facts.evidence.iter().filter(|piece| is_in_period(piece.at, facts)).collect()
}

/// Requests for time that were made or decided during the period, and those that still wait.
#[must_use]
pub fn requests<'a>(facts: &Facts<'a>) -> Vec<&'a TimeRequest> {
    let belongs = |request: &&TimeRequest| match &request.outcome {
        RequestState::Open => day(request.at, facts) <= end(facts),
        RequestState::Accepted(decision) | RequestState::Refused(decision) => {
            is_in_period(request.at, facts) || is_in_period(decision.at, facts)
        }
        // The later request says what is asked for now.
        RequestState::Replaced => false,
    };
    facts.requests.iter().filter(belongs).collect()
}

/// Whether anybody ever gave evidence for a task.
#[must_use]
pub fn is_proven(item: &Item<'_>, facts: &Facts<'_>) -> bool {
    facts.evidence.iter().any(|piece| piece.task == item.task.id)
        || facts.progress.history(&item.task.id).iter().any(|entry| !entry.evidence.is_empty())
}

/// A review that is made after its period speaks of what has come since.
fn end(facts: &Facts<'_>) -> Date {
    facts.today.max(facts.to)
}

fn is_in_period(at: Timestamp, facts: &Facts<'_>) -> bool {
    (facts.from..=end(facts)).contains(&day(at, facts))
}

fn day(at: Timestamp, facts: &Facts<'_>) -> Date {
    facts.school.settings.date_of(at)
}
