//! Messages that were handed over without an answer: they may have arrived (rules of delivery, 2).

use std::collections::HashMap;

use jiff::Timestamp;

use crate::store::letter::letter;
use crate::store::{Doing, ForRows, ROWS, Result, StoreStep, Tx, instant, number, query, text};

use super::Claimed;

/// The attempts of a message on one channel that ended without an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UncertainAttempts {
    /// The channel's name.
    pub channel: String,
    /// How many there were.
    pub times: u32,
    /// When the first of them was.
    pub first: Timestamp,
    /// When the last of them was.
    pub last: Timestamp,
    /// The message as it was last handed over.
    pub payload: Option<Vec<u8>>,
}

/// Reads which of these messages may have arrived. What was tried before the admin gave a message another chance does
/// not count.
pub(super) async fn read(tx: &mut Tx, claimed: &mut [Claimed]) -> Result<()> {
    static ATTEMPTS: ForRows = ForRows::new(
        "SELECT d.message AS message, d.channel AS channel, COUNT(*) AS times, MIN(d.at) AS first, MAX(d.at) AS last \
         FROM delivery d JOIN message m ON m.organisation = d.organisation AND m.id = d.message \
         WHERE d.organisation = $1 AND d.outcome = 'uncertain' AND d.at >= m.created_at AND d.message IN (VALUES ",
        ") GROUP BY d.message, d.channel",
        2,
        1,
    );
    // Only what was tried before can have had no answer.
    let tried: Vec<String> =
        claimed.iter().filter(|message| message.tries > 0).map(|message| message.id.clone()).collect();
    let mut found: HashMap<String, Vec<UncertainAttempts>> = HashMap::new();
    for some in tried.chunks(ROWS) {
        let attempts = query(ATTEMPTS.text(some.len())).bind(tx.organisation());
        let attempts = some.iter().fold(attempts, |attempts, id| attempts.bind(id.as_str()));
        for row in &attempts.fetch_all(&mut **tx).await.doing(StoreStep::ReadUncertain)? {
            let attempts = UncertainAttempts {
                channel: text(row, "channel")?,
                times: u32::try_from(number(row, "times")?).unwrap_or(u32::MAX),
                first: instant(row, "first")?,
                last: instant(row, "last")?,
                payload: None,
            };
            found.entry(text(row, "message")?).or_default().push(attempts);
        }
    }
    for (message, channels) in &mut found {
        for attempts in channels {
            attempts.payload = last_payload(tx, message, &attempts.channel).await?;
        }
    }
    for message in claimed {
        message.uncertain = found.remove(&message.id).unwrap_or_default();
    }
    Ok(())
}

/// A message as it was last handed over to a channel that gave no answer.
async fn last_payload(tx: &mut Tx, message: &str, channel: &str) -> Result<Option<Vec<u8>>> {
    let row = query(
        "SELECT payload FROM delivery WHERE organisation = $1 AND message = $2 AND channel = $3 \
         AND outcome = 'uncertain' ORDER BY attempt DESC LIMIT 1",
    )
    .bind(tx.organisation())
    .bind(message)
    .bind(channel)
    .fetch_optional(&mut **tx)
    .await
    .doing(StoreStep::ReadHandedOver)?;
    row.map_or(Ok(None), |row| letter(&row, "payload"))
}
