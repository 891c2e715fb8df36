//! What becomes of a message after an attempt (rules of delivery, 2 and 4): pure.

use jiff::{SignedDuration, Timestamp};

use crate::channel::Failure;
use crate::store::outbox::{Attempt, AttemptOutcome, Claimed, Finished, Outcome};

use super::retry;

/// What becomes of a message after a failure; `has_next` says whether its recipient has a further channel, and
/// `paused_until` until when a channel that failed as a whole is left alone.
pub(super) fn after(
    failure: &Failure,
    message: &Claimed,
    has_next: bool,
    now: Timestamp,
    paused_until: Timestamp,
) -> Outcome {
    let gone = if has_next { Outcome::NextChannel } else { Outcome::Dead };
    let wanted = match failure {
        Failure::Recipient { .. } | Failure::Message { .. } => return gone,
        Failure::Channel { .. } => return Outcome::Later(paused_until),
        Failure::Temporary { retry_after, .. } => retry_after.and_then(|wait| SignedDuration::try_from(wait).ok()),
        Failure::Uncertain { .. } | Failure::Unknown { .. } => None,
    };
    match retry::next_try(&message.id, message.tries, message.created_at, now, wanted) {
        Some(at) => Outcome::Again(at),
        None => gone,
    }
}

/// How a message ended that tells all that it was to tell.
pub(super) fn finished(message: &Claimed, outcome: Outcome, at: Timestamp, attempt: Option<Attempt>) -> Finished {
    let (id, channel_index) = (message.id.clone(), message.channel_index);
    Finished { id, outcome, channel_index, withdrawn: Vec::new(), at, attempt }
}

/// An attempt that reached no channel, and why.
pub(super) fn no_channel(answer: String) -> Attempt {
    let (channel, outcome) = (String::new(), AttemptOutcome::Permanent);
    Attempt { channel, address: None, outcome, answer, subject: None, payload: None }
}

#[cfg(test)]
mod tests {
    use crate::channel::Pause;
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
        }
    }

    #[test]
    fn each_failure_has_its_consequence() {
        let now = Timestamp::UNIX_EPOCH;
        let pause = now.saturating_add(SignedDuration::from_mins(10)).unwrap_or(now);
        let reason = String::new;
        let permanent = Failure::Recipient { reason: reason() };
        assert_eq!(after(&permanent, &message(0), true, now, now), Outcome::NextChannel);
        assert_eq!(after(&permanent, &message(0), false, now, now), Outcome::Dead);
        let channel = Failure::Channel { reason: reason(), advice: None, pause: Pause::Growing };
        assert_eq!(after(&channel, &message(0), true, now, pause), Outcome::Later(pause));
        let temporary = Failure::Temporary { reason: reason(), retry_after: None };
        assert!(matches!(after(&temporary, &message(3), true, now, now), Outcome::Again(at) if at > now));
        let five_days = now.saturating_add(SignedDuration::from_hours(120)).unwrap_or(now);
        assert_eq!(after(&temporary, &message(40), true, five_days, now), Outcome::NextChannel);
        assert_eq!(after(&temporary, &message(40), false, five_days, now), Outcome::Dead);
    }
}
