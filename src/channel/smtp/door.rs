//! Opening connections for messages that are sent side by side: as long as nobody has got in, one tries for all, so that
//! a wrong password is tried once and a dead server is waited for once.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use tokio::sync::Mutex;

use crate::channel::Failure;

/// Whether connections can be opened, as far as it is known.
#[derive(Debug, Default)]
pub(super) struct Door {
    /// Whether the last try succeeded.
    is_open: AtomicBool,
    /// How many tries failed.
    failures: AtomicU64,
    /// How the last of them failed; held by the one that tries.
    last: Mutex<Option<Failure>>,
}

/// How many tries had failed when a message set out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen(u64);

impl Door {
    /// What is known when a message sets out.
    pub(super) fn look(&self) -> Seen {
        Seen(self.failures.load(Ordering::Acquire))
    }

    /// Opens by `open`. A failure since `seen` is that of this message too, and nothing is tried.
    pub(super) async fn pass<T>(
        &self,
        seen: Seen,
        open: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        if self.is_open.load(Ordering::Acquire) {
            let opened = open.await;
            if let Err(failure) = &opened {
                self.shut(&mut *self.last.lock().await, failure);
            }
            return opened;
        }
        let mut last = self.last.lock().await;
        if self.is_open.load(Ordering::Acquire) {
            drop(last);
            return open.await;
        }
        if self.failures.load(Ordering::Acquire) != seen.0
            && let Some(failure) = &*last
        {
            return Err(failure.clone());
        }
        let opened = open.await;
        match &opened {
            Ok(_) => self.is_open.store(true, Ordering::Release),
            Err(failure) => self.shut(&mut last, failure),
        }
        opened
    }

    fn shut(&self, last: &mut Option<Failure>, failure: &Failure) {
        *last = Some(failure.clone());
        self.is_open.store(false, Ordering::Release);
        self.failures.fetch_add(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use futures_util::future::join_all;

    use super::*;

    /// How many tries many messages make that set out together, and how many get in.
    async fn tries(door: &Door, fails: bool) -> (usize, usize) {
        let tried = AtomicUsize::new(0);
        let seen = door.look();
        let all = (0..20).map(|_| {
            door.pass(seen, async {
                tried.fetch_add(1, Ordering::Relaxed);
                tokio::task::yield_now().await;
                if fails { Err(Failure::temporary("no")) } else { Ok(()) }
            })
        });
        let passed = join_all(all).await.iter().filter(|result| result.is_ok()).count();
        (tried.into_inner(), passed)
    }

    #[tokio::test]
    async fn one_failure_is_that_of_all_who_wait_and_the_next_round_tries_again() {
        let door = Door::default();
        assert_eq!(tries(&door, true).await, (1, 0));
        assert_eq!(tries(&door, true).await, (1, 0));
        assert_eq!(tries(&door, false).await, (20, 20));
        assert_eq!(tries(&door, false).await, (20, 20));
    }
}
