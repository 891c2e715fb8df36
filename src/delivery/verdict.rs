//! What becomes of a message after an attempt (rules of delivery, 2 and 4): pure.

use jiff::{SignedDuration, Timestamp};

use crate::channel::Failure;
use crate::reason::Reason;
use crate::store::outbox::{Attempt, AttemptOutcome, Claimed, Finished, Outcome, UncertainAttempts};

use super::retry;

/// How often a message is handed over in all where no answer comes.
const MAX_HANDED_OVER: u32 = 3;
/// How long after the first the last of them is.
const LAST_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// A message and what is known of it when its channel has failed to take it.
pub(super) struct FailedAttempt<'f> {
    pub(super) message: &'f Claimed,
    /// The channel's name.
    pub(super) channel: &'f str,
    /// Whether its recipient has a further channel.
    pub(super) has_next: bool,
    pub(super) now: Timestamp,
}

impl FailedAttempt<'_> {
    /// What becomes of the message after a failure that is not, or not known to be, that of the channel as a whole.
    pub(super) fn after(&self, failure: &Failure) -> Outcome {
        match failure {
            Failure::Recipient { .. } | Failure::Message { .. } => self.gone(),
            Failure::Temporary { retry_after, .. } => {
                let wanted = retry_after.and_then(|wait| SignedDuration::try_from(wait).ok());
                self.again(wanted).map_or_else(|| self.given_up(), Outcome::Again)
            }
            Failure::Unknown { .. } | Failure::Channel { .. } => {
                self.again(None).map_or_else(|| self.given_up(), Outcome::Again)
            }
            Failure::Uncertain { .. } => self.after_no_answer(),
        }
    }

    /// When it is tried again, where it is.
    fn again(&self, wanted: Option<SignedDuration>) -> Option<Timestamp> {
        let Self { message, now, .. } = self;
        retry::next_try(&message.id, message.tries, message.created_at, *now, wanted)
    }

    /// What becomes of a message that this channel will never take.
    fn gone(&self) -> Outcome {
        if self.has_next { Outcome::NextChannel } else { Outcome::Dead }
    }

    /// What becomes of a message that was tried long enough.
    fn given_up(&self) -> Outcome {
        if self.uncertain().is_some() { Outcome::Uncertain } else { self.gone() }
    }

    /// What becomes of a message to which no answer came: it may be there already, so it is repeated twice at most, and
    /// the second time late.
    fn after_no_answer(&self) -> Outcome {
        let (times, first) = self.uncertain().map_or((0, self.now), |before| (before.times, before.first));
        let again = self.again(None).filter(|_| times + 1 < MAX_HANDED_OVER);
        match again {
            Some(at) if times + 2 < MAX_HANDED_OVER => Outcome::Again(at),
            Some(at) => Outcome::Again(first.saturating_add(LAST_AFTER).map_or(at, |last| last.max(at))),
            None => Outcome::Uncertain,
        }
    }

    /// The earlier attempts on this channel to which no answer came.
    fn uncertain(&self) -> Option<&UncertainAttempts> {
        self.message.uncertain.iter().find(|attempts| attempts.channel == self.channel)
    }
}

/// How a message ends that has nothing left to tell: what may have been told is not taken back.
pub(super) fn taken_back(message: &Claimed) -> Outcome {
    if message.uncertain.is_empty() { Outcome::Withdrawn } else { Outcome::Uncertain }
}

/// How a message ended that tells all that it was to tell.
pub(super) fn finished(message: &Claimed, outcome: Outcome, at: Timestamp, attempt: Option<Attempt>) -> Finished {
    let (id, channel_index) = (message.id.clone(), message.channel_index);
    // On another channel it is another message.
    let rendered_at = message.rendered_at.filter(|_| outcome != Outcome::NextChannel);
    Finished { id, outcome, channel_index, withdrawn: Vec::new(), at, rendered_at, attempt }
}

/// An attempt that reached no channel, and why.
pub(super) fn no_channel(why: impl Into<Reason>) -> Attempt {
    let (channel, outcome) = (String::new(), AttemptOutcome::Permanent);
    Attempt { at: None, channel, address: None, outcome, answer: why.into(), subject: None, payload: None }
}

#[cfg(test)]
mod tests {
    use crate::store::outbox::MessageKind;

    use super::*;

    fn message(tries: u32) -> Claimed {
        Claimed {
            id: "3f9a".to_owned(),
            plan: String::new(),
            class: MessageKind::Reminder,
            recipient: String::new(),
            alert: None,
            created_at: Timestamp::UNIX_EPOCH,
            tries,
            channel_index: 0,
            notices: Vec::new(),
            uncertain: Vec::new(),
            rendered_at: None,
            claimed_at: Timestamp::UNIX_EPOCH,
        }
    }

    fn failed(message: &Claimed, has_next: bool, now: Timestamp) -> FailedAttempt<'_> {
        FailedAttempt { message, channel: "email", has_next, now }
    }

    #[test]
    fn each_failure_has_its_consequence() {
        let now = Timestamp::UNIX_EPOCH;
        let after = |failure: &Failure, has_next, now| failed(&message(40), has_next, now).after(failure);
        let reason = Reason::default;
        for never in [Failure::Recipient { reason: reason() }, Failure::Message { reason: reason() }] {
            assert_eq!(after(&never, true, now), Outcome::NextChannel);
            assert_eq!(after(&never, false, now), Outcome::Dead);
        }
        let temporary = Failure::Temporary { reason: reason(), retry_after: None };
        assert!(matches!(after(&temporary, true, now), Outcome::Again(at) if at > now));
        let five_days = now.saturating_add(SignedDuration::from_hours(120)).unwrap_or(now);
        assert_eq!(after(&temporary, true, five_days), Outcome::NextChannel);
        assert_eq!(after(&temporary, false, five_days), Outcome::Dead);
    }

    #[test]
    fn without_an_answer_a_message_is_handed_over_three_times_and_is_then_over_as_uncertain() {
        let hours = |hours| Timestamp::UNIX_EPOCH.saturating_add(SignedDuration::from_hours(hours)).unwrap_or_default();
        let lost = Failure::Uncertain { reason: Reason::default() };
        let after = |times, now| {
            let (channel, first) = ("email".to_owned(), Timestamp::UNIX_EPOCH);
            let uncertain =
                (times > 0).then_some(UncertainAttempts { channel, times, first, last: first, payload: None });
            let message = Claimed { uncertain: uncertain.into_iter().collect(), ..message(times) };
            let temporary = Failure::Temporary { reason: Reason::default(), retry_after: None };
            (failed(&message, true, now).after(&lost), failed(&message, true, now).after(&temporary))
        };
        assert!(matches!(after(0, hours(0)).0, Outcome::Again(at) if at < hours(1)));
        assert_eq!(after(1, hours(2)).0, Outcome::Again(hours(24)));
        assert!(matches!(after(1, hours(24)).0, Outcome::Again(at) if at > hours(24)));
        assert_eq!(after(2, hours(24)).0, Outcome::Uncertain);
        // What may have arrived is never said to be lost, and goes over no second channel.
        assert_eq!(after(1, hours(120)), (Outcome::Uncertain, Outcome::Uncertain));
    }
}
