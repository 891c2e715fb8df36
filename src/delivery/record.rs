//! The stage that records: results are written down together, many in one commit, while others come in.

use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::store::outbox::Finished;
use crate::store::{Store, StoreError};

use super::finished_task;

/// So many results are written down without waiting for more.
const MAX_RESULTS: usize = 64;
/// How long the first known result waits for others at most, so that one commit serves many. A crash in this time
/// repeats what is known and not written down, so it is short.
const GROUP_COMMIT_WAIT: Duration = Duration::from_millis(20);
/// Where no other result comes for so long, none is waited for: servers that are slow are not worth the wait.
const GROUP_COMMIT_GAP: Duration = Duration::from_millis(3);

/// A write that takes longer keeps a process from handing over more whose work another may take over.
const SLOW: Duration = Duration::from_secs(5);

/// Results that were written down, or were to be.
pub(super) struct RecordedResults {
    results: Vec<Finished>,
    outcome: Result<(), StoreError>,
}

/// Results on their way into the store, written in a task of its own: it holds the database only as long as it needs it,
/// even while nobody waits for it.
pub(super) struct RecordStage {
    store: Store,
    organisation: String,
    /// Results that are known and not being written down.
    known: Vec<Finished>,
    /// When the first of them came to be known.
    since: Instant,
    /// Whether no more of them are waited for.
    is_due: bool,
    /// The write that is under way, and when it began.
    writing: JoinSet<RecordedResults>,
    writing_since: Instant,
    /// Whether the last write failed; its results are in `known` again, and written down when that is asked for.
    has_failed: bool,
}

impl RecordStage {
    pub(super) fn new(store: Store, organisation: String) -> Self {
        let known = Vec::new();
        Self {
            store,
            organisation,
            known,
            since: Instant::now(),
            is_due: false,
            writing: JoinSet::new(),
            writing_since: Instant::now(),
            has_failed: false,
        }
    }

    /// Takes a result.
    pub(super) fn add(&mut self, finished: Finished) {
        if self.known.is_empty() {
            self.since = Instant::now();
        }
        self.known.push(finished);
        self.is_due |= self.known.len() >= MAX_RESULTS && !self.has_failed;
    }

    /// Whether every result is written down.
    pub(super) fn is_empty(&self) -> bool {
        self.known.is_empty() && self.writing.is_empty()
    }

    /// Whether the write that is under way takes long.
    pub(super) fn is_slow(&self) -> bool {
        !self.writing.is_empty() && self.writing_since.elapsed() > SLOW
    }

    /// Whether the last write failed.
    pub(super) fn has_failed(&self) -> bool {
        self.has_failed
    }

    /// How long to wait for more results before those that are known are written down; `None` where there are none, or
    /// it is time.
    pub(super) fn patience(&mut self, nothing_comes: bool) -> Option<Duration> {
        self.is_due |= nothing_comes && !self.has_failed;
        let waits = !self.is_due && !self.known.is_empty() && self.writing.is_empty() && !self.has_failed;
        waits.then(|| GROUP_COMMIT_WAIT.saturating_sub(self.since.elapsed()).min(GROUP_COMMIT_GAP))
    }

    /// No more results are waited for.
    pub(super) fn hurry(&mut self) {
        self.is_due = true;
    }

    /// Writes down what is known when it is time, or goes on with what is being written; `None` when there is neither.
    /// Can be dropped and called again.
    pub(super) async fn next(&mut self) -> Option<RecordedResults> {
        if self.writing.is_empty() {
            if !self.is_due || self.known.is_empty() {
                return None;
            }
            self.is_due = false;
            let (store, organisation) = (self.store.clone(), self.organisation.clone());
            let results = std::mem::take(&mut self.known);
            self.writing_since = Instant::now();
            self.writing.spawn(async move {
                let outcome = store.finish(&organisation, &results).await;
                RecordedResults { results, outcome }
            });
        }
        finished_task(self.writing.join_next().await?)
    }

    /// The results that are in the store now.
    ///
    /// # Errors
    /// Why they are not; they are kept, and nothing is written down until [`Self::hurry`].
    pub(super) fn settle(&mut self, recorded: RecordedResults) -> Result<Vec<Finished>, StoreError> {
        let RecordedResults { results, outcome } = recorded;
        self.has_failed = outcome.is_err();
        match outcome {
            Ok(()) => Ok(results),
            Err(error) => {
                self.is_due = false;
                self.known.splice(0..0, results);
                Err(error)
            }
        }
    }
}
