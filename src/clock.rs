//! What time it is: the wall clock, or one that a rehearsal moves.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

/// The one thing that says what time it is. Copies of a virtual clock move together.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The clock of the machine.
    System,
    /// A clock that stands still until it is set.
    Virtual(Arc<Mutex<Timestamp>>),
}

impl Clock {
    /// A clock that stands at `now`.
    #[must_use]
    pub fn standing_at(now: Timestamp) -> Self {
        Self::Virtual(Arc::new(Mutex::new(now)))
    }

    /// The present instant, in whole milliseconds as the store keeps it.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let now = match self {
            Self::System => Timestamp::now(),
            Self::Virtual(now) => *now.lock().unwrap_or_else(PoisonError::into_inner),
        };
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }

    /// Moves a virtual clock; the clock of the machine is left alone.
    pub fn set(&self, now: Timestamp) {
        if let Self::Virtual(clock) = self {
            *clock.lock().unwrap_or_else(PoisonError::into_inner) = now;
        }
    }
}
