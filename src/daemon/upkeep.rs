//! What a service does once a day for its own order: letters and files that need no longer be kept are removed.

use crate::app::evidence_room::remove_unnamed_files;
use crate::app::forget_letters::forget_letters;
use crate::with_causes;

use super::Daemon;

impl Daemon {
    /// Removes what need no longer be kept, once a day; what fails is tried again at the next run.
    pub(super) async fn keep_in_order(&mut self) {
        let now = self.process.clock.now();
        let (store, school) = (&self.process.store, &*self.school.written);
        let today = school.settings.date_of(now);
        if self.school.in_order_on == Some(today) {
            return;
        }
        let letters = forget_letters(store, school, now).await;
        let files = remove_unnamed_files(store, school, now).await;
        for (removed, left) in [
            (&letters, "letters of before could not be removed"),
            (&files, "files that no report names are still there"),
        ] {
            if let Err(error) = removed {
                tracing::warn!(error = with_causes(error), "{left}");
            }
        }
        if letters.is_ok() && files.is_ok() {
            self.school.in_order_on = Some(today);
        }
    }
}
