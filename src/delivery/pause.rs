//! Channels that are left alone because they failed as a whole (rules of delivery, 4): pure.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::channel::Pause;
use crate::reason::Reason;

/// The first pause; each that follows without a message taken between is twice as long.
const FIRST: SignedDuration = SignedDuration::from_mins(10);
/// No pause that grows is longer: whoever has mended something need not wait for half a day.
const LONGEST: SignedDuration = SignedDuration::from_hours(1);

/// A channel that has failed as a whole and taken nothing since.
#[derive(Debug)]
struct FailedChannel {
    /// When it was last tried.
    at: Timestamp,
    /// Until when it is left alone.
    until: Timestamp,
    /// How often it was tried again in vain; `None` where it is to be tried as if it had not failed.
    pauses: Option<u32>,
    /// Whether the next day was waited for.
    waits_for_tomorrow: bool,
    /// What it said last.
    reason: Reason,
}

/// The channels that have failed as a whole.
#[derive(Debug, Default)]
pub(super) struct Pauses {
    failed: BTreeMap<String, FailedChannel>,
}

/// What a failure of a channel as a whole leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Paused {
    /// Until when it is left alone.
    pub(super) until: Timestamp,
    /// Whether it worked before, so that this is news.
    pub(super) is_news: bool,
}

impl Pauses {
    /// Until when a channel is left alone, where it is.
    pub(super) fn until(&self, channel: &str, now: Timestamp) -> Option<Timestamp> {
        self.failed.get(channel).map(|failed| failed.until).filter(|until| *until > now)
    }

    /// The channels that have failed and taken nothing since, with what each said last.
    pub(super) fn failing(&self) -> impl Iterator<Item = (&str, &Reason)> {
        self.failed.iter().map(|(channel, failed)| (channel.as_str(), &failed.reason))
    }

    /// Leaves a channel alone that failed as a whole; `tomorrow` is when the next day begins. What was under way when it
    /// failed fails with it: that makes no pause longer.
    pub(super) fn failed(
        &mut self,
        channel: &str,
        (pause, reason): (Pause, &Reason),
        now: Timestamp,
        tomorrow: Timestamp,
    ) -> Paused {
        let before = self.failed.get(channel);
        if let Some(until) = before.map(|failed| failed.until).filter(|until| *until > now) {
            return Paused { until, is_news: false };
        }
        let before = before.filter(|failed| failed.pauses.is_some());
        let pauses = before.and_then(|failed| failed.pauses).map_or(0, |pauses| pauses + 1);
        let has_waited = before.is_some_and(|failed| failed.waits_for_tomorrow);
        let until = match pause {
            // What is used up by a span of 24 hours is free again some time after midnight.
            Pause::Tomorrow if !has_waited => tomorrow,
            Pause::Tomorrow | Pause::Growing => after(pauses, now),
        };
        let is_news = before.is_none();
        let (reason, waits_for_tomorrow) = (reason.clone(), pause == Pause::Tomorrow);
        let failed = FailedChannel { at: now, until, pauses: Some(pauses), waits_for_tomorrow, reason };
        self.failed.insert(channel.to_owned(), failed);
        Paused { until, is_news }
    }

    /// The clock was set back to `now`: no channel is left alone for longer than it would be from now on.
    pub(super) fn clock_set_back(&mut self, now: Timestamp) {
        for failed in self.failed.values_mut() {
            failed.until = failed.until.min(after(failed.pauses.unwrap_or(0), now));
            failed.at = failed.at.min(now);
        }
    }

    /// Forgets the failures of channels for which nothing waits that was there when they failed; `waiting` has since when
    /// something waits for each.
    pub(super) fn forget_without(&mut self, waiting: &BTreeMap<String, Timestamp>) {
        self.failed.retain(|channel, failed| waiting.get(channel).is_some_and(|since| *since <= failed.at));
    }

    /// Notes that a channel has taken a message: it works.
    pub(super) fn works(&mut self, channel: &str) {
        self.failed.remove(channel);
    }

    /// Tries every channel again: until it has taken a message it goes on counting as one that has failed, and where it fails
    /// again that is news.
    pub(super) fn end(&mut self) {
        for failed in self.failed.values_mut() {
            (failed.until, failed.pauses) = (Timestamp::MIN, None);
        }
    }
}

/// When a pause ends that begins at `now` and follows on so many.
fn after(pauses: u32, now: Timestamp) -> Timestamp {
    let growing = FIRST.saturating_mul(1 << pauses.min(16)).min(LONGEST);
    now.saturating_add(growing).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes(minutes: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH.saturating_add(SignedDuration::from_mins(minutes)).unwrap_or_default()
    }

    const DAY: i64 = 24 * 60;

    #[test]
    fn pauses_grow_to_an_hour_until_something_is_taken() {
        let mut channels = Pauses::default();
        let mut now = minutes(0);
        let mut lengths = Vec::new();
        for number in 0..7 {
            let pause = channels.failed("email", (Pause::Growing, &"535".into()), now, minutes(DAY));
            assert_eq!(pause.is_news, number == 0);
            // What was under way fails as well.
            assert_eq!(
                channels.failed("email", (Pause::Growing, &"535".into()), now, minutes(DAY)),
                Paused { is_news: false, ..pause }
            );
            lengths.push(pause.until.duration_since(now).as_mins());
            now = pause.until;
            assert_eq!(channels.until("email", now), None);
        }
        assert_eq!(lengths, [10, 20, 40, 60, 60, 60, 60]);
        channels.works("email");
        let pause = channels.failed("email", (Pause::Growing, &"535".into()), now, minutes(DAY));
        assert_eq!((pause.until.duration_since(now).as_mins(), pause.is_news), (10, true));
        assert_eq!(channels.until("other", now), None);
    }

    #[test]
    fn what_is_used_up_for_today_is_tried_again_tomorrow_and_then_from_time_to_time() {
        let mut channels = Pauses::default();
        let tomorrow = minutes(DAY);
        assert_eq!(channels.failed("email", (Pause::Tomorrow, &"535".into()), minutes(60), tomorrow).until, tomorrow);
        let pause = channels.failed("email", (Pause::Tomorrow, &"535".into()), tomorrow, minutes(2 * DAY));
        assert_eq!(pause, Paused { until: minutes(DAY + 20), is_news: false });
        // The login was wrong first, and mended.
        assert_eq!(channels.failed("chat", (Pause::Growing, &"535".into()), minutes(0), tomorrow).until, minutes(10));
        assert_eq!(channels.failed("chat", (Pause::Tomorrow, &"550".into()), minutes(10), tomorrow).until, tomorrow);
    }

    #[test]
    fn channels_that_nothing_waits_for_that_they_failed_are_forgotten() {
        let mut channels = Pauses::default();
        for channel in ["email", "chat"] {
            channels.failed(channel, (Pause::Growing, &"535".into()), minutes(0), minutes(DAY));
        }
        let waiting = |email, chat| [("email".to_owned(), minutes(email)), ("chat".to_owned(), minutes(chat))].into();
        channels.forget_without(&waiting(0, 0));
        assert_eq!(channels.failing().count(), 2);
        // What waits for the chat came, or was given another chance, after it had failed.
        channels.forget_without(&waiting(-5, 1));
        assert_eq!(channels.failing().collect::<Vec<_>>(), [("email", &"535".into())]);
        assert!(channels.failed("chat", (Pause::Growing, &"535".into()), minutes(1), minutes(DAY)).is_news);
        channels.forget_without(&BTreeMap::new());
        assert_eq!(channels.failing().count(), 0);
    }

    #[test]
    fn a_clock_that_is_set_back_makes_no_pause_longer() {
        let mut channels = Pauses::default();
        channels.failed("email", (Pause::Growing, &"535".into()), minutes(7 * DAY), minutes(8 * DAY));
        channels.failed("chat", (Pause::Tomorrow, &"535".into()), minutes(7 * DAY), minutes(8 * DAY));
        channels.clock_set_back(minutes(0));
        assert_eq!(channels.until("email", minutes(0)), Some(minutes(10)));
        assert_eq!(channels.until("chat", minutes(0)), Some(minutes(10)));
    }

    #[test]
    fn a_channel_that_is_to_be_tried_again_has_failed_until_it_takes_something() {
        let mut channels = Pauses::default();
        channels.failed("email", (Pause::Growing, &"535".into()), minutes(0), minutes(DAY));
        channels.failed("email", (Pause::Growing, &"535".into()), minutes(10), minutes(DAY));
        channels.end();
        assert_eq!(channels.until("email", minutes(11)), None);
        assert_eq!(channels.failing().collect::<Vec<_>>(), [("email", &"535".into())]);
        let pause = channels.failed("email", (Pause::Growing, &"550".into()), minutes(11), minutes(DAY));
        assert_eq!(pause, Paused { until: minutes(21), is_news: true });
        channels.works("email");
        assert_eq!(channels.failing().count(), 0);
    }
}
