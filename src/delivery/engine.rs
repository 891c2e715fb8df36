//! The engine of delivery: what of the school in force may go out is claimed, composed, sent and recorded, side by side.
//!
//! It outlives a pass: whoever stops waiting for it leaves what is under way to its tasks, and goes on with it in the
//! next pass.
//!
//! - `assign`: from the claim to the channel; `results`: from its answer to the store.

mod assign;
mod results;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::channel::Channels;
use crate::clock::Clock;
use crate::reason::Reason;
use crate::store::outbox::{Outcome, WaitingRecipient};
use crate::store::{Store, StoreError};
use crate::with_causes;

use super::channel_health::ChannelHealth;
use super::claim::{ClaimStage, ClaimedBatch};
use super::compose::{ComposePool, Composition};
use super::facts::{ComposeContext, MessageFacts};
use super::in_flight::InFlight;
use super::record::{RecordStage, RecordedResults};
use super::report::DeliveryReport;
use super::send::{Answered, SendStage};
use super::{DeliveryError, DeliveryObserver};

/// Delivers what a school has in its outbox.
pub(crate) struct Engine {
    store: Store,
    context: Arc<ComposeContext>,
    /// Says when messages are handed over.
    clock: Clock,
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
    pub(crate) fn new(store: Store, clock: Clock, context: Arc<ComposeContext>, channels: Channels) -> Self {
        Self {
            claims: ClaimStage::new(store.clone()),
            record: RecordStage::new(store.clone(), context.scope.organisation.clone()),
            store,
            context,
            clock,
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
            tracing::warn!(channel, %reason, "a channel is slow");
            self.report.failed.insert(channel, reason);
        }
        self.facts = None;
        self.claims.look_again();
        self.remember_channels().await?;
        self.forget_idle_failures().await?;
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

    /// Forgets that a channel has failed where nothing waits for it any more that it failed: it is told of and left alone for
    /// their sake, and whether it takes the next message is known once there is one (rules of delivery, 8). Where the admin
    /// has given everything another chance, it is tried at once.
    async fn forget_idle_failures(&mut self) -> Result<(), StoreError> {
        if self.health.failing().next().is_none() {
            return Ok(());
        }
        let mut waiting = BTreeMap::new();
        for WaitingRecipient { recipient, channel_index, since } in
            self.store.waiting_recipients(&self.context.scope.organisation).await?
        {
            let recipient = self.context.recipient(&recipient);
            if let Some(channel) = recipient.and_then(|recipient| recipient.via.get(channel_index)) {
                let oldest = waiting.entry(channel.clone()).or_insert(since);
                *oldest = since.min(*oldest);
            }
        }
        self.health.forget_failures_without(&waiting);
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
    pub(crate) fn failing_channels(&self) -> impl Iterator<Item = (&str, &Reason)> {
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
            if let Err(error) = self.store.check_lease() {
                self.break_off(error.into());
            }
            if self.is_halted() {
                self.give_back_uncomposed();
            } else {
                self.begin_messages();
                while !self.waits_for_store()
                    && let Some(ready) = self.in_flight.next_ready(self.clock.now())
                {
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

    /// Whether nothing is handed over for the moment: the store is slow to take what came of others, and another process may
    /// have the work soon.
    fn waits_for_store(&self) -> bool {
        self.store.is_leased() && self.record.is_slow()
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
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
