//! The periods by which recurring work is attested: calendar months, or terms (rules of time, 14).

use std::fmt;
use std::str::FromStr;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::calendar::SchoolYear;

use super::{Recurrence, Task};

/// A month or a term, for which recurring work is told: `2023-10` or `term-1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum WorkPeriod {
    /// A calendar month.
    Month {
        /// The year.
        year: i16,
        /// The month, 1 to 12.
        month: i8,
    },
    /// A term, from 1.
    Term(u8),
}

impl WorkPeriod {
    /// The period of work that recurs so in which a date lies. Before the first term that is the first, after the last
    /// the last.
    #[must_use]
    pub fn of(recurrence: Recurrence, date: Date, year: &SchoolYear) -> Self {
        match recurrence {
            Recurrence::Month => Self::Month { year: date.year(), month: date.month() },
            Recurrence::Term => {
                let over = year.terms().iter().take_while(|last| **last < date).count();
                Self::Term(u8::try_from(over.min(year.terms().len().saturating_sub(1)) + 1).unwrap_or(u8::MAX))
            }
        }
    }

    /// Its last day; `None` for a term that the school year does not have.
    #[must_use]
    pub fn last_day(self, year: &SchoolYear) -> Option<Date> {
        match self {
            Self::Month { year, month } => Date::new(year, month, 1).ok().map(Date::last_of_month),
            Self::Term(number) => year.term(usize::from(number)).map(|(_, last)| last),
        }
    }
}

impl Task {
    /// The periods of the span of recurring work, by time: from its start, or else from `from`, to its due date, or else
    /// to the end of the school year. None where it does not recur.
    #[must_use]
    pub fn work_periods(&self, from: Date, year: &SchoolYear) -> Vec<WorkPeriod> {
        let Some(recurrence) = self.recurrence else { return Vec::new() };
        let period = self.period();
        let last = period.map_or(year.end(), |period| period.due);
        let first = period.and_then(|period| period.start).unwrap_or(from).min(last);
        let mut periods: Vec<WorkPeriod> = match recurrence {
            Recurrence::Month => {
                let months = first.first_of_month().series(1.month()).take_while(|month| *month <= last);
                months.map(|month| WorkPeriod::of(recurrence, month, year)).collect()
            }
            Recurrence::Term => {
                let (WorkPeriod::Term(first), WorkPeriod::Term(last)) =
                    (WorkPeriod::of(recurrence, first, year), WorkPeriod::of(recurrence, last, year))
                else {
                    return Vec::new();
                };
                (first..=last).map(WorkPeriod::Term).collect()
            }
        };
        periods.dedup();
        periods
    }

    /// The period of the span of recurring work for which something told on `date` counts: that in which the date lies,
    /// or the nearest of the span. `None` where it does not recur.
    #[must_use]
    pub fn work_period(&self, date: Date, from: Date, year: &SchoolYear) -> Option<WorkPeriod> {
        let wanted = WorkPeriod::of(self.recurrence?, date, year);
        let periods = self.work_periods(from, year);
        let nearest =
            if periods.first().is_some_and(|first| wanted < *first) { periods.first() } else { periods.last() };
        periods.contains(&wanted).then_some(wanted).or_else(|| nearest.copied())
    }
}

impl fmt::Display for WorkPeriod {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Month { year, month } => write!(to, "{year:04}-{month:02}"),
            Self::Term(number) => write!(to, "term-{number}"),
        }
    }
}

/// A word that names no period of work.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no period of recurring work; write a month (2023-10) or a term (term-1)")]
pub struct UnknownWorkPeriod(pub String);

impl FromStr for WorkPeriod {
    type Err = UnknownWorkPeriod;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let unknown = || UnknownWorkPeriod(word.to_owned());
        if let Some(number) = word.strip_prefix("term-") {
            return number.parse().ok().filter(|number| *number > 0).map(Self::Term).ok_or_else(unknown);
        }
        let (year, month) = word.split_once('-').ok_or_else(unknown)?;
        let (year, month) = (year.parse().map_err(|_| unknown())?, month.parse().map_err(|_| unknown())?);
        Date::new(year, month, 1).map(|_| Self::Month { year, month }).map_err(|_| unknown())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::plan::{Period, Timeframe};

    fn year() -> SchoolYear {
        let terms = vec![date(2024, 1, 14), date(2024, 5, 25)];
        SchoolYear::new(date(2023, 9, 5), terms, date(2024, 5, 31)).unwrap()
    }

    #[test]
    fn the_periods_of_a_span() {
        let work = |recurrence, start, due| {
            let timeframe = Timeframe::Resolved(Period { start, due });
            let task = Task { recurrence: Some(recurrence), ..Task::bare("1.1", String::new(), timeframe) };
            let shown = |period: &WorkPeriod| period.to_string();
            let periods = task.work_periods(date(2023, 9, 12), &year());
            let of = |day: Date| task.work_period(day, date(2023, 9, 12), &year()).unwrap().to_string();
            (
                periods.iter().map(shown).collect::<Vec<_>>(),
                of(date(2023, 8, 1)),
                of(date(2023, 12, 24)),
                of(date(2024, 8, 1)),
            )
        };
        let (periods, before, within, after) = work(Recurrence::Month, Some(date(2023, 11, 15)), date(2024, 1, 31));
        assert_eq!(periods, ["2023-11", "2023-12", "2024-01"]);
        assert_eq!((before.as_str(), within.as_str(), after.as_str()), ("2023-11", "2023-12", "2024-01"));
        let (periods, before, within, after) = work(Recurrence::Term, None, date(2024, 5, 31));
        assert_eq!(periods, ["term-1", "term-2"]);
        assert_eq!((before.as_str(), within.as_str(), after.as_str()), ("term-1", "term-1", "term-2"));
    }

    #[test]
    fn periods_are_read_as_they_are_written() {
        for word in ["2023-10", "term-2"] {
            assert_eq!(word.parse::<WorkPeriod>().unwrap().to_string(), word);
        }
        for word in ["2023-13", "term-0", "year", "10/2023", ""] {
            assert!(word.parse::<WorkPeriod>().is_err(), "{word}");
        }
    }
}
