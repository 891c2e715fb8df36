//! `[web]`: the pages on which people answer.

use std::net::SocketAddr;

use ::url::Url;
use axum::http::HeaderName;

use crate::evidence_store;

use crate::toml_file::values;
use crate::toml_file::{Table, Value};

use super::url;

/// A reminder of a task that is overdue names it for the last time eight weeks after the due date.
const DEFAULT_LINK_DAYS: u16 = 60;
/// No link to an answer holds longer.
const MOST_LINK_DAYS: u32 = 400;

/// No answer has more files.
const MOST_FILES: u32 = 10;

/// The pages on which people answer; there are none where the table is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// Where they are served, without encryption: a reverse proxy stands before it, or it is this machine alone.
    pub listen: SocketAddr,
    /// What links begin with, without a slash at the end.
    pub public_url: String,
    /// For how many days a link in a message holds.
    pub link_days: u16,
    /// The header in which a reverse proxy gives the address of whoever asks; where none is named, it is that of the
    /// connection.
    pub client_address: Option<HeaderName>,
    /// What may be sent with an answer.
    pub uploads: Uploads,
}

/// What may be sent with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Uploads {
    /// Files in one answer.
    pub files: u32,
    /// MiB of each.
    pub file_mib: u32,
}

impl Default for Uploads {
    fn default() -> Self {
        Self { files: 5, file_mib: 10 }
    }
}

pub(super) fn read(table: Table<'_>) -> Option<Site> {
    let listen = table.require("listen").and_then(|value| listen(&value));
    let public_url = table.require("public_url").and_then(|value| public_url(&value));
    let days = table.get("link_days").and_then(|value| values::count(&value, 1..=MOST_LINK_DAYS));
    let client_address = table.get("client_address").and_then(|value| header(&value));
    let most = Uploads::default();
    let files = table.get("files").and_then(|value| values::count(&value, 1..=MOST_FILES)).unwrap_or(most.files);
    let file_mib =
        table.get("file_mib").and_then(|value| values::count(&value, 1..=largest())).unwrap_or(most.file_mib);
    table.close();
    Some(Site {
        listen: listen?,
        public_url: public_url?,
        link_days: days.and_then(|days| u16::try_from(days).ok()).unwrap_or(DEFAULT_LINK_DAYS),
        client_address,
        uploads: Uploads { files, file_mib },
    })
}

/// MiB of the largest file of evidence.
fn largest() -> u32 {
    u32::try_from(evidence_store::LARGEST >> 20).unwrap_or(1)
}

fn listen(value: &Value<'_>) -> Option<SocketAddr> {
    let text = value.text()?;
    let address = text.parse().ok();
    if address.is_none() {
        let help = "write an address of this machine and a port, as \"127.0.0.1:8080\"";
        value.error("bad-address", format!("`{text}` is no address to listen on"), help);
    }
    address
}

fn public_url(value: &Value<'_>) -> Option<String> {
    let text = value.text()?;
    if let Err(bad) = url::host(text) {
        let (message, help) = bad.message_and_help();
        value.error("bad-url", message, help);
        return None;
    }
    let url = Url::parse(text).ok()?;
    let is_plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    // Pages lead on by path alone, and one with two slashes would begin with another host.
    if !is_plain || url.password().is_some() || url.path().starts_with("//") {
        let help = "write only what every link begins with, as \"https://nhacviec.school.example\"";
        value.error("bad-url", "links cannot begin with this address", help);
        return None;
    }
    Some(url.as_str().trim_end_matches('/').to_owned())
}

fn header(value: &Value<'_>) -> Option<HeaderName> {
    let text = value.text()?;
    let name = text.parse().ok();
    if name.is_none() {
        let help = "write the header that your reverse proxy sets, as \"x-forwarded-for\"";
        value.error("bad-header", format!("`{text}` is no name of a header"), help);
    }
    name
}
