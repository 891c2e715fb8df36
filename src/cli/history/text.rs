//! The history of a task, for people.

use std::io::{self, Write};

use jiff::Timestamp;

use crate::cli::local_time;
use crate::clock::Clock;
use crate::plan::TaskId;
use crate::progress::Effect;
use crate::school::School;
use crate::store::outbox::{AttemptOutcome, Why};
use crate::store::plans::ChangeKind;
use crate::text_table::{Align, TextTable};

use super::events::{HistoryEvent, NoticeFields, ShownPeriod};

/// Prints what the task is, and what happened to it.
pub(super) fn print(
    out: &mut impl Write,
    school: &School,
    (id, name): (&TaskId, &str),
    events: &[(Timestamp, HistoryEvent<'_>)],
) -> io::Result<()> {
    writeln!(out, "{}", school.settings.organisation.name)?;
    writeln!(out, "{}, {}", school.plan.title, school.plan.number)?;
    match school.plan.task(id) {
        Some(task) => {
            writeln!(out, "Task {}: {}", task.name, task.remedy)?;
            let with = if task.with.is_empty() { String::new() } else { format!("; with {}", task.with.join(", ")) };
            let time = task.period().map_or_else(|| "no date is known".to_owned(), |period| span(&period.into()));
            writeln!(out, "Lead {}{with}; {time}", task.lead.join(", "))?;
        }
        None => writeln!(out, "Task {name} is no longer in the plan")?,
    }
    writeln!(out, "As the store has it at {}\n", local_time::to_minute(&school.settings, Clock::System.now()))?;
    if events.is_empty() {
        return writeln!(out, "nothing was decided or reported yet");
    }
    let left = |heading: &str| (heading.to_owned(), Align::Left);
    let mut table = TextTable::new([left("when"), left("what"), left("to or by"), left("details")]);
    for (at, event) in events {
        let [what, who, details] = words(event);
        table.row([local_time::to_second(&school.settings, *at), what, who, details]);
    }
    write!(out, "{table}")
}

/// What came of an attempt, the number of which counts from 1.
fn attempted(outcome: AttemptOutcome, number: usize) -> String {
    match outcome {
        AttemptOutcome::Sent if number == 1 => "sent".to_owned(),
        AttemptOutcome::Sent => format!("sent, attempt {number}"),
        AttemptOutcome::Uncertain => "no answer".to_owned(),
        AttemptOutcome::Temporary
        | AttemptOutcome::Permanent
        | AttemptOutcome::Message
        | AttemptOutcome::Unknown
        | AttemptOutcome::Channel => "not taken".to_owned(),
    }
}

/// An event in three cells.
fn words(event: &HistoryEvent<'_>) -> [String; 3] {
    match event {
        HistoryEvent::Plan { change, old, new } => {
            let time = |span_: &Option<ShownPeriod>| span_.as_ref().map_or_else(|| "no date".to_owned(), span);
            let details = match change {
                ChangeKind::Moved => format!("moved from {} to {}", time(old), time(new)),
                ChangeKind::Added => format!("added: {}", time(new)),
                ChangeKind::Removed | ChangeKind::Reworded | ChangeKind::Renumbered => change.as_str().to_owned(),
            };
            ["plan".to_owned(), String::new(), details]
        }
        HistoryEvent::Renamed { old, new } => {
            ["plan".to_owned(), String::new(), format!("called {new} instead of {old}")]
        }
        HistoryEvent::Planned { notice } => ["planned".to_owned(), notice.to.to_owned(), told(notice)],
        HistoryEvent::Attempt { notice, channel, address, outcome, answer, number, composed_anew } => {
            let what = attempted(*outcome, *number);
            let over = if channel.is_empty() { String::new() } else { format!(" over {channel}") };
            let address = address.map(|address| format!(" to {address}")).unwrap_or_default();
            let message = notice.message.map(|id| format!(" [{id}]")).unwrap_or_default();
            let anew = if *composed_anew { "; composed anew, because it says something else now" } else { "" };
            [what, notice.to.to_owned(), format!("{}{over}{address}: {answer}{message}{anew}", told(notice))]
        }
        HistoryEvent::GivenUp { notice } => ["given up".to_owned(), notice.to.to_owned(), told(notice)],
        HistoryEvent::MayHaveArrived { notice } => {
            ["may have arrived".to_owned(), notice.to.to_owned(), format!("{}: no answer came", told(notice))]
        }
        HistoryEvent::Skipped { notice, why } => {
            ["skipped".to_owned(), notice.to.to_owned(), format!("{}{}", told(notice), because(*why))]
        }
        HistoryEvent::Withdrawn { notice, why } => {
            ["withdrawn".to_owned(), notice.to.to_owned(), format!("{}{}", told(notice), because(*why))]
        }
        HistoryEvent::Progress { status, percent, note, evidence, by, how, effect, done_on, .. } => {
            let percent = percent.map(|percent| format!(", {percent} %")).unwrap_or_default();
            let note = note.map(|note| format!(": {note}")).unwrap_or_default();
            let done_on = done_on.map(|day| format!(", on {day}")).unwrap_or_default();
            let (whose, proof) = (whose(effect, *by), proof(evidence));
            let details = format!("{status}{percent}{done_on}{whose}{note}{proof}");
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

/// What a report has changed, where that does not go without saying.
fn whose(effect: &Effect, by: Option<&str>) -> String {
    match effect {
        Effect::Whole => String::new(),
        Effect::Closes => ", which closes the task".to_owned(),
        Effect::Reopens(_) => ", which opens the task".to_owned(),
        Effect::Note => ", a note that changes nothing".to_owned(),
        Effect::Parts(leads) | Effect::Completes(leads) if leads.iter().all(|lead| Some(lead.as_str()) == by) => {
            String::new()
        }
        Effect::Parts(leads) | Effect::Completes(leads) => format!(", the part of {}", leads.join(", ")),
    }
}

fn proof(evidence: &[String]) -> String {
    if evidence.is_empty() { String::new() } else { format!(" (evidence: {})", evidence.join(", ")) }
}

/// What a notice says: "before, 7 days, for 2023-10-24".
fn told(notice: &NoticeFields<'_>) -> String {
    format!("{}, for {}", notice.kind, notice.on)
}

/// Why something was not told, to stand behind it; nothing for notices of before, of which that was not kept.
fn because(why: Option<Why>) -> String {
    let Some(why) = why else { return String::new() };
    let reason = match why {
        Why::Closed => "the task is done or cancelled",
        Why::Plan => "the plan or the people have changed",
        Why::Later => "a later notice takes its place",
        Why::Stale => "it was found missing too late",
        Why::Dropped => "taken out of the queue by hand",
        Why::PartDone => "their part of the task is done",
        Why::Blocked => "something stands in the way of the task",
        Why::Leads => "whoever is told of what others are late with leads the task",
        Why::Urgent => "a more urgent one goes out on the same day",
        Why::Asked => "progress was reported lately, or another notice asks for it these days",
        Why::Lapsed => "the review for which it asks is made",
    };
    format!(": {reason}")
}

fn span(span: &ShownPeriod) -> String {
    match span.start {
        Some(start) => format!("{start} – {}", span.due),
        None => format!("due {}", span.due),
    }
}
