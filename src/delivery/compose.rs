//! The stage that composes: messages are written and put into the form of their channel on threads of their own, while
//! others are sent.
//!
//! What comes out is in the order of what went in, so that a rehearsal repeats it.

use std::future::ready;
use std::sync::Arc;
use std::thread::available_parallelism;

use futures_util::future::BoxFuture;
use futures_util::stream::FuturesOrdered;
use futures_util::{FutureExt, StreamExt};
use jiff::{Timestamp, ZonedDateTime};
use tokio::task::{JoinError, spawn_blocking};

use crate::channel::{Channel, Failure, Outgoing, Payload};
use crate::compose::{ComposeError, Content};
use crate::store::outbox::{Claimed, UncertainAttempts, Why};

use super::facts::{Composed, MessageFacts};
use super::finished_task;

/// So many messages are worth a thread of their own although another is at work: fewer are left to that one.
const MIN_BATCH: usize = 8;

/// A claimed message and the channel that is to get it.
pub(super) struct Assigned {
    /// The message.
    pub(super) message: Claimed,
    /// The channel's name.
    pub(super) channel_name: Arc<str>,
    /// The channel.
    pub(super) channel: Arc<dyn Channel>,
    /// When it was begun, in the school's time zone: what it says is true then.
    pub(super) at: ZonedDateTime,
    /// When it was put into the outbox, in the school's time zone.
    pub(super) created: ZonedDateTime,
}

/// A composed message that its channel may get now.
pub(super) struct Ready {
    pub(super) assigned: Assigned,
    pub(super) composed: Composed,
    /// What it was composed from.
    pub(super) facts: MessageFacts,
    /// When it was composed as it is handed over: at its first time, where it says the same still.
    pub(super) rendered_at: Timestamp,
    /// When it is handed over: the instant of its pass until then.
    pub(super) handed_at: Timestamp,
    /// The bytes that are handed over; why there are none, where the message does not fit the channel.
    pub(super) payload: Result<Payload, Failure>,
}

impl Ready {
    /// The message as its channel sees it.
    pub(super) fn outgoing(&self) -> Outgoing<'_> {
        outgoing(&self.assigned, &self.composed, &self.facts, &self.assigned.at)
    }

    /// Whether the store has another instant as that of which it was composed: it says something else since.
    pub(super) fn is_anew(&self) -> bool {
        self.payload.is_ok() && self.rendered_at != known_rendering(&self.assigned.message)
    }
}

/// What became of a message that was to be composed.
pub(super) enum Composition {
    /// It may be handed over.
    Ready(Box<Ready>),
    /// There is nothing left in it to tell, for these reasons.
    Empty(Assigned, Vec<(i64, Why)>),
    /// It cannot be composed.
    Failed(Assigned, ComposeError),
}

/// The threads that compose messages, and the messages that they have.
pub(super) struct ComposePool {
    /// Messages that no thread has yet.
    waiting: Vec<Assigned>,
    composing: FuturesOrdered<BoxFuture<'static, Result<Vec<Composition>, JoinError>>>,
    /// How many threads may compose at once; 0 where the caller's own does.
    threads: usize,
}

impl Default for ComposePool {
    fn default() -> Self {
        let threads = available_parallelism().map_or(1, usize::from).saturating_sub(1).max(1);
        Self { waiting: Vec::new(), composing: FuturesOrdered::new(), threads }
    }
}

impl ComposePool {
    /// From now on messages are composed on the thread of whoever begins them.
    pub(super) fn use_no_threads(&mut self) {
        self.threads = 0;
    }

    /// Takes a message.
    pub(super) fn add(&mut self, assigned: Assigned) {
        self.waiting.push(assigned);
    }

    /// Has threads begin on what waits; where one is at work, a few messages are collected for the next.
    pub(super) fn begin(&mut self, facts: &MessageFacts) {
        let idle = self.composing.is_empty();
        let few = self.waiting.len() < MIN_BATCH || self.composing.len() >= self.threads;
        if self.waiting.is_empty() || !idle && few {
            return;
        }
        let (facts, batch) = (facts.clone(), std::mem::take(&mut self.waiting));
        let work = move || batch.into_iter().map(|assigned| compose(assigned, &facts)).collect();
        let composed = if self.threads == 0 { ready(Ok(work())).boxed() } else { spawn_blocking(work).boxed() };
        self.composing.push_back(composed);
    }

    /// The next messages that are composed, in the order in which they came; `None` where none is being composed. Can
    /// be dropped and called again.
    pub(super) async fn next(&mut self) -> Option<Vec<Composition>> {
        finished_task(self.composing.next().await?)
    }

    /// The messages that no thread has yet, which are not to be composed now.
    pub(super) fn take_waiting(&mut self) -> Vec<Assigned> {
        std::mem::take(&mut self.waiting)
    }

    /// Whether it has no message.
    pub(super) fn is_idle(&self) -> bool {
        self.waiting.is_empty() && self.composing.is_empty()
    }
}

fn compose(assigned: Assigned, facts: &MessageFacts) -> Composition {
    let words = match facts.compose(&assigned.message, assigned.channel.parts(), &assigned.at) {
        Ok(Some(words)) => words,
        Ok(None) => {
            let withdrawn = facts.fallen(&assigned.message, assigned.at.date());
            return Composition::Empty(assigned, withdrawn);
        }
        Err(error) => return Composition::Failed(assigned, error),
    };
    let repeated = repeated(&assigned, facts, &words.1);
    let (composed, content) = words;
    let (rendered_at, payload) = match repeated {
        Some((rendered_at, payload)) => (rendered_at, Ok(payload)),
        None => (assigned.at.timestamp(), render(&assigned, &composed, facts, (&content, &assigned.at))),
    };
    let (facts, handed_at) = (facts.clone(), assigned.at.timestamp());
    Composition::Ready(Box::new(Ready { assigned, composed, facts, rendered_at, handed_at, payload }))
}

/// The instant as of which a message may have been handed over, by the store: that of its first claim where it was not.
fn known_rendering(message: &Claimed) -> Timestamp {
    message.rendered_at.unwrap_or(message.claimed_at)
}

/// A message as it may have been handed over before, or else as of its claim, where it has waited since, with that instant:
/// so it is repeated after a crash. `None` where that is now, or it says something else now (rules of delivery, 7).
fn repeated(assigned: &Assigned, facts: &MessageFacts, says: &Content) -> Option<(Timestamp, Payload)> {
    let message = &assigned.message;
    let rendered_at = known_rendering(message);
    if rendered_at == assigned.at.timestamp() {
        return None;
    }
    let at = facts.context().local(rendered_at);
    let (composed, content) = facts.compose(message, assigned.channel.parts(), &at).ok()??;
    if !content.still_says(says) {
        return None;
    }
    let payload = render(assigned, &composed, facts, (&content, &at)).ok()?;
    let of_channel = |attempts: &&UncertainAttempts| *attempts.channel == *assigned.channel_name;
    // What was handed over earlier said something else.
    let before = message.uncertain.iter().find(of_channel).filter(|attempts| attempts.last >= rendered_at);
    // Of what was handed over when the process ended nothing is kept but when it was composed.
    let is_same = before.and_then(|before| before.payload.as_ref()).is_none_or(|before| *before == payload.bytes);
    is_same.then_some((rendered_at, payload))
}

/// A content in the form of its channel, as of an instant.
fn render(
    assigned: &Assigned,
    composed: &Composed,
    facts: &MessageFacts,
    (content, at): (&Content, &ZonedDateTime),
) -> Result<Payload, Failure> {
    let outgoing = outgoing(assigned, composed, facts, at);
    assigned.channel.address(outgoing.recipient)?;
    assigned.channel.render(&outgoing, content)
}

fn outgoing<'a>(
    assigned: &'a Assigned,
    composed: &Composed,
    facts: &'a MessageFacts,
    at: &'a ZonedDateTime,
) -> Outgoing<'a> {
    Outgoing {
        id: &assigned.message.id,
        recipient: facts.recipient_of(composed),
        sender: &facts.context().sender,
        created: &assigned.created,
        at,
    }
}
