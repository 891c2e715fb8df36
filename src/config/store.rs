//! `store`: where the program keeps what must outlive it, a file of SQLite or a database of PostgreSQL.

use std::fmt;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};

use ::url::Url;

use crate::diagnostic::{Diagnostics, Source};
use crate::text;
use crate::toml_file::{TomlDocument, TomlTable, TomlValue};

use super::mistake::{AddressPart, ConfigMistake};
use super::{secret, server};

/// The file of the store where `store` is left out.
const DEFAULT_FILE: &str = "nhacviec.db";
/// How the address of a database of PostgreSQL begins.
const SCHEMES: [&str; 2] = ["postgres://", "postgresql://"];
/// What may stand behind the `?` of such an address, as libpq names it (PostgreSQL, 34.1.2, parameter key words).
const PARAMETERS: [&str; 6] = ["host", "sslmode", "sslrootcert", "sslcert", "sslkey", "options[search_path]"];
/// What a connection to another machine may ask for with `sslmode`: both look at the server's certificate.
const VERIFIED: [&str; 2] = ["verify-full", "verify-ca"];
/// What a connection to this machine may ask for beside that.
const UNVERIFIED: [&str; 3] = ["disable", "prefer", "require"];

/// Where the store is.
#[derive(Clone, Debug)]
pub enum StoreAddress {
    /// In memory; it ends with the process.
    Memory,
    /// A file of SQLite.
    File(PathBuf),
    /// A database of PostgreSQL.
    Server(ServerAddress),
}

/// A database of PostgreSQL, and how it is reached. Shown, it is the address without what stands behind it.
#[derive(Clone)]
pub struct ServerAddress {
    /// Without a password.
    url: Url,
    password: Option<SecretString>,
}

impl StoreAddress {
    /// The file of the store, where it is one.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Memory | Self::Server(_) => None,
        }
    }
}

impl fmt::Display for StoreAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory => f.write_str("memory"),
            Self::File(path) => path.display().fmt(f),
            Self::Server(server) => server.fmt(f),
        }
    }
}

impl ServerAddress {
    /// The address as the driver wants it, with the password.
    #[must_use]
    pub fn with_password(&self) -> Url {
        let mut url = self.url.clone();
        if let Some(password) = &self.password {
            // Only an address without a host takes no password, and that has been refused.
            let _ = url.set_password(Some(password.expose_secret()));
        }
        url
    }
}

impl fmt::Display for ServerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut url = self.url.clone();
        url.set_query(None);
        url.fmt(f)
    }
}

impl fmt::Debug for ServerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServerAddress({self})")
    }
}

/// Reads `store` of the configuration, and `store_password_file` where it is a database of PostgreSQL. What cannot be used is
/// noted; the usual file stands for it.
pub(super) fn read(root: &TomlTable<'_>, base: &Path) -> StoreAddress {
    let address = root.get("store").and_then(|value| address(root, &value, base));
    address.unwrap_or_else(|| StoreAddress::File(base.join(DEFAULT_FILE)))
}

/// Reads an address that stands for itself, as the `store` of a configuration is read; paths are relative to the current
/// directory. Mistakes are told of a file called `argument`.
///
/// # Errors
/// The mistakes, where it cannot be used.
pub fn parse(argument: &str, written: &str, password_file: Option<&Path>) -> Result<StoreAddress, Diagnostics> {
    let is_server = SCHEMES.iter().any(|scheme| written.starts_with(scheme));
    let path = password_file.filter(|_| is_server).map(Path::to_string_lossy);
    let keys = [("store", Some(written)), ("store_password_file", path.as_deref())];
    let lines = keys.iter().filter_map(|(key, value)| Some(format!("{key} = {}\n", toml_edit::Value::from((*value)?))));
    let document = TomlDocument::new(&Source::new(argument, lines.collect::<String>()));
    let address = {
        let keys = document.parse();
        read(&TomlTable::new(&document, &keys, "the address"), Path::new(""))
    };
    let mut found = Diagnostics::default();
    document.finish(&mut found);
    if found.has_errors() { Err(found) } else { Ok(address) }
}

fn address(root: &TomlTable<'_>, value: &TomlValue<'_>, base: &Path) -> Option<StoreAddress> {
    let written = value.text()?;
    if SCHEMES.iter().any(|scheme| written.starts_with(scheme)) {
        let password = secret::read(root, "store_password_file", "store-password", base).ok().flatten();
        return Some(StoreAddress::Server(ServerAddress { url: server_url(value, written, base)?, password }));
    }
    let Some(path) = written.strip_prefix("sqlite:").filter(|path| !path.is_empty()) else {
        // It may be an address with a password.
        value.error(ConfigMistake::NoStore);
        return None;
    };
    let path = path.strip_prefix("//").unwrap_or(path);
    Some(StoreAddress::File(base.join(path)))
}

/// The address of a database, with all that the connection needs to know.
fn server_url(value: &TomlValue<'_>, written: &str, base: &Path) -> Option<Url> {
    let Ok(mut url) = Url::parse(written) else {
        value.error(ConfigMistake::NoDatabaseAddress);
        return None;
    };
    if url.password().is_some() {
        value.error(ConfigMistake::PasswordInAddress);
        return None;
    }
    let parameters = parameters(value, &url, base)?;
    let of = |name: &str| parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let host = of("host").or(url.host_str()).unwrap_or_default().to_owned();
    let parts = [
        (!host.is_empty(), AddressPart::Host),
        (!url.username().is_empty(), AddressPart::User),
        (!url.path().trim_matches('/').is_empty(), AddressPart::Database),
    ];
    if let Some((_, part)) = parts.into_iter().find(|(is_there, _)| !is_there) {
        value.error(ConfigMistake::AddressLacks { part });
        return None;
    }
    let mode = ssl_mode(value, &host, of("sslmode"))?;
    url.set_query(None);
    let others = parameters.iter().filter(|(key, _)| key != "sslmode");
    url.query_pairs_mut().extend_pairs(others).append_pair("sslmode", mode);
    Some(url)
}

/// What stands behind the `?` of an address; paths are no longer relative to the configuration.
fn parameters(value: &TomlValue<'_>, url: &Url, base: &Path) -> Option<Vec<(String, String)>> {
    let mut parameters = Vec::new();
    for (key, written) in url.query_pairs() {
        if !PARAMETERS.contains(&&*key) {
            let near = text::closest(&key, PARAMETERS).map(str::to_owned);
            let (written, known) = (key.into_owned(), PARAMETERS.to_vec());
            value.error(ConfigMistake::NoAddressParameter { written, near, known });
            return None;
        }
        let is_path = matches!(&*key, "sslrootcert" | "sslcert" | "sslkey");
        let written = if is_path { base.join(&*written).to_string_lossy().into_owned() } else { written.into_owned() };
        parameters.push((key.into_owned(), written));
    }
    Some(parameters)
}

/// How the connection is encrypted: to another machine never without a certificate that is looked at.
fn ssl_mode(value: &TomlValue<'_>, host: &str, written: Option<&str>) -> Option<&'static str> {
    let is_here = host.starts_with('/') || server::is_this_machine(host.trim_matches(['[', ']']));
    let known = VERIFIED.iter().chain(if is_here { &UNVERIFIED[..] } else { &[] });
    match written {
        None if is_here => Some("prefer"),
        None => Some("verify-full"),
        Some(mode) => {
            let known_mode = known.copied().find(|known| *known == mode);
            if known_mode.is_none() {
                value.error(ConfigMistake::UnverifiedServer { mode: mode.to_owned() });
            }
            known_mode
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_address_shows_no_password_and_nothing_behind_it() {
        let url = Url::parse("postgres://school@db.example:5433/nhacviec?sslmode=verify-full").unwrap();
        let server = ServerAddress { url, password: Some(SecretString::from("p@ss:w/ord")) };
        assert_eq!(server.to_string(), "postgres://school@db.example:5433/nhacviec");
        assert_eq!(
            format!("{:?}", StoreAddress::Server(server.clone())),
            "Server(ServerAddress(postgres://school@db.example:5433/nhacviec))"
        );
        let with_password = server.with_password();
        assert_eq!(
            with_password.as_str(),
            "postgres://school:p%40ss%3Aw%2Ford@db.example:5433/nhacviec?sslmode=verify-full"
        );
    }
}
