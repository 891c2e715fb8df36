//! How often somebody may ask: a bucket each, which every request takes from and time fills again.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::time::{Duration, Instant};

/// How many buckets are kept at most.
const MOST_BUCKETS: usize = 8192;

/// The rule of a kind of bucket.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rule {
    /// Requests at once.
    pub(super) most: u32,
    /// How long one of them takes to be free again.
    pub(super) refill: Duration,
}

/// Buckets by whom they are for. A bucket is kept as the instant at which it is full again.
#[derive(Debug)]
pub(super) struct Buckets<K> {
    rule: Rule,
    full_at: HashMap<K, Instant>,
}

impl<K: Eq + Hash + Clone> Buckets<K> {
    pub(super) fn new(rule: Rule) -> Self {
        Self { rule, full_at: HashMap::new() }
    }

    /// Takes one request out of the bucket.
    ///
    /// # Errors
    /// When it is empty: how long it takes until it is not.
    pub(super) fn take(&mut self, key: K, now: Instant) -> Result<(), Duration> {
        let Rule { most, refill } = self.rule;
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
        if self.full_at.len() < MOST_BUCKETS || self.full_at.contains_key(key) {
            return;
        }
        self.full_at.retain(|_, full_at| *full_at > now);
        if self.full_at.len() >= MOST_BUCKETS {
            let mut instants: Vec<Instant> = self.full_at.values().copied().collect();
            let (_, middle, _) = instants.select_nth_unstable(MOST_BUCKETS / 2);
            let middle = *middle;
            self.full_at.retain(|_, full_at| *full_at > middle);
        }
    }
}

/// Whose bucket an address is: a household has as many of IPv6 as it likes, all with the same beginning.
pub(super) fn household(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: Rule = Rule { most: 3, refill: Duration::from_secs(10) };

    #[test]
    fn a_bucket_runs_empty_and_fills_again() {
        let mut buckets = Buckets::new(RULE);
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
        let mut buckets = Buckets::new(RULE);
        let now = Instant::now();
        for _ in 0..3 {
            let _ = buckets.take(u32::MAX, now);
        }
        for key in 0..100_000 {
            let _ = buckets.take(key, now);
        }
        assert!(buckets.full_at.len() <= MOST_BUCKETS);
        assert!(buckets.take(u32::MAX, now).is_err());
    }

    #[test]
    fn a_household_is_one() {
        let address = |text: &str| text.parse().map(household).ok();
        assert_eq!(address("2001:db8:1:2:3:4:5:6"), address("2001:db8:1:2::1"));
        assert_ne!(address("2001:db8:1:2::1"), address("2001:db8:1:3::1"));
        assert_eq!(address("::ffff:192.0.2.1"), address("192.0.2.1"));
        assert_ne!(address("192.0.2.1"), address("192.0.2.2"));
    }
}
