//! The hours in which people are told: on working days, from `reminders.at` to `reminders.until`, both included.

use jiff::Timestamp;
use jiff::civil::{Date, Time};

use crate::calendar::instant;
use crate::school::School;

/// Whether a message that is not planned for this moment may go out on `date` at this time of day.
pub(super) fn is_open(school: &School, date: Date, time: Time) -> bool {
    let reminders = &school.settings.reminders;
    school.settings.working_days.contains(date) && reminders.at <= time && time <= reminders.until
}

/// The next `reminders.at` of a working day after that of `now`.
#[must_use]
pub fn next_morning(school: &School, now: Timestamp) -> Timestamp {
    let settings = &school.settings;
    let today = settings.date_of(now);
    let tomorrow = today.tomorrow().unwrap_or(today);
    instant(&settings.time_zone, settings.working_days.on_or_after(tomorrow), settings.reminders.at)
}

/// The first instant from `now` on at which a message that is not planned may go out.
#[must_use]
pub fn next_opening(school: &School, now: Timestamp) -> Timestamp {
    let settings = &school.settings;
    let local = settings.local(now);
    let (today, time) = (local.date(), local.time());
    if is_open(school, today, time) {
        return now;
    }
    let is_early = time < settings.reminders.at;
    let first = if is_early { today } else { today.tomorrow().unwrap_or(today) };
    instant(&settings.time_zone, settings.working_days.on_or_after(first), settings.reminders.at)
}
