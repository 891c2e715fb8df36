//! Channels: the ways to send. A channel renders a message for its service, hands it over, and tells how that ended.
//!
//! To add one: a file in this folder with its settings and its [`Channel`], and a line in `KINDS`.

mod bot;
mod chat;
mod chat_text;
mod conversation;
mod endpoint;
mod file;
pub(crate) mod mail_domain;
mod matrix;
pub mod mime;
pub(crate) mod mistake;
mod smtp;
mod transfer_encoding;
mod webhook;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::ZonedDateTime;

use crate::compose::{Content, ContentParts, Sender};
use crate::net::oauth::TokenError;
use crate::people::Recipient;
use crate::reason::{Advice, Reason};
use crate::store::outbox::AttemptOutcome;
use crate::text;
use crate::toml_file::TomlTable;
use crate::toml_file::values;

use mistake::ChannelMistake;

/// A message to one recipient, apart from its content.
#[derive(Clone, Debug)]
pub struct Outgoing<'a> {
    /// Its id, unique among all messages and the same for life: hexadecimal digits.
    pub id: &'a str,
    /// The recipient.
    pub recipient: &'a Recipient,
    /// The sender.
    pub sender: &'a Sender,
    /// The moment at which it was put into the outbox, in the school's time zone.
    pub created: &'a ZonedDateTime,
    /// The present moment, in the school's time zone.
    pub at: &'a ZonedDateTime,
}

/// A message as its channel sends it: exactly the bytes that are handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payload {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// The ending of a file with these bytes, without the dot: `eml`, `json`.
    pub extension: &'static str,
    /// The id by which the recipient's side knows the message: a Message-ID with its angle brackets, or a webhook id.
    pub message_id: String,
}

impl Payload {
    /// JSON that is posted to a service which gives messages no id of ours.
    fn json(form: &serde_json::Value, message: &Outgoing<'_>) -> Self {
        Self { bytes: form.to_string().into_bytes(), extension: "json", message_id: message.id.to_owned() }
    }
}

/// The answer of the other side when it took a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Its words, without secrets; or what was done, where nobody says anything.
    pub answer: Reason,
}

/// Why a message was not taken, and so whether and when to try again (rules of delivery, 4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Not now.
    Temporary {
        /// What happened or was said.
        reason: Reason,
        /// When the other side wants to be asked again.
        retry_after: Option<Duration>,
    },
    /// Never to this recipient over this channel.
    Recipient {
        /// What happened or was said.
        reason: Reason,
    },
    /// Never this message over this channel, whoever gets it: another channel may carry it.
    Message {
        /// What happened or was said.
        reason: Reason,
    },
    /// The message was handed over whole and no answer came: it may or may not have arrived (rules of delivery, 2).
    Uncertain {
        /// What happened.
        reason: Reason,
    },
    /// The channel as a whole does not work: messages wait.
    Channel {
        /// What happened or was said.
        reason: Reason,
        /// What the admin can do about it, where that is known.
        advice: Option<Advice>,
        /// How long to leave it alone.
        pause: Pause,
    },
    /// A permanent refusal that may be the recipient's, the message's or the channel's: the message is put aside until
    /// what becomes of others tells which.
    Unknown {
        /// What happened or was said.
        reason: Reason,
    },
}

/// How long a channel that failed as a whole is left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pause {
    /// Some minutes, and longer each time that it fails again.
    Growing,
    /// Until tomorrow: what it may send in a day is used up.
    Tomorrow,
}

impl std::error::Error for Failure {}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.told().fmt(f)
    }
}

impl From<TokenError> for Failure {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Temporary(reason) => Self::temporary(reason),
            TokenError::Refused { reason, advice } => Self::Channel { reason, advice, pause: Pause::Growing },
        }
    }
}

impl Failure {
    /// A failure of the channel as a whole, and what the admin can do about it.
    fn of_channel(reason: impl Into<Reason>, advice: Advice) -> Self {
        Self::Channel { reason: reason.into(), advice: Some(advice), pause: Pause::Growing }
    }

    /// A failure of the channel as a whole that no key of the configuration mends.
    fn of_channel_alone(reason: impl Into<Reason>) -> Self {
        Self::Channel { reason: reason.into(), advice: None, pause: Pause::Growing }
    }

    /// Not now; the other side has named no time.
    fn temporary(reason: impl Into<Reason>) -> Self {
        Self::Temporary { reason: reason.into(), retry_after: None }
    }

    /// Never to this recipient.
    fn of_recipient(reason: impl Into<Reason>) -> Self {
        Self::Recipient { reason: reason.into() }
    }

    /// Never this message.
    fn of_message(reason: impl Into<Reason>) -> Self {
        Self::Message { reason: reason.into() }
    }

    /// Why, and what the admin can do where the channel fails as a whole.
    #[must_use]
    pub fn told(&self) -> Reason {
        match self {
            Self::Channel { reason, advice, .. } => reason.clone().with(*advice),
            Self::Temporary { reason, .. }
            | Self::Recipient { reason }
            | Self::Message { reason }
            | Self::Uncertain { reason }
            | Self::Unknown { reason } => reason.clone(),
        }
    }

    /// The word of the store and the log.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        self.outcome().as_str()
    }

    /// What it means for the message, as the store keeps it.
    #[must_use]
    pub fn outcome(&self) -> AttemptOutcome {
        match self {
            Self::Temporary { .. } => AttemptOutcome::Temporary,
            Self::Recipient { .. } => AttemptOutcome::Permanent,
            Self::Message { .. } => AttemptOutcome::Message,
            Self::Uncertain { .. } => AttemptOutcome::Uncertain,
            Self::Channel { .. } => AttemptOutcome::Channel,
            Self::Unknown { .. } => AttemptOutcome::Unknown,
        }
    }
}

/// The limits of a channel; what exceeds them waits (rules of delivery, 5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Messages in any minute.
    pub per_minute: Option<u32>,
    /// Messages in any day.
    pub per_day: Option<u32>,
}

impl Limits {
    /// Reads `per_minute` and `per_day` of a channel's table.
    fn read(table: &TomlTable<'_>) -> Self {
        Self {
            per_minute: table.get("per_minute").and_then(|value| values::count(&value, 1..=100_000)),
            per_day: table.get("per_day").and_then(|value| values::count(&value, 1..=10_000_000)),
        }
    }

    /// The same for a service that is sent so many messages a minute where nothing else is said.
    fn read_or(table: &TomlTable<'_>, per_minute: u32) -> Self {
        let limits = Self::read(table);
        Self { per_minute: limits.per_minute.or(Some(per_minute)), ..limits }
    }
}

/// What is known of the way to a service after it was tried without sending anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TriedOut {
    /// Messages can be written into this folder.
    Folder(PathBuf),
    /// The mail server of this name answers.
    MailServer {
        /// Its name.
        host: String,
        /// Whether it has taken a login as well.
        took_login: bool,
    },
    /// The host of this name answers with this status; only a message shows whether it takes one.
    Host {
        /// Its name.
        host: String,
        /// The status of HTTP.
        status: u16,
    },
    /// The service knows the bot.
    Bot,
    /// The server knows the account.
    Account,
}

/// A channel of a configuration.
#[async_trait]
pub trait Channel: fmt::Debug + Send + Sync {
    /// The address at which the channel reaches a recipient; `None` where it needs none.
    ///
    /// # Errors
    /// [`Failure::Recipient`] where it needs one and the recipient has none.
    fn address<'a>(&self, recipient: &'a Recipient) -> Result<Option<&'a str>, Failure>;

    /// The parts of a message that it carries.
    fn parts(&self) -> ContentParts;

    /// Its limits; none by default.
    fn limits(&self) -> Limits {
        Limits::default()
    }

    /// The most messages that it sends at the same time, at least 1.
    fn concurrency(&self) -> usize {
        1
    }

    /// The message as the service takes it. Does nothing else: the same message always gives the same bytes.
    ///
    /// # Errors
    /// If the message cannot be put into that form.
    fn render(&self, message: &Outgoing<'_>, content: &Content) -> Result<Payload, Failure>;

    /// Hands a rendered message over.
    ///
    /// # Errors
    /// [`Failure`] says whether it is worth trying again.
    async fn send(&self, message: &Outgoing<'_>, payload: &Payload) -> Result<Receipt, Failure>;

    /// Tries the way to the service without sending anything; what is known of it then. `None` where nothing can be tried so.
    ///
    /// # Errors
    /// [`Failure`] says why nothing could be sent now.
    async fn try_out(&self) -> Result<Option<TriedOut>, Failure> {
        Ok(None)
    }

    /// For services that tell the ids of conversations in no other way: what finds them. `None` for all others.
    fn chat_finder(&self) -> Option<&dyn ChatFinder> {
        None
    }

    /// Takes away what an earlier process was killed over, before the first message of this one.
    fn clean_up(&self) {}

    /// Ends conversations that wait for another message, when there is none for now. Takes a few seconds at most.
    async fn close(&self) {}
}

/// Finds conversations in which somebody writes to a channel.
#[async_trait]
pub trait ChatFinder: Send + Sync {
    /// The conversations in which somebody has lately written. Waits half a minute for somebody to write.
    ///
    /// # Errors
    /// [`Failure`] when the service cannot be asked.
    async fn find_chats(&self) -> Result<Vec<Chat>, Failure>;
}

/// A conversation in which somebody has written to the channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chat {
    /// The service's id of it, the value for `chat` of a person or group.
    pub id: String,
    /// The name of its owner.
    pub name: String,
    /// The text that was written.
    pub text: String,
}

/// The channels of a configuration by name.
pub type Channels = BTreeMap<String, Arc<dyn Channel>>;

/// The surroundings of a channel's table.
#[derive(Clone, Copy, Debug)]
struct ChannelContext<'a> {
    /// The name of the channel.
    name: &'a str,
    /// The folder that relative paths start from.
    base: &'a Path,
    /// Who gets answers.
    answers: AnswerAddresses<'a>,
}

/// Who gets what people answer to mail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AnswerAddresses<'a> {
    /// The address of the mailbox for answers, where there is one.
    pub inbox: Option<&'a str>,
    /// Where that is not read, the admin's, who hears of all that nobody reads otherwise.
    pub admin: Option<&'a str>,
}

impl ChannelContext<'_> {
    /// The address for answers to the channel's mail: its `reply_to`, else the mailbox for answers, else the admin's.
    fn reply_to(&self, table: &TomlTable<'_>) -> Option<String> {
        let AnswerAddresses { inbox, admin } = self.answers;
        let Some(value) = table.get("reply_to") else { return inbox.or(admin).map(str::to_owned) };
        let address = values::address(&value)?;
        if let Some(inbox) = inbox.filter(|inbox| !inbox.eq_ignore_ascii_case(&address)) {
            let (address, inbox) = (address.clone(), inbox.to_owned());
            value.warning(ChannelMistake::AnswersElsewhere { address, inbox });
        }
        Some(address)
    }
}

/// Makes a channel from its table; mistakes are noted.
type OpenChannel = fn(&TomlTable<'_>, ChannelContext<'_>) -> Option<Box<dyn Channel>>;

/// Every kind of channel, by the word of `kind`.
const KINDS: &[(&str, OpenChannel)] = &[
    ("file", file::open),
    ("smtp", smtp::open),
    ("webhook", webhook::open),
    ("slack", chat::slack),
    ("rocketchat", chat::rocketchat),
    ("teams", chat::teams),
    ("google-chat", chat::google),
    ("discord", chat::discord),
    ("telegram", bot::telegram),
    ("zalo", bot::zalo),
    ("matrix", matrix::open),
];

/// Makes the channels that the tables describe; mistakes are noted. `answers` says who gets answers to mail.
/// Nothing is connected yet.
#[must_use]
pub fn open_all(tables: Vec<(String, TomlTable<'_>)>, base: &Path, answers: AnswerAddresses<'_>) -> Channels {
    let opened = |(name, table): (String, TomlTable<'_>)| {
        let channel = open(table, ChannelContext { name: &name, base, answers })?;
        Some((name, Arc::from(channel)))
    };
    tables.into_iter().filter_map(opened).collect()
}

fn open(table: TomlTable<'_>, place: ChannelContext<'_>) -> Option<Box<dyn Channel>> {
    let kind = table.require("kind")?;
    let word = kind.text()?;
    let Some((_, open)) = KINDS.iter().find(|(known, _)| *known == word) else {
        let kinds: Vec<&str> = KINDS.iter().map(|(known, _)| *known).collect();
        let near = text::closest(word, kinds.iter().copied()).map(str::to_owned);
        kind.error(ChannelMistake::NoKind { written: word.to_owned(), near, known: kinds });
        return None;
    };
    let channel = open(&table, place);
    table.close();
    channel
}
