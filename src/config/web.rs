//! `[web]`: the pages on which people answer.

use std::net::SocketAddr;

use ::url::Url;
use axum::http::HeaderName;

use crate::toml_file::values;
use crate::toml_file::{TomlTable, TomlValue};

use super::{ConfigMistake, url};

/// The days for which links hold where `link_days` is left out: the last reminder of an overdue task goes out eight
/// weeks after the due date.
const DEFAULT_LINK_DAYS: u16 = 60;
/// The most days for which a link holds.
const MAX_LINK_DAYS: u32 = 400;

/// The most files in one answer.
const MAX_FILES: u32 = 10;
/// The largest file of evidence that is kept, in MiB: a scan of a few pages or a film of half a minute.
pub const MAX_FILE_MIB: u32 = 20;

/// The port that help proposes.
const EXAMPLE_PORT: u16 = 8080;

/// The pages on which people answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// The address to listen on, without encryption: a reverse proxy stands before it, or only this machine connects.
    pub listen: SocketAddr,
    /// The beginning of all links, without a slash at the end.
    pub public_url: String,
    /// The days for which the links of a message hold.
    pub link_days: u16,
    /// The header in which a reverse proxy gives the address of the client; `None` for the address of the connection.
    pub client_address: Option<HeaderName>,
    /// The limits of files that come with an answer.
    pub uploads: Uploads,
}

/// The limits of files that come with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Uploads {
    /// The most files of one answer.
    pub files: u32,
    /// The largest file, in MiB.
    pub file_mib: u32,
}

impl Default for Uploads {
    fn default() -> Self {
        Self { files: 5, file_mib: 10 }
    }
}

impl Site {
    /// What the paths of all pages begin with: nothing where they have an address of their own.
    #[must_use]
    pub fn base(&self) -> String {
        // The reader of the configuration has taken nothing but an address.
        Url::parse(&self.public_url).map(|url| url.path().trim_end_matches('/').to_owned()).unwrap_or_default()
    }
}

pub(super) fn read(table: TomlTable<'_>) -> Option<Site> {
    let listen = table.require("listen").and_then(|value| listen(&value));
    let public_url = table.require("public_url").and_then(|value| public_url(&value));
    let days = table.get("link_days").and_then(|value| values::count(&value, 1..=MAX_LINK_DAYS));
    let client_address = table.get("client_address").and_then(|value| header(&value));
    let most = Uploads::default();
    let files = table.get("files").and_then(|value| values::count(&value, 1..=MAX_FILES)).unwrap_or(most.files);
    let file_mib =
        table.get("file_mib").and_then(|value| values::count(&value, 1..=MAX_FILE_MIB)).unwrap_or(most.file_mib);
    table.close();
    Some(Site {
        listen: listen?,
        public_url: public_url?,
        link_days: days.and_then(|days| u16::try_from(days).ok()).unwrap_or(DEFAULT_LINK_DAYS),
        client_address,
        uploads: Uploads { files, file_mib },
    })
}

fn listen(value: &TomlValue<'_>) -> Option<SocketAddr> {
    let text = value.text()?;
    let address: Option<SocketAddr> = text.parse().ok();
    match address {
        None => value.error(ConfigMistake::NoListenAddress { written: text.to_owned(), port: EXAMPLE_PORT }),
        Some(address) if !address.ip().is_loopback() => {
            value.warning(ConfigMistake::LinksInTheClear { address });
        }
        Some(_) => {}
    }
    address
}

fn public_url(value: &TomlValue<'_>) -> Option<String> {
    let text = value.text()?;
    if let Err(why) = url::host(text) {
        value.error(ConfigMistake::BadWebAddress { why });
        return None;
    }
    let url = Url::parse(text).ok()?;
    let is_plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    // Redirections give the path alone: one that begins with two slashes would lead to another host.
    if !is_plain || url.password().is_some() || url.path().starts_with("//") {
        value.error(ConfigMistake::NoBeginningOfLinks);
        return None;
    }
    Some(url.as_str().trim_end_matches('/').to_owned())
}

fn header(value: &TomlValue<'_>) -> Option<HeaderName> {
    let text = value.text()?;
    let name = text.parse().ok();
    if name.is_none() {
        value.error(ConfigMistake::NoHeader { written: text.to_owned() });
    }
    name
}
