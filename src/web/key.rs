//! The key of a school's links, in a file of the state directory that nobody else may read.

use std::io::{self, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use secrecy::zeroize::Zeroize;

use crate::link::Key;
use crate::private_files;

/// The file's name.
const NAME: &str = "links.key";

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read or made.
    #[error("cannot use {}, the key of the links", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The file is not what the program made.
    #[error("{} is no key of links: it must have 32 bytes; without the file a new one is made, and links of before are void", .0.display())]
    Damaged(PathBuf),
    /// Others may read the file.
    #[error("others may read {}, the key of the links: chmod 600 it", .0.display())]
    Readable(PathBuf),
}

/// The key in a state directory, made where there is none yet.
///
/// # Errors
/// When it cannot be read, made or trusted.
pub fn read_or_make(state: &Path) -> Result<Key, KeyError> {
    if let Some(key) = read(state)? {
        return Ok(key);
    }
    make(state).map_err(|source| KeyError::File { path: state.join(NAME), source })?;
    read(state)?.ok_or_else(|| KeyError::Damaged(state.join(NAME)))
}

/// The file of the key in a state directory, where it is there, whatever it holds.
#[must_use]
pub fn file(state: &Path) -> Option<PathBuf> {
    let path = state.join(NAME);
    path.exists().then_some(path)
}

/// The key in a state directory, where there is one.
///
/// # Errors
/// When it cannot be read or trusted.
pub fn read(state: &Path) -> Result<Option<Key>, KeyError> {
    let path = state.join(NAME);
    let failed = |source| KeyError::File { path: path.clone(), source };
    let file = match std::fs::File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    if file.metadata().map_err(failed)?.permissions().mode() & 0o077 != 0 {
        return Err(KeyError::Readable(path));
    }
    let mut bytes = Vec::with_capacity(64);
    file.take(64).read_to_end(&mut bytes).map_err(failed)?;
    let key = <[u8; 32]>::try_from(bytes.as_slice()).map(Key::new);
    bytes.zeroize();
    key.map(Some).map_err(|_| KeyError::Damaged(path))
}

/// Makes the file whole or not at all. One that another process made meanwhile stays.
fn make(state: &Path) -> io::Result<()> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    let mut file = private_files::temporary_in(state)?;
    file.write_all(&bytes)?;
    bytes.zeroize();
    file.as_file().sync_all()?;
    match file.persist_noclobber(state.join(NAME)) {
        Err(error) if error.error.kind() != io::ErrorKind::AlreadyExists => return Err(error.error),
        _ => {}
    }
    private_files::sync_folder(state)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::fs::Permissions;

    use jiff::Timestamp;

    use super::*;
    use crate::link::{Purpose, Signer, Tag, Token};

    #[test]
    fn a_key_is_made_once_and_for_its_owner_alone() {
        let state = tempfile::tempdir().unwrap();
        assert!(read(state.path()).unwrap().is_none());
        let token = Token {
            purpose: Purpose::Status,
            issued: Timestamp::UNIX_EPOCH,
            days: 1,
            person: Tag::NONE,
            subject: Tag::NONE,
        };
        let sign = |key: Key| Signer::new(key, "school").sign(&token);
        let made = sign(read_or_make(state.path()).unwrap());
        assert_eq!(sign(read_or_make(state.path()).unwrap()), made);
        assert_eq!(sign(read(state.path()).unwrap().unwrap()), made);
        let path = state.path().join(NAME);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(state.path()).unwrap().count(), 1, "nothing is left beside it");

        std::fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(read(state.path()), Err(KeyError::Readable(_))));
        std::fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        std::fs::write(&path, [1; 31]).unwrap();
        assert!(matches!(read_or_make(state.path()), Err(KeyError::Damaged(_))));
        std::fs::remove_file(&path).unwrap();
        assert_ne!(sign(read_or_make(state.path()).unwrap()), made);
    }
}
