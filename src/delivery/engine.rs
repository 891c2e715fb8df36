//! The engine of delivery: what of the school in force may go out is claimed, composed, sent and recorded, side by side.
//!
//! It outlives a pass: whoever stops waiting for it leaves what is under way to its tasks, and goes on with it in the
//! next pass.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::channel::{Channels, Failure};
use crate::store::outbox::{Attempt, Claimed, Finished, MessageKind, Outcome};
use crate::store::{Store, StoreError};
use crate::{text, with_causes};

use super::channel_health::{ChannelFailed, ChannelHealth};
use super::claim::{Claim, ClaimStage, ClaimedBatch, MAX_CLAIMED};
use super::compose::{Assigned, ComposePool, Composition, Ready};
use super::facts::{ComposeContext, MessageFacts, Needs};
use super::in_flight::InFlight;
use super::record::{RecordStage, RecordedResults};
use super::report::DeliveryReport;
use super::send::{Answered, SendStage};
use super::verdict::{FailedAttempt, finished, no_channel, taken_back};
use super::{DeliveryError, DeliveryObserver};

/// How long what waits for a channel that is behind is put off.
const PUT_OFF: SignedDuration = SignedDuration::from_mins(1);

/// How often results that the store does not take are offered to it before a pass ends.
const MAX_RECORD_TRIES: u32 = 2;

/// Delivers what a school has in its outbox.
pub(crate) struct Engine {
    store: Store,
    context: Arc<ComposeContext>,
    /// The instant of the present pass.
    now: Timestamp,
    /// What messages are composed from; `None` until something was claimed in this pass.
    facts: Option<MessageFacts>,
    claims: ClaimStage,
    compose: ComposePool,
    send: SendStage,
    record: RecordStage,
    in_flight: InFlight,
    health: ChannelHealth,
    report: DeliveryReport,
    /// Whether it has taken up what the store says of the channels.
    remembers_channels: bool,
    /// Whether nothing is to be begun any more.
    is_stopping: bool,
    /// Whether a claim failed, so that messages may be claimed that are not in flight.
    may_hold_unknown: bool,
    /// What ends the pass: nothing more is begun, and what is handed over is waited for.
    broken: Option<DeliveryError>,
}

/// What the engine goes on with.
enum Event {
    Claimed(ClaimedBatch),
    Composed(Vec<Composition>),
    Answered(Box<Answered>),
    /// The first known result has waited long enough.
    Due,
    Recorded(RecordedResults),
    /// Nothing is under way.
    Quiet,
}

impl Engine {
    pub(crate) fn new(store: Store, context: Arc<ComposeContext>, channels: Channels) -> Self {
        Self {
            claims: ClaimStage::new(store.clone()),
            record: RecordStage::new(store.clone(), context.scope.organisation.clone()),
            store,
            context,
            now: Timestamp::MIN,
            facts: None,
            compose: ComposePool::default(),
            send: SendStage::default(),
            in_flight: InFlight::default(),
            health: ChannelHealth::new(channels),
            report: DeliveryReport::default(),
            remembers_channels: false,
            is_stopping: false,
            may_hold_unknown: false,
            broken: None,
        }
    }

    /// Puts another version of the school in force for what is not composed yet.
    pub(crate) fn set_context(&mut self, context: Arc<ComposeContext>) {
        self.context = context;
        self.facts = None;
        self.in_flight.give_all_back();
        self.in_flight.unassign();
    }

    /// Puts other channels in force for what is not composed yet, and has them all tried.
    pub(crate) fn set_channels(&mut self, channels: Channels) {
        self.health.channels = channels;
        self.health.try_again();
        self.in_flight.give_all_back();
        self.in_flight.unassign();
    }

    /// From now on messages are composed on the thread that delivers, so that nothing is under way beside tokio's time.
    pub(crate) fn compose_without_threads(&mut self) {
        self.compose.use_no_threads();
    }

    /// The channels in force.
    pub(crate) fn channels(&self) -> &Channels {
        &self.health.channels
    }

    /// Begins a pass at `now`: what is known and not recorded is written down before anything else, and what was composed
    /// before and not handed over will be composed anew.
    ///
    /// # Errors
    /// When the store still fails.
    pub(crate) async fn begin(
        &mut self,
        now: Timestamp,
        observer: &mut dyn DeliveryObserver,
    ) -> Result<(), StoreError> {
        if now < self.now {
            self.in_flight.clock_set_back(now);
            self.health.clock_set_back(now);
        }
        self.now = now;
        self.broken = None;
        self.write_all(observer).await?;
        let organisation = &self.context.scope.organisation;
        if self.may_hold_unknown && self.in_flight.is_empty() {
            let left = self.store.release_leases(organisation).await?;
            self.may_hold_unknown = false;
            tracing::warn!(messages = left, "taking up messages that a failed claim may have left");
        }
        self.give_back_uncomposed();
        for message in self.in_flight.begin_pass(now) {
            self.finish(&message, Outcome::Later(now), None);
        }
        for (channel, reason) in self.health.newly_silent(&self.in_flight) {
            tracing::warn!(channel, reason, "a channel is slow");
            self.report.failed.insert(channel, reason);
        }
        self.facts = None;
        self.claims.look_again();
        self.remember_channels().await?;
        let organisation = &self.context.scope.organisation;
        self.in_flight.pace_mut().remember(&self.store, organisation, &self.health.channels, now).await
    }

    /// Takes up, once, what an earlier process has learnt of the channels, so that no server is asked again for it.
    async fn remember_channels(&mut self) -> Result<(), StoreError> {
        if self.remembers_channels {
            return Ok(());
        }
        let attempts = self.store.channel_attempts(&self.context.scope.organisation).await?;
        let context = Arc::clone(&self.context);
        let failed = self.health.remember(attempts, |at| context.tomorrow(at));
        // Of what happened today the admin is told, where nobody came to that; the same is told once a day.
        let today = context.local(self.now).date();
        let news = failed.into_iter().filter(|failed| context.local(failed.at).date() == today);
        self.report.failed.extend(news.map(|failed| (failed.channel, failed.reason)));
        self.remembers_channels = true;
        Ok(())
    }

    /// There may be more to deliver.
    pub(crate) fn look_again(&mut self) {
        self.claims.look_again();
    }

    /// The instant of the present pass.
    pub(crate) fn now(&self) -> Timestamp {
        self.now
    }

    /// What came of deliveries since the report was last cleared.
    pub(crate) fn report(&self) -> &DeliveryReport {
        &self.report
    }

    /// The channels that have failed as a whole and taken nothing since, with what each said last.
    pub(crate) fn failing_channels(&self) -> impl Iterator<Item = (&str, &str)> {
        self.health.failing()
    }

    /// The channels that have answered nothing for long although something was handed to them.
    pub(crate) fn silent_channels(&self) -> impl Iterator<Item = &str> {
        self.health.silent()
    }

    /// Begins another report: what the last one says has been told.
    pub(crate) fn clear_report(&mut self) {
        self.report = DeliveryReport::default();
    }

    /// Delivers everything that may go out now: several messages at once on each channel, as many as it can use, and many
    /// results in one commit. Can be dropped and called again.
    ///
    /// # Errors
    /// When the store fails, or whoever observes; what was handed over is recorded, if it can be, and the rest waits for
    /// the next pass.
    pub(crate) async fn deliver(&mut self, observer: &mut dyn DeliveryObserver) -> Result<(), DeliveryError> {
        loop {
            if self.is_halted() {
                self.give_back_uncomposed();
            } else {
                self.begin_messages();
                while let Some(ready) = self.in_flight.next_ready() {
                    self.send.begin(ready);
                }
            }
            match self.next_event().await {
                Event::Claimed(batch) => self.claimed(batch),
                Event::Composed(composed) => composed.into_iter().for_each(|message| self.composed(message)),
                Event::Answered(answered) => self.answered(*answered, observer),
                Event::Due => self.record.hurry(),
                Event::Recorded(recorded) => {
                    if let Err(error) = self.recorded(recorded, observer) {
                        tracing::error!(error = with_causes(&error), "results could not be recorded; trying again");
                    }
                }
                Event::Quiet if self.record.has_failed() => self.try_to_record(observer).await?,
                Event::Quiet => match self.broken.take() {
                    Some(broken) => return Err(broken),
                    None if self.is_stopping || self.claims.is_exhausted() => return Ok(()),
                    None => {}
                },
            }
        }
    }

    /// Ends the work: nothing more is handed over, what is under way has `patience` to end, and what was not handed over
    /// is put back into the store. What is still under way then is recorded as uncertain.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn stop(
        &mut self,
        patience: Duration,
        observer: &mut dyn DeliveryObserver,
    ) -> Result<(), DeliveryError> {
        self.is_stopping = true;
        self.in_flight.give_all_back();
        if tokio::time::timeout(patience, self.deliver(observer)).await.is_err() {
            self.send.give_up();
        }
        self.deliver(observer).await?;
        for message in self.in_flight.take_waiting() {
            self.finish(&message, Outcome::Later(self.now), None);
        }
        Ok(self.write_all(observer).await?)
    }

    /// Whether nothing more is begun or handed over.
    fn is_halted(&self) -> bool {
        self.is_stopping || self.broken.is_some() || self.record.has_failed()
    }

    /// Lets what no thread composes yet wait again.
    fn give_back_uncomposed(&mut self) {
        for assigned in self.compose.take_waiting() {
            self.in_flight.give_back(assigned);
        }
    }

    fn break_off(&mut self, error: DeliveryError) {
        self.broken.get_or_insert(error);
    }

    async fn next_event(&mut self) -> Event {
        let nothing_comes = self.send.is_idle() && self.compose.is_idle();
        let patience = self.record.patience(nothing_comes);
        tokio::select! {
            biased;
            Some(recorded) = self.record.next() => Event::Recorded(recorded),
            Some(answered) = self.send.next() => Event::Answered(Box::new(answered)),
            Some(composed) = self.compose.next() => Event::Composed(composed),
            Some(claimed) = self.claims.next() => Event::Claimed(claimed),
            () = tokio::time::sleep(patience.unwrap_or(Duration::ZERO)), if patience.is_some() => Event::Due,
            else => Event::Quiet,
        }
    }

    /// Claims more where there is room, chooses channels, and begins as many messages as these have room for.
    fn begin_messages(&mut self) {
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
            let reason = format!("{} has no further channel", recipient.name);
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
            let reason = format!("there is no channel `{channel}`");
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

    fn claimed(&mut self, batch: ClaimedBatch) {
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

    fn composed(&mut self, composition: Composition) {
        match composition {
            Composition::Ready(ready) if self.is_halted() => self.in_flight.give_back(ready.assigned),
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
                self.finish(&assigned.message, Outcome::Dead, Some(no_channel(error.to_string())));
            }
        }
    }

    fn answered(&mut self, answered: Answered, observer: &mut dyn DeliveryObserver) {
        let was_taken = matches!(answered.result, Ok(_) | Err(Failure::Uncertain { .. }));
        self.in_flight.heard_from(answered.channel_name());
        if let (Some(payload), Ok(receipt)) = (&answered.payload, &answered.result) {
            tracing::info!(message_id = answered.assigned.message.id, channel = answered.channel_name(), "sent");
            tracing::debug!(message_id = answered.assigned.message.id, answer = receipt.answer, "taken");
            if self.health.taken(answered.handed_to()) {
                self.claims.look_again();
            }
            if let Err(error) = observer.delivered(&answered.delivered(payload)) {
                self.break_off(DeliveryError::Observer(error));
            }
        }
        let outcome = match &answered.result {
            Ok(_) => Outcome::Sent,
            Err(failure) => self.after(failure, &answered),
        };
        let (message, finished) = answered.finish(outcome);
        if let Some(attempt) = &finished.attempt {
            observer.attempted(&attempt.channel, attempt.outcome.as_str());
        }
        self.keep(&message, finished, was_taken);
    }

    /// What becomes of a message, and of its channel, after a failure.
    fn after(&mut self, failure: &Failure, answered: &Answered) -> Outcome {
        let (message, channel) = (&answered.assigned.message, answered.channel_name());
        let said = text::without_addresses(&failure.to_string());
        tracing::warn!(message_id = message.id, channel, failure = said, "not sent");
        tracing::debug!(message_id = message.id, %failure, "not taken");
        let tomorrow = self.context.tomorrow(self.now);
        let failed = self.health.failed(answered.handed_to(), failure, self.now, tomorrow);
        if let Some(ChannelFailed { until, news }) = failed {
            self.report.failed.extend(news.map(|reason| (channel.to_owned(), reason)));
            for Ready { assigned, .. } in self.in_flight.take_ready(channel) {
                self.finish(&assigned.message, Outcome::Later(until), None);
            }
            return Outcome::Later(until);
        }
        let has_next = answered.has_next_channel();
        FailedAttempt { message, channel, has_next, now: self.now }.after(failure)
    }

    /// Has it recorded how a message ended that its channel did not get.
    fn finish(&mut self, message: &Claimed, outcome: Outcome, attempt: Option<Attempt>) {
        let finished = finished(message, outcome, self.now, attempt);
        self.keep(message, finished, false);
    }

    /// Has it recorded how a message ended.
    fn keep(&mut self, message: &Claimed, finished: Finished, was_taken: bool) {
        self.in_flight.over(&message.id, was_taken);
        self.report.add(message, &finished);
        self.record.add(finished);
    }

    fn recorded(&mut self, recorded: RecordedResults, observer: &mut dyn DeliveryObserver) -> Result<(), StoreError> {
        let results = self.record.settle(recorded)?;
        for finished in &results {
            self.in_flight.recorded(&finished.id);
        }
        let refused = self.health.refused_recipients();
        let is_wanted =
            |finished: &Finished| finished.outcome == Outcome::NextChannel || refused.contains(&finished.id);
        if results.iter().any(is_wanted) {
            self.claims.look_again();
        }
        observer.recorded();
        Ok(())
    }

    /// Everything that was handed over has come back: its outcome is kept, if it can be now.
    async fn try_to_record(&mut self, observer: &mut dyn DeliveryObserver) -> Result<(), DeliveryError> {
        for _ in 1..MAX_RECORD_TRIES {
            if self.write_all(observer).await.is_ok() {
                return Ok(());
            }
        }
        self.write_all(observer).await.map_err(|error| self.broken.take().unwrap_or(error.into()))
    }

    /// Writes down everything that is known.
    async fn write_all(&mut self, observer: &mut dyn DeliveryObserver) -> Result<(), StoreError> {
        while !self.record.is_empty() {
            self.record.hurry();
            let Some(recorded) = self.record.next().await else { break };
            self.recorded(recorded, observer)?;
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
