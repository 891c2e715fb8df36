//! The date of a report.

use jiff::civil::Date;
use serde::Serialize;

/// A date in the figures of official documents: days under 10 and the months 1 and 2 have a zero before them, so that
/// nobody can add a figure (Decree 30/2020/NĐ-CP).
#[derive(Debug, Serialize)]
pub(super) struct Dated {
    day: String,
    month: String,
    year: i16,
}

impl Dated {
    pub(super) fn new(date: Date) -> Self {
        let month = if date.month() <= 2 { format!("{:02}", date.month()) } else { date.month().to_string() };
        Self { day: format!("{:02}", date.day()), month, year: date.year() }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::Dated;

    #[test]
    fn days_below_ten_and_the_first_two_months_have_a_zero() {
        for (date, expected) in [
            (date(2024, 1, 5), ("05", "01")),
            (date(2024, 2, 29), ("29", "02")),
            (date(2024, 3, 10), ("10", "3")),
            (date(2024, 12, 9), ("09", "12")),
        ] {
            let Dated { day, month, .. } = Dated::new(date);
            assert_eq!((day.as_str(), month.as_str()), expected);
        }
    }
}
