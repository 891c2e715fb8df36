//! How far a task is: the five words of the command line, the JSON output and the store.

use std::str::FromStr;

use crate::closed_set::{ClosedSet, closed_set};

closed_set! {
    /// How far a task is; in the order of a task's life.
    #[derive(Default)]
    pub enum Status {
        /// Nobody has reported anything yet.
        #[default]
        NotStarted = "not_started",
        /// Work is going on.
        InProgress = "in_progress",
        /// Something stands in the way.
        Blocked = "blocked",
        /// Finished: no further notices.
        Done = "done",
        /// Will not be done: no further notices.
        Cancelled = "cancelled",
    }
}

impl Status {
    /// Whether the task makes no further notices (rules of time, 9).
    #[must_use]
    pub fn is_closed(self) -> bool {
        match self {
            Self::Done | Self::Cancelled => true,
            Self::NotStarted | Self::InProgress | Self::Blocked => false,
        }
    }

    /// What people report of their own tasks, what ends reminders first. That nothing was begun is no report, and to cancel a
    /// task is the school's.
    #[must_use]
    pub fn reported() -> Vec<Self> {
        let is_reported = |status: &Self| match status {
            Self::Done | Self::InProgress | Self::Blocked => true,
            Self::NotStarted | Self::Cancelled => false,
        };
        let mut reported: Vec<Self> = Self::ALL.iter().copied().filter(is_reported).collect();
        reported.sort_by_key(|status| !status.is_closed());
        reported
    }
}

/// A status that is none of the words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown status `{0}`; expected {expected}", expected = expected())]
pub struct UnknownStatus(pub String);

/// All words, as one reads them out.
fn expected() -> String {
    let words: Vec<&str> = Status::ALL.iter().map(|status| status.as_str()).collect();
    match words.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}

impl FromStr for Status {
    type Err = UnknownStatus;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::of_word(&word.replace('-', "_")).ok_or_else(|| UnknownStatus(word.to_owned()))
    }
}
