//! The queue as an admin sees it: what waits or failed, what was tried, and a second chance or an end for a message.

use jiff::Timestamp;
use sqlx::any::AnyRow;

use crate::school::Scope;
use crate::store::{Doing, Result, Store, instant, number, optional_text, text};

use super::{MessageKind, StoredNotice, Why};

/// A message of the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its name for life.
    pub id: String,
    /// `queued`, `sending`, `sent`, `dead` or `withdrawn`.
    pub state: String,
    /// What it is.
    pub class: MessageKind,
    /// Whom it is for.
    pub recipient: String,
    /// When it was put in.
    pub created_at: Timestamp,
    /// Not tried before this instant; for one that is over, when that was.
    pub not_before: Timestamp,
    /// What was said last, where anything was.
    pub reason: Option<String>,
}

/// One attempt to deliver a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastAttempt {
    /// When.
    pub at: Timestamp,
    /// Over which channel.
    pub channel: String,
    /// Where to.
    pub address: Option<String>,
    /// `sent`, `temporary`, `permanent`, `channel` or `uncertain`.
    pub outcome: String,
    /// What the other side said.
    pub answer: String,
    /// The subject as it was sent.
    pub subject: Option<String>,
    /// The message as it was sent; kept only where it was.
    pub payload: Option<Vec<u8>>,
}

/// The messages of one state that are not over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue {
    /// `queued`, `sending` or `dead`.
    pub state: String,
    /// How many there are.
    pub messages: i64,
    /// When the oldest of them was put in.
    pub oldest: Timestamp,
}

const COLUMNS: &str = "id, state, class, recipient, created_at, not_before, reason";

impl Store {
    /// How many messages are in each state that is not over; a state without messages is left out.
    ///
    /// # Errors
    /// When the database fails or holds what the program never writes.
    pub async fn queue(&self, organisation: &str) -> Result<Vec<Queue>> {
        let rows = sqlx::query(
            "SELECT state, COUNT(*) AS messages, MIN(created_at) AS oldest FROM message \
             WHERE organisation = $1 AND state IN ('queued', 'sending', 'dead') GROUP BY state ORDER BY state",
        )
        .bind(organisation)
        .fetch_all(&self.pool)
        .await
        .doing("counting messages")?;
        rows.iter()
            .map(|row| {
                Ok(Queue {
                    state: text(row, "state")?,
                    messages: number(row, "messages")?,
                    oldest: instant(row, "oldest")?,
                })
            })
            .collect()
    }

    /// The messages that wait, are on their way or failed, oldest first.
    ///
    /// # Errors
    /// When the database fails or holds what the program never writes.
    pub async fn unfinished(&self, scope: &Scope) -> Result<Vec<Listed>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM message WHERE organisation = $1 AND state IN ('queued', 'sending', 'dead') \
             ORDER BY created_at, number, id"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(scope.organisation.as_str())
            .fetch_all(&self.pool)
            .await
            .doing("looking into the outbox")?;
        rows.iter().map(listed).collect()
    }

    /// The messages whose id begins so; `id` holds hexadecimal digits only.
    ///
    /// # Errors
    /// When the database fails or holds what the program never writes.
    pub async fn find_messages(&self, scope: &Scope, id: &str) -> Result<Vec<Listed>> {
        let sql = format!("SELECT {COLUMNS} FROM message WHERE organisation = $1 AND id LIKE $2 ORDER BY id LIMIT 10");
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(scope.organisation.as_str())
            .bind(format!("{id}%"))
            .fetch_all(&self.pool)
            .await
            .doing("looking for a message")?;
        rows.iter().map(listed).collect()
    }

    /// What a message tells, or told.
    ///
    /// # Errors
    /// When the database fails or holds what the program never writes.
    pub async fn told_by(&self, scope: &Scope, id: &str) -> Result<Vec<StoredNotice>> {
        let rows = sqlx::query(
            "SELECT position, subject, kind, day, on_date FROM notice WHERE organisation = $1 AND message = $2 \
             ORDER BY position",
        )
        .bind(scope.organisation.as_str())
        .bind(id)
        .fetch_all(&self.pool)
        .await
        .doing("reading the notices of a message")?;
        rows.iter().map(super::stored_notice).collect()
    }

    /// Every attempt to deliver a message, oldest first.
    ///
    /// # Errors
    /// When the database fails or holds what the program never writes.
    pub async fn attempts(&self, scope: &Scope, id: &str) -> Result<Vec<PastAttempt>> {
        let rows = sqlx::query(
            "SELECT at, channel, address, outcome, answer, subject, payload FROM delivery \
             WHERE organisation = $1 AND message = $2 ORDER BY attempt",
        )
        .bind(scope.organisation.as_str())
        .bind(id)
        .fetch_all(&self.pool)
        .await
        .doing("reading what was tried")?;
        rows.iter().map(attempt).collect()
    }

    /// Gives a message that failed or waits another chance, now and from the recipient's first channel. Returns
    /// whether it was one that failed or waits.
    ///
    /// # Errors
    /// When the database fails; then nothing is written.
    pub async fn retry(&self, scope: &Scope, id: &str, now: Timestamp) -> Result<bool> {
        let mut tx = self.begin(&scope.organisation).await?;
        let changed = sqlx::query(
            "UPDATE message SET state = 'queued', not_before = $3, tries = 0, channel_index = 0, created_at = $3 \
             WHERE organisation = $1 AND id = $2 AND state IN ('queued', 'dead')",
        )
        .bind(scope.organisation.as_str())
        .bind(id)
        .bind(now.as_millisecond())
        .execute(&mut *tx)
        .await
        .doing("putting a message back into the queue")?;
        sqlx::query("UPDATE notice SET state = 'queued' WHERE organisation = $1 AND message = $2 AND state = 'dead'")
            .bind(scope.organisation.as_str())
            .bind(id)
            .execute(&mut *tx)
            .await
            .doing("putting a message back into the queue")?;
        tx.commit("putting a message back into the queue").await?;
        Ok(changed.rows_affected() > 0)
    }

    /// Takes a message that failed or waits out of the queue for good. Returns whether it was one.
    ///
    /// # Errors
    /// When the database fails; then nothing is written.
    pub async fn drop_message(&self, scope: &Scope, id: &str, now: Timestamp) -> Result<bool> {
        let mut tx = self.begin(&scope.organisation).await?;
        let changed = sqlx::query(
            "UPDATE message SET state = 'withdrawn' WHERE organisation = $1 AND id = $2 AND state IN ('queued', 'dead')",
        )
        .bind(scope.organisation.as_str())
        .bind(id)
        .execute(&mut *tx)
        .await
        .doing("taking a message out of the queue")?;
        if changed.rows_affected() > 0 {
            sqlx::query(
                "UPDATE notice SET state = 'withdrawn', why = $3, ended_at = $4 \
                 WHERE organisation = $1 AND message = $2 AND state IN ('queued', 'dead')",
            )
            .bind(scope.organisation.as_str())
            .bind(id)
            .bind(Why::Dropped.as_str())
            .bind(now.as_millisecond())
            .execute(&mut *tx)
            .await
            .doing("taking a message out of the queue")?;
        }
        tx.commit("taking a message out of the queue").await?;
        Ok(changed.rows_affected() > 0)
    }
}

fn listed(row: &AnyRow) -> Result<Listed> {
    Ok(Listed {
        id: text(row, "id")?,
        state: text(row, "state")?,
        class: MessageKind::read(text(row, "class")?)?,
        recipient: text(row, "recipient")?,
        created_at: instant(row, "created_at")?,
        not_before: instant(row, "not_before")?,
        reason: optional_text(row, "reason")?,
    })
}

fn attempt(row: &AnyRow) -> Result<PastAttempt> {
    use sqlx::Row;

    Ok(PastAttempt {
        at: instant(row, "at")?,
        channel: text(row, "channel")?,
        address: optional_text(row, "address")?,
        outcome: text(row, "outcome")?,
        answer: text(row, "answer")?,
        subject: optional_text(row, "subject")?,
        payload: row.try_get::<Option<Vec<u8>>, _>("payload").doing("reading a message as it was sent")?,
    })
}
