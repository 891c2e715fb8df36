//! From the claim to the channel: what is claimed is given a channel, and begun where that has room.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::delivery::claim::{Claim, ClaimedBatch, MAX_CLAIMED};
use crate::delivery::compose::{Assigned, Composition, Ready};
use crate::delivery::facts::Needs;
use crate::delivery::verdict::{finished, no_channel, taken_back};
use crate::reason::LocalReason;
use crate::store::outbox::{Attempt, Claimed, Finished, MessageKind, Outcome};
use crate::with_causes;

use super::Engine;

/// How long what waits for a channel that is behind is put off.
const PUT_OFF: SignedDuration = SignedDuration::from_mins(1);

impl Engine {
    /// Claims more where there is room, chooses channels, and begins as many messages as these have room for.
    pub(super) fn begin_messages(&mut self) {
        if self.in_flight.waiting() < MAX_CLAIMED / 2 || self.facts.is_none() {
            let Self { claims, context, facts, in_flight, health, now, .. } = self;
            claims.begin(|| {
                let waits = in_flight.waiting_messages().next().is_some();
                let mut needs = Needs::default();
                needs.add(in_flight.waiting_messages());
                let (context, needs) = (Arc::clone(context), waits.then_some(needs));
                Claim { context, facts: facts.clone(), needs, hasten: health.refused_recipients(), now: *now }
            });
        }
        let Some(facts) = self.facts.clone() else { return };
        while let Some(message) = self.in_flight.next_unassigned() {
            self.choose_channel(message);
        }
        for name in self.in_flight.channels() {
            self.begin_on(&name);
        }
        self.compose.begin(&facts);
    }

    /// Lets a message wait for its channel, where it has one that may take it.
    fn choose_channel(&mut self, mut message: Claimed) {
        let context = Arc::clone(&self.context);
        let Some(recipient) = context.recipient(&message.recipient) else {
            return self.finish(&message, taken_back(&message), None);
        };
        if message.class == MessageKind::Alert {
            // An alert goes where it may get through.
            let left = recipient.via.iter().enumerate().skip(message.channel_index);
            let takes = |channel: &str| self.health.works(channel, self.now) && !self.in_flight.is_behind(channel);
            let works = left.into_iter().find(|(_, channel)| takes(channel));
            message.channel_index = works.map_or(message.channel_index, |(index, _)| index);
        }
        let Some(channel) = recipient.via.get(message.channel_index) else {
            let reason = LocalReason::NoFurtherChannel { recipient: recipient.name.clone() };
            return self.finish(&message, Outcome::Dead, Some(no_channel(reason)));
        };
        if let Some(reason) = self.health.take_refusal(&message.id) {
            let has_next = message.channel_index + 1 < recipient.via.len();
            let outcome = if has_next { Outcome::NextChannel } else { Outcome::Dead };
            let attempt = Attempt { channel: channel.clone(), ..no_channel(reason) };
            return self.finish(&message, outcome, Some(attempt));
        }
        if self.in_flight.is_full(channel) {
            let later = self.now.saturating_add(PUT_OFF).unwrap_or(Timestamp::MAX);
            return self.finish(&message, Outcome::Later(later), None);
        }
        if !self.health.channels.contains_key(channel) {
            let reason = LocalReason::NoChannel { channel: channel.clone() };
            return self.finish(&message, Outcome::NextChannel, Some(no_channel(reason)));
        }
        let channel = Arc::from(channel.as_str());
        self.in_flight.assign(message, &channel);
    }

    /// Begins what waits for a channel as far as it has room, is not left alone and keeps within its limits.
    fn begin_on(&mut self, name: &Arc<str>) {
        let Some(channel) = self.health.channels.get(&**name).cloned() else { return };
        while let Some(message) = self.in_flight.next_waiting(name, channel.concurrency()) {
            let paused = self.health.paused_until(name, self.now);
            if let Some(until) = paused.or_else(|| self.in_flight.free_at(name, channel.limits(), self.now)) {
                self.finish(&message, Outcome::Later(until), None);
                continue;
            }
            let assigned = Assigned {
                at: self.context.local(self.now),
                created: self.context.local(message.created_at),
                channel_name: Arc::clone(name),
                channel: Arc::clone(&channel),
                message,
            };
            self.in_flight.begin(&assigned);
            self.compose.add(assigned);
        }
    }

    pub(super) fn claimed(&mut self, batch: ClaimedBatch) {
        let ClaimedBatch { messages, facts } = batch;
        self.in_flight.admit(messages);
        match facts {
            Ok(Some(facts))
                if Arc::ptr_eq(facts.context(), &self.context) && facts.suffice(self.in_flight.waiting_messages()) =>
            {
                self.facts = Some(facts);
            }
            // Another version of the school came into force meanwhile, or a message came back that needs more.
            Ok(Some(_)) => {
                self.facts = None;
                self.claims.look_again();
            }
            Ok(None) => {}
            Err(error) => {
                self.may_hold_unknown = true;
                self.break_off(error.into());
            }
        }
    }

    pub(super) fn composed(&mut self, composition: Composition) {
        match composition {
            Composition::Ready(ready) if self.is_halted() => self.in_flight.give_back(ready.assigned),
            Composition::Ready(ready) if ready.is_anew() => self.note_rendering(&ready),
            Composition::Ready(ready) => match self.health.paused_until(&ready.assigned.channel_name, self.now) {
                Some(until) => self.finish(&ready.assigned.message, Outcome::Later(until), None),
                None => self.in_flight.composed(*ready),
            },
            Composition::Empty(Assigned { message, .. }, why) => {
                let outcome = taken_back(&message);
                let withdrawn = if outcome == Outcome::Withdrawn { why } else { Vec::new() };
                let finished = finished(&message, outcome, self.now, None);
                self.keep(&message, Finished { withdrawn, ..finished }, false);
            }
            Composition::Failed(assigned, error) => {
                let reason = LocalReason::NotComposed { words: with_causes(&error) };
                self.finish(&assigned.message, Outcome::Dead, Some(no_channel(reason)));
            }
        }
    }

    /// Has it recorded, before a message is handed over in other words than before, as of when it was composed: so what a
    /// killed process has handed over is known to the next. It is claimed again in this pass.
    fn note_rendering(&mut self, ready: &Ready) {
        let message = &ready.assigned.message;
        let finished = finished(message, Outcome::Later(self.now), self.now, None);
        self.keep(message, Finished { rendered_at: Some(ready.rendered_at), ..finished }, false);
    }
}
