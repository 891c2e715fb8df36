//! `send-test`: one message now, over the channel itself, and what came of it in words that an admin can act on.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use crate::app::load_school::Loaded;
use crate::channel::{Channels, Failure, Outgoing, Payload, Receipt};
use crate::clock::Clock;
use crate::compose::{ComposeOptions, Sender};
use crate::language::{Language, Said};
use crate::people::{Recipient, RecipientKind};
use crate::reason::{Advice, Reason, in_english};
use crate::short_id;
use crate::store::outbox::AttemptOutcome;
use crate::text;

use super::{CommandError, Console, Findings, Format, block_on, load};

#[derive(Debug, clap::Args)]
pub(super) struct SendTestArgs {
    /// A person, group, role or alias of the configuration, or an address of electronic mail
    #[arg(long, value_name = "NAME-OR-ADDRESS", required_unless_present = "all")]
    to: Option<String>,
    /// Everybody of the configuration, one message each
    #[arg(long, conflicts_with = "to")]
    all: bool,
    /// Over which channel [default: the recipient's first]
    #[arg(long, value_name = "CHANNEL")]
    channel: Option<String>,
}

/// What is said of the messages.
#[derive(Clone, Copy, Debug)]
pub(crate) enum SendTestText<'t> {
    /// Whether a message to somebody over a channel was sent.
    Outcome { to: &'t str, address: Option<&'t str>, channel: &'t str, is_sent: bool },
    /// What the server said to it.
    Answer(&'t Reason),
    /// Why it was not sent.
    Failed(&'t Reason),
    /// What to do about that.
    ToDo(&'t str),
    /// By what the other side knows the message.
    MessageId(&'t str),
    /// How many of how many were reached.
    Reached { reached: usize, all: usize },
    /// Who was not.
    NotReached(&'t [&'t str]),
}

/// What an admin can do about a failure that does not say so itself.
#[derive(Clone, Copy, Debug)]
pub(crate) enum SendAdvice {
    /// The channel's table is to be mended.
    MendChannel,
    /// It may pass.
    MayPass,
    /// It is about this recipient.
    SeeRecipient,
    /// It is about this message.
    OtherChannel,
    /// It may be about the recipient or the channel.
    TryAnother,
    /// It may have arrived.
    LookThere,
}

/// What came of one message, as a line of the JSON output.
#[derive(Serialize)]
struct TestLine<'a> {
    to: &'a str,
    channel: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<&'a str>,
    outcome: AttemptOutcome,
    #[serde(serialize_with = "in_english")]
    answer: Reason,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<String>,
}

pub(super) fn run(config: &Path, args: &SendTestArgs, console: Console) -> Result<Findings, CommandError> {
    let loaded = load(config, console)?;
    let recipients = match &args.to {
        Some(to) => recipients(&loaded, to)?,
        None => loaded.school.settings.people.iter().map(|(_, recipient)| recipient.clone()).collect(),
    };
    let mut out = io::BufWriter::new(anstream::stdout());
    let mut missed: Vec<&str> = Vec::new();
    block_on(async {
        let mut sent: BTreeMap<&str, usize> = BTreeMap::new();
        for recipient in &recipients {
            let channel = channel(&loaded.channels, recipient, args.channel.as_deref())?;
            let so_far = sent.entry(channel).or_default();
            wait_for_room(&loaded, channel, *so_far).await;
            *so_far += 1;
            let (line, advice) = send(&loaded, recipient, channel).await?;
            if line.outcome != AttemptOutcome::Sent {
                missed.push(&recipient.name);
            }
            match console.format {
                Format::Json => writeln!(out, "{}", serde_json::to_string(&line).map_err(io::Error::from)?)?,
                Format::Text => show(&mut out, &line, advice.as_ref(), console.language)?,
            }
        }
        Ok(())
    })?;
    if args.all && console.format == Format::Text {
        summary(&mut out, recipients.len(), &missed, console.language)?;
    }
    out.flush()?;
    Ok(if missed.is_empty() { Findings::Fine } else { Findings::Problems })
}

/// Keeps to a channel's limit of messages a minute.
async fn wait_for_room(loaded: &Loaded, channel: &str, sent: usize) {
    let Some(per_minute) = loaded.channels[channel].limits().per_minute else { return };
    if sent > 0 && sent.is_multiple_of(per_minute.max(1) as usize) {
        tokio::time::sleep(Duration::from_mins(1)).await;
    }
}

/// How many were reached, and who was not.
fn summary(out: &mut impl Write, all: usize, missed: &[&str], language: Language) -> io::Result<()> {
    let reached = SendTestText::Reached { reached: all - missed.len(), all };
    writeln!(out, "\n{}", reached.said_in(language))?;
    if missed.is_empty() { Ok(()) } else { writeln!(out, "{}", SendTestText::NotReached(missed).said_in(language)) }
}

/// Whom the words on the command line mean.
fn recipients(loaded: &Loaded, to: &str) -> Result<Vec<Recipient>, CommandError> {
    let people = &loaded.school.settings.people;
    if let Some(ids) = people.resolve(to) {
        return Ok(ids.iter().map(|id| people.get(*id).clone()).collect());
    }
    if let Ok(address) = to.parse::<lettre::Address>() {
        let stranger = Recipient {
            name: to.to_owned(),
            kind: RecipientKind::Person,
            roles: Vec::new(),
            email: Some(address.to_string()),
            phone: None,
            address: None,
            chats: std::collections::BTreeMap::new(),
            via: Vec::new(),
            away: Vec::new(),
        };
        return Ok(vec![stranger]);
    }
    let closest = text::closest(to, people.known_names()).map(str::to_owned);
    Err(CommandError::UnknownRecipient { name: to.to_owned(), closest })
}

/// The channel that is asked for, else the recipient's first, else the first of all.
fn channel<'a>(
    channels: &'a Channels,
    recipient: &'a Recipient,
    asked: Option<&'a str>,
) -> Result<&'a str, CommandError> {
    let first = || recipient.via.first().or_else(|| channels.keys().next()).map(String::as_str);
    let name = asked.or_else(first).unwrap_or_default();
    if channels.contains_key(name) {
        return Ok(name);
    }
    Err(CommandError::unknown_channel(name, channels))
}

/// Sends one message. What came of it, and what can be done where it was not taken.
async fn send<'a>(
    loaded: &Loaded,
    recipient: &'a Recipient,
    name: &'a str,
) -> Result<(TestLine<'a>, Option<ToDo>), CommandError> {
    let now = Clock::System.now();
    let at = loaded.school.settings.local(now);
    let channel = &loaded.channels[name];
    let occasion = ComposeOptions::now(&at, channel.parts());
    let content = loaded.composer.trial(&loaded.school, name, recipient, occasion)?;
    let id = id(recipient, now);
    let sender = Sender::of(&loaded.school);
    let message = Outgoing { id: &id, recipient, sender: &sender, created: &at, at: &at };
    let sent: Result<(Payload, Receipt), Failure> = async {
        let payload = channel.render(&message, &content)?;
        let receipt = channel.send(&message, &payload).await?;
        Ok((payload, receipt))
    }
    .await;
    channel.close().await;
    let address = channel.address(recipient).ok().flatten();
    let line = |outcome, answer| TestLine {
        to: &recipient.name,
        channel: name,
        address,
        outcome,
        answer,
        message_id: None,
        advice: None,
    };
    Ok(match sent {
        Ok((payload, receipt)) => {
            let line = line(AttemptOutcome::Sent, receipt.answer);
            (TestLine { message_id: Some(payload.message_id), ..line }, None)
        }
        Err(failure) => {
            let (reason, to_do) = explained(&failure);
            let advice = Some(to_do.said_in(Language::English));
            (TestLine { advice, ..line(failure.outcome(), reason) }, Some(to_do))
        }
    })
}

/// A new name for every trial, so that no mailbox takes one for another.
fn id(recipient: &Recipient, now: Timestamp) -> String {
    short_id([format!("{}\0{}", recipient.name, now.as_nanosecond())])
}

/// What the admin can do.
#[derive(Clone, Debug)]
enum ToDo {
    /// As the channel says it.
    Told(Advice),
    Usual(SendAdvice),
}

impl ToDo {
    fn said_in(&self, language: Language) -> String {
        match self {
            Self::Told(advice) => advice.said_in(language),
            Self::Usual(advice) => advice.said_in(language),
        }
    }
}

/// What happened, and what the admin can do.
fn explained(failure: &Failure) -> (Reason, ToDo) {
    let (reason, advice) = match failure {
        Failure::Channel { reason, advice: Some(advice), .. } => return (reason.clone(), ToDo::Told(*advice)),
        Failure::Channel { reason, advice: None, .. } => (reason, SendAdvice::MendChannel),
        Failure::Temporary { reason, .. } => (reason, SendAdvice::MayPass),
        Failure::Recipient { reason } => (reason, SendAdvice::SeeRecipient),
        Failure::Message { reason } => (reason, SendAdvice::OtherChannel),
        Failure::Unknown { reason } => (reason, SendAdvice::TryAnother),
        Failure::Uncertain { reason } => (reason, SendAdvice::LookThere),
    };
    (reason.clone(), ToDo::Usual(advice))
}

fn show(out: &mut impl Write, line: &TestLine<'_>, to_do: Option<&ToDo>, language: Language) -> io::Result<()> {
    let said = |text: SendTestText<'_>| text.said_in(language);
    let outcome = SendTestText::Outcome {
        to: line.to,
        address: line.address.filter(|address| *address != line.to),
        channel: line.channel,
        is_sent: line.outcome == AttemptOutcome::Sent,
    };
    writeln!(out, "{}", said(outcome))?;
    match to_do {
        None => writeln!(out, "  {}", said(SendTestText::Answer(&line.answer)))?,
        Some(to_do) => {
            writeln!(out, "  {}", said(SendTestText::Failed(&line.answer)))?;
            writeln!(out, "  {}", said(SendTestText::ToDo(&to_do.said_in(language))))?;
        }
    }
    if let Some(id) = &line.message_id {
        writeln!(out, "  {}", said(SendTestText::MessageId(id)))?;
    }
    Ok(())
}
