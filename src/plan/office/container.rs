//! Files that are zip archives of XML, from anywhere: what they may be, and how much of them is looked at.

use std::io::{Cursor, Read};
use std::path::Path;

use zip::ZipArchive;

use super::{Result, Unreadable};

/// No part of a document, and not all together, is larger when it is unpacked.
const LARGEST: u64 = 48 << 20;
/// No document has more parts.
const MOST_PARTS: usize = 10_000;

const AGAIN: &str = "save it again in Word or Excel; if it is being saved this moment, try again when that is done";

/// Word and Excel put a small file beside one that is open, which is none itself.
pub(super) fn not_a_lock(path: &Path) -> Result<()> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if name.starts_with("~$") || name.starts_with(".~lock") {
        return Err(Unreadable::new(
            "lock-file",
            "this is the file that Word or Excel keeps beside an open document",
            format!("name the document itself: {}", name.trim_start_matches("~$")),
        ));
    }
    Ok(())
}

/// The archive, after a look at what it is and at how large it is unpacked.
pub(super) fn open<'b>(bytes: &'b [u8], saved_as: &str) -> Result<ZipArchive<Cursor<&'b [u8]>>> {
    let other = if bytes.starts_with(b"%PDF") {
        Some("a PDF")
    } else if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        Some("a document of Word or Excel 97-2003, or one with a password")
    } else if bytes.starts_with(b"{\\rtf") {
        Some("a rich text document")
    } else if bytes.is_empty() {
        Some("empty")
    } else if !bytes.starts_with(b"PK") {
        Some("something else")
    } else {
        None
    };
    if let Some(other) = other {
        let message = format!("the file is called .{saved_as} and is {other}");
        return Err(Unreadable::new("wrong-format", message, format!("save it as .{saved_as}, without a password")));
    }
    let damaged =
        |error: zip::result::ZipError| Unreadable::new("damaged-file", format!("the file is damaged: {error}"), AGAIN);
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    if archive.len() > MOST_PARTS {
        return Err(too_large());
    }
    // What an archive says of its sizes may be a lie, so it is unpacked and counted.
    let mut left = LARGEST;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(damaged)?;
        let length = std::io::copy(&mut part.take(left + 1), &mut std::io::sink());
        let length =
            length.map_err(|error| Unreadable::new("damaged-file", format!("the file is damaged: {error}"), AGAIN))?;
        left = left.checked_sub(length).ok_or_else(too_large)?;
    }
    Ok(archive)
}

/// One part of an archive, as text.
pub(super) fn part(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Result<String> {
    let missing = |_| Unreadable::new("damaged-file", format!("the file has no part `{name}`"), AGAIN);
    let mut text = String::new();
    archive
        .by_name(name)
        .map_err(missing)?
        .take(LARGEST)
        .read_to_string(&mut text)
        .map_err(|error| Unreadable::new("damaged-file", format!("the part `{name}` is damaged: {error}"), AGAIN))?;
    Ok(text)
}

pub(super) fn too_large() -> Unreadable {
    let message = format!("the file is larger than {} MiB when it is unpacked", LARGEST >> 20);
    Unreadable::new("too-large", message, "is it the right file? Take pictures out of it")
}
