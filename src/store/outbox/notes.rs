//! Notes in the outbox: each is known by its name for life, and may travel in the message of another one.

use jiff::Timestamp;

use crate::store::{Doing, Result, Scope, StoreStep, Tx, instant, query, text, word};

use super::{MessageKind, MessageState, NewMessage, insert};

/// The place of notes by urgency: behind all that the plan itself asks for (rules of delivery, 5).
const NOTE_URGENCY: i64 = 6;

/// A note on its way into the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NewNote<'a> {
    /// Its name for life: the same note for the same person always has the same.
    pub(crate) id: &'a str,
    /// Whom it is for.
    pub(crate) recipient: &'a str,
    /// What it says, as JSON.
    pub(crate) says: &'a str,
    /// Not to be sent before this instant.
    pub(crate) not_before: Timestamp,
}

/// A message of notes that waits, or that its recipient was told on the day that is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TravelsWith {
    /// Its name.
    pub(crate) id: String,
    /// Whether it waits: others may travel with it.
    pub(crate) waits: bool,
    /// What it says, as JSON.
    pub(crate) says: String,
    /// Not to be sent before this instant; when it was sent, where it was.
    pub(crate) not_before: Timestamp,
}

/// Whether a note with this name was put into the outbox before.
pub(crate) async fn note_is_known(tx: &mut Tx, id: &str) -> Result<bool> {
    let row = query("SELECT id FROM message WHERE organisation = $1 AND id = $2")
        .bind(tx.organisation())
        .bind(id)
        .fetch_optional(&mut **tx)
        .await
        .doing(StoreStep::FindNote)?;
    Ok(row.is_some())
}

/// The messages of notes to a person that wait, are on their way, or were told since `midnight`, the oldest first.
pub(crate) async fn notes_of_day(
    tx: &mut Tx,
    scope: &Scope,
    recipient: &str,
    midnight: Timestamp,
) -> Result<Vec<TravelsWith>> {
    let rows = query(
        "SELECT id, state, alert, not_before FROM message WHERE organisation = $1 AND plan = $2 AND class = $3 \
         AND recipient = $4 AND (state IN ('queued', 'sending') OR state IN ('sent', 'uncertain') AND not_before >= $5) \
         ORDER BY created_at, number",
    )
    .bind(tx.organisation())
    .bind(scope.plan.as_str())
    .bind(MessageKind::Note.as_str())
    .bind(recipient)
    .bind(midnight.as_millisecond())
    .fetch_all(&mut **tx)
    .await
    .doing(StoreStep::ReadNotes)?;
    let note = |row| {
        let state: MessageState = word(row, "state")?;
        Ok(TravelsWith {
            id: text(row, "id")?,
            waits: state == MessageState::Queued,
            says: text(row, "alert")?,
            not_before: instant(row, "not_before")?,
        })
    };
    rows.iter().map(note).collect()
}

/// Puts a note into the outbox, as a message of its own.
pub(crate) async fn put_note(tx: &mut Tx, scope: &Scope, note: &NewNote<'_>, now: Timestamp) -> Result<()> {
    let message = NewMessage {
        id: note.id,
        class: MessageKind::Note,
        recipient: note.recipient,
        alert: Some(note.says),
        urgency: NOTE_URGENCY,
        number: 0,
        not_before: note.not_before,
    };
    insert(tx, scope, &[message], now).await
}

/// Puts a note into the outbox that another message tells: it is known, and never sent alone.
pub(crate) async fn put_note_along(tx: &mut Tx, scope: &Scope, note: &NewNote<'_>, now: Timestamp) -> Result<()> {
    put_note(tx, scope, note, now).await?;
    withdraw(tx, note.id).await
}

/// Has a message that waits say this, from this instant on, and others that wait nothing any more. Returns whether it did:
/// `false` where a process has taken it meanwhile.
pub(crate) async fn take_along(
    tx: &mut Tx,
    message: &str,
    says: &str,
    not_before: Timestamp,
    others: &[String],
) -> Result<bool> {
    let changed = query(
        "UPDATE message SET alert = $3, not_before = $4, due_at = $4 WHERE organisation = $1 AND id = $2 AND state = 'queued'",
    )
    .bind(tx.organisation())
    .bind(message)
    .bind(says)
    .bind(not_before.as_millisecond())
    .execute(&mut **tx)
    .await
    .doing(StoreStep::AddToNote)?;
    if changed.rows_affected() == 0 {
        return Ok(false);
    }
    for other in others {
        withdraw(tx, other).await?;
    }
    Ok(true)
}

async fn withdraw(tx: &mut Tx, id: &str) -> Result<()> {
    query(
        "UPDATE message SET state = 'withdrawn', reason = $3 WHERE organisation = $1 AND id = $2 AND state = 'queued'",
    )
    .bind(tx.organisation())
    .bind(id)
    .bind("told in another message of the same day")
    .execute(&mut **tx)
    .await
    .doing(StoreStep::AddToNote)?;
    Ok(())
}
