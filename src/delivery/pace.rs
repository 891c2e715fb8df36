//! How much a channel may send (rules of delivery, 5): what each sent in the last day, from the store and since then.

use std::collections::{BTreeMap, VecDeque};

use jiff::{SignedDuration, Timestamp};

use crate::channel::{Channels, Limits};
use crate::store::{Store, StoreError};

const MINUTE: SignedDuration = SignedDuration::from_mins(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// When each channel sent what it sent in the last day, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    sent: BTreeMap<String, VecDeque<Timestamp>>,
    remembered: bool,
}

impl Pace {
    /// Takes up what the store knows of the last day; asks once, and only where a channel has limits.
    pub(crate) async fn remember(
        &mut self,
        store: &Store,
        organisation: &str,
        channels: &Channels,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if self.remembered || channels.values().all(|channel| channel.limits() == Limits::default()) {
            return Ok(());
        }
        let since = now.saturating_sub(DAY).unwrap_or(Timestamp::MIN);
        for (channel, at) in store.sent_since(organisation, since).await? {
            self.sent.entry(channel).or_default().push_back(at.min(now));
        }
        self.remembered = true;
        Ok(())
    }

    /// Counts a message that is sent at `now`. What is begun now may be counted after what was handed over since.
    pub(crate) fn count(&mut self, channel: &str, now: Timestamp) {
        let sent = self.sent.entry(channel.to_owned()).or_default();
        sent.insert(sent.partition_point(|at| *at <= now), now);
        let day_ago = now.saturating_sub(DAY).unwrap_or(Timestamp::MIN);
        while sent.front().is_some_and(|at| *at < day_ago) {
            sent.pop_front();
        }
    }

    /// Counts a message that was sent at `at` no longer: it was not taken.
    pub(crate) fn take_back(&mut self, channel: &str, at: Timestamp) {
        if let Some(sent) = self.sent.get_mut(channel)
            && let Ok(place) = sent.binary_search(&at)
        {
            sent.remove(place);
        }
    }

    /// The clock was set back to `now`: what was sent later than that was sent by now.
    pub(crate) fn clock_set_back(&mut self, now: Timestamp) {
        self.sent.values_mut().flatten().for_each(|at| *at = (*at).min(now));
    }

    /// When the channel may send again, where it may not now.
    pub(crate) fn wait(&self, channel: &str, limits: Limits, now: Timestamp) -> Option<Timestamp> {
        let sent = self.sent.get(channel)?;
        let free_after = |most: Option<u32>, span: SignedDuration| {
            let most = usize::try_from(most?).ok()?;
            // The one that must have left the span before another fits in.
            let oldest = sent.len().checked_sub(most).and_then(|at| sent.get(at))?;
            oldest.saturating_add(span).ok().filter(|free| *free > now)
        };
        free_after(limits.per_minute, MINUTE).max(free_after(limits.per_day, DAY))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH.saturating_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
    }

    #[test]
    fn a_channel_waits_until_enough_of_what_it_sent_is_long_enough_ago() {
        let limits = Limits { per_minute: Some(2), per_day: Some(3) };
        let mut pace = Pace::default();
        assert_eq!(pace.wait("email", limits, at(0)), None);
        pace.count("email", at(0));
        pace.count("email", at(10));
        assert_eq!(pace.wait("email", limits, at(20)), Some(at(60)));
        assert_eq!(pace.wait("other", limits, at(20)), None);
        assert_eq!(pace.wait("email", Limits::default(), at(20)), None);
        pace.count("email", at(61));
        assert_eq!(pace.wait("email", limits, at(80)), Some(at(24 * 3600)));
        assert_eq!(pace.wait("email", limits, at(24 * 3600)), None);
    }

    #[test]
    fn what_was_sent_in_a_time_to_come_counts_as_sent_when_the_clock_is_set_back() {
        let limits = Limits { per_minute: Some(1), per_day: None };
        let mut pace = Pace::default();
        pace.count("email", at(7 * 24 * 3600));
        pace.clock_set_back(at(0));
        assert_eq!(pace.wait("email", limits, at(0)), Some(at(60)));
    }
}
