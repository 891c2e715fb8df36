//! The queue as an admin sees it: what waits or failed, what was tried, and a second chance or an end for a message.

use jiff::Timestamp;
use sqlx::any::AnyRow;

use crate::plan::TaskId;
use crate::reason::Reason;
use crate::schedule::{NoticeKind, ReviewId};
use crate::store::letter::letter;
use crate::store::{
    Doing, Result, Scope, Store, StoreStep, instant, number, optional_reason, optional_text, query, reason, text, word,
};

use super::{AttemptOutcome, MessageKind, MessageState, StoredNotice, Why, stored_notice};

/// A message of the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its name for life.
    pub id: String,
    /// Where it is on its way.
    pub state: MessageState,
    /// What it is.
    pub class: MessageKind,
    /// Whom it is for.
    pub recipient: String,
    /// When it was put in.
    pub created_at: Timestamp,
    /// Not tried before this instant; for one that is over, when that was.
    pub not_before: Timestamp,
    /// What was said last, where anything was.
    pub reason: Option<Reason>,
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
    /// What came of it.
    pub outcome: AttemptOutcome,
    /// Why: what the other side said, or what happened instead.
    pub answer: Reason,
    /// The subject as it was sent.
    pub subject: Option<String>,
    /// The message as it was sent; kept only where it was.
    pub payload: Option<Vec<u8>>,
}

/// The messages of one state that are not over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue {
    /// Their state: waiting, being sent or dead.
    pub state: MessageState,
    /// How many there are.
    pub messages: i64,
    /// When the oldest of them was put in.
    pub oldest: Timestamp,
}

/// A message that waits to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Whom it is for.
    pub recipient: String,
    /// Not tried before this instant.
    pub not_before: Timestamp,
    /// What it tells.
    pub notices: Vec<StoredNotice>,
}

/// A message that could not be delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dead {
    /// The message.
    pub id: String,
    /// What it is.
    pub class: MessageKind,
    /// Whom it was for.
    pub recipient: String,
    /// When it was given up.
    pub at: Timestamp,
    /// Why.
    pub reason: Reason,
    /// Whether it may have arrived all the same: no answer came.
    pub may_have_arrived: bool,
    /// The tasks it was about.
    pub tasks: Vec<TaskId>,
    /// The review it was.
    pub review: Option<ReviewId>,
}

const NOTICES: &str = "SELECT position, subject, kind, day, on_date FROM notice WHERE organisation = $1 AND message = $2 \
                       AND state IN ('queued', 'dead', 'uncertain') ORDER BY position";

const COLUMNS: &str = "id, state, class, recipient, created_at, not_before, reason";

impl Store {
    /// How many messages are in each state that is not over; a state without messages is left out.
    ///
    /// # Errors
    /// When the database fails or holds what the program never writes.
    pub async fn queue(&self, organisation: &str) -> Result<Vec<Queue>> {
        let rows = query(
            "SELECT state, COUNT(*) AS messages, MIN(created_at) AS oldest FROM message \
             WHERE organisation = $1 AND state IN ('queued', 'sending', 'dead') GROUP BY state ORDER BY state",
        )
        .bind(organisation)
        .fetch_all(&self.database)
        .await
        .doing(StoreStep::CountMessages)?;
        rows.iter()
            .map(|row| {
                Ok(Queue {
                    state: word(row, "state")?,
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
        let rows = query(sqlx::AssertSqlSafe(sql))
            .bind(scope.organisation.as_str())
            .fetch_all(&self.database)
            .await
            .doing(StoreStep::LookIntoOutbox)?;
        rows.iter().map(listed).collect()
    }

    /// The messages that wait to be sent, by the instant before which each is not tried, with what they tell.
    ///
    /// # Errors
    /// When the database fails or holds what the program never writes.
    pub async fn waiting(&self, scope: &Scope) -> Result<Vec<Waiting>> {
        let rows = query(
            "SELECT id, recipient, not_before FROM message WHERE organisation = $1 AND plan = $2 \
             AND state IN ('queued', 'sending') ORDER BY not_before, number, id",
        )
        .bind(scope.organisation.as_str())
        .bind(scope.plan.as_str())
        .fetch_all(&self.database)
        .await
        .doing(StoreStep::LookIntoOutbox)?;
        let mut waiting = Vec::with_capacity(rows.len());
        for row in &rows {
            waiting.push(Waiting {
                recipient: text(row, "recipient")?,
                not_before: instant(row, "not_before")?,
                notices: self.notices_of(&scope.organisation, &text(row, "id")?).await?,
            });
        }
        Ok(waiting)
    }

    async fn notices_of(&self, organisation: &str, message: &str) -> Result<Vec<StoredNotice>> {
        let rows = query(NOTICES)
            .bind(organisation)
            .bind(message)
            .fetch_all(&self.database)
            .await
            .doing(StoreStep::ReadNoticesOfMessage)?;
        rows.iter().map(stored_notice).collect()
    }

    /// The messages that could not be delivered, or may not have arrived, from `from` up to, but not at, `to`; oldest first.
    ///
    /// # Errors
    /// When the database fails or holds what the program never writes.
    pub async fn dead(&self, scope: &Scope, from: Timestamp, to: Timestamp) -> Result<Vec<Dead>> {
        let rows = query(
            "SELECT m.id AS id, m.class AS class, m.recipient AS recipient, m.not_before AS at, m.reason AS reason, \
             m.state AS state FROM message m WHERE m.organisation = $1 AND m.plan = $2 \
             AND (m.state = 'dead' OR m.state = 'uncertain') AND m.not_before >= $3 AND m.not_before < $4 ORDER BY m.not_before, m.number, m.id",
        )
        .bind(scope.organisation.as_str())
        .bind(scope.plan.as_str())
        .bind(from.as_millisecond())
        .bind(to.as_millisecond())
        .fetch_all(&self.database)
        .await
        .doing(StoreStep::ReadFailed)?;
        let mut dead = Vec::with_capacity(rows.len());
        for row in &rows {
            let id = text(row, "id")?;
            let notices = self.notices_of(&scope.organisation, &id).await?;
            dead.push(Dead {
                id,
                class: word(row, "class")?,
                recipient: text(row, "recipient")?,
                at: instant(row, "at")?,
                reason: optional_reason(row, "reason")?.unwrap_or_default(),
                may_have_arrived: word::<MessageState>(row, "state")? == MessageState::Uncertain,
                tasks: notices.iter().filter_map(|notice| notice.task.clone()).collect(),
                review: notices.iter().find_map(|notice| match notice.kind {
                    NoticeKind::Review(review) => Some(review),
                    _ => None,
                }),
            });
        }
        Ok(dead)
    }

    /// The messages whose id begins so; `id` holds hexadecimal digits only.
    ///
    /// # Errors
    /// When the database fails or holds what the program never writes.
    pub async fn find_messages(&self, scope: &Scope, id: &str) -> Result<Vec<Listed>> {
        let sql = format!("SELECT {COLUMNS} FROM message WHERE organisation = $1 AND id LIKE $2 ORDER BY id LIMIT 10");
        let rows = query(sqlx::AssertSqlSafe(sql))
            .bind(scope.organisation.as_str())
            .bind(format!("{}%", id.to_lowercase()))
            .fetch_all(&self.database)
            .await
            .doing(StoreStep::FindMessage)?;
        rows.iter().map(listed).collect()
    }

    /// What a message tells, or told.
    ///
    /// # Errors
    /// When the database fails or holds what the program never writes.
    pub async fn told_by(&self, scope: &Scope, id: &str) -> Result<Vec<StoredNotice>> {
        let rows = query(
            "SELECT position, subject, kind, day, on_date FROM notice WHERE organisation = $1 AND message = $2 \
             ORDER BY position",
        )
        .bind(scope.organisation.as_str())
        .bind(id)
        .fetch_all(&self.database)
        .await
        .doing(StoreStep::ReadNoticesOfMessage)?;
        rows.iter().map(stored_notice).collect()
    }

    /// Every attempt to deliver a message, oldest first.
    ///
    /// # Errors
    /// When the database fails or holds what the program never writes.
    pub async fn attempts(&self, scope: &Scope, id: &str) -> Result<Vec<PastAttempt>> {
        let rows = query(
            "SELECT at, channel, address, outcome, answer, subject, payload FROM delivery \
             WHERE organisation = $1 AND message = $2 ORDER BY attempt",
        )
        .bind(scope.organisation.as_str())
        .bind(id)
        .fetch_all(&self.database)
        .await
        .doing(StoreStep::ReadAttempts)?;
        rows.iter().map(attempt).collect()
    }

    /// Gives a message that failed or waits another chance, now and from the recipient's first channel. Returns
    /// whether it was one that failed or waits.
    ///
    /// # Errors
    /// When the database fails; then nothing is written.
    pub async fn retry(&self, scope: &Scope, id: &str, now: Timestamp) -> Result<bool> {
        let mut tx = self.begin(&scope.organisation).await?;
        let changed = query(
            "UPDATE message SET state = 'queued', not_before = $3, due_at = $3, tries = 0, channel_index = 0, created_at = $3, \
             rendered_at = NULL \
             WHERE organisation = $1 AND id = $2 AND state IN ('queued', 'dead', 'uncertain')",
        )
        .bind(tx.organisation())
        .bind(id)
        .bind(now.as_millisecond())
        .execute(&mut *tx)
        .await
        .doing(StoreStep::Requeue)?;
        query(
            "UPDATE notice SET state = 'queued' WHERE organisation = $1 AND message = $2 AND state IN ('dead', 'uncertain')",
        )
            .bind(tx.organisation())
            .bind(id)
            .execute(&mut *tx)
            .await
            .doing(StoreStep::Requeue)?;
        tx.commit(StoreStep::Requeue).await?;
        Ok(changed.rows_affected() > 0)
    }

    /// Takes a message that failed or waits out of the queue for good. Returns whether it was one.
    ///
    /// # Errors
    /// When the database fails; then nothing is written.
    pub async fn drop_message(&self, scope: &Scope, id: &str, now: Timestamp) -> Result<bool> {
        let mut tx = self.begin(&scope.organisation).await?;
        let changed = query(
            "UPDATE message SET state = 'withdrawn' WHERE organisation = $1 AND id = $2 AND state IN ('queued', 'dead')",
        )
        .bind(tx.organisation())
        .bind(id)
        .execute(&mut *tx)
        .await
        .doing(StoreStep::Dequeue)?;
        if changed.rows_affected() > 0 {
            query(
                "UPDATE notice SET state = 'withdrawn', why = $3, ended_at = $4 \
                 WHERE organisation = $1 AND message = $2 AND state IN ('queued', 'dead')",
            )
            .bind(tx.organisation())
            .bind(id)
            .bind(Why::Dropped.as_str())
            .bind(now.as_millisecond())
            .execute(&mut *tx)
            .await
            .doing(StoreStep::Dequeue)?;
        }
        tx.commit(StoreStep::Dequeue).await?;
        Ok(changed.rows_affected() > 0)
    }
}

fn listed(row: &AnyRow) -> Result<Listed> {
    Ok(Listed {
        id: text(row, "id")?,
        state: word(row, "state")?,
        class: word(row, "class")?,
        recipient: text(row, "recipient")?,
        created_at: instant(row, "created_at")?,
        not_before: instant(row, "not_before")?,
        reason: optional_reason(row, "reason")?,
    })
}

fn attempt(row: &AnyRow) -> Result<PastAttempt> {
    Ok(PastAttempt {
        at: instant(row, "at")?,
        channel: text(row, "channel")?,
        address: optional_text(row, "address")?,
        outcome: word(row, "outcome")?,
        answer: reason(row, "answer")?,
        subject: optional_text(row, "subject")?,
        payload: letter(row, "payload")?,
    })
}
