//! The key of a school's links: a file in the state directory that only its owner may read.

use std::fmt;
use std::io::{self, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use hmac::{Hmac, KeyInit, Mac};
use secrecy::zeroize::Zeroize;
use secrecy::{ExposeSecret, SecretBox};
use sha2::Sha256;

use crate::private_files;

/// The name of the file.
const NAME: &str = "links.key";

/// The key of a school's links: 32 random bytes that never leave the state directory and are never shown.
pub struct LinkKey(SecretBox<[u8; 32]>);

impl LinkKey {
    /// A key of these bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(SecretBox::new(Box::new(bytes)))
    }

    /// The key of rehearsals of a school that has none yet. Everybody knows it, so no server takes its links.
    #[must_use]
    pub fn for_rehearsals() -> Self {
        Self::new(*b"the key of rehearsals for no-one")
    }

    /// A message authentication code over `parts`. Each part is preceded by its length, so that moving the border between
    /// two parts changes the code.
    pub(super) fn mac(&self, parts: &[&[u8]]) -> Option<Hmac<Sha256>> {
        // HMAC takes keys of every length, so this never fails.
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.expose_secret()).ok()?;
        for part in parts {
            mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            mac.update(part);
        }
        Some(mac)
    }
}

impl Clone for LinkKey {
    fn clone(&self) -> Self {
        Self::new(*self.0.expose_secret())
    }
}

impl fmt::Debug for LinkKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkKey([secret])")
    }
}

/// Why the key of links cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read or made.
    #[error("cannot use {}, the key of the links", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: io::Error,
    },
    /// The file does not hold 32 bytes.
    #[error("{} is no key of links: it must have 32 bytes; without the file a new one is made, and links of before are void", .0.display())]
    Damaged(PathBuf),
    /// Others than its owner may read the file.
    #[error("others may read {}, the key of the links: chmod 600 it", .0.display())]
    Readable(PathBuf),
}

/// The key in the state directory `state`; a new one is made where there is none.
///
/// # Errors
/// [`KeyError`], and also when a new key cannot be written.
pub fn read_or_make(state: &Path) -> Result<LinkKey, KeyError> {
    if let Some(key) = read(state)? {
        return Ok(key);
    }
    make(state).map_err(|source| KeyError::File { path: state.join(NAME), source })?;
    read(state)?.ok_or_else(|| KeyError::Damaged(state.join(NAME)))
}

/// The file of the key in the state directory `state`, where it is there, whatever it holds.
#[must_use]
pub fn file(state: &Path) -> Option<PathBuf> {
    let path = state.join(NAME);
    path.exists().then_some(path)
}

/// The key in the state directory `state`, or `None` where there is none.
///
/// # Errors
/// [`KeyError`].
pub fn read(state: &Path) -> Result<Option<LinkKey>, KeyError> {
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
    let key = <[u8; 32]>::try_from(bytes.as_slice()).map(LinkKey::new);
    bytes.zeroize();
    key.map(Some).map_err(|_| KeyError::Damaged(path))
}

/// Makes the file, whole or not at all, readable to its owner alone. A file that another process made meanwhile stays.
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
    use crate::link::{LinkTag, LinkToken, Purpose, Signer};

    #[test]
    fn a_key_is_made_once_and_for_its_owner_alone() {
        let state = tempfile::tempdir().unwrap();
        assert!(read(state.path()).unwrap().is_none());
        let token = LinkToken {
            purpose: Purpose::Status,
            issued: Timestamp::UNIX_EPOCH,
            days: 1,
            person: LinkTag::NONE,
            subject: LinkTag::NONE,
        };
        let sign = |key: LinkKey| Signer::new(key, "school").sign(&token);
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

    #[test]
    fn a_key_shows_nothing() {
        assert_eq!(format!("{:?}", LinkKey::new([65; 32])), "LinkKey([secret])");
    }
}
