//! A mail server that this program logs in to, and the encryption of the connection.

use crate::text;
use crate::toml_file::values;
use crate::toml_file::{TomlTable, TomlValue};

use super::{ConfigMistake, SentInTheClear};

/// The encryption of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte.
    Tls,
    /// TLS after STARTTLS; a server that does not offer it is not used.
    StartTls,
    /// None: to this machine only.
    None,
}

/// The default ports by encryption.
#[derive(Clone, Copy, Debug)]
pub struct Ports {
    /// With TLS from the first byte.
    pub tls: u16,
    /// With STARTTLS.
    pub start_tls: u16,
    /// In the clear.
    pub none: u16,
}

/// A mail server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailServer {
    /// Its host name, which its certificate bears.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The encryption.
    pub security: Security,
}

/// Reads `host`, `port` and `tls`; mistakes are noted. `what` would be sent in the clear.
pub fn read(table: &TomlTable<'_>, ports: Ports, what: SentInTheClear) -> Option<MailServer> {
    let host = table.require("host").and_then(|value| Some((value, value.name()?)));
    let security = table.get("tls").map_or(Some(Security::Tls), |value| security(&value));
    let port = table.get("port").and_then(|value| port(&value));
    let ((host_value, host), security) = (host?, security?);
    if security == Security::None && !is_this_machine(&host) {
        host_value.error(ConfigMistake::InTheClear { what, host, ports });
        return None;
    }
    let default = match security {
        Security::Tls => ports.tls,
        Security::StartTls => ports.start_tls,
        Security::None => ports.none,
    };
    Some(MailServer { host, port: port.unwrap_or(default), security })
}

fn security(value: &TomlValue<'_>) -> Option<Security> {
    const WORDS: [&str; 3] = ["tls", "starttls", "none"];
    match value.text()? {
        "tls" => Some(Security::Tls),
        "starttls" => Some(Security::StartTls),
        "none" => Some(Security::None),
        word => {
            let near = text::closest(word, WORDS).map(str::to_owned);
            let (written, known) = (word.to_owned(), WORDS.to_vec());
            value.error(ConfigMistake::NoEncryptionWord { written, near, known });
            None
        }
    }
}

fn port(value: &TomlValue<'_>) -> Option<u16> {
    values::count(value, 1..=65535).and_then(|port| u16::try_from(port).ok())
}

/// Whether a host is this machine itself.
pub(crate) fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}
