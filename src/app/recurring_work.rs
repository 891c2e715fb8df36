//! Recurring work is attested period by period, not closed (rules of time, 14): what *done* means of it, and for whom.

use crate::people::RecipientId;
use crate::plan::{Status, Task, WorkPeriod};
use crate::progress::{Attestation, How, Progress, ProgressEntry};
use crate::school::School;
use crate::store::{StoreError, Tx, attestations};

use super::effect::Reach;

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

/// The period for which a report on recurring work counts: the one that was asked about, else that of its day. `None` where
/// the report says nothing of a period: other words than *done*, or a command of nobody in particular, which ends the work.
fn period_told(school: &School, task: &Task, entry: &ProgressEntry, asked: Option<WorkPeriod>) -> Option<WorkPeriod> {
    if task.recurrence.is_none() || entry.status != Status::Done {
        return None;
    }
    if asked.is_none() && entry.how == How::Command && entry.by.is_none() {
        return None;
    }
    let day = school.settings.date_of(entry.at);
    asked.or_else(|| task.work_period(day, school.plan.issued, &school.settings.school_year))
}

/// For whom a report is told.
fn told_for(school: &School, task: &Task, entry: &ProgressEntry) -> ToldFor {
    let people = &school.settings.people;
    let today = school.settings.date_of(entry.at);
    let Some(by) = &entry.by else { return ToldFor::All };
    let by = people.by_name(by);
    let speaks_for =
        |other: RecipientId| by.is_some_and(|by| by == other || people.present(other, today).contains(&by));
    let leads = task.leads.iter().filter(|lead| speaks_for(**lead));
    let leads: Vec<String> = leads.map(|lead| people.get(*lead).name.clone()).collect();
    if !leads.is_empty() {
        return ToldFor::Leads(leads);
    }
    let is_superior = school.superiors().any(|superior| speaks_for(*superior));
    let helps = task.coordinators.iter().any(|other| speaks_for(*other));
    if is_superior || (!helps && entry.how == How::Command) { ToldFor::All } else { ToldFor::Nobody }
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
    entry: &ProgressEntry,
    (asked, reach): (Option<WorkPeriod>, Reach),
    before: &Progress,
) -> Result<ProgressEntry, StoreError> {
    let Some(period) = period_told(school, task, entry, asked) else { return Ok(entry.clone()) };
    let scope = school.scope();
    let word = |lead: Option<String>| Attestation { period, lead, at: entry.at, by: entry.by.clone(), how: entry.how };
    let told = if reach == Reach::Everybody { ToldFor::All } else { told_for(school, task, entry) };
    let is_complete = match &told {
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
    if is_last && told != ToldFor::Nobody {
        return Ok(entry.clone());
    }
    Ok(ProgressEntry { status: Status::InProgress, percent: None, ..entry.clone() })
}
