//! `[monitor]`: how the service is watched.

use std::net::SocketAddr;
use std::path::Path;

use secrecy::{ExposeSecret, SecretString};

use super::{ConfigMistake, secret, url};
use crate::toml_file::{TomlTable, TomlValue};

/// The port that help proposes.
const EXAMPLE_PORT: u16 = 9464;

/// How the service is watched; by default not at all.
#[derive(Clone, Debug, Default)]
pub struct MonitorSettings {
    /// The address of this machine at which `/healthz` and `/metrics` are served.
    pub listen: Option<SocketAddr>,
    /// The address that is requested after each good run, so that an outside watcher notices when that stops. It is a
    /// secret: with it anybody can pretend that the service is well.
    pub heartbeat: Option<SecretString>,
}

pub(super) fn read(table: TomlTable<'_>, base: &Path) -> MonitorSettings {
    let listen = table.get("listen").and_then(|value| listen(&value));
    let written = table.get("heartbeat_url");
    let heartbeat = match &written {
        Some(value) => value.text().map(SecretString::from),
        None => secret::read(&table, "heartbeat_url_file", "heartbeat-url", base).ok().flatten(),
    };
    // Asked for in any case, so that the key is known.
    let place = written.or(table.get("heartbeat_url_file"));
    let heartbeat = heartbeat.filter(|address| match url::host(address.expose_secret()) {
        Ok(_) => true,
        Err(bad) => {
            let span = place.as_ref().map_or_else(|| table.span(), TomlValue::span);
            table.document().error(span, ConfigMistake::BadWebAddress { why: bad });
            false
        }
    });
    table.close();
    MonitorSettings { listen, heartbeat }
}

fn listen(value: &TomlValue<'_>) -> Option<SocketAddr> {
    let text = value.text()?;
    match text.parse::<SocketAddr>() {
        Ok(address) if address.ip().is_loopback() => Some(address),
        Ok(address) => {
            value.warning(ConfigMistake::StateInTheClear { written: text.to_owned() });
            Some(address)
        }
        Err(_) => {
            value.error(ConfigMistake::NoListenAddress { written: text.to_owned(), port: EXAMPLE_PORT });
            None
        }
    }
}
