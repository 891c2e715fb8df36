//! By which day it is judged what need no longer be kept.
//!
//! What is removed is gone for good, so the clock alone is not believed: one that jumps ahead would have everything
//! removed at once. The store notes a day of its own, which follows the clock by a few days at each new date at most. After
//! a service has stood still for long, it catches up within as many days at the longest.

use jiff::civil::{Date, Time};
use jiff::{Timestamp, ToSpan};

use crate::calendar::instant;
use crate::school::School;
use crate::store::removal::{RemovalMark, last_attempt_before, removal_mark, set_removal_mark};
use crate::store::{Store, StoreError, StoreStep};

/// How far the day moves on when the clock shows another date: one day is what passes, the other catches up.
const MAX_DAYS_A_DATE: i64 = 2;

/// The present as far as it is believed where something is removed for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RemovalTime {
    /// The instant by which ages are reckoned.
    pub at: Timestamp,
    /// Whether that is what the clock shows: it has gone on as clocks do.
    pub is_clock: bool,
}

/// Takes the present down and tells how far it is believed.
///
/// # Errors
/// When the store fails; then nothing is to be removed.
pub async fn removal_time(store: &Store, school: &School, now: Timestamp) -> Result<RemovalTime, StoreError> {
    let settings = &school.settings;
    let today = settings.date_of(now);
    let begins = |date: Date| instant(&settings.time_zone, date, Time::midnight());
    let mut tx = store.begin(&school.scope().organisation).await?;
    let known = match removal_mark(&mut tx).await? {
        Some(known) => Some(known),
        // Nothing is noted yet: the store knows of a day on which something was sent before today.
        None => last_attempt_before(&mut tx, begins(today)).await?.map(|at| {
            let day = settings.date_of(at);
            RemovalMark { day, noted_on: day }
        }),
    };
    let day = day_of_removal(known, today);
    if known != Some(RemovalMark { day, noted_on: today }) {
        set_removal_mark(&mut tx, RemovalMark { day, noted_on: today }).await?;
    }
    tx.commit(StoreStep::NoteOld).await?;
    let is_clock = day == today;
    let at = if is_clock { now } else { begins(day) };
    Ok(RemovalTime { at, is_clock })
}

/// The day of removal on `today`, after what was noted last.
fn day_of_removal(known: Option<RemovalMark>, today: Date) -> Date {
    match known {
        None => today,
        Some(known) if known.noted_on == today => known.day.min(today),
        Some(known) => known.day.saturating_add(MAX_DAYS_A_DATE.days()).min(today),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    /// The day of removal on each of these dates, one after the other.
    fn days(dates: &[Date]) -> Vec<Date> {
        let mut known = None;
        let mut days = Vec::new();
        for today in dates {
            let day = day_of_removal(known, *today);
            known = Some(RemovalMark { day, noted_on: *today });
            days.push(day);
        }
        days
    }

    #[test]
    fn the_day_goes_with_a_clock_that_goes_on_as_clocks_do() {
        let dates = [date(2023, 10, 2), date(2023, 10, 2), date(2023, 10, 3), date(2023, 10, 5), date(2023, 10, 6)];
        assert_eq!(days(&dates), dates);
    }

    #[test]
    fn a_clock_that_jumps_ahead_moves_the_day_by_two_and_one_that_is_put_right_takes_it_back() {
        let (right, wrong) = (date(2023, 10, 2), date(2036, 1, 1));
        let tomorrow = date(2036, 1, 2);
        assert_eq!(
            days(&[right, wrong, wrong, tomorrow, right, date(2023, 10, 3)]),
            [right, date(2023, 10, 4), date(2023, 10, 4), date(2023, 10, 6), right, date(2023, 10, 3)]
        );
    }

    #[test]
    fn after_a_long_rest_the_day_catches_up() {
        let summer = (0..40).map(|day| date(2023, 9, 1).saturating_add(day.days()));
        let dates: Vec<Date> = std::iter::once(date(2023, 8, 1)).chain(summer).collect();
        let days = days(&dates);
        assert_eq!(days[1], date(2023, 8, 3));
        assert_eq!(days.last(), dates.last());
        assert!(days.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
