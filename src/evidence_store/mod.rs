//! Files of evidence in the state directory, each under the hash of its content.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::config::web::MAX_FILE_MIB;
use crate::hex;
use crate::private_files;
use crate::progress::evidence::Proof;
use crate::text;

/// The largest file of evidence that is kept, in bytes.
pub const MAX_FILE_BYTES: usize = (MAX_FILE_MIB as usize) << 20;
/// The longest name of a file, in letters.
const MAX_NAME_LEN: usize = 120;
/// The name of a file without a name.
const DEFAULT_NAME: &str = "minh-chung";

/// The media types that are kept, as `infer` finds them by content, each with its usual ending.
const BINARY_TYPES: &[(&str, &str)] = &[
    ("application/pdf", "pdf"),
    ("application/msword", "doc"),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    ("application/vnd.ms-excel", "xls"),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    ("application/vnd.ms-powerpoint", "ppt"),
    ("application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"),
    ("application/vnd.oasis.opendocument.text", "odt"),
    ("application/vnd.oasis.opendocument.spreadsheet", "ods"),
    ("application/vnd.oasis.opendocument.presentation", "odp"),
    ("image/jpeg", "jpg"),
    ("image/png", "png"),
    ("image/gif", "gif"),
    ("image/webp", "webp"),
    ("image/heif", "heic"),
    ("image/tiff", "tiff"),
    ("audio/mpeg", "mp3"),
    ("audio/m4a", "m4a"),
    ("video/mp4", "mp4"),
    ("video/quicktime", "mov"),
];
/// The endings of plain text, each with its media type.
const TEXT_TYPES: &[(&str, &str)] = &[("txt", "text/plain"), ("csv", "text/csv")];
/// Endings that mean the same as one of [`BINARY_TYPES`], each with the usual one.
const ENDING_SYNONYMS: &[(&str, &str)] =
    &[("jpeg", "jpg"), ("jpe", "jpg"), ("heif", "heic"), ("tif", "tiff"), ("m4v", "mp4")];

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
    /// The folder cannot be written to.
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

/// The folder that keeps files of evidence.
#[derive(Clone, Debug)]
pub struct EvidenceStore {
    folder: PathBuf,
}

impl EvidenceStore {
    /// The store in the state directory `state`. Makes no folder yet.
    #[must_use]
    pub fn new(state: &Path) -> Self {
        Self { folder: state.join("evidence") }
    }

    /// Keeps a file that was called `name`; a content that is there already is not written again. New content is on the
    /// disk when this returns.
    ///
    /// The content decides the media type. The name loses folders and control characters and gets the ending of its
    /// media type.
    ///
    /// # Errors
    /// [`EvidenceError`] when the file is empty, too large or of another type, or the folder cannot be written to.
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
        self.write(&hash, bytes).map_err(|source| EvidenceError::Unwritable {
            name: name.clone(),
            path: self.folder.clone(),
            source,
        })?;
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        Ok(Proof::File { hash, name, media_type: media_type.to_owned(), size })
    }

    /// The folder, where anything is kept in it.
    #[must_use]
    pub fn folder_in_use(&self) -> Option<&Path> {
        let mut files = std::fs::read_dir(&self.folder).ok()?;
        files.next().is_some().then_some(self.folder.as_path())
    }

    /// The path of the file with this hash.
    #[must_use]
    pub fn path(&self, hash: &str) -> PathBuf {
        self.folder.join(hash.get(..2).unwrap_or_default()).join(hash)
    }

    fn write(&self, hash: &str, bytes: &[u8]) -> io::Result<()> {
        let path = self.path(hash);
        if path.is_file() {
            return Ok(());
        }
        let folder = path.parent().unwrap_or(&self.folder);
        private_files::create_folder(folder)?;
        private_files::take_from_others(&self.folder)?;
        // Under a temporary name until it is whole: a file with a hash for a name must hold that content.
        let mut file = private_files::temporary_in(folder)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(&path).map_err(|error| error.error)?;
        private_files::sync_folder(folder)
    }
}

/// The media type and the usual ending of a file by its content. The name counts for plain text alone, which has no
/// marks of its own.
fn kind(bytes: &[u8], name: &str) -> Option<(&'static str, &'static str)> {
    if let Some(found) = infer::get(bytes) {
        return BINARY_TYPES.iter().find(|(media_type, _)| *media_type == found.mime_type()).copied();
    }
    let ending = ending(name)?;
    let (ending, media_type) = TEXT_TYPES.iter().find(|(known, _)| *known == ending)?;
    let is_text = std::str::from_utf8(bytes).is_ok_and(|text| {
        !text.trim_start_matches('\u{feff}').trim_start().starts_with('<')
            && !text.contains(|letter: char| letter.is_control() && !"\n\r\t\u{c}".contains(letter))
    });
    is_text.then_some((*media_type, *ending))
}

/// The ending of a name in small letters; of synonyms the usual one.
fn ending(name: &str) -> Option<String> {
    let (stem, ending) = name.rsplit_once('.')?;
    let ending = ending.to_lowercase();
    let same = ENDING_SYNONYMS.iter().find(|(other, _)| *other == ending).map(|(_, usual)| (*usual).to_owned());
    (!stem.is_empty()).then(|| same.unwrap_or(ending))
}

fn with_ending(name: String, usual: &str) -> String {
    match ending(&name) {
        Some(ending) if ending == usual => name,
        Some(_) => {
            let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
            format!("{stem}.{usual}")
        }
        None => format!("{name}.{usual}"),
    }
}

/// A name that may stand in a folder, a header and a page: no folders, no letters that steer a terminal or turn the
/// direction of reading, not hidden, not longer than [`MAX_NAME_LEN`].
fn clean(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let steers = |letter: char| {
        letter.is_control()
            || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let name: String = name
        .chars()
        .filter(|letter| !steers(*letter))
        .map(|letter| if "<>:\"|?*".contains(letter) { '-' } else { letter })
        .collect();
    let name = text::nfc(&name);
    let name = name.trim_matches(['.', ' ']);
    if name.is_empty() {
        return DEFAULT_NAME.to_owned();
    }
    let length = name.chars().count();
    if length <= MAX_NAME_LEN {
        return name.to_owned();
    }
    // The ending stays: it tells more than the end of the stem.
    let ending: String = name.rsplit_once('.').map(|(_, ending)| format!(".{ending}")).unwrap_or_default();
    let ending: String = if ending.chars().count() > 10 { String::new() } else { ending };
    name.chars().take(MAX_NAME_LEN - ending.chars().count()).chain(ending.chars()).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::fs;

    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    const PDF: &[u8] = b"%PDF-1.7\n";
    const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF";

    #[test]
    fn names_are_made_harmless_and_tell_the_truth() {
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
        let shelf = EvidenceStore::new(folder.path());
        for (bytes, name, expected) in cases {
            let thing = shelf.keep(bytes, name).unwrap();
            assert_eq!(thing.name(), *expected, "{name:?}");
            let Proof::File { hash, .. } = thing else { panic!("a file is kept as a file") };
            assert_eq!(fs::read(shelf.path(&hash)).unwrap(), *bytes);
        }
        let long = format!("{}.pdf", "a".repeat(400));
        let kept = shelf.keep(PDF, &long).unwrap();
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
        let shelf = EvidenceStore::new(folder.path());
        for (bytes, name) in refused {
            assert!(shelf.keep(bytes, name).is_err(), "{name} is kept");
        }
        let mut large = PDF.to_vec();
        large.resize(MAX_FILE_BYTES + 1, b' ');
        assert!(matches!(shelf.keep(&large, "a.pdf"), Err(EvidenceError::TooLarge { .. })));
        assert!(!folder.path().join("evidence").exists(), "nothing was written");
    }
}
