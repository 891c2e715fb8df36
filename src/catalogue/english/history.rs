use jiff::civil::Date;

use crate::cli::history::events::{HistoryEvent, NoticeFields, ShownPeriod};
use crate::cli::history::text::HistoryText;
use crate::language::{English, Says};
use crate::progress::Effect;
use crate::store::outbox::{AttemptOutcome, Why};
use crate::store::plans::ChangeKind;

impl Says<HistoryText<'_>> for English {
    fn say(&self, said: &HistoryText<'_>) -> String {
        use HistoryText as T;
        match said {
            T::Task(task) => format!("Task {}: {}", task.name, task.remedy),
            T::People { lead, with, period } => {
                let with = if with.is_empty() { String::new() } else { format!("; with {}", with.join(", ")) };
                let time = period.map_or_else(|| "no date is known".to_owned(), |period| span(&period.into()));
                format!("Lead {}{with}; {time}", lead.join(", "))
            }
            T::Gone(name) => format!("Task {name} is no longer in the plan"),
            T::AsOf(at) => format!("As the store has it at {}", self.say(*at)),
            T::Nothing => "nothing was decided or reported yet".to_owned(),
            T::When => "when".to_owned(),
            T::What => "what".to_owned(),
            T::Who => "to or by".to_owned(),
            T::Details => "details".to_owned(),
            T::Happened(event) => happened(event),
            T::About(event) => about(event),
        }
    }
}

/// What happened, in a word or two.
fn happened(event: &HistoryEvent<'_>) -> String {
    match event {
        HistoryEvent::Plan { .. } | HistoryEvent::Renamed { .. } => "plan".to_owned(),
        HistoryEvent::Planned { .. } => "planned".to_owned(),
        HistoryEvent::Attempt { outcome, number, .. } => attempted(*outcome, *number),
        HistoryEvent::GivenUp { .. } => "given up".to_owned(),
        HistoryEvent::MayHaveArrived { .. } => "may have arrived".to_owned(),
        HistoryEvent::Skipped { .. } => "skipped".to_owned(),
        HistoryEvent::Withdrawn { .. } => "withdrawn".to_owned(),
        HistoryEvent::Progress { how, .. } => format!("reported by {how}"),
        HistoryEvent::TimeAsked { how, .. } => format!("time asked by {how}"),
        HistoryEvent::Postponed { .. } => "postponed".to_owned(),
        HistoryEvent::NotPostponed { .. } => "not postponed".to_owned(),
    }
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

/// What an event was about and what came of it.
fn about(event: &HistoryEvent<'_>) -> String {
    let until = |due: &Date, why: Option<&str>| format!("to {due}{}", behind(why));
    match event {
        HistoryEvent::Plan { change, old, new } => changed(*change, old.as_ref(), new.as_ref()),
        HistoryEvent::Renamed { old, new } => format!("called {new} instead of {old}"),
        HistoryEvent::Planned { notice } | HistoryEvent::GivenUp { notice } => told(notice),
        HistoryEvent::Attempt { notice, channel, address, answer, composed_anew, .. } => {
            let over = if channel.is_empty() { String::new() } else { format!(" over {channel}") };
            let address = address.map(|address| format!(" to {address}")).unwrap_or_default();
            let message = notice.message.map(|id| format!(" [{id}]")).unwrap_or_default();
            let anew = if *composed_anew { "; composed anew, because it says something else now" } else { "" };
            format!("{}{over}{address}: {answer}{message}{anew}", told(notice))
        }
        HistoryEvent::MayHaveArrived { notice } => format!("{}: no answer came", told(notice)),
        HistoryEvent::Skipped { notice, why } | HistoryEvent::Withdrawn { notice, why } => {
            format!("{}{}", told(notice), behind(why.map(because)))
        }
        HistoryEvent::Progress { status, percent, note, evidence, by, effect, done_on, .. } => {
            let percent = percent.map(|percent| format!(", {percent} %")).unwrap_or_default();
            let done_on = done_on.map(|day| format!(", on {day}")).unwrap_or_default();
            let proof =
                if evidence.is_empty() { String::new() } else { format!(" (evidence: {})", evidence.join(", ")) };
            format!("{status}{percent}{done_on}{}{}{proof}", whose(effect, *by), behind(*note))
        }
        HistoryEvent::TimeAsked { due, why, .. } => format!("until {due}: {why}"),
        HistoryEvent::Postponed { old, due, why, decision } => {
            let old = old.map(|old| format!("from {old} ")).unwrap_or_default();
            let note = decision.note.map(|note| format!(" ({note})")).unwrap_or_default();
            format!("{old}{}{note}", until(due, Some(*why)))
        }
        HistoryEvent::NotPostponed { due, decision } => until(due, decision.note),
    }
}

/// What the plan says otherwise of a task.
fn changed(change: ChangeKind, old: Option<&ShownPeriod>, new: Option<&ShownPeriod>) -> String {
    let time = |period: Option<&ShownPeriod>| period.map_or_else(|| "no date".to_owned(), span);
    match change {
        ChangeKind::Moved => format!("moved from {} to {}", time(old), time(new)),
        ChangeKind::Added => format!("added: {}", time(new)),
        ChangeKind::Removed | ChangeKind::Reworded | ChangeKind::Renumbered => change.to_string(),
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

/// What a notice says: "before, 7 days, for 2023-10-24".
fn told(notice: &NoticeFields<'_>) -> String {
    format!("{}, for {}", English.say(&notice.said), notice.on)
}

/// Words that stand behind others; nothing where there are none.
fn behind(words: Option<&str>) -> String {
    words.map(|words| format!(": {words}")).unwrap_or_default()
}

/// Why something was not told.
fn because(why: Why) -> &'static str {
    match why {
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
    }
}

fn span(span: &ShownPeriod) -> String {
    match span.start {
        Some(start) => format!("{start} – {}", span.due),
        None => format!("due {}", span.due),
    }
}
