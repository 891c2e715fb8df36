//! Letters of before are removed as the service goes on.

use crate::app::forget_letters::forget_letters;
use crate::with_causes;

use super::Daemon;

impl Daemon {
    /// Removes letters that need no longer be kept: once a day, and pass by pass until none is left.
    pub(super) async fn forget_letters(&mut self) {
        let now = self.process.clock.now();
        let today = self.school.written.settings.date_of(now);
        if self.school.letters_forgotten == Some(today) {
            return;
        }
        match forget_letters(&self.process.store, &self.school.written, now).await {
            Ok(is_more) => self.school.letters_forgotten = Some(today).filter(|_| !is_more),
            Err(error) => tracing::warn!(error = with_causes(&error), "letters of before could not be removed"),
        }
    }
}
