//! The durable queue of messages: put in by a look, claimed with a lease, and sent, tried again later, or given up.

use jiff::{Timestamp, civil::Date};
use sqlx::any::AnyRow;

use crate::plan::TaskId;
use crate::schedule::{Kind, ReviewId};

use super::{Doing, Result, Scope, Store, Tx, damaged, date, instant, number, optional_text, parsed, text};

/// What a message is, as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// What one person is told about tasks.
    Reminder,
    /// A report to the supervision team.
    Review,
    /// A failure the admin must know of.
    Alert,
}

impl Class {
    /// The word of the store and of the JSON output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reminder => "reminder",
            Self::Review => "review",
            Self::Alert => "alert",
        }
    }

    fn read(word: String) -> Result<Self> {
        [Self::Reminder, Self::Review, Self::Alert]
            .into_iter()
            .find(|class| class.as_str() == word)
            .ok_or_else(|| damaged("message", "a class of message", word))
    }
}

/// A message on its way into the outbox.
pub(super) struct NewMessage<'a> {
    pub(super) id: &'a str,
    pub(super) class: Class,
    pub(super) recipient: &'a str,
    pub(super) alert: Option<&'a str>,
    pub(super) urgency: i64,
    pub(super) number: i64,
    pub(super) not_before: Timestamp,
}

impl NewMessage<'_> {
    pub(super) async fn insert(&self, tx: &mut Tx, scope: &Scope, now: Timestamp) -> Result<()> {
        sqlx::query(
            "INSERT INTO message (organisation, id, plan, class, recipient, alert, urgency, number, state, \
             created_at, not_before, tries, channel_index) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'queued', $9, $10, 0, 0) \
             ON CONFLICT (organisation, id) DO NOTHING",
        )
        .bind(scope.organisation.as_str())
        .bind(self.id)
        .bind(scope.plan.as_str())
        .bind(self.class.as_str())
        .bind(self.recipient)
        .bind(self.alert)
        .bind(self.urgency)
        .bind(self.number)
        .bind(now.as_millisecond())
        .bind(self.not_before.as_millisecond())
        .execute(&mut **tx)
        .await
        .doing("putting a message into the outbox")?;
        Ok(())
    }
}

/// One notice of a claimed message, by the names of the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredNotice {
    /// Its place in the message when that was decided.
    pub position: i64,
    /// The task; `None` for a review.
    pub task: Option<TaskId>,
    /// What is told.
    pub kind: Kind,
    /// The date that the rules gave.
    pub day: Date,
    /// The date on which it was to go out.
    pub on: Date,
}

/// A message that this process holds a lease on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// Its name for life, without the domain.
    pub id: String,
    /// The plan it belongs to.
    pub plan: String,
    /// What it is.
    pub class: Class,
    /// The recipient's name in the configuration.
    pub recipient: String,
    /// What an alert says, as JSON.
    pub alert: Option<String>,
    /// When it was put into the outbox.
    pub created_at: Timestamp,
    /// How often it was tried on its present channel without success.
    pub tries: u32,
    /// Which of the recipient's channels it is on, from 0.
    pub channel_index: usize,
    /// What it tells, most urgent first.
    pub notices: Vec<StoredNotice>,
}

/// How an attempt ended, with what must be kept of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The channel took it.
    Sent,
    /// To be tried again, not before this instant.
    Again(Timestamp),
    /// To be tried not before this instant; it was not tried, or its channel failed for all alike.
    Later(Timestamp),
    /// This channel will never take it: the recipient's next one is tried at once.
    NextChannel,
    /// No channel will take it.
    Dead,
    /// There is nothing left in it to tell.
    Withdrawn,
}

/// A claimed message when it is given back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    /// The message.
    pub id: String,
    /// How it ended.
    pub outcome: Outcome,
    /// Notices that were no longer true and so were not told, by their place in the message.
    pub withdrawn: Vec<i64>,
    /// When.
    pub at: Timestamp,
    /// The channel that was used; `None` where none was.
    pub attempt: Option<Attempt>,
}

/// What was sent over which channel, and what was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The channel's name.
    pub channel: String,
    /// Where it was sent.
    pub address: Option<String>,
    /// `sent`, `temporary`, `permanent`, `channel` or `uncertain`.
    pub outcome: &'static str,
    /// What the other side said.
    pub answer: String,
    /// The subject as it was sent.
    pub subject: Option<String>,
    /// The message as it was sent; kept only where it was.
    pub payload: Option<Vec<u8>>,
}

/// A message that could not be delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dead {
    /// The message.
    pub id: String,
    /// What it is.
    pub class: Class,
    /// Whom it was for.
    pub recipient: String,
    /// When it was given up.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
    /// The tasks it was about.
    pub tasks: Vec<TaskId>,
    /// The review it was.
    pub review: Option<ReviewId>,
}

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

    /// Puts an alert for `recipient` into the outbox; the same alert at the same moment only once.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn put_alert(&self, scope: &Scope, id: &str, recipient: &str, alert: &str, now: Timestamp) -> Result<()> {
        let mut tx = self.begin().await?;
        let message = NewMessage {
            id,
            class: Class::Alert,
            recipient,
            alert: Some(alert),
            urgency: 0,
            number: 0,
            not_before: now,
        };
        message.insert(&mut tx, scope, now).await?;
        tx.commit().await.doing("putting an alert into the outbox")
    }

    /// When a channel sent what it sent since `since`, oldest first.
    ///
    /// # Errors
    /// When the database fails or holds what the program never writes.
    pub async fn sent_since(&self, organisation: &str, since: Timestamp) -> Result<Vec<(String, Timestamp)>> {
        let rows = sqlx::query(
            "SELECT channel, at FROM delivery WHERE organisation = $1 AND at >= $2 \
             AND outcome IN ('sent', 'uncertain') ORDER BY at",
        )
        .bind(organisation)
        .bind(since.as_millisecond())
        .fetch_all(&self.pool)
        .await
        .doing("counting what was sent")?;
        rows.iter().map(|row| Ok((text(row, "channel")?, instant(row, "at")?))).collect()
    }

    /// The instant at which the next message that waits may go out, where any does.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next_delivery(&self, organisation: &str) -> Result<Option<Timestamp>> {
        let row = sqlx::query(
            "SELECT not_before FROM message WHERE organisation = $1 AND state = 'queued' ORDER BY not_before LIMIT 1",
        )
        .bind(organisation)
        .fetch_optional(&self.pool)
        .await
        .doing("looking for the next delivery")?;
        row.map(|row| instant(&row, "not_before")).transpose()
    }

    /// The messages that could not be delivered from `from` up to, but not at, `to`; oldest first.
    ///
    /// # Errors
    /// When the database fails or holds what the program never writes.
    pub async fn dead(&self, scope: &Scope, from: Timestamp, to: Timestamp) -> Result<Vec<Dead>> {
        let rows = sqlx::query(
            "SELECT m.id AS id, m.class AS class, m.recipient AS recipient, m.not_before AS at, m.reason AS reason \
             FROM message m WHERE m.organisation = $1 AND m.plan = $2 AND m.state = 'dead' \
             AND m.not_before >= $3 AND m.not_before < $4 ORDER BY m.not_before, m.number, m.id",
        )
        .bind(scope.organisation.as_str())
        .bind(scope.plan.as_str())
        .bind(from.as_millisecond())
        .bind(to.as_millisecond())
        .fetch_all(&self.pool)
        .await
        .doing("reading failed messages")?;
        let mut dead = Vec::with_capacity(rows.len());
        for row in &rows {
            let id = text(row, "id")?;
            let notices = sqlx::query(NOTICES)
                .bind(scope.organisation.as_str())
                .bind(id.as_str())
                .fetch_all(&self.pool)
                .await
                .doing("reading the notices of a message")?;
            let notices: Vec<StoredNotice> = notices.iter().map(stored_notice).collect::<Result<_>>()?;
            dead.push(Dead {
                id,
                class: Class::read(text(row, "class")?)?,
                recipient: text(row, "recipient")?,
                at: instant(row, "at")?,
                reason: optional_text(row, "reason")?.unwrap_or_default(),
                tasks: notices.iter().filter_map(|notice| notice.task.clone()).collect(),
                review: notices.iter().find_map(|notice| match notice.kind {
                    Kind::Review(review) => Some(review),
                    _ => None,
                }),
            });
        }
        Ok(dead)
    }
}

const NOTICES: &str = "SELECT position, subject, kind, day, on_date FROM notice WHERE organisation = $1 AND message = $2 \
                       AND state IN ('queued', 'dead') ORDER BY position";

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

fn stored_notice(row: &AnyRow) -> Result<StoredNotice> {
    let kind: Kind = parsed("notice", "a kind of notice", text(row, "kind")?)?;
    let task = match kind {
        Kind::Review(_) => None,
        _ => Some(TaskId::new(&text(row, "subject")?)),
    };
    Ok(StoredNotice {
        position: number(row, "position")?,
        task,
        kind,
        day: date(row, "day")?,
        on: date(row, "on_date")?,
    })
}

async fn finish(tx: &mut Tx, organisation: &str, message: &Finished) -> Result<()> {
    let (state, notices, not_before) = match message.outcome {
        Outcome::Sent => ("sent", "sent", message.at),
        Outcome::Again(at) | Outcome::Later(at) => ("queued", "queued", at),
        Outcome::NextChannel => ("queued", "queued", message.at),
        Outcome::Dead => ("dead", "dead", message.at),
        Outcome::Withdrawn => ("withdrawn", "withdrawn", message.at),
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
    for position in &message.withdrawn {
        set_notice_state(tx, organisation, &message.id, Some(*position), "withdrawn").await?;
    }
    if notices != "queued" {
        set_notice_state(tx, organisation, &message.id, None, notices).await?;
    }
    if let Some(attempt) = &message.attempt {
        put_attempt(tx, organisation, &message.id, attempt, message.at).await?;
    }
    Ok(())
}

/// Sets the state of one notice of a message, or of all that still wait.
async fn set_notice_state(
    tx: &mut Tx,
    organisation: &str,
    message: &str,
    position: Option<i64>,
    state: &str,
) -> Result<()> {
    let position = position.unwrap_or(-1);
    sqlx::query(
        "UPDATE notice SET state = $3 WHERE organisation = $1 AND message = $2 AND state = 'queued' \
         AND ($4 < 0 OR position = $4)",
    )
    .bind(organisation)
    .bind(message)
    .bind(state)
    .bind(position)
    .execute(&mut **tx)
    .await
    .doing("noting what was told")?;
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

/// Whether any message waits to be sent.
pub(super) async fn anything_waits(tx: &mut Tx, scope: &Scope) -> Result<bool> {
    let row = sqlx::query("SELECT id FROM message WHERE organisation = $1 AND state = 'queued' LIMIT 1")
        .bind(scope.organisation.as_str())
        .fetch_optional(&mut **tx)
        .await
        .doing("looking into the outbox")?;
    Ok(row.is_some())
}

/// Withdraws what waits to be told to a person about a task: something newer takes its place (rules of delivery, 4).
pub(super) async fn withdraw_for(tx: &mut Tx, scope: &Scope, task: &TaskId, recipient: &str) -> Result<()> {
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
pub(super) async fn withdraw_task(tx: &mut Tx, scope: &Scope, task: &TaskId) -> Result<()> {
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
pub(super) async fn withdraw_notice(tx: &mut Tx, scope: &Scope, row: &AnyRow) -> Result<()> {
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
pub(super) async fn withdraw_empty(tx: &mut Tx, scope: &Scope) -> Result<()> {
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
