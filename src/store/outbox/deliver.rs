//! Messages on their way out: claimed with a lease, and given back with what became of them.

use jiff::Timestamp;
use sqlx::any::AnyRow;

use crate::store::{Doing, ForRows, ROWS, Result, Store, Tx, instant, number, optional_number, optional_text, text};

use super::{Attempt, Claimed, Finished, MessageKind, Outcome, Why, stored_notice};

impl Store {
    /// Takes up to `limit` messages that may go out at `now`, most urgent first, and holds them until `lease`:
    /// another process, or this one after a crash, may take them then.
    ///
    /// # Errors
    /// When the database fails or holds what the program never writes.
    pub async fn claim(
        &self,
        organisation: &str,
        now: Timestamp,
        lease: Timestamp,
        limit: u32,
    ) -> Result<Vec<Claimed>> {
        let mut tx = self.begin(organisation).await?;
        sqlx::query(
            "UPDATE message SET state = 'queued', lease_until = NULL \
             WHERE organisation = $1 AND state = 'sending' AND lease_until <= $2",
        )
        .bind(organisation)
        .bind(now.as_millisecond())
        .execute(&mut *tx)
        .await
        .doing("taking up leases that have run out")?;
        let rows = sqlx::query(NEXT_WITH_NOTICES)
            .bind(organisation)
            .bind(now.as_millisecond())
            .bind(i64::from(limit))
            .fetch_all(&mut *tx)
            .await
            .doing("looking for messages to claim")?;
        sqlx::query(CLAIM_NEXT)
            .bind(organisation)
            .bind(now.as_millisecond())
            .bind(i64::from(limit))
            .bind(lease.as_millisecond())
            .execute(&mut *tx)
            .await
            .doing("claiming messages")?;
        let claimed = claimed_messages(&rows)?;
        tx.commit("claiming messages").await?;
        Ok(claimed)
    }

    /// Gives up every lease: for a process that knows itself to be the only one at work on the store.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn release_leases(&self, organisation: &str) -> Result<u64> {
        let result = sqlx::query(
            "UPDATE message SET state = 'queued', lease_until = NULL WHERE organisation = $1 AND state = 'sending'",
        )
        .bind(organisation)
        .execute(&self.pool)
        .await
        .doing("taking up what an earlier process left")?;
        Ok(result.rows_affected())
    }

    /// Writes down how claimed messages ended: all of them in one transaction.
    ///
    /// # Errors
    /// When the database fails; then nothing is written, and the leases run out.
    pub async fn finish(&self, organisation: &str, finished: &[Finished]) -> Result<()> {
        if finished.is_empty() {
            return Ok(());
        }
        let mut tx = self.begin(organisation).await?;
        let (sent, others): (Vec<&Finished>, Vec<&Finished>) =
            finished.iter().partition(|message| message.outcome == Outcome::Sent && message.withdrawn.is_empty());
        for some in sent.chunks(ROWS) {
            finish_sent(&mut tx, organisation, some).await?;
        }
        for message in others {
            finish(&mut tx, organisation, message).await?;
        }
        let attempts: Vec<MessageAttempt<'_>> = finished.iter().filter_map(MessageAttempt::of).collect();
        for some in attempts.chunks(ROWS) {
            put_attempts(&mut tx, organisation, some).await?;
        }
        tx.commit("noting what was sent").await
    }
}

/// The messages that go out next, each with what it tells: one row a notice, most urgent first.
const NEXT_WITH_NOTICES: &str = "SELECT m.id AS id, m.plan AS plan, m.class AS class, m.recipient AS recipient, \
     m.alert AS alert, m.created_at AS created_at, m.tries AS tries, m.channel_index AS channel_index, \
     n.position AS position, n.subject AS subject, n.kind AS kind, n.day AS day, n.on_date AS on_date \
     FROM (SELECT * FROM message WHERE organisation = $1 AND state = 'queued' AND not_before <= $2 \
     ORDER BY urgency, created_at, number LIMIT $3) AS m \
     LEFT JOIN notice AS n ON n.organisation = $1 AND n.message = m.id AND n.state IN ('queued', 'dead') \
     ORDER BY m.urgency, m.created_at, m.number, m.id, n.position";

/// Claims the same messages, in the same transaction.
const CLAIM_NEXT: &str = "UPDATE message SET state = 'sending', lease_until = $4 WHERE organisation = $1 AND id IN \
     (SELECT id FROM message WHERE organisation = $1 AND state = 'queued' AND not_before <= $2 \
     ORDER BY urgency, created_at, number LIMIT $3) AND state = 'queued'";

/// Messages from rows of a message and one of its notices.
fn claimed_messages(rows: &[AnyRow]) -> Result<Vec<Claimed>> {
    let mut claimed: Vec<Claimed> = Vec::with_capacity(rows.len());
    for row in rows {
        let id = text(row, "id")?;
        if claimed.last().is_none_or(|message| message.id != id) {
            claimed.push(claimed_message(row, id)?);
        }
        if let Some(message) = claimed.last_mut()
            && optional_number(row, "position")?.is_some()
        {
            message.notices.push(stored_notice(row)?);
        }
    }
    Ok(claimed)
}

/// A claimed message without its notices.
fn claimed_message(row: &AnyRow, id: String) -> Result<Claimed> {
    Ok(Claimed {
        id,
        plan: text(row, "plan")?,
        class: MessageKind::read(text(row, "class")?)?,
        recipient: text(row, "recipient")?,
        alert: optional_text(row, "alert")?,
        created_at: instant(row, "created_at")?,
        tries: u32::try_from(number(row, "tries")?).unwrap_or(u32::MAX),
        channel_index: usize::try_from(number(row, "channel_index")?).unwrap_or(0),
        notices: Vec::new(),
    })
}

async fn finish(tx: &mut Tx, organisation: &str, message: &Finished) -> Result<()> {
    let (state, not_before) = match message.outcome {
        Outcome::Sent => ("sent", message.at),
        Outcome::Again(at) | Outcome::Later(at) => ("queued", at),
        Outcome::NextChannel => ("queued", message.at),
        Outcome::Dead => ("dead", message.at),
        Outcome::Withdrawn => ("withdrawn", message.at),
    };
    let next_channel = message.outcome == Outcome::NextChannel;
    let again = matches!(message.outcome, Outcome::Again(_));
    sqlx::query(
        "UPDATE message SET state = $3, not_before = $4, lease_until = NULL, \
         tries = CASE WHEN $5 = 1 THEN 0 ELSE tries + $6 END, channel_index = channel_index + $5, \
         reason = COALESCE($7, reason) WHERE organisation = $1 AND id = $2",
    )
    .bind(organisation)
    .bind(message.id.as_str())
    .bind(state)
    .bind(not_before.as_millisecond())
    .bind(i64::from(next_channel))
    .bind(i64::from(again))
    .bind(message.attempt.as_ref().map(|attempt| attempt.answer.as_str()))
    .execute(&mut **tx)
    .await
    .doing("noting how a message ended")?;
    for (position, why) in &message.withdrawn {
        withdraw(tx, organisation, message, Some(*position), *why).await?;
    }
    match message.outcome {
        Outcome::Withdrawn => withdraw(tx, organisation, message, None, Why::Plan).await?,
        Outcome::Sent | Outcome::Dead => set_notices(tx, organisation, &message.id, state).await?,
        Outcome::Again(_) | Outcome::Later(_) | Outcome::NextChannel => {}
    }
    Ok(())
}

/// Sets the state of all notices of a message that still wait.
async fn set_notices(tx: &mut Tx, organisation: &str, message: &str, state: &str) -> Result<()> {
    sqlx::query("UPDATE notice SET state = $3 WHERE organisation = $1 AND message = $2 AND state = 'queued'")
        .bind(organisation)
        .bind(message)
        .bind(state)
        .execute(&mut **tx)
        .await
        .doing("noting what was told")?;
    Ok(())
}

/// Withdraws one notice of a message, or all that still wait.
async fn withdraw(tx: &mut Tx, organisation: &str, message: &Finished, position: Option<i64>, why: Why) -> Result<()> {
    sqlx::query(
        "UPDATE notice SET state = 'withdrawn', why = $4, ended_at = $5 WHERE organisation = $1 AND message = $2 \
         AND state = 'queued' AND ($3 < 0 OR position = $3)",
    )
    .bind(organisation)
    .bind(message.id.as_str())
    .bind(position.unwrap_or(-1))
    .bind(why.as_str())
    .bind(message.at.as_millisecond())
    .execute(&mut **tx)
    .await
    .doing("noting what is not told")?;
    Ok(())
}

/// Messages that were sent as they were claimed: nearly all.
async fn finish_sent(tx: &mut Tx, organisation: &str, messages: &[&Finished]) -> Result<()> {
    static MESSAGES: ForRows = ForRows::new(
        "UPDATE message SET state = 'sent', lease_until = NULL, not_before = v.column2, reason = v.column3 \
         FROM (VALUES ",
        ") AS v WHERE organisation = $1 AND id = v.column1",
        2,
        3,
    );
    static NOTICES: ForRows = ForRows::new(
        "UPDATE notice SET state = 'sent' WHERE organisation = $1 AND state = 'queued' AND message IN (VALUES ",
        ")",
        2,
        1,
    );
    let mut query = sqlx::query(MESSAGES.text(messages.len())).bind(organisation);
    for message in messages {
        let answer = message.attempt.as_ref().map(|attempt| attempt.answer.as_str());
        query = query.bind(message.id.as_str()).bind(message.at.as_millisecond()).bind(answer);
    }
    query.execute(&mut **tx).await.doing("noting how messages ended")?;
    let query = sqlx::query(NOTICES.text(messages.len())).bind(organisation);
    let query = messages.iter().fold(query, |query, message| query.bind(message.id.as_str()));
    query.execute(&mut **tx).await.doing("noting what was told")?;
    Ok(())
}

/// An attempt to deliver a message.
struct MessageAttempt<'a> {
    message: &'a str,
    at: Timestamp,
    attempt: &'a Attempt,
}

impl<'a> MessageAttempt<'a> {
    fn of(finished: &'a Finished) -> Option<Self> {
        Some(Self { message: &finished.id, at: finished.at, attempt: finished.attempt.as_ref()? })
    }
}

async fn put_attempts(tx: &mut Tx, organisation: &str, attempts: &[MessageAttempt<'_>]) -> Result<()> {
    static ATTEMPTS: ForRows = ForRows::new(
        "INSERT INTO delivery (organisation, message, attempt, at, channel, address, outcome, answer, subject, payload) \
         SELECT $1, v.column1, (SELECT COALESCE(MAX(attempt), 0) + 1 FROM delivery \
         WHERE organisation = $1 AND message = v.column1), v.column2, v.column3, v.column4, v.column5, v.column6, \
         v.column7, v.column8 FROM (VALUES ",
        ") AS v",
        2,
        8,
    );
    let mut query = sqlx::query(ATTEMPTS.text(attempts.len())).bind(organisation);
    for MessageAttempt { message, at, attempt } in attempts {
        query = query
            .bind(*message)
            .bind(at.as_millisecond())
            .bind(attempt.channel.as_str())
            .bind(attempt.address.as_deref())
            .bind(attempt.outcome)
            .bind(attempt.answer.as_str())
            .bind(attempt.subject.as_deref())
            .bind(attempt.payload.as_deref());
    }
    query.execute(&mut **tx).await.doing("keeping attempts to deliver")?;
    Ok(())
}
