//! Files of evidence, each kept and got by the SHA-256 of what it holds. Where they lie is known here alone: a folder today;
//! another place is a file beside `folder.rs` with a `Keeper`, and a line in [`EvidenceStore::open`].

mod content;
mod folder;

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;

use async_trait::async_trait;
use sha2::{Digest, Sha256};
use tokio::io::AsyncRead;

use crate::config::EvidenceSettings;
use crate::config::web::MAX_FILE_MIB;
use crate::hex;
use crate::progress::evidence::Proof;

use content::{clean, kind, with_ending};
use folder::Folder;

/// The largest file of evidence that is kept, in bytes.
pub const MAX_FILE_BYTES: usize = (MAX_FILE_MIB as usize) << 20;
/// How many hexadecimal digits a hash has.
const HASH_LEN: usize = 64;

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
        "`{name}` is none of the kinds of files that are kept: PDF, Word, Excel, PowerPoint, RTF, OpenDocument, pictures, MP3, M4A, AMR, MP4, plain text"
    )]
    UnknownKind {
        /// Its name.
        name: String,
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
    /// The name of the file.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Empty { name }
            | Self::TooLarge { name }
            | Self::UnknownKind { name }
            | Self::Unwritable { name, .. } => name,
        }
    }
}

/// A file that is kept: its size in bytes, and what it holds, a piece at a time.
pub struct KeptFile {
    /// The size in bytes, at most [`MAX_FILE_BYTES`].
    pub size: u64,
    /// What it holds.
    pub content: Pin<Box<dyn AsyncRead + Send>>,
}

impl fmt::Debug for KeptFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeptFile").field("size", &self.size).finish_non_exhaustive()
    }
}

/// A place that keeps contents by hash.
#[async_trait]
trait Keeper: fmt::Debug + Send + Sync {
    /// Keeps a content. It is there for good when this returns; one that is there already is not written again.
    fn keep(&self, hash: &str, bytes: &[u8]) -> io::Result<()>;
    /// The content with this hash; [`io::ErrorKind::NotFound`] where there is none.
    async fn get(&self, hash: &str) -> io::Result<KeptFile>;
    /// Whether the content with this hash is there.
    fn has(&self, hash: &str) -> bool;
    /// Whether nothing is kept.
    fn is_empty(&self) -> bool;
}

/// The store of evidence. A copy is cheap and is the same store.
#[derive(Clone, Debug)]
pub struct EvidenceStore {
    keeper: Arc<dyn Keeper>,
    /// Where that is, for messages.
    directory: PathBuf,
}

impl EvidenceStore {
    /// The store that the configuration names. Writes nothing yet.
    #[must_use]
    pub fn open(settings: &EvidenceSettings) -> Self {
        let directory = settings.directory.clone();
        Self { keeper: Arc::new(Folder::new(directory.clone())), directory }
    }

    /// Keeps a file that was called `name`; a content that is there already is not written again. New content is on the
    /// disk when this returns.
    ///
    /// The content decides the media type. The name loses folders and control characters and gets the ending of its
    /// media type.
    ///
    /// # Errors
    /// [`EvidenceError`] when the file is empty, too large or of another type, or cannot be written.
    pub fn keep(&self, bytes: &[u8], name: &str) -> Result<Proof, EvidenceError> {
        let name = clean(name);
        if bytes.is_empty() {
            return Err(EvidenceError::Empty { name });
        }
        if bytes.len() > MAX_FILE_BYTES {
            return Err(EvidenceError::TooLarge { name });
        }
        let Some((media_type, ending)) = kind(bytes, &name) else { return Err(EvidenceError::UnknownKind { name }) };
        let name = with_ending(name, ending);
        let hash = hex(&Sha256::digest(bytes));
        self.keeper.keep(&hash, bytes).map_err(|source| EvidenceError::Unwritable {
            name: name.clone(),
            path: self.directory.clone(),
            source,
        })?;
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        Ok(Proof::File { hash, name, media_type: media_type.to_owned(), size })
    }

    /// The file whose content has this hash, 64 hexadecimal digits.
    ///
    /// # Errors
    /// [`io::ErrorKind::NotFound`] where nothing with this hash is kept; [`io::ErrorKind::FileTooLarge`] where what lies
    /// in its place is larger than anything that is kept; and when it cannot be read.
    pub async fn get(&self, hash: &str) -> io::Result<KeptFile> {
        if !is_hash(hash) {
            return Err(io::ErrorKind::NotFound.into());
        }
        let file = self.keeper.get(hash).await?;
        if usize::try_from(file.size).is_ok_and(|size| size <= MAX_FILE_BYTES) {
            Ok(file)
        } else {
            Err(io::ErrorKind::FileTooLarge.into())
        }
    }

    /// Whether a content with this hash is kept.
    #[must_use]
    pub fn has(&self, hash: &str) -> bool {
        is_hash(hash) && self.keeper.has(hash)
    }

    /// Whether nothing is kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keeper.is_empty()
    }
}

/// Whether a text is a hash as [`Proof::File`] has it. Anything else could name something beside the files that are kept.
fn is_hash(text: &str) -> bool {
    text.len() == HASH_LEN && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use tokio::io::AsyncReadExt;

    use super::content::MAX_NAME_LEN;
    use super::*;

    fn store(folder: &tempfile::TempDir) -> EvidenceStore {
        EvidenceStore::open(&EvidenceSettings { directory: folder.path().join("evidence") })
    }

    async fn content(store: &EvidenceStore, hash: &str) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        store.get(hash).await?.content.read_to_end(&mut bytes).await?;
        Ok(bytes)
    }

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    const PDF: &[u8] = b"%PDF-1.7\n";
    const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF";

    #[tokio::test]
    async fn names_are_made_harmless_and_tell_the_truth() {
        let cases: &[(&[u8], &str, &str)] = &[
            (PDF, "Biên bản họp.pdf", "Biên bản họp.pdf"),
            (PDF, "../../etc/cron.d/biên bản.PDF", "biên bản.PDF"),
            (PDF, "C:\\Users\\hiệu trưởng\\bản.pdf", "bản.pdf"),
            (PDF, "bản\r\nSet-Cookie: a=b.pdf", "bảnSet-Cookie- a=b.pdf"),
            (PDF, "gnp.\u{202e}fdp", "gnp.pdf"),
            (PDF, "...", "minh-chung.pdf"),
            (PDF, "", "minh-chung.pdf"),
            (PDF, ".bashrc", "bashrc.pdf"),
            (JPEG, "ảnh.png", "ảnh.jpg"),
            (JPEG, "ảnh.JPEG", "ảnh.JPEG"),
            (PNG, "ảnh.exe", "ảnh.png"),
            ("tên,số\nAn,1\n".as_bytes(), "danh sách.csv", "danh sách.csv"),
        ];
        let folder = tempfile::tempdir().unwrap();
        let evidence = store(&folder);
        for (bytes, name, expected) in cases {
            let proof = evidence.keep(bytes, name).unwrap();
            assert_eq!(proof.name(), *expected, "{name:?}");
            let Proof::File { hash, .. } = proof else { panic!("a file is kept as a file") };
            assert_eq!(content(&evidence, &hash).await.unwrap(), *bytes);
        }
        let long = format!("{}.pdf", "a".repeat(400));
        let kept = evidence.keep(PDF, &long).unwrap();
        assert!(
            kept.name().len() == MAX_NAME_LEN && kept.name().rsplit_once('.').unwrap().1 == "pdf",
            "{}",
            kept.name()
        );
    }

    #[test]
    fn what_a_file_holds_decides_whether_it_is_kept() {
        let refused: &[(&[u8], &str)] = &[
            (b"", "empty.pdf"),
            (b"MZ\x90\0\x03\0\0\0", "document.pdf"),
            (b"\x7fELF\x02\x01\x01\0", "picture.png"),
            (b"#!/bin/sh\nrm -rf /\n", "notes.txt"),
            (b"<!DOCTYPE html><script>alert(1)</script>", "page.txt"),
            (b" \n<svg xmlns='http://www.w3.org/2000/svg'/>", "picture.txt"),
            (b"plain words", "words"),
            (b"plain words", "words.pdf"),
            (b"nul\0byte", "text.txt"),
            (b"\xff\xfe\x00latin", "text.txt"),
            (b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "archive.docx"),
        ];
        let folder = tempfile::tempdir().unwrap();
        let evidence = store(&folder);
        for (bytes, name) in refused {
            assert!(evidence.keep(bytes, name).is_err(), "{name} is kept");
        }
        let mut large = PDF.to_vec();
        large.resize(MAX_FILE_BYTES + 1, b' ');
        assert!(matches!(evidence.keep(&large, "a.pdf"), Err(EvidenceError::TooLarge { .. })));
        assert!(!folder.path().join("evidence").exists(), "nothing was written");
    }

    #[tokio::test]
    async fn only_what_is_kept_is_got_and_only_by_its_hash() {
        let folder = tempfile::tempdir().unwrap();
        let evidence = store(&folder);
        assert!(evidence.is_empty());
        let Proof::File { hash, .. } = evidence.keep(PDF, "a.pdf").unwrap() else { panic!("a file is kept as a file") };
        assert!(evidence.has(&hash) && !evidence.is_empty());
        std::fs::write(folder.path().join("links.key"), "secret").unwrap();
        let other = "0".repeat(HASH_LEN);
        for wrong in [other.as_str(), "", "../links.key", "/../../links.key", &hash.to_uppercase(), &hash[..63]] {
            assert!(!evidence.has(wrong), "{wrong}");
            assert_eq!(evidence.get(wrong).await.unwrap_err().kind(), io::ErrorKind::NotFound, "{wrong}");
        }
        let place = folder.path().join("evidence").join(&hash[..2]).join(&hash);
        let large = u64::try_from(MAX_FILE_BYTES).unwrap() + 1;
        std::fs::File::options().write(true).open(place).unwrap().set_len(large).unwrap();
        assert_eq!(evidence.get(&hash).await.unwrap_err().kind(), io::ErrorKind::FileTooLarge);
    }
}
