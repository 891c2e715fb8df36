//! How often somebody may ask: a bucket each, which every request takes from and time fills again.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::{Duration, Instant};

/// The most buckets that are kept.
const MAX_BUCKETS: usize = 8192;

/// How often may be asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct RateLimit {
    /// Requests at once.
    pub(super) most: u32,
    /// How long one of them takes to be free again.
    pub(super) refill: Duration,
}

/// Buckets by whom they are for. A bucket is kept as the instant at which it is full again.
#[derive(Debug)]
pub(super) struct Buckets<K> {
    limit: RateLimit,
    full_at: HashMap<K, Instant>,
}

impl<K: Eq + Hash + Clone> Buckets<K> {
    pub(super) fn new(limit: RateLimit) -> Self {
        Self { limit, full_at: HashMap::new() }
    }

    /// Takes one request out of the bucket.
    ///
    /// # Errors
    /// When it is empty: how long it takes until it is not.
    pub(super) fn take(&mut self, key: K, now: Instant) -> Result<(), Duration> {
        let RateLimit { most, refill } = self.limit;
        let full_at = self.full_at.get(&key).copied().unwrap_or(now).max(now) + refill;
        let missing = full_at.saturating_duration_since(now);
        let wait = missing.saturating_sub(refill * most);
        if !wait.is_zero() {
            return Err(wait);
        }
        self.make_room(&key, now);
        self.full_at.insert(key, full_at);
        Ok(())
    }

    /// Keeps memory bounded: what is full again is forgotten, and if that is not enough, those nearest to it.
    fn make_room(&mut self, key: &K, now: Instant) {
        if self.full_at.len() < MAX_BUCKETS || self.full_at.contains_key(key) {
            return;
        }
        self.full_at.retain(|_, full_at| *full_at > now);
        if self.full_at.len() >= MAX_BUCKETS {
            let mut instants: Vec<Instant> = self.full_at.values().copied().collect();
            let (_, middle, _) = instants.select_nth_unstable(MAX_BUCKETS / 2);
            let middle = *middle;
            self.full_at.retain(|_, full_at| *full_at > middle);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: RateLimit = RateLimit { most: 3, refill: Duration::from_secs(10) };

    #[test]
    fn a_bucket_runs_empty_and_fills_again() {
        let mut buckets = Buckets::new(LIMIT);
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        for _ in 0..3 {
            assert_eq!(buckets.take("a", start), Ok(()));
        }
        assert_eq!(buckets.take("a", start), Err(Duration::from_secs(10)));
        assert_eq!(buckets.take("b", start), Ok(()), "everybody has their own");
        assert_eq!(buckets.take("a", at(4)), Err(Duration::from_secs(6)));
        assert_eq!(buckets.take("a", at(10)), Ok(()));
        assert!(buckets.take("a", at(10)).is_err());
        for _ in 0..3 {
            assert_eq!(buckets.take("a", at(1000)), Ok(()), "it never holds more than it can");
        }
        assert!(buckets.take("a", at(1000)).is_err());
    }

    #[test]
    fn memory_is_bounded_and_floods_do_not_free_those_who_flood() {
        let mut buckets = Buckets::new(LIMIT);
        let now = Instant::now();
        for _ in 0..3 {
            let _ = buckets.take(u32::MAX, now);
        }
        for key in 0..100_000 {
            let _ = buckets.take(key, now);
        }
        assert!(buckets.full_at.len() <= MAX_BUCKETS);
        assert!(buckets.take(u32::MAX, now).is_err());
    }
}
