//! What a report changes (rules of time, 9): whose part of the task it is, or the whole.

use jiff::civil::Date;

use crate::people::RecipientId;
use crate::plan::{Closes, Status, Task};
use crate::progress::{Effect, How, Progress, ProgressEntry};
use crate::school::School;

/// For whom a report is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// For whom its author speaks.
    #[default]
    Own,
    /// For everybody who leads the task.
    Everybody,
}

/// A report before it is known what it changes.
#[derive(Clone, Copy, Debug)]
pub(super) struct IncomingReport<'a> {
    pub(super) entry: &'a ProgressEntry,
    pub(super) reach: Reach,
    /// The days on which its author may have stood in for somebody: that of the report, and those for which the notice was
    /// made that it answers.
    pub(super) days: &'a [Date],
}

/// What a report on a task changes, as things stand before it.
pub(super) fn effect(school: &School, task: &Task, before: &Progress, claim: IncomingReport<'_>) -> Effect {
    let IncomingReport { entry, reach, days } = claim;
    let author = entry.by.as_deref().and_then(|by| school.settings.people.by_name(by));
    let closure = before.closure(&task.id);
    let closed_it = closure.is_some_and(|closure| closure.by.is_some() && closure.by == entry.by);
    if entry.how == How::Document {
        return Effect::Whole;
    }
    if entry.status == Status::Cancelled && entry.how == How::Command {
        return Effect::Closes;
    }
    let Some(author) = author.filter(|author| school.has_to_do_with(task, *author, days)) else {
        return of_nobody(task, before, claim);
    };
    let spoken_for = school.leads_spoken_for(task, author, days);
    if spoken_for.is_empty() {
        return match entry.status {
            Status::Done if school.is_superior(author, days) => Effect::Closes,
            _ if closed_it => Effect::Reopens(Vec::new()),
            _ => Effect::Note,
        };
    }
    let names =
        |leads: &[RecipientId]| leads.iter().map(|lead| school.settings.people.get(*lead).name.clone()).collect();
    let leads: Vec<String> = if reach == Reach::Everybody { names(&task.leads) } else { names(&spoken_for) };
    // A document is often older than it looks.
    let is_by_document = before.latest(&task.id).is_some_and(|latest| latest.how == How::Document);
    if entry.status != Status::Done {
        let opens = closure.is_some() && (closed_it || is_by_document);
        return if opens { Effect::Reopens(leads) } else { Effect::Parts(leads) };
    }
    if reach == Reach::Everybody || school.closes(task) == Closes::Any {
        return Effect::Closes;
    }
    if before.open_parts(&task.id).iter().all(|open| leads.contains(open)) {
        return Effect::Completes(leads);
    }
    Effect::Parts(leads)
}

/// What a report changes that nobody makes who has to do with the task: one by command is the school's word, whoever its
/// source is; any other is a word beside the matter.
fn of_nobody(task: &Task, before: &Progress, claim: IncomingReport<'_>) -> Effect {
    let IncomingReport { entry, reach, .. } = claim;
    if !matches!(entry.how, How::Command | How::Rehearsal) {
        return Effect::Note;
    }
    if entry.status.is_closed() {
        return Effect::Closes;
    }
    let open = before.open_parts(&task.id);
    if reach == Reach::Everybody || task.leads.is_empty() {
        Effect::Whole
    } else if before.closure(&task.id).is_some() {
        Effect::Reopens(open)
    } else if open.is_empty() {
        Effect::Note
    } else {
        Effect::Parts(open)
    }
}
