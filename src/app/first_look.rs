//! What the first look of the service will put into the outbox, as far as it is known now. Nothing is written down.

use jiff::Timestamp;

use crate::progress::Progress;
use crate::schedule::{Agenda, DueMessage, ReportedStates, decide, next_opening};
use crate::store::{Store, StoreError};

use super::decide_due::past;

/// The first look at which anything may go out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstLook {
    /// When it is.
    pub at: Timestamp,
    /// What it sends, with what it catches up, if nothing is reported or changed until then.
    pub messages: Vec<DueMessage>,
}

/// Decides as the service will, now or when people may next be told.
///
/// # Errors
/// When the store fails.
pub async fn first_look(
    store: &Store,
    agenda: &Agenda,
    progress: &Progress,
    now: Timestamp,
) -> Result<FirstLook, StoreError> {
    let school = agenda.school();
    let organisation = &school.scope().organisation;
    let at = next_opening(school, now);
    let since = store.began(organisation).await?.unwrap_or(now).min(now);
    // Only read: it is dropped, and leaves no trace.
    let mut tx = store.begin_to_read(organisation).await?;
    let past = past(&mut tx, agenda, since, at).await?;
    let decision = decide(agenda, &past, at, ReportedStates { school, progress });
    Ok(FirstLook { at, messages: decision.messages })
}
