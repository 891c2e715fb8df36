//! When a message that was not taken is tried again (rules of delivery, 4): pure.

use jiff::{SignedDuration, Timestamp};

/// The first wait; each that follows is twice as long.
const FIRST: SignedDuration = SignedDuration::from_mins(1);
/// No wait is longer.
const LONGEST: SignedDuration = SignedDuration::from_hours(4);
/// A message is given up this long after it was put into the outbox.
const GIVE_UP_AFTER: SignedDuration = SignedDuration::from_hours(5 * 24);

/// When to try again after `tries` failures, or `None` when it has been tried long enough.
///
/// The wait is spread by up to a fifth, so that what failed together does not come back together; the spread
/// follows from the message's `id`, so that a rehearsal repeats it. A server that names a later time gets it.
#[must_use]
pub(super) fn next_try(
    id: &str,
    tries: u32,
    created: Timestamp,
    now: Timestamp,
    retry_after: Option<SignedDuration>,
) -> Option<Timestamp> {
    let give_up = created.saturating_add(GIVE_UP_AFTER).ok()?;
    if now >= give_up {
        return None;
    }
    let doubled = FIRST.saturating_mul(1 << tries.min(16)).min(LONGEST);
    let spread =
        id.bytes().fold(u64::from(tries), |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte))) % 201;
    let permille = 900 + i32::try_from(spread).unwrap_or(100);
    let wait = SignedDuration::from_millis(doubled.as_secs() * i64::from(permille));
    let wait = wait.max(retry_after.unwrap_or(SignedDuration::ZERO));
    Some(now.saturating_add(wait).ok()?.min(give_up))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_four_hours_and_end_after_five_days() {
        let created = Timestamp::UNIX_EPOCH;
        let mut now = created;
        let mut waits = Vec::new();
        let mut tries = 0;
        while let Some(next) = next_try("3f9a", tries, created, now, None) {
            waits.push(next.duration_since(now).as_mins());
            now = next;
            tries += 1;
        }
        let expected = [1, 2, 4, 8, 16, 32, 64, 128, 240, 240];
        for (wait, expected) in waits.iter().zip(expected) {
            assert!((expected * 9 / 10 - 1..=expected * 11 / 10 + 1).contains(wait), "{wait} is not about {expected}");
        }
        assert_eq!(now.duration_since(created).as_hours(), 120);
    }

    #[test]
    fn a_server_that_asks_for_more_time_gets_it() {
        let hour = SignedDuration::from_hours(1);
        let now = Timestamp::UNIX_EPOCH;
        assert_eq!(next_try("3f9a", 0, now, now, Some(hour)), now.saturating_add(hour).ok());
    }

    #[test]
    fn what_failed_together_does_not_come_back_together() {
        let now = Timestamp::UNIX_EPOCH;
        let times: std::collections::HashSet<_> =
            (0..100).map(|number| next_try(&format!("{number:032x}"), 3, now, now, None)).collect();
        assert!(times.len() > 30, "only {} different times", times.len());
    }
}
