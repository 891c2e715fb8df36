//! What owners have reported about their tasks: an append-only list, of which the last entry counts; and the time that
//! they asked for.
//!
//! Pure values; how they are kept is `store`'s, what follows from them is `schedule`'s and `review`'s.

mod agreed_dates;
pub mod evidence;
mod time_request;

use std::collections::HashMap;

use jiff::Timestamp;

use crate::plan::{Status, TaskId};

pub use agreed_dates::move_due_dates;
pub use time_request::{RequestDecision, RequestState, TimeRequest};

/// One report on one task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgressEntry {
    /// When it was reported.
    pub at: Timestamp,
    /// How far the task is now.
    pub status: Status,
    /// How much is done, 0 to 100, where it was said.
    pub percent: Option<u8>,
    /// What the reporter wrote.
    pub note: Option<String>,
    /// What proves it: codes of evidence (`H1-1.4-01`); reports of before have paths and addresses.
    pub evidence: Vec<String>,
    /// Who reported it, as they are called in the configuration or as they signed.
    pub by: Option<String>,
    /// By which way it came: `command`, `link`, `mail` or `document`.
    pub how: String,
}

/// All reports on all tasks of a plan.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    by_task: HashMap<TaskId, Vec<ProgressEntry>>,
}

impl Progress {
    /// Adds a report; of two reports on a task the one added last counts.
    pub fn add(&mut self, task: TaskId, entry: ProgressEntry) {
        self.by_task.entry(task).or_default().push(entry);
    }

    /// The report that counts for a task.
    #[must_use]
    pub fn latest(&self, task: &TaskId) -> Option<&ProgressEntry> {
        self.by_task.get(task).and_then(|entries| entries.last())
    }

    /// Every report on a task, oldest first.
    #[must_use]
    pub fn history(&self, task: &TaskId) -> &[ProgressEntry] {
        self.by_task.get(task).map_or(&[], Vec::as_slice)
    }

    /// How far a task is; not started where nobody reported.
    #[must_use]
    pub fn status(&self, task: &TaskId) -> Status {
        self.latest(task).map_or(Status::NotStarted, |entry| entry.status)
    }

    /// How much of a task is done in per cent: what was said, else 100 for a task that is done and 0 for others.
    #[must_use]
    pub fn percent(&self, task: &TaskId) -> u8 {
        let Some(latest) = self.latest(task) else { return 0 };
        if latest.status == Status::Done {
            return 100;
        }
        self.history(task).iter().rev().find_map(|entry| entry.percent).unwrap_or(0)
    }

    /// Whether a task makes no further notices.
    #[must_use]
    pub fn is_closed(&self, task: &TaskId) -> bool {
        self.status(task).is_closed()
    }

    /// Whether nobody has reported on anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_task.is_empty()
    }
}
