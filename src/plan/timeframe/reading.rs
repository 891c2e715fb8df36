//! What a time expression says: periods, how often, and doubts.

use std::fmt;

use jiff::civil::Date;

use super::frequency::Recurrence;
use super::reason::{Doubt, Unresolved};

/// A time that is settled: the days between which a task is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Period {
    /// The first day, where there is one.
    pub start: Option<Date>,
    /// The last day.
    pub due: Date,
}

/// What the time column says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Timeframe {
    /// When the task is to be done.
    Resolved(Period),
    /// It does not say; no reminders follow (rules of time, 13).
    Unresolved(Unresolved),
}

impl Timeframe {
    /// The timeframe of dates that were read before; where there are none, it is open, and `time` is what the plan writes there.
    #[must_use]
    pub fn of(period: Option<Period>, time: Option<&str>) -> Self {
        let open = || time.map_or(Unresolved::Empty, |time| Unresolved::NotUnderstood(time.to_owned()));
        period.map_or_else(|| Self::Unresolved(open()), Self::Resolved)
    }
}

/// What a time expression says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The periods that it names: one as a rule, several where it names separate ones ("Tháng 10/2023; tháng 3/2024").
    /// Never none, never more than 26, and none runs backwards.
    pub periods: Vec<Period>,
    /// How often, where it says so by month or by term. "Thường xuyên" and "hằng năm" do not.
    pub recurrence: Option<Recurrence>,
    /// What is read as written and may be a mistake.
    pub doubts: Vec<Doubt>,
}

impl fmt::Display for Period {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.start {
            Some(start) => write!(to, "{start} to {}", self.due),
            None => self.due.fmt(to),
        }
    }
}

/// "2023-10-01 to 2023-10-31; 2024-03-01 to 2024-03-31", "2023-09-05 to 2024-05-31, each month".
impl fmt::Display for Reading {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, period) in self.periods.iter().enumerate() {
            write!(to, "{}{period}", if position == 0 { "" } else { "; " })?;
        }
        match self.recurrence {
            Some(recurrence) => write!(to, ", each {recurrence}"),
            None => Ok(()),
        }
    }
}
