//! A new due date that somebody proposes for a task, and whether it can be meant.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use crate::plan::{Status, Task};
use crate::progress::{How, RequestState};
use crate::school::School;
use crate::store::StoreError;
use crate::store::time_requests::NewRequest;

/// How many days after the end of the school year a due date may lie at most: a task may go on into the next year.
const LATEST_DAYS: i64 = 366;

/// A new due date that somebody proposes or sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The due date.
    pub due: Date,
    /// Why.
    pub why: String,
    /// Who says so, as they are called in the configuration or as they signed.
    pub by: Option<String>,
    /// By which way: `command`, `link` or `mail`.
    pub how: How,
    /// When.
    pub at: Timestamp,
}

/// Why a proposal is not taken.
#[derive(Debug, thiserror::Error)]
pub enum ProposalError {
    /// The task is done or cancelled.
    #[error("the task is {0}: it needs no other date")]
    Closed(Status),
    /// There is no reason.
    #[error("a reason is needed")]
    NoReason,
    /// The date is the present one.
    #[error("the task is due on {0} already")]
    Same(Date),
    /// The date has passed.
    #[error("{0} has passed")]
    Past(Date),
    /// The date is before the task starts.
    #[error("{due} is before the task starts, {start}")]
    BeforeStart {
        /// The date.
        due: Date,
        /// The first day of the task.
        start: Date,
    },
    /// The date is too far away to be meant.
    #[error("{due} is too late; write a date until {latest}")]
    TooLate {
        /// The date.
        due: Date,
        /// The latest that is taken.
        latest: Date,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The request for time that a proposal makes, as the store takes it.
pub(super) fn new_request<'a>(task: &'a Task, proposal: &'a Proposal, outcome: &'a RequestState) -> NewRequest<'a> {
    NewRequest {
        task: &task.id,
        at: proposal.at,
        by: proposal.by.as_deref(),
        how: proposal.how,
        old: task.period().map(|period| period.due),
        due: proposal.due,
        why: proposal.why.trim(),
        outcome,
    }
}

/// Whether a due date can be meant.
pub(super) fn examine(school: &School, task: &Task, status: Status, proposal: &Proposal) -> Result<(), ProposalError> {
    let due = proposal.due;
    let today = school.settings.date_of(proposal.at);
    let latest = school.settings.school_year.end().saturating_add(LATEST_DAYS.days());
    let period = task.period();
    if status.is_closed() {
        return Err(ProposalError::Closed(status));
    }
    if proposal.why.trim().is_empty() {
        return Err(ProposalError::NoReason);
    }
    if period.is_some_and(|period| period.due == due) {
        return Err(ProposalError::Same(due));
    }
    if due < today {
        return Err(ProposalError::Past(due));
    }
    if let Some(start) = period.and_then(|period| period.start).filter(|start| due < *start) {
        return Err(ProposalError::BeforeStart { due, start });
    }
    if due > latest {
        return Err(ProposalError::TooLate { due, latest });
    }
    Ok(())
}
