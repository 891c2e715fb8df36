//! The calendar file of a reminder: an all-day event on each due date, with an alarm on the morning before.

use std::collections::{HashMap, HashSet};

use chrono::TimeDelta;
use icalendar::{Alarm, Calendar, Component, Event, EventLike, Property, Trigger};
use jiff::ZonedDateTime;
use jiff::civil::Time;
use sha2::{Digest, Sha256};

use crate::hex;
use crate::plan::TaskId;
use crate::schedule::Notice;
use crate::school::School;

/// The calendar file for the tasks of a message (RFC 5545), or nothing where none of them has a due date.
///
/// A task keeps its UID for life; SEQUENCE is how often its timeframe has changed, so that a calendar takes the newer
/// date. `describe` gives the event's words: its summary in the first line, its description in the rest.
pub(super) fn calendar<E>(
    school: &School,
    revisions: &HashMap<TaskId, u32>,
    notices: &[Notice],
    now: &ZonedDateTime,
    describe: impl Fn(&TaskId) -> Result<String, E>,
) -> Result<Option<String>, E> {
    let mut seen = HashSet::new();
    let mut calendar = Calendar::empty();
    calendar.append_property(("VERSION", "2.0"));
    calendar.append_property(("PRODID", "-//nhacviec//nhacviec//EN"));
    calendar.append_property(("CALSCALE", "GREGORIAN"));
    calendar.append_property(("METHOD", "PUBLISH"));
    let stamp = now.timestamp().strftime("%Y%m%dT%H%M%SZ").to_string();
    for notice in notices {
        let Some(task) = notice.task.map(|task| &school.plan.tasks[task as usize]) else { continue };
        let Some(due) = task.period().map(|period| period.due) else { continue };
        if !seen.insert(&task.id) {
            continue;
        }
        let words = describe(&task.id)?;
        let (summary, description) = words.trim().split_once('\n').unwrap_or((words.trim(), ""));
        let uid = uid(school, &task.id);
        let mut event = Event::with_uid(&uid);
        event.add_property("DTSTAMP", &stamp);
        event.append_property(
            Property::new("DTSTART", due.strftime("%Y%m%d").to_string()).add_parameter("VALUE", "DATE").done(),
        );
        if let Ok(next) = due.tomorrow() {
            let end = next.strftime("%Y%m%d").to_string();
            event.append_property(Property::new("DTEND", end).add_parameter("VALUE", "DATE").done());
        }
        event.summary(summary.trim()).description(description.trim());
        event.sequence(revisions.get(&task.id).copied().unwrap_or(0));
        event.add_property("TRANSP", "TRANSPARENT");
        let mut alarm = Alarm::display(summary.trim(), Trigger::before_start(before(school.settings.reminders.at)));
        // Left to themselves these would be of the moment and of chance.
        alarm.add_property("DTSTAMP", &stamp).add_property("UID", format!("alarm-{uid}"));
        event.alarm(alarm.done());
        calendar.push(event.done());
    }
    // A calendar made only of known parts always prints.
    Ok((!seen.is_empty()).then(|| calendar.to_string()))
}

/// How long before midnight of the due date the alarm goes off: at the time of day of reminders, the day before.
fn before(at: Time) -> TimeDelta {
    let minutes = i64::from(at.hour()) * 60 + i64::from(at.minute());
    TimeDelta::minutes(24 * 60 - minutes)
}

fn uid(school: &School, task: &TaskId) -> String {
    let parts = [school.settings.organisation.id.as_str(), school.plan.number.as_str(), task.as_str()];
    format!("{}@nhacviec", hex(&Sha256::digest(parts.join("\0"))[..16]))
}
