//! The history of a task, for people.

use std::io::{self, Write};

use jiff::Timestamp;

use crate::cli::local_time::{Minute, Second};
use crate::clock::Clock;
use crate::language::{Language, Said};
use crate::plan::{Period, Task, TaskId};
use crate::school::School;
use crate::text_table::{Align, TextTable};

use super::events::HistoryEvent;

/// What is said of the history of a task.
#[derive(Clone, Copy)]
pub(crate) enum HistoryText<'t> {
    /// What the task is.
    Task(&'t Task),
    /// Who leads it, who helps, and when it is to be done, where that is known.
    People { lead: &'t [String], with: &'t [String], period: Option<Period> },
    /// The task of this name is not in the plan any more.
    Gone(&'t str),
    /// As of when all that follows is known.
    AsOf(&'t Minute),
    /// Nothing has happened.
    Nothing,
    /// The heading of moments.
    When,
    /// The heading of what happened.
    What,
    /// The heading of whom it happened to, or by whom.
    Who,
    /// The heading of the details.
    Details,
    /// What happened, in a word or two.
    Happened(&'t HistoryEvent<'t>),
    /// What an event was about and what came of it.
    About(&'t HistoryEvent<'t>),
}

/// Prints what the task is, and what happened to it.
pub(super) fn print(
    out: &mut impl Write,
    school: &School,
    (id, name): (&TaskId, &str),
    events: &[(Timestamp, HistoryEvent<'_>)],
    language: Language,
) -> io::Result<()> {
    let said = |text: HistoryText<'_>| text.said_in(language);
    writeln!(out, "{}", school.settings.organisation.name)?;
    writeln!(out, "{}, {}", school.plan.title, school.plan.number)?;
    match school.plan.task(id) {
        Some(task) => {
            writeln!(out, "{}", said(HistoryText::Task(task)))?;
            let people = HistoryText::People { lead: &task.lead, with: &task.with, period: task.period() };
            writeln!(out, "{}", said(people))?;
        }
        None => writeln!(out, "{}", said(HistoryText::Gone(name)))?,
    }
    let now = Minute(school.settings.local(Clock::System.now()));
    writeln!(out, "{}\n", said(HistoryText::AsOf(&now)))?;
    if events.is_empty() {
        return writeln!(out, "{}", said(HistoryText::Nothing));
    }
    let headings = [HistoryText::When, HistoryText::What, HistoryText::Who, HistoryText::Details];
    let mut table = TextTable::new(headings.map(|heading| (said(heading), Align::Left)));
    for (at, event) in events {
        let at = Second(school.settings.local(*at)).said_in(language);
        let (what, details) = (said(HistoryText::Happened(event)), said(HistoryText::About(event)));
        table.row([at, what, who(event).to_owned(), details]);
    }
    write!(out, "{table}")
}

/// Whom an event concerns, or who did it.
fn who<'e>(event: &HistoryEvent<'e>) -> &'e str {
    match event {
        HistoryEvent::Plan { .. } | HistoryEvent::Renamed { .. } => "",
        HistoryEvent::Planned { notice }
        | HistoryEvent::Attempt { notice, .. }
        | HistoryEvent::GivenUp { notice }
        | HistoryEvent::MayHaveArrived { notice }
        | HistoryEvent::Skipped { notice, .. }
        | HistoryEvent::Withdrawn { notice, .. } => notice.to,
        HistoryEvent::Progress { by, .. } | HistoryEvent::TimeAsked { by, .. } => by.unwrap_or_default(),
        HistoryEvent::Postponed { decision, .. } | HistoryEvent::NotPostponed { decision, .. } => {
            decision.by.unwrap_or_default()
        }
    }
}
