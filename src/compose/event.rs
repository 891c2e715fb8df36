//! The calendar file of a reminder, and the calendar that somebody subscribes to: an all-day event on each due date, with
//! an alarm on the morning before.

use std::collections::{HashMap, HashSet};

use chrono::TimeDelta;
use icalendar::{Alarm, Calendar, Component, Event, EventLike, Property, Trigger};
use jiff::civil::{Date, Time};
use jiff::{Timestamp, ZonedDateTime};

use crate::calendar::instant;
use crate::plan::{Task, TaskId};
use crate::progress::{Progress, Status};
use crate::schedule::Notice;
use crate::school::School;
use crate::short_id;

/// How often phones are to ask anew.
const REFRESH: &str = "PT6H";
/// Stands before what is done.
const DONE: &str = "✓";

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
    let mut calendar = empty();
    let stamp = stamp(now.timestamp());
    for notice in notices {
        let Some(task) = notice.task.map(|task| &school.plan.tasks[task as usize]) else { continue };
        let Some(due) = task.period().map(|period| period.due) else { continue };
        if !seen.insert(&task.id) {
            continue;
        }
        let words = describe(&task.id)?;
        calendar.push(event(school, task, due, revisions, &stamp, &words, true));
    }
    // A calendar made only of known parts always prints.
    Ok((!seen.is_empty()).then(|| calendar.to_string()))
}

/// The calendar that somebody subscribes to (RFC 5545, RFC 7986): these tasks as far as they have a due date. What is done
/// is marked and rings no more; what is cancelled is left out.
///
/// `name` is what it is called; `{}` in it stands for the school. The same tasks with the same reports always make the
/// same bytes.
pub(super) fn feed<E>(
    school: &School,
    progress: &Progress,
    revisions: &HashMap<TaskId, u32>,
    tasks: &[&Task],
    name: &str,
    describe: impl Fn(&Task) -> Result<String, E>,
) -> Result<String, E> {
    let name = name.replace("{}", &school.settings.organisation.name);
    let mut calendar = empty();
    calendar.name(&name);
    calendar.append_property(Property::new("REFRESH-INTERVAL", REFRESH).add_parameter("VALUE", "DURATION").done());
    calendar.append_property(("X-PUBLISHED-TTL", REFRESH));
    let issued = instant(&school.settings.time_zone, school.plan.issued, Time::midnight());
    for task in tasks {
        let Some(due) = task.period().map(|period| period.due) else { continue };
        let status = progress.status(&task.id);
        if status == Status::Cancelled {
            continue;
        }
        let is_done = status == Status::Done;
        let words = describe(task)?;
        let words = if is_done { format!("{DONE} {}", words.trim()) } else { words };
        let stamp = stamp(progress.latest(&task.id).map_or(issued, |entry| entry.at));
        calendar.push(event(school, task, due, revisions, &stamp, &words, !is_done));
    }
    Ok(calendar.to_string())
}

fn empty() -> Calendar {
    let mut calendar = Calendar::empty();
    calendar.append_property(("VERSION", "2.0"));
    calendar.append_property(("PRODID", "-//nhacviec//nhacviec//EN"));
    calendar.append_property(("CALSCALE", "GREGORIAN"));
    calendar.append_property(("METHOD", "PUBLISH"));
    calendar
}

fn stamp(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// An all-day event on a task's due date: its summary in the first line of `words`, its description in the rest.
fn event(
    school: &School,
    task: &Task,
    due: Date,
    revisions: &HashMap<TaskId, u32>,
    stamp: &str,
    words: &str,
    rings: bool,
) -> Event {
    let (summary, description) = words.trim().split_once('\n').unwrap_or((words.trim(), ""));
    let uid = uid(school, &task.id);
    let mut event = Event::with_uid(&uid);
    event.add_property("DTSTAMP", stamp);
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
    if rings {
        let mut alarm = Alarm::display(summary.trim(), Trigger::before_start(before(school.settings.reminders.at)));
        // Left to themselves these would be of the moment and of chance.
        alarm.add_property("DTSTAMP", stamp).add_property("UID", format!("alarm-{uid}"));
        event.alarm(alarm.done());
    }
    event.done()
}

/// How long before midnight of the due date the alarm goes off: at the time of day of reminders, the day before.
fn before(at: Time) -> TimeDelta {
    let minutes = i64::from(at.hour()) * 60 + i64::from(at.minute());
    TimeDelta::minutes(24 * 60 - minutes)
}

fn uid(school: &School, task: &TaskId) -> String {
    let parts = [school.settings.organisation.id.as_str(), school.plan.number.as_str(), task.as_str()];
    format!("{}@nhacviec", short_id([parts.join("\0")]))
}
