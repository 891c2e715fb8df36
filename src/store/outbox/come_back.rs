//! Messages that a server took and that came back later.

use jiff::Timestamp;

use crate::reason::Reason;
use crate::store::{Doing, Result, StoreStep, Tx, query};

use super::{AttemptOutcome, MessageState, NoticeState};

/// A message that had been taken and did not arrive.
pub(crate) struct CameBack<'a> {
    /// Its name for life.
    pub(crate) message: &'a str,
    /// Where it did not arrive.
    pub(crate) address: &'a str,
    /// Why not, in the words of the other side.
    pub(crate) reason: &'a str,
    /// The number of the recipient's next channel, where there is one.
    pub(crate) next_channel: Option<usize>,
}

/// Notes that a message did not arrive: its next channel is tried at once, where there is one, or it is dead. Nothing becomes
/// of a message that has gone another way since.
pub(crate) async fn come_back(tx: &mut Tx, came_back: &CameBack<'_>, now: Timestamp) -> Result<()> {
    let CameBack { message, address, reason, next_channel } = *came_back;
    let reason = Reason::from(reason).stored();
    let (state, told) = match next_channel {
        Some(_) => (MessageState::Queued, NoticeState::Queued),
        None => (MessageState::Dead, NoticeState::Dead),
    };
    let changed = query(
        "UPDATE message SET state = $3, not_before = $4, due_at = $4, reason = $5, channel_index = COALESCE($6, channel_index), \
         tries = 0 WHERE organisation = $1 AND id = $2 AND state IN ('sent', 'uncertain')",
    )
    .bind(tx.organisation())
    .bind(message)
    .bind(state.as_str())
    .bind(now.as_millisecond())
    .bind(reason.as_str())
    .bind(next_channel.and_then(|channel| i64::try_from(channel).ok()))
    .execute(&mut **tx)
    .await
    .doing(StoreStep::NoteComeBack)?;
    if changed.rows_affected() == 0 {
        return Ok(());
    }
    query("UPDATE notice SET state = $3 WHERE organisation = $1 AND message = $2 AND state IN ('sent', 'uncertain')")
        .bind(tx.organisation())
        .bind(message)
        .bind(told.as_str())
        .execute(&mut **tx)
        .await
        .doing(StoreStep::NoteWasNotTold)?;
    query(
        "INSERT INTO delivery (organisation, message, attempt, at, channel, address, outcome, answer) \
         SELECT $1, $2, (SELECT MAX(attempt) + 1 FROM delivery WHERE organisation = $1 AND message = $2), $3, MAX(channel), $4, $6, $5 FROM delivery \
         WHERE organisation = $1 AND message = $2 AND lower(address) = $4",
    )
    .bind(tx.organisation())
    .bind(message)
    .bind(now.as_millisecond())
    .bind(address)
    .bind(reason.as_str())
    .bind(AttemptOutcome::Permanent.as_str())
    .execute(&mut **tx)
    .await
    .doing(StoreStep::KeepComeBack)?;
    Ok(())
}
