//! What waits and is not to be told any more.

use sqlx::any::AnyRow;

use crate::plan::TaskId;
use crate::store::{Doing, Result, Scope, Tx, text};

/// Whether any message waits to be sent.
pub(in crate::store) async fn anything_waits(tx: &mut Tx, scope: &Scope) -> Result<bool> {
    let row = sqlx::query("SELECT id FROM message WHERE organisation = $1 AND state = 'queued' LIMIT 1")
        .bind(scope.organisation.as_str())
        .fetch_optional(&mut **tx)
        .await
        .doing("looking into the outbox")?;
    Ok(row.is_some())
}

/// Withdraws what waits to be told to a person about a task: something newer takes its place (rules of delivery, 4).
pub(in crate::store) async fn withdraw_for(tx: &mut Tx, scope: &Scope, task: &TaskId, recipient: &str) -> Result<()> {
    sqlx::query(
        "UPDATE notice SET state = 'withdrawn' WHERE organisation = $1 AND plan = $2 AND subject = $3 \
         AND recipient = $4 AND state = 'queued'",
    )
    .bind(scope.organisation.as_str())
    .bind(scope.plan.as_str())
    .bind(task.as_str())
    .bind(recipient)
    .execute(&mut **tx)
    .await
    .doing("withdrawing an older notice")?;
    Ok(())
}

/// Withdraws everything that waits to be told about a task.
pub(in crate::store) async fn withdraw_task(tx: &mut Tx, scope: &Scope, task: &TaskId) -> Result<()> {
    sqlx::query(
        "UPDATE notice SET state = 'withdrawn' WHERE organisation = $1 AND plan = $2 AND subject = $3 \
         AND state = 'queued' AND kind NOT LIKE 'review:%'",
    )
    .bind(scope.organisation.as_str())
    .bind(scope.plan.as_str())
    .bind(task.as_str())
    .execute(&mut **tx)
    .await
    .doing("withdrawing the notices of a task")?;
    withdraw_empty(tx, scope).await
}

/// Withdraws the notice of a row of its table.
pub(in crate::store) async fn withdraw_notice(tx: &mut Tx, scope: &Scope, row: &AnyRow) -> Result<()> {
    sqlx::query(
        "UPDATE notice SET state = 'withdrawn' WHERE organisation = $1 AND plan = $2 AND subject = $3 \
         AND kind = $4 AND recipient = $5 AND day = $6",
    )
    .bind(scope.organisation.as_str())
    .bind(scope.plan.as_str())
    .bind(text(row, "subject")?)
    .bind(text(row, "kind")?)
    .bind(text(row, "recipient")?)
    .bind(text(row, "day")?)
    .execute(&mut **tx)
    .await
    .doing("withdrawing a notice")?;
    Ok(())
}

/// Withdraws the messages that have nothing left to tell.
pub(in crate::store) async fn withdraw_empty(tx: &mut Tx, scope: &Scope) -> Result<()> {
    sqlx::query(
        "UPDATE message SET state = 'withdrawn' WHERE organisation = $1 AND state = 'queued' AND class <> 'alert' \
         AND NOT EXISTS (SELECT 1 FROM notice WHERE notice.organisation = message.organisation \
         AND notice.message = message.id AND notice.state = 'queued')",
    )
    .bind(scope.organisation.as_str())
    .execute(&mut **tx)
    .await
    .doing("withdrawing empty messages")?;
    Ok(())
}
