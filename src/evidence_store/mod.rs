//! Files of evidence, each kept and got by the SHA-256 of what it holds. Where they lie is known here alone: a folder today;
//! another place is a file beside `folder.rs` with a `Keeper`, and a line in [`EvidenceStore::open`].

mod content;
mod examined;
mod folder;

use std::collections::HashSet;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use jiff::Timestamp;
use tokio::io::AsyncRead;

use crate::config::EvidenceSettings;
use crate::progress::evidence::Proof;

use folder::Folder;

pub use examined::{EvidenceError, ExaminedFile, MAX_FILE_BYTES};

/// How many hexadecimal digits a hash has.
const HASH_LEN: usize = 64;

/// A file that is kept and that no report names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnnamedFile {
    /// The hash of its content; `None` where it was not written whole.
    pub hash: Option<String>,
    /// Since when it waits for a report.
    pub since: Timestamp,
    path: PathBuf,
}

impl UnnamedFile {
    /// Removes it.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn remove(&self) -> io::Result<()> {
        std::fs::remove_file(&self.path)
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
    /// Keeps a content, which no report names yet. It is on the disk when this returns; one that is there already is not
    /// written again.
    fn keep(&self, hash: &str, bytes: &[u8]) -> io::Result<()>;
    /// Notes that a report names a content: from now on it stays.
    fn set_named(&self, hash: &str) -> io::Result<()>;
    /// The contents that no report names.
    fn unnamed(&self) -> io::Result<Vec<UnnamedFile>>;
    /// How much is kept, in bytes.
    fn total(&self) -> io::Result<u64>;
    /// The content with this hash; [`io::ErrorKind::NotFound`] where there is none.
    async fn get(&self, hash: &str) -> io::Result<KeptFile>;
    /// Whether the content with this hash is there.
    fn has(&self, hash: &str) -> bool;
    /// Whether nothing is kept.
    fn is_empty(&self) -> bool;
}

/// Held while files are kept, so that two who do so at once do not exceed the bound together.
static KEEPING: Mutex<()> = Mutex::new(());

/// The store of evidence. A copy is cheap and is the same store.
#[derive(Clone, Debug)]
pub struct EvidenceStore {
    keeper: Arc<dyn Keeper>,
    /// Where that is, for messages.
    directory: PathBuf,
    /// The most bytes that are kept.
    most: u64,
}

impl EvidenceStore {
    /// The store that the configuration names. Writes nothing yet.
    #[must_use]
    pub fn open(settings: &EvidenceSettings) -> Self {
        let directory = settings.directory.clone();
        Self { keeper: Arc::new(Folder::new(directory.clone())), directory, most: settings.max_total }
    }

    /// Keeps files, all of them or none; a content that is there already is not written again. New content is on the disk
    /// when this returns, and is removed later if no report comes to name it ([`Self::set_named`]).
    ///
    /// # Errors
    /// [`EvidenceError::NoRoom`] when there is no room for all of them, and [`EvidenceError::Unwritable`].
    pub fn keep(&self, files: &[ExaminedFile]) -> Result<Vec<Proof>, EvidenceError> {
        let unwritable = |file: &ExaminedFile, source| EvidenceError::Unwritable {
            name: file.name().to_owned(),
            path: self.directory.clone(),
            source,
        };
        let _one_at_a_time = KEEPING.lock().unwrap_or_else(PoisonError::into_inner);
        let mut seen = HashSet::new();
        let new = files.iter().filter(|file| !self.has(&file.hash) && seen.insert(file.hash.as_str()));
        let more: u64 = new.map(ExaminedFile::size).sum();
        if let Some(first) = files.first().filter(|_| more > 0) {
            let used = self.keeper.total().map_err(|source| unwritable(first, source))?;
            if used.saturating_add(more) > self.most {
                let names: Vec<&str> = files.iter().map(ExaminedFile::name).collect();
                return Err(EvidenceError::NoRoom { names: names.join(", "), used, most: self.most });
            }
        }
        for file in files {
            self.keeper.keep(&file.hash, &file.bytes).map_err(|source| unwritable(file, source))?;
        }
        Ok(files.iter().map(|file| file.proof.clone()).collect())
    }

    /// Notes that a report names the files with these hashes: they stay.
    ///
    /// # Errors
    /// When the disk fails; a file that could not be noted is found by [`Self::unnamed`].
    pub fn set_named<'h>(&self, hashes: impl IntoIterator<Item = &'h str>) -> io::Result<()> {
        hashes.into_iter().filter(|hash| is_hash(hash)).try_for_each(|hash| self.keeper.set_named(hash))
    }

    /// The files that no report is known to name.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn unnamed(&self) -> io::Result<Vec<UnnamedFile>> {
        self.keeper.unnamed()
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
        with_room_for(folder, u64::MAX)
    }

    fn with_room_for(folder: &tempfile::TempDir, max_total: u64) -> EvidenceStore {
        EvidenceStore::open(&EvidenceSettings { directory: folder.path().join("evidence"), max_total })
    }

    fn keep(store: &EvidenceStore, bytes: &[u8], name: &str) -> Result<Proof, EvidenceError> {
        Ok(store.keep(&[ExaminedFile::of(bytes.to_vec(), name)?])?.remove(0))
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
            let proof = keep(&evidence, bytes, name).unwrap();
            assert_eq!(proof.name(), *expected, "{name:?}");
            let Proof::File { hash, .. } = proof else { panic!("a file is kept as a file") };
            assert_eq!(content(&evidence, &hash).await.unwrap(), *bytes);
        }
        let long = format!("{}.pdf", "a".repeat(400));
        let kept = keep(&evidence, PDF, &long).unwrap();
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
            assert!(keep(&evidence, bytes, name).is_err(), "{name} is kept");
        }
        let mut large = PDF.to_vec();
        large.resize(MAX_FILE_BYTES + 1, b' ');
        assert!(matches!(keep(&evidence, &large, "a.pdf"), Err(EvidenceError::TooLarge { .. })));
        assert!(!folder.path().join("evidence").exists(), "nothing was written");
    }

    #[tokio::test]
    async fn only_what_is_kept_is_got_and_only_by_its_hash() {
        let folder = tempfile::tempdir().unwrap();
        let evidence = store(&folder);
        assert!(evidence.is_empty());
        let Proof::File { hash, .. } = keep(&evidence, PDF, "a.pdf").unwrap() else {
            panic!("a file is kept as a file")
        };
        assert!(evidence.has(&hash) && !evidence.is_empty());
        std::fs::write(folder.path().join("links.key"), "secret").unwrap();
        let other = "0".repeat(HASH_LEN);
        for wrong in [other.as_str(), "", "../links.key", "/../../links.key", &hash.to_uppercase(), &hash[..63]] {
            assert!(!evidence.has(wrong), "{wrong}");
            assert_eq!(evidence.get(wrong).await.unwrap_err().kind(), io::ErrorKind::NotFound, "{wrong}");
        }
        let place = folder.path().join("evidence").join(&hash[..2]).join(format!("{hash}.new"));
        let large = u64::try_from(MAX_FILE_BYTES).unwrap() + 1;
        std::fs::File::options().write(true).open(place).unwrap().set_len(large).unwrap();
        assert_eq!(evidence.get(&hash).await.unwrap_err().kind(), io::ErrorKind::FileTooLarge);
    }

    #[tokio::test]
    async fn no_more_is_kept_than_there_is_room_for_and_what_is_there_needs_none() {
        let folder = tempfile::tempdir().unwrap();
        let evidence = with_room_for(&folder, 40);
        let file = |length: usize, name| {
            let mut bytes = PDF.to_vec();
            bytes.resize(length, b' ');
            ExaminedFile::of(bytes, name).unwrap()
        };
        let (first, second) = (file(20, "a.pdf"), file(21, "b.pdf"));
        let refused = evidence.keep(&[first.clone(), second.clone()]).unwrap_err();
        assert!(
            matches!(&refused, EvidenceError::NoRoom { names, used: 0, most: 40 } if names == "a.pdf, b.pdf"),
            "{refused}"
        );
        assert!(!folder.path().join("evidence").exists(), "nothing was written");
        evidence.keep(std::slice::from_ref(&first)).unwrap();
        assert!(matches!(evidence.keep(&[second]), Err(EvidenceError::NoRoom { used: 20, .. })));
        evidence.keep(&[first.clone(), first]).unwrap();
        evidence.keep(&[file(19, "c.pdf")]).unwrap();
    }

    #[tokio::test]
    async fn what_a_report_names_is_not_among_what_may_be_removed() {
        let folder = tempfile::tempdir().unwrap();
        let evidence = store(&folder);
        let (named, unnamed) = (keep(&evidence, PDF, "a.pdf").unwrap(), keep(&evidence, PNG, "b.png").unwrap());
        evidence.set_named([named.key()]).unwrap();
        evidence.set_named([named.key()]).unwrap();
        let part = folder.path().join("evidence").join(&named.key()[..2]).join(".a1.part");
        std::fs::write(&part, "%PDF").unwrap();
        // What lies there besides is nobody's business.
        std::fs::write(folder.path().join("evidence/notes.txt"), "").unwrap();
        let waiting = evidence.unnamed().unwrap();
        assert_eq!(waiting.len(), 2, "{waiting:?}");
        let wait_for = |file: &UnnamedFile| file.hash.as_deref().is_none_or(|hash| hash == unnamed.key());
        assert!(waiting.iter().all(wait_for), "{waiting:?}");
        // What is handed in again is named already.
        keep(&evidence, PDF, "a.pdf").unwrap();
        for file in waiting {
            file.remove().unwrap();
        }
        assert!(evidence.unnamed().unwrap().is_empty() && !part.exists() && !evidence.has(unnamed.key()));
        assert_eq!(content(&evidence, named.key()).await.unwrap(), PDF);
    }
}
