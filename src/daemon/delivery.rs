//! From a claimed message to what the store remembers of it: composed as it is true now, handed to the channel,
//! and recorded together with the others of its batch.

use jiff::{SignedDuration, Timestamp, ZonedDateTime};

use crate::channel::{Failure, Outgoing, Payload};
use crate::config::people::Recipient;
use crate::message::UndeliveredMessage;
use crate::schedule::Notice;
use crate::store::outbox::{Attempt, Claimed, Class, Finished, Outcome};

use super::letter::Letters;
use super::{Daemon, DaemonError, Pass, retry};

/// How many messages are claimed, delivered and recorded together.
const BATCH: u32 = 64;
/// How long a claim holds: longer than the longest answer that a channel waits for.
const LEASE: SignedDuration = SignedDuration::from_mins(20);
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

/// Delivers everything that may go out now, batch by batch. What is given up is added to `given_up`.
pub(super) async fn deliver(
    daemon: &mut Daemon,
    witness: &mut dyn Witness,
    pass: &mut Pass,
    given_up: &mut Vec<UndeliveredMessage>,
) -> Result<(), DaemonError> {
    loop {
        let now = daemon.clock.now();
        let lease = now.saturating_add(LEASE).unwrap_or(Timestamp::MAX);
        let organisation = daemon.scope.organisation.clone();
        let claimed = daemon.store.claim(&organisation, now, lease, BATCH).await?;
        if claimed.is_empty() {
            return Ok(());
        }
        let letters = Letters::prepare(daemon, &claimed, now).await?;
        let mut finished = Vec::with_capacity(claimed.len());
        let mut stopped = None;
        for message in &claimed {
            let done = attempt(daemon, &letters, message, now, witness).await;
            let (done, broken) = match done {
                Ok(done) => (done, None),
                Err((done, error)) => (done, Some(error)),
            };
            count(&done, message, pass, given_up);
            finished.push(done);
            stopped = broken.or(stopped);
        }
        daemon.store.finish(&organisation, &finished).await?;
        if let Some(error) = stopped {
            return Err(DaemonError::Witness(error));
        }
    }
}

fn count(done: &Finished, message: &Claimed, pass: &mut Pass, given_up: &mut Vec<UndeliveredMessage>) {
    match done.outcome {
        Outcome::Sent => pass.sent += 1,
        Outcome::Again(_) | Outcome::Later(_) | Outcome::NextChannel => pass.again += 1,
        Outcome::Withdrawn => {}
        Outcome::Dead => {
            pass.dead += 1;
            let reason = done.attempt.as_ref().map(|attempt| attempt.answer.clone()).unwrap_or_default();
            tracing::error!(message = message.id, %reason, "a message could not be delivered");
            // An alert that cannot be delivered makes no further alert.
            if message.class != Class::Alert {
                given_up.push(UndeliveredMessage { recipient: message.recipient.clone(), reason });
            }
        }
    }
}

/// One attempt on one message. A witness that fails comes back beside the outcome, which must be kept all the same.
async fn attempt(
    daemon: &mut Daemon,
    letters: &Letters,
    message: &Claimed,
    now: Timestamp,
    witness: &mut dyn Witness,
) -> Result<Finished, (Finished, std::io::Error)> {
    let finished =
        |outcome, withdrawn, attempt| Finished { id: message.id.clone(), outcome, withdrawn, at: now, attempt };
    let no_channel = |reason: String| Attempt {
        channel: String::new(),
        address: None,
        outcome: "permanent",
        answer: reason,
        subject: None,
        payload: None,
    };
    let letter = match letters.compose(daemon, message, now) {
        Ok(Some(letter)) => letter,
        Ok(None) => return Ok(finished(Outcome::Withdrawn, Vec::new(), None)),
        Err(error) => return Ok(finished(Outcome::Dead, Vec::new(), Some(no_channel(error.to_string())))),
    };
    let people = &daemon.agenda.school().settings.people;
    let recipient = people.get(letter.recipient);
    let Some(channel_name) = recipient.via.get(message.channel_index) else {
        let reason = format!("{} has no further channel", recipient.name);
        return Ok(finished(Outcome::Dead, Vec::new(), Some(no_channel(reason))));
    };
    if let Some(until) = daemon.paused.get(channel_name).filter(|until| **until > now) {
        return Ok(finished(Outcome::Later(*until), Vec::new(), None));
    }
    let Some(channel) = daemon.channels.get(channel_name) else {
        let reason = format!("there is no channel `{channel_name}`");
        return Ok(finished(Outcome::NextChannel, Vec::new(), Some(no_channel(reason))));
    };
    if let Some(free) = daemon.pace.wait(channel_name, channel.limits(), now) {
        return Ok(finished(Outcome::Later(free), Vec::new(), None));
    }

    let zone = &daemon.agenda.school().settings.time_zone;
    let at = now.to_zoned_datetime(zone.clone());
    let created = message.created_at.to_zoned_datetime(zone.clone());
    let sender = letters.sender();
    let outgoing =
        Outgoing { id: &message.id, recipient, sender, content: &letter.content, created: &created, at: &at };
    let mut record = Attempt {
        channel: channel_name.clone(),
        address: None,
        outcome: "sent",
        answer: String::new(),
        subject: Some(letter.content.subject.clone()),
        payload: None,
    };
    let result = async {
        let address = channel.address(recipient)?;
        let payload = channel.render(&outgoing)?;
        let receipt = channel.send(&outgoing, &payload).await?;
        Ok::<_, Failure>((address, payload, receipt))
    }
    .await;
    match result {
        Ok((address, payload, receipt)) => {
            tracing::info!(message = message.id, channel = channel_name, "sent");
            daemon.pace.count(channel_name, now);
            let told = witness.delivered(&Delivered {
                at: &at,
                class: message.class,
                recipient,
                channel: channel_name,
                address,
                subject: &letter.content.subject,
                payload: &payload,
                notices: &letter.notices,
                created: &created,
                id: &message.id,
            });
            record.address = address.map(str::to_owned);
            record.answer = receipt.answer;
            record.payload = Some(payload.bytes);
            let done = finished(Outcome::Sent, letter.withdrawn, Some(record));
            told.map_err(|error| (done.clone(), error)).map(|()| done)
        }
        Err(failure) => {
            record.outcome = failure.as_str();
            record.answer = failure.to_string();
            let outcome = after(&failure, message, recipient, now);
            tracing::warn!(message = message.id, channel = channel_name, %failure, "not sent");
            if matches!(failure, Failure::Channel { .. }) {
                let until = now.saturating_add(PAUSE).unwrap_or(Timestamp::MAX);
                daemon.paused.insert(channel_name.clone(), until);
                daemon.failed.insert(channel_name.clone(), failure.to_string());
            }
            Ok(finished(outcome, Vec::new(), Some(record)))
        }
    }
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
