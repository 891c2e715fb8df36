//! What came of deliveries, for whoever asked for them and for the admin.

use std::collections::BTreeMap;

use crate::compose::UndeliveredMessage;
use crate::reason::Reason;
use crate::store::outbox::{Claimed, Finished, MessageKind, Outcome};
use crate::text;

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
pub(crate) struct DeliveryReport {
    /// How many messages ended in which way.
    pub(crate) counts: Counts,
    /// Messages that were given up.
    pub(crate) given_up: Vec<UndeliveredMessage>,
    /// Channels that failed as a whole, and why.
    pub(crate) failed: BTreeMap<String, Reason>,
}

impl DeliveryReport {
    /// Notes how a message ended.
    pub(super) fn add(&mut self, message: &Claimed, finished: &Finished) {
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
                    reason = text::without_addresses(&reason.to_string()),
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
