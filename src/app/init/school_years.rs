//! The dates of school years, by the ministry's decisions; provinces may shift them.

use jiff::civil::{Date, date};

/// The first month in which a plan is of the school year that begins in its own year: plans are made in summer.
const FIRST_MONTH: i8 = 6;

/// The dates of a school year, to be looked over by the admin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SchoolYearDates {
    /// The first day.
    pub start: Date,
    /// The last day of each term.
    pub terms: [Date; 2],
    /// The last day.
    pub end: Date,
    /// The ministry's decision; `None` where the dates are only the usual ones.
    pub decision: Option<&'static str>,
}

/// The decisions: the year in which a school year begins, the last day of its first term (the day before the one that the
/// decision names), that of the programme, and the decision.
const DECISIONS: &[(i16, Date, Date, &str)] = &[
    (2023, date(2024, 1, 14), date(2024, 5, 25), "2171/QĐ-BGDĐT"),
    (2024, date(2025, 1, 17), date(2025, 5, 31), "2045/QĐ-BGDĐT"),
    (2025, date(2026, 1, 17), date(2026, 5, 31), "2269/QĐ-BGDĐT"),
    (2026, date(2027, 1, 17), date(2027, 5, 31), "2308/QĐ-BGDĐT"),
];

/// The years for which dates are written; others are taken for a slip.
const YEARS: std::ops::RangeInclusive<i16> = 2000..=2200;

impl SchoolYearDates {
    /// The school year that begins in this year.
    #[must_use]
    pub fn beginning_in(year: i16) -> Self {
        let year = year.clamp(*YEARS.start(), *YEARS.end());
        let known = DECISIONS.iter().find(|(known, ..)| *known == year);
        let (first, last, decision) = known.map_or_else(
            || (date(year + 1, 1, 17), date(year + 1, 5, 31), None),
            |(_, first, last, decision)| (*first, *last, Some(*decision)),
        );
        Self { start: date(year, 9, 5), terms: [first, last], end: date(year + 1, 5, 31), decision }
    }
}

/// The year in which the school year begins that a day belongs to.
#[must_use]
pub fn year_of(day: Date) -> i16 {
    if day.month() >= FIRST_MONTH { day.year() } else { day.year() - 1 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::SchoolYear;

    #[test]
    fn every_year_is_one_that_a_configuration_takes() {
        for year in YEARS {
            let SchoolYearDates { start, terms, end, .. } = SchoolYearDates::beginning_in(year);
            assert!(SchoolYear::new(start, terms.to_vec(), end).is_ok(), "{year}");
        }
        assert_eq!([year_of(date(2023, 8, 1)), year_of(date(2024, 3, 1))], [2023, 2023]);
    }
}
