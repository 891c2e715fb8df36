//! A clock that was set back: it repeats nothing, and what only the wrong time skipped, put off or gave up is taken up
//! again (rules of time, 10).

use jiff::{SignedDuration, Timestamp};

use crate::schedule::{Agenda, next_morning, next_opening};
use crate::store::notices::{self, DateMark};
use crate::store::set_back::{self, PutOff};
use crate::store::{StoreError, Tx, reviews};

/// By so much clocks differ all the time: those of machines that share a store, and one that is put right little by little.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(1);
/// No message is put off for longer, but to the next morning of a working day: what may have been handed over goes out
/// again after a day, and a day's limit is free again after one.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(24);

/// Takes up what a clock that ran ahead decided later than `now`, where it did.
pub(super) async fn take_up_after_set_back(tx: &mut Tx, agenda: &Agenda, now: Timestamp) -> Result<(), StoreError> {
    let scope = &agenda.school().scope();
    let today = agenda.school().settings.date_of(now);
    let marked = notices::marked(tx, scope, DateMark::RemindedThrough).await?;
    let looked_at = set_back::looked_at(tx, scope).await?;
    set_back::set_looked_at(tx, scope, now).await?;
    let is_set_back = marked.is_some_and(|through| through > today)
        || looked_at.is_some_and(|looked| looked.duration_since(now) > TOLERANCE);
    if !is_set_back {
        return Ok(());
    }
    let earliest = set_back::forget_decided_after(tx, scope, now).await?;
    reviews::forget_made_after(tx, scope, now).await?;
    set_back::revive_given_up_after(tx, now).await?;
    set_back::shorten_waits(tx, &put_off(agenda, now)).await?;
    // What is forgotten is considered again, however long ago it was to go out.
    if let (Some(marked), Some(earliest)) = (marked, earliest) {
        notices::set_mark(tx, scope, DateMark::RemindedThrough, marked.min(earliest)).await?;
    }
    Ok(())
}

fn put_off(agenda: &Agenda, now: Timestamp) -> PutOff {
    let uncertain = now.saturating_add(LONGEST_WAIT).unwrap_or(Timestamp::MAX);
    let latest = next_morning(agenda.school(), now).max(uncertain);
    PutOff { latest, now, uncertain, others: next_opening(agenda.school(), now) }
}
