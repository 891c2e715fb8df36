//! Wake-ups that coalesce.

use std::sync::Arc;

use tokio::sync::Notify;

/// How the service is woken: by its own clock, and by whoever has told the program something. A wake-up says only "look
/// now", so those that nobody has taken yet count as one. Copies wake the same service.
#[derive(Clone, Debug, Default)]
pub struct WakeUps(Arc<Notify>);

impl WakeUps {
    /// Wakes the service, now or as soon as it waits.
    pub fn wake(&self) {
        self.0.notify_one();
    }

    /// Waits for a wake-up. One that comes while nobody waits is taken by whoever waits next.
    pub async fn next(&self) {
        self.0.notified().await;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn wake_ups_that_nobody_has_taken_count_as_one() {
        let wake_ups = WakeUps::default();
        let is_woken = async || timeout(Duration::from_mins(1), wake_ups.next()).await.is_ok();
        assert!(!is_woken().await);
        for _ in 0..3 {
            wake_ups.clone().wake();
        }
        assert!(is_woken().await);
        assert!(!is_woken().await);
    }
}
