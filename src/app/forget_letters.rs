//! Removing letters that need no longer be kept.

use jiff::Timestamp;

use crate::school::School;
use crate::store::outbox;
use crate::store::{Store, StoreError};

/// Removes some of the letters that are older than `[keep] letters` allows; what came of each message stays. Returns whether
/// more are left.
///
/// # Errors
/// When the store fails.
pub async fn forget_letters(store: &Store, school: &School, now: Timestamp) -> Result<bool, StoreError> {
    let settings = &school.settings;
    let Some(span) = settings.keep.letters else { return Ok(false) };
    // A length of time that leads out of the calendar lets every letter be kept.
    let Ok(until) = settings.local(now).checked_sub(span.0) else { return Ok(false) };
    let mut tx = store.begin(&school.scope().organisation).await?;
    let is_more = outbox::forget_letters(&mut tx, until.timestamp()).await?;
    tx.commit("removing letters that need no longer be kept").await?;
    Ok(is_more)
}
