//! The table of messages in flight: those that are claimed and not recorded. It alone counts them, by channel and
//! against the limits of channels, and knows what is to be given back when a pass ends in the middle.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::channel::Limits;
use crate::store::outbox::Claimed;

use super::compose::{Assigned, Ready};
use super::pace::Pace;

/// How many messages a channel may have composed or being composed for each that it can send at once.
const MAX_AHEAD: usize = 4;
/// How many messages a channel may have been handed that are not recorded yet (rules of delivery, 6).
pub(super) const MAX_UNRECORDED: usize = 64;

/// How many messages wait for a channel that is behind: what exceeds them is put off, so that others get their turn.
const MAX_WAITING: usize = 128;
/// A channel is behind when a message has waited so long for others to be answered.
const BEHIND_AFTER: SignedDuration = SignedDuration::from_mins(1);
/// What has waited so long is put back into the store, for whoever gets to it first.
const MAX_WAIT: SignedDuration = SignedDuration::from_mins(30);

/// How far a message in flight is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Claimed.
    Waiting,
    /// Being composed, or composed and not handed over.
    Composing,
    /// Handed over.
    Sending,
    /// Its outcome is known and not in the store.
    Unrecorded,
}

/// What the table holds of a message.
#[derive(Debug)]
struct InFlightMessage {
    stage: Stage,
    /// When it was claimed.
    claimed: Timestamp,
    /// The channel that is to get it, or got it; `None` where that is not known yet.
    channel: Option<Arc<str>>,
    /// The instant at which it is counted against the limits of its channel; `None` where it is not, or for good.
    counted: Option<Timestamp>,
}

/// The messages of a channel.
#[derive(Default)]
struct ChannelSlots {
    /// Claimed, and not begun: there was no room.
    waiting: VecDeque<Claimed>,
    /// Composed, and not handed over.
    ready: VecDeque<Ready>,
    /// How many are being composed or ready.
    composing: usize,
    /// How many are handed over and not answered.
    sending: usize,
    /// How many are answered and not recorded.
    unrecorded: usize,
    /// Since when it has answered nothing although something is handed over; `None` where nothing is.
    silent_since: Option<Timestamp>,
    /// Whether it is slower than messages come.
    is_behind: bool,
}

/// The messages in flight.
#[derive(Default)]
pub(super) struct InFlight {
    entries: HashMap<String, InFlightMessage>,
    /// Claimed, and no channel chosen.
    unassigned: VecDeque<Claimed>,
    channels: BTreeMap<Arc<str>, ChannelSlots>,
    pace: Pace,
    /// The instant of the present pass.
    now: Timestamp,
}

impl InFlight {
    /// What each channel sent lately, against its limits.
    pub(super) fn pace_mut(&mut self) -> &mut Pace {
        &mut self.pace
    }

    /// Begins a pass at `now`: what was composed and not handed over waits again, and it is looked which channels are
    /// behind. Gives out what has waited too long.
    pub(super) fn begin_pass(&mut self, now: Timestamp) -> Vec<Claimed> {
        self.now = now;
        let Self { channels, entries, .. } = self;
        let age = |message: &Claimed| entries.get(&message.id).map(|entry| now.duration_since(entry.claimed));
        let mut stale = Vec::new();
        for slots in channels.values_mut() {
            let oldest = slots.waiting.front().and_then(age);
            slots.is_behind = slots.sending > 0 && oldest.is_some_and(|age| age >= BEHIND_AFTER);
            let waiting = std::mem::take(&mut slots.waiting);
            let is_stale = |message: &Claimed| age(message).is_some_and(|age| age >= MAX_WAIT);
            let (old, waiting): (Vec<Claimed>, Vec<Claimed>) = waiting.into_iter().partition(is_stale);
            slots.waiting = waiting.into();
            stale.extend(old);
        }
        self.give_all_back();
        stale
    }

    /// The clock was set back to `now`: what is known to have been later was by now.
    pub(super) fn clock_set_back(&mut self, now: Timestamp) {
        self.pace.clock_set_back(now);
        for entry in self.entries.values_mut() {
            entry.claimed = entry.claimed.min(now);
            entry.counted = entry.counted.map(|at| at.min(now));
        }
        for slots in self.channels.values_mut() {
            slots.silent_since = slots.silent_since.map(|since| since.min(now));
        }
    }

    /// Everything that waits, which is not to be sent any more.
    pub(super) fn take_waiting(&mut self) -> Vec<Claimed> {
        self.unassign();
        self.unassigned.drain(..).collect()
    }

    /// The channels that have answered nothing for so long although something is handed over to them.
    pub(super) fn silent_for(&self, span: SignedDuration) -> impl Iterator<Item = (&str, SignedDuration)> {
        let silence = move |slots: &ChannelSlots| slots.silent_since.map(|since| self.now.duration_since(since));
        let silent = self.channels.iter().filter_map(move |(name, slots)| Some((&**name, silence(slots)?)));
        silent.filter(move |(_, silence)| *silence >= span)
    }

    /// Whether nothing is in flight.
    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many messages wait to be begun, those aside that wait for a channel that is behind.
    pub(super) fn waiting(&self) -> usize {
        let in_time = self.channels.values().filter(|slots| !slots.is_behind);
        self.unassigned.len() + in_time.map(|slots| slots.waiting.len()).sum::<usize>()
    }

    /// Whether a channel is slower than messages come.
    pub(super) fn is_behind(&self, channel: &str) -> bool {
        self.channels.get(channel).is_some_and(|slots| slots.is_behind)
    }

    /// Whether a channel is behind and has enough that waits for it.
    pub(super) fn is_full(&self, channel: &str) -> bool {
        self.channels.get(channel).is_some_and(|slots| slots.is_behind && slots.waiting.len() >= MAX_WAITING)
    }

    /// The messages that wait to be begun.
    pub(super) fn waiting_messages(&self) -> impl Iterator<Item = &Claimed> {
        self.unassigned.iter().chain(self.channels.values().flat_map(|slots| &slots.waiting))
    }

    /// Takes claimed messages. One that is in flight already, because its claim ran out meanwhile, stays where it is.
    pub(super) fn admit(&mut self, messages: Vec<Claimed>) {
        for message in messages {
            if !self.entries.contains_key(&message.id) {
                let entry = InFlightMessage { stage: Stage::Waiting, claimed: self.now, channel: None, counted: None };
                self.entries.insert(message.id.clone(), entry);
                self.unassigned.push_back(message);
            }
        }
    }

    /// The next message for which a channel is to be chosen.
    pub(super) fn next_unassigned(&mut self) -> Option<Claimed> {
        self.unassigned.pop_front()
    }

    /// Lets a message wait for a channel.
    pub(super) fn assign(&mut self, message: Claimed, channel: &Arc<str>) {
        if let Some(entry) = self.entries.get_mut(&message.id) {
            entry.channel = Some(Arc::clone(channel));
        }
        self.slots(channel).waiting.push_back(message);
    }

    /// Has the channels of all that waits chosen again: other settings are in force.
    pub(super) fn unassign(&mut self) {
        for slots in self.channels.values_mut() {
            self.unassigned.extend(slots.waiting.drain(..));
        }
    }

    /// The channels that have messages in flight.
    pub(super) fn channels(&self) -> Vec<Arc<str>> {
        self.channels.keys().cloned().collect()
    }

    /// The next message that waits for a channel which can send so many at once, while it has room for more.
    pub(super) fn next_waiting(&mut self, channel: &str, concurrency: usize) -> Option<Claimed> {
        let slots = self.channels.get_mut(channel)?;
        let has_room = slots.composing + slots.sending < concurrency * MAX_AHEAD;
        if has_room { slots.waiting.pop_front() } else { None }
    }

    /// When a channel with these limits may be sent to again, where it may not at `now` (rules of delivery, 5).
    pub(super) fn free_at(&self, channel: &str, limits: Limits, now: Timestamp) -> Option<Timestamp> {
        self.pace.wait(channel, limits, now)
    }

    /// Begins a message. It counts against the limits of its channel from now on, so that what is in flight at once
    /// keeps within them too.
    pub(super) fn begin(&mut self, assigned: &Assigned) {
        let at = assigned.at.timestamp();
        self.pace.count(&assigned.channel_name, at);
        self.move_to(&assigned.message.id, Stage::Composing);
        if let Some(entry) = self.entries.get_mut(&assigned.message.id) {
            entry.counted = Some(at);
        }
    }

    /// Takes a composed message, to be handed over in its turn.
    pub(super) fn composed(&mut self, ready: Ready) {
        let channel = Arc::clone(&ready.assigned.channel_name);
        self.slots(&channel).ready.push_back(ready);
    }

    /// The next message that is to be handed over, where its channel can send one more: it counts against the limits of that
    /// from `at` on, which is now and not when its pass began.
    pub(super) fn next_ready(&mut self, at: Timestamp) -> Option<Ready> {
        let now = self.now;
        let mut ready = self.channels.values_mut().find_map(|slots| {
            let concurrency = slots.ready.front()?.assigned.channel.concurrency();
            let is_free = slots.sending < concurrency && slots.sending + slots.unrecorded < MAX_UNRECORDED;
            if !is_free {
                return None;
            }
            slots.silent_since.get_or_insert(now);
            slots.ready.pop_front()
        })?;
        self.move_to(&ready.assigned.message.id, Stage::Sending);
        ready.handed_at = at;
        if let Some(entry) = self.entries.get_mut(&ready.assigned.message.id)
            && let Some(counted) = entry.counted.replace(at)
        {
            self.pace.take_back(&ready.assigned.channel_name, counted);
            self.pace.count(&ready.assigned.channel_name, at);
        }
        Some(ready)
    }

    /// Everything that is composed for a channel and not handed over, which is not to be.
    pub(super) fn take_ready(&mut self, channel: &str) -> Vec<Ready> {
        self.channels.get_mut(channel).map(|slots| slots.ready.drain(..).collect()).unwrap_or_default()
    }

    /// Notes that a channel has answered.
    pub(super) fn heard_from(&mut self, channel: &str) {
        if let Some(slots) = self.channels.get_mut(channel) {
            // The one that is answered is still counted.
            slots.silent_since = (slots.sending > 1).then_some(self.now);
        }
    }

    /// Notes that the outcome of a message is known. It goes on counting against the limits of its channel only where
    /// that took it, or may have.
    pub(super) fn over(&mut self, id: &str, was_taken: bool) {
        self.move_to(id, Stage::Unrecorded);
        self.uncount(id, was_taken);
    }

    /// Notes that the outcome of a message is in the store: it is no longer in flight.
    pub(super) fn recorded(&mut self, id: &str) {
        if let Some(entry) = self.entries.remove(id)
            && let Some(channel) = &entry.channel
            && let Some(slots) = self.channels.get_mut(channel)
            && let Some(count) = slots.count(entry.stage)
        {
            *count -= 1;
        }
    }

    /// Lets a message wait again that was composed and is not handed over: nothing of it counts any more.
    pub(super) fn give_back(&mut self, assigned: Assigned) {
        self.move_to(&assigned.message.id, Stage::Waiting);
        self.uncount(&assigned.message.id, false);
        self.unassigned.push_back(assigned.message);
    }

    /// Lets everything wait again that is composed and not handed over.
    pub(super) fn give_all_back(&mut self) {
        for channel in self.channels() {
            for ready in self.take_ready(&channel) {
                self.give_back(ready.assigned);
            }
        }
    }

    fn slots(&mut self, channel: &Arc<str>) -> &mut ChannelSlots {
        self.channels.entry(Arc::clone(channel)).or_default()
    }

    /// Moves a message to another stage, and with it what its channel counts.
    fn move_to(&mut self, id: &str, stage: Stage) {
        let Some(entry) = self.entries.get_mut(id) else { return };
        let before = std::mem::replace(&mut entry.stage, stage);
        let Some(channel) = &entry.channel else { return };
        let slots = self.channels.entry(Arc::clone(channel)).or_default();
        if let Some(count) = slots.count(before) {
            *count -= 1;
        }
        if let Some(count) = slots.count(stage) {
            *count += 1;
        }
    }

    /// Counts a message against the limits of its channel no longer; `for_good` where it counts for good.
    fn uncount(&mut self, id: &str, for_good: bool) {
        let Some(entry) = self.entries.get_mut(id) else { return };
        if let (Some(at), Some(channel), false) = (entry.counted.take(), &entry.channel, for_good) {
            self.pace.take_back(channel, at);
        }
    }
}

impl ChannelSlots {
    /// How many messages are in a stage, where that is counted.
    fn count(&mut self, stage: Stage) -> Option<&mut usize> {
        match stage {
            Stage::Waiting => None,
            Stage::Composing => Some(&mut self.composing),
            Stage::Sending => Some(&mut self.sending),
            Stage::Unrecorded => Some(&mut self.unrecorded),
        }
    }
}

#[cfg(test)]
mod tests;
