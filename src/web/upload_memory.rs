//! Room in memory for what is being handed in. It is taken as it fills, not as it is announced; each person has one
//! form at a time, and nobody has more than a part of it, so that one who sends slowly keeps nobody else waiting.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedMutexGuard, Semaphore};
use tokio::time::timeout;

use crate::link::Tag;

/// MiB that are in memory at once; what is more waits.
const ALL: u32 = 256;
/// MiB of it that one form counts for at most.
const PART: u32 = ALL / 2;
/// How long a form waits for room: those that wait for each other must not do so for ever.
const PATIENCE: Duration = Duration::from_mins(1);

/// The room of all.
#[derive(Debug)]
pub(super) struct Room {
    free: Arc<Semaphore>,
    turns: Mutex<HashMap<Tag, Arc<tokio::sync::Mutex<()>>>>,
}

/// There is no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Full;

impl Full {
    /// When to come again.
    pub(super) const WAIT: Duration = PATIENCE;
}

impl Default for Room {
    fn default() -> Self {
        Self { free: Arc::new(Semaphore::new(usize::try_from(ALL).unwrap_or(1))), turns: Mutex::default() }
    }
}

impl Room {
    /// Waits for somebody's turn: until their last form has been dealt with.
    ///
    /// # Errors
    /// When that takes too long.
    pub(super) async fn enter(&self, person: Tag) -> Result<Share, Full> {
        // Of those who have a link that holds, there are as many as the school has people.
        let turn = {
            let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(turns.entry(person).or_default())
        };
        let turn = timeout(PATIENCE, turn.lock_owned()).await.map_err(|_| Full)?;
        Ok(Share { free: Arc::clone(&self.free), held: AtomicU32::new(0), _turn: turn })
    }
}

/// What one form takes up, until it is dropped.
#[derive(Debug)]
pub(super) struct Share {
    free: Arc<Semaphore>,
    /// MiB.
    held: AtomicU32,
    _turn: OwnedMutexGuard<()>,
}

impl Share {
    /// Waits until there is room for a form of so many bytes.
    ///
    /// # Errors
    /// When that takes too long.
    pub(super) async fn grow(&self, bytes: u64) -> Result<(), Full> {
        let wanted = u32::try_from(bytes >> 20).unwrap_or(PART).saturating_add(1).min(PART);
        let more = wanted.saturating_sub(self.held.load(Ordering::Relaxed));
        if more > 0 {
            let room = timeout(PATIENCE, self.free.acquire_many(more)).await;
            room.map_err(|_| Full)?.map_err(|_| Full)?.forget();
            self.held.fetch_add(more, Ordering::Relaxed);
        }
        Ok(())
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.free.add_permits(usize::try_from(*self.held.get_mut()).unwrap_or(0));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const LARGE: u64 = 1 << 40;

    fn person(number: u8) -> Tag {
        Tag::new([number; 8])
    }

    #[tokio::test(start_paused = true)]
    async fn one_person_has_one_form_at_a_time_and_a_part_of_the_room() {
        let room = Room::default();
        let first = room.enter(person(1)).await.unwrap();
        first.grow(LARGE).await.unwrap();
        assert_eq!(room.enter(person(1)).await.err(), Some(Full));
        room.enter(person(2)).await.unwrap().grow(LARGE).await.unwrap();
        drop(first);
        assert!(room.enter(person(1)).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn room_is_taken_as_it_fills_and_given_back() {
        let room = Room::default();
        let mut shares = Vec::new();
        for number in 0..2 {
            let share = room.enter(person(number)).await.unwrap();
            share.grow(1).await.unwrap();
            share.grow(LARGE).await.unwrap();
            shares.push(share);
        }
        let late = room.enter(person(9)).await.unwrap();
        assert_eq!(late.grow(1).await, Err(Full));
        drop(shares.pop());
        assert_eq!(late.grow(1).await, Ok(()));
        drop((shares, late));
        assert_eq!(room.free.available_permits(), 256);
    }
}
