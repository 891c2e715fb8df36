//! The calendar file of a reminder, and the calendar for subscribing to: an all-day event on each due date, with an alarm
//! on the morning before.

use std::collections::{HashMap, HashSet};

use chrono::TimeDelta;
use icalendar::{Alarm, Calendar, Component, Event, EventLike, Property, Trigger};
use jiff::civil::{Date, Time};
use jiff::{Timestamp, ZonedDateTime};

use crate::calendar::instant;
use crate::people::RecipientId;
use crate::plan::{Status, Task, TaskId};
use crate::schedule::Notice;
use crate::school::School;
use crate::short_id;

use super::PlanState;

/// How often a subscribed calendar is to be fetched again: an ISO 8601 duration.
const REFRESH_INTERVAL: &str = "PT6H";
/// Stands before the summary of a task that is done.
const DONE_MARK: &str = "✓";

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
        let event = DueEvent { task, due, stamp: stamp.clone(), words, has_alarm: true };
        calendar.push(event.write(school, revisions));
    }
    // A calendar made only of known parts can always be written.
    Ok((!seen.is_empty()).then(|| calendar.to_string()))
}

/// The calendar for subscribing to (RFC 5545, RFC 7986): those of the tasks that have a due date. Tasks that are done, and
/// those of which the reader has done their part, are marked and have no alarm; cancelled ones are left out.
///
/// `name` is the calendar's name; `{}` in it stands for the school. The same tasks with the same reports always make the
/// same bytes.
pub(super) fn feed<E>(
    state: PlanState<'_>,
    revisions: &HashMap<TaskId, u32>,
    (reader, tasks): (RecipientId, &[&Task]),
    name: &str,
    describe: impl Fn(&Task) -> Result<String, E>,
) -> Result<String, E> {
    let PlanState { school, progress } = state;
    let name = name.replace("{}", &school.settings.organisation.name);
    let mut calendar = empty();
    calendar.name(&name);
    calendar
        .append_property(Property::new("REFRESH-INTERVAL", REFRESH_INTERVAL).add_parameter("VALUE", "DURATION").done());
    calendar.append_property(("X-PUBLISHED-TTL", REFRESH_INTERVAL));
    let issued = instant(&school.settings.time_zone, school.plan.issued, Time::midnight());
    for task in tasks {
        let Some(due) = task.period().map(|period| period.due) else { continue };
        let status = progress.status(&task.id);
        if status == Status::Cancelled {
            continue;
        }
        let is_lead = task.leads.contains(&reader);
        let own = || progress.part(&task.id, &school.settings.people.get(reader).name).status;
        let is_done = status == Status::Done || is_lead && own() == Status::Done;
        let words = describe(task)?;
        let words = if is_done { format!("{DONE_MARK} {}", words.trim()) } else { words };
        let stamp = stamp(progress.latest(&task.id).map_or(issued, |entry| entry.at));
        calendar.push(DueEvent { task, due, stamp, words, has_alarm: !is_done }.write(school, revisions));
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

/// An all-day event on a task's due date.
struct DueEvent<'a> {
    task: &'a Task,
    due: Date,
    /// DTSTAMP (RFC 5545, section 3.8.7.2).
    stamp: String,
    /// The summary in the first line, the description in the rest.
    words: String,
    has_alarm: bool,
}

impl DueEvent<'_> {
    fn write(&self, school: &School, revisions: &HashMap<TaskId, u32>) -> Event {
        let Self { task, due, stamp, words, has_alarm } = self;
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
        if *has_alarm {
            let mut alarm =
                Alarm::display(summary.trim(), Trigger::before_start(alarm_lead(school.settings.reminders.at)));
            // The library would write the present instant and a random id.
            alarm.add_property("DTSTAMP", stamp).add_property("UID", format!("alarm-{uid}"));
            event.alarm(alarm.done());
        }
        event.done()
    }
}

/// How long before midnight of the due date the alarm goes off, so that it does at the time of day `at` of the day before.
fn alarm_lead(at: Time) -> TimeDelta {
    let minutes = i64::from(at.hour()) * 60 + i64::from(at.minute());
    TimeDelta::minutes(24 * 60 - minutes)
}

fn uid(school: &School, task: &TaskId) -> String {
    let parts = [school.settings.organisation.id.as_str(), school.plan.number.as_str(), task.as_str()];
    format!("{}@nhacviec", short_id([parts.join("\0")]))
}
