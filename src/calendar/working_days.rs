//! Working days: configured weekdays that are no holidays, and days that are worked in exchange.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

/// How many days a search for a working day looks at: no school is closed for a whole year.
const MAX_SEARCH_DAYS: usize = 366;

/// The working days of a school (rules of time, 2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkingDays {
    weekdays: [bool; 7],
    holidays: BTreeSet<Date>,
    exchanged: BTreeSet<Date>,
}

impl WorkingDays {
    /// Working days are these weekdays without the holidays, and the days worked in exchange.
    #[must_use]
    pub fn new(
        weekdays: impl IntoIterator<Item = Weekday>,
        holidays: impl IntoIterator<Item = Date>,
        exchanged: impl IntoIterator<Item = Date>,
    ) -> Self {
        let mut week = [false; 7];
        for weekday in weekdays {
            week[monday_zero(weekday)] = true;
        }
        Self { weekdays: week, holidays: holidays.into_iter().collect(), exchanged: exchanged.into_iter().collect() }
    }

    /// Whether `date` is a working day.
    #[must_use]
    pub fn contains(&self, date: Date) -> bool {
        self.exchanged.contains(&date) || (self.weekdays[monday_zero(date.weekday())] && !self.holidays.contains(&date))
    }

    /// `date`, or the first working day after it; `date` itself where none follows within a year.
    #[must_use]
    pub fn on_or_after(&self, date: Date) -> Date {
        date.series(1.day()).take(MAX_SEARCH_DAYS).find(|day| self.contains(*day)).unwrap_or(date)
    }

    /// `date`, or the last working day before it; `date` itself where none precedes it within a year.
    #[must_use]
    pub fn on_or_before(&self, date: Date) -> Date {
        date.series(-1.day()).take(MAX_SEARCH_DAYS).find(|day| self.contains(*day)).unwrap_or(date)
    }

    /// The working day that is `count` working days before `date`, which itself does not count.
    #[must_use]
    pub fn before(&self, date: Date, count: u16) -> Date {
        let mut day = date;
        for _ in 0..count {
            let Ok(yesterday) = day.yesterday() else { return day };
            day = self.on_or_before(yesterday);
        }
        day
    }

    /// The weekdays worked, Monday first.
    #[must_use]
    pub fn weekdays(&self) -> [bool; 7] {
        self.weekdays
    }

    /// The days off that a holiday file names.
    #[must_use]
    pub fn holidays(&self) -> &BTreeSet<Date> {
        &self.holidays
    }

    /// The days worked in exchange that a holiday file names.
    #[must_use]
    pub fn exchanged(&self) -> &BTreeSet<Date> {
        &self.exchanged
    }
}

fn monday_zero(weekday: Weekday) -> usize {
    usize::try_from(weekday.to_monday_zero_offset()).unwrap_or(0)
}
