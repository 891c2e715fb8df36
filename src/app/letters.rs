//! Letters as they are kept: those that need no longer be are removed, those of an earlier version compressed.

use jiff::Timestamp;

use crate::school::School;
use crate::store::outbox;
use crate::store::{Store, StoreError, StoreStep};

/// Removes the letters that are older at `now` than `[keep] letters` allows, some in each transaction; what came of each
/// message stays.
///
/// # Errors
/// When the store fails; what was removed before is gone.
pub async fn forget_letters(store: &Store, school: &School, now: Timestamp) -> Result<(), StoreError> {
    let settings = &school.settings;
    let Some(span) = settings.keep.letters else { return Ok(()) };
    // A length of time that leads out of the calendar lets every letter be kept.
    let Ok(until) = settings.local(now).checked_sub(span.0) else { return Ok(()) };
    loop {
        let mut tx = store.begin(&school.scope().organisation).await?;
        let is_more = outbox::forget_letters(&mut tx, until.timestamp()).await?;
        tx.commit(StoreStep::RemoveLetters).await?;
        if !is_more {
            return Ok(());
        }
    }
}

/// Compresses the letters that an earlier version kept as they were sent, some in each transaction.
///
/// # Errors
/// When the store fails; what was compressed before stays so.
pub async fn compress_letters(store: &Store, school: &School) -> Result<(), StoreError> {
    let mut through = String::new();
    loop {
        let mut tx = store.begin(&school.scope().organisation).await?;
        let last = outbox::compress_letters(&mut tx, &through).await?;
        tx.commit(StoreStep::CompressLetters).await?;
        match last {
            Some(last) => through = last,
            None => return Ok(()),
        }
    }
}
