//! A store that has nothing in it beside files that only a store of before can have left: it was probably lost, and what it
//! knew would be told again.

use std::fmt;
use std::path::PathBuf;

use crate::config::Settings;
use crate::diagnostic::{Diagnostics, Place};
use crate::evidence_store::EvidenceStore;
use crate::link;

/// What a lost store has left behind.
#[derive(Debug)]
pub(super) struct LostStore {
    /// The file of the store.
    store: PathBuf,
    /// What is there from before.
    left: Vec<PathBuf>,
}

/// What is left of a store of before. It was lost if the store that is there now has nothing in it.
pub(super) fn of(settings: &Settings) -> Option<LostStore> {
    let store = settings.store.file()?.to_owned();
    let has_evidence = !EvidenceStore::open(&settings.evidence).is_empty();
    let evidence = has_evidence.then(|| settings.evidence.directory.clone());
    let left: Vec<PathBuf> = link::key::file(&settings.state).into_iter().chain(evidence).collect();
    (!left.is_empty()).then_some(LostStore { store, left })
}

/// Warns where the file of the store is missing.
pub(super) fn warn(settings: &Settings, diagnostics: &mut Diagnostics) {
    let Some(lost) = of(settings).filter(|lost| !lost.store.exists()) else { return };
    diagnostics.warning("new-store", Place::File(lost.store.clone()), lost.to_string()).help(ADVICE);
}

/// What to do about it.
const ADVICE: &str =
    "if it was, stop the service and put a backup in its place: a new store does not know what was sent and reported";

impl fmt::Display for LostStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let left: Vec<String> = self.left.iter().map(|path| path.display().to_string()).collect();
        let verb = if left.len() == 1 { "is" } else { "are" };
        write!(
            f,
            "the store {} is new, but {} {verb} there from before: was it lost?",
            self.store.display(),
            left.join(" and ")
        )?;
        if f.alternate() { write!(f, " ({ADVICE})") } else { Ok(()) }
    }
}
