//! What time it is: the wall clock, one that a rehearsal moves, or one that goes with tokio's timers.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

/// The one thing that says what time it is. Copies of a virtual clock move together.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The clock of the machine.
    System,
    /// A clock that stands still until it is set.
    Virtual(Arc<Mutex<Timestamp>>),
    /// A clock that goes with tokio's timers, and so with their virtual time in a simulation.
    Timers(TimerClock),
}

/// A clock that goes with tokio's timers from an instant on, and may be wrong.
#[derive(Clone, Debug)]
pub struct TimerClock {
    began_at: Timestamp,
    began: Instant,
    /// By how many milliseconds it is ahead, or behind where negative.
    skew: Arc<AtomicI64>,
}

impl TimerClock {
    fn now(&self) -> Timestamp {
        let passed = SignedDuration::try_from(self.began.elapsed()).unwrap_or(SignedDuration::MAX);
        let skew = SignedDuration::from_millis(self.skew.load(Ordering::Relaxed));
        self.began_at.saturating_add(passed.saturating_add(skew)).unwrap_or(Timestamp::MAX)
    }
}

impl Clock {
    /// A clock that stands at `now`.
    #[must_use]
    pub fn standing_at(now: Timestamp) -> Self {
        Self::Virtual(Arc::new(Mutex::new(now)))
    }

    /// A clock that is at `now` and goes with tokio's timers; it is ahead by so many milliseconds as `skew` has at the time,
    /// so that whoever holds that can make it wrong.
    #[must_use]
    pub fn of_timers(now: Timestamp, skew: Arc<AtomicI64>) -> Self {
        Self::Timers(TimerClock { began_at: now, began: Instant::now(), skew })
    }

    /// The present instant, in whole milliseconds as the store keeps it.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let now = match self {
            Self::System => Timestamp::now(),
            Self::Timers(clock) => clock.now(),
            Self::Virtual(now) => *now.lock().unwrap_or_else(PoisonError::into_inner),
        };
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }

    /// Moves a virtual clock; any other is left alone.
    pub fn set(&self, now: Timestamp) {
        if let Self::Virtual(clock) = self {
            *clock.lock().unwrap_or_else(PoisonError::into_inner) = now;
        }
    }
}
