//! Reports on tasks: append-only.

use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::any::AnyRow;
use sqlx::{Any, Row};

use crate::plan::{Reported, Status, TaskId};
use crate::progress::evidence::Proof;
use crate::progress::{Effect, How, Progress, ProgressEntry, RecordedReport};
use crate::school::School;

use super::attestations;
use super::evidence::{self, NewEvidence};
use super::{
    Doing, ExpectedValue, Result, Scope, Store, StoreStep, Tx, damaged, instant, optional_date, optional_number,
    optional_text, outbox, parsed, query, text, time_requests, word,
};

/// A report on its way into the store.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewReport<'a> {
    /// The task.
    pub(crate) task: &'a TaskId,
    /// What is reported.
    pub(crate) entry: &'a ProgressEntry,
    /// What that changes.
    pub(crate) effect: &'a Effect,
    /// The day of completion, where another was told than that of the report.
    pub(crate) done_on: Option<Date>,
    /// Where the evidence for the task is filed: `H1-1.4`.
    pub(crate) filed_under: &'a str,
    /// What proves it.
    pub(crate) proofs: &'a [Proof],
}

impl Store {
    /// Every report on every task of the plan, and who leads these.
    ///
    /// # Errors
    /// When the database fails or holds what the program never writes.
    pub async fn progress(&self, school: &School) -> Result<Progress> {
        let mut progress = read(&self.database, school).await?;
        attestations::read_into(&mut progress, &self.database, &school.scope()).await?;
        Ok(progress)
    }

    /// How many reports there are; grows with each.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn report_count(&self, scope: &Scope) -> Result<i64> {
        let row = query(
            "SELECT (SELECT COUNT(*) FROM progress WHERE organisation = $1 AND plan = $2) \
             + (SELECT COUNT(*) FROM attestation WHERE organisation = $1 AND plan = $2) AS count",
        )
        .bind(scope.organisation.as_str())
        .bind(scope.plan.as_str())
        .fetch_one(&self.database)
        .await
        .doing(StoreStep::CountReports)?;
        row.try_get("count").doing(StoreStep::CountReports)
    }
}

/// Adds a report with what proves it, and returns the codes of the evidence.
pub(crate) async fn put(tx: &mut Tx, scope: &Scope, report: &NewReport<'_>) -> Result<Vec<String>> {
    let NewReport { task, entry, effect, done_on, filed_under, proofs } = *report;
    let by = entry.by.as_deref();
    let new = NewEvidence { task, filed_under, at: entry.at, by, how: entry.how, things: proofs };
    let codes = evidence::put(tx, scope, &new).await?;
    let proved = ProgressEntry { evidence: entry.evidence.iter().chain(&codes).cloned().collect(), ..entry.clone() };
    insert(tx, scope, task, &RecordedReport { entry: proved, effect: effect.clone(), done_on }).await?;
    Ok(codes)
}

/// Takes up what a plan's document says of its tasks. What it said before is not said again, and what a person reported
/// is not taken back: a document is often older than it looks.
pub(crate) async fn take_up(tx: &mut Tx, school: &School, now: Timestamp) -> Result<()> {
    let (plan, scope) = (&school.plan, &school.scope());
    if plan.tasks.iter().all(|task| task.reported.is_none()) {
        return Ok(());
    }
    let progress = read(&mut **tx, school).await?;
    for task in &plan.tasks {
        let Some(Reported { status, percent }) = task.reported else { continue };
        let before = progress.history(&task.id).iter().rev().find(|entry| entry.how == How::Document);
        let is_old = before.is_some_and(|entry| (entry.status, entry.percent) == (status, percent));
        let takes_back = progress.latest(&task.id).is_some_and(|latest| {
            latest.how != How::Document
                && (latest.status.is_closed()
                    || (!status.is_closed() && progress.percent(&task.id) >= percent.unwrap_or(0)))
        });
        if is_old || takes_back {
            continue;
        }
        let entry =
            ProgressEntry { at: now, status, percent, note: None, evidence: Vec::new(), by: None, how: How::Document };
        let report = RecordedReport { entry, effect: Effect::Whole, done_on: None };
        insert(tx, scope, &task.id, &report).await?;
        if status.is_closed() {
            close(tx, scope, &task.id, now).await?;
        }
    }
    Ok(())
}

/// Ends what waits for a task that is done or cancelled: what is to be told of it, and a request for time.
pub(crate) async fn close(tx: &mut Tx, scope: &Scope, task: &TaskId, at: Timestamp) -> Result<()> {
    outbox::withdraw_task(tx, scope, task, at).await?;
    time_requests::end(tx, scope, task, at).await
}

/// Every report on every task, and who leads these, without what was told of recurring work, through a transaction or the
/// pool.
pub(crate) async fn read<'e>(executor: impl sqlx::Executor<'e, Database = Any>, school: &School) -> Result<Progress> {
    let scope = &school.scope();
    let rows = query(
        "SELECT task, at, status, percent, note, evidence, reporter, how, effect, leads, done_on FROM progress \
         WHERE organisation = $1 AND plan = $2 ORDER BY task, number",
    )
    .bind(scope.organisation.as_str())
    .bind(scope.plan.as_str())
    .fetch_all(executor)
    .await
    .doing(StoreStep::ReadProgress)?;
    let mut progress = Progress::default();
    school.note_leads(&mut progress);
    for row in &rows {
        let status: Status = parsed("progress", ExpectedValue::Status, text(row, "status")?)?;
        let evidence = text(row, "evidence")?;
        let entry = ProgressEntry {
            at: instant(row, "at")?,
            status,
            percent: optional_number(row, "percent")?.and_then(|percent| u8::try_from(percent).ok()),
            note: optional_text(row, "note")?,
            evidence: serde_json::from_str(&evidence)
                .map_err(|_| damaged("progress", ExpectedValue::EvidenceList, evidence.clone()))?,
            by: optional_text(row, "reporter")?,
            how: word(row, "how")?,
        };
        let report = RecordedReport { entry, effect: effect(row)?, done_on: optional_date(row, "done_on")? };
        progress.record(TaskId::new(&text(row, "task")?), report);
    }
    Ok(progress)
}

/// What a report changes; one of before counts for the whole task.
fn effect(row: &AnyRow) -> Result<Effect> {
    let Some(word) = optional_text(row, "effect")? else { return Ok(Effect::Whole) };
    let leads = optional_text(row, "leads")?.unwrap_or_else(|| "[]".to_owned());
    let names = serde_json::from_str(&leads).map_err(|_| damaged("progress", ExpectedValue::LeadList, leads))?;
    Effect::of(&word, names).ok_or_else(|| damaged("progress", ExpectedValue::ReportEffect, word))
}

async fn insert(tx: &mut Tx, scope: &Scope, task: &TaskId, report: &RecordedReport) -> Result<()> {
    let RecordedReport { entry, effect, done_on } = report;
    query(
        "INSERT INTO progress (organisation, plan, task, number, at, status, percent, note, evidence, reporter, how, effect, \
         leads, done_on) SELECT $1, $2, $3, COALESCE(MAX(number), 0) + 1, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13 FROM progress \
         WHERE organisation = $1 AND plan = $2 AND task = $3",
    )
    .bind(tx.organisation())
    .bind(scope.plan.as_str())
    .bind(task.as_str())
    .bind(entry.at.as_millisecond())
    .bind(entry.status.as_str())
    .bind(entry.percent.map(i64::from))
    .bind(entry.note.as_deref())
    .bind(serde_json::Value::from(entry.evidence.clone()).to_string())
    .bind(entry.by.as_deref())
    .bind(entry.how.as_str())
    .bind(effect.as_str())
    .bind(serde_json::Value::from(effect.leads().to_vec()).to_string())
    .bind(done_on.map(|day| day.to_string()))
    .execute(&mut **tx)
    .await
    .doing(StoreStep::KeepReport)?;
    Ok(())
}
