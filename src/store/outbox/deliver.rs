//! Messages on their way out: claimed with a lease, and given back with what became of them.

use std::collections::HashMap;

use jiff::Timestamp;
use sqlx::any::AnyRow;

use crate::store::letter::compressed;
use crate::store::{
    Doing, ForRows, ROWS, Result, Store, StoreStep, Tx, channel_index, instant, number, optional_text, query, text,
    word,
};

use super::{Attempt, Claimed, Finished, MessageState, NoticeState, Outcome, Why, stored_notice, uncertain};

impl Store {
    /// Takes up to `limit` messages that may go out at `now`, most urgent first, and holds them until `lease`:
    /// another process may take them then.
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
        let rows = query(CLAIM)
            .bind(tx.organisation())
            .bind(now.as_millisecond())
            .bind(i64::from(limit))
            .bind(lease.as_millisecond())
            .bind(&*self.holder)
            .fetch_all(&mut *tx)
            .await
            .doing(StoreStep::ClaimMessages)?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let notices = query(CLAIMED_NOTICES)
            .bind(tx.organisation())
            .bind(lease.as_millisecond())
            .bind(&*self.holder)
            .fetch_all(&mut *tx)
            .await
            .doing(StoreStep::ReadClaimed)?;
        let mut claimed = claimed_messages(&rows, &notices, now)?;
        uncertain::read(&mut tx, &mut claimed).await?;
        tx.commit(StoreStep::ClaimMessages).await?;
        Ok(claimed)
    }

    /// Gives up every claim: for a process that knows itself to be the only one at work for the organisation.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn release_leases(&self, organisation: &str) -> Result<u64> {
        let doing = StoreStep::TakeUpLeft;
        let mut tx = self.begin(organisation).await?;
        let released = query(
            "UPDATE message SET state = 'queued', lease_until = NULL, holder = NULL \
             WHERE organisation = $1 AND state = 'sending'",
        )
        .bind(tx.organisation())
        .execute(&mut *tx)
        .await
        .doing(doing)?;
        tx.commit(doing).await?;
        Ok(released.rows_affected())
    }

    /// Lets messages that wait go out at `now`.
    ///
    /// # Errors
    /// When the database fails; then nothing is written.
    pub async fn hasten(&self, organisation: &str, messages: &[String], now: Timestamp) -> Result<()> {
        static HASTEN: ForRows = ForRows::new(
            "UPDATE message SET not_before = $2 WHERE organisation = $1 AND state = 'queued' AND not_before > $2 \
             AND id IN (VALUES ",
            ")",
            3,
            1,
        );
        let doing = StoreStep::HastenMessages;
        let mut tx = self.begin(organisation).await?;
        for some in messages.chunks(ROWS) {
            let hastened = query(HASTEN.text(some.len())).bind(tx.organisation()).bind(now.as_millisecond());
            let hastened = some.iter().fold(hastened, |hastened, id| hastened.bind(id.as_str()));
            hastened.execute(&mut *tx).await.doing(doing)?;
        }
        tx.commit(doing).await
    }

    /// Writes down how claimed messages ended: all of them in one transaction.
    ///
    /// A message that this process does not hold any more, because that was written down before or another process took
    /// it meanwhile, stays as it is; of what was sent the attempt is kept all the same, once. So whoever does not know
    /// whether it was written down may write it down again, also after another process has taken over the work.
    ///
    /// # Errors
    /// When the database fails; then nothing is written, and the leases run out.
    pub async fn finish(&self, organisation: &str, finished: &[Finished]) -> Result<()> {
        if finished.is_empty() {
            return Ok(());
        }
        let mut tx = self.begin_late(organisation).await?;
        let (sent, others): (Vec<&Finished>, Vec<&Finished>) =
            finished.iter().partition(|message| message.outcome == Outcome::Sent && message.withdrawn.is_empty());
        for some in sent.chunks(ROWS) {
            finish_sent(&mut tx, &self.holder, some).await?;
        }
        for message in others {
            finish(&mut tx, &self.holder, message).await?;
        }
        let attempts: Vec<MessageAttempt<'_>> = finished.iter().filter_map(MessageAttempt::of).collect();
        for some in attempts.chunks(ROWS) {
            put_attempts(&mut tx, some).await?;
        }
        tx.commit(StoreStep::NoteSent).await
    }
}

/// Claims the messages that go out next: those that wait, and those that another process has held beyond the lease. What a
/// process holds itself is in its hands however long that takes: it may just be writing down what became of it. What one
/// process has claimed another that was as fast finds claimed. The rows come in no order.
const CLAIM: &str = "UPDATE message SET state = 'sending', lease_until = $4, holder = $5, \
     rendered_at = COALESCE(rendered_at, $2) \
     WHERE organisation = $1 AND id IN (SELECT id FROM (\
     SELECT * FROM (SELECT id, urgency, created_at, number FROM message \
     WHERE organisation = $1 AND state = 'queued' AND not_before <= $2 \
     ORDER BY urgency, created_at, number LIMIT $3) AS waiting \
     UNION ALL SELECT * FROM (SELECT id, urgency, created_at, number FROM message \
     WHERE organisation = $1 AND state = 'sending' AND lease_until <= $2 AND COALESCE(holder, '') <> $5 \
     ORDER BY urgency, created_at, number LIMIT $3) AS left_behind) AS next \
     ORDER BY urgency, created_at, number LIMIT $3) \
     AND (state = 'queued' OR state = 'sending' AND lease_until <= $2) \
     RETURNING id, plan, class, recipient, alert, created_at, tries, channel_index, urgency, number, rendered_at";

/// What messages tell that this process has claimed until the same instant. `CROSS JOIN` keeps SQLite from beginning with all
/// the notices that there are.
const CLAIMED_NOTICES: &str = "SELECT n.message AS message, n.position AS position, n.subject AS subject, \
     n.kind AS kind, n.day AS day, n.on_date AS on_date FROM message m CROSS JOIN notice n \
     WHERE m.organisation = $1 AND m.state = 'sending' AND m.lease_until = $2 AND m.holder = $3 \
     AND n.organisation = m.organisation AND n.message = m.id AND n.state IN ('queued', 'dead') ORDER BY n.position";

/// The messages of rows, most urgent first, with their notices.
fn claimed_messages(rows: &[AnyRow], notices: &[AnyRow], now: Timestamp) -> Result<Vec<Claimed>> {
    let mut claimed = Vec::with_capacity(rows.len());
    for row in rows {
        let message = claimed_message(row, now)?;
        claimed.push(((number(row, "urgency")?, message.created_at, number(row, "number")?), message));
    }
    claimed.sort_by(|(one, first), (other, second)| one.cmp(other).then_with(|| first.id.cmp(&second.id)));
    let mut claimed: Vec<Claimed> = claimed.into_iter().map(|(_, message)| message).collect();
    let places: HashMap<String, usize> =
        claimed.iter().enumerate().map(|(place, message)| (message.id.clone(), place)).collect();
    for row in notices {
        if let Some(place) = places.get(&text(row, "message")?) {
            claimed[*place].notices.push(stored_notice(row)?);
        }
    }
    Ok(claimed)
}

/// A message claimed at `now`, without its notices. What was composed before may have been handed over.
fn claimed_message(row: &AnyRow, now: Timestamp) -> Result<Claimed> {
    Ok(Claimed {
        id: text(row, "id")?,
        plan: text(row, "plan")?,
        class: word(row, "class")?,
        recipient: text(row, "recipient")?,
        alert: optional_text(row, "alert")?,
        created_at: instant(row, "created_at")?,
        tries: u32::try_from(number(row, "tries")?).unwrap_or(u32::MAX),
        channel_index: channel_index(row)?,
        notices: Vec::new(),
        uncertain: Vec::new(),
        rendered_at: Some(instant(row, "rendered_at")?).filter(|rendered| *rendered != now),
        claimed_at: now,
    })
}

/// Writes down how one message ended, where it is still held.
async fn finish(tx: &mut Tx, holder: &str, message: &Finished) -> Result<()> {
    let (state, not_before) = match message.outcome {
        Outcome::Sent => (MessageState::Sent, message.at),
        Outcome::Again(at) | Outcome::Later(at) => (MessageState::Queued, at),
        Outcome::NextChannel => (MessageState::Queued, message.at),
        Outcome::Dead => (MessageState::Dead, message.at),
        Outcome::Uncertain => (MessageState::Uncertain, message.at),
        Outcome::Withdrawn => (MessageState::Withdrawn, message.at),
    };
    let next_channel = message.outcome == Outcome::NextChannel;
    let again = matches!(message.outcome, Outcome::Again(_));
    let channel_index = message.channel_index + usize::from(next_channel);
    let changed = query(
        "UPDATE message SET state = $3, not_before = $4, lease_until = NULL, holder = NULL, \
         tries = CASE WHEN $5 = 1 THEN 0 ELSE tries + $6 END, channel_index = $7, reason = COALESCE($8, reason), rendered_at = $10 \
         WHERE organisation = $1 AND id = $2 AND state = 'sending' AND holder = $9",
    )
    .bind(tx.organisation())
    .bind(message.id.as_str())
    .bind(state.as_str())
    .bind(not_before.as_millisecond())
    .bind(i64::from(next_channel))
    .bind(i64::from(again))
    .bind(i64::try_from(channel_index).unwrap_or(i64::MAX))
    .bind(message.attempt.as_ref().map(|attempt| attempt.answer.stored()))
    .bind(holder)
    .bind(message.rendered_at.map(Timestamp::as_millisecond))
    .execute(&mut **tx)
    .await
    .doing(StoreStep::NoteEnd)?;
    if changed.rows_affected() == 0 {
        return Ok(());
    }
    for (position, why) in &message.withdrawn {
        withdraw(tx, message, Some(*position), *why).await?;
    }
    match message.outcome {
        Outcome::Withdrawn => withdraw(tx, message, None, Why::Plan).await?,
        Outcome::Sent => set_notices(tx, &message.id, NoticeState::Sent).await?,
        Outcome::Dead => set_notices(tx, &message.id, NoticeState::Dead).await?,
        Outcome::Uncertain => set_notices(tx, &message.id, NoticeState::Uncertain).await?,
        Outcome::Again(_) | Outcome::Later(_) | Outcome::NextChannel => {}
    }
    Ok(())
}

/// Sets the state of all notices of a message that still wait.
async fn set_notices(tx: &mut Tx, message: &str, state: NoticeState) -> Result<()> {
    query("UPDATE notice SET state = $3 WHERE organisation = $1 AND message = $2 AND state = 'queued'")
        .bind(tx.organisation())
        .bind(message)
        .bind(state.as_str())
        .execute(&mut **tx)
        .await
        .doing(StoreStep::NoteTold)?;
    Ok(())
}

/// Withdraws one notice of a message, or all that still wait.
async fn withdraw(tx: &mut Tx, message: &Finished, position: Option<i64>, why: Why) -> Result<()> {
    query(
        "UPDATE notice SET state = 'withdrawn', why = $4, ended_at = $5 WHERE organisation = $1 AND message = $2 \
         AND state = 'queued' AND ($3 < 0 OR position = $3)",
    )
    .bind(tx.organisation())
    .bind(message.id.as_str())
    .bind(position.unwrap_or(-1))
    .bind(why.as_str())
    .bind(message.at.as_millisecond())
    .execute(&mut **tx)
    .await
    .doing(StoreStep::NoteNotTold)?;
    Ok(())
}

/// Writes down that messages were sent as they were claimed, as nearly all are, where they are still held.
async fn finish_sent(tx: &mut Tx, holder: &str, messages: &[&Finished]) -> Result<()> {
    static MESSAGES: ForRows = ForRows::new(
        "UPDATE message SET state = 'sent', lease_until = NULL, holder = NULL, not_before = v.column2, \
         reason = v.column3 FROM (VALUES ",
        ") AS v WHERE organisation = $1 AND id = v.column1 AND state = 'sending' AND holder = $2 RETURNING id",
        3,
        3,
    );
    static NOTICES: ForRows = ForRows::new(
        "UPDATE notice SET state = 'sent' WHERE organisation = $1 AND state = 'queued' AND message IN (VALUES ",
        ")",
        2,
        1,
    );
    let mut sent = query(MESSAGES.text(messages.len())).bind(tx.organisation()).bind(holder);
    for message in messages {
        let answer = message.attempt.as_ref().map(|attempt| attempt.answer.stored());
        sent = sent.bind(message.id.as_str()).bind(message.at.as_millisecond()).bind(answer);
    }
    let held = sent.fetch_all(&mut **tx).await.doing(StoreStep::NoteEnds)?;
    if held.is_empty() {
        return Ok(());
    }
    let mut told = query(NOTICES.text(held.len())).bind(tx.organisation());
    for row in &held {
        told = told.bind(text(row, "id")?);
    }
    told.execute(&mut **tx).await.doing(StoreStep::NoteTold)?;
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
        let attempt = finished.attempt.as_ref()?;
        Some(Self { message: &finished.id, at: attempt.at.unwrap_or(finished.at), attempt })
    }
}

/// Keeps attempts, each once: it is known by its message, instant, channel and answer.
///
/// All attempts of a pass have one instant: `at + 0` keeps SQLite from looking through all of them for each, by the index of
/// times, where that of messages finds one.
async fn put_attempts(tx: &mut Tx, attempts: &[MessageAttempt<'_>]) -> Result<()> {
    static ATTEMPTS: ForRows = ForRows::new(
        "INSERT INTO delivery (organisation, message, attempt, at, channel, address, outcome, answer, subject, payload) \
         SELECT $1, v.column1, (SELECT COALESCE(MAX(attempt), 0) + 1 FROM delivery \
         WHERE organisation = $1 AND message = v.column1), v.column2, v.column3, v.column4, v.column5, v.column6, \
         v.column7, v.column8 FROM (VALUES ",
        ") AS v WHERE NOT EXISTS (SELECT 1 FROM delivery d WHERE d.organisation = $1 AND d.message = v.column1 \
         AND d.at + 0 = v.column2 AND d.channel = v.column3 AND d.answer = v.column6)",
        2,
        8,
    );
    let mut kept = query(ATTEMPTS.text(attempts.len())).bind(tx.organisation());
    for MessageAttempt { message, at, attempt } in attempts {
        let letter = attempt.payload.as_deref().map(compressed);
        kept = kept
            .bind(*message)
            .bind(at.as_millisecond())
            .bind(attempt.channel.as_str())
            .bind(attempt.address.as_deref())
            .bind(attempt.outcome.as_str())
            .bind(attempt.answer.stored())
            .bind(attempt.subject.as_deref())
            .bind(letter);
    }
    kept.execute(&mut **tx).await.doing(StoreStep::KeepAttempts)?;
    Ok(())
}
