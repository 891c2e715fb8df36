//! The channel `smtp`: mail through a server (RFC 5321), over TLS (RFC 8314), STARTTLS (RFC 3207), or in the clear to
//! this machine alone.
//!
//! - `settings`: the table of the configuration.
//! - `pool`, `door`: the connections that messages share, and how they are opened side by side.
//! - `connection`, `hello`, `login`: how a conversation opens.
//! - `session`, `envelope`: how a message is handed over.
//! - `wire`, `reply`, `offers`: what goes over a connection, and how it is read.
//! - `step`, `refusal`, `rules`: what each answer means.

mod connection;
mod door;
mod envelope;
mod hello;
mod login;
mod offers;
mod pool;
mod refusal;
mod reply;
mod rules;
mod session;
mod settings;
mod slot;
mod step;
mod wire;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use lettre::Address;

use crate::compose::{Content, ContentParts, Sender};
use crate::people::Recipient;
use crate::reason::LocalReason;
use crate::toml_file::TomlTable;

use super::{Channel, ChannelContext, Failure, Limits, Outgoing, Payload, Receipt, TriedOut, mime};
use connection::Opening;
use door::{Door, Seen};
use envelope::{Envelope, on_the_line};
use offers::Extension;
use pool::{Given, Pool, WaitingMessage};
use session::SmtpSession;
use settings::SmtpSettings;
use slot::Slot;
use step::{Step, Stop};

/// How many messages a channel has in hand for each connection, so that an envelope is there to go out with the end of
/// every message: one that is on its way, one whose envelope is, and one that waits while the answers to both come in.
const PER_CONNECTION: usize = 3;

/// Sends mail.
#[derive(Debug)]
struct SmtpChannel {
    settings: SmtpSettings,
    pool: Arc<Pool>,
    door: Door,
    /// Whether commands are said one by one although the server offers to take several at once: it has fallen silent behind the
    /// first of them, as some do whose firewall lets no other through.
    one_by_one: AtomicBool,
}

/// Reads the channel's table.
pub(super) fn open(table: &TomlTable<'_>, place: ChannelContext<'_>) -> Option<Box<dyn Channel>> {
    let settings = SmtpSettings::read(table, place)?;
    let pool = Pool::new(settings.connections);
    Some(Box::new(SmtpChannel { settings, pool, door: Door::default(), one_by_one: AtomicBool::default() }))
}

#[async_trait]
impl Channel for SmtpChannel {
    fn address<'a>(&self, recipient: &'a Recipient) -> Result<Option<&'a str>, Failure> {
        match &recipient.email {
            Some(address) => Ok(Some(address)),
            None => Err(Failure::of_recipient(LocalReason::NoAddress)),
        }
    }

    fn parts(&self) -> ContentParts {
        ContentParts::Mail
    }

    fn limits(&self) -> Limits {
        self.settings.limits
    }

    fn concurrency(&self) -> usize {
        self.pool.most() * PER_CONNECTION
    }

    fn render(&self, message: &Outgoing<'_>, content: &Content) -> Result<Payload, Failure> {
        let from = &self.settings.from;
        let name = from.name.as_ref().unwrap_or(&message.sender.name).clone();
        let sender = Sender { name, address: from.address.to_string() };
        let message = Outgoing { sender: &sender, ..message.clone() };
        mime::payload(&message, content, None, self.settings.reply_to.as_deref()).map_err(Failure::from)
    }

    async fn send(&self, message: &Outgoing<'_>, payload: &Payload) -> Result<Receipt, Failure> {
        let to = self.address(message.recipient)?.unwrap_or_default();
        let no_address = |_| Failure::of_recipient(LocalReason::BadAddress { address: to.to_owned() });
        let to: Address = to.parse().map_err(no_address)?;
        let envelope = Envelope::new(&self.settings.from.address, &to, &payload.bytes);
        let session = self.begin(&envelope).await?;
        self.hand_over(session, &payload.bytes).await
    }

    async fn try_out(&self) -> Result<Option<TriedOut>, Failure> {
        let (wire, _) = self.settings.opening.open().await?;
        wire.quit().await;
        let Opening { server, login, .. } = &self.settings.opening;
        Ok(Some(TriedOut::MailServer { host: server.host.clone(), took_login: login.is_some() }))
    }

    async fn close(&self) {
        self.pool.close().await;
    }
}

impl SmtpChannel {
    /// A conversation in which the server waits for the message with this envelope.
    async fn begin(&self, envelope: &Envelope) -> Result<SmtpSession, Failure> {
        let seen = self.door.look();
        let (session, is_new) = match self.pool.take(envelope).await {
            Given::Session(session) => (*session, false),
            Given::Slot(slot) => (self.connect(slot, seen).await?, true),
        };
        let mut session = self.suited(session, envelope)?;
        let stop = match session.begin(envelope).await {
            Ok(()) => return Ok(session),
            Err(stop) => stop,
        };
        if is_new || stop.step != Step::Mail || !(stop.is_closed() || stop.is_in_step()) {
            return Err(self.left(session, &stop).await);
        }
        // A server closes what is idle for long, and some take so many messages of a conversation and no more: then the first
        // word of the next shows it, and nothing was handed over yet. What a new conversation is told counts.
        let slot = session.leave(&stop).await;
        let session = self.connect(slot, self.door.look()).await?;
        let mut session = self.suited(session, envelope)?;
        match session.begin(envelope).await {
            Ok(()) => Ok(session),
            Err(stop) => Err(self.left(session, &stop).await),
        }
    }

    /// A new conversation for a message that set out when `seen` was known.
    async fn connect(&self, slot: Slot, seen: Seen) -> Result<SmtpSession, Failure> {
        let (wire, offers) = self.door.pass(seen, self.settings.opening.open()).await?;
        let one_by_one = self.one_by_one.load(Ordering::Relaxed);
        let offers = if one_by_one { offers.without(Extension::Pipelining) } else { offers };
        Ok(SmtpSession::new(wire, offers, slot))
    }

    /// The conversation, where its server can carry what has this envelope; else it is left to others.
    fn suited(&self, session: SmtpSession, envelope: &Envelope) -> Result<SmtpSession, Failure> {
        match envelope.check(session.offers()) {
            Ok(()) => Ok(session),
            Err(failure) => {
                self.pool.put(session);
                Err(failure)
            }
        }
    }

    /// Ends a conversation that stopped; what that means.
    async fn left(&self, session: SmtpSession, stop: &Stop) -> Failure {
        if stop.is_silence_behind_mail() && session.offers().has(Extension::Pipelining) {
            self.one_by_one.store(true, Ordering::Relaxed);
        }
        drop(session.leave(stop).await);
        self.settings.opening.context().failure(stop)
    }

    /// Hands over a message that the server waits for, and the conversation to whoever goes on with it.
    async fn hand_over(&self, mut session: SmtpSession, message: &[u8]) -> Result<Receipt, Failure> {
        let next = if session.takes_next() { self.pool.next(session.offers()) } else { None };
        let ended = session.transfer(on_the_line(message), next.as_ref().map(WaitingMessage::envelope)).await;
        let goes_on = ended.as_ref().map_or_else(Stop::is_in_step, |_| true);
        match (next, goes_on) {
            (Some(next), true) => next.give(Given::Session(Box::new(session))),
            (Some(next), false) => next.give(Given::Slot(session.into_slot())),
            (None, true) => self.pool.put(session),
            (None, false) => drop(session),
        }
        match ended {
            Ok(reply) => Ok(Receipt { answer: reply.to_string().into() }),
            Err(stop) => Err(self.settings.opening.context().failure(&stop)),
        }
    }
}
