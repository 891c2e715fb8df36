//! Reports on tasks: append-only.

use jiff::Timestamp;
use sqlx::{Any, Row};

use crate::plan::{Plan, Reported, Status, TaskId};
use crate::progress::evidence::Proof;
use crate::progress::{Progress, ProgressEntry};

use super::evidence::{self, NewEvidence};
use super::links::{self, Form};
use super::outbox::NewNote;
use super::{Doing, Result, Scope, Store, Tx, damaged, instant, optional_number, optional_text, outbox, parsed, text};

/// A report on its way into the store, with all that belongs to it.
#[derive(Clone, Copy, Debug)]
pub struct NewReport<'a> {
    /// The task.
    pub task: &'a TaskId,
    /// What is reported.
    pub entry: &'a ProgressEntry,
    /// Where the evidence for the task is filed: `H1-1.4`.
    pub filed_under: &'a str,
    /// What proves it.
    pub things: &'a [Proof],
    /// Whom to tell what of it.
    pub notes: &'a [NewNote],
    /// The form it came by, which counts once.
    pub form: Option<Form<'a>>,
}

/// How a report that stands in the plan's document came.
const DOCUMENT: &str = "document";

impl Store {
    /// Every report on every task of the plan.
    ///
    /// # Errors
    /// When the database fails or holds what the program never writes.
    pub async fn progress(&self, scope: &Scope) -> Result<Progress> {
        read(&self.pool, scope).await
    }

    /// Adds a report. When it closes the task, what is still waiting to be told about it is withdrawn (rules of
    /// time, 9); when something stands in the way, the reminders are.
    ///
    /// # Errors
    /// When the database fails; then nothing is written.
    pub async fn report(&self, scope: &Scope, task: &TaskId, entry: &ProgressEntry) -> Result<()> {
        self.take_report(scope, &NewReport { task, entry, filed_under: "", things: &[], notes: &[], form: None })
            .await
            .map(drop)
    }

    /// Adds a report with what proves it, and the notes that follow from it. Returns the codes of the evidence, or `None`
    /// where the form that it came by was taken before: then nothing is written.
    ///
    /// # Errors
    /// When the database fails; then nothing is written.
    pub async fn take_report(&self, scope: &Scope, report: &NewReport<'_>) -> Result<Option<Vec<String>>> {
        let mut tx = self.begin().await?;
        if let Some(form) = report.form
            && !links::take(&mut tx, &scope.organisation, form).await?
        {
            return Ok(None);
        }
        let codes = take(&mut tx, scope, report).await?;
        tx.commit().await.doing("keeping a report")?;
        Ok(Some(codes))
    }

    /// How many reports there are; grows with each.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn report_count(&self, scope: &Scope) -> Result<i64> {
        let row = sqlx::query("SELECT COUNT(*) AS count FROM progress WHERE organisation = $1 AND plan = $2")
            .bind(scope.organisation.as_str())
            .bind(scope.plan.as_str())
            .fetch_one(&self.pool)
            .await
            .doing("counting reports")?;
        row.try_get("count").doing("counting reports")
    }
}

/// Adds a report with what proves it, and the notes that follow from it. Returns the codes of the evidence.
pub(super) async fn take(tx: &mut Tx, scope: &Scope, report: &NewReport<'_>) -> Result<Vec<String>> {
    let NewReport { task, entry, filed_under, things, notes, form: _ } = *report;
    let by = entry.by.as_deref();
    let new = NewEvidence { task, filed_under, at: entry.at, by, how: &entry.how, things };
    let codes = evidence::put(tx, scope, &new).await?;
    let proved = ProgressEntry { evidence: entry.evidence.iter().chain(&codes).cloned().collect(), ..entry.clone() };
    insert(tx, scope, task, &proved).await?;
    match entry.status {
        status if status.is_closed() => outbox::withdraw_task(tx, scope, task, entry.at).await?,
        Status::Blocked => outbox::withdraw_reminders(tx, scope, task, entry.at).await?,
        _ => {}
    }
    outbox::put_notes(tx, scope, notes, entry.at).await?;
    Ok(codes)
}

/// Takes up what a plan's document says of its tasks. What it said before is not said again, and what a person reported
/// is not taken back: a document is often older than it looks.
pub(super) async fn take_up(tx: &mut Tx, scope: &Scope, plan: &Plan, now: Timestamp) -> Result<()> {
    if plan.tasks.iter().all(|task| task.reported.is_none()) {
        return Ok(());
    }
    let progress = read(&mut **tx, scope).await?;
    for task in &plan.tasks {
        let Some(Reported { status, percent }) = task.reported else { continue };
        let before = progress.history(&task.id).iter().rev().find(|entry| entry.how == DOCUMENT);
        let is_old = before.is_some_and(|entry| (entry.status, entry.percent) == (status, percent));
        let takes_back = progress.latest(&task.id).is_some_and(|latest| {
            latest.how != DOCUMENT
                && (latest.status.is_closed()
                    || (!status.is_closed() && progress.percent(&task.id) >= percent.unwrap_or(0)))
        });
        if is_old || takes_back {
            continue;
        }
        let entry = ProgressEntry {
            at: now,
            status,
            percent,
            note: None,
            evidence: Vec::new(),
            by: None,
            how: DOCUMENT.to_owned(),
        };
        insert(tx, scope, &task.id, &entry).await?;
        if status.is_closed() {
            outbox::withdraw_task(tx, scope, &task.id, now).await?;
        }
    }
    Ok(())
}

/// Every report on every task, through a transaction or the pool.
pub(super) async fn read<'e>(executor: impl sqlx::Executor<'e, Database = Any>, scope: &Scope) -> Result<Progress> {
    let rows = sqlx::query(
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
            how: text(row, "how")?,
        };
        progress.add(TaskId::new(&text(row, "task")?), entry);
    }
    Ok(progress)
}

async fn insert(tx: &mut Tx, scope: &Scope, task: &TaskId, entry: &ProgressEntry) -> Result<()> {
    sqlx::query(
        "INSERT INTO progress (organisation, plan, task, number, at, status, percent, note, evidence, reporter, how) \
         SELECT $1, $2, $3, COALESCE(MAX(number), 0) + 1, $4, $5, $6, $7, $8, $9, $10 FROM progress \
         WHERE organisation = $1 AND plan = $2 AND task = $3",
    )
    .bind(scope.organisation.as_str())
    .bind(scope.plan.as_str())
    .bind(task.as_str())
    .bind(to_millisecond(entry.at))
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

fn to_millisecond(at: Timestamp) -> i64 {
    at.as_millisecond()
}
