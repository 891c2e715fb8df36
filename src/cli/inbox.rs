//! `inbox check`: whether the mailbox for answers works, and whose word on senders its mails bear.

use std::path::Path;

use serde::Serialize;

use crate::app::check_mailbox::{CheckedMailbox, check_mailbox};
use crate::clock::Clock;
use crate::config::Inbox;

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
        Format::Text => print(inbox, &checked),
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
    reason: Option<&'a str>,
    /// Whether the server tells of new mail of its own accord.
    idle: bool,
    /// What `authentication` asks for; absent where it is "none".
    #[serde(skip_serializing_if = "Option::is_none")]
    authentication: Option<&'a str>,
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
            reason: checked.own_mail.as_ref().err().map(String::as_str),
            idle: checked.tells_of_mail,
            authentication: inbox.authentication.as_deref(),
            bears: checked
                .bear
                .iter()
                .map(|(name, mails)| BorneName { name: name.as_deref(), mails: *mails })
                .collect(),
        }
    }
}

fn print(inbox: &Inbox, checked: &CheckedMailbox) {
    anstream::println!("logged in to {}:{} as {}", inbox.server.host, inbox.server.port, inbox.username);
    anstream::println!("folder {}: {} mails", inbox.folder, checked.mails);
    match &checked.own_mail {
        Ok(()) => anstream::println!("a mail of its own was written, read back and removed"),
        Err(reason) => anstream::println!("a mail of its own could not be written and read back: {reason}"),
    }
    let how = if checked.tells_of_mail { "the server tells of new mail (IDLE)" } else { "looked into every minute" };
    let every =
        if checked.tells_of_mail || inbox.every == 1 { String::new() } else { format!(", `every` = {}m", inbox.every) };
    anstream::println!("new mail: {how}{every}");
    for (name, mails) in &checked.bear {
        let count = if *mails == 1 { "1 mail bears".to_owned() } else { format!("{mails} mails bear") };
        match name {
            Some(name) => anstream::println!("{count} the authentication of {name}"),
            None => anstream::println!("{count} no authentication"),
        }
    }
    match (&inbox.authentication, checked.is_name_borne(inbox)) {
        (None, _) => anstream::println!("the configuration believes every From (authentication = \"none\")"),
        (Some(wants), Some(true)) => anstream::println!("the configuration asks for {wants}: that fits"),
        (Some(wants), Some(false)) => anstream::println!(
            "the configuration asks for {wants}, which no mail bears: no answer will be believed; write as `authentication` \
             the name that the mails bear"
        ),
        (Some(wants), None) => {
            anstream::println!(
                "the configuration asks for {wants}; send the mailbox a mail from outside and check again"
            );
        }
    }
}
