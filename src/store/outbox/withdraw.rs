//! What waits and is not to be told any more.

use jiff::Timestamp;

use crate::plan::TaskId;
use crate::school::Scope;
use crate::store::notices::RecordedNotice;
use crate::store::{Doing, Result, Tx, damaged};

/// Why a notice is not told, or no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Why {
    /// The task is done or cancelled (rules of time, 9).
    Closed,
    /// It no longer follows from the plan (rules of time, 9).
    Plan,
    /// A later notice takes its place (rules of time, 10; rules of delivery, 4).
    Later,
    /// It was found missing too late (rules of time, 10).
    Stale,
    /// The admin took it out of the queue.
    Dropped,
    /// Something stands in the way of the task: those who cannot go on are not pressed.
    Blocked,
}

impl Why {
    const ALL: [Self; 6] = [Self::Closed, Self::Plan, Self::Later, Self::Stale, Self::Dropped, Self::Blocked];

    /// The word of the store and of the JSON output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Plan => "plan",
            Self::Later => "later",
            Self::Stale => "stale",
            Self::Dropped => "dropped",
            Self::Blocked => "blocked",
        }
    }

    pub(in crate::store) fn read(word: String) -> Result<Self> {
        Self::ALL.into_iter().find(|why| why.as_str() == word).ok_or_else(|| damaged("notice", "a reason", word))
    }
}

/// Whether any message waits to be sent.
pub(crate) async fn anything_waits(tx: &mut Tx, scope: &Scope) -> Result<bool> {
    let row = sqlx::query("SELECT id FROM message WHERE organisation = $1 AND state = 'queued' LIMIT 1")
        .bind(scope.organisation.as_str())
        .fetch_optional(&mut **tx)
        .await
        .doing("looking into the outbox")?;
    Ok(row.is_some())
}

/// Withdraws what waits to be told to a person about a task: something newer takes its place (rules of delivery, 4).
pub(crate) async fn withdraw_for(
    tx: &mut Tx,
    scope: &Scope,
    task: &TaskId,
    recipient: &str,
    now: Timestamp,
) -> Result<()> {
    sqlx::query(
        "UPDATE notice SET state = 'withdrawn', why = $5, ended_at = $6 WHERE organisation = $1 AND plan = $2 AND subject = $3 \
         AND recipient = $4 AND state = 'queued'",
    )
    .bind(scope.organisation.as_str())
    .bind(scope.plan.as_str())
    .bind(task.as_str())
    .bind(recipient)
    .bind(Why::Later.as_str())
    .bind(now.as_millisecond())
    .execute(&mut **tx)
    .await
    .doing("withdrawing an older notice")?;
    Ok(())
}

/// Withdraws everything that waits to be told about a task.
pub(crate) async fn withdraw_task(tx: &mut Tx, scope: &Scope, task: &TaskId, now: Timestamp) -> Result<()> {
    sqlx::query(
        "UPDATE notice SET state = 'withdrawn', why = $4, ended_at = $5 WHERE organisation = $1 AND plan = $2 AND subject = $3 \
         AND state = 'queued' AND kind NOT LIKE 'review:%'",
    )
    .bind(scope.organisation.as_str())
    .bind(scope.plan.as_str())
    .bind(task.as_str())
    .bind(Why::Closed.as_str())
    .bind(now.as_millisecond())
    .execute(&mut **tx)
    .await
    .doing("withdrawing the notices of a task")?;
    withdraw_empty(tx, scope).await
}

/// Withdraws what waits to press those who cannot go on with a task.
pub(crate) async fn withdraw_reminders(tx: &mut Tx, scope: &Scope, task: &TaskId, now: Timestamp) -> Result<()> {
    sqlx::query(
        "UPDATE notice SET state = 'withdrawn', why = $4, ended_at = $5 WHERE organisation = $1 AND plan = $2 AND subject = $3 \
         AND state = 'queued' AND (kind = 'start' OR kind LIKE 'before:%' OR kind LIKE 'overdue:%')",
    )
    .bind(scope.organisation.as_str())
    .bind(scope.plan.as_str())
    .bind(task.as_str())
    .bind(Why::Blocked.as_str())
    .bind(now.as_millisecond())
    .execute(&mut **tx)
    .await
    .doing("withdrawing the reminders of a task")?;
    withdraw_empty(tx, scope).await
}

/// Withdraws a notice that no longer follows from the plan.
pub(crate) async fn withdraw_notice(tx: &mut Tx, scope: &Scope, notice: &RecordedNotice, now: Timestamp) -> Result<()> {
    let subject = notice.task.as_ref().map_or_else(
        || notice.kind.review().map(|review| review.to_string()).unwrap_or_default(),
        |task| task.as_str().to_owned(),
    );
    sqlx::query(
        "UPDATE notice SET state = 'withdrawn', why = $7, ended_at = $8 WHERE organisation = $1 AND plan = $2 AND subject = $3 \
         AND kind = $4 AND recipient = $5 AND day = $6",
    )
    .bind(scope.organisation.as_str())
    .bind(scope.plan.as_str())
    .bind(subject)
    .bind(notice.kind.to_string())
    .bind(notice.recipient.as_str())
    .bind(notice.day.to_string())
    .bind(Why::Plan.as_str())
    .bind(now.as_millisecond())
    .execute(&mut **tx)
    .await
    .doing("withdrawing a notice")?;
    Ok(())
}

/// Withdraws the messages that have nothing left to tell.
pub(crate) async fn withdraw_empty(tx: &mut Tx, scope: &Scope) -> Result<()> {
    sqlx::query(
        "UPDATE message SET state = 'withdrawn' WHERE organisation = $1 AND state = 'queued' AND class IN ('reminder', 'review') \
         AND NOT EXISTS (SELECT 1 FROM notice WHERE notice.organisation = message.organisation \
         AND notice.message = message.id AND notice.state = 'queued')",
    )
    .bind(scope.organisation.as_str())
    .execute(&mut **tx)
    .await
    .doing("withdrawing empty messages")?;
    Ok(())
}
