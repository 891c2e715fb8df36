//! Civil dates and times of day as instants of a time zone.

use jiff::civil::{Date, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp};

/// The instant at which `zone` reads this date and time (rules of time, 1).
///
/// A time that a clock change skips becomes the first instant after the gap; one that occurs twice means the
/// first. A date at the very edge of the calendar becomes the nearest instant there is.
#[must_use]
pub fn instant(zone: &TimeZone, date: Date, time: Time) -> Timestamp {
    let ambiguous = zone.to_ambiguous_timestamp(date.to_datetime(time));
    match ambiguous.offset() {
        AmbiguousOffset::Gap { before, .. } => {
            // Read with the offset before the gap, the skipped time lies at the change itself or past it.
            let past = before.to_timestamp(date.to_datetime(time)).unwrap_or(Timestamp::MAX);
            let just_after = past.saturating_add(SignedDuration::from_nanos(1)).unwrap_or(past);
            zone.preceding(just_after).next().map_or(past, |change| change.timestamp())
        }
        _ => ambiguous.compatible().unwrap_or(if date.year() < 0 { Timestamp::MIN } else { Timestamp::MAX }),
    }
}

/// The civil date in `zone` at an instant.
#[must_use]
pub fn date_of(zone: &TimeZone, at: Timestamp) -> Date {
    at.to_zoned_datetime(zone.clone()).date()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use jiff::civil::{date, time};

    use super::*;

    fn at(zone: &str, date: Date, time: Time) -> String {
        let zone = TimeZone::get(zone).unwrap();
        instant(&zone, date, time).to_zoned_datetime(zone).strftime("%F %T %:z").to_string()
    }

    #[test]
    fn an_ordinary_time_is_itself() {
        assert_eq!(at("Asia/Ho_Chi_Minh", date(2023, 9, 12), time(7, 0, 0, 0)), "2023-09-12 07:00:00 +07:00");
    }

    #[test]
    fn a_skipped_time_is_the_first_instant_after_the_gap() {
        assert_eq!(at("Europe/Berlin", date(2024, 3, 31), time(2, 30, 0, 0)), "2024-03-31 03:00:00 +02:00");
        assert_eq!(at("Europe/Berlin", date(2024, 3, 31), time(2, 0, 0, 0)), "2024-03-31 03:00:00 +02:00");
        // Half an hour of gap, as on Lord Howe Island.
        assert_eq!(at("Australia/Lord_Howe", date(2024, 10, 6), time(2, 10, 0, 0)), "2024-10-06 02:30:00 +11:00");
    }

    #[test]
    fn a_time_that_occurs_twice_means_the_first() {
        assert_eq!(at("Europe/Berlin", date(2024, 10, 27), time(2, 30, 0, 0)), "2024-10-27 02:30:00 +02:00");
    }

    #[test]
    fn a_skipped_day_becomes_the_first_instant_after_it() {
        assert_eq!(at("Pacific/Apia", date(2011, 12, 30), time(7, 0, 0, 0)), "2011-12-31 00:00:00 +14:00");
    }
}
