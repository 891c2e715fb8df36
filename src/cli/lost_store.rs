//! A store that has nothing in it beside files that only a store of before can have left: it was probably lost, and what it
//! knew would be told again.

use std::path::PathBuf;

use crate::config::Settings;
use crate::diagnostic::{Diagnostics, Mistake, Place};
use crate::evidence_store::EvidenceStore;
use crate::language::{Explained, Explanation, Language};
use crate::link;

/// What a lost store has left behind.
#[derive(Debug)]
pub(crate) struct LostStore {
    /// The file of the store.
    pub(crate) store: PathBuf,
    /// What is there from before.
    pub(crate) left: Vec<PathBuf>,
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
    diagnostics.warning(Place::File(lost.store.clone()), lost);
}

impl LostStore {
    /// What may have happened and what to do, in one sentence.
    pub(super) fn told_in(&self, language: Language) -> String {
        let Explanation { message, help } = self.explained_in(language);
        help.map_or(message.clone(), |help| format!("{message} ({help})"))
    }
}

impl Mistake for LostStore {
    fn code(&self) -> &'static str {
        "new-store"
    }
}
