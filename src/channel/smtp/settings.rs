//! The table of a channel of kind `smtp`.

use std::path::Path;
use std::sync::OnceLock;

use lettre::Address;

use crate::channel::mail_domain::ascii_domain;
use crate::channel::mistake::ChannelMistake;
use crate::channel::{ChannelContext, Limits};
use crate::config::SentInTheClear;
use crate::config::certificates;
use crate::config::oauth::OAuth;
use crate::config::secret;
use crate::config::server::{self, Ports};
use crate::net::oauth::OAuthTokens;
use crate::text;
use crate::toml_file::values;
use crate::toml_file::{TomlTable, TomlValue};

use super::connection::Opening;
use super::hello;
use super::login::{Login, LoginProof};

/// The ports of submission (RFC 8314, 3.3; RFC 6409), and of a server on this machine.
const PORTS: Ports = Ports { tls: 465, start_tls: 587, none: 25 };

/// What the table of a channel says.
#[derive(Debug)]
pub(super) struct SmtpSettings {
    pub(super) opening: Opening,
    pub(super) from: From,
    pub(super) reply_to: Option<String>,
    pub(super) limits: Limits,
    /// How many connections there are at most.
    pub(super) connections: usize,
}

/// Whom the mail is from.
#[derive(Debug)]
pub(super) struct From {
    /// The name that is shown, where it is another than the school's.
    pub(super) name: Option<String>,
    pub(super) address: Address,
}

impl SmtpSettings {
    /// Reads a table; mistakes are noted.
    pub(super) fn read(table: &TomlTable<'_>, place: ChannelContext<'_>) -> Option<Self> {
        let server = server::read(table, PORTS, SentInTheClear::Mail);
        let from = table.require("from").and_then(|value| from(&value));
        let reply_to = place.reply_to(table);
        let hello = table.get("hello").map(|value| hello_name(&value));
        let trusted = certificates::read(table, place.base);
        let login = login(table, place.base);
        let connections = table.get("connections").and_then(|value| values::count(&value, 1..=100)).unwrap_or(16);
        let limits = Limits::read(table);
        let hello = match hello {
            Some(written) => Some(written?),
            None => hello::full_name(),
        };
        let opening =
            Opening { server: server?, login: login.ok()?, hello, trusted: trusted.ok()?, encryption: OnceLock::new() };
        let connections = usize::try_from(connections).unwrap_or(1);
        Some(Self { opening, from: from?, reply_to, limits, connections })
    }
}

/// Who logs in and with what, where somebody does; `Err` where that is written and of no use, which is noted.
fn login(table: &TomlTable<'_>, base: &Path) -> Result<Option<Login>, ()> {
    let username = table.get("username").and_then(|value| value.name());
    let password = secret::read(table, "password_file", "smtp-password", base);
    let (tokens, password) = (OAuth::read(table, base)?, password.map_err(drop)?);
    let proof = tokens
        .map(|oauth| LoginProof::Tokens(Box::new(OAuthTokens::new(oauth))))
        .or(password.map(LoginProof::Password));
    if username.is_some() && proof.is_none() {
        table.error(ChannelMistake::UserWithoutPassword);
        return Err(());
    }
    Ok(username.zip(proof).map(|(username, proof)| Login { username, proof }))
}

/// An address, alone or behind the name that is shown: "Nhắc việc <nhacviec@school.example>".
fn from(value: &TomlValue<'_>) -> Option<From> {
    let written = value.text()?;
    let parts = written.trim().strip_suffix('>').and_then(|rest| rest.rsplit_once('<'));
    let Some((name, address)) = parts else {
        let address = values::address(value)?.parse().ok()?;
        return Some(From { name: None, address });
    };
    let name = text::nfc(name.trim().trim_matches('"'));
    match address.trim().parse::<Address>() {
        Ok(address) => Some(From { name: Some(name).filter(|name| !name.is_empty()), address }),
        Err(_) => {
            value.error(ChannelMistake::NoSender { written: written.to_owned() });
            None
        }
    }
}

/// The name that is said in EHLO: a full name, or an address in brackets.
fn hello_name(value: &TomlValue<'_>) -> Option<String> {
    let written = value.name()?;
    let name = ascii_domain(&written).into_owned();
    let literal = name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let is_literal = literal
        .map(|address| address.strip_prefix("IPv6:").unwrap_or(address))
        .is_some_and(|address| address.parse::<std::net::IpAddr>().is_ok());
    if is_literal || hello::is_full_name(&name) {
        return Some(name);
    }
    value.error(ChannelMistake::NoMachineName { written });
    None
}
