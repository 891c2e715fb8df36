//! When the working loop looks again, whatever becomes of the clock.

use std::time::Duration;

use tokio_cron_scheduler::{Job, JobScheduler, JobSchedulerError};
use tokio_util::sync::CancellationToken;

use crate::with_causes;

use super::wake_ups::WakeUps;

/// Every minute, in UTC: a wake-up says only "look now", so neither time zones nor missed runs matter.
const EVERY_MINUTE: &str = "0 * * * * *";
/// No sleep is longer, whenever the next minute of the clock is said to begin: a clock that is set back says "in an hour".
const MAX_SLEEP: Duration = Duration::from_mins(1);

/// The minutes of the clock. The scheduler says only when the next one begins and is never started, since it would compare
/// times of the clock and wait for one that was set back; what is slept is measured by timers, which no clock moves.
pub(super) struct Minutes {
    scheduler: JobScheduler,
}

impl Minutes {
    pub(super) async fn new() -> Result<Self, JobSchedulerError> {
        Ok(Self { scheduler: JobScheduler::new().await? })
    }

    /// Wakes the service every minute, until `stop`.
    pub(super) async fn wake(mut self, wake_ups: WakeUps, stop: CancellationToken) {
        while stop.run_until_cancelled(self.next()).await.is_some() {
            wake_ups.wake();
        }
    }

    /// Waits until the next minute begins, for a minute at most.
    async fn next(&mut self) {
        let until_next = self.until_next().await.unwrap_or_else(|error| {
            tracing::warn!(error = with_causes(&error), "the scheduler does not say when the next minute begins");
            None
        });
        tokio::time::sleep(sleep(until_next)).await;
    }

    /// How long it is until the next minute begins, by the clock as it is now.
    async fn until_next(&mut self) -> Result<Option<Duration>, JobSchedulerError> {
        // The scheduler works out a job's next time when the job is added, and not again unless it is started.
        let job = self.scheduler.add(Job::new(EVERY_MINUTE, |_, _| ())?).await?;
        let until_next = self.scheduler.time_till_next_job().await?;
        self.scheduler.remove(&job).await?;
        Ok(until_next)
    }
}

/// How long to sleep where the next minute is said to begin then.
fn sleep(until_next: Option<Duration>) -> Duration {
    until_next.unwrap_or(MAX_SLEEP).min(MAX_SLEEP)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use tokio::time::Instant;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn it_wakes_every_minute_although_the_clock_does_not_go_on() {
        // Here an hour of timers passes in no time of the clock: it is as if that were set back again and again.
        let began = Instant::now();
        let (wake_ups, stop) = (WakeUps::default(), CancellationToken::new());
        let minutes = tokio::spawn(Minutes::new().await.unwrap().wake(wake_ups.clone(), stop.clone()));
        for _ in 0..60 {
            wake_ups.next().await;
        }
        assert!(began.elapsed() <= Duration::from_mins(61), "{:?}", began.elapsed());
        stop.cancel();
        minutes.await.unwrap();
    }

    #[test]
    fn no_sleep_is_longer_than_a_minute() {
        let seconds = Duration::from_secs;
        assert_eq!(sleep(Some(seconds(17))), seconds(17));
        assert_eq!(sleep(Some(seconds(3_617))), seconds(60), "the clock was set back");
        assert_eq!(sleep(None), seconds(60), "the clock was set forward");
    }
}
