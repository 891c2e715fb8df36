//! The durable queue of messages: put in by a look, claimed with a lease, and sent, tried again later, or given up.

mod channel_attempts;
mod come_back;
mod deliver;
mod inspect;
mod letters;
mod notes;
mod states;
mod uncertain;
mod withdraw;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use sqlx::any::AnyRow;

use crate::plan::TaskId;
use crate::reason::Reason;
use crate::schedule::NoticeKind;

use super::{
    Doing, ExpectedValue, ForRows, Result, Scope, Store, StoreStep, Tx, date, instant, number, parsed, query, text,
};

pub(crate) use channel_attempts::{ChannelAttempt, WaitingRecipient};
pub(crate) use come_back::{CameBack, come_back};
pub use inspect::{Dead, Listed, PastAttempt, Queue, Waiting};
pub(crate) use letters::{compress_letters, forget_letters};
pub(crate) use notes::{NewNote, TravelsWith, note_is_known, notes_of_day, put_note, put_note_along, take_along};
pub use states::{AttemptOutcome, MessageKind, MessageState, NoticeState};
pub use uncertain::UncertainAttempts;
pub use withdraw::Why;
pub(crate) use withdraw::{
    anything_waits, withdraw_empty, withdraw_for, withdraw_notice, withdraw_part, withdraw_task,
};

/// A message is late when it waits for so long beyond its time (rules of delivery, 8).
const LATE_AFTER: SignedDuration = SignedDuration::from_hours(1);

/// A message on its way into the outbox.
pub(crate) struct NewMessage<'a> {
    pub(crate) id: &'a str,
    pub(crate) class: MessageKind,
    pub(crate) recipient: &'a str,
    pub(crate) alert: Option<&'a str>,
    pub(crate) urgency: i64,
    pub(crate) number: i64,
    pub(crate) not_before: Timestamp,
}

/// Puts messages into the outbox unless they are there.
pub(crate) async fn insert(tx: &mut Tx, scope: &Scope, messages: &[NewMessage<'_>], now: Timestamp) -> Result<()> {
    static MESSAGES: ForRows = ForRows::new(
        "INSERT INTO message (organisation, id, plan, class, recipient, alert, urgency, number, state, created_at, \
         not_before, due_at, tries, channel_index) SELECT $1, v.column1, $2, v.column2, v.column3, v.column4, v.column5, \
         v.column6, 'queued', $3, v.column7, v.column7, 0, 0 FROM (VALUES ",
        ") AS v WHERE 1 = 1 ON CONFLICT (organisation, id) DO NOTHING",
        4,
        7,
    );
    let mut statement = query(MESSAGES.text(messages.len()))
        .bind(tx.organisation())
        .bind(scope.plan.as_str())
        .bind(now.as_millisecond());
    for message in messages {
        statement = statement
            .bind(message.id)
            .bind(message.class.as_str())
            .bind(message.recipient)
            .bind(message.alert)
            .bind(message.urgency)
            .bind(message.number)
            .bind(message.not_before.as_millisecond());
    }
    statement.execute(&mut **tx).await.doing(StoreStep::PutMessages)?;
    Ok(())
}

/// An alert on its way into the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAlert {
    /// Its name for life.
    pub id: String,
    /// Whom it is for.
    pub recipient: String,
    /// What it says, as JSON.
    pub alert: String,
}

/// Puts alerts into the outbox unless they are there.
pub(crate) async fn put_alerts(tx: &mut Tx, scope: &Scope, alerts: &[NewAlert], now: Timestamp) -> Result<()> {
    for NewAlert { id, recipient, alert } in alerts {
        let message = NewMessage {
            id,
            class: MessageKind::Alert,
            recipient,
            alert: Some(alert),
            urgency: 0,
            number: 0,
            not_before: now,
        };
        insert(tx, scope, &[message], now).await?;
    }
    Ok(())
}

/// One notice of a claimed message, by the names of the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredNotice {
    /// Its place in the message when that was decided.
    pub position: i64,
    /// The task; `None` for a review.
    pub task: Option<TaskId>,
    /// What is told.
    pub kind: NoticeKind,
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
    pub class: MessageKind,
    /// The recipient's name in the configuration.
    pub recipient: String,
    /// What an alert or a note says, as JSON.
    pub alert: Option<String>,
    /// When it was put into the outbox.
    pub created_at: Timestamp,
    /// How often it was tried on its present channel without success.
    pub tries: u32,
    /// Which of the recipient's channels it is on, from 0.
    pub channel_index: usize,
    /// What it tells, most urgent first.
    pub notices: Vec<StoredNotice>,
    /// The channels that it was handed to without an answer, so that it may have arrived.
    pub uncertain: Vec<UncertainAttempts>,
    /// When it was composed as it may have been handed over before; `None` where it was not.
    pub rendered_at: Option<Timestamp>,
    /// When it was claimed: after a crash this is known as the instant at which it was composed.
    pub claimed_at: Timestamp,
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
    /// It may have arrived, and is not handed over again (rules of delivery, 2).
    Uncertain,
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
    /// Which of the recipient's channels it was claimed for, from 0.
    pub channel_index: usize,
    /// Notices that were no longer true and so were not told, by their place in the message, and why.
    pub withdrawn: Vec<(i64, Why)>,
    /// When.
    pub at: Timestamp,
    /// When it was composed as it may have been handed over; `None` where it was not.
    pub rendered_at: Option<Timestamp>,
    /// The channel that was used; `None` where none was.
    pub attempt: Option<Attempt>,
}

/// What was sent over which channel, and what was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// When it was handed over; `None` where it was not: then when the message ended.
    pub at: Option<Timestamp>,
    /// The channel's name.
    pub channel: String,
    /// Where it was sent.
    pub address: Option<String>,
    /// What came of it.
    pub outcome: AttemptOutcome,
    /// Why: what the other side said, or what happened instead.
    pub answer: Reason,
    /// The subject as it was sent.
    pub subject: Option<String>,
    /// The message as it was handed over; kept only where it was taken, or may have been.
    pub payload: Option<Vec<u8>>,
}

impl Store {
    /// Puts alerts into the outbox; the same alert at the same moment only once.
    ///
    /// # Errors
    /// When the database fails; then none is put there.
    pub async fn put_alerts(&self, scope: &Scope, alerts: &[NewAlert], now: Timestamp) -> Result<()> {
        let mut tx = self.begin(&scope.organisation).await?;
        put_alerts(&mut tx, scope, alerts, now).await?;
        tx.commit(StoreStep::PutAlerts).await
    }

    /// When a channel sent what it sent since `since`, oldest first.
    ///
    /// # Errors
    /// When the database fails or holds what the program never writes.
    pub async fn sent_since(&self, organisation: &str, since: Timestamp) -> Result<Vec<(String, Timestamp)>> {
        let rows = query(
            "SELECT channel, at FROM delivery WHERE organisation = $1 AND at >= $2 \
             AND outcome IN ('sent', 'uncertain') ORDER BY at",
        )
        .bind(organisation)
        .bind(since.as_millisecond())
        .fetch_all(&self.database)
        .await
        .doing(StoreStep::CountSent)?;
        rows.iter().map(|row| Ok((text(row, "channel")?, instant(row, "at")?))).collect()
    }

    /// How many messages are late at `now`: they wait for more than an hour beyond their time (rules of delivery, 8). What
    /// may have been handed over already is not among them: it may have arrived.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn late(&self, organisation: &str, now: Timestamp) -> Result<i64> {
        let before = now.saturating_sub(LATE_AFTER).unwrap_or(Timestamp::MIN);
        let row = query(
            "SELECT COUNT(*) AS late FROM message WHERE organisation = $1 AND COALESCE(due_at, not_before) < $2 \
             AND (state = 'queued' AND rendered_at IS NULL OR state = 'sending')",
        )
        .bind(organisation)
        .bind(before.as_millisecond())
        .fetch_one(&self.database)
        .await
        .doing(StoreStep::CountLate)?;
        number(&row, "late")
    }

    /// The instant at which the next message that waits may go out, where any does.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next_delivery(&self, organisation: &str) -> Result<Option<Timestamp>> {
        let row = query(
            "SELECT not_before FROM message WHERE organisation = $1 AND state = 'queued' ORDER BY not_before LIMIT 1",
        )
        .bind(organisation)
        .fetch_optional(&self.database)
        .await
        .doing(StoreStep::FindNextDelivery)?;
        row.map(|row| instant(&row, "not_before")).transpose()
    }
}

fn stored_notice(row: &AnyRow) -> Result<StoredNotice> {
    let kind: NoticeKind = parsed("notice", ExpectedValue::NoticeKind, text(row, "kind")?)?;
    let task = match kind {
        NoticeKind::Review(_) => None,
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
