//! The engine of delivery: what of the school in force may go out is claimed, composed, sent and recorded, side by side.
//!
//! It outlives a pass: whoever stops waiting for it leaves what is under way to its tasks, and goes on with it in the
//! next pass.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::channel::{Channels, Failure};
use crate::compose::UndeliveredMessage;
use crate::store::outbox::{Attempt, Claimed, Finished, MessageKind, Outcome};
use crate::store::{Store, StoreError};
use crate::{text, with_causes};

use super::claim::{Claim, ClaimStage, ClaimedBatch, MAX_CLAIMED};
use super::compose::{Assigned, ComposePool, Composition, Ready};
use super::facts::{ComposeContext, MessageFacts, Needs};
use super::in_flight::InFlight;
use super::pause::Pauses;
use super::record::{RecordStage, Recorded};
use super::send::{Answered, SendStage};
use super::verdict::{Failed, finished, no_channel};
use super::{DeliveryError, DeliveryObserver};

/// How long what waits for a channel that is behind is put off.
const PUT_OFF: SignedDuration = SignedDuration::from_mins(1);
/// A channel that has answered nothing for so long is told of.
const SILENCE_TOLD_AFTER: SignedDuration = SignedDuration::from_mins(5);

/// How often results that the store does not take are offered to it before a pass ends.
const MAX_RECORD_TRIES: u32 = 2;

/// How many messages ended in which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Taken by a channel.
    pub(crate) sent: usize,
    /// To be tried again.
    pub(crate) again: usize,
    /// Given up.
    pub(crate) dead: usize,
    /// Over without an answer.
    pub(crate) uncertain: usize,
}

/// What came of deliveries.
#[derive(Clone, Debug, Default)]
pub(crate) struct Report {
    /// How many messages ended in which way.
    pub(crate) counts: Counts,
    /// Messages that were given up.
    pub(crate) given_up: Vec<UndeliveredMessage>,
    /// Channels that failed as a whole, and why.
    pub(crate) failed: BTreeMap<String, String>,
}

/// Delivers what a school has in its outbox.
pub(crate) struct Engine {
    store: Store,
    context: Arc<ComposeContext>,
    channels: Channels,
    /// The instant of the present pass.
    now: Timestamp,
    /// What messages are composed from; `None` until something was claimed in this pass.
    facts: Option<MessageFacts>,
    claims: ClaimStage,
    compose: ComposePool,
    send: SendStage,
    record: RecordStage,
    in_flight: InFlight,
    pauses: Pauses,
    report: Report,
    /// Channels that have answered nothing for long, and were told of.
    silent: BTreeSet<String>,
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
    Recorded(Recorded),
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
            channels,
            now: Timestamp::MIN,
            facts: None,
            compose: ComposePool::default(),
            send: SendStage::default(),
            in_flight: InFlight::default(),
            pauses: Pauses::default(),
            report: Report::default(),
            silent: BTreeSet::new(),
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
        self.channels = channels;
        self.pauses.clear();
        self.in_flight.give_all_back();
        self.in_flight.unassign();
    }

    /// The channels in force.
    pub(crate) fn channels(&self) -> &Channels {
        &self.channels
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
        self.now = now;
        self.broken = None;
        self.write_all(observer).await?;
        let organisation = &self.context.scope.organisation;
        if std::mem::take(&mut self.may_hold_unknown) && self.in_flight.is_empty() {
            let left = self.store.release_leases(organisation).await?;
            tracing::warn!(messages = left, "taking up messages that a failed claim may have left");
        }
        self.give_back_uncomposed();
        for message in self.in_flight.begin_pass(now) {
            self.finish(&message, Outcome::Later(now), None);
        }
        self.report_silent();
        self.facts = None;
        self.claims.look_again();
        let organisation = &self.context.scope.organisation;
        self.in_flight.pace_mut().remember(&self.store, organisation, &self.channels, now).await
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
    pub(crate) fn report(&self) -> &Report {
        &self.report
    }

    /// Which channel has answered nothing for long, where any has.
    pub(crate) fn trouble(&self) -> Option<String> {
        self.silent.first().map(|channel| format!("the channel `{channel}` takes messages and answers nothing"))
    }

    /// Begins another report: what the last one says has been told.
    pub(crate) fn clear_report(&mut self) {
        self.report = Report::default();
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

    /// Notes which channels have answered nothing for long, each once.
    fn report_silent(&mut self) {
        let silent: BTreeMap<String, String> = self
            .in_flight
            .silent_for(SILENCE_TOLD_AFTER)
            .map(|(channel, silence)| (channel.to_owned(), format!("no answer for {} minutes", silence.as_mins())))
            .collect();
        for (channel, reason) in &silent {
            if !self.silent.contains(channel) {
                tracing::warn!(channel, reason, "a channel is slow");
                self.report.failed.insert(channel.clone(), reason.clone());
            }
        }
        self.silent = silent.into_keys().collect();
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
            let Self { claims, context, facts, in_flight, now, .. } = self;
            claims.begin(|| {
                let waits = in_flight.waiting_messages().next().is_some();
                let mut needs = Needs::default();
                needs.add(in_flight.waiting_messages());
                let (context, needs) = (Arc::clone(context), waits.then_some(needs));
                Claim { context, facts: facts.clone(), needs, now: *now }
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
            return self.finish(&message, Outcome::Withdrawn, None);
        };
        if message.class == MessageKind::Alert {
            // An alert goes where it may get through.
            let left = recipient.via.iter().enumerate().skip(message.channel_index);
            let works = left.into_iter().find(|(_, channel)| self.works(channel));
            message.channel_index = works.map_or(message.channel_index, |(index, _)| index);
        }
        let Some(channel) = recipient.via.get(message.channel_index) else {
            let reason = format!("{} has no further channel", recipient.name);
            return self.finish(&message, Outcome::Dead, Some(no_channel(reason)));
        };
        if self.in_flight.is_full(channel) {
            let later = self.now.saturating_add(PUT_OFF).unwrap_or(Timestamp::MAX);
            return self.finish(&message, Outcome::Later(later), None);
        }
        if !self.channels.contains_key(channel) {
            let reason = format!("there is no channel `{channel}`");
            return self.finish(&message, Outcome::NextChannel, Some(no_channel(reason)));
        }
        let channel = Arc::from(channel.as_str());
        self.in_flight.assign(message, &channel);
    }

    /// Whether a channel takes messages, as far as is known.
    fn works(&self, channel: &str) -> bool {
        self.channels.contains_key(channel)
            && self.pauses.until(channel, self.now).is_none()
            && !self.in_flight.is_behind(channel)
            && !self.silent.contains(channel)
    }

    /// Begins what waits for a channel as far as it has room, is not left alone and keeps within its limits.
    fn begin_on(&mut self, name: &Arc<str>) {
        let Some(channel) = self.channels.get(&**name).cloned() else { return };
        while let Some(message) = self.in_flight.next_waiting(name, channel.concurrency()) {
            let paused = self.pauses.until(name, self.now);
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
            Ok(Some(facts)) if Arc::ptr_eq(facts.context(), &self.context) => self.facts = Some(facts),
            // Another version of the school came into force meanwhile.
            Ok(Some(_)) => self.claims.look_again(),
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
            Composition::Ready(ready) => match self.pauses.until(&ready.assigned.channel_name, self.now) {
                Some(until) => self.finish(&ready.assigned.message, Outcome::Later(until), None),
                None => self.in_flight.composed(*ready),
            },
            // What may have been told is not taken back.
            Composition::Empty(assigned, _) if !assigned.message.uncertain.is_empty() => {
                self.finish(&assigned.message, Outcome::Uncertain, None);
            }
            Composition::Empty(assigned, withdrawn) => {
                let finished = finished(&assigned.message, Outcome::Withdrawn, self.now, None);
                self.keep(&assigned.message, Finished { withdrawn, ..finished }, false);
            }
            Composition::Failed(assigned, error) => {
                self.finish(&assigned.message, Outcome::Dead, Some(no_channel(error.to_string())));
            }
        }
    }

    fn answered(&mut self, answered: Answered, observer: &mut dyn DeliveryObserver) {
        let was_taken = matches!(answered.result, Ok(_) | Err(Failure::Uncertain { .. }));
        self.in_flight.heard_from(answered.channel_name());
        if let Ok((payload, receipt)) = &answered.result {
            tracing::info!(message_id = answered.assigned.message.id, channel = answered.channel_name(), "sent");
            tracing::debug!(message_id = answered.assigned.message.id, answer = receipt.answer, "taken");
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
        let mut paused_until = self.now;
        if matches!(failure, Failure::Channel { .. }) {
            paused_until = self.pauses.failed(channel, self.now);
            self.report.failed.insert(channel.to_owned(), failure.to_string());
            for Ready { assigned, .. } in self.in_flight.take_ready(channel) {
                self.finish(&assigned.message, Outcome::Later(paused_until), None);
            }
        }
        let has_next = answered.has_next_channel();
        Failed { message, channel, has_next, now: self.now, paused_until }.after(failure)
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

    fn recorded(&mut self, recorded: Recorded, observer: &mut dyn DeliveryObserver) -> Result<(), StoreError> {
        let results = self.record.settle(recorded)?;
        for finished in &results {
            self.in_flight.recorded(&finished.id);
        }
        if results.iter().any(|finished| finished.outcome == Outcome::NextChannel) {
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

impl Report {
    fn add(&mut self, message: &Claimed, finished: &Finished) {
        match finished.outcome {
            Outcome::Sent => self.counts.sent += 1,
            Outcome::Again(_) | Outcome::Later(_) | Outcome::NextChannel => self.counts.again += 1,
            Outcome::Withdrawn => {}
            Outcome::Uncertain => self.counts.uncertain += 1,
            Outcome::Dead => {
                self.counts.dead += 1;
                let reason = finished.attempt.as_ref().map(|attempt| attempt.answer.clone()).unwrap_or_default();
                tracing::error!(
                    message_id = message.id,
                    reason = text::without_addresses(&reason),
                    "a message could not be delivered"
                );
                // An alert that cannot be delivered makes no further alert.
                if message.class != MessageKind::Alert {
                    self.given_up.push(UndeliveredMessage { recipient: message.recipient.clone(), reason });
                }
            }
        }
    }
}
