//! Channels that are left alone because they failed as a whole (rules of delivery, 4).

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

/// How long a channel that failed as a whole is left alone.
const PAUSE: SignedDuration = SignedDuration::from_mins(10);

/// Until when each channel is left alone.
#[derive(Debug, Default)]
pub(super) struct Pauses {
    until: BTreeMap<String, Timestamp>,
}

impl Pauses {
    /// Until when a channel is left alone, where it is.
    pub(super) fn until(&self, channel: &str, now: Timestamp) -> Option<Timestamp> {
        self.until.get(channel).copied().filter(|until| *until > now)
    }

    /// Leaves a channel alone that failed as a whole. Returns until when.
    pub(super) fn failed(&mut self, channel: &str, now: Timestamp) -> Timestamp {
        let until = now.saturating_add(PAUSE).unwrap_or(Timestamp::MAX);
        self.until.insert(channel.to_owned(), until);
        until
    }

    /// Tries every channel again.
    pub(super) fn clear(&mut self) {
        self.until.clear();
    }
}
