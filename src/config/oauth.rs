//! `oauth`: tokens that replace a password (OAuth 2.0 client credentials, RFC 6749, section 4.4).

use std::path::Path;

use secrecy::SecretString;

use super::{ConfigMistake, secret, url};
use crate::toml_file::TomlTable;

/// The source of tokens.
#[derive(Clone, Debug)]
pub struct OAuth {
    /// The token endpoint.
    pub address: String,
    /// The host of the token endpoint.
    pub host: String,
    /// The client's id.
    pub client_id: String,
    /// The client's secret.
    pub client_secret: SecretString,
    /// The scope of the tokens.
    pub scope: String,
}

impl OAuth {
    /// Reads `oauth` of a table: `token_url`, `client_id`, `client_secret_file` or the credential
    /// `oauth-client-secret`, and `scope`.
    ///
    /// # Errors
    /// If it is there and not usable; the mistake has been noted.
    pub(crate) fn read(table: &TomlTable<'_>, base: &Path) -> Result<Option<Self>, ()> {
        let Some(value) = table.get("oauth") else { return Ok(None) };
        let table = value.table("`oauth`").ok_or(())?;
        let address = table.require("token_url");
        let host = address.as_ref().and_then(|value| {
            let found = url::host(value.text()?);
            let noted = |why| value.error(ConfigMistake::BadWebAddress { why });
            found.map_err(noted).ok()
        });
        let client_id = table.require("client_id").and_then(|value| value.name());
        let scope = table.require("scope").and_then(|value| value.name());
        let secret = secret::read(&table, "client_secret_file", "oauth-client-secret", base);
        if matches!(secret, Ok(None)) {
            table.error(ConfigMistake::OAuthWithoutSecret);
        }
        table.close();
        let read = || {
            Some(Self {
                address: address?.text()?.to_owned(),
                host: host?,
                client_id: client_id?,
                client_secret: secret.ok().flatten()?,
                scope: scope?,
            })
        };
        read().map(Some).ok_or(())
    }
}
