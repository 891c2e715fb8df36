//! Secrets: passwords in files of their own, which nobody else may read. They never stand in the configuration, a log
//! or an error.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use secrecy::SecretString;

use crate::toml_file::{TomlTable, TomlValue};

/// The folder in which systemd puts the credentials of a service (systemd.exec, `LoadCredential=`).
const CREDENTIALS: &str = "CREDENTIALS_DIRECTORY";
/// The longest file of a secret, in bytes.
const MAX_SECRET_LEN: usize = 4096;

/// The secret in the file that `key` names, relative to `base`, else the systemd credential `credential`. `None` where
/// there is neither, and where the file cannot be used; then that is noted.
#[must_use]
pub fn read(table: &TomlTable<'_>, key: &'static str, credential: &str, base: &Path) -> Option<SecretString> {
    if let Some(value) = table.get(key) {
        let path = base.join(value.text()?);
        return from_file(&path, &value);
    }
    let folder = PathBuf::from(std::env::var_os(CREDENTIALS)?);
    match std::fs::read_to_string(folder.join(credential)) {
        Ok(text) => Some(first_line(&text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => {
            let message = format!("cannot read the credential `{credential}`: {error}");
            let help = "look at `LoadCredential=` in the systemd unit, and that the service's user may read it";
            table.document().error(table.span(), "unreadable-secret", message, Some(help.to_owned()));
            None
        }
    }
}

fn from_file(path: &Path, value: &TomlValue<'_>) -> Option<SecretString> {
    let metadata = match std::fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) => {
            let message = format!("cannot read the secret in {}: {error}", path.display());
            value.error("unreadable-secret", message, "put the password into that file, alone on its first line");
            return None;
        }
    };
    if metadata.permissions().mode() & 0o077 != 0 {
        let message = format!("others may read the secret in {}", path.display());
        value.error("readable-secret", message, format!("chmod 600 {}", path.display()));
        return None;
    }
    match std::fs::read_to_string(path) {
        Ok(text) if !text.trim().is_empty() && text.len() <= MAX_SECRET_LEN => Some(first_line(&text)),
        Ok(_) => {
            let message = format!("there is no secret in {}", path.display());
            value.error("unreadable-secret", message, "put the password into that file, alone on its first line");
            None
        }
        Err(error) => {
            let message = format!("cannot read the secret in {}: {error}", path.display());
            value.error("unreadable-secret", message, "let the user that runs nhacviec read it");
            None
        }
    }
}

fn first_line(text: &str) -> SecretString {
    SecretString::from(text.lines().next().unwrap_or_default().trim_end())
}
