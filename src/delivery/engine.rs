//! From a claimed message to what the store remembers of it: composed as it is true now, handed to the channel,
//! and recorded together with the others of its batch.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use jiff::{SignedDuration, Timestamp, ZonedDateTime};

use crate::channel::{Channels, Failure, Payload, Receipt};
use crate::clock::Clock;
use crate::compose::{Composer, Sender, UndeliveredMessage};
use crate::people::Recipient;
use crate::schedule::{Agenda, Notice};
use crate::store::outbox::{Attempt, AttemptOutcome, Claimed, Finished, MessageKind, Outcome};
use crate::store::{Store, StoreError};
use crate::{text, with_causes};

use super::letter::{Ground, Letter, Letters};
use super::pace::Pace;
use super::scribe::{self, Job, Scribe, Written};
use super::{DeliveryError, retry};

/// How many messages are claimed together.
const BATCH: usize = 256;
/// How many results are written down together at most.
const MOST_RESULTS: usize = 64;
/// How long the first known result waits for others at most, so that one commit serves many. A crash in this time
/// repeats what is known and not written down, so it is short.
const GATHERING: Duration = Duration::from_millis(20);
/// Where no other result comes for so long, none is waited for: servers that are slow are not worth the wait.
const GAP: Duration = Duration::from_millis(3);
/// How many messages a channel may have in hand for each that it can send at once: others are written meanwhile.
const AHEAD: usize = 4;
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
    pub class: MessageKind,
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
pub trait DeliveryObserver: Send {
    /// Is told of each message that a channel took, in order.
    ///
    /// # Errors
    /// When it cannot go on; this ends the pass.
    fn delivered(&mut self, delivered: &Delivered<'_>) -> std::io::Result<()>;

    /// Is told what came of each attempt, by the channel's name.
    fn attempted(&mut self, _channel: &str, _outcome: &'static str) {}

    /// Is told whenever results are in the store: the delivery goes on.
    fn recorded(&mut self) {}
}

/// Nobody.
impl DeliveryObserver for () {
    fn delivered(&mut self, _: &Delivered<'_>) -> std::io::Result<()> {
        Ok(())
    }
}

/// What a delivery works with: the school that is in force, and what the process remembers of its channels.
pub(crate) struct Delivery<'d> {
    pub(crate) store: &'d Store,
    pub(crate) clock: &'d Clock,
    pub(crate) agenda: &'d Arc<Agenda>,
    pub(crate) composer: &'d Arc<Composer>,
    pub(crate) channels: &'d Channels,
    /// Channels that wait until an instant because they failed as a whole.
    pub(crate) paused: &'d mut BTreeMap<String, Timestamp>,
    /// Channels that failed as a whole, and why.
    pub(crate) failed: &'d mut BTreeMap<String, String>,
    pub(crate) pace: &'d mut Pace,
}

/// How many messages ended in which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Taken by a channel.
    pub(crate) sent: usize,
    /// To be tried again.
    pub(crate) again: usize,
    /// Given up.
    pub(crate) dead: usize,
}

/// Delivers everything that may go out now: several messages at once on each channel, as many as it can use, and many
/// results in one commit. What is given up is added to `given_up`.
///
/// Messages are claimed, written, sent and recorded side by side; a message goes through these in turn.
pub(crate) async fn deliver(
    delivery: Delivery<'_>,
    observer: &mut dyn DeliveryObserver,
    pass: &mut Counts,
    given_up: &mut Vec<UndeliveredMessage>,
) -> Result<(), DeliveryError> {
    let Delivery { store, clock, agenda, composer, channels, paused, failed, pace } = delivery;
    let scope = agenda.school().scope();
    let organisation = scope.organisation.as_str();
    let sender = Sender::of(agenda.school());
    let ground = Ground {
        agenda: Arc::clone(agenda),
        composer: Arc::clone(composer),
        scope: scope.clone(),
        store: store.clone(),
    };
    let mut scribe = Scribe::new(Letters::read(ground).await?, sender.clone());
    let mut desk = Desk { agenda, channels, paused, failed, pace, hands: BTreeMap::new() };
    let mut claims = Claims { store, organisation, more: true, claiming: None };
    let mut book = Book::new(store, organisation);
    let mut queue = Queue::default();
    let mut sending = FuturesUnordered::new();
    let mut held: HashSet<String> = HashSet::new();
    let mut broken = None;
    loop {
        let now = clock.now();
        if broken.is_some() || book.failed.is_some() {
            // What is on its way cannot be called back: its outcome is waited for and kept, if it can be.
            queue = Queue::default();
            scribe.clear();
            desk.forget();
        } else if queue.len() < BATCH / 2 {
            claims.begin(scribe.letters(), now);
        }
        queue.begin(|message| match desk.begin(message, now) {
            Begun::Writing(job) => {
                scribe.add(*job);
                None
            }
            Begun::Over(message, finished) => {
                count(&finished, &message, pass, given_up);
                book.add(*finished);
                None
            }
            Begun::NoRoom(message, channel) => Some((message, channel)),
        });
        scribe.begin();
        while let Some(ready) = desk.next() {
            sending.push(send(ready, scribe.letters().clone(), &sender));
        }
        let nothing_comes = sending.is_empty() && scribe.is_idle();
        let patience = book.patience(nothing_comes);
        let step = tokio::select! {
            biased;
            Some(recorded) = book.write_when_due() => Step::Recorded(recorded),
            Some(sent) = sending.next() => Step::Sent(Box::new(sent)),
            Some(written) = scribe.next() => Step::Written(written),
            Some(claimed) = claims.next() => Step::Claimed(claimed),
            () = tokio::time::sleep(patience.unwrap_or_default()), if patience.is_some() => Step::Due,
            else => Step::Idle,
        };
        match step {
            Step::Claimed(Ok((mut claimed, letters))) => {
                scribe.learn(letters);
                // What took longer than its lease is still in these hands.
                claimed.retain(|message| held.insert(message.id.clone()));
                queue.waiting.extend(claimed);
            }
            Step::Claimed(Err(error)) => broken = broken.or(Some(error.into())),
            Step::Written(written) => {
                for (job, written) in written {
                    if let Some((message, finished)) = desk.written(job, written, now) {
                        count(&finished, &message, pass, given_up);
                        book.add(finished);
                    }
                }
            }
            Step::Sent(sent) => {
                let (told, message, finished) = desk.end(*sent, observer);
                count(&finished, &message, pass, given_up);
                book.add(finished);
                for (message, finished) in desk.put_back(now) {
                    count(&finished, &message, pass, given_up);
                    book.add(finished);
                }
                broken = broken.or(told.err().map(DeliveryError::Observer));
            }
            Step::Due => book.hurry(),
            Step::Recorded(recorded) => {
                claims.more |= recorded.settle(&mut book, &mut held, observer);
            }
            Step::Idle => match book.failed.take() {
                // Everything that was on its way has come back: its outcome is kept, if it can be now.
                Some(error) => {
                    tracing::error!(error = with_causes(&error), messages = book.done.len(), "trying once more");
                    store.finish(organisation, &book.done).await?;
                    return Err(broken.unwrap_or_else(|| error.into()));
                }
                None if queue.len() == 0 && (!claims.more || broken.is_some()) => return broken.map_or(Ok(()), Err),
                None => {}
            },
        }
    }
}

/// What the loop goes on with.
enum Step {
    Claimed(Result<(Vec<Claimed>, Letters), StoreError>),
    Written(Vec<(Job, Written)>),
    Sent(Box<Sent>),
    /// The first known result has waited long enough.
    Due,
    Recorded(Recorded),
    /// Nothing is on its way, and everything that is known is written down.
    Idle,
}

type Claiming<'s> = Pin<Box<dyn Future<Output = Result<(Vec<Claimed>, Letters), StoreError>> + Send + 's>>;

/// More messages to deliver, with all that is needed to compose them.
struct Claims<'s> {
    store: &'s Store,
    organisation: &'s str,
    /// Whether there may be more.
    more: bool,
    claiming: Option<Claiming<'s>>,
}

impl Claims<'_> {
    /// Begins to claim where there may be more and it has not begun.
    fn begin(&mut self, letters: &Letters, now: Timestamp) {
        if !self.more || self.claiming.is_some() {
            return;
        }
        // Whatever comes back into the queue from now on may have come too late for this claim.
        self.more = false;
        let (store, organisation, mut letters) = (self.store, self.organisation, letters.clone());
        self.claiming = Some(Box::pin(async move {
            let lease = now.saturating_add(LEASE).unwrap_or(Timestamp::MAX);
            let claimed = store.claim(organisation, now, lease, u32::try_from(BATCH).unwrap_or(u32::MAX)).await?;
            letters.refresh(&claimed, now).await?;
            Ok((claimed, letters))
        }));
    }

    /// What is being claimed; `None` where nothing is. Can be dropped and called again.
    async fn next(&mut self) -> Option<Result<(Vec<Claimed>, Letters), StoreError>> {
        let result = self.claiming.as_mut()?.await;
        self.claiming = None;
        self.more |= result.as_ref().is_ok_and(|(claimed, _)| claimed.len() == BATCH);
        Some(result)
    }
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

type Writing<'s> = Pin<Box<dyn Future<Output = Recorded> + Send + 's>>;

/// Results on their way into the store: written down while others come in.
struct Book<'s> {
    store: &'s Store,
    organisation: &'s str,
    /// Results that are known.
    done: Vec<Finished>,
    /// When the first of them came to be known.
    since: Instant,
    /// Whether no more of them are waited for.
    is_due: bool,
    /// Results that are being written down.
    writing: Option<Writing<'s>>,
    /// Why results could not be written down; they are in `done` again.
    failed: Option<StoreError>,
}

/// Results that were written down, or were to be.
struct Recorded {
    results: Vec<Finished>,
    outcome: Result<(), StoreError>,
}

impl<'s> Book<'s> {
    fn new(store: &'s Store, organisation: &'s str) -> Self {
        let done = Vec::new();
        Self { store, organisation, done, since: Instant::now(), is_due: false, writing: None, failed: None }
    }

    fn add(&mut self, finished: Finished) {
        if self.done.is_empty() {
            self.since = Instant::now();
        }
        self.done.push(finished);
        self.is_due |= self.done.len() >= MOST_RESULTS;
    }

    /// How long to wait for more results before those that are known are written down; `None` where there are none, or
    /// it is time.
    fn patience(&mut self, nothing_comes: bool) -> Option<Duration> {
        self.is_due |= nothing_comes;
        let waits = !self.is_due && !self.done.is_empty() && self.writing.is_none() && self.failed.is_none();
        waits.then(|| GATHERING.saturating_sub(self.since.elapsed()).min(GAP))
    }

    /// No more results are waited for.
    fn hurry(&mut self) {
        self.is_due = true;
    }

    /// Writes down what is known when it is time, or goes on with what is being written; `None` when there is neither,
    /// or no use in it. Can be dropped and called again.
    async fn write_when_due(&mut self) -> Option<Recorded> {
        if self.writing.is_none() {
            if !self.is_due || self.done.is_empty() || self.failed.is_some() {
                return None;
            }
            self.is_due = false;
            let (store, organisation, results) = (self.store, self.organisation, std::mem::take(&mut self.done));
            self.writing = Some(Box::pin(async move {
                let outcome = store.finish(organisation, &results).await;
                Recorded { results, outcome }
            }));
        }
        let recorded = self.writing.as_mut()?.await;
        self.writing = None;
        Some(recorded)
    }
}

impl Recorded {
    /// Notes that the results are in the store, or keeps them for another try. Returns whether messages went back into
    /// the queue for their next channel.
    fn settle(self, book: &mut Book<'_>, held: &mut HashSet<String>, observer: &mut dyn DeliveryObserver) -> bool {
        if let Err(error) = self.outcome {
            book.done.splice(0..0, self.results);
            book.failed = Some(error);
            return false;
        }
        for finished in &self.results {
            held.remove(&finished.id);
        }
        observer.recorded();
        self.results.iter().any(|finished| finished.outcome == Outcome::NextChannel)
    }
}

fn count(done: &Finished, message: &Claimed, pass: &mut Counts, given_up: &mut Vec<UndeliveredMessage>) {
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
            if message.class != MessageKind::Alert {
                given_up.push(UndeliveredMessage { recipient: message.recipient.clone(), reason });
            }
        }
    }
}

/// A message that its channel may get now.
struct Ready {
    job: Job,
    letter: Letter,
    payload: Result<Payload, Failure>,
}

/// A message that its channel has answered.
struct Sent {
    job: Job,
    letter: Letter,
    result: Result<(Payload, Receipt), Failure>,
}

/// What becomes of a claimed message at once.
enum Begun {
    /// It is to be written for its channel.
    Writing(Box<Job>),
    /// It is dealt with, without a channel.
    Over(Claimed, Box<Finished>),
    /// Its channel has as much to do as it can.
    NoRoom(Claimed, String),
}

/// What a channel has in hand.
#[derive(Default)]
struct Hands {
    /// How many messages in all: in writing, written, and being sent.
    full: usize,
    /// Written, and not sent yet.
    ready: VecDeque<Ready>,
    /// How many are being sent.
    sending: usize,
}

/// What deliveries share.
struct Desk<'d> {
    agenda: &'d Agenda,
    channels: &'d Channels,
    paused: &'d mut BTreeMap<String, Timestamp>,
    failed: &'d mut BTreeMap<String, String>,
    pace: &'d mut Pace,
    /// What each channel has in hand.
    hands: BTreeMap<String, Hands>,
}

impl Desk<'_> {
    /// Finds the channel for a message, and whether it may have it.
    fn begin(&mut self, message: Claimed, now: Timestamp) -> Begun {
        let over = |message: Claimed, outcome, attempt| {
            let finished = finished(&message, outcome, now, attempt);
            Begun::Over(message, Box::new(finished))
        };
        let settings = &self.agenda.school().settings;
        let Some(recipient) = settings.people.by_name(&message.recipient).map(|id| settings.people.get(id)) else {
            return over(message, Outcome::Withdrawn, None);
        };
        let Some(channel_name) = recipient.via.get(message.channel_index) else {
            let reason = format!("{} has no further channel", recipient.name);
            return over(message, Outcome::Dead, Some(no_channel(reason)));
        };
        if let Some(until) = self.pause(channel_name, now) {
            return over(message, Outcome::Later(until), None);
        }
        let Some(channel) = self.channels.get(channel_name) else {
            let reason = format!("there is no channel `{channel_name}`");
            return over(message, Outcome::NextChannel, Some(no_channel(reason)));
        };
        let hands = self.hands.entry(channel_name.clone()).or_default();
        if hands.full >= channel.concurrency() * AHEAD {
            return Begun::NoRoom(message, channel_name.clone());
        }
        if let Some(free) = self.pace.wait(channel_name, channel.limits(), now) {
            return over(message, Outcome::Later(free), None);
        }
        // Counted before it is sent, so that what is on its way at once keeps within the limits too.
        self.pace.count(channel_name, now);
        hands.full += 1;
        let zone = &settings.time_zone;
        Begun::Writing(Box::new(Job {
            at: now.to_zoned_datetime(zone.clone()),
            created: message.created_at.to_zoned_datetime(zone.clone()),
            channel_name: channel_name.clone(),
            channel: Arc::clone(channel),
            message,
        }))
    }

    /// Until when a channel is left alone, where it is.
    fn pause(&self, channel: &str, now: Timestamp) -> Option<Timestamp> {
        self.paused.get(channel).copied().filter(|until| *until > now)
    }

    /// Takes a message that is written; gives back one that is over without being sent, and how it ended.
    fn written(&mut self, job: Job, written: Written, now: Timestamp) -> Option<(Claimed, Finished)> {
        let (outcome, withdrawn, attempt) = match (written, self.pause(&job.channel_name, now)) {
            (Written::Letter(letter, payload), None) => {
                let hands = self.hands.entry(job.channel_name.clone()).or_default();
                hands.ready.push_back(Ready { job, letter: *letter, payload });
                return None;
            }
            (Written::Letter(..), Some(until)) => (Outcome::Later(until), Vec::new(), None),
            (Written::Nothing(withdrawn), _) => (Outcome::Withdrawn, withdrawn, None),
            (Written::Broken(error), _) => (Outcome::Dead, Vec::new(), Some(no_channel(error.to_string()))),
        };
        let Job { message, channel_name, at, .. } = job;
        self.pace.take_back(&channel_name, at.timestamp());
        if let Some(hands) = self.hands.get_mut(&channel_name) {
            hands.full = hands.full.saturating_sub(1);
        }
        let finished = Finished { withdrawn, ..finished(&message, outcome, now, attempt) };
        Some((message, finished))
    }

    /// Gives back what is written for channels that have failed meanwhile.
    fn put_back(&mut self, now: Timestamp) -> Vec<(Claimed, Finished)> {
        let mut back = Vec::new();
        for (channel, hands) in &mut self.hands {
            let Some(until) = self.paused.get(channel).copied().filter(|until| *until > now) else { continue };
            hands.full -= hands.ready.len();
            for Ready { job: Job { message, at, .. }, .. } in hands.ready.drain(..) {
                self.pace.take_back(channel, at.timestamp());
                let finished = finished(&message, Outcome::Later(until), now, None);
                back.push((message, finished));
            }
        }
        back
    }

    /// A message that is written and may be sent now.
    fn next(&mut self) -> Option<Ready> {
        self.hands.values_mut().find_map(|hands| {
            let next = hands.ready.front()?;
            if hands.sending >= next.job.channel.concurrency() {
                return None;
            }
            hands.sending += 1;
            hands.ready.pop_front()
        })
    }

    /// Forgets what is not being sent.
    fn forget(&mut self) {
        for hands in self.hands.values_mut() {
            hands.ready.clear();
            hands.full = hands.sending;
        }
    }

    /// What an answer means. A observer that fails comes back beside the outcome, which must be kept all the same.
    fn end(&mut self, sent: Sent, observer: &mut dyn DeliveryObserver) -> (std::io::Result<()>, Claimed, Finished) {
        let Sent { job: Job { message, channel_name, channel, at, created }, letter, result } = sent;
        let now = at.timestamp();
        if let Some(hands) = self.hands.get_mut(&channel_name) {
            hands.full = hands.full.saturating_sub(1);
            hands.sending = hands.sending.saturating_sub(1);
        }
        let recipient = self.agenda.school().settings.people.get(letter.recipient);
        let address = channel.address(recipient).ok().flatten();
        let mut attempt = Attempt {
            channel: channel_name.clone(),
            address: address.map(str::to_owned),
            outcome: AttemptOutcome::Sent,
            answer: String::new(),
            subject: None,
            payload: None,
        };
        let mut finished = finished(&message, Outcome::Sent, now, None);
        let mut told = Ok(());
        match result {
            Ok((payload, receipt)) => {
                tracing::info!(message_id = message.id, channel = channel_name, "sent");
                tracing::debug!(message_id = message.id, address, answer = receipt.answer, "taken");
                told = observer.delivered(&Delivered {
                    at: &at,
                    class: message.class,
                    recipient,
                    channel: &channel_name,
                    address,
                    subject: &letter.subject,
                    payload: &payload,
                    notices: &letter.notices,
                    created: &created,
                    id: &message.id,
                });
                attempt.answer = receipt.answer;
                attempt.payload = Some(payload.bytes);
                finished.withdrawn = letter.withdrawn;
            }
            Err(failure) => {
                let said = text::without_addresses(&failure.to_string());
                tracing::warn!(message_id = message.id, channel = channel_name, failure = said, "not sent");
                tracing::debug!(message_id = message.id, address, %failure, "not taken");
                attempt.outcome = failure.outcome();
                attempt.answer = failure.to_string();
                finished.outcome = after(&failure, &message, recipient, now);
                if !matches!(failure, Failure::Uncertain { .. }) {
                    self.pace.take_back(&channel_name, now);
                }
                if matches!(failure, Failure::Channel { .. }) {
                    let until = now.saturating_add(PAUSE).unwrap_or(Timestamp::MAX);
                    self.paused.insert(channel_name.clone(), until);
                    self.failed.insert(channel_name.clone(), failure.to_string());
                }
            }
        }
        observer.attempted(&channel_name, attempt.outcome.as_str());
        attempt.subject = Some(letter.subject);
        finished.attempt = Some(attempt);
        (told, message, finished)
    }
}

/// How a message ended that tells all that it was to tell.
fn finished(message: &Claimed, outcome: Outcome, at: Timestamp, attempt: Option<Attempt>) -> Finished {
    let (id, channel_index) = (message.id.clone(), message.channel_index);
    Finished { id, outcome, channel_index, withdrawn: Vec::new(), at, attempt }
}

/// An attempt that reached no channel, and why.
fn no_channel(answer: String) -> Attempt {
    let (channel, outcome) = (String::new(), AttemptOutcome::Permanent);
    Attempt { channel, address: None, outcome, answer, subject: None, payload: None }
}

/// Hands a message to its channel.
async fn send(ready: Ready, letters: Letters, sender: &Sender) -> Sent {
    let Ready { job, letter, payload } = ready;
    let result = match payload {
        Ok(payload) => {
            let outgoing = scribe::outgoing(&job, &letter, &letters, sender);
            job.channel.send(&outgoing, &payload).await.map(|receipt| (payload, receipt))
        }
        Err(failure) => Err(failure),
    };
    Sent { job, letter, result }
}

/// What becomes of a message after a failure (rules of delivery, 4).
fn after(failure: &Failure, message: &Claimed, recipient: &Recipient, now: Timestamp) -> Outcome {
    let has_next = message.channel_index + 1 < recipient.via.len();
    let gone = || if has_next { Outcome::NextChannel } else { Outcome::Dead };
    match failure {
        Failure::Temporary { .. } | Failure::Uncertain { .. } | Failure::Unknown { .. } => {
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
        Failure::Recipient { .. } | Failure::Message { .. } => gone(),
        Failure::Channel { .. } => Outcome::Later(now.saturating_add(PAUSE).unwrap_or(Timestamp::MAX)),
    }
}
