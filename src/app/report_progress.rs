//! Reporting progress on a task by command.

use crate::plan::{Task, WorkPeriod};
use crate::progress::ProgressEntry;
use crate::progress::evidence::Proof;
use crate::school::School;
use crate::store::{Store, StoreError};

use super::take_answer::{AnswerSource, NewAnswer, TaskReport, take_answer};

/// Reports progress on a task, with what proves it. Whoever reports a task done is thanked, once; when something comes in
/// the way of it, the superiors are told, and those who cannot go on are no longer reminded. Returns the codes of the
/// evidence.
///
/// # Errors
/// When the store fails; then nothing is written.
pub async fn report_progress(
    store: &Store,
    school: &School,
    task: &Task,
    entry: ProgressEntry,
    proofs: &[Proof],
) -> Result<Vec<String>, StoreError> {
    report_for(store, school, task, None, entry, proofs).await
}

/// Reports recurring work done for a period, with what proves it. Returns the codes of the evidence.
///
/// # Errors
/// When the store fails; then nothing is written.
pub async fn report_period(
    store: &Store,
    school: &School,
    task: &Task,
    period: WorkPeriod,
    entry: ProgressEntry,
    proofs: &[Proof],
) -> Result<Vec<String>, StoreError> {
    report_for(store, school, task, Some(period), entry, proofs).await
}

async fn report_for(
    store: &Store,
    school: &School,
    task: &Task,
    period: Option<WorkPeriod>,
    entry: ProgressEntry,
    proofs: &[Proof],
) -> Result<Vec<String>, StoreError> {
    let mut answer = NewAnswer::new(AnswerSource::Command, entry.at);
    answer.periods.extend(period.map(|period| (task.id.clone(), period)));
    answer.reports.push(TaskReport { task, entry, proofs });
    Ok(take_answer(store, school, answer).await?.unwrap_or_default().evidence)
}
