//! What was sent as it was sent: letters, which take up most of a store.

use jiff::Timestamp;

use crate::store::{Doing, Result, Tx, query};

/// How many letters are removed in one transaction: others wait for it.
const LETTERS: i64 = 500;

/// Removes letters of before `until`, of messages that are over; what came of each attempt stays. Returns whether more are left.
pub(crate) async fn forget_letters(tx: &mut Tx, until: Timestamp) -> Result<bool> {
    let forgotten = query(
        "UPDATE delivery SET payload = NULL WHERE organisation = $1 AND (message, attempt) IN (\
         SELECT d.message, d.attempt FROM delivery d \
         JOIN message m ON m.organisation = d.organisation AND m.id = d.message \
         WHERE d.organisation = $1 AND d.at < $2 AND d.payload IS NOT NULL AND m.state NOT IN ('queued', 'sending') \
         ORDER BY d.at LIMIT $3)",
    )
    .bind(tx.organisation())
    .bind(until.as_millisecond())
    .bind(LETTERS)
    .execute(&mut **tx)
    .await
    .doing("removing letters that need no longer be kept")?;
    Ok(forgotten.rows_affected() == LETTERS.unsigned_abs())
}
