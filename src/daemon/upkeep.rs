//! What a service does once a day for its own order: letters and files that need no longer be kept are removed, letters of an
//! earlier version compressed.

use crate::app::evidence_room::remove_unnamed_files;
use crate::app::letters::{compress_letters, forget_letters};
use crate::app::removal::{RemovalTime, removal_time};
use crate::with_causes;

use super::Daemon;

impl Daemon {
    /// Removes what need no longer be kept, once a day, and compresses what is kept as it was sent, once; what fails is tried again at the next run.
    pub(super) async fn keep_in_order(&mut self) {
        let now = self.process.clock.now();
        let (store, school) = (&self.process.store, &*self.school.written);
        let today = school.settings.date_of(now);
        if self.school.in_order_on == Some(today) {
            return;
        }
        let RemovalTime { at, is_clock } = match removal_time(store, school, now).await {
            Ok(believed) => believed,
            Err(error) => {
                tracing::warn!(error = with_causes(&error), "it is not known what need no longer be kept");
                return;
            }
        };
        let letters = forget_letters(store, school, at).await;
        // Looking for them reads every letter: once for each start.
        let is_done = self.school.are_letters_compressed;
        let smaller = if is_done { Ok(()) } else { compress_letters(store, school).await };
        // A file may be on its way to its report: where the clock has jumped, none is known to be old.
        let files = if is_clock { remove_unnamed_files(store, school, at).await } else { Ok(()) };
        for (kept, left) in [
            (&letters, "letters of before could not be removed"),
            (&smaller, "letters of an earlier version could not be compressed"),
            (&files, "files that no report names are still there"),
        ] {
            if let Err(error) = kept {
                tracing::warn!(error = with_causes(error), "{left}");
            }
        }
        self.school.are_letters_compressed = smaller.is_ok();
        if letters.is_ok() && smaller.is_ok() && files.is_ok() {
            self.school.in_order_on = Some(today);
        }
    }
}
