//! Reporting progress on a task by command.

use crate::plan::{Task, WorkPeriod};
use crate::progress::evidence::Proof;
use crate::progress::{Effect, ProgressEntry};
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
    Ok(report_by_command(store, school, TaskReport::new(task, entry, proofs), None).await?.0)
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
    Ok(report_by_command(store, school, TaskReport::new(task, entry, proofs), Some(period)).await?.0)
}

/// The same of a report for others than its author, of another day, or of a period of recurring work. Returns also what it
/// has changed.
///
/// # Errors
/// When the store fails; then nothing is written.
pub async fn report_by_command(
    store: &Store,
    school: &School,
    report: TaskReport<'_>,
    period: Option<WorkPeriod>,
) -> Result<(Vec<String>, Effect), StoreError> {
    let mut answer = NewAnswer::new(AnswerSource::Command, report.entry.at);
    answer.periods.extend(period.map(|period| (report.task.id.clone(), period)));
    answer.reports.push(report);
    let mut taken = take_answer(store, school, answer).await?.unwrap_or_default();
    Ok((taken.evidence, taken.effects.pop().unwrap_or_default()))
}
