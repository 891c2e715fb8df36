//! What was not finished in a school year, and what the next year's plan names again of it.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use crate::app::plan_in_force::bring_into_force;
use crate::plan::{Plan, Status, Task};
use crate::progress::evidence::filed_under;
use crate::progress::{Effect, How, Part, Progress, ProgressEntry};
use crate::school::School;
use crate::store::progress::{self, NewReport};
use crate::store::{Store, StoreError, StoreStep};

/// An unfinished task that the next plan names again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CarriedTask {
    /// What the plan of the year that ends calls it.
    pub old: String,
    /// What the next plan calls it.
    pub new: String,
    /// What is to be done.
    pub remedy: String,
    /// How far it is, in per cent.
    pub percent: u8,
    /// What is reported of it in the next year; nothing where it was not begun.
    reports: Vec<(Effect, Option<u8>, Option<String>)>,
}

/// What becomes of the tasks of a year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct YearEnd {
    /// How many are done or cancelled.
    pub closed: usize,
    /// Unfinished ones that the next plan names again, in its order.
    pub carried: Vec<CarriedTask>,
    /// Unfinished ones that it does not, by name and by what is to be done.
    pub left: Vec<(String, String)>,
}

/// What is to be done, the same whatever the capitals, the spaces and the signs between words.
pub(super) fn wording(task: &Task) -> String {
    let text = crate::text::nfc(&task.remedy).to_lowercase();
    let words = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// Tasks by what is to be done; what stands there twice is none.
pub(super) fn by_wording(plan: &Plan) -> HashMap<String, &Task> {
    let mut found = HashMap::new();
    let mut doubled = HashSet::new();
    for task in &plan.tasks {
        let wording = wording(task);
        if wording.is_empty() || found.insert(wording.clone(), task).is_some() {
            doubled.insert(wording);
        }
    }
    found.retain(|wording, _| !doubled.contains(wording));
    found
}

/// What becomes of the tasks of `old`, which are as far as `progress` says, by the plan of `new`. Recurring work begins anew.
#[must_use]
pub fn year_end(old: &School, progress: &Progress, new: &School) -> YearEnd {
    let mut end = YearEnd::default();
    let (before, now) = (by_wording(&old.plan), by_wording(&new.plan));
    for task in &old.plan.tasks {
        if progress.is_closed(&task.id) {
            end.closed += 1;
            continue;
        }
        let wording = wording(task);
        let again = before.get(&wording).and_then(|_| now.get(&wording)).copied();
        match again {
            Some(again) => end.carried.push(CarriedTask {
                old: task.name.clone(),
                new: again.name.clone(),
                remedy: again.remedy.clone(),
                percent: progress.percent(&task.id),
                reports: if again.recurrence.is_some() { Vec::new() } else { reports(task, progress, new, again) },
            }),
            None => end.left.push((task.name.clone(), task.remedy.clone())),
        }
    }
    let place = |name: &str| new.plan.tasks.iter().position(|task| task.name == name);
    end.carried.sort_by_key(|task| place(&task.new));
    end
}

/// What was begun of a task, for each of its next leads. A part that was done or blocked is not so in the next year without
/// its lead's word: it is under way, with what was told.
fn reports(task: &Task, progress: &Progress, new: &School, again: &Task) -> Vec<(Effect, Option<u8>, Option<String>)> {
    let is_begun = |part: &Part| !matches!(part.status, Status::NotStarted | Status::Cancelled);
    let parts = new.lead_names(again).into_iter().map(|lead| (progress.part(&task.id, &lead), lead));
    let parts: Vec<(Part, String)> = parts.filter(|(part, _)| is_begun(part)).collect();
    if parts.is_empty() && progress.status(&task.id) != Status::NotStarted {
        let note = progress.latest(&task.id).and_then(|entry| entry.note.clone());
        return vec![(Effect::Whole, Some(progress.percent(&task.id)), note)];
    }
    let reports = parts.into_iter().filter(|(part, _)| part.status != Status::Done);
    reports.map(|(part, lead)| (Effect::Parts(vec![lead]), Some(part.percent), part.note)).collect()
}

/// Writes down what is carried over, with `label` before the words of before. What was reported of a task in the next year
/// already stays, so that doing it again changes nothing.
///
/// # Errors
/// When the store fails; then nothing is carried over.
pub async fn carry_over(
    store: &Store,
    new: School,
    end: &YearEnd,
    label: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let school = bring_into_force(store, new, now).await?.school;
    let scope = school.scope();
    let mut tx = store.begin(&scope.organisation).await?;
    let told = progress::read(&mut *tx, &school).await?;
    for carried in &end.carried {
        let Some(task) = school.plan.tasks.iter().find(|task| task.name == carried.new) else { continue };
        if !told.history(&task.id).is_empty() {
            continue;
        }
        for (effect, percent, note) in &carried.reports {
            let entry = ProgressEntry {
                at: now,
                status: Status::InProgress,
                percent: *percent,
                note: Some(note.as_ref().map_or_else(|| label.to_owned(), |note| format!("{label}: {note}"))),
                evidence: Vec::new(),
                by: None,
                how: How::Command,
            };
            let filed_under = filed_under(&school.plan, task);
            let report = NewReport {
                task: &task.id,
                entry: &entry,
                effect,
                done_on: None,
                filed_under: &filed_under,
                proofs: &[],
            };
            progress::put(&mut tx, &scope, &report).await?;
        }
    }
    tx.commit(StoreStep::CarryTasksOver).await
}
