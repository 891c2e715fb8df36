//! `[inbox]`: the mailbox to which owners answer.

use std::path::Path;
use std::sync::Arc;

use secrecy::SecretString;

use super::oauth::OAuth;
use super::server::{self, Ports, Server};
use crate::toml_file::values;
use crate::toml_file::{Table, Value};

use super::secret;

/// The ports of IMAP (RFC 8314, 3.2; RFC 9051).
const PORTS: Ports = Ports { tls: 993, start_tls: 143, none: 143 };
/// How often it is looked into where nothing is written, in minutes.
const EVERY: u32 = 1;
/// What is written where the server does not say who wrote a mail.
const BELIEVE_ALL: &str = "none";
/// It is looked into at least so often, in minutes.
const SELDOMEST: u32 = 24 * 60;

/// What proves that somebody may read a mailbox.
#[derive(Clone, Debug)]
pub enum Credential {
    /// A password.
    Password(SecretString),
    /// Tokens that another service gives (XOAUTH2).
    OAuth(Arc<OAuth>),
}

/// The mailbox to which owners answer.
#[derive(Clone, Debug)]
pub struct Inbox {
    /// Where it is.
    pub server: Server,
    /// Who the server lets in.
    pub username: String,
    /// With what.
    pub proof: Credential,
    /// Where mail reaches it: messages ask for answers to this address.
    pub address: Option<String>,
    /// The folder that is read.
    pub folder: String,
    /// The folder into which answers are moved that have been dealt with; without one they are marked as read.
    pub done_folder: Option<String>,
    /// It is looked into every so many minutes.
    pub every: u32,
    /// The name by which the server that takes mail in signs what it found out about a mail's sender; `None` where a
    /// mail's From is believed.
    pub authentication: Option<String>,
}

pub(super) fn read(table: Table<'_>, base: &Path) -> Option<Inbox> {
    let server = server::read(&table, PORTS, "a password");
    let username = table.require("username").and_then(|value| value.name());
    let password = secret::read(&table, "password_file", "imap-password", base);
    let oauth = OAuth::read(&table, base);
    let address = table.get("address").and_then(|value| values::address(&value));
    let named = table.get("folder").map_or_else(|| Some("INBOX".to_owned()), |value| folder(&value));
    let done_value = table.get("done_folder");
    let done_folder = done_value.as_ref().and_then(folder);
    let every = table.get("every").map_or(Some(EVERY), |value| minutes(&value));
    let authentication = authentication(&table);
    if let Some(value) = done_value.filter(|_| done_folder.is_some() && done_folder == named) {
        value.error("same-folder", "answers that are dealt with would stay where they are", "name another folder");
    }
    let proof = match oauth {
        Ok(oauth) => oauth.map(|oauth| Credential::OAuth(Arc::new(oauth))).or(password.map(Credential::Password)),
        Err(()) => None,
    };
    let says_how = table.get("password_file").is_some() || table.get("oauth").is_some();
    if proof.is_none() && !says_how {
        let help =
            "add `password_file = \"…\"`, the credential `imap-password` in the systemd unit, or `oauth`".to_owned();
        table.document().error(table.span(), "missing-key", "[inbox] has no password", Some(help));
    }
    table.close();
    let username = username?;
    let address = address.or_else(|| username.contains('@').then(|| username.clone()));
    Some(Inbox {
        server: server?,
        address,
        username,
        proof: proof?,
        folder: named?,
        done_folder,
        every: every?,
        authentication: Some(authentication?).filter(|name| !name.eq_ignore_ascii_case(BELIEVE_ALL)),
    })
}

/// Who says whether a mail is from whom it says, or `none`. Believing every From has to be written down, never left open: whoever
/// knows a reminder's subject could answer it.
fn authentication(table: &Table<'_>) -> Option<String> {
    let help = "write the name at the beginning of your server's Authentication-Results, as \"mx.school.example\"; see \
                docs/inbox.md";
    let Some(value) = table.get("authentication") else {
        if !table.document().is_broken() {
            let message = "[inbox] lacks `authentication`: without it anybody can answer in another's name";
            table.document().error(table.span(), "missing-key", message, Some(help.to_owned()));
        }
        return None;
    };
    let name = value.name()?;
    if name.eq_ignore_ascii_case(BELIEVE_ALL) {
        let message = "an answer is believed by its From, which anybody can forge";
        table.document().warning(value.span(), "forgeable", message, Some(help.to_owned()));
    }
    Some(name)
}

/// The name of a folder: what a line of IMAP can hold.
fn folder(value: &Value<'_>) -> Option<String> {
    let name = value.name()?;
    if name.len() > 200 || name.contains(|letter: char| letter.is_control() || letter == '"' || letter == '\\') {
        value.error("bad-folder", format!("`{name}` is no name of a folder"), "write it as \"INBOX\" or \"Xong\"");
        return None;
    }
    Some(name)
}

fn minutes(value: &Value<'_>) -> Option<u32> {
    let text = value.text()?;
    let minutes = text.strip_suffix('m').and_then(|number| number.parse().ok());
    let minutes = minutes.filter(|minutes| (1..=SELDOMEST).contains(minutes));
    if minutes.is_none() {
        let help = "write a number of minutes and an m, as \"5m\"; the longest is \"1440m\"";
        value.error("bad-duration", format!("`{text}` is no number of minutes"), help);
    }
    minutes
}
