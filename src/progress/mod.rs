//! What owners have reported about their tasks: an append-only list, of which the last entry counts; and the time that
//! they asked for.
//!
//! Pure values; how they are kept is `store`'s, what follows from them is `schedule`'s and `review`'s.

pub mod evidence;
mod how;
mod time_request;

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::Serialize;

use crate::plan::TaskId;

pub use how::How;
pub use time_request::{Decision, RequestState, TimeRequest};

/// How far a task is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Nobody has reported anything yet.
    #[default]
    NotStarted,
    /// Work is going on.
    InProgress,
    /// Something stands in the way.
    Blocked,
    /// Finished: no further notices.
    Done,
    /// Will not be done: no further notices.
    Cancelled,
}

impl Status {
    /// Every status, in the order of a task's life.
    pub const ALL: [Self; 5] = [Self::NotStarted, Self::InProgress, Self::Blocked, Self::Done, Self::Cancelled];

    /// The word of the command line, the JSON output and the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotStarted => "not_started",
            Self::InProgress => "in_progress",
            Self::Blocked => "blocked",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether the task makes no further notices (rules of time, 9).
    #[must_use]
    pub fn is_closed(self) -> bool {
        matches!(self, Self::Done | Self::Cancelled)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A status that is none of the five words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown status `{0}`; expected not_started, in_progress, blocked, done or cancelled")]
pub struct UnknownStatus(pub String);

impl FromStr for Status {
    type Err = UnknownStatus;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let wanted = word.replace('-', "_");
        Self::ALL.into_iter().find(|status| status.as_str() == wanted).ok_or_else(|| UnknownStatus(word.to_owned()))
    }
}

/// One report on one task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
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
    /// By which way it came.
    pub how: How,
}

/// All reports on all tasks of a plan.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    by_task: HashMap<TaskId, Vec<Entry>>,
}

impl Progress {
    /// Adds a report; of two reports on a task the one added last counts.
    pub fn add(&mut self, task: TaskId, entry: Entry) {
        self.by_task.entry(task).or_default().push(entry);
    }

    /// The report that counts for a task.
    #[must_use]
    pub fn latest(&self, task: &TaskId) -> Option<&Entry> {
        self.by_task.get(task).and_then(|entries| entries.last())
    }

    /// Every report on a task, oldest first.
    #[must_use]
    pub fn history(&self, task: &TaskId) -> &[Entry] {
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
