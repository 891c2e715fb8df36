//! A task as the templates see it.

use jiff::ZonedDateTime;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::people::{Recipient, RecipientId};
use crate::plan::{Postponed, Task, TaskId, WorkPeriod};
use crate::progress::{Progress, ProgressEntry};
use crate::review::Reminded;
use crate::review::needs::budget;

use super::PeriodView;

/// A task as a template sees it.
#[derive(Debug, Serialize)]
pub(in crate::compose) struct TaskView {
    id: String,
    criterion: Option<String>,
    /// The remedy: what is to be done.
    title: String,
    current_state: Option<String>,
    lead: String,
    with: Option<String>,
    /// The recipient's: `lead`, `coordinator`, `superior`, or `deputy` of one of them who is away.
    role: &'static str,
    start: Option<Date>,
    due: Option<Date>,
    /// The due date as the plan has it, where another was agreed since.
    postponed: Option<PostponedView>,
    /// Days from today to the due date; negative once it has passed.
    days: Option<i32>,
    /// The time column as written.
    time: Option<String>,
    budget: Option<String>,
    support: Option<String>,
    /// The budget column, where it asks for anything.
    funds: Option<String>,
    status: &'static str,
    percent: u8,
    /// The date of the last report.
    reported: Option<Date>,
    /// The person who made it, where known.
    by: Option<String>,
    /// Whether that was the recipient.
    by_you: bool,
    note: Option<String>,
    /// The last note of any report.
    why: Option<String>,
    /// Codes of the evidence for all reports.
    evidence: Vec<String>,
    /// In a review: how often its leads were reminded of it.
    reminded: Option<RemindedView>,
    /// Of recurring work, the period for which a word is asked or would count today.
    work_period: Option<PeriodView>,
    /// The page on which the recipient reports on it; `None` where the school has no pages.
    link: Option<String>,
}

impl TaskView {
    pub(in crate::compose) fn id(&self) -> TaskId {
        TaskId::new(&self.id)
    }

    pub(in crate::compose) fn link(&self) -> Option<String> {
        self.link.clone()
    }

    pub(in crate::compose) fn set_link(&mut self, link: Option<String>) {
        self.link = link;
    }

    pub(in crate::compose) fn due(&self) -> Option<Date> {
        self.due
    }

    pub(in crate::compose) fn title(&self) -> &str {
        &self.title
    }

    pub(in crate::compose) fn new(
        task: &Task,
        progress: &Progress,
        role: &'static str,
        reader: &Recipient,
        now: &ZonedDateTime,
    ) -> Self {
        let (today, zone) = (now.date(), now.time_zone());
        let period = task.period();
        let due = period.map(|period| period.due);
        let entry = progress.latest(&task.id);
        Self {
            id: task.name.clone(),
            criterion: task.criterion.clone(),
            title: task.remedy.clone(),
            current_state: task.current_state.clone(),
            lead: task.lead.join(", "),
            with: (!task.with.is_empty()).then(|| task.with.join(", ")),
            role,
            start: period.and_then(|period| period.start),
            due,
            postponed: task.postponed.as_ref().map(PostponedView::from),
            days: due.map(|due| (due - today).get_days()),
            time: task.time.clone(),
            budget: task.budget.clone(),
            support: task.support.clone(),
            funds: budget(task).map(str::to_owned),
            status: progress.status(&task.id).as_str(),
            percent: progress.percent(&task.id),
            reported: entry.map(|entry| reported_on(entry, zone)),
            by: entry.and_then(|entry| entry.by.clone()),
            by_you: entry.is_some_and(|entry| entry.by.as_deref() == Some(reader.name.as_str())),
            note: entry.and_then(|entry| entry.note.clone()),
            why: progress.history(&task.id).iter().rev().find_map(|entry| entry.note.clone()),
            evidence: evidence_codes(progress, &task.id),
            reminded: None,
            work_period: None,
            link: None,
        }
    }

    /// Says how often its leads were reminded of it.
    pub(super) fn set_reminded(&mut self, reminded: Option<&Reminded>) {
        self.reminded =
            reminded.map(|told| RemindedView { times: told.times, last: told.last, over: told.over.clone() });
    }

    /// Says for which period recurring work is told.
    pub(in crate::compose) fn set_work_period(&mut self, period: Option<WorkPeriod>) {
        self.work_period = period.map(PeriodView::from);
    }
}

/// How often those who lead a task were reminded of it.
#[derive(Debug, Serialize)]
struct RemindedView {
    times: usize,
    last: Date,
    over: String,
}

/// A due date that was moved because somebody asked for time.
#[derive(Debug, Serialize)]
struct PostponedView {
    /// The due date as the plan has it.
    from: Option<Date>,
    why: String,
}

impl From<&Postponed> for PostponedView {
    fn from(postponed: &Postponed) -> Self {
        Self { from: postponed.written.map(|period| period.due), why: postponed.why.clone() }
    }
}

/// The codes of the evidence for all reports on a task, each once.
fn evidence_codes(progress: &Progress, task: &TaskId) -> Vec<String> {
    let mut codes: Vec<String> = Vec::new();
    for piece in progress.history(task).iter().flat_map(|entry| &entry.evidence) {
        if !codes.contains(piece) {
            codes.push(piece.clone());
        }
    }
    codes
}

/// The date of a report in `zone`.
fn reported_on(entry: &ProgressEntry, zone: &TimeZone) -> Date {
    entry.at.to_zoned_datetime(zone.clone()).date()
}

/// A task alone, for templates about one.
#[derive(Debug, Serialize)]
pub(in crate::compose) struct OneTask<'a> {
    pub(in crate::compose) task: &'a TaskView,
}

/// The role in which `recipient` has to do with a task: by the plan, else as a deputy of one whom it names.
pub(in crate::compose) fn role_of(task: &Task, recipient: RecipientId) -> &'static str {
    if task.leads.contains(&recipient) {
        "lead"
    } else if task.coordinators.contains(&recipient) {
        "coordinator"
    } else {
        "deputy"
    }
}
