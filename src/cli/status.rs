//! `status`: the tasks and how far they are, what goes out next and to whom, what failed.

use std::io::{self, Write};
use std::path::Path;

use anstyle::{AnsiColor, Style};
use jiff::civil::Date;
use jiff::{Timestamp, ZonedDateTime};
use serde::Serialize;

use crate::app::agreed_plan;
use crate::clock::Clock;
use crate::people::Recipient;
use crate::plan::Task;
use crate::progress::{Progress, Status, TimeRequest};
use crate::schedule::{Agenda, DueMessage, Notice};
use crate::store::Store;
use crate::store::mail::FailingAddress;
use crate::store::outbox::{Dead, Waiting};

use super::notice::NoticeJson;
use super::rehearse::NoticeLine;
use super::table::{Align, Table};
use super::{CommandError, Format, Verdict, block_on, load, lost_store};

/// How far ahead the next message of a recipient is looked for.
const HORIZON_DAYS: i32 = 400;
/// How many of the next messages a person is shown.
const SHOWN_NEXT: usize = 12;

const LATE: Style = AnsiColor::Red.on_default();
const DONE: Style = AnsiColor::Green.on_default();
const PALE: Style = Style::new().dimmed();

pub(super) fn run(config: &Path, format: Format) -> Result<Verdict, CommandError> {
    let school = load(config)?.school;
    let scope = school.scope();
    let (school, progress, requests, dead, waiting, mut failing) = block_on(async {
        let store = Store::open_to_read(&school.settings.store).await?;
        if let Some(lost) = lost_store::of(&school.settings)
            && store.is_new().await?
        {
            anstream::eprintln!("nhacviec: {lost:#}");
        }
        let school = agreed_plan::in_force(&store, school).await?;
        let progress = store.progress(&scope).await?;
        let mut requests = store.time_requests(&scope).await?;
        requests.retain(TimeRequest::is_open);
        let dead = store.dead(&scope, Timestamp::MIN, Timestamp::MAX).await?;
        let waiting = store.waiting(&scope).await?;
        let failing = store.failing_addresses(&scope.organisation).await?;
        store.close().await;
        Ok((school, progress, requests, dead, waiting, failing))
    })?;
    let people = &school.settings.people;
    failing.retain(|failing| people.iter().any(|(_, recipient)| is_of(failing, recipient)));
    let now = Clock::System.now().to_zoned_datetime(school.settings.time_zone.clone());
    let agenda = Agenda::new(school);
    let next = next_messages(&agenda, &progress, waiting, &now);
    let picture = Picture { agenda, progress, requests, next, dead, failing, today: now.date() };
    let mut out = io::BufWriter::new(anstream::AutoStream::auto(io::stdout().lock()));
    match format {
        Format::Json => print_json(&mut out, &picture)?,
        Format::Text => print_text(&mut out, &picture)?,
    }
    out.flush()?;
    Ok(Verdict::Fine)
}

/// How things stand.
struct Picture {
    agenda: Agenda,
    progress: Progress,
    /// Requests for time that wait to be decided.
    requests: Vec<TimeRequest>,
    next: Vec<DueMessage>,
    dead: Vec<Dead>,
    /// Addresses that take no mail.
    failing: Vec<FailingAddress>,
    today: Date,
}

/// Whether an address that failed is still somebody's.
fn is_of(failing: &FailingAddress, recipient: &Recipient) -> bool {
    recipient.email.as_ref().is_some_and(|email| email.to_lowercase() == failing.address)
}

/// What waits in the outbox, then the next message of each recipient, by time, as long as nothing is reported.
fn next_messages(agenda: &Agenda, progress: &Progress, waiting: Vec<Waiting>, now: &ZonedDateTime) -> Vec<DueMessage> {
    let tasks = &agenda.school().plan.tasks;
    let waiting = waiting.into_iter().filter_map(|message| {
        let recipient = agenda.school().settings.people.by_name(&message.recipient)?;
        let notices = message.notices.into_iter().filter_map(|notice| {
            let task = match &notice.task {
                Some(task) => Some(u32::try_from(agenda.position(task)?).ok()?),
                None => None,
            };
            Some(Notice { task, kind: notice.kind, recipient, day: notice.day, on: notice.on })
        });
        let not_before = message.not_before.max(now.timestamp());
        Some(DueMessage { recipient, not_before, notices: notices.collect() })
    });
    let upcoming = agenda.upcoming(now.timestamp(), HORIZON_DAYS, |task| progress.status(&tasks[task].id));
    waiting.chain(upcoming).collect()
}

/// A line of the JSON output (design, commands).
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Line<'a> {
    Task {
        task: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        criterion: Option<&'a str>,
        lead: &'a [String],
        with: &'a [String],
        #[serde(skip_serializing_if = "Option::is_none")]
        start: Option<Date>,
        #[serde(skip_serializing_if = "Option::is_none")]
        due: Option<Date>,
        /// The due date of the plan, where another one was agreed since.
        #[serde(skip_serializing_if = "Option::is_none")]
        due_as_written: Option<Date>,
        unresolved: bool,
        status: Status,
        percent: u8,
        #[serde(skip_serializing_if = "Option::is_none")]
        overdue_days: Option<i32>,
    },
    /// Another due date is asked for, and waits to be decided.
    Request {
        task: &'a str,
        at: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        by: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        old: Option<Date>,
        due: Date,
        why: &'a str,
    },
    Next {
        at: String,
        to: &'a str,
        notices: Vec<NoticeLine<'a>>,
    },
    Failed {
        at: String,
        kind: &'static str,
        to: &'a str,
        message: &'a str,
        tasks: Vec<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        review: Option<String>,
        reason: &'a str,
    },
    FailingAddress {
        since: String,
        to: &'a str,
        address: &'a str,
        reason: &'a str,
    },
}

fn print_json(out: &mut impl Write, picture: &Picture) -> io::Result<()> {
    let Picture { agenda, progress, requests, next, dead, failing, today } = picture;
    let today = *today;
    let school = agenda.school();
    let local = |at: Timestamp| {
        at.to_zoned_datetime(school.settings.time_zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    };
    let mut print = |line: Line<'_>| -> io::Result<()> {
        serde_json::to_writer(&mut *out, &line)?;
        out.write_all(b"\n")
    };
    for task in &school.plan.tasks {
        let period = task.period();
        print(Line::Task {
            task: task.id.as_str(),
            criterion: task.criterion.as_deref(),
            lead: &task.lead,
            with: &task.with,
            start: period.and_then(|period| period.start),
            due: period.map(|period| period.due),
            due_as_written: task.postponed.as_ref().and_then(|moved| moved.written).map(|period| period.due),
            unresolved: period.is_none(),
            status: progress.status(&task.id),
            percent: progress.percent(&task.id),
            overdue_days: overdue_days(task, progress, today),
        })?;
    }
    for request in requests {
        print(Line::Request {
            task: request.task.as_str(),
            at: local(request.at),
            by: request.by.as_deref(),
            old: request.old,
            due: request.due,
            why: &request.why,
        })?;
    }
    for message in next {
        print(Line::Next {
            at: local(message.not_before),
            to: &school.settings.people.get(message.recipient).name,
            notices: message.notices.iter().map(|notice| NoticeLine::new(notice, &school.plan.tasks)).collect(),
        })?;
    }
    for message in dead {
        print(Line::Failed {
            at: local(message.at),
            kind: message.class.as_str(),
            to: &message.recipient,
            message: &message.id,
            tasks: message.tasks.iter().map(crate::plan::TaskId::as_str).collect(),
            review: message.review.map(|review| review.to_string()),
            reason: &message.reason,
        })?;
    }
    for FailingAddress { address, recipient, since, reason } in failing {
        print(Line::FailingAddress { since: local(*since), to: recipient, address, reason })?;
    }
    Ok(())
}

/// How many days a task is overdue; `None` where it is not, or is done or cancelled.
fn overdue_days(task: &Task, progress: &Progress, today: Date) -> Option<i32> {
    let due = task.period()?.due;
    (due < today && !progress.is_closed(&task.id)).then(|| (today - due).get_days())
}

fn print_text(out: &mut impl Write, picture: &Picture) -> io::Result<()> {
    let Picture { agenda, progress, requests, next, dead, failing, today } = picture;
    let today = *today;
    let school = agenda.school();
    let plan = &school.plan;
    let counted = plan.tasks.iter().filter(|task| progress.status(&task.id) != Status::Cancelled).count();
    let done = plan.tasks.iter().filter(|task| progress.status(&task.id) == Status::Done).count();
    let late = plan.tasks.iter().filter(|task| overdue_days(task, progress, today).is_some()).count();
    writeln!(out, "{} – {}", plan.title, school.settings.organisation.name)?;
    writeln!(out, "plan {} on {today}: {done}/{counted} done, {late} overdue\n", plan.number)?;

    let left = |heading: &str| (heading.to_owned(), Align::Left);
    let mut table = Table::new([left("task"), left("due"), left("state"), left("lead")]);
    for task in &plan.tasks {
        let due = task.period().map_or_else(|| "unresolved".to_owned(), |period| period.due.to_string());
        let moved = task.postponed.as_ref().and_then(|moved| moved.written);
        let due = moved.map_or_else(|| due.clone(), |written| format!("{due} (plan: {})", written.due));
        table.row([task.id.to_string(), due, state(task, progress, today), task.lead.join(", ")]);
    }
    writeln!(out, "{table}")?;

    if !requests.is_empty() {
        writeln!(out, "asked for more time; decide with `nhacviec postpone`")?;
    }
    for request in requests {
        let old = request.old.map(|old| format!("{old} → ")).unwrap_or_default();
        let by = request.by.as_deref().map(|by| format!(" ({by})")).unwrap_or_default();
        writeln!(out, "  {}  {old}{}: {}{by}", request.task, request.due, request.why)?;
    }
    if !requests.is_empty() {
        writeln!(out)?;
    }

    writeln!(out, "next")?;
    for message in next.iter().take(SHOWN_NEXT) {
        let at = message.not_before.to_zoned_datetime(school.settings.time_zone.clone());
        let name = &school.settings.people.get(message.recipient).name;
        let about: Vec<String> = message
            .notices
            .iter()
            .map(|notice| {
                let kind = NoticeJson::from(notice.kind);
                match notice.task {
                    Some(task) => format!("{} ({kind})", plan.tasks[task as usize].id),
                    None => kind.to_string(),
                }
            })
            .collect();
        // Thanks, answers and alerts tell of no notice.
        let about = if about.is_empty() { "a note".to_owned() } else { about.join(", ") };
        writeln!(out, "  {}  {name}: {PALE}{about}{PALE:#}", at.strftime("%Y-%m-%d %H:%M"))?;
    }
    match next.len() {
        0 => writeln!(out, "  nothing")?,
        all if all > SHOWN_NEXT => writeln!(out, "  and {} more messages later", all - SHOWN_NEXT)?,
        _ => {}
    }
    if !dead.is_empty() {
        writeln!(out, "\n{LATE}not delivered{LATE:#}")?;
    }
    for message in dead {
        let at = message.at.to_zoned_datetime(school.settings.time_zone.clone());
        writeln!(out, "  {}  {}: {}", at.strftime("%Y-%m-%d %H:%M"), message.recipient, message.reason)?;
    }
    if !failing.is_empty() {
        writeln!(out, "\n{LATE}addresses that take no mail{LATE:#}")?;
    }
    for FailingAddress { address, recipient, since, reason } in failing {
        let since = since.to_zoned_datetime(school.settings.time_zone.clone());
        writeln!(out, "  {recipient}, {address}, since {}: {reason}", since.date())?;
    }
    Ok(())
}

/// How far a task is, in a few words.
fn state(task: &Task, progress: &Progress, today: Date) -> String {
    let status = progress.status(&task.id);
    let percent = progress.percent(&task.id);
    let word = match status {
        Status::NotStarted => "not started".to_owned(),
        Status::InProgress => format!("{percent} %"),
        Status::Blocked => format!("blocked at {percent} %"),
        Status::Done => format!("{DONE}done{DONE:#}"),
        Status::Cancelled => "cancelled".to_owned(),
    };
    match overdue_days(task, progress, today) {
        Some(1) => format!("{LATE}a day overdue{LATE:#}, {word}"),
        Some(days) => format!("{LATE}{days} days overdue{LATE:#}, {word}"),
        None => word,
    }
}
