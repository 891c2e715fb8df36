//! The memory that uploads take up. It is reserved as a form arrives, not as it is announced; each person has one form at a
//! time, and nobody has more than a part of it, so that one who sends slowly keeps nobody else waiting.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedMutexGuard, Semaphore};
use tokio::time::timeout;

use crate::link::LinkTag;

/// MiB of forms that are in memory at once; what is more waits.
const ALL: u32 = 256;
/// The most MiB of it that one form counts for.
const PART: u32 = ALL / 2;
/// How long a form waits for memory: those that wait for each other must not do so for ever.
const PATIENCE: Duration = Duration::from_mins(1);

/// The memory for all forms.
#[derive(Debug)]
pub(super) struct UploadMemory {
    free: Arc<Semaphore>,
    turns: Mutex<HashMap<LinkTag, Arc<tokio::sync::Mutex<()>>>>,
}

/// There is no memory left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MemoryFull;

impl MemoryFull {
    /// When to come again.
    pub(super) const WAIT: Duration = PATIENCE;
}

impl Default for UploadMemory {
    fn default() -> Self {
        Self { free: Arc::new(Semaphore::new(usize::try_from(ALL).unwrap_or(1))), turns: Mutex::default() }
    }
}

impl UploadMemory {
    /// Waits for somebody's turn: until their last form has been dealt with.
    ///
    /// # Errors
    /// When that takes too long.
    pub(super) async fn enter(&self, person: LinkTag) -> Result<Reservation, MemoryFull> {
        // Of those who have a link that holds, there are as many as the school has people.
        let turn = {
            let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(turns.entry(person).or_default())
        };
        let turn = timeout(PATIENCE, turn.lock_owned()).await.map_err(|_| MemoryFull)?;
        Ok(Reservation { free: Arc::clone(&self.free), held: AtomicU32::new(0), _turn: turn })
    }
}

/// What one form takes up, until this is dropped.
#[derive(Debug)]
pub(super) struct Reservation {
    free: Arc<Semaphore>,
    /// MiB.
    held: AtomicU32,
    _turn: OwnedMutexGuard<()>,
}

impl Reservation {
    /// Waits until there is memory for a form of so many bytes.
    ///
    /// # Errors
    /// When that takes too long.
    pub(super) async fn grow(&self, bytes: u64) -> Result<(), MemoryFull> {
        let wanted = u32::try_from(bytes >> 20).unwrap_or(PART).saturating_add(1).min(PART);
        let more = wanted.saturating_sub(self.held.load(Ordering::Relaxed));
        if more > 0 {
            let permits = timeout(PATIENCE, self.free.acquire_many(more)).await;
            permits.map_err(|_| MemoryFull)?.map_err(|_| MemoryFull)?.forget();
            self.held.fetch_add(more, Ordering::Relaxed);
        }
        Ok(())
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.free.add_permits(usize::try_from(*self.held.get_mut()).unwrap_or(0));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const LARGE: u64 = 1 << 40;

    fn person(number: u8) -> LinkTag {
        LinkTag::new([number; 8])
    }

    #[tokio::test(start_paused = true)]
    async fn one_person_has_one_form_at_a_time_and_a_part_of_the_memory() {
        let memory = UploadMemory::default();
        let first = memory.enter(person(1)).await.unwrap();
        first.grow(LARGE).await.unwrap();
        assert_eq!(memory.enter(person(1)).await.err(), Some(MemoryFull));
        memory.enter(person(2)).await.unwrap().grow(LARGE).await.unwrap();
        drop(first);
        assert!(memory.enter(person(1)).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn memory_is_taken_as_it_fills_and_given_back() {
        let memory = UploadMemory::default();
        let mut reservations = Vec::new();
        for number in 0..2 {
            let reservation = memory.enter(person(number)).await.unwrap();
            reservation.grow(1).await.unwrap();
            reservation.grow(LARGE).await.unwrap();
            reservations.push(reservation);
        }
        let late = memory.enter(person(9)).await.unwrap();
        assert_eq!(late.grow(1).await, Err(MemoryFull));
        drop(reservations.pop());
        assert_eq!(late.grow(1).await, Ok(()));
        drop((reservations, late));
        assert_eq!(memory.free.available_permits(), 256);
    }
}
