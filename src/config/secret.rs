//! Secrets: passwords in files of their own, which nobody else may read. They never stand in the configuration, a log
//! or an error.

use std::io;
use std::path::{Path, PathBuf};

use secrecy::SecretString;

use crate::diagnostic::IoReason;
use crate::files::Files;
use crate::toml_file::{TomlTable, TomlValue};

use super::ConfigMistake;

/// The folder in which systemd puts the credentials of a service (systemd.exec, `LoadCredential=`).
const CREDENTIALS: &str = "CREDENTIALS_DIRECTORY";
/// The largest file of a secret, in bytes.
const MAX_SIZE: u64 = 4096;

/// A mistake that is noted: nothing more is said of what it leaves out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Noted;

/// The secret in the file that `key` names, relative to `base`, else the systemd credential `credential`; `None` where
/// there is neither.
///
/// # Errors
/// Where one is there and cannot be used.
pub(crate) fn read(
    table: &TomlTable<'_>,
    key: &'static str,
    credential: &str,
    base: &Path,
) -> Result<Option<SecretString>, Noted> {
    if let Some(value) = table.get(key) {
        let path = base.join(value.text().ok_or(Noted)?);
        return from_file(table.document().files(), &path, &value, key).map(Some).ok_or(Noted);
    }
    let Some(folder) = std::env::var_os(CREDENTIALS).map(PathBuf::from) else { return Ok(None) };
    match Files::Disk.read(&folder.join(credential), MAX_SIZE) {
        Ok(bytes) => Ok(Some(first_line(&bytes))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => {
            let (credential, reason) = (credential.to_owned(), IoReason::from(&error));
            table.error(ConfigMistake::UnreadableCredential { credential, reason });
            Err(Noted)
        }
    }
}

fn from_file(files: &Files, path: &Path, value: &TomlValue<'_>, key: &str) -> Option<SecretString> {
    match files.is_private(path) {
        Ok(true) => {}
        Ok(false) => {
            value.error_of_file(path, ConfigMistake::OthersReadSecret { path: path.to_owned() });
            return None;
        }
        Err(error) => {
            // It may be the secret itself that stands there, so it is not repeated.
            let (key, reason) = (key.to_owned(), IoReason::from(&error));
            value.error_of_file(path, ConfigMistake::UnreadableSecretFile { key, reason });
            return None;
        }
    }
    match files.read(path, MAX_SIZE) {
        Ok(bytes) if !bytes.trim_ascii().is_empty() => Some(first_line(&bytes)),
        Err(error) if error.kind() != io::ErrorKind::FileTooLarge => {
            let reason = IoReason::from(&error);
            value.error_of_file(path, ConfigMistake::UnreadableSecret { path: path.to_owned(), reason });
            None
        }
        Ok(_) | Err(_) => {
            value.error_of_file(path, ConfigMistake::NoSecret { path: path.to_owned() });
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
