//! This process among those that can work for a school over one database: its heartbeat, the lease that it has or waits for,
//! and the clock of the database.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::store::{Lease, StoreError, StoreListener, WorkerDatabase, WorkerSession};
use crate::with_causes;

use super::owned_task::OwnedTask;
use super::wake_ups::WakeUps;

/// How often the process shows that it lives, and looks whether anybody works for the school.
const EVERY: Duration = Duration::from_secs(5);
/// How long the end may take: longer than the database's patience.
const STOP_PATIENCE: Duration = Duration::from_secs(12);
/// By so many milliseconds the clock may be ahead of the database's: no more than its answers take.
const TOLERANCE: i64 = 1_000;
/// A clock of the machine that is wrong by more milliseconds is told of.
const WRONG: i64 = 2_000;

/// Whether this process works for the school.
#[derive(Clone, Debug)]
pub enum Standing {
    /// It does, by this lease.
    AtWork(Lease),
    /// Another does: who, where that is known.
    StandsBy(Option<String>),
}

/// A process that works for a school or stands by. One that ends without [`Worker::end`] is taken for gone a minute later.
#[derive(Debug)]
pub struct Worker {
    clock: Clock,
    standing: watch::Receiver<Standing>,
    tasks: Vec<OwnedTask>,
}

impl Worker {
    /// Begins to show that it lives, and takes up the work where nobody does it. `wake_ups` are woken when that changes, and
    /// when another process has something for the school. `machine` is the clock of the machine, by which nothing goes.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin(
        database: &WorkerDatabase,
        organisation: &str,
        machine: Clock,
        wake_ups: WakeUps,
    ) -> Result<Self, StoreError> {
        // Before it looks, so that nothing is said in between. That it hears nothing yet it can do without.
        let listener = StoreListener::connect(database, organisation).await.ok();
        let mut session = WorkerSession::new(database.clone());
        let clock = StoreClock::at(session.beat().await?, machine);
        let standing = standing(&mut session, organisation).await?;
        let (sender, standing) = watch::channel(standing);
        let told = WakeUps::default();
        let kept = KeptWorker {
            session,
            organisation: organisation.to_owned(),
            clock: clock.clone(),
            standing: sender,
            has_failed: false,
        };
        let (database, organisation, heard) = (database.clone(), organisation.to_owned(), told.clone());
        let beating = OwnedTask::begin("worker", |stop| kept.beat_until(stop, told, wake_ups));
        let listening = OwnedTask::begin("listener", |stop| async move {
            stop.run_until_cancelled(listen(listener, (database, organisation), heard)).await;
        });
        Ok(Self { clock: clock.clock, standing, tasks: vec![listening, beating] })
    }

    /// The clock of the database, which all processes share.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.clock.clone()
    }

    /// Whether it works for the school by now.
    #[must_use]
    pub fn standing(&self) -> Standing {
        self.standing.borrow().clone()
    }

    /// Gives back the work, so that another process takes it up at once. It must have ended.
    pub async fn end(self) {
        for task in self.tasks {
            task.stop(STOP_PATIENCE).await;
        }
    }
}

/// Takes the work where nobody does it.
async fn standing(session: &mut WorkerSession, organisation: &str) -> Result<Standing, StoreError> {
    Ok(match session.take(organisation).await? {
        Some(lease) => Standing::AtWork(lease),
        None => Standing::StandsBy(session.who_works(organisation).await?),
    })
}

/// What the task of the heartbeat has in hand.
struct KeptWorker {
    session: WorkerSession,
    organisation: String,
    clock: StoreClock,
    standing: watch::Sender<Standing>,
    /// Whether the last heartbeat failed.
    has_failed: bool,
}

impl KeptWorker {
    /// Shows that it lives until `stop`, and gives back what it has then.
    async fn beat_until(mut self, stop: CancellationToken, told: WakeUps, wake_ups: WakeUps) {
        loop {
            let is_told = tokio::select! {
                biased;
                () = stop.cancelled() => break,
                () = told.next() => true,
                () = self.session.rest(EVERY) => false,
            };
            let Some(has_changed) = stop.run_until_cancelled(self.beat()).await else {
                self.session.disconnect();
                break;
            };
            if has_changed || is_told {
                wake_ups.wake();
            }
        }
        if let Err(error) = self.session.leave().await {
            tracing::warn!(error = with_causes(&error), "the work is not given back; others take over in a minute");
        }
    }

    /// A heartbeat. Returns whether it changed who works for the school, as far as this process knows.
    async fn beat(&mut self) -> bool {
        let beaten = self.session.beat().await;
        if let Ok(now) = &beaten {
            self.clock.set(*now);
        }
        let was_held = match &*self.standing.borrow() {
            Standing::AtWork(lease) if lease.is_held() => Some(true),
            Standing::AtWork(_) => Some(false),
            Standing::StandsBy(_) => None,
        };
        let found = match (beaten, was_held) {
            (Ok(_), Some(true)) => {
                self.has_failed = false;
                return false;
            }
            (Ok(_), _) => standing(&mut self.session, &self.organisation).await,
            (Err(error), _) => Err(error),
        };
        let has_failed = std::mem::replace(&mut self.has_failed, found.is_err());
        match found {
            Ok(found) => self.show(found),
            Err(error) => {
                if !has_failed {
                    tracing::error!(
                        error = with_causes(&error),
                        "the store does not answer whether this service lives"
                    );
                }
                // What it has lost it has lost, whoever has it now.
                was_held == Some(false) && self.show(Standing::StandsBy(None))
            }
        }
    }

    fn show(&self, found: Standing) -> bool {
        self.standing.send_if_modified(|standing| {
            let is_same =
                matches!((&*standing, &found), (Standing::StandsBy(old), Standing::StandsBy(new)) if old == new);
            if !is_same {
                *standing = found;
            }
            !is_same
        })
    }
}

/// Hears what other processes have for the school.
async fn listen(
    mut listener: Option<StoreListener>,
    (database, organisation): (WorkerDatabase, String),
    heard: WakeUps,
) {
    loop {
        if let Some(mut listener) = listener.take() {
            while listener.next().await.is_ok() {
                heard.wake();
            }
        }
        // That the store is away the heartbeat tells.
        tokio::time::sleep(EVERY).await;
        listener = StoreListener::connect(&database, &organisation).await.ok();
        if listener.is_some() {
            // Something may have been said meanwhile.
            heard.wake();
        }
    }
}

/// A clock that goes with timers and is set by the clock of the database.
#[derive(Clone)]
struct StoreClock {
    clock: Clock,
    /// By how many milliseconds it is ahead of the timers.
    ahead: Arc<AtomicI64>,
    /// The clock of the machine.
    machine: Clock,
    /// Whether the clock of the machine was told to be wrong.
    is_told: bool,
}

impl StoreClock {
    fn at(now: Timestamp, machine: Clock) -> Self {
        let ahead = Arc::new(AtomicI64::new(0));
        Self { clock: Clock::of_timers(now, Arc::clone(&ahead)), ahead, machine, is_told: false }
    }

    /// Sets it. An answer takes a while, so that it never goes back for a little.
    fn set(&mut self, now: Timestamp) {
        let behind = now.as_millisecond() - self.clock.now().as_millisecond();
        if !(-TOLERANCE..=0).contains(&behind) {
            self.ahead.fetch_add(behind, Ordering::Relaxed);
        }
        let wrong = self.machine.now().as_millisecond() - now.as_millisecond();
        let is_wrong = wrong.abs() > WRONG;
        if is_wrong && !self.is_told {
            tracing::warn!(
                seconds = wrong / 1_000,
                "the clock of this machine differs from that of the store's server, by which the service goes"
            );
        }
        self.is_told = is_wrong;
    }
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_clock_follows_that_of_the_database_and_does_not_tremble() {
        let began = Timestamp::UNIX_EPOCH;
        let mut clock = StoreClock::at(began, Clock::System);
        tokio::time::sleep(Duration::from_secs(5)).await;
        assert_eq!(clock.clock.now(), began + 5.seconds());
        for (said, shown) in [(4_800, 5_000), (5_300, 5_300), (5_000, 5_300), (90_000, 90_000), (3_000, 3_000)] {
            clock.set(began + i64::from(said).milliseconds());
            assert_eq!(clock.clock.now(), began + i64::from(shown).milliseconds(), "{said}");
        }
    }
}
