//! Recurring work is attested period by period, not closed (rules of time, 14): what *done* means of it, and for whom.

use jiff::civil::Date;

use crate::plan::{Closes, Status, Task, WorkPeriod};
use crate::progress::{Attestation, How, Progress, ProgressEntry};
use crate::school::School;
use crate::store::{StoreError, Tx, attestations};

use super::effect::{IncomingReport, Reach};

/// Those for whom somebody tells.
#[derive(Debug, PartialEq, Eq)]
enum ToldFor {
    /// Leads, by name.
    Leads(Vec<String>),
    /// All who lead the task.
    All,
    /// Nobody: whoever helps does not attest.
    Nobody,
}

/// The first day from which recurring work counts where the plan gives it no start, and the periods of a task from there.
#[must_use]
pub fn work_periods(school: &School, task: &Task) -> Vec<WorkPeriod> {
    task.work_periods(school.plan.issued, &school.settings.school_year)
}

/// A report before it is known for which period of recurring work it counts.
#[derive(Clone, Copy, Debug)]
pub(super) struct PeriodReport<'a> {
    pub(super) report: IncomingReport<'a>,
    /// The period that was asked about, or named.
    pub(super) asked: Option<WorkPeriod>,
    /// The day of completion that was told.
    pub(super) done_on: Option<Date>,
}

/// The period for which a report on recurring work counts: the one that was asked about, else that of the day of completion,
/// which is that of the report where no other was told. `None` where the report says nothing of a period: other words than
/// *done*, or a command of nobody in particular, which ends the work.
fn period_told(school: &School, task: &Task, told: PeriodReport<'_>) -> Option<WorkPeriod> {
    let PeriodReport { report: IncomingReport { entry, .. }, asked, done_on } = told;
    if task.recurrence.is_none() || entry.status != Status::Done {
        return None;
    }
    if asked.is_none() && entry.how == How::Command && entry.by.is_none() {
        return None;
    }
    let of = |day| task.work_period(day, school.plan.issued, &school.settings.school_year);
    asked.or_else(|| done_on.and_then(of)).or_else(|| of(school.settings.date_of(entry.at)))
}

/// For whom a report is told: as of any other task, by whom its author speaks for, and by what closes the task.
fn told_for(school: &School, task: &Task, report: IncomingReport<'_>) -> ToldFor {
    let IncomingReport { entry, reach, days } = report;
    let author = entry.by.as_deref().and_then(|by| school.settings.people.by_name(by));
    let Some(author) = author.filter(|author| school.has_to_do_with(task, *author, days)) else {
        // A command is the school's word, whoever its source is.
        let is_of_school = entry.by.is_none() || entry.how == How::Command;
        return if is_of_school { ToldFor::All } else { ToldFor::Nobody };
    };
    let leads = school.leads_spoken_for(task, author, days);
    match () {
        () if leads.is_empty() && school.is_superior(author, days) => ToldFor::All,
        () if leads.is_empty() => ToldFor::Nobody,
        () if reach == Reach::Everybody || school.closes(task) == Closes::Any => ToldFor::All,
        () => ToldFor::Leads(leads.iter().map(|lead| school.settings.people.get(*lead).name.clone()).collect()),
    }
}

/// Writes down what a report says of a period of recurring work, and gives back the report as it is kept: the work goes on,
/// unless the period is the last of its span. Other reports are given back as they are.
///
/// # Errors
/// When the store fails.
pub(super) async fn attest(
    tx: &mut Tx,
    school: &School,
    task: &Task,
    told: PeriodReport<'_>,
    before: &Progress,
) -> Result<ProgressEntry, StoreError> {
    let entry = told.report.entry;
    let Some(period) = period_told(school, task, told) else { return Ok(entry.clone()) };
    let scope = school.scope();
    let word = |lead: Option<String>| Attestation { period, lead, at: entry.at, by: entry.by.clone(), how: entry.how };
    let told_for = told_for(school, task, told.report);
    let is_complete = match &told_for {
        ToldFor::Leads(leads) => {
            for lead in leads {
                attestations::put(tx, &scope, &task.id, &word(Some(lead.clone()))).await?;
            }
            let names = task.leads.iter().map(|lead| &school.settings.people.get(*lead).name);
            names.into_iter().all(|name| leads.contains(name) || before.has_attested(&task.id, period, name))
        }
        ToldFor::All => true,
        ToldFor::Nobody => false,
    };
    if is_complete {
        attestations::put(tx, &scope, &task.id, &word(None)).await?;
    }
    let is_last = work_periods(school, task).last() == Some(&period);
    if is_last && told_for != ToldFor::Nobody {
        return Ok(entry.clone());
    }
    Ok(ProgressEntry { status: Status::InProgress, percent: None, ..entry.clone() })
}
