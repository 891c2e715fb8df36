//! What the last attempts say of channels: a process that begins knows from them what the one before knew.

use jiff::Timestamp;

use crate::reason::Reason;
use crate::store::{Doing, Result, Store, StoreStep, channel_index, instant, query, reason, text, word};

use super::AttemptOutcome;

/// An attempt that says how a channel is doing, or what a refusal is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ChannelAttempt {
    /// The channel's name.
    pub(crate) channel: String,
    /// The message.
    pub(crate) message: String,
    /// The recipient's name.
    pub(crate) recipient: String,
    /// What came of it: taken, or refused by the channel or for a reason that is not known.
    pub(crate) outcome: AttemptOutcome,
    /// What the other side said, or what happened.
    pub(crate) answer: Reason,
    /// When.
    pub(crate) at: Timestamp,
    /// Until when the message waits.
    pub(crate) waits_until: Timestamp,
}

/// Somebody for whom messages wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WaitingRecipient {
    /// The recipient's name.
    pub(crate) recipient: String,
    /// Which of the recipient's channels they wait for.
    pub(crate) channel_index: usize,
    /// When the first of them was put into the outbox, or given another chance by the admin.
    pub(crate) since: Timestamp,
}

impl Store {
    /// The attempts since the first one that failed for the sake of the channel, or for whatever sake, and whose message
    /// still waits; oldest first, and of one instant those first that were taken. None where none failed so. What was tried
    /// before the admin gave a message another chance does not count.
    ///
    /// # Errors
    /// When the database fails or holds what the program never writes.
    pub(crate) async fn channel_attempts(&self, organisation: &str) -> Result<Vec<ChannelAttempt>> {
        let doing = StoreStep::ReadChannels;
        let first = query(
            "SELECT d.at AS at FROM message m JOIN delivery d ON d.organisation = m.organisation AND d.message = m.id \
             WHERE m.organisation = $1 AND m.state IN ('queued', 'sending') AND d.outcome IN ('channel', 'unknown') \
             AND d.at >= m.created_at ORDER BY d.at LIMIT 1",
        )
        .bind(organisation)
        .fetch_optional(&self.database)
        .await
        .doing(doing)?;
        let Some(first) = first else { return Ok(Vec::new()) };
        let rows = query(
            "SELECT d.channel AS channel, d.message AS message, m.recipient AS recipient, d.outcome AS outcome, \
             CASE WHEN d.outcome = 'sent' THEN '' ELSE d.answer END AS answer, d.at AS at, \
             m.not_before AS waits_until FROM delivery d JOIN message m ON m.organisation = d.organisation AND m.id = d.message \
             WHERE d.organisation = $1 AND d.at >= $2 AND (d.outcome = 'sent' OR d.outcome IN ('channel', 'unknown') \
             AND m.state IN ('queued', 'sending') AND d.at >= m.created_at) \
             ORDER BY d.at, CASE WHEN d.outcome = 'sent' THEN 0 ELSE 1 END, d.message, d.attempt",
        )
        .bind(organisation)
        .bind(instant(&first, "at")?.as_millisecond())
        .fetch_all(&self.database)
        .await
        .doing(doing)?;
        rows.iter()
            .map(|row| {
                Ok(ChannelAttempt {
                    channel: text(row, "channel")?,
                    message: text(row, "message")?,
                    recipient: text(row, "recipient")?,
                    outcome: word(row, "outcome")?,
                    answer: reason(row, "answer")?,
                    at: instant(row, "at")?,
                    waits_until: instant(row, "waits_until")?,
                })
            })
            .collect()
    }

    /// For whom messages wait.
    ///
    /// # Errors
    /// When the database fails or holds what the program never writes.
    pub(crate) async fn waiting_recipients(&self, organisation: &str) -> Result<Vec<WaitingRecipient>> {
        let rows = query(
            "SELECT recipient, channel_index, MIN(created_at) AS since FROM message \
             WHERE organisation = $1 AND state IN ('queued', 'sending') GROUP BY recipient, channel_index",
        )
        .bind(organisation)
        .fetch_all(&self.database)
        .await
        .doing(StoreStep::ReadWaiting)?;
        rows.iter()
            .map(|row| {
                Ok(WaitingRecipient {
                    recipient: text(row, "recipient")?,
                    channel_index: channel_index(row)?,
                    since: instant(row, "since")?,
                })
            })
            .collect()
    }
}
