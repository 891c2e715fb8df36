//! Days as small integers, in a table that knows the working days.
//!
//! Deciding a year for a hundred thousand tasks asks for millions of dates; here each is an index into a table.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::calendar::WorkingDays;

/// A day by its place in a [`Days`] table. Negative and large values lie outside the table and are no error:
/// nothing is planned there.
pub(super) type Day = i32;

/// A table of consecutive days.
#[derive(Clone, Debug)]
pub(super) struct Days {
    dates: Vec<Date>,
    next_working: Vec<Day>,
    previous_working: Vec<Day>,
    /// The weekday of the first day, from Monday as 0.
    first_weekday: i8,
}

impl Days {
    /// The days from `first` to `last`.
    pub(super) fn new(first: Date, last: Date, working: &WorkingDays) -> Self {
        let dates: Vec<Date> = first.series(1.day()).take_while(|day| *day <= last).collect();
        // All dates of the calendar are 7.3 million, so every position fits.
        let index = |position: usize| Day::try_from(position).unwrap_or(Day::MAX);
        let open: Vec<bool> = dates.iter().map(|day| working.contains(*day)).collect();
        let mut previous_working: Vec<Day> = (0..dates.len()).map(index).collect();
        let mut next_working = previous_working.clone();
        let mut nearest = None;
        for position in 0..dates.len() {
            nearest = if open[position] { Some(index(position)) } else { nearest };
            previous_working[position] = nearest.unwrap_or(previous_working[position]);
        }
        nearest = None;
        for position in (0..dates.len()).rev() {
            nearest = if open[position] { Some(index(position)) } else { nearest };
            next_working[position] = nearest.unwrap_or(next_working[position]);
        }
        Self { dates, next_working, previous_working, first_weekday: first.weekday().to_monday_zero_offset() }
    }

    /// This day or the first after it that is this weekday, from Monday as 0.
    pub(super) fn on_or_after_weekday(&self, day: Day, weekday: i8) -> Day {
        day + (Day::from(weekday) - Day::from(self.first_weekday) - day).rem_euclid(7)
    }

    /// The day of a date; outside the table for dates outside it.
    pub(super) fn day(&self, date: Date) -> Day {
        let first = self.dates.first().copied().unwrap_or(date);
        // Dates of the calendar are at most 7.3 million days apart.
        Day::try_from(date.duration_since(first).as_hours() / 24).unwrap_or(Day::MAX / 2)
    }

    /// The date of a day inside the table.
    pub(super) fn date(&self, day: Day) -> Option<Date> {
        usize::try_from(day).ok().and_then(|index| self.dates.get(index)).copied()
    }

    /// This day or the first working day after it.
    pub(super) fn on_or_after(&self, day: Day) -> Day {
        Self::look_up(&self.next_working, day)
    }

    /// This day or the last working day before it.
    pub(super) fn on_or_before(&self, day: Day) -> Day {
        Self::look_up(&self.previous_working, day)
    }

    fn look_up(table: &[Day], day: Day) -> Day {
        usize::try_from(day).ok().and_then(|index| table.get(index)).copied().unwrap_or(day)
    }

    /// The number of days.
    pub(super) fn len(&self) -> usize {
        self.dates.len()
    }
}
