//! Evidence and requests for time of the period of a review.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::progress::evidence::Evidence;
use crate::progress::{RequestState, TimeRequest};

use super::{ReviewInput, ReviewItem};

/// Evidence handed in during the period, by code.
#[must_use]
pub fn evidence<'a>(facts: &ReviewInput<'a>) -> Vec<&'a Evidence> {
    facts.evidence.iter().filter(|piece| is_in_period(piece.at, facts)).collect()
}

/// Requests for time made or decided during the period, and all that are open.
#[must_use]
pub fn requests<'a>(facts: &ReviewInput<'a>) -> Vec<&'a TimeRequest> {
    let belongs = |request: &&TimeRequest| match &request.outcome {
        RequestState::Open => day(request.at, facts) <= end(facts),
        RequestState::Accepted(decision) | RequestState::Refused(decision) => {
            is_in_period(request.at, facts) || is_in_period(decision.at, facts)
        }
        // The later request takes its place.
        RequestState::Replaced => false,
    };
    facts.requests.iter().filter(belongs).collect()
}

/// Whether there is evidence for a task, of whatever time.
#[must_use]
pub fn is_proven(item: &ReviewItem<'_>, facts: &ReviewInput<'_>) -> bool {
    facts.evidence.iter().any(|piece| piece.task == item.task.id)
        || facts.progress.history(&item.task.id).iter().any(|entry| !entry.evidence.is_empty())
}

/// The last day that counts: a review made after its period tells what has come since, too.
fn end(facts: &ReviewInput<'_>) -> Date {
    facts.today.max(facts.to)
}

fn is_in_period(at: Timestamp, facts: &ReviewInput<'_>) -> bool {
    (facts.from..=end(facts)).contains(&day(at, facts))
}

fn day(at: Timestamp, facts: &ReviewInput<'_>) -> Date {
    facts.school.settings.date_of(at)
}
