//! `outbox`: the queue, message by message.

use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;

use crate::app::load_school::Loaded;
use crate::clock::Clock;
use crate::config::Settings;
use crate::language::Said;
use crate::reason::{Reason, in_english};
use crate::school::Scope;
use crate::store::Store;
use crate::store::outbox::{AttemptOutcome, Listed, MessageState, PastAttempt, StoredNotice};
use crate::store::task_names::TaskNames;
use crate::text_table::{Align, TextTable};

use super::local_time::{self, Minute, Second};
use super::shown_id::{id_beginning, shown_id};
use super::{CommandError, Console, Findings, Format, block_on, load};

#[derive(Debug, clap::Args)]
pub(super) struct OutboxArgs {
    #[command(subcommand)]
    action: OutboxAction,
}

impl OutboxArgs {
    /// Whether the queue stays as it is.
    pub(super) fn only_looks(&self) -> bool {
        match self.action {
            OutboxAction::List { .. } | OutboxAction::Show { .. } => true,
            OutboxAction::Retry { .. } | OutboxAction::Drop { .. } => false,
        }
    }
}

#[derive(Debug, clap::Subcommand)]
enum OutboxAction {
    /// What waits, is on its way or failed
    List {
        /// With every attempt, and what each refusal is about
        #[arg(long)]
        why: bool,
    },
    /// A message with every attempt, and as it was sent
    Show {
        /// Its id, or the beginning of it
        id: String,
    },
    /// Another chance for a message that failed or waits, or for all of them
    Retry {
        /// Its id, or the beginning of it
        #[arg(required_unless_present = "all")]
        id: Option<String>,
        /// Every message that failed or waits, at once; not those that may have arrived
        #[arg(long, conflicts_with = "id")]
        all: bool,
        /// Of those, the ones that were last tried over this channel
        #[arg(long, value_name = "NAME", requires = "all")]
        channel: Option<String>,
    },
    /// Take a message that failed or waits out of the queue for good
    Drop {
        /// Its id, or the beginning of it
        id: String,
    },
}

/// What is said of the queue.
#[derive(Clone, Copy, Debug)]
pub(crate) enum OutboxText<'t> {
    /// Nothing waits and nothing failed.
    Nothing,
    /// Nothing that waits or failed was last tried over this channel.
    NothingOver(&'t str),
    /// So many messages go out at the next opportunity.
    GoOut(usize),
    /// A message to somebody goes out at the next opportunity.
    GoesOut { id: &'t str, to: &'t str },
    /// A message to somebody is taken out of the queue.
    TakenOut { id: &'t str, to: &'t str },
    /// The heading of ids.
    Id,
    /// The heading of states.
    State,
    /// The heading of kinds.
    Kind,
    /// The heading of recipients.
    To,
    /// The heading of when a message is tried next.
    NextTry,
    /// A message is not tried again.
    Never,
    /// The heading of what was said last.
    LastAnswer,
    /// The heading of the attempts for a message to somebody.
    AttemptsFor { id: &'t str, to: &'t str },
    /// One of them.
    Attempt { at: &'t Minute, attempt: &'t PastAttempt },
    /// The heading of all that is known of a message.
    Message(&'t Listed),
    /// When it was put into the queue.
    PutIn(&'t Minute),
    /// It tells this, about a task of this name or about none.
    Tells { task: Option<&'t str>, notice: &'t StoredNotice },
    /// It was handed over.
    HandedOver { at: &'t Second, attempt: &'t PastAttempt },
}

pub(super) fn run(config: &Path, args: &OutboxArgs, console: Console) -> Result<Findings, CommandError> {
    let Loaded { school, channels, .. } = load(config, console)?;
    let scope = school.scope();
    let settings = &school.settings;
    if let OutboxAction::Retry { channel: Some(name), .. } = &args.action
        && !channels.contains_key(name)
    {
        return Err(CommandError::unknown_channel(name, &channels));
    }
    let mut out = io::BufWriter::new(anstream::stdout());
    block_on(async {
        let url = &school.settings.store;
        let store = match args.action {
            OutboxAction::List { .. } | OutboxAction::Show { .. } => Store::open_to_read(url).await?,
            OutboxAction::Retry { .. } | OutboxAction::Drop { .. } => Store::open(url).await?,
        };
        match &args.action {
            OutboxAction::List { why } => {
                let messages = listed(&store, &scope, *why).await?;
                list(&mut out, &messages, settings, console)?;
            }
            OutboxAction::Show { id } => {
                let message = find(&store, &scope, id).await?;
                let notices = store.told_by(&scope, &message.id).await?;
                let attempts = store.attempts(&scope, &message.id).await?;
                let names = store.task_names(&scope, Clock::System.now()).await?;
                let details =
                    MessageDetails { message: &message, names: &names, notices: &notices, attempts: &attempts };
                show(&mut out, &details, settings, console)?;
            }
            OutboxAction::Retry { id: None, channel, .. } => {
                let count = retry_all(&store, &scope, channel.as_deref()).await?;
                let said = match (count, channel) {
                    (0, None) => OutboxText::Nothing,
                    (0, Some(channel)) => OutboxText::NothingOver(channel),
                    _ => OutboxText::GoOut(count),
                };
                writeln!(out, "{}", said.said_in(console.language))?;
            }
            OutboxAction::Retry { id: Some(id), .. } => {
                let message = find(&store, &scope, id).await?;
                let changed = store.retry(&scope, &message.id, Clock::System.now()).await?;
                let (id, to) = (changed_id(&message, changed)?, message.recipient.as_str());
                writeln!(out, "{}", OutboxText::GoesOut { id, to }.said_in(console.language))?;
            }
            OutboxAction::Drop { id } => {
                let message = find(&store, &scope, id).await?;
                let changed = store.drop_message(&scope, &message.id, Clock::System.now()).await?;
                let (id, to) = (changed_id(&message, changed)?, message.recipient.as_str());
                writeln!(out, "{}", OutboxText::TakenOut { id, to }.said_in(console.language))?;
            }
        }
        store.close().await;
        Ok(())
    })?;
    out.flush()?;
    Ok(Findings::Fine)
}

/// The messages that are not over, each with its attempts where those are asked for.
async fn listed(store: &Store, scope: &Scope, why: bool) -> Result<Vec<(Listed, Vec<PastAttempt>)>, CommandError> {
    let mut messages = Vec::new();
    for message in store.unfinished(scope).await? {
        let attempts = if why { store.attempts(scope, &message.id).await? } else { Vec::new() };
        messages.push((message, attempts));
    }
    Ok(messages)
}

/// Another chance for whatever failed or waits: what waits behind a channel that fails was often never tried itself. Where
/// a channel is named, for what was last tried over it. How many messages get one.
async fn retry_all(store: &Store, scope: &Scope, channel: Option<&str>) -> Result<usize, CommandError> {
    let mut count = 0;
    for (message, attempts) in listed(store, scope, channel.is_some()).await? {
        let was_over = |name: &str| attempts.last().is_some_and(|last| last.channel == name);
        if channel.is_none_or(was_over) && store.retry(scope, &message.id, Clock::System.now()).await? {
            count += 1;
        }
    }
    Ok(count)
}

/// The one message whose id begins so.
async fn find(store: &Store, scope: &Scope, id: &str) -> Result<Listed, CommandError> {
    let mut found = match id_beginning(id) {
        Some(beginning) => store.find_messages(scope, &beginning).await?,
        None => Vec::new(),
    };
    match found.len() {
        1 => Ok(found.remove(0)),
        0 => Err(CommandError::UnknownMessage(id.to_owned())),
        _ => Err(CommandError::AmbiguousMessage(id.to_owned())),
    }
}

/// The id of a message as it is shown, where the message could be changed.
fn changed_id(message: &Listed, changed: bool) -> Result<&str, CommandError> {
    let id = shown_id(&message.id);
    if changed { Ok(id) } else { Err(CommandError::MessageIsOver { id: id.to_owned(), state: message.state }) }
}

/// A message as JSON.
#[derive(Serialize)]
struct MessageLine<'a> {
    id: &'a str,
    state: MessageState,
    kind: &'static str,
    to: &'a str,
    created: String,
    not_before: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notices: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attempts: Vec<AttemptLine<'a>>,
}

#[derive(Serialize)]
struct AttemptLine<'a> {
    at: String,
    channel: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<&'a str>,
    outcome: AttemptOutcome,
    #[serde(serialize_with = "in_english")]
    answer: &'a Reason,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<&'a str>,
}

fn attempt_line<'a>(attempt: &'a PastAttempt, settings: &Settings) -> AttemptLine<'a> {
    AttemptLine {
        at: local_time::with_offset(settings, attempt.at),
        channel: &attempt.channel,
        address: attempt.address.as_deref(),
        outcome: attempt.outcome,
        answer: &attempt.answer,
        subject: attempt.subject.as_deref(),
    }
}

fn line<'a>(message: &'a Listed, settings: &Settings) -> MessageLine<'a> {
    MessageLine {
        id: &message.id,
        state: message.state,
        kind: message.class.as_str(),
        to: &message.recipient,
        created: local_time::with_offset(settings, message.created_at),
        not_before: local_time::with_offset(settings, message.not_before),
        reason: message.reason.as_ref().map(ToString::to_string),
        notices: Vec::new(),
        attempts: Vec::new(),
    }
}

/// The messages in a table; below it, one by one, what was tried of those that come with their attempts.
fn list(
    out: &mut impl Write,
    messages: &[(Listed, Vec<PastAttempt>)],
    settings: &Settings,
    Console { format, language }: Console,
) -> io::Result<()> {
    if format == Format::Json {
        for (message, attempts) in messages {
            let attempts = attempts.iter().map(|attempt| attempt_line(attempt, settings)).collect();
            let line = MessageLine { attempts, ..line(message, settings) };
            writeln!(out, "{}", serde_json::to_string(&line)?)?;
        }
        return Ok(());
    }
    let said = |text: OutboxText<'_>| text.said_in(language);
    if messages.is_empty() {
        return writeln!(out, "{}", said(OutboxText::Nothing));
    }
    let headings = [
        OutboxText::Id,
        OutboxText::State,
        OutboxText::Kind,
        OutboxText::To,
        OutboxText::NextTry,
        OutboxText::LastAnswer,
    ];
    let mut table = TextTable::new(headings.map(|heading| (said(heading), Align::Left)));
    for (message, _) in messages {
        let next = if message.state == MessageState::Dead {
            said(OutboxText::Never)
        } else {
            local_time::minute(settings, message.not_before, language)
        };
        table.row([
            shown_id(&message.id).to_owned(),
            message.state.said_in(language),
            message.class.said_in(language),
            message.recipient.clone(),
            next,
            message.reason.as_ref().map(|reason| reason.said_in(language)).unwrap_or_default(),
        ]);
    }
    write!(out, "{table}")?;
    for (message, attempts) in messages.iter().filter(|(_, attempts)| !attempts.is_empty()) {
        let (id, to) = (shown_id(&message.id), message.recipient.as_str());
        writeln!(out, "\n{}", said(OutboxText::AttemptsFor { id, to }))?;
        for attempt in attempts {
            let at = &Minute(settings.local(attempt.at));
            writeln!(out, "  {}", said(OutboxText::Attempt { at, attempt }))?;
        }
    }
    Ok(())
}

/// A message with all that the store knows of it.
struct MessageDetails<'a> {
    message: &'a Listed,
    names: &'a TaskNames,
    notices: &'a [StoredNotice],
    attempts: &'a [PastAttempt],
}

fn show(out: &mut impl Write, details: &MessageDetails<'_>, settings: &Settings, console: Console) -> io::Result<()> {
    let MessageDetails { message, names, notices, attempts } = *details;
    if console.format == Format::Json {
        let told = |notice: &StoredNotice| match &notice.task {
            Some(task) => format!("{} {}", names.of(task), notice.kind),
            None => notice.kind.to_string(),
        };
        let line = MessageLine {
            notices: notices.iter().map(told).collect(),
            attempts: attempts.iter().map(|attempt| attempt_line(attempt, settings)).collect(),
            ..line(message, settings)
        };
        return writeln!(out, "{}", serde_json::to_string(&line)?);
    }
    let said = |text: OutboxText<'_>| text.said_in(console.language);
    writeln!(out, "{}", said(OutboxText::Message(message)))?;
    writeln!(out, "{}", said(OutboxText::PutIn(&Minute(settings.local(message.created_at)))))?;
    for notice in notices {
        let task = notice.task.as_ref().map(|task| names.of(task));
        writeln!(out, "{}", said(OutboxText::Tells { task, notice }))?;
    }
    for attempt in attempts {
        let at = &Second(settings.local(attempt.at));
        writeln!(out, "{}", said(OutboxText::HandedOver { at, attempt }))?;
    }
    if let Some(payload) = attempts.iter().rev().find_map(|attempt| attempt.payload.as_deref()) {
        writeln!(out, "\n{}", String::from_utf8_lossy(payload).replace("\r\n", "\n"))?;
    }
    Ok(())
}
