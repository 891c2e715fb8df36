//! How the channels are doing: which are left alone, which answer nothing, and what their refusals are about.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use crate::channel::{Channels, Failure, Pause};
use crate::reason::{LocalReason, Reason};
use crate::store::outbox::{AttemptOutcome, ChannelAttempt};

use super::in_flight::InFlight;
use super::pause::Pauses;
use super::put_aside::{PutAside, RefusalOrigin};

/// A channel that has answered nothing for so long is told of.
const SILENCE_TOLD_AFTER: SignedDuration = SignedDuration::from_mins(5);

/// A message that was handed to a channel.
#[derive(Clone, Copy)]
pub(super) struct HandedTo<'h> {
    /// The channel's name.
    pub(super) channel: &'h str,
    /// The message.
    pub(super) id: &'h str,
    /// The recipient's name.
    pub(super) recipient: &'h str,
}

/// What a failure says of the channel.
pub(super) struct ChannelFailed {
    /// Until when it is left alone.
    pub(super) until: Timestamp,
    /// Why, where that is news.
    pub(super) news: Option<Reason>,
}

/// A channel that has failed as a whole before this process began, and taken nothing since.
pub(super) struct RememberedFailure {
    pub(super) channel: String,
    /// What it said first.
    pub(super) reason: Reason,
    /// When.
    pub(super) at: Timestamp,
}

/// The channels in force, and how they are doing.
pub(super) struct ChannelHealth {
    pub(super) channels: Channels,
    pauses: Pauses,
    put_aside: PutAside,
    /// Channels that have answered nothing for long, and were told of.
    silent: BTreeSet<String>,
}

impl ChannelHealth {
    pub(super) fn new(channels: Channels) -> Self {
        Self { channels, pauses: Pauses::default(), put_aside: PutAside::default(), silent: BTreeSet::new() }
    }

    /// Until when a channel is left alone, where it is.
    pub(super) fn paused_until(&self, channel: &str, now: Timestamp) -> Option<Timestamp> {
        self.pauses.until(channel, now)
    }

    /// Whether a channel takes messages, as far as is known.
    pub(super) fn works(&self, channel: &str, now: Timestamp) -> bool {
        self.channels.contains_key(channel)
            && self.pauses.until(channel, now).is_none()
            && !self.silent.contains(channel)
    }

    /// The channels that have failed as a whole and taken nothing since, with what each said last.
    pub(super) fn failing(&self) -> impl Iterator<Item = (&str, &Reason)> {
        self.pauses.failing().filter(|(channel, _)| self.channels.contains_key(*channel))
    }

    /// Forgets the failures of channels for which nothing waits that was there when they failed; `waiting` has since when
    /// something waits for each.
    pub(super) fn forget_failures_without(&mut self, waiting: &BTreeMap<String, Timestamp>) {
        self.pauses.forget_without(waiting);
    }

    /// The channels that have answered nothing for long.
    pub(super) fn silent(&self) -> impl Iterator<Item = &str> {
        self.silent.iter().map(String::as_str)
    }

    /// Notes that a message was taken. Returns whether that says of others that their recipients were refused.
    pub(super) fn taken(&mut self, handed: HandedTo<'_>) -> bool {
        self.pauses.works(handed.channel);
        self.put_aside.taken(handed.channel, handed.recipient)
    }

    /// Notes a failure; what it says of the channel, where it is about that. `tomorrow` is when the next day begins.
    pub(super) fn failed(
        &mut self,
        handed: HandedTo<'_>,
        failure: &Failure,
        now: Timestamp,
        tomorrow: Timestamp,
    ) -> Option<ChannelFailed> {
        let pause = match failure {
            Failure::Channel { pause, .. } => *pause,
            Failure::Unknown { reason } => {
                match self.put_aside.refused(handed.channel, handed.id, handed.recipient, reason) {
                    RefusalOrigin::Unknown => return None,
                    RefusalOrigin::Channel => Pause::Growing,
                }
            }
            Failure::Temporary { .. }
            | Failure::Recipient { .. }
            | Failure::Message { .. }
            | Failure::Uncertain { .. } => return None,
        };
        let reason = failure.told();
        let paused = self.pauses.failed(handed.channel, (pause, &reason), now, tomorrow);
        Some(ChannelFailed { until: paused.until, news: paused.is_news.then_some(reason) })
    }

    /// The messages of which it is known by now that their recipient was refused.
    pub(super) fn refused_recipients(&self) -> Vec<String> {
        self.put_aside.of_recipient()
    }

    /// Why the recipient of a message was refused, where that is known by now; it is told once.
    pub(super) fn take_refusal(&mut self, id: &str) -> Option<Reason> {
        self.put_aside.take_reason(id)
    }

    /// Which channels have answered nothing for long, and were not told of yet, with the reason.
    pub(super) fn newly_silent(&mut self, in_flight: &InFlight) -> BTreeMap<String, Reason> {
        let reason = |silence: SignedDuration| LocalReason::Silent { minutes: silence.as_mins() }.into();
        let silent = in_flight.silent_for(SILENCE_TOLD_AFTER);
        let silent: BTreeMap<String, Reason> =
            silent.map(|(channel, silence)| (channel.to_owned(), reason(silence))).collect();
        let known = std::mem::replace(&mut self.silent, silent.keys().cloned().collect());
        silent.into_iter().filter(|(channel, _)| !known.contains(channel)).collect()
    }

    /// Takes up what the attempts say that an earlier process made, oldest first: as if they had been made by this one.
    /// `tomorrow` is when the day after that of an instant begins. Tells which channels have failed.
    pub(super) fn remember(
        &mut self,
        attempts: Vec<ChannelAttempt>,
        tomorrow: impl Fn(Timestamp) -> Timestamp,
    ) -> Vec<RememberedFailure> {
        let mut news = BTreeMap::new();
        for attempt in attempts {
            let ChannelAttempt { channel, message, recipient, outcome, answer: reason, at, waits_until } = attempt;
            let handed = HandedTo { channel: &channel, id: &message, recipient: &recipient };
            // No pause that grows leads into the next day but about midnight, where it makes no difference.
            let pause = if waits_until >= tomorrow(at) { Pause::Tomorrow } else { Pause::Growing };
            let failure = match outcome {
                AttemptOutcome::Channel => Failure::Channel { reason, advice: None, pause },
                AttemptOutcome::Unknown => Failure::Unknown { reason },
                _ => {
                    self.taken(handed);
                    news.remove(&channel);
                    continue;
                }
            };
            if let Some(ChannelFailed { news: Some(reason), .. }) = self.failed(handed, &failure, at, tomorrow(at)) {
                news.insert(channel.clone(), RememberedFailure { channel, reason, at });
            }
        }
        news.into_values().collect()
    }

    /// The clock was set back to `now`.
    pub(super) fn clock_set_back(&mut self, now: Timestamp) {
        self.pauses.clock_set_back(now);
    }

    /// Has every channel tried again.
    pub(super) fn try_again(&mut self) {
        self.pauses.end();
        self.put_aside.clear();
    }
}
