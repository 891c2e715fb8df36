//! What is known of each piece of evidence; the files themselves are in [`evidence_store`](crate::evidence_store).

use jiff::Timestamp;
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::plan::TaskId;
use crate::progress::How;
use crate::progress::evidence::{Evidence, Proof, code};

use super::outbox::MessageKind;
use super::{
    Doing, ExpectedValue, Result, Scope, Store, StoreStep, Tx, damaged, instant, number, optional_number,
    optional_text, query, text, word,
};

/// Evidence on its way into the store.
#[derive(Clone, Copy, Debug)]
pub struct NewEvidence<'a> {
    /// The task that it is for.
    pub task: &'a TaskId,
    /// Where it is filed: `H1-1.4`.
    pub filed_under: &'a str,
    /// When it was handed in.
    pub at: Timestamp,
    /// By whom.
    pub by: Option<&'a str>,
    /// By which way.
    pub how: How,
    /// What was handed in.
    pub things: &'a [Proof],
}

impl Store {
    /// All evidence for the tasks of a plan, by code.
    ///
    /// # Errors
    /// When the database fails or holds what the program never writes.
    pub async fn evidence(&self, scope: &Scope) -> Result<Vec<Evidence>> {
        let rows = query(
            "SELECT code, task, number, at, reporter, how, name, hash, media_type, size FROM evidence \
             WHERE organisation = $1 AND plan = $2 ORDER BY shelf, number",
        )
        .bind(scope.organisation.as_str())
        .bind(scope.plan.as_str())
        .fetch_all(&self.database)
        .await
        .doing(StoreStep::ReadEvidence)?;
        rows.iter().map(evidence).collect()
    }

    /// Whether a report of any school names the file with this hash.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_evidence(&self, hash: &str) -> Result<bool> {
        let found =
            query("SELECT code FROM evidence WHERE hash = $1 LIMIT 1").bind(hash).fetch_optional(&self.database).await;
        Ok(found.doing(StoreStep::FindFileReport)?.is_some())
    }

    /// Whether a note that was written since `since` asks about the file with this hash.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_asked_about(&self, hash: &str, since: Timestamp) -> Result<bool> {
        let found = query("SELECT id FROM message WHERE class = $1 AND created_at >= $2 AND alert LIKE $3 LIMIT 1")
            .bind(MessageKind::Note.as_str())
            .bind(since.as_millisecond())
            .bind(format!("%{hash}%"))
            .fetch_optional(&self.database)
            .await
            .doing(StoreStep::FindFileQuestion)?;
        Ok(found.is_some())
    }
}

fn evidence(row: &AnyRow) -> Result<Evidence> {
    let name = text(row, "name")?;
    let thing = match optional_text(row, "hash")? {
        None => Proof::Link(name),
        Some(hash) => {
            let size = optional_number(row, "size")?.unwrap_or_default();
            let media_type = optional_text(row, "media_type")?.unwrap_or_default();
            let size = u64::try_from(size).map_err(|_| damaged("evidence", ExpectedValue::Size, size.to_string()))?;
            Proof::File { hash, name, media_type, size }
        }
    };
    let running = number(row, "number")?;
    Ok(Evidence {
        code: text(row, "code")?,
        task: TaskId::new(&text(row, "task")?),
        number: u32::try_from(running).map_err(|_| damaged("evidence", ExpectedValue::Number, running.to_string()))?,
        at: instant(row, "at")?,
        by: optional_text(row, "reporter")?,
        how: word(row, "how")?,
        proof: thing,
    })
}

/// Notes what was handed in and gives each piece its code. What was handed in for the task before keeps the code that it
/// has.
pub(super) async fn put(tx: &mut Tx, scope: &Scope, new: &NewEvidence<'_>) -> Result<Vec<String>> {
    let mut codes = Vec::with_capacity(new.things.len());
    for thing in new.things {
        let code = match known(tx, scope, new.task, thing).await? {
            Some(code) => code,
            None => put_one(tx, scope, new, thing).await?,
        };
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    Ok(codes)
}

async fn known(tx: &mut Tx, scope: &Scope, task: &TaskId, thing: &Proof) -> Result<Option<String>> {
    let same = match thing {
        Proof::File { .. } => "hash = $4",
        Proof::Link(_) => "hash IS NULL AND name = $4",
    };
    let what = match thing {
        Proof::File { hash, .. } => hash,
        Proof::Link(address) => address,
    };
    let sql = format!("SELECT code FROM evidence WHERE organisation = $1 AND plan = $2 AND task = $3 AND {same}");
    let row = query(sqlx::AssertSqlSafe(sql))
        .bind(tx.organisation())
        .bind(scope.plan.as_str())
        .bind(task.as_str())
        .bind(what.as_str())
        .fetch_optional(&mut **tx)
        .await
        .doing(StoreStep::FindEvidence)?;
    row.map(|row| text(&row, "code")).transpose()
}

async fn put_one(tx: &mut Tx, scope: &Scope, new: &NewEvidence<'_>, thing: &Proof) -> Result<String> {
    let row = query(
        "SELECT COALESCE(MAX(number), 0) + 1 AS number FROM evidence \
         WHERE organisation = $1 AND plan = $2 AND shelf = $3",
    )
    .bind(tx.organisation())
    .bind(scope.plan.as_str())
    .bind(new.filed_under)
    .fetch_one(&mut **tx)
    .await
    .doing(StoreStep::NumberEvidence)?;
    let number: i64 = row.try_get("number").doing(StoreStep::NumberEvidence)?;
    let code = code(new.filed_under, u32::try_from(number).unwrap_or(u32::MAX));
    let (hash, media_type, size) = match thing {
        Proof::File { hash, media_type, size, .. } => {
            (Some(hash.as_str()), Some(media_type.as_str()), Some(i64::try_from(*size).unwrap_or(i64::MAX)))
        }
        Proof::Link(_) => (None, None, None),
    };
    query(
        "INSERT INTO evidence (organisation, plan, code, shelf, number, task, at, reporter, how, name, hash, media_type, \
         size) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind(tx.organisation())
    .bind(scope.plan.as_str())
    .bind(code.as_str())
    .bind(new.filed_under)
    .bind(number)
    .bind(new.task.as_str())
    .bind(new.at.as_millisecond())
    .bind(new.by)
    .bind(new.how.as_str())
    .bind(thing.name())
    .bind(hash)
    .bind(media_type)
    .bind(size)
    .execute(&mut **tx)
    .await
    .doing(StoreStep::KeepEvidence)?;
    Ok(code)
}
