//! What others are told of deliveries.

use jiff::ZonedDateTime;

use crate::channel::Payload;
use crate::people::Recipient;
use crate::schedule::Notice;
use crate::store::outbox::MessageKind;

/// A message that a channel took.
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

/// Somebody who watches deliveries: a rehearsal, the monitor, or nobody.
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
