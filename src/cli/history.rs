//! `history`: the proof that an obligation was told: each notice about a task, planned, sent with the server's answer,
//! repeated, escalated, skipped and why, and what was reported and by whom.

use std::collections::HashMap;
use std::io::{self, Write};
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use crate::clock::Clock;
use crate::plan::{Period, TaskId};
use crate::progress::{Decision, Entry, RequestState, TimeRequest};
use crate::school::School;
use crate::school::Scope;
use crate::store::Store;
use crate::store::history::PastNotice;
use crate::store::outbox::{PastAttempt, Why};
use crate::store::plans::Change;

use super::notice::ShownKind;
use super::table::{Align, Table};
use super::{CommandError, Format, Verdict, block_on, load, local_time, task};

#[derive(Debug, clap::Args)]
pub(super) struct HistoryArgs {
    /// The task, as the plan calls it or called it: 1.4, M4.1
    task: String,
}

/// All that the store knows about a task.
struct TaskHistory {
    notices: Vec<PastNotice>,
    /// By message.
    attempts: HashMap<String, Vec<PastAttempt>>,
    reports: Vec<Entry>,
    changes: Vec<Change>,
    requests: Vec<TimeRequest>,
}

impl TaskHistory {
    async fn read(store: &Store, scope: &Scope, task: &TaskId) -> Result<Self, CommandError> {
        let notices = store.notices_about(scope, task).await?;
        let mut attempts = HashMap::new();
        for message in notices.iter().filter_map(|notice| notice.message.as_ref()) {
            if !attempts.contains_key(message) {
                attempts.insert(message.clone(), store.attempts(scope, message).await?);
            }
        }
        let changes = store.changes(scope, Timestamp::MIN, Timestamp::MAX).await?;
        let requests = store.time_requests(scope).await?;
        Ok(Self {
            notices,
            attempts,
            reports: store.progress(scope).await?.history(task).to_vec(),
            changes: changes.into_iter().filter(|change| change.task == *task).collect(),
            requests: requests.into_iter().filter(|request| request.task == *task).collect(),
        })
    }

    fn is_empty(&self) -> bool {
        self.notices.is_empty() && self.reports.is_empty() && self.changes.is_empty() && self.requests.is_empty()
    }
}

/// Something that happened, as a line of the JSON output.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum HistoryEvent<'a> {
    Plan {
        change: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        old: Option<ShownPeriod>,
        #[serde(skip_serializing_if = "Option::is_none")]
        new: Option<ShownPeriod>,
    },
    Planned {
        #[serde(flatten)]
        notice: NoticeFields<'a>,
    },
    Attempt {
        #[serde(flatten)]
        notice: NoticeFields<'a>,
        channel: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        address: Option<&'a str>,
        outcome: &'a str,
        answer: &'a str,
        /// From 1.
        number: usize,
    },
    GivenUp {
        #[serde(flatten)]
        notice: NoticeFields<'a>,
    },
    Skipped {
        #[serde(flatten)]
        notice: NoticeFields<'a>,
        #[serde(skip_serializing_if = "Option::is_none")]
        why: Option<&'static str>,
    },
    Withdrawn {
        #[serde(flatten)]
        notice: NoticeFields<'a>,
        #[serde(skip_serializing_if = "Option::is_none")]
        why: Option<&'static str>,
    },
    Progress {
        status: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        percent: Option<u8>,
        #[serde(skip_serializing_if = "Option::is_none")]
        note: Option<&'a str>,
        #[serde(skip_serializing_if = "<[String]>::is_empty")]
        evidence: &'a [String],
        #[serde(skip_serializing_if = "Option::is_none")]
        by: Option<&'a str>,
        how: &'a str,
    },
    /// Another due date was asked for.
    TimeAsked {
        due: Date,
        why: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        by: Option<&'a str>,
        how: &'a str,
    },
    /// The due date was moved.
    Postponed {
        #[serde(skip_serializing_if = "Option::is_none")]
        old: Option<Date>,
        due: Date,
        why: &'a str,
        #[serde(flatten)]
        decision: DecisionFields<'a>,
    },
    /// The due date was not moved.
    NotPostponed {
        due: Date,
        #[serde(flatten)]
        decision: DecisionFields<'a>,
    },
}

#[derive(Clone, Copy, Serialize)]
struct DecisionFields<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
}

impl<'a> From<&'a Decision> for DecisionFields<'a> {
    fn from(decision: &'a Decision) -> Self {
        Self { by: decision.by.as_deref(), note: decision.note.as_deref() }
    }
}

#[derive(Clone, Serialize)]
struct NoticeFields<'a> {
    #[serde(flatten)]
    kind: ShownKind,
    on: Date,
    to: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
}

impl<'a> From<&'a PastNotice> for NoticeFields<'a> {
    fn from(notice: &'a PastNotice) -> Self {
        Self { kind: notice.kind.into(), on: notice.on, to: &notice.recipient, message: notice.message.as_deref() }
    }
}

#[derive(Serialize)]
struct ShownPeriod {
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<Date>,
    due: Date,
}

impl From<Period> for ShownPeriod {
    fn from(period: Period) -> Self {
        Self { start: period.start, due: period.due }
    }
}

pub(super) fn run(config: &Path, args: &HistoryArgs, format: Format) -> Result<Verdict, CommandError> {
    let school = load(config)?.school;
    let scope = school.scope();
    let id = TaskId::new(&args.task);
    let past = block_on(async {
        let store = Store::open(&school.settings.store).await?;
        let past = TaskHistory::read(&store, &scope, &id).await?;
        store.close().await;
        Ok(past)
    })?;
    if past.is_empty() {
        // A task that is gone from the plan has a history; a word that never was one has none.
        task(&school, &args.task)?;
    }
    let events = events(&past);
    let mut out = io::BufWriter::new(anstream::stdout());
    match format {
        Format::Json => {
            for (at, event) in &events {
                let mut line = serde_json::to_value(event).map_err(io::Error::from)?;
                line["task"] = args.task.as_str().into();
                line["at"] = local_time::with_offset(&school.settings, *at).into();
                writeln!(out, "{line}")?;
            }
        }
        Format::Text => print(&mut out, &school, &id, &events)?,
    }
    out.flush()?;
    Ok(Verdict::Fine)
}

/// Everything that happened, by time.
fn events(past: &TaskHistory) -> Vec<(Timestamp, HistoryEvent<'_>)> {
    let mut events = Vec::new();
    for Change { at, kind, old, new, .. } in &past.changes {
        let event = HistoryEvent::Plan {
            change: kind.as_str(),
            old: old.map(ShownPeriod::from),
            new: new.map(ShownPeriod::from),
        };
        events.push((*at, event));
    }
    for notice in &past.notices {
        let words = || NoticeFields::from(notice);
        let ended_at = notice.ended_at.unwrap_or(notice.decided_at);
        let why = notice.why.map(Why::as_str);
        if notice.state == "skipped" {
            events.push((ended_at, HistoryEvent::Skipped { notice: words(), why }));
            continue;
        }
        events.push((notice.decided_at, HistoryEvent::Planned { notice: words() }));
        let attempts = notice.message.as_ref().and_then(|message| past.attempts.get(message));
        let attempts = attempts.map(Vec::as_slice).unwrap_or_default();
        // What was withdrawn before an attempt was not in the message that went out.
        let told = |attempt: &&PastAttempt| notice.ended_at.is_none_or(|ended_at| attempt.at < ended_at);
        for (number, attempt) in (1..).zip(attempts.iter().filter(told)) {
            let event = HistoryEvent::Attempt {
                notice: words(),
                channel: &attempt.channel,
                address: attempt.address.as_deref(),
                outcome: &attempt.outcome,
                answer: &attempt.answer,
                number,
            };
            events.push((attempt.at, event));
        }
        match notice.state.as_str() {
            "withdrawn" => events.push((ended_at, HistoryEvent::Withdrawn { notice: words(), why })),
            "dead" => {
                let at = attempts.last().map_or(ended_at, |attempt| attempt.at);
                events.push((at, HistoryEvent::GivenUp { notice: words() }));
            }
            _ => {}
        }
    }
    for report in &past.reports {
        let event = HistoryEvent::Progress {
            status: report.status.as_str(),
            percent: report.percent,
            note: report.note.as_deref(),
            evidence: &report.evidence,
            by: report.by.as_deref(),
            how: &report.how,
        };
        events.push((report.at, event));
    }
    for request in &past.requests {
        events.extend(events_of(request));
    }
    // Events of one instant stay as they follow from each other.
    events.sort_by_key(|(at, _)| *at);
    events
}

/// What was asked about the due date, and what was decided. What was decided without being asked was decided at once.
fn events_of(request: &TimeRequest) -> Vec<(Timestamp, HistoryEvent<'_>)> {
    let TimeRequest { old, due, ref why, ref by, ref how, at, .. } = *request;
    let mut events = vec![(at, HistoryEvent::TimeAsked { due, why, by: by.as_deref(), how })];
    match &request.outcome {
        RequestState::Open | RequestState::Replaced => {}
        RequestState::Refused(decision) => {
            events.push((decision.at, HistoryEvent::NotPostponed { due, decision: decision.into() }));
        }
        RequestState::Accepted(decision) => {
            if decision.at == at {
                events.clear();
            }
            events.push((decision.at, HistoryEvent::Postponed { old, due, why, decision: decision.into() }));
        }
    }
    events
}

fn print(
    out: &mut impl Write,
    school: &School,
    id: &TaskId,
    events: &[(Timestamp, HistoryEvent<'_>)],
) -> io::Result<()> {
    writeln!(out, "{}", school.settings.organisation.name)?;
    writeln!(out, "{}, {}", school.plan.title, school.plan.number)?;
    match school.plan.tasks.iter().find(|task| task.id == *id) {
        Some(task) => {
            writeln!(out, "Task {id}: {}", task.remedy)?;
            let with = if task.with.is_empty() { String::new() } else { format!("; with {}", task.with.join(", ")) };
            let time = task.period().map_or_else(|| "no date is known".to_owned(), |period| span(&period.into()));
            writeln!(out, "Lead {}{with}; {time}", task.lead.join(", "))?;
        }
        None => writeln!(out, "Task {id} is no longer in the plan")?,
    }
    writeln!(out, "As the store has it at {}\n", local_time::to_minute(&school.settings, Clock::System.now()))?;
    if events.is_empty() {
        return writeln!(out, "nothing was decided or reported yet");
    }
    let left = |heading: &str| (heading.to_owned(), Align::Left);
    let mut table = Table::new([left("when"), left("what"), left("to or by"), left("details")]);
    for (at, event) in events {
        let [what, who, details] = words(event);
        table.row([local_time::to_second(&school.settings, *at), what, who, details]);
    }
    write!(out, "{table}")
}

/// An event in three cells.
fn words(event: &HistoryEvent<'_>) -> [String; 3] {
    match event {
        HistoryEvent::Plan { change, old, new } => {
            let time = |span_: &Option<ShownPeriod>| span_.as_ref().map_or_else(|| "no date".to_owned(), span);
            let details = match *change {
                "moved" => format!("moved from {} to {}", time(old), time(new)),
                "added" => format!("added: {}", time(new)),
                other => other.to_owned(),
            };
            ["plan".to_owned(), String::new(), details]
        }
        HistoryEvent::Planned { notice } => ["planned".to_owned(), notice.to.to_owned(), told(notice)],
        HistoryEvent::Attempt { notice, channel, address, outcome, answer, number } => {
            let what = match (*outcome, number) {
                ("sent", 1) => "sent".to_owned(),
                ("sent", _) => format!("sent, attempt {number}"),
                ("uncertain", _) => "no answer".to_owned(),
                _ => "not taken".to_owned(),
            };
            let over = if channel.is_empty() { String::new() } else { format!(" over {channel}") };
            let address = address.map(|address| format!(" to {address}")).unwrap_or_default();
            let message = notice.message.map(|id| format!(" [{id}]")).unwrap_or_default();
            [what, notice.to.to_owned(), format!("{}{over}{address}: {answer}{message}", told(notice))]
        }
        HistoryEvent::GivenUp { notice } => ["given up".to_owned(), notice.to.to_owned(), told(notice)],
        HistoryEvent::Skipped { notice, why } => {
            ["skipped".to_owned(), notice.to.to_owned(), format!("{}{}", told(notice), because(*why))]
        }
        HistoryEvent::Withdrawn { notice, why } => {
            ["withdrawn".to_owned(), notice.to.to_owned(), format!("{}{}", told(notice), because(*why))]
        }
        HistoryEvent::Progress { status, percent, note, evidence, by, how } => {
            let percent = percent.map(|percent| format!(", {percent} %")).unwrap_or_default();
            let note = note.map(|note| format!(": {note}")).unwrap_or_default();
            let proof =
                if evidence.is_empty() { String::new() } else { format!(" (evidence: {})", evidence.join(", ")) };
            let details = format!("{status}{percent}{note}{proof}");
            [format!("reported by {how}"), by.unwrap_or_default().to_owned(), details]
        }
        HistoryEvent::TimeAsked { due, why, by, how } => {
            [format!("time asked by {how}"), by.unwrap_or_default().to_owned(), format!("until {due}: {why}")]
        }
        HistoryEvent::Postponed { old, due, why, decision } => {
            let old = old.map(|old| format!(" from {old}")).unwrap_or_default();
            let note = decision.note.map(|note| format!(" ({note})")).unwrap_or_default();
            let details = format!("{old} to {due}: {why}{note}");
            ["postponed".to_owned(), decision.by.unwrap_or_default().to_owned(), details.trim_start().to_owned()]
        }
        HistoryEvent::NotPostponed { due, decision } => {
            let note = decision.note.map(|note| format!(": {note}")).unwrap_or_default();
            ["not postponed".to_owned(), decision.by.unwrap_or_default().to_owned(), format!("to {due}{note}")]
        }
    }
}

/// What a notice says: "before, 7 days, for 2023-10-24".
fn told(notice: &NoticeFields<'_>) -> String {
    format!("{}, for {}", notice.kind, notice.on)
}

fn because(why: Option<&'static str>) -> String {
    let reason = match why {
        Some("closed") => "the task is done or cancelled",
        Some("plan") => "the plan or the people have changed",
        Some("later") => "a later notice takes its place",
        Some("stale") => "it was found missing too late",
        Some("dropped") => "taken out of the queue by hand",
        Some("blocked") => "something stands in the way of the task",
        _ => return String::new(),
    };
    format!(": {reason}")
}

fn span(span: &ShownPeriod) -> String {
    match span.start {
        Some(start) => format!("{start} – {}", span.due),
        None => format!("due {}", span.due),
    }
}
