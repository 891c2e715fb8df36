//! The school year and its terms.

use jiff::civil::Date;

/// The longest school year, in days.
const MAX_DAYS: i32 = 2 * 366;
/// The first month of a school year for months written without a year: in a plan of 2023–2024 "tháng 8" means August
/// 2023.
const FIRST_MONTH: i8 = 8;

/// A school year: its first day, the last day of each term, its last day. Civil dates in the school's time zone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SchoolYear {
    start: Date,
    terms: Vec<Date>,
    end: Date,
}

/// Why dates make no school year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SchoolYearError {
    /// There is no term.
    #[error("a school year has at least one term")]
    NoTerm,
    /// A date is not after the one that it must follow.
    #[error("{later} must be after {earlier}")]
    OutOfOrder {
        /// The date that must be earlier.
        earlier: Date,
        /// The date that must be later.
        later: Date,
    },
    /// The last day is before the end of the last term.
    #[error("the year ends on {end}, before its last term ends on {term}")]
    EndsInTerm {
        /// The last day of the last term.
        term: Date,
        /// The last day of the year.
        end: Date,
    },
    /// It is longer than two years.
    #[error("a school year from {start} to {end} is too long")]
    TooLong {
        /// The first day.
        start: Date,
        /// The last day.
        end: Date,
    },
}

impl SchoolYear {
    /// The school year from `start` to `end` whose terms end on `terms`, in order.
    ///
    /// # Errors
    /// [`SchoolYearError`] when the dates are not in order, there is no term, or the year is too long.
    pub fn new(start: Date, terms: Vec<Date>, end: Date) -> Result<Self, SchoolYearError> {
        let mut earlier = start;
        for &later in &terms {
            if later <= earlier {
                return Err(SchoolYearError::OutOfOrder { earlier, later });
            }
            earlier = later;
        }
        let term = *terms.last().ok_or(SchoolYearError::NoTerm)?;
        if end < term {
            return Err(SchoolYearError::EndsInTerm { term, end });
        }
        if (end - start).get_days() > MAX_DAYS {
            return Err(SchoolYearError::TooLong { start, end });
        }
        Ok(Self { start, terms, end })
    }

    /// The first day.
    #[must_use]
    pub fn start(&self) -> Date {
        self.start
    }

    /// The last day of each term.
    #[must_use]
    pub fn terms(&self) -> &[Date] {
        &self.terms
    }

    /// The last day.
    #[must_use]
    pub fn end(&self) -> Date {
        self.end
    }

    /// First and last day of a term, counted from 1.
    #[must_use]
    pub fn term(&self, number: usize) -> Option<(Date, Date)> {
        let last = *self.terms.get(number.checked_sub(1)?)?;
        let first = match number.checked_sub(2) {
            None => self.start,
            Some(previous) => self.terms[previous].tomorrow().ok()?,
        };
        Some((first, last))
    }

    /// The calendar year in which a month lies that is written without one: the twelve months from August of the
    /// year in which the school year begins (time expressions).
    #[must_use]
    pub fn year_of_month(&self, month: i8) -> i16 {
        self.start.year() + i16::from(month < FIRST_MONTH)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn dates_must_follow_each_other() {
        let (start, one, two, end) = (date(2023, 9, 5), date(2024, 1, 14), date(2024, 5, 25), date(2024, 5, 31));
        let year = SchoolYear::new(start, vec![one, two], end).unwrap();
        assert_eq!(year.term(1), Some((start, one)));
        assert_eq!(year.term(2), Some((date(2024, 1, 15), two)));
        assert_eq!(year.term(3), None);
        assert_eq!(year.term(0), None);
        assert_eq!(year.year_of_month(8), 2023);
        assert_eq!(year.year_of_month(7), 2024);
        assert_eq!(SchoolYear::new(start, vec![], end), Err(SchoolYearError::NoTerm));
        let swapped = SchoolYear::new(start, vec![two, one], end);
        assert_eq!(swapped, Err(SchoolYearError::OutOfOrder { earlier: two, later: one }));
        assert_eq!(SchoolYear::new(start, vec![two], one), Err(SchoolYearError::EndsInTerm { term: two, end: one }));
        assert!(matches!(SchoolYear::new(start, vec![two], date(2030, 1, 1)), Err(SchoolYearError::TooLong { .. })));
    }
}
