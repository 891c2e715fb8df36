//! The progress of tasks: an append-only list of reports, of which the last on a task counts; evidence; requests for
//! time.
//!
//! Pure values: `store` keeps them, `schedule` and `review` draw the conclusions.

mod agreed_dates;
mod attested;
pub mod evidence;
mod how;
mod time_request;

use std::collections::HashMap;

use jiff::Timestamp;

use crate::plan::{Status, TaskId};

pub use agreed_dates::move_due_dates;
pub use attested::Attestation;
pub use how::How;
pub use time_request::{RequestDecision, RequestState, TimeRequest};

/// One report on one task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgressEntry {
    /// The instant of the report.
    pub at: Timestamp,
    /// The status from then on.
    pub status: Status,
    /// The per cent done, 0 to 100, where it was told.
    pub percent: Option<u8>,
    /// The words of the reporter.
    pub note: Option<String>,
    /// Codes of evidence (`H1-1.4-01`). Old reports have paths and addresses instead.
    pub evidence: Vec<String>,
    /// The reporter, by the name in the configuration, else as they signed.
    pub by: Option<String>,
    /// The way by which it came.
    pub how: How,
}

/// All reports on all tasks of a plan.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    by_task: HashMap<TaskId, Vec<ProgressEntry>>,
    /// What was told of recurring work.
    attested: HashMap<TaskId, Vec<Attestation>>,
}

impl Progress {
    /// Adds a report; of several on a task the one added last counts.
    pub fn add(&mut self, task: TaskId, entry: ProgressEntry) {
        self.by_task.entry(task).or_default().push(entry);
    }

    /// The last report on a task.
    #[must_use]
    pub fn latest(&self, task: &TaskId) -> Option<&ProgressEntry> {
        self.by_task.get(task).and_then(|entries| entries.last())
    }

    /// Every report on a task, oldest first.
    #[must_use]
    pub fn history(&self, task: &TaskId) -> &[ProgressEntry] {
        self.by_task.get(task).map_or(&[], Vec::as_slice)
    }

    /// The status of a task; not started where there is no report.
    #[must_use]
    pub fn status(&self, task: &TaskId) -> Status {
        self.latest(task).map_or(Status::NotStarted, |entry| entry.status)
    }

    /// The per cent of a task that is done: 100 for a task that is done, else the last figure that was told, else 0.
    #[must_use]
    pub fn percent(&self, task: &TaskId) -> u8 {
        let Some(latest) = self.latest(task) else { return 0 };
        if latest.status == Status::Done {
            return 100;
        }
        // What was done and is taken up again is as far as it was told before.
        let told = self.history(task).iter().rev().filter(|entry| entry.status != Status::Done);
        told.into_iter().find_map(|entry| entry.percent).unwrap_or(0)
    }

    /// Whether a task is done or cancelled, so that it makes no further notices.
    #[must_use]
    pub fn is_closed(&self, task: &TaskId) -> bool {
        self.status(task).is_closed()
    }

    /// The reports up to an instant, which belongs to them.
    #[must_use]
    pub fn until(&self, at: Timestamp) -> Self {
        let until = |entries: &Vec<ProgressEntry>| entries.iter().filter(|entry| entry.at <= at).cloned().collect();
        let told = |words: &Vec<Attestation>| words.iter().filter(|word| word.at <= at).cloned().collect();
        Self {
            by_task: self.by_task.iter().map(|(task, entries)| (task.clone(), until(entries))).collect(),
            attested: self.attested.iter().map(|(task, words)| (task.clone(), told(words))).collect(),
        }
    }

    /// Whether there is no report at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_task.is_empty()
    }
}
