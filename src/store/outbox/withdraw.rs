//! What waits and is not to be told any more.

use jiff::Timestamp;

use crate::closed_set::closed_set;
use crate::plan::TaskId;
use crate::store::notices::RecordedNotice;
use crate::store::{Doing, Result, Scope, StoreStep, Tx, query};

closed_set! {
    /// Why a notice is not told, or no more.
    pub enum Why {
        /// The task is done or cancelled (rules of time, 9).
        Closed = "closed",
        /// It no longer follows from the plan (rules of time, 9).
        Plan = "plan",
        /// A later notice takes its place (rules of time, 10; rules of delivery, 4).
        Later = "later",
        /// It was found missing too late (rules of time, 10).
        Stale = "stale",
        /// The admin took it out of the queue.
        Dropped = "dropped",
        /// Something stands in the way of the task: those who cannot go on are not pressed.
        Blocked = "blocked",
        /// Its recipient has done their part of the task.
        PartDone = "part_done",
        /// A superior leads the task themselves (rules of time, 6).
        Leads = "leads",
        /// A more urgent one of the same task goes out on the same date (rules of time, 7).
        Urgent = "urgent",
        /// Progress was reported lately, or another notice asks for it these days (rules of time, 12).
        Asked = "asked",
        /// The review for which it asks is made (rules of time, 10).
        Lapsed = "lapsed",
    }
}

/// Whether any message waits to be sent.
pub(crate) async fn anything_waits(tx: &mut Tx) -> Result<bool> {
    let row = query("SELECT id FROM message WHERE organisation = $1 AND state = 'queued' LIMIT 1")
        .bind(tx.organisation())
        .fetch_optional(&mut **tx)
        .await
        .doing(StoreStep::LookIntoOutbox)?;
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
    query(
        "UPDATE notice SET state = 'withdrawn', why = $5, ended_at = $6 WHERE organisation = $1 AND plan = $2 AND subject = $3 \
         AND recipient = $4 AND state = 'queued'",
    )
    .bind(tx.organisation())
    .bind(scope.plan.as_str())
    .bind(task.as_str())
    .bind(recipient)
    .bind(Why::Later.as_str())
    .bind(now.as_millisecond())
    .execute(&mut **tx)
    .await
    .doing(StoreStep::WithdrawOlder)?;
    Ok(())
}

/// Withdraws everything that waits to be told about a task.
pub(crate) async fn withdraw_task(tx: &mut Tx, scope: &Scope, task: &TaskId, now: Timestamp) -> Result<()> {
    query(
        "UPDATE notice SET state = 'withdrawn', why = $4, ended_at = $5 WHERE organisation = $1 AND plan = $2 AND subject = $3 \
         AND state = 'queued' AND kind NOT LIKE 'review:%'",
    )
    .bind(tx.organisation())
    .bind(scope.plan.as_str())
    .bind(task.as_str())
    .bind(Why::Closed.as_str())
    .bind(now.as_millisecond())
    .execute(&mut **tx)
    .await
    .doing(StoreStep::WithdrawTask)?;
    withdraw_empty(tx).await
}

/// Withdraws what waits to press a lead who cannot go on with a task, or to ask one who has done their part.
pub(crate) async fn withdraw_part(
    tx: &mut Tx,
    scope: &Scope,
    task: &TaskId,
    lead: &str,
    (why, now): (Why, Timestamp),
) -> Result<()> {
    query(
        "UPDATE notice SET state = 'withdrawn', why = $4, ended_at = $5 WHERE organisation = $1 AND plan = $2 AND subject = $3 \
         AND recipient = $6 AND state = 'queued' AND (kind = 'start' OR kind LIKE 'before:%' OR kind LIKE 'overdue:%' \
         OR $4 = 'part_done' AND kind LIKE 'self_check:%')",
    )
    .bind(tx.organisation())
    .bind(scope.plan.as_str())
    .bind(task.as_str())
    .bind(why.as_str())
    .bind(now.as_millisecond())
    .bind(lead)
    .execute(&mut **tx)
    .await
    .doing(StoreStep::WithdrawLead)?;
    Ok(())
}

/// Withdraws a notice that no longer follows from the plan.
pub(crate) async fn withdraw_notice(tx: &mut Tx, scope: &Scope, notice: &RecordedNotice, now: Timestamp) -> Result<()> {
    let subject = notice.task.as_ref().map_or_else(
        || notice.kind.review().map(|review| review.to_string()).unwrap_or_default(),
        |task| task.as_str().to_owned(),
    );
    query(
        "UPDATE notice SET state = 'withdrawn', why = $7, ended_at = $8 WHERE organisation = $1 AND plan = $2 AND subject = $3 \
         AND kind = $4 AND recipient = $5 AND day = $6",
    )
    .bind(tx.organisation())
    .bind(scope.plan.as_str())
    .bind(subject)
    .bind(notice.kind.to_string())
    .bind(notice.recipient.as_str())
    .bind(notice.day.to_string())
    .bind(Why::Plan.as_str())
    .bind(now.as_millisecond())
    .execute(&mut **tx)
    .await
    .doing(StoreStep::WithdrawNotice)?;
    Ok(())
}

/// Withdraws the messages that have nothing left to tell; one that may have arrived stays known as such.
pub(crate) async fn withdraw_empty(tx: &mut Tx) -> Result<()> {
    query(
        "UPDATE message SET state = CASE WHEN EXISTS (SELECT 1 FROM delivery WHERE delivery.organisation = message.organisation \
         AND delivery.message = message.id AND delivery.outcome = 'uncertain') THEN 'uncertain' ELSE 'withdrawn' END \
         WHERE organisation = $1 AND state = 'queued' AND class IN ('reminder', 'review') \
         AND NOT EXISTS (SELECT 1 FROM notice WHERE notice.organisation = message.organisation \
         AND notice.message = message.id AND notice.state = 'queued')",
    )
    .bind(tx.organisation())
    .execute(&mut **tx)
    .await
    .doing(StoreStep::WithdrawEmpty)?;
    Ok(())
}
