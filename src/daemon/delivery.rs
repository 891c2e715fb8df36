//! From a claimed message to what the store remembers of it: composed as it is true now, handed to the channel,
//! and recorded together with the others of its batch.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::pin::Pin;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use jiff::{SignedDuration, Timestamp, ZonedDateTime};

use crate::channel::{Channels, Failure, Outgoing, Payload, Receipt};
use crate::config::people::Recipient;
use crate::message::{Sender, UndeliveredMessage};
use crate::schedule::{Agenda, Notice};
use crate::store::outbox::{Attempt, Claimed, Class, Finished, Outcome};
use crate::store::{Store, StoreError};
use crate::{text, with_causes};

use super::letter::{Ground, Letter, Letters};
use super::monitor::Monitor;
use super::pace::Pace;
use super::{Daemon, DaemonError, Pass, manager, retry};

/// How many messages are claimed together.
const BATCH: usize = 128;
/// How many results are written down together at most.
const MOST_RESULTS: usize = 64;
/// How long the first known result waits for others at most, so that one commit serves many. A crash in this time
/// repeats what is known and not written down, so it is short.
const GATHERING: Duration = Duration::from_millis(20);
/// Where no other result comes for so long, none is waited for: servers that are slow are not worth the wait.
const GAP: Duration = Duration::from_millis(3);
/// How long a claim holds: longer than the slowest conversation that a channel has patience for.
const LEASE: SignedDuration = SignedDuration::from_hours(1);
/// How long a channel that failed as a whole is left alone.
const PAUSE: SignedDuration = SignedDuration::from_mins(10);

/// A message that a channel took, as whoever watches sees it.
#[derive(Debug)]
pub struct Delivered<'a> {
    /// When, in the school's time zone.
    pub at: &'a ZonedDateTime,
    /// What it is.
    pub class: Class,
    /// Who got it.
    pub recipient: &'a Recipient,
    /// The channel's name.
    pub channel: &'a str,
    /// Where it was sent, where the channel needs to know.
    pub address: Option<&'a str>,
    /// Its subject.
    pub subject: &'a str,
    /// The message as it was handed over.
    pub payload: &'a Payload,
    /// What it told, most urgent first.
    pub notices: &'a [Notice],
    /// When it was put into the outbox, in the school's time zone.
    pub created: &'a ZonedDateTime,
    /// Its name for life.
    pub id: &'a str,
}

/// Somebody who watches deliveries: a rehearsal, or nobody.
pub trait Witness: Send {
    /// Is told of each message that a channel took, in order.
    ///
    /// # Errors
    /// When it cannot go on; this ends the pass.
    fn delivered(&mut self, delivered: &Delivered<'_>) -> std::io::Result<()>;
}

/// Nobody.
impl Witness for () {
    fn delivered(&mut self, _: &Delivered<'_>) -> std::io::Result<()> {
        Ok(())
    }
}

/// Delivers everything that may go out now: several messages at once on each channel, as many as it can use, and many
/// results in one commit. What is given up is added to `given_up`.
pub(super) async fn deliver(
    daemon: &mut Daemon,
    witness: &mut dyn Witness,
    pass: &mut Pass,
    given_up: &mut Vec<UndeliveredMessage>,
) -> Result<(), DaemonError> {
    let Daemon { store, clock, agenda, scope, composer, channels, paused, failed, pace, monitor, .. } = daemon;
    let organisation = scope.organisation.as_str();
    let ground = Ground { agenda, composer, scope, store };
    let sender = Sender::of(agenda.school());
    let mut desk = Desk { ground, channels, paused, failed, pace, monitor, busy: BTreeMap::new() };
    let mut letters = Letters::read(ground).await?;
    let mut queue = Queue::default();
    let mut sending = FuturesUnordered::new();
    let mut book = Book { store, organisation, done: Vec::new(), since: Instant::now(), writing: None, failed: None };
    let mut held: HashSet<String> = HashSet::new();
    let mut more = true;
    let mut broken = None;
    loop {
        let now = clock.now();
        if more && broken.is_none() && book.failed.is_none() && queue.len() < BATCH / 2 {
            // What is claimed next follows from what is written down, and not from how fast that went.
            while let Some(written) = book.write().await {
                written.settle(&mut book, &mut held, &mut more, monitor);
            }
        }
        if more && broken.is_none() && book.failed.is_none() && queue.len() < BATCH / 2 {
            match claim(store, organisation, &mut letters, now).await {
                Ok(mut claimed) => {
                    more = claimed.len() == BATCH;
                    // What took longer than its lease is still in these hands.
                    claimed.retain(|message| held.insert(message.id.clone()));
                    queue.waiting.extend(claimed);
                }
                // What is on its way cannot be called back: its outcome is waited for and kept, if it can be.
                Err(error) => broken = Some(error.into()),
            }
        }
        if broken.is_some() || book.failed.is_some() {
            queue = Queue::default();
        }
        queue.begin(|message| match desk.begin(&letters, message, now) {
            Begun::Sending(job) => {
                sending.push(send(*job, channels, agenda, &sender));
                None
            }
            Begun::Over(message, finished) => {
                count(&finished, &message, pass, given_up);
                book.add(*finished);
                None
            }
            Begun::NoRoom(message, channel) => Some((message, channel)),
        });
        let nothing_comes = sending.is_empty();
        let step = tokio::select! {
            biased;
            Some(sent) = sending.next(), if !nothing_comes => Step::Sent(Box::new(sent)),
            Some(written) = book.write_when_due(nothing_comes) => Step::Written(written),
            else => Step::Idle,
        };
        match step {
            Step::Sent(sent) => {
                let (told, finished) = desk.end(&sent, witness);
                count(&finished, &sent.job.message, pass, given_up);
                book.add(finished);
                broken = broken.or(told.err().map(DaemonError::Witness));
            }
            Step::Written(written) => written.settle(&mut book, &mut held, &mut more, monitor),
            Step::Idle => match book.failed.take() {
                // Everything that was on its way has come back: its outcome is kept, if it can be now.
                Some(error) => {
                    tracing::error!(error = with_causes(&error), messages = book.done.len(), "trying once more");
                    store.finish(organisation, &book.done).await?;
                    return Err(broken.unwrap_or_else(|| error.into()));
                }
                None if queue.len() == 0 && (!more || broken.is_some()) => return broken.map_or(Ok(()), Err),
                None => {}
            },
        }
    }
}

/// What the loop goes on with.
enum Step {
    Sent(Box<Sent>),
    Written(Written),
    /// Nothing is on its way, and everything that is known is written down.
    Idle,
}

/// Claimed messages that are not on their way yet.
#[derive(Default)]
struct Queue {
    waiting: VecDeque<Claimed>,
    /// Those whose channel has as much to do as it can, by channel.
    parked: BTreeMap<String, VecDeque<Claimed>>,
}

impl Queue {
    fn len(&self) -> usize {
        self.waiting.len() + self.parked.values().map(VecDeque::len).sum::<usize>()
    }

    /// Begins all for which there is room; `begin` gives back what finds none, and the channel that has none.
    fn begin(&mut self, mut begin: impl FnMut(Claimed) -> Option<(Claimed, String)>) {
        for parked in self.parked.values_mut() {
            while let Some(message) = parked.pop_front() {
                if let Some((message, _)) = begin(message) {
                    parked.push_front(message);
                    break;
                }
            }
        }
        while let Some(message) = self.waiting.pop_front() {
            if let Some((message, channel)) = begin(message) {
                self.parked.entry(channel).or_default().push_back(message);
            }
        }
    }
}

type Writing<'s> = Pin<Box<dyn Future<Output = Written> + Send + 's>>;

/// Results on their way into the store: written down while others come in.
struct Book<'s> {
    store: &'s Store,
    organisation: &'s str,
    /// Results that are known.
    done: Vec<Finished>,
    /// When the first of them came to be known.
    since: Instant,
    /// Results that are being written down.
    writing: Option<Writing<'s>>,
    /// Why results could not be written down; they are in `done` again.
    failed: Option<StoreError>,
}

/// Results that were written down, or were to be.
struct Written {
    results: Vec<Finished>,
    outcome: Result<(), StoreError>,
}

impl Book<'_> {
    fn add(&mut self, finished: Finished) {
        if self.done.is_empty() {
            self.since = Instant::now();
        }
        self.done.push(finished);
    }

    /// Writes down what is known, or goes on with what is being written; `None` when there is neither, or no use in it.
    /// Can be dropped and called again.
    async fn write(&mut self) -> Option<Written> {
        if self.writing.is_none() {
            if self.done.is_empty() || self.failed.is_some() {
                return None;
            }
            let (store, organisation, results) = (self.store, self.organisation, std::mem::take(&mut self.done));
            self.writing = Some(Box::pin(async move {
                let outcome = store.finish(organisation, &results).await;
                Written { results, outcome }
            }));
        }
        let written = self.writing.as_mut()?.await;
        self.writing = None;
        Some(written)
    }

    /// The same, when it is time: enough results have come, the first has waited long enough, no more
    /// comes soon, or at all.
    async fn write_when_due(&mut self, nothing_comes: bool) -> Option<Written> {
        let is_early = self.writing.is_none() && !self.done.is_empty() && self.done.len() < MOST_RESULTS;
        if is_early && !nothing_comes {
            tokio::time::sleep(GATHERING.saturating_sub(self.since.elapsed()).min(GAP)).await;
        }
        self.write().await
    }
}

impl Written {
    /// Notes that the results are in the store, or keeps them for another try.
    fn settle(self, book: &mut Book<'_>, held: &mut HashSet<String>, more: &mut bool, monitor: &Monitor) {
        if let Err(error) = self.outcome {
            book.done.splice(0..0, self.results);
            book.failed = Some(error);
            return;
        }
        *more |= self.results.iter().any(|finished| finished.outcome == Outcome::NextChannel);
        for finished in &self.results {
            held.remove(&finished.id);
        }
        manager::alive();
        monitor.alive();
    }
}

/// More messages to deliver, with all that is needed to compose them.
async fn claim(
    store: &Store,
    organisation: &str,
    letters: &mut Letters<'_>,
    now: Timestamp,
) -> Result<Vec<Claimed>, StoreError> {
    let lease = now.saturating_add(LEASE).unwrap_or(Timestamp::MAX);
    let claimed = store.claim(organisation, now, lease, u32::try_from(BATCH).unwrap_or(u32::MAX)).await?;
    letters.refresh(&claimed, now).await?;
    Ok(claimed)
}

fn count(done: &Finished, message: &Claimed, pass: &mut Pass, given_up: &mut Vec<UndeliveredMessage>) {
    match done.outcome {
        Outcome::Sent => pass.sent += 1,
        Outcome::Again(_) | Outcome::Later(_) | Outcome::NextChannel => pass.again += 1,
        Outcome::Withdrawn => {}
        Outcome::Dead => {
            pass.dead += 1;
            let reason = done.attempt.as_ref().map(|attempt| attempt.answer.clone()).unwrap_or_default();
            tracing::error!(
                message_id = message.id,
                reason = text::without_addresses(&reason),
                "a message could not be delivered"
            );
            // An alert that cannot be delivered makes no further alert.
            if message.class != Class::Alert {
                given_up.push(UndeliveredMessage { recipient: message.recipient.clone(), reason });
            }
        }
    }
}

/// A message that its channel is about to get.
struct Job {
    message: Claimed,
    letter: Letter,
    channel: String,
    at: ZonedDateTime,
    created: ZonedDateTime,
}

/// A message that its channel has answered.
struct Sent {
    job: Job,
    result: Result<(Payload, Receipt), Failure>,
}

/// What becomes of a claimed message at once.
enum Begun {
    /// It goes to its channel.
    Sending(Box<Job>),
    /// It is dealt with, without a channel.
    Over(Claimed, Box<Finished>),
    /// Its channel has as much to do as it can.
    NoRoom(Claimed, String),
}

/// What deliveries share.
struct Desk<'d> {
    ground: Ground<'d>,
    channels: &'d Channels,
    paused: &'d mut BTreeMap<String, Timestamp>,
    failed: &'d mut BTreeMap<String, String>,
    pace: &'d mut Pace,
    monitor: &'d Monitor,
    /// How many messages each channel has in hand.
    busy: BTreeMap<String, usize>,
}

impl Desk<'_> {
    /// Composes a message and finds the channel for it.
    fn begin(&mut self, letters: &Letters<'_>, message: Claimed, now: Timestamp) -> Begun {
        let over = |message: Claimed, outcome, attempt| {
            let finished = Finished { id: message.id.clone(), outcome, withdrawn: Vec::new(), at: now, attempt };
            Begun::Over(message, Box::new(finished))
        };
        let no_channel = |answer: String| {
            Some(Attempt {
                channel: String::new(),
                address: None,
                outcome: "permanent",
                answer,
                subject: None,
                payload: None,
            })
        };
        let settings = &self.ground.agenda.school().settings;
        let Some(recipient) = settings.people.by_name(&message.recipient).map(|id| settings.people.get(id)) else {
            return over(message, Outcome::Withdrawn, None);
        };
        let Some(channel_name) = recipient.via.get(message.channel_index) else {
            let reason = format!("{} has no further channel", recipient.name);
            return over(message, Outcome::Dead, no_channel(reason));
        };
        if let Some(until) = self.paused.get(channel_name).copied().filter(|until| *until > now) {
            return over(message, Outcome::Later(until), None);
        }
        let Some(channel) = self.channels.get(channel_name) else {
            let reason = format!("there is no channel `{channel_name}`");
            return over(message, Outcome::NextChannel, no_channel(reason));
        };
        if self.busy.get(channel_name).is_some_and(|busy| *busy >= channel.concurrency()) {
            return Begun::NoRoom(message, channel_name.clone());
        }
        if let Some(free) = self.pace.wait(channel_name, channel.limits(), now) {
            return over(message, Outcome::Later(free), None);
        }
        let letter = match letters.compose(&message, now) {
            Ok(Some(letter)) => letter,
            Ok(None) => {
                let withdrawn = letters.fallen(&message);
                let finished =
                    Finished { id: message.id.clone(), outcome: Outcome::Withdrawn, withdrawn, at: now, attempt: None };
                return Begun::Over(message, Box::new(finished));
            }
            Err(error) => return over(message, Outcome::Dead, no_channel(error.to_string())),
        };
        // Counted before it is sent, so that what is on its way at once keeps within the limits too.
        self.pace.count(channel_name, now);
        *self.busy.entry(channel_name.clone()).or_default() += 1;
        let zone = &settings.time_zone;
        Begun::Sending(Box::new(Job {
            at: now.to_zoned_datetime(zone.clone()),
            created: message.created_at.to_zoned_datetime(zone.clone()),
            channel: channel_name.clone(),
            letter,
            message,
        }))
    }

    /// What an answer means. A witness that fails comes back beside the outcome, which must be kept all the same.
    fn end(&mut self, sent: &Sent, witness: &mut dyn Witness) -> (std::io::Result<()>, Finished) {
        let Sent { job: Job { message, letter, channel, at, created }, result } = sent;
        let now = at.timestamp();
        if let Some(busy) = self.busy.get_mut(channel) {
            *busy = busy.saturating_sub(1);
        }
        let recipient = self.ground.agenda.school().settings.people.get(letter.recipient);
        let address = self.channels.get(channel).and_then(|channel| channel.address(recipient).ok().flatten());
        let mut attempt = Attempt {
            channel: channel.clone(),
            address: address.map(str::to_owned),
            outcome: "sent",
            answer: String::new(),
            subject: Some(letter.content.subject.clone()),
            payload: None,
        };
        let mut finished =
            Finished { id: message.id.clone(), outcome: Outcome::Sent, withdrawn: Vec::new(), at: now, attempt: None };
        let mut told = Ok(());
        match result {
            Ok((payload, receipt)) => {
                tracing::info!(message_id = message.id, channel, "sent");
                tracing::debug!(message_id = message.id, address, answer = receipt.answer, "taken");
                told = witness.delivered(&Delivered {
                    at,
                    class: message.class,
                    recipient,
                    channel,
                    address,
                    subject: &letter.content.subject,
                    payload,
                    notices: &letter.notices,
                    created,
                    id: &message.id,
                });
                attempt.answer.clone_from(&receipt.answer);
                attempt.payload = Some(payload.bytes.clone());
                finished.withdrawn.clone_from(&letter.withdrawn);
            }
            Err(failure) => {
                let said = text::without_addresses(&failure.to_string());
                tracing::warn!(message_id = message.id, channel, failure = said, "not sent");
                tracing::debug!(message_id = message.id, address, %failure, "not taken");
                attempt.outcome = failure.as_str();
                attempt.answer = failure.to_string();
                finished.outcome = after(failure, message, recipient, now);
                if !matches!(failure, Failure::Uncertain { .. }) {
                    self.pace.take_back(channel, now);
                }
                if matches!(failure, Failure::Channel { .. }) {
                    let until = now.saturating_add(PAUSE).unwrap_or(Timestamp::MAX);
                    self.paused.insert(channel.clone(), until);
                    self.failed.insert(channel.clone(), failure.to_string());
                }
            }
        }
        self.monitor.delivery(channel, attempt.outcome);
        finished.attempt = Some(attempt);
        (told, finished)
    }
}

/// Hands a message to its channel.
async fn send(job: Job, channels: &Channels, agenda: &Agenda, sender: &Sender) -> Sent {
    let recipient = agenda.school().settings.people.get(job.letter.recipient);
    let result = async {
        let Some(channel) = channels.get(&job.channel) else {
            return Err(Failure::Permanent { reason: format!("there is no channel `{}`", job.channel) });
        };
        let outgoing = Outgoing {
            id: &job.message.id,
            recipient,
            sender,
            content: &job.letter.content,
            created: &job.created,
            at: &job.at,
        };
        channel.address(recipient)?;
        let payload = channel.render(&outgoing)?;
        let receipt = channel.send(&outgoing, &payload).await?;
        Ok((payload, receipt))
    }
    .await;
    Sent { job, result }
}

/// What becomes of a message after a failure (rules of delivery, 4).
fn after(failure: &Failure, message: &Claimed, recipient: &Recipient, now: Timestamp) -> Outcome {
    let has_next = message.channel_index + 1 < recipient.via.len();
    let gone = || if has_next { Outcome::NextChannel } else { Outcome::Dead };
    match failure {
        Failure::Temporary { .. } | Failure::Uncertain { .. } => {
            let wanted = match failure {
                Failure::Temporary { retry_after, .. } => {
                    retry_after.and_then(|wait| SignedDuration::try_from(wait).ok())
                }
                _ => None,
            };
            match retry::next_try(&message.id, message.tries, message.created_at, now, wanted) {
                Some(at) => Outcome::Again(at),
                None => gone(),
            }
        }
        Failure::Permanent { .. } => gone(),
        Failure::Channel { .. } => Outcome::Later(now.saturating_add(PAUSE).unwrap_or(Timestamp::MAX)),
    }
}
