//! Files of evidence that no report came to name are removed as the service goes on.

use crate::app::evidence_room::remove_unnamed_files;
use crate::with_causes;

use super::Daemon;

impl Daemon {
    /// Removes the files that no report came to name, once a day.
    pub(super) async fn put_evidence_in_order(&mut self) {
        let now = self.process.clock.now();
        let school = self.agenda().school();
        let today = school.settings.date_of(now);
        if self.process.evidence_in_order == Some(today) {
            return;
        }
        match remove_unnamed_files(&self.process.store, school, now).await {
            Ok(()) => self.process.evidence_in_order = Some(today),
            Err(error) => tracing::warn!(error = with_causes(&error), "files that no report names are still there"),
        }
    }
}
