//! How things stand, for people.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use crate::app::plan_difference::ShownKind;
use crate::cli::answers;
use crate::cli::local_time;
use crate::cli::shown_id::shown_id;
use crate::plan::{Status, Task};
use crate::review::TaskState;
use crate::schedule::DueMessage;
use crate::school::School;
use crate::store::mail::FailingAddress;
use crate::text_table::{Align, TextTable};

use super::StatusReport;

/// How many of the next messages are shown.
const SHOWN_NEXT: usize = 12;

const LATE: Style = AnsiColor::Red.on_default();
const DONE: Style = AnsiColor::Green.on_default();
const PALE: Style = Style::new().dimmed();

/// Prints how things stand.
pub(super) fn print(out: &mut impl Write, status: &StatusReport) -> io::Result<()> {
    summary(out, status)?;
    tasks(out, status)?;
    requests(out, status)?;
    answers(out, status)?;
    next(out, status)?;
    failures(out, status)
}

/// The plan, and how many of its tasks are done and late.
fn summary(out: &mut impl Write, status: &StatusReport) -> io::Result<()> {
    let school = status.agenda.school();
    let plan = &school.plan;
    let found: Vec<TaskState> = plan.tasks.iter().map(|task| status.state(task)).collect();
    let count = |wanted: TaskState| found.iter().filter(|state| **state == wanted).count();
    let counted = found.len() - count(TaskState::Cancelled);
    let (done, late) = (count(TaskState::Done), count(TaskState::Overdue));
    let others = [
        (TaskState::Blocked, "blocked"),
        (TaskState::InProgress, "in hand"),
        (TaskState::NotStarted, "not reported"),
        (TaskState::NotDue, "not yet due"),
        (TaskState::Unresolved, "of unclear date"),
    ];
    let others: Vec<String> = others.iter().map(|(state, word)| format!("{} {word}", count(*state))).collect();
    let others = others.join(", ");
    writeln!(out, "{} – {}", plan.title, school.settings.organisation.name)?;
    writeln!(out, "plan {} on {}: {done}/{counted} done, {late} overdue, {others}\n", plan.number, status.today)?;
    match &status.waiting {
        Some(waiting) => writeln!(out, "{LATE}a plan waits:{LATE:#} {waiting}\n"),
        None => Ok(()),
    }
}

fn tasks(out: &mut impl Write, status: &StatusReport) -> io::Result<()> {
    let left = |heading: &str| (heading.to_owned(), Align::Left);
    let mut table = TextTable::new([left("task"), left("due"), left("state"), left("lead")]);
    for task in &status.agenda.school().plan.tasks {
        let due = task.period().map_or_else(|| "unresolved".to_owned(), |period| period.due.to_string());
        let moved = task.postponed.as_ref().and_then(|moved| moved.written);
        let due = moved.map_or_else(|| due.clone(), |written| format!("{due} (plan: {})", written.due));
        table.row([task.name.clone(), due, state(status, task), task.lead.join(", ")]);
    }
    writeln!(out, "{table}")
}

/// How far a task is, in a few words.
fn state(status: &StatusReport, task: &Task) -> String {
    let percent = status.progress.percent(&task.id);
    let word = match status.progress.status(&task.id) {
        Status::NotStarted => "not started".to_owned(),
        Status::InProgress => format!("{percent} %"),
        Status::Blocked => format!("blocked at {percent} %"),
        Status::Done => format!("{DONE}done{DONE:#}"),
        Status::Cancelled => "cancelled".to_owned(),
    };
    let parts = status.progress.parts(&task.id);
    let done = parts.iter().filter(|(_, part)| part.status == Status::Done).count();
    // Of several leads some have done their part.
    let word = if (1..parts.len()).contains(&done) && !status.progress.is_closed(&task.id) {
        format!("{word}, {done} of {} leads done", parts.len())
    } else {
        word
    };
    match status.overdue_days(task) {
        Some(1) => format!("{LATE}a day overdue{LATE:#}, {word}"),
        Some(days) => format!("{LATE}{days} days overdue{LATE:#}, {word}"),
        None => word,
    }
}

/// Requests for time that wait to be decided.
fn requests(out: &mut impl Write, status: &StatusReport) -> io::Result<()> {
    if status.requests.is_empty() {
        return Ok(());
    }
    writeln!(out, "asked for more time; decide with `nhacviec postpone`")?;
    for request in &status.requests {
        let old = request.old.map(|old| format!("{old} → ")).unwrap_or_default();
        let by = request.by.as_deref().map(|by| format!(" ({by})")).unwrap_or_default();
        writeln!(out, "  {}  {old}{}: {}{by}", status.names.of(&request.task), request.due, request.why)?;
    }
    writeln!(out)
}

/// Answers that wait for a person.
fn answers(out: &mut impl Write, status: &StatusReport) -> io::Result<()> {
    if status.answers.is_empty() {
        return Ok(());
    }
    writeln!(out, "answers that wait for a person; see `nhacviec answers list`")?;
    for answer in &status.answers {
        let tasks: Vec<&str> = answer.tasks.iter().map(|task| status.names.of(task)).collect();
        let text = answers::beginning(&answer.text);
        writeln!(out, "  {}  {} ({}): {text}", shown_id(&answer.id), answer.writer, tasks.join(", "))?;
    }
    writeln!(out)
}

/// When anything goes out first, and how much.
fn first(status: &StatusReport) -> String {
    let at = local_time::to_minute(&status.agenda.school().settings, status.first.at);
    match status.first.count {
        0 => "next".to_owned(),
        1 => format!("next: 1 message goes out at {at}"),
        count => format!("next: {count} messages go out at {at}"),
    }
}

/// Prints all that goes out first, and to whom.
pub(super) fn print_first(out: &mut impl Write, status: &StatusReport) -> io::Result<()> {
    let school = status.agenda.school();
    if status.first.count == 0 {
        let at = local_time::to_minute(&school.settings, status.first.at);
        return writeln!(out, "nothing goes out at the first look, at {at}");
    }
    writeln!(out, "{}", first(status))?;
    for message in status.first_messages() {
        let recipient = school.settings.people.get(message.recipient);
        let address = recipient.email.as_deref().map(|address| format!(" <{address}>")).unwrap_or_default();
        let via = recipient.via.first().map(String::as_str).unwrap_or_default();
        writeln!(out, "  {}{address} over {via}: {PALE}{}{PALE:#}", recipient.name, about(school, message))?;
    }
    Ok(())
}

/// What goes out next.
fn next(out: &mut impl Write, status: &StatusReport) -> io::Result<()> {
    let school = status.agenda.school();
    writeln!(out, "{}", first(status))?;
    for message in status.next.iter().take(SHOWN_NEXT) {
        let at = local_time::to_minute(&school.settings, message.not_before);
        let name = &school.settings.people.get(message.recipient).name;
        writeln!(out, "  {at}  {name}: {PALE}{}{PALE:#}", about(school, message))?;
    }
    match status.next.len() {
        0 => writeln!(out, "  nothing"),
        all if all > SHOWN_NEXT => writeln!(out, "  and {} more messages later", all - SHOWN_NEXT),
        _ => Ok(()),
    }
}

/// What a message tells: "1.4 (before, 7 days), review of 2023-10".
fn about(school: &School, message: &DueMessage) -> String {
    let notices = message.notices.iter().map(|notice| {
        let kind = ShownKind::from(notice.kind);
        match notice.task {
            Some(task) => format!("{} ({kind})", school.plan.tasks[task as usize].name),
            None => kind.to_string(),
        }
    });
    let notices: Vec<String> = notices.collect();
    // Thanks, answers and alerts tell of no notice.
    if notices.is_empty() { "a note".to_owned() } else { notices.join(", ") }
}

/// Messages that could not be delivered, and addresses that take no mail.
fn failures(out: &mut impl Write, status: &StatusReport) -> io::Result<()> {
    let settings = &status.agenda.school().settings;
    if !status.dead.is_empty() {
        writeln!(out, "\n{LATE}not delivered{LATE:#}")?;
    }
    for message in &status.dead {
        let at = local_time::to_minute(settings, message.at);
        let perhaps = if message.may_have_arrived { " (may have arrived)" } else { "" };
        writeln!(out, "  {at}  {}{perhaps}: {}", message.recipient, message.reason)?;
    }
    if !status.failing.is_empty() {
        writeln!(out, "\n{LATE}addresses that take no mail{LATE:#}")?;
    }
    for FailingAddress { address, recipient, since, reason } in &status.failing {
        writeln!(out, "  {recipient}, {address}, since {}: {reason}", settings.date_of(*since))?;
    }
    Ok(())
}
