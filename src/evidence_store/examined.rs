//! Looking at a file before it is kept: whether it may be, and what it is then called.

use std::io;
use std::path::PathBuf;

use sha2::{Digest, Sha256};

use crate::config::web::MAX_FILE_MIB;
use crate::hex;
use crate::progress::evidence::Proof;

use super::content::{clean, kind, with_ending};

/// The largest file of evidence that is kept, in bytes.
pub const MAX_FILE_BYTES: usize = (MAX_FILE_MIB as usize) << 20;
/// Why a file is not kept.
#[derive(Debug, thiserror::Error)]
pub enum EvidenceError {
    /// The file is empty.
    #[error("`{name}` is empty")]
    Empty {
        /// Its name.
        name: String,
    },
    /// The file is larger than [`MAX_FILE_BYTES`].
    #[error("`{name}` is larger than {} MB", MAX_FILE_BYTES >> 20)]
    TooLarge {
        /// Its name.
        name: String,
    },
    /// By its content the file is no document, picture, sound or film, whatever its name says.
    #[error(
        "`{name}` is none of the kinds of files that are kept: PDF, Word, Excel, PowerPoint, OpenDocument, pictures, MP3, MP4, plain text"
    )]
    UnknownKind {
        /// Its name.
        name: String,
    },
    /// With these files there would be more than `max_total` of `[evidence]`.
    #[error(
        "there is no room for {names}: {} of the {} MB of `max_total` in [evidence] are used",
        used >> 20, most >> 20
    )]
    NoRoom {
        /// The names of the files.
        names: String,
        /// The bytes that are kept.
        used: u64,
        /// The bytes that may be.
        most: u64,
    },
    /// The place where evidence is kept cannot be written to.
    #[error("cannot keep `{name}` in {}", path.display())]
    Unwritable {
        /// Its name.
        name: String,
        /// The folder.
        path: PathBuf,
        /// The cause.
        #[source]
        source: io::Error,
    },
}

impl EvidenceError {
    /// The name of the file, or the names of all.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Empty { name }
            | Self::TooLarge { name }
            | Self::UnknownKind { name }
            | Self::NoRoom { names: name, .. }
            | Self::Unwritable { name, .. } => name,
        }
    }
}

/// A file that may be kept as evidence, and is not yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExaminedFile {
    pub(super) proof: Proof,
    pub(super) hash: String,
    pub(super) bytes: Vec<u8>,
}

impl ExaminedFile {
    /// Looks at a file that was called `name`.
    ///
    /// The content decides the media type. The name loses folders and control characters and gets the ending of its
    /// media type.
    ///
    /// # Errors
    /// [`EvidenceError`] when the file is empty, too large or of another type.
    pub fn of(bytes: Vec<u8>, name: &str) -> Result<Self, EvidenceError> {
        let name = clean(name);
        if bytes.is_empty() {
            return Err(EvidenceError::Empty { name });
        }
        if bytes.len() > MAX_FILE_BYTES {
            return Err(EvidenceError::TooLarge { name });
        }
        let Some((media_type, ending)) = kind(&bytes, &name) else { return Err(EvidenceError::UnknownKind { name }) };
        let name = with_ending(name, ending);
        let hash = hex(&Sha256::digest(&bytes));
        Ok(Self {
            proof: Proof::File { hash: hash.clone(), name, media_type: media_type.to_owned(), size: size(&bytes) },
            hash,
            bytes,
        })
    }

    /// Its name as it will be kept.
    #[must_use]
    pub fn name(&self) -> &str {
        self.proof.name()
    }

    /// How large it is, in bytes.
    pub(super) fn size(&self) -> u64 {
        size(&self.bytes)
    }
}

fn size(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}
