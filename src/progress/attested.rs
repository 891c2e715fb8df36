//! What was told of recurring work, period by period (rules of time, 14).

use jiff::Timestamp;

use crate::plan::{TaskId, WorkPeriod};

use super::{How, Progress};

/// A word that recurring work was done in a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attestation {
    /// The period.
    pub period: WorkPeriod,
    /// The lead whose part it is, by name; `None` where it attests for all of them.
    pub lead: Option<String>,
    /// The instant of the word.
    pub at: Timestamp,
    /// The person who said so, by the name in the configuration, else as they signed.
    pub by: Option<String>,
    /// The way by which it came.
    pub how: How,
}

impl Progress {
    /// Adds a word on recurring work.
    pub fn attest(&mut self, task: TaskId, attestation: Attestation) {
        self.attested.entry(task).or_default().push(attestation);
    }

    /// Everything that was told of a recurring task, by time.
    #[must_use]
    pub fn attestations(&self, task: &TaskId) -> &[Attestation] {
        self.attested.get(task).map_or(&[], Vec::as_slice)
    }

    /// Whether a lead, by name, has told for a period, or somebody for all.
    #[must_use]
    pub fn has_attested(&self, task: &TaskId, period: WorkPeriod, lead: &str) -> bool {
        let told = |word: &Attestation| word.period == period && word.lead.as_deref().is_none_or(|own| own == lead);
        self.attestations(task).iter().any(told)
    }

    /// When a period was attested by all who lead the task, or for all; `None` while it is not. It stays so whoever is added
    /// later.
    #[must_use]
    pub fn attested_at(&self, task: &TaskId, period: WorkPeriod) -> Option<Timestamp> {
        let whole = self.attestations(task).iter().filter(|word| word.period == period && word.lead.is_none());
        whole.map(|word| word.at).min()
    }

    /// The periods that are attested, by time.
    #[must_use]
    pub fn attested_periods(&self, task: &TaskId) -> Vec<WorkPeriod> {
        let whole = self.attestations(task).iter().filter(|word| word.lead.is_none());
        let mut periods: Vec<WorkPeriod> = whole.map(|word| word.period).collect();
        periods.sort_unstable();
        periods.dedup();
        periods
    }
}
