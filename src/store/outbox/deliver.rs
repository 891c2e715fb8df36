//! Messages on their way out: claimed with a lease, and given back with what became of them.

use jiff::Timestamp;
use sqlx::any::AnyRow;

use crate::store::{Doing, Result, Store, Tx, instant, number, optional_text, text};

use super::{Attempt, Claimed, Class, Finished, NOTICES, Outcome, Why, stored_notice};

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
        let mut tx = self.begin().await?;
        let rows = sqlx::query(
            "UPDATE message SET state = 'sending', lease_until = $3 WHERE organisation = $1 AND id IN \
             (SELECT id FROM message WHERE organisation = $1 AND ((state = 'queued' AND not_before <= $2) \
             OR (state = 'sending' AND lease_until <= $2)) ORDER BY urgency, created_at, number LIMIT $4) \
             AND (state = 'queued' OR lease_until <= $2) \
             RETURNING id, plan, class, recipient, alert, created_at, tries, channel_index, urgency, number",
        )
        .bind(organisation)
        .bind(now.as_millisecond())
        .bind(lease.as_millisecond())
        .bind(i64::from(limit))
        .fetch_all(&mut *tx)
        .await
        .doing("claiming messages")?;
        let mut claimed = Vec::with_capacity(rows.len());
        for row in &rows {
            let order = (number(row, "urgency")?, instant(row, "created_at")?, number(row, "number")?);
            claimed.push((order, claimed_message(&mut tx, organisation, row).await?));
        }
        tx.commit().await.doing("claiming messages")?;
        claimed.sort_by_key(|(order, _)| *order);
        Ok(claimed.into_iter().map(|(_, message)| message).collect())
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
        let mut tx = self.begin().await?;
        for message in finished {
            finish(&mut tx, organisation, message).await?;
        }
        tx.commit().await.doing("noting what was sent")
    }
}

async fn claimed_message(tx: &mut Tx, organisation: &str, row: &AnyRow) -> Result<Claimed> {
    let id = text(row, "id")?;
    let notices = sqlx::query(NOTICES)
        .bind(organisation)
        .bind(id.as_str())
        .fetch_all(&mut **tx)
        .await
        .doing("reading the notices of a message")?;
    Ok(Claimed {
        notices: notices.iter().map(stored_notice).collect::<Result<_>>()?,
        id,
        plan: text(row, "plan")?,
        class: Class::read(text(row, "class")?)?,
        recipient: text(row, "recipient")?,
        alert: optional_text(row, "alert")?,
        created_at: instant(row, "created_at")?,
        tries: u32::try_from(number(row, "tries")?).unwrap_or(u32::MAX),
        channel_index: usize::try_from(number(row, "channel_index")?).unwrap_or(0),
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
    if let Some(attempt) = &message.attempt {
        put_attempt(tx, organisation, &message.id, attempt, message.at).await?;
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

async fn put_attempt(tx: &mut Tx, organisation: &str, message: &str, attempt: &Attempt, at: Timestamp) -> Result<()> {
    sqlx::query(
        "INSERT INTO delivery (organisation, message, attempt, at, channel, address, outcome, answer, subject, payload) \
         SELECT $1, $2, COALESCE(MAX(attempt), 0) + 1, $3, $4, $5, $6, $7, $8, $9 FROM delivery \
         WHERE organisation = $1 AND message = $2",
    )
    .bind(organisation)
    .bind(message)
    .bind(at.as_millisecond())
    .bind(attempt.channel.as_str())
    .bind(attempt.address.as_deref())
    .bind(attempt.outcome)
    .bind(attempt.answer.as_str())
    .bind(attempt.subject.as_deref())
    .bind(attempt.payload.as_deref())
    .execute(&mut **tx)
    .await
    .doing("keeping an attempt to deliver")?;
    Ok(())
}
