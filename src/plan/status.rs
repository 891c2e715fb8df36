//! How far a task is: the five words of the command line, the JSON output and the store.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

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
