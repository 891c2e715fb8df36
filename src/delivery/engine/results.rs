//! From the channel's answer to the store: what becomes of a message, and that it is written down.

use crate::channel::Failure;
use crate::delivery::channel_health::ChannelFailed;
use crate::delivery::compose::Ready;
use crate::delivery::record::RecordedResults;
use crate::delivery::send::Answered;
use crate::delivery::verdict::{FailedAttempt, finished};
use crate::delivery::{DeliveryError, DeliveryObserver};
use crate::store::StoreError;
use crate::store::outbox::{Attempt, Claimed, Finished, Outcome};
use crate::text;

use super::Engine;

/// How often results that the store does not take are offered to it before a pass ends.
const MAX_RECORD_TRIES: u32 = 2;

impl Engine {
    pub(super) fn answered(&mut self, answered: Answered, observer: &mut dyn DeliveryObserver) {
        let was_taken = matches!(answered.result, Ok(_) | Err(Failure::Uncertain { .. }));
        self.in_flight.heard_from(answered.channel_name());
        if let (Some(payload), Ok(receipt)) = (&answered.payload, &answered.result) {
            tracing::info!(message_id = answered.assigned.message.id, channel = answered.channel_name(), "sent");
            tracing::debug!(message_id = answered.assigned.message.id, answer = %receipt.answer, "taken");
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
    pub(super) fn finish(&mut self, message: &Claimed, outcome: Outcome, attempt: Option<Attempt>) {
        let finished = finished(message, outcome, self.now, attempt);
        self.keep(message, finished, false);
    }

    /// Has it recorded how a message ended.
    pub(super) fn keep(&mut self, message: &Claimed, finished: Finished, was_taken: bool) {
        self.in_flight.over(&message.id, was_taken);
        self.report.add(message, &finished);
        self.record.add(finished);
    }

    pub(super) fn recorded(
        &mut self,
        recorded: RecordedResults,
        observer: &mut dyn DeliveryObserver,
    ) -> Result<(), StoreError> {
        let results = self.record.settle(recorded)?;
        for finished in &results {
            self.in_flight.recorded(&finished.id);
        }
        let refused = self.health.refused_recipients();
        let is_wanted = |finished: &Finished| {
            let goes_on = finished.outcome == Outcome::NextChannel || finished.outcome == Outcome::Later(self.now);
            goes_on || refused.contains(&finished.id)
        };
        if results.iter().any(is_wanted) {
            self.claims.look_again();
        }
        observer.recorded();
        Ok(())
    }

    /// Everything that was handed over has come back: its outcome is kept, if it can be now.
    pub(super) async fn try_to_record(&mut self, observer: &mut dyn DeliveryObserver) -> Result<(), DeliveryError> {
        for _ in 1..MAX_RECORD_TRIES {
            if self.write_all(observer).await.is_ok() {
                return Ok(());
            }
        }
        self.write_all(observer).await.map_err(|error| self.broken.take().unwrap_or(error.into()))
    }

    /// Writes down everything that is known.
    pub(super) async fn write_all(&mut self, observer: &mut dyn DeliveryObserver) -> Result<(), StoreError> {
        while !self.record.is_empty() {
            self.record.hurry();
            let Some(recorded) = self.record.next().await else { break };
            self.recorded(recorded, observer)?;
        }
        Ok(())
    }
}
