//! The stage that sends: each message that is handed over has a task of its own, so that a server that is slow to
//! answer holds up nothing else.

use jiff::Timestamp;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::channel::{Failure, Payload, Receipt};
use crate::people::Recipient;
use crate::reason::LocalReason;
use crate::store::outbox::{Attempt, AttemptOutcome, Claimed, Finished, Outcome};

use super::channel_health::HandedTo;
use super::compose::{Assigned, Ready};
use super::facts::{Composed, MessageFacts};
use super::observer::Delivered;
use super::{finished_task, verdict};

/// A message that its channel has answered.
pub(super) struct Answered {
    pub(super) assigned: Assigned,
    pub(super) composed: Composed,
    pub(super) facts: MessageFacts,
    /// When it was composed as it was handed over.
    pub(super) rendered_at: Timestamp,
    /// When it was handed over.
    pub(super) handed_at: Timestamp,
    /// What was handed over; why nothing was, where the message does not fit the channel.
    pub(super) payload: Option<Payload>,
    /// The answer; or why it was not taken.
    pub(super) result: Result<Receipt, Failure>,
}

impl Answered {
    /// The channel's name.
    pub(super) fn channel_name(&self) -> &str {
        &self.assigned.channel_name
    }

    /// What was handed to which channel, for whom.
    pub(super) fn handed_to(&self) -> HandedTo<'_> {
        let message = &self.assigned.message;
        HandedTo { channel: self.channel_name(), id: &message.id, recipient: &message.recipient }
    }

    /// Whether its recipient has a further channel.
    pub(super) fn has_next_channel(&self) -> bool {
        self.assigned.message.channel_index + 1 < self.recipient().via.len()
    }

    /// The message as an observer sees it.
    pub(super) fn delivered<'a>(&'a self, payload: &'a Payload) -> Delivered<'a> {
        let Assigned { message, at, created, .. } = &self.assigned;
        Delivered {
            at,
            class: message.class,
            recipient: self.recipient(),
            channel: self.channel_name(),
            address: self.address(),
            subject: &self.composed.subject,
            payload,
            notices: &self.composed.notices,
            created,
            id: &message.id,
        }
    }

    /// How it ended, with what must be kept of the attempt.
    pub(super) fn finish(self, outcome: Outcome) -> (Claimed, Finished) {
        let address = self.address().map(str::to_owned);
        let Self {
            assigned: Assigned { message, channel_name, at, .. },
            composed,
            rendered_at,
            handed_at,
            payload,
            result,
            ..
        } = self;
        let mut finished = verdict::finished(&message, outcome, at.timestamp(), None);
        let bytes = payload.map(|payload| payload.bytes);
        let (of_attempt, answer, payload) = match result {
            Ok(receipt) => {
                finished.withdrawn = composed.withdrawn;
                (AttemptOutcome::Sent, receipt.answer, bytes)
            }
            Err(failure @ Failure::Uncertain { .. }) => {
                finished.rendered_at = Some(rendered_at);
                (failure.outcome(), failure.told(), bytes)
            }
            Err(failure) => (failure.outcome(), failure.told(), None),
        };
        let (channel, subject) = (channel_name.to_string(), Some(composed.subject));
        let at = Some(handed_at);
        finished.attempt = Some(Attempt { at, channel, address, outcome: of_attempt, answer, subject, payload });
        (message, finished)
    }

    fn recipient(&self) -> &Recipient {
        self.facts.recipient_of(&self.composed)
    }

    fn address(&self) -> Option<&str> {
        self.assigned.channel.address(self.recipient()).ok().flatten()
    }
}

/// The conversations that are under way. They end with it.
#[derive(Default)]
pub(super) struct SendStage {
    sending: JoinSet<Answered>,
    /// Ends every conversation.
    give_up: CancellationToken,
}

impl SendStage {
    /// Hands a message to its channel.
    pub(super) fn begin(&mut self, ready: Ready) {
        self.sending.spawn(send(ready, self.give_up.clone()));
    }

    /// Ends every conversation that is under way: whether the other side has the message is then not known.
    pub(super) fn give_up(&mut self) {
        self.give_up.cancel();
        self.give_up = CancellationToken::new();
    }

    /// Whether nothing is being sent.
    pub(super) fn is_idle(&self) -> bool {
        self.sending.is_empty()
    }

    /// The next message that is answered; `None` where none is being sent. Can be dropped and called again.
    pub(super) async fn next(&mut self) -> Option<Answered> {
        finished_task(self.sending.join_next().await?)
    }
}

async fn send(ready: Ready, give_up: CancellationToken) -> Answered {
    let sent = match &ready.payload {
        Ok(payload) => {
            let outgoing = ready.outgoing();
            tokio::select! {
                biased;
                sent = ready.assigned.channel.send(&outgoing, payload) => sent,
                () = give_up.cancelled() => {
                    Err(Failure::Uncertain { reason: LocalReason::Stopped.into() })
                }
            }
        }
        Err(failure) => Err(failure.clone()),
    };
    let Ready { assigned, composed, facts, rendered_at, handed_at, payload } = ready;
    Answered { assigned, composed, facts, rendered_at, handed_at, payload: payload.ok(), result: sent }
}
