//! What was sent as it was sent: letters, which take up most of a store.

use jiff::Timestamp;

use crate::store::letter::{COMPRESSED, compressed, letter};
use crate::store::{Doing, Result, StoreStep, Tx, number, query, text};

/// How many letters are removed or written anew in one transaction: others wait for it.
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
    .doing(StoreStep::RemoveLetters)?;
    Ok(forgotten.rows_affected() == LETTERS.unsigned_abs())
}

/// Compresses letters that an earlier version kept as they were sent, those of the messages above `through` in the order of
/// their ids. Returns the last of these messages; `None` where all letters have been looked at.
pub(crate) async fn compress_letters(tx: &mut Tx, through: &str) -> Result<Option<String>> {
    let rows = query(
        "SELECT message, attempt, payload FROM delivery WHERE organisation = $1 AND message IN (\
         SELECT DISTINCT message FROM delivery WHERE organisation = $1 AND message > $2 \
         AND payload IS NOT NULL AND substr(payload, 1, 4) <> $3 ORDER BY message LIMIT $4) \
         AND payload IS NOT NULL ORDER BY message",
    )
    .bind(tx.organisation())
    .bind(through)
    .bind(COMPRESSED)
    .bind(LETTERS)
    .fetch_all(&mut **tx)
    .await
    .doing(StoreStep::ReadUncompressed)?;
    for row in &rows {
        query("UPDATE delivery SET payload = $1 WHERE organisation = $2 AND message = $3 AND attempt = $4")
            .bind(letter(row, "payload")?.as_deref().map(compressed))
            .bind(tx.organisation())
            .bind(text(row, "message")?)
            .bind(number(row, "attempt")?)
            .execute(&mut **tx)
            .await
            .doing(StoreStep::CompressLetter)?;
    }
    rows.last().map(|row| text(row, "message")).transpose()
}
