//! The room that evidence takes: the admin hears where none is left, and files that no report came to name are removed.

use jiff::{SignedDuration, Timestamp};

use crate::blocking::blocking;
use crate::compose::Alert;
use crate::evidence_store::{EvidenceError, EvidenceStore, UnnamedFile};
use crate::school::School;
use crate::store::{Store, StoreError};
use crate::with_causes;

use super::notes::alerts;

/// How long a file is kept whose report may still be on its way into the store.
const REPORT_COMES_WITHIN: SignedDuration = SignedDuration::from_hours(1);
/// How long a file is kept whose task was asked of its sender.
const ANSWER_COMES_WITHIN: SignedDuration = SignedDuration::from_hours(60 * 24);

/// Tells the admin, once a day, where files were refused because there is no room for them.
///
/// # Errors
/// When the store fails.
pub async fn tell_no_room(
    store: &Store,
    school: &School,
    refused: &EvidenceError,
    now: Timestamp,
) -> Result<(), StoreError> {
    let EvidenceError::NoRoom { names, used, most } = refused else { return Ok(()) };
    tracing::error!(used, most, "files are refused: there is no room for more evidence");
    let today = school.settings.date_of(now);
    let alert = Alert::EvidenceFull { names: names.clone(), used_mb: used >> 20, max_mb: most >> 20 };
    store.put_alerts(&school.scope(), &alerts(school, &alert, &format!("evidence\0{today}")), now).await
}

/// Removes the files that no report came to name: a process ended, or a step failed, after they were kept. Files of before that
/// a report does name are none of these, even where the store does not know the report (a copy of it was put back).
///
/// # Errors
/// When the store fails; then nothing is removed.
pub async fn remove_unnamed_files(store: &Store, school: &School, now: Timestamp) -> Result<(), StoreError> {
    let evidence = EvidenceStore::open(&school.settings.evidence);
    let before = |span| now.saturating_sub(span).unwrap_or(Timestamp::MIN);
    let (mut named, mut needless) = (Vec::new(), Vec::new());
    for file in unnamed_files(&evidence).await {
        let hash = file.hash.as_deref();
        if file.since > before(REPORT_COMES_WITHIN) {
            continue;
        }
        match hash {
            Some(hash) if store.is_evidence(hash).await? => named.extend(file.hash),
            Some(hash) if store.is_asked_about(hash, before(ANSWER_COMES_WITHIN)).await? => {}
            _ => needless.push(file),
        }
    }
    let swept = blocking(move || {
        for hash in &named {
            tell(evidence.set_named([hash.as_str()]), "a file that a report names is not noted as such");
        }
        if !needless.is_empty() {
            tracing::warn!(files = needless.len(), "removing files that no report names");
        }
        for file in &needless {
            tell(file.remove(), "a file that no report names cannot be removed");
        }
    });
    tell(swept.await.map_err(std::io::Error::other), "looking through the evidence broke off");
    Ok(())
}

/// The files that no report is known to name; none, and a word in the log, where the disk fails.
async fn unnamed_files(evidence: &EvidenceStore) -> Vec<UnnamedFile> {
    let evidence = evidence.clone();
    let found = blocking(move || evidence.unnamed()).await;
    let found = found.map_err(std::io::Error::other).flatten();
    found.unwrap_or_else(|error| {
        tell(Err(error), "the evidence cannot be looked through");
        Vec::new()
    })
}

/// Logs what keeps files from being put in order: it is tried again the next day.
fn tell(result: std::io::Result<()>, what: &str) {
    if let Err(error) = result {
        tracing::warn!(error = with_causes(&error), "{what}");
    }
}
