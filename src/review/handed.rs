//! Evidence and requests for time of which a review tells.

use crate::progress::evidence::Evidence;
use crate::progress::{RequestState, TimeRequest};

use super::{ReviewInput, ReviewItem};

/// Evidence handed in since the review before, by code.
#[must_use]
pub fn evidence<'a>(facts: &ReviewInput<'a>) -> Vec<&'a Evidence> {
    facts.evidence.iter().filter(|piece| facts.tells_of(piece.at)).collect()
}

/// Requests for time made or decided since the review before, and all that are open.
#[must_use]
pub fn requests<'a>(facts: &ReviewInput<'a>) -> Vec<&'a TimeRequest> {
    let belongs = |request: &&TimeRequest| match &request.outcome {
        RequestState::Open => true,
        RequestState::Accepted(decision) | RequestState::Refused(decision) => {
            facts.tells_of(request.at) || facts.tells_of(decision.at)
        }
        RequestState::Ended(at) => facts.tells_of(request.at) || facts.tells_of(*at),
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
