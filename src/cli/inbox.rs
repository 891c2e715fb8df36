//! `inbox check`: whether the mailbox for answers works, and whose word on senders its mails bear.

use std::path::Path;

use serde::Serialize;

use crate::app::check_mailbox::{CheckedMailbox, check_mailbox};
use crate::clock::Clock;
use crate::config::Inbox;
use crate::language::{Language, Said};
use crate::reason::Reason;

use super::{CommandError, Console, Findings, Format, block_on, load};

#[derive(Debug, clap::Args)]
pub(super) struct InboxArgs {
    #[command(subcommand)]
    command: InboxCommand,
}

#[derive(Debug, clap::Subcommand)]
enum InboxCommand {
    /// Log in, write a mail and read it back, and show which servers the mails name as those that say who wrote them
    Check,
}

pub(super) fn run(config: &Path, args: &InboxArgs, console: Console) -> Result<Findings, CommandError> {
    let InboxCommand::Check = args.command;
    let school = load(config, console)?.school;
    let inbox = school.settings.inbox.as_ref().ok_or(CommandError::NoMailbox)?;
    let checked = block_on(async { Ok(check_mailbox(inbox, Clock::System.now()).await?) })?;
    let is_well = checked.own_mail.is_ok() && checked.is_name_borne(inbox) != Some(false);
    match console.format {
        Format::Json => {
            let line = serde_json::to_string(&MailboxLine::of(inbox, &checked)).map_err(std::io::Error::from)?;
            anstream::println!("{line}");
        }
        Format::Text => print(inbox, &checked, console.language),
    }
    Ok(if is_well { Findings::Fine } else { Findings::Problems })
}

/// The mailbox as JSON.
#[derive(Serialize)]
struct MailboxLine<'a> {
    r#type: &'static str,
    server: &'a str,
    folder: &'a str,
    mails: u32,
    own_mail: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// Whether the server tells of new mail of its own accord.
    idle: bool,
    /// What `authentication` asks for; absent where it is "none".
    #[serde(skip_serializing_if = "Option::is_none")]
    authentication: Option<&'a str>,
    /// Whether a mail bears that name; absent where none bears any, so that it is not known yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    is_borne: Option<bool>,
    /// The names that the newest mails bear.
    bears: Vec<BorneName<'a>>,
}

#[derive(Serialize)]
struct BorneName<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    mails: usize,
}

impl<'a> MailboxLine<'a> {
    fn of(inbox: &'a Inbox, checked: &'a CheckedMailbox) -> Self {
        Self {
            r#type: "inbox",
            server: &inbox.server.host,
            folder: &inbox.folder,
            mails: checked.mails,
            own_mail: checked.own_mail.is_ok(),
            reason: checked.own_mail.as_ref().err().map(ToString::to_string),
            idle: checked.tells_of_mail,
            authentication: inbox.authentication.as_deref(),
            is_borne: checked.is_name_borne(inbox),
            bears: checked
                .bear
                .iter()
                .map(|(name, mails)| BorneName { name: name.as_deref(), mails: *mails })
                .collect(),
        }
    }
}

/// What is said of a mailbox.
#[derive(Clone, Copy, Debug)]
pub(crate) enum InboxText<'t> {
    /// The server took the login.
    LoggedIn(&'t Inbox),
    /// So many mails are in the folder.
    Mails { folder: &'t str, mails: u32 },
    /// Whether a mail of the program's own was written and read back; why not, where it was not.
    OwnMail(Result<(), &'t Reason>),
    /// The server tells of new mail.
    TellsOfMail,
    /// The folder is looked into every so many minutes.
    LookedInto { every: u32 },
    /// So many mails bear the word of this server on who wrote them, or of none.
    Bears { name: Option<&'t str>, mails: usize },
    /// The configuration asks for no such word.
    BelievesAll,
    /// The configuration asks for the word of this server, and whether that is borne.
    AsksFor { name: &'t str, is_borne: bool },
    /// The configuration asks for the word of this server, and none of so many mails in the mailbox of this address bears any.
    NotKnown { name: &'t str, looked_at: usize, address: &'t str },
}

fn print(inbox: &Inbox, checked: &CheckedMailbox, language: Language) {
    let own_mail = checked.own_mail.as_ref().map(|&()| ());
    let new_mail =
        if checked.tells_of_mail { InboxText::TellsOfMail } else { InboxText::LookedInto { every: inbox.every } };
    let trust = match inbox.authentication.as_deref() {
        None => InboxText::BelievesAll,
        Some(name) => match checked.is_name_borne(inbox) {
            Some(is_borne) => InboxText::AsksFor { name, is_borne },
            None => {
                let address = inbox.address.as_deref().unwrap_or(&inbox.username);
                InboxText::NotKnown { name, looked_at: checked.looked_at(), address }
            }
        },
    };
    let first = [
        InboxText::LoggedIn(inbox),
        InboxText::Mails { folder: &inbox.folder, mails: checked.mails },
        InboxText::OwnMail(own_mail),
        new_mail,
    ];
    let bears = checked.bear.iter().map(|(name, mails)| InboxText::Bears { name: name.as_deref(), mails: *mails });
    for text in first.into_iter().chain(bears).chain([trust]) {
        anstream::println!("{}", text.said_in(language));
    }
}
