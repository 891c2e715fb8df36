//! Reports on tasks: append-only.

use jiff::Timestamp;
use sqlx::{Any, Row};

use crate::plan::{Plan, Reported, Status, TaskId};
use crate::progress::evidence::Proof;
use crate::progress::{How, Progress, ProgressEntry};

use super::attestations;
use super::evidence::{self, NewEvidence};
use super::{
    Doing, Result, Scope, Store, Tx, damaged, instant, optional_number, optional_text, outbox, parsed, query, text,
    time_requests, word,
};

/// A report on its way into the store.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewReport<'a> {
    /// The task.
    pub(crate) task: &'a TaskId,
    /// What is reported.
    pub(crate) entry: &'a ProgressEntry,
    /// Where the evidence for the task is filed: `H1-1.4`.
    pub(crate) filed_under: &'a str,
    /// What proves it.
    pub(crate) proofs: &'a [Proof],
}

impl Store {
    /// Every report on every task of the plan.
    ///
    /// # Errors
    /// When the database fails or holds what the program never writes.
    pub async fn progress(&self, scope: &Scope) -> Result<Progress> {
        let mut progress = read(&self.database, scope).await?;
        attestations::read_into(&mut progress, &self.database, scope).await?;
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
        .doing("counting reports")?;
        row.try_get("count").doing("counting reports")
    }
}

/// Adds a report with what proves it, and returns the codes of the evidence. When the report closes the task, what is
/// still waiting to be told about it is withdrawn (rules of time, 9); when something is in the way of the task, its
/// reminders are.
pub(crate) async fn put(tx: &mut Tx, scope: &Scope, report: &NewReport<'_>) -> Result<Vec<String>> {
    let NewReport { task, entry, filed_under, proofs } = *report;
    let by = entry.by.as_deref();
    let new = NewEvidence { task, filed_under, at: entry.at, by, how: entry.how, things: proofs };
    let codes = evidence::put(tx, scope, &new).await?;
    let proved = ProgressEntry { evidence: entry.evidence.iter().chain(&codes).cloned().collect(), ..entry.clone() };
    insert(tx, scope, task, &proved).await?;
    match entry.status {
        status if status.is_closed() => close(tx, scope, task, entry.at).await?,
        Status::Blocked => outbox::withdraw_reminders(tx, scope, task, entry.at).await?,
        _ => {}
    }
    Ok(codes)
}

/// Takes up what a plan's document says of its tasks. What it said before is not said again, and what a person reported
/// is not taken back: a document is often older than it looks.
pub(crate) async fn take_up(tx: &mut Tx, scope: &Scope, plan: &Plan, now: Timestamp) -> Result<()> {
    if plan.tasks.iter().all(|task| task.reported.is_none()) {
        return Ok(());
    }
    let progress = read(&mut **tx, scope).await?;
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
        insert(tx, scope, &task.id, &entry).await?;
        if status.is_closed() {
            close(tx, scope, &task.id, now).await?;
        }
    }
    Ok(())
}

/// Ends what waits for a task that is done or cancelled: what is to be told of it, and a request for time.
async fn close(tx: &mut Tx, scope: &Scope, task: &TaskId, at: Timestamp) -> Result<()> {
    outbox::withdraw_task(tx, scope, task, at).await?;
    time_requests::end(tx, scope, task, at).await
}

/// Every report on every task, without what was told of recurring work, through a transaction or the pool.
pub(crate) async fn read<'e>(executor: impl sqlx::Executor<'e, Database = Any>, scope: &Scope) -> Result<Progress> {
    let rows = query(
        "SELECT task, at, status, percent, note, evidence, reporter, how FROM progress \
         WHERE organisation = $1 AND plan = $2 ORDER BY task, number",
    )
    .bind(scope.organisation.as_str())
    .bind(scope.plan.as_str())
    .fetch_all(executor)
    .await
    .doing("reading progress")?;
    let mut progress = Progress::default();
    for row in &rows {
        let status: Status = parsed("progress", "a status", text(row, "status")?)?;
        let evidence = text(row, "evidence")?;
        let entry = ProgressEntry {
            at: instant(row, "at")?,
            status,
            percent: optional_number(row, "percent")?.and_then(|percent| u8::try_from(percent).ok()),
            note: optional_text(row, "note")?,
            evidence: serde_json::from_str(&evidence)
                .map_err(|_| damaged("progress", "a list of evidence", evidence.clone()))?,
            by: optional_text(row, "reporter")?,
            how: word(row, "how")?,
        };
        progress.add(TaskId::new(&text(row, "task")?), entry);
    }
    Ok(progress)
}

async fn insert(tx: &mut Tx, scope: &Scope, task: &TaskId, entry: &ProgressEntry) -> Result<()> {
    query(
        "INSERT INTO progress (organisation, plan, task, number, at, status, percent, note, evidence, reporter, how) \
         SELECT $1, $2, $3, COALESCE(MAX(number), 0) + 1, $4, $5, $6, $7, $8, $9, $10 FROM progress \
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
    .execute(&mut **tx)
    .await
    .doing("keeping a report")?;
    Ok(())
}
