//! `[inbox]`: the mailbox to which owners answer.

use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use secrecy::SecretString;

use super::oauth::OAuth;
use super::server::{self, MailServer, Ports};
use crate::toml_file::values;
use crate::toml_file::{TomlTable, TomlValue};

use super::secret::{self, Noted};
use super::{ConfigMistake, SentInTheClear, certificates};

/// The ports of IMAP (RFC 8314, 3.2; RFC 9051).
const PORTS: Ports = Ports { tls: 993, start_tls: 143, none: 143 };
/// The minutes between two looks where `every` is left out.
const DEFAULT_MINUTES: u32 = 1;
/// The value of `authentication` for servers that do not say who wrote a mail.
const NO_AUTHENTICATION: &str = "none";
/// The most minutes between two looks.
const MAX_MINUTES: u32 = 24 * 60;

/// The proof with which the program logs in to the mailbox.
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
    /// The server.
    pub server: MailServer,
    /// Certificates that are trusted beside those that this machine trusts.
    pub trusted: Vec<CertificateDer<'static>>,
    /// The name to log in with.
    pub username: String,
    /// The proof that belongs to it.
    pub proof: Credential,
    /// The address of the mailbox: messages ask for answers to it.
    pub address: Option<String>,
    /// The folder that is read.
    pub folder: String,
    /// The folder into which answers are moved once they are dealt with; without one they are only marked as read.
    pub done_folder: Option<String>,
    /// The minutes between two looks.
    pub every: u32,
    /// The name in the `Authentication-Results` (RFC 8601) of the server that takes mail in; `None` where the From of a
    /// mail is believed.
    pub authentication: Option<String>,
}

pub(super) fn read(table: TomlTable<'_>, base: &Path) -> Option<Inbox> {
    let server = server::read(&table, PORTS, SentInTheClear::Password);
    let trusted = certificates::read(&table, base);
    let username = table.require("username").and_then(|value| value.name());
    let password = secret::read(&table, "password_file", "imap-password", base);
    let oauth = OAuth::read(&table, base);
    let address = table.get("address").and_then(|value| values::address(&value));
    let named = table.get("folder").map_or_else(|| Some("INBOX".to_owned()), |value| folder(&value));
    let done_value = table.get("done_folder");
    let done_folder = done_value.as_ref().and_then(folder);
    let every = table.get("every").map_or(Some(DEFAULT_MINUTES), |value| minutes(&value));
    let authentication = authentication(&table);
    if let Some(value) = done_value.filter(|_| done_folder.is_some() && done_folder == named) {
        value.error(ConfigMistake::SameFolder);
    }
    let proof = match (oauth, password) {
        (Ok(Some(oauth)), _) => Some(Credential::OAuth(Arc::new(oauth))),
        (Ok(None), Ok(Some(password))) => Some(Credential::Password(password)),
        (Ok(None), Ok(None)) => {
            table.error(ConfigMistake::InboxWithoutPassword);
            None
        }
        (Err(()), _) | (_, Err(Noted)) => None,
    };
    table.close();
    let username = username?;
    let address = address.or_else(|| username.contains('@').then(|| username.clone()));
    Some(Inbox {
        server: server?,
        trusted: trusted.ok()?,
        address,
        username,
        proof: proof?,
        folder: named?,
        done_folder,
        every: every?,
        authentication: Some(authentication?).filter(|name| !name.eq_ignore_ascii_case(NO_AUTHENTICATION)),
    })
}

/// `authentication`: the server whose word on a mail's sender is believed, or `none`. To believe every From must be
/// written down, never left out: it lets anybody answer who knows the subject of a reminder.
fn authentication(table: &TomlTable<'_>) -> Option<String> {
    let Some(value) = table.get("authentication") else {
        if !table.document().is_broken() {
            table.error(ConfigMistake::NoAuthentication);
        }
        return None;
    };
    let name = value.name()?;
    if name.eq_ignore_ascii_case(NO_AUTHENTICATION) {
        value.warning(ConfigMistake::Forgeable);
    }
    Some(name)
}

/// The name of a folder: what a line of IMAP can hold.
fn folder(value: &TomlValue<'_>) -> Option<String> {
    let name = value.name()?;
    if name.len() > 200 || name.contains(|letter: char| letter.is_control() || letter == '"' || letter == '\\') {
        value.error(ConfigMistake::NoFolder { written: name });
        return None;
    }
    Some(name)
}

fn minutes(value: &TomlValue<'_>) -> Option<u32> {
    let text = value.text()?;
    let minutes = text.strip_suffix('m').and_then(|number| number.parse().ok());
    let minutes = minutes.filter(|minutes| (1..=MAX_MINUTES).contains(minutes));
    if minutes.is_none() {
        value.error(ConfigMistake::NoMinutes { written: text.to_owned() });
    }
    minutes
}
