//! The files that an admin and a school wrote, as the program reads them.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use crate::diagnostic::{FileMistake, IoReason};
use crate::text;

/// Where files are read from. A copy is cheap and shows the same files.
///
/// ```
/// use nhacviec::files::Files;
///
/// let files = Files::given([("school/plan.toml", "number = \"1\"")]);
/// assert_eq!(files.read("school/plan.toml".as_ref(), 1024)?, b"number = \"1\"");
/// assert!(files.read("school/other.toml".as_ref(), 1024).is_err());
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub enum Files {
    /// The file system.
    #[default]
    Disk,
    /// The file system, and what each file was like before it was read.
    Noted(ReadFiles),
    /// A set of files by path, and no others: for tests and simulations.
    Given(Arc<BTreeMap<PathBuf, Vec<u8>>>),
    /// The file system as it would be with these files in it.
    Changed(Arc<BTreeMap<PathBuf, Vec<u8>>>),
}

/// When a file was last written, and its size in bytes; `None` for a file that is not there.
pub type FileStamp = Option<(SystemTime, u64)>;

/// The stamp of a file as it is now.
#[must_use]
pub fn stamp(path: &Path) -> FileStamp {
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

/// Files that were read, each with its stamp from before that. Copies note in the same place.
#[derive(Clone, Debug, Default)]
pub struct ReadFiles(Arc<Mutex<BTreeMap<PathBuf, FileStamp>>>);

impl ReadFiles {
    /// The stamp of a file from before it was read first; `None` where it was not.
    #[must_use]
    pub fn stamp_of(&self, path: &Path) -> Option<FileStamp> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(path).copied()
    }

    fn note(&self, path: &Path) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(path.to_owned()).or_insert_with(|| stamp(path));
    }
}

impl Files {
    /// A set of files by path, and no others.
    #[must_use]
    pub fn given<P: Into<PathBuf>, B: Into<Vec<u8>>>(files: impl IntoIterator<Item = (P, B)>) -> Self {
        Self::Given(Arc::new(files.into_iter().map(|(path, bytes)| (path.into(), bytes.into())).collect()))
    }

    /// The file system as it would be with these files in it, in the place of those that have their paths.
    #[must_use]
    pub fn changed(files: impl IntoIterator<Item = (PathBuf, Vec<u8>)>) -> Self {
        Self::Changed(Arc::new(files.into_iter().collect()))
    }

    /// The file system; what is read is noted in `read`.
    #[must_use]
    pub fn noted_in(read: &ReadFiles) -> Self {
        Self::Noted(read.clone())
    }

    /// What a file holds.
    ///
    /// # Errors
    /// When it is not there or cannot be read; [`io::ErrorKind::FileTooLarge`] when it has more than `max` bytes.
    pub fn read(&self, path: &Path, max: u64) -> io::Result<Vec<u8>> {
        if let Self::Noted(read) = self {
            read.note(path);
        }
        let bytes = match self {
            Self::Changed(files) if files.contains_key(path) => files[path].clone(),
            Self::Disk | Self::Noted(_) | Self::Changed(_) => {
                // A named pipe would be waited for until somebody writes into it.
                if !std::fs::metadata(path)?.is_file() {
                    return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no regular file"));
                }
                let file = std::fs::File::open(path)?;
                let length = file.metadata()?.len().min(max);
                // With a little room behind it, its end is found without asking for twice as much.
                let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0) + 64);
                file.take(max + 1).read_to_end(&mut bytes)?;
                bytes
            }
            Self::Given(files) => files.get(path).cloned().ok_or(io::ErrorKind::NotFound)?,
        };
        if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > max {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        Ok(bytes)
    }

    /// A file beside a missing one whose name looks the same, but is composed of other letters (NFD, as on a Mac).
    #[must_use]
    pub fn other_form(&self, missing: &Path) -> Option<PathBuf> {
        let name = missing.file_name()?;
        let wanted = text::nfc(&name.to_string_lossy());
        let is_other = |other: &Path| {
            let own = other.file_name().filter(|own| other.parent() == missing.parent() && *own != name);
            own.is_some_and(|own| text::nfc(&own.to_string_lossy()) == wanted)
        };
        match self {
            Self::Given(files) => files.keys().find(|other| is_other(other)).cloned(),
            Self::Disk | Self::Noted(_) | Self::Changed(_) => {
                let parent = missing.parent()?;
                let folder = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
                let entries = std::fs::read_dir(folder).ok()?.flatten();
                entries.map(|entry| parent.join(entry.file_name())).find(|other| is_other(other))
            }
        }
    }

    /// Why a file of `max` bytes at most could not be read, for whoever named it.
    #[must_use]
    pub(crate) fn explain(&self, path: &Path, max: u64, error: &io::Error) -> FileMistake {
        let path = path.to_owned();
        if error.kind() == io::ErrorKind::FileTooLarge {
            return FileMistake::TooLarge { path, mebibytes: max >> 20 };
        }
        let reason = IoReason::from(error);
        // One that is there is never to be overwritten by another.
        let other = (error.kind() == io::ErrorKind::NotFound).then(|| self.other_form(&path)).flatten();
        match other {
            Some(other) => FileMistake::OtherForm { path, reason, other },
            None => FileMistake::Unreadable { path, reason },
        }
    }

    /// Whether nobody but the file's owner may read it.
    ///
    /// # Errors
    /// When the file is not there or cannot be looked at.
    pub fn is_private(&self, path: &Path) -> io::Result<bool> {
        match self {
            Self::Disk | Self::Noted(_) | Self::Changed(_) => {
                const OTHERS: u32 = 0o077;
                Ok(std::fs::metadata(path)?.permissions().mode() & OTHERS == 0)
            }
            Self::Given(files) => files.get(path).map(|_| true).ok_or(io::ErrorKind::NotFound.into()),
        }
    }
}
