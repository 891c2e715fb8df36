//! A conversation after its opening: one message after the other.
//!
//! Where the server takes several commands at once (RFC 2920), a message takes two round trips: MAIL, RCPT and DATA go
//! out together, then the message. Where it is quick as well, the commands of the next message go out with the end of
//! this one, so that a message takes one.

use std::time::Duration;

use tokio::time::{Instant, timeout};

use crate::net::Stream;

use super::envelope::{DATA, Envelope};
use super::offers::{Extension, Offers};
use super::reply::Reply;
use super::slot::Slot;
use super::step::{Fault, Step, Stop};
use super::wire::SmtpWire;

/// A server that takes longer to accept a message gets the next one when it has: sooner gains little, and that message
/// could go to another connection meanwhile.
const QUICK: Duration = Duration::from_secs(1);
/// So much of a message is written within the limit of a step (RFC 5321, 4.5.3.2.5), in bytes.
const PIECE: usize = 256 << 10;

/// A conversation.
pub(super) struct SmtpSession {
    wire: SmtpWire<Box<dyn Stream>>,
    offers: Offers,
    /// How long the server took to accept the last message.
    acceptance: Option<Duration>,
    /// Answers to an envelope that have not been read yet.
    expected: &'static [Step],
    /// The place that it holds among the channel's connections.
    slot: Slot,
}

impl SmtpSession {
    pub(super) fn new(wire: SmtpWire<Box<dyn Stream>>, offers: Offers, slot: Slot) -> Self {
        Self { wire, offers, acceptance: None, expected: &[], slot }
    }

    /// What the server offers.
    pub(super) fn offers(&self) -> &Offers {
        &self.offers
    }

    /// Says whom a message is from and for, unless that is said already, up to where the server waits for it.
    pub(super) async fn begin(&mut self, envelope: &Envelope) -> Result<(), Stop> {
        if !self.offers.has(Extension::Pipelining) {
            self.wire.ask(Step::Mail, envelope.mail(&self.offers).as_bytes()).await?;
            self.wire.ask(Step::Rcpt, envelope.rcpt().as_bytes()).await?;
            self.wire.ask(Step::Data, DATA.as_bytes()).await?;
            return Ok(());
        }
        if self.expected.is_empty() {
            self.wire.say(Step::Mail, envelope.commands(&self.offers).as_bytes()).await?;
            self.expected = &[Step::Mail, Step::Rcpt, Step::Data];
        }
        while let [step, rest @ ..] = self.expected {
            self.expected = rest;
            self.wire.hear(*step).await?;
        }
        Ok(())
    }

    /// Whether the next envelope may go out with the end of this message.
    pub(super) fn takes_next(&self) -> bool {
        self.offers.has(Extension::Pipelining) && self.acceptance.is_some_and(|took| took <= QUICK)
    }

    /// Hands over a message as it stands on the line, and with its end the envelope that follows it, where there is one.
    pub(super) async fn transfer(&mut self, mut message: Vec<u8>, next: Option<&Envelope>) -> Result<Reply, Stop> {
        if let Some(next) = next {
            message.extend_from_slice(next.commands(&self.offers).as_bytes());
        }
        self.wire.listen(Step::Data).map_err(|fault| Stop { step: Step::Data, fault })?;
        let mut pieces = message.chunks(PIECE).peekable();
        while let Some(piece) = pieces.next() {
            let written = self.wire.write(Step::End, piece).await;
            written.map_err(|stop| if pieces.peek().is_some() { before_the_end(stop) } else { stop })?;
        }
        let start = Instant::now();
        let reply = self.wire.hear(Step::End).await;
        self.acceptance = Some(start.elapsed());
        if next.is_some() {
            self.expected = &[Step::Mail, Step::Rcpt, Step::Data];
        }
        reply
    }

    /// Ends the conversation after it stopped, in peace where both sides know where they are, for another in its place.
    pub(super) async fn leave(mut self, stop: &Stop) -> Slot {
        // Nothing depends on it, so it is not waited for for long.
        let in_peace = stop.is_in_step() && timeout(Step::Quit.limit(), self.hear_the_rest()).await == Ok(true);
        let Self { wire, slot, .. } = self;
        if in_peace {
            wire.quit().await;
        }
        slot
    }

    /// Reads what is left of the answers to an envelope; whether the server then waits for a command. One that waits for
    /// a message all the same would take whatever is said for a part of it.
    async fn hear_the_rest(&mut self) -> bool {
        for step in std::mem::take(&mut self.expected) {
            match self.wire.hear(*step).await {
                Ok(_) if *step == Step::Data => return false,
                Err(stop) if !stop.is_in_step() => return false,
                Ok(_) | Err(_) => {}
            }
        }
        true
    }

    /// Ends the conversation in peace.
    pub(super) async fn quit(self) {
        let Self { wire, slot, .. } = self;
        wire.quit().await;
        drop(slot);
    }

    /// Ends the conversation at once, for another in its place.
    pub(super) fn into_slot(self) -> Slot {
        self.slot
    }
}

/// What breaks before the end of a message was said leaves no doubt: nobody has it whole.
fn before_the_end(stop: Stop) -> Stop {
    match stop.fault {
        Fault::Refused(_) => stop,
        fault => Stop { step: Step::Data, fault },
    }
}
