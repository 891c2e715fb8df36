//! Secrets: passwords in files of their own, which nobody else may read. They never stand in the configuration, a log
//! or an error.

use std::io;
use std::path::{Path, PathBuf};

use secrecy::SecretString;

use crate::files::Files;
use crate::toml_file::{TomlTable, TomlValue};

/// The folder in which systemd puts the credentials of a service (systemd.exec, `LoadCredential=`).
const CREDENTIALS: &str = "CREDENTIALS_DIRECTORY";
/// The largest file of a secret, in bytes.
const MAX_SIZE: u64 = 4096;

/// The secret in the file that `key` names, relative to `base`, else the systemd credential `credential`. `None` where
/// there is neither, and where the file cannot be used; then that is noted.
#[must_use]
pub fn read(table: &TomlTable<'_>, key: &'static str, credential: &str, base: &Path) -> Option<SecretString> {
    if let Some(value) = table.get(key) {
        let path = base.join(value.text()?);
        return from_file(table.document().files(), &path, &value, key);
    }
    let folder = PathBuf::from(std::env::var_os(CREDENTIALS)?);
    match Files::Disk.read(&folder.join(credential), MAX_SIZE) {
        Ok(bytes) => Some(first_line(&bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => {
            let message = format!("cannot read the credential `{credential}`: {error}");
            let help = "look at `LoadCredential=` in the systemd unit, and that the service's user may read it";
            table.document().error(table.span(), "unreadable-secret", message, Some(help.to_owned()));
            None
        }
    }
}

fn from_file(files: &Files, path: &Path, value: &TomlValue<'_>, key: &str) -> Option<SecretString> {
    match files.is_private(path) {
        Ok(true) => {}
        Ok(false) => {
            let message = format!("others may read the secret in {}", path.display());
            value.error("readable-secret", message, format!("chmod 600 {}", path.display()));
            return None;
        }
        Err(error) => {
            // It may be the secret itself that stands there, so it is not repeated.
            let message = format!("cannot read the file that `{key}` names: {error}");
            let help = "write there the name of a file, which holds the secret alone on its first line";
            value.error("unreadable-secret", message, help);
            return None;
        }
    }
    match files.read(path, MAX_SIZE) {
        Ok(bytes) if !bytes.trim_ascii().is_empty() => Some(first_line(&bytes)),
        Err(error) if error.kind() != io::ErrorKind::FileTooLarge => {
            let message = format!("cannot read the secret in {}: {error}", path.display());
            value.error("unreadable-secret", message, "let the user that runs nhacviec read it");
            None
        }
        Ok(_) | Err(_) => {
            let message = format!("there is no secret in {}", path.display());
            value.error("unreadable-secret", message, "put the password into that file, alone on its first line");
            None
        }
    }
}

/// The first line of a file, without the spaces and the end of line behind it. Bytes that are no UTF-8 are no part of any
/// password that the program could use: they are kept as replacement marks, so that the server refuses it.
fn first_line(bytes: &[u8]) -> SecretString {
    let text = String::from_utf8_lossy(bytes);
    // Editors on Windows begin a file with a mark that nobody sees.
    let text = text.trim_start_matches('\u{feff}');
    SecretString::from(text.lines().next().unwrap_or_default().trim_end())
}
