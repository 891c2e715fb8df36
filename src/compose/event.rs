//! The calendar file of a reminder, and the calendar for subscribing to: an all-day event on each due date, with an alarm
//! on the morning before.

use std::collections::{HashMap, HashSet};

use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp, ZonedDateTime};

use crate::calendar::instant;
use crate::people::RecipientId;
use crate::plan::{Status, Task, TaskId};
use crate::review::settled_period;
use crate::schedule::{Notice, NoticeKind};
use crate::school::School;
use crate::short_id;

use super::PlanState;
use super::calendar_file::CalendarFile;

/// How often a subscribed calendar is to be fetched again: an ISO 8601 duration.
const REFRESH_INTERVAL: &str = "PT6H";
/// Stands before the summary of a task that is done.
const DONE_MARK: &str = "✓";

/// The calendar file for the tasks of a message (RFC 5545), or nothing where none of them has a due date to come. What a
/// superior hears of others puts nothing into their calendar.
///
/// A task keeps its UID for life; SEQUENCE grows with each change of its timeframe and each time it is closed or opened, so that
/// a calendar takes the newer event. `describe` gives the event's words: its summary in the first line, its description in
/// the rest.
pub(super) fn calendar<E>(
    state: PlanState<'_>,
    revisions: &HashMap<TaskId, u32>,
    notices: &[Notice],
    now: &ZonedDateTime,
    mut describe: impl FnMut(&TaskId) -> Result<String, E>,
) -> Result<Option<String>, E> {
    let mut seen = HashSet::new();
    let mut calendar = CalendarFile::new();
    let stamp = stamp(now.timestamp());
    for notice in notices.iter().filter(|notice| !matches!(notice.kind, NoticeKind::Escalation(_))) {
        let Some(task) = notice.task.map(|task| &state.school.plan.tasks[task as usize]) else { continue };
        let Some(due) = task.period().map(|period| period.due).filter(|due| *due >= now.date()) else { continue };
        if !seen.insert(&task.id) {
            continue;
        }
        let words = describe(&task.id)?;
        let sequence = sequence(state, revisions, &task.id);
        let event = DueEvent { task, due, stamp: stamp.clone(), words, sequence, state: EventState::Ahead };
        event.write(state.school, &mut calendar);
    }
    Ok((!seen.is_empty()).then(|| calendar.finish()))
}

/// The calendar file of tasks that changed: the event of each that is due on a date to come, as cancelled where the reader has
/// nothing more to do for it (RFC 5546, section 3.2.1, STATUS), so that it goes from their calendar.
pub(super) fn changes<E>(
    state: PlanState<'_>,
    revisions: &HashMap<TaskId, u32>,
    (reader, tasks): (RecipientId, &[&Task]),
    now: &ZonedDateTime,
    mut describe: impl FnMut(&Task) -> Result<String, E>,
) -> Result<Option<String>, E> {
    let mut calendar = CalendarFile::new();
    let mut is_empty = true;
    for task in tasks {
        let Some(due) = task.period().map(|period| period.due).filter(|due| *due >= now.date()) else { continue };
        let is_over = state.progress.is_closed(&task.id) || has_done_part(state, task, reader);
        let event = DueEvent {
            task,
            due,
            stamp: stamp(now.timestamp()),
            words: describe(task)?,
            sequence: sequence(state, revisions, &task.id),
            state: if is_over { EventState::Cancelled } else { EventState::Ahead },
        };
        event.write(state.school, &mut calendar);
        is_empty = false;
    }
    Ok((!is_empty).then(|| calendar.finish()))
}

/// How often what a calendar shows of a task has changed: its timeframe, and whether it, or a lead's part of it, is closed.
fn sequence(state: PlanState<'_>, revisions: &HashMap<TaskId, u32>, task: &TaskId) -> u32 {
    revisions.get(task).copied().unwrap_or(0) + state.progress.turns(task)
}

/// Whether somebody leads a task and has done their part.
fn has_done_part(state: PlanState<'_>, task: &Task, reader: RecipientId) -> bool {
    let name = &state.school.settings.people.get(reader).name;
    task.leads.contains(&reader) && state.progress.part(&task.id, name).status == Status::Done
}

/// The calendar for subscribing to (RFC 5545, RFC 7986): those of the tasks whose due date is clear. Tasks that are done, and
/// those of which the reader has done their part, are marked and have no alarm; cancelled ones are left out.
///
/// `name` is the calendar's name; `{}` in it stands for the school. The same tasks with the same reports always make the
/// same bytes.
pub(super) fn feed<E>(
    state: PlanState<'_>,
    revisions: &HashMap<TaskId, u32>,
    (reader, tasks): (RecipientId, &[&Task]),
    name: &str,
    mut describe: impl FnMut(&Task) -> Result<String, E>,
) -> Result<String, E> {
    let PlanState { school, progress } = state;
    let name = name.replace("{}", &school.settings.organisation.name);
    let mut calendar = CalendarFile::new();
    calendar.put_text("NAME", &name);
    // As readers that are older than RFC 7986 call it.
    calendar.put_text("X-WR-CALNAME", &name);
    calendar.put("REFRESH-INTERVAL;VALUE=DURATION", REFRESH_INTERVAL);
    calendar.put("X-PUBLISHED-TTL", REFRESH_INTERVAL);
    let issued = instant(&school.settings.time_zone, school.plan.issued, Time::midnight());
    for task in tasks {
        let Some(due) = settled_period(task, school.plan.issued).map(|period| period.due) else { continue };
        let status = progress.status(&task.id);
        if status == Status::Cancelled {
            continue;
        }
        let is_done = status == Status::Done || has_done_part(state, task, reader);
        let words = describe(task)?;
        let words = if is_done { format!("{DONE_MARK} {}", words.trim()) } else { words };
        let stamp = stamp(progress.latest(&task.id).map_or(issued, |entry| entry.at));
        let sequence = sequence(state, revisions, &task.id);
        let state = if is_done { EventState::Over } else { EventState::Ahead };
        DueEvent { task, due, stamp, words, sequence, state }.write(school, &mut calendar);
    }
    Ok(calendar.finish())
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
    /// SEQUENCE (RFC 5545, section 3.8.7.4).
    sequence: u32,
    state: EventState,
}

/// What an event is to its reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum EventState {
    /// There is something to do, and an alarm.
    Ahead,
    /// It is done, and stays to be seen.
    Over,
    /// It goes from the calendar.
    Cancelled,
}

impl DueEvent<'_> {
    fn write(&self, school: &School, calendar: &mut CalendarFile) {
        let Self { task, due, stamp, words, sequence, state } = self;
        let (summary, description) = words.trim().split_once('\n').unwrap_or((words.trim(), ""));
        let (summary, description) = (summary.trim(), description.trim());
        let uid = uid(school, &task.id);
        let day = |date: Date| date.strftime("%Y%m%d").to_string();
        calendar.begin("VEVENT");
        calendar.put("UID", &uid);
        calendar.put("DTSTAMP", stamp);
        calendar.put("DTSTART;VALUE=DATE", &day(*due));
        if let Ok(next) = due.tomorrow() {
            calendar.put("DTEND;VALUE=DATE", &day(next));
        }
        calendar.put("SEQUENCE", &sequence.to_string());
        if *state == EventState::Cancelled {
            calendar.put("STATUS", "CANCELLED");
        }
        calendar.put_text("SUMMARY", summary);
        calendar.put_text("DESCRIPTION", description);
        calendar.put("TRANSP", "TRANSPARENT");
        if *state == EventState::Ahead {
            calendar.begin("VALARM");
            // RFC 9074, section 4.
            calendar.put("UID", &format!("alarm-{uid}"));
            calendar.put("ACTION", "DISPLAY");
            calendar.put_text("DESCRIPTION", summary);
            let seconds = alarm_lead(school.settings.reminders.at).as_secs();
            calendar.put("TRIGGER;RELATED=START", &format!("-PT{seconds}S"));
            calendar.end("VALARM");
        }
        calendar.end("VEVENT");
    }
}

/// How long before midnight of the due date the alarm goes off, so that it does at the time of day `at` of the day before.
fn alarm_lead(at: Time) -> SignedDuration {
    let minutes = i64::from(at.hour()) * 60 + i64::from(at.minute());
    SignedDuration::from_mins(24 * 60 - minutes)
}

fn uid(school: &School, task: &TaskId) -> String {
    let parts = [school.settings.organisation.id.as_str(), school.plan.number.as_str(), task.as_str()];
    format!("{}@nhacviec", short_id([parts.join("\0")]))
}
