//! A proposal of another due date, and what came of it.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::plan::TaskId;

use super::How;

/// Somebody asked for another due date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeRequest {
    /// The task.
    pub task: TaskId,
    /// Its place among the requests for this task, from 1.
    pub number: u32,
    /// When it was asked.
    pub at: Timestamp,
    /// Who asked, as they are called in the configuration or as they signed.
    pub by: Option<String>,
    /// By which way it came.
    pub how: How,
    /// The due date at that time; `None` where the plan left it open.
    pub old: Option<Date>,
    /// The due date that is asked for.
    pub due: Date,
    /// Why.
    pub why: String,
    /// What came of it.
    pub outcome: RequestState,
}

/// What came of a request for time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestState {
    /// Nobody has decided yet.
    Open,
    /// The due date is moved.
    Accepted(Decision),
    /// It stays where it is.
    Refused(Decision),
    /// A later request for the task took its place.
    Replaced,
}

impl RequestState {
    /// The word of the templates.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Accepted(_) => "accepted",
            Self::Refused(_) => "refused",
            Self::Replaced => "replaced",
        }
    }

    /// The decision, where somebody took one.
    #[must_use]
    pub fn decision(&self) -> Option<&Decision> {
        match self {
            Self::Accepted(decision) | Self::Refused(decision) => Some(decision),
            Self::Open | Self::Replaced => None,
        }
    }
}

/// Who decided, when, and with what words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// When.
    pub at: Timestamp,
    /// Who, as they are called in the configuration or as they signed.
    pub by: Option<String>,
    /// What they wrote about it.
    pub note: Option<String>,
}

impl TimeRequest {
    /// Whether it waits to be decided.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.outcome == RequestState::Open
    }

    /// The decision to move the due date, where that was taken.
    #[must_use]
    pub fn accepted(&self) -> Option<&Decision> {
        match &self.outcome {
            RequestState::Accepted(decision) => Some(decision),
            _ => None,
        }
    }
}
