//! Messages that a server took and that came back later.

use jiff::Timestamp;

use crate::school::Scope;
use crate::store::{Doing, Result, Tx};

/// Notes that a message which had been taken did not arrive at `address`: its next channel is tried at once, where there
/// is one, or it is dead. Nothing becomes of a message that has gone another way since.
pub(crate) async fn come_back(
    tx: &mut Tx,
    scope: &Scope,
    message: &str,
    address: &str,
    reason: &str,
    has_next: bool,
    now: Timestamp,
) -> Result<()> {
    let state = if has_next { "queued" } else { "dead" };
    let changed = sqlx::query(
        "UPDATE message SET state = $3, not_before = $4, reason = $5, channel_index = channel_index + $6, tries = 0 \
         WHERE organisation = $1 AND id = $2 AND state = 'sent'",
    )
    .bind(scope.organisation.as_str())
    .bind(message)
    .bind(state)
    .bind(now.as_millisecond())
    .bind(reason)
    .bind(i64::from(has_next))
    .execute(&mut **tx)
    .await
    .doing("noting that a message came back")?;
    if changed.rows_affected() == 0 {
        return Ok(());
    }
    sqlx::query("UPDATE notice SET state = $3 WHERE organisation = $1 AND message = $2 AND state = 'sent'")
        .bind(scope.organisation.as_str())
        .bind(message)
        .bind(state)
        .execute(&mut **tx)
        .await
        .doing("noting what was not told")?;
    sqlx::query(
        "INSERT INTO delivery (organisation, message, attempt, at, channel, address, outcome, answer) \
         SELECT $1, $2, (SELECT MAX(attempt) + 1 FROM delivery WHERE organisation = $1 AND message = $2), $3, MAX(channel), $4, 'permanent', $5 FROM delivery \
         WHERE organisation = $1 AND message = $2 AND lower(address) = $4",
    )
    .bind(scope.organisation.as_str())
    .bind(message)
    .bind(now.as_millisecond())
    .bind(address)
    .bind(reason)
    .execute(&mut **tx)
    .await
    .doing("keeping that a message came back")?;
    Ok(())
}
