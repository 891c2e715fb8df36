//! The state of a task on a day: exactly one, from which every figure of mail, document, pages and `status` follows.

use jiff::civil::Date;

use crate::plan::{Period, Status, Task};

/// The state of a task: what was reported, or what matters more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TaskState {
    /// Done.
    Done,
    /// Something stands in the way, whether or not it is late too.
    Blocked,
    /// Open and past its due date.
    Overdue,
    /// Work is going on.
    InProgress,
    /// By the plan it has begun, and nothing was reported.
    NotStarted,
    /// Nothing was reported, and nothing is due yet.
    NotDue,
    /// The plan leaves its time open, or gives a due date before its own day of issue.
    Unresolved,
    /// Will not be done; counts in no figure.
    Cancelled,
}

impl TaskState {
    /// Every state that counts, each task being in exactly one.
    pub const COUNTED: [Self; 7] =
        [Self::Done, Self::Blocked, Self::Overdue, Self::InProgress, Self::NotStarted, Self::NotDue, Self::Unresolved];

    /// The word for it in templates and style sheets.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Blocked => "blocked",
            Self::Overdue => "overdue",
            Self::InProgress => "in_progress",
            Self::NotStarted => "not_started",
            Self::NotDue => "not_due",
            Self::Unresolved => "unresolved",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state of a task of a plan that was issued on `issued`, on the day `today`.
    #[must_use]
    pub fn of(task: &Task, status: Status, issued: Date, today: Date) -> Self {
        match (status, settled_period(task, issued)) {
            (Status::Done, _) => Self::Done,
            (Status::Cancelled, _) => Self::Cancelled,
            (Status::Blocked, _) => Self::Blocked,
            (_, None) => Self::Unresolved,
            (_, Some(period)) if period.due < today => Self::Overdue,
            (Status::InProgress, _) => Self::InProgress,
            (Status::NotStarted, Some(period)) if period.start.is_some_and(|start| start <= today) => Self::NotStarted,
            (Status::NotStarted, _) => Self::NotDue,
        }
    }
}

/// The timeframe of a task, unless the plan leaves it open or gives a due date before its own day of issue: a date that
/// nobody can have meant makes nobody late.
#[must_use]
pub fn settled_period(task: &Task, issued: Date) -> Option<Period> {
    task.period().filter(|period| period.due >= issued)
}

/// How many days an open task is late on `today`; `None` where it is not, whatever stands in its way.
#[must_use]
pub fn days_late(task: &Task, status: Status, issued: Date, today: Date) -> Option<i32> {
    let due = settled_period(task, issued)?.due;
    (!status.is_closed() && due < today).then(|| (today - due).get_days())
}
