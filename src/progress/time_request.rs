//! Requests for another due date, and the decisions on them.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::plan::TaskId;

use super::How;

/// A request for another due date of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeRequest {
    /// The task.
    pub task: TaskId,
    /// Its number among the requests for this task, from 1.
    pub number: u32,
    /// The instant of the request.
    pub at: Timestamp,
    /// The person who asked, by the name in the configuration, else as they signed.
    pub by: Option<String>,
    /// The way by which it came.
    pub how: How,
    /// The due date at that time; `None` where the plan left it open.
    pub old: Option<Date>,
    /// The due date asked for.
    pub due: Date,
    /// The reason.
    pub why: String,
    /// Its state.
    pub outcome: RequestState,
}

/// The state of a request for time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestState {
    /// Not decided.
    Open,
    /// Accepted: the due date is moved.
    Accepted(RequestDecision),
    /// Refused: the due date stays.
    Refused(RequestDecision),
    /// Replaced by a later request for the same task.
    Replaced,
    /// Ended without an answer at this instant: the task was done, cancelled or gone (rules of time, 9).
    Ended(Timestamp),
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
            Self::Ended(_) => "ended",
        }
    }

    /// The decision, where somebody took one.
    #[must_use]
    pub fn decision(&self) -> Option<&RequestDecision> {
        match self {
            Self::Accepted(decision) | Self::Refused(decision) => Some(decision),
            Self::Open | Self::Replaced | Self::Ended(_) => None,
        }
    }
}

/// A decision on a request for time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestDecision {
    /// The instant of the decision.
    pub at: Timestamp,
    /// The person who decided, by the name in the configuration, else as they signed.
    pub by: Option<String>,
    /// The words of the decision.
    pub note: Option<String>,
}

impl TimeRequest {
    /// The request as it stood at an instant; `None` where it was made later. `later` are the requests for the same task
    /// that follow it.
    #[must_use]
    pub fn at_moment(&self, moment: Timestamp, later: &[Self]) -> Option<Self> {
        if self.at > moment {
            return None;
        }
        let ended = match &self.outcome {
            RequestState::Open => None,
            RequestState::Accepted(decision) | RequestState::Refused(decision) => Some(decision.at),
            RequestState::Replaced => later.iter().find(|other| other.task == self.task).map(|other| other.at),
            RequestState::Ended(at) => Some(*at),
        };
        let outcome = if ended.is_some_and(|ended| ended > moment) { RequestState::Open } else { self.outcome.clone() };
        Some(Self { outcome, ..self.clone() })
    }

    /// Whether it is not yet decided.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.outcome == RequestState::Open
    }

    /// The decision, where the request was accepted.
    #[must_use]
    pub fn accepted(&self) -> Option<&RequestDecision> {
        match &self.outcome {
            RequestState::Accepted(decision) => Some(decision),
            _ => None,
        }
    }
}
