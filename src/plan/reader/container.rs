//! Files that are zip archives of XML, from anywhere: what they may be, and how much of them is looked at.

use std::io::{Cursor, Read};
use std::path::Path;

use encoding_rs::{UTF_16BE, UTF_16LE};
use quick_xml::Reader;
use quick_xml::events::Event;
use zip::ZipArchive;

use super::super::mistake::OtherFormat;
use super::mistake::{DocumentMistake, FileContent, Result};

/// No part of a document, and not all together, is larger when it is unpacked.
const LARGEST: u64 = 48 << 20;
/// No document has more parts.
const MOST_PARTS: usize = 10_000;

/// Word and Excel put a small file beside one that is open, which is none itself.
pub(super) fn not_a_lock(path: &Path) -> Result<()> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if name.starts_with("~$") || name.starts_with(".~lock") {
        return Err(DocumentMistake::LockFile { document: name.trim_start_matches("~$").to_owned() });
    }
    Ok(())
}

/// The archive, after a look at what it is and at how large it is unpacked.
pub(super) fn open<'b>(bytes: &'b [u8], saved_as: &str) -> Result<ZipArchive<Cursor<&'b [u8]>>> {
    let other = if bytes.starts_with(b"%PDF") {
        Some(FileContent::Pdf)
    } else if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        Some(FileContent::OldOffice)
    } else if bytes.starts_with(b"{\\rtf") {
        Some(FileContent::RichText)
    } else if bytes.is_empty() {
        Some(FileContent::Nothing)
    } else if !bytes.starts_with(b"PK") {
        Some(FileContent::SomethingElse)
    } else {
        None
    };
    if let Some(content) = other {
        return Err(DocumentMistake::NotAsCalled { ending: saved_as.to_owned(), content });
    }
    let damaged = |error: zip::result::ZipError| DocumentMistake::Damaged { error: error.to_string() };
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    if archive.len() > MOST_PARTS {
        return Err(too_large());
    }
    if let Some(content) = other_document(&archive, saved_as) {
        return Err(DocumentMistake::NotAsCalled { ending: saved_as.to_owned(), content });
    }
    // What an archive says of its sizes may be a lie, so it is unpacked and counted.
    let mut left = LARGEST;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(damaged)?;
        let length = std::io::copy(&mut part.take(left + 1), &mut std::io::sink());
        let length = length.map_err(|error| DocumentMistake::Damaged { error: error.to_string() })?;
        left = left.checked_sub(length).ok_or_else(too_large)?;
    }
    Ok(archive)
}

/// What an archive is that is called `saved_as` and is none.
fn other_document(archive: &ZipArchive<Cursor<&[u8]>>, saved_as: &str) -> Option<FileContent> {
    let has = |name: &str| archive.index_for_name(name).is_some();
    match saved_as {
        _ if has("mimetype") && has("content.xml") => Some(FileContent::LibreOffice),
        "docx" if has("xl/workbook.xml") => Some(FileContent::Workbook),
        "xlsx" if has("word/document.xml") => Some(FileContent::WordDocument),
        "xlsx" if has("xl/workbook.bin") => Some(FileContent::BinaryWorkbook),
        _ => None,
    }
}

/// One part of an archive, as text: UTF-8, or UTF-16 with its mark.
pub(super) fn part(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Result<String> {
    let missing = |_| DocumentMistake::PartMissing { part: name.to_owned() };
    let damaged = |error: &dyn std::fmt::Display| DocumentMistake::PartDamaged {
        part: name.to_owned(),
        error: error.to_string(),
    };
    let mut bytes = Vec::new();
    archive.by_name(name).map_err(missing)?.take(LARGEST).read_to_end(&mut bytes).map_err(|error| damaged(&error))?;
    let utf_16 = match bytes.as_slice() {
        [0xFF, 0xFE, ..] | [b'<', 0, ..] => Some(UTF_16LE),
        [0xFE, 0xFF, ..] | [0, b'<', ..] => Some(UTF_16BE),
        _ => None,
    };
    match utf_16 {
        Some(encoding) => Ok(encoding.decode_with_bom_removal(&bytes).0.into_owned()),
        None => String::from_utf8(bytes).map_err(|error| damaged(&error)),
    }
}

/// A part that not every document has.
pub(super) fn optional_part(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Result<Option<String>> {
    if archive.index_for_name(name).is_none() {
        return Ok(None);
    }
    part(archive, name).map(Some)
}

/// The relations of a part: kind (the last word of its address), id, and the part that is meant, from the root.
pub(super) fn relations(archive: &mut ZipArchive<Cursor<&[u8]>>, of: &str) -> Result<Vec<Relation>> {
    let (folder, name) = of.rsplit_once('/').unwrap_or(("", of));
    let path = if folder.is_empty() { format!("_rels/{name}.rels") } else { format!("{folder}/_rels/{name}.rels") };
    let Some(xml) = optional_part(archive, &path)? else { return Ok(Vec::new()) };
    let mut relations = Vec::new();
    let mut reader = Reader::from_str(&xml);
    while let Ok(event) = reader.read_event() {
        let (Event::Start(element) | Event::Empty(element)) = event else {
            if matches!(event, Event::Eof) {
                break;
            }
            continue;
        };
        let attribute = |wanted: &str| {
            let found = element.attributes().flatten().find(|attribute| attribute.key.local_name().as_ref() == wanted);
            found.map(|attribute| attribute.value.into_owned())
        };
        let (Some(kind), Some(target)) = (attribute("Type"), attribute("Target")) else { continue };
        let target = match target.strip_prefix('/') {
            Some(from_root) => from_root.to_owned(),
            None if folder.is_empty() => target,
            None => format!("{folder}/{target}"),
        };
        let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
        relations.push(Relation { kind, id: attribute("Id").unwrap_or_default(), target });
    }
    Ok(relations)
}

/// How one part of a document belongs to another.
#[derive(Debug)]
pub(super) struct Relation {
    pub(super) kind: String,
    pub(super) id: String,
    pub(super) target: String,
}

/// The main part of a document: the one that `_rels/.rels` names, else the usual one.
pub(super) fn main_part(archive: &mut ZipArchive<Cursor<&[u8]>>, usual: &str) -> Result<String> {
    let relations = relations(archive, "")?;
    let main = relations.into_iter().find(|relation| relation.kind == "officeDocument");
    Ok(main.map_or_else(|| usual.to_owned(), |relation| relation.target))
}

/// What a file of another ending is.
pub(super) fn other_format(ending: &str) -> OtherFormat {
    match ending {
        "doc" | "dot" => OtherFormat::OldWord,
        "docm" | "dotm" | "dotx" => OtherFormat::WordWithMacros,
        "odt" | "rtf" => OtherFormat::OtherText,
        "xls" => OtherFormat::OldExcel,
        "xlsm" | "xlsb" | "xltx" => OtherFormat::ExcelWithMacros,
        "ods" => OtherFormat::OtherWorkbook,
        "pdf" => OtherFormat::Pdf,
        "" => OtherFormat::NoEnding,
        _ => OtherFormat::SomethingElse,
    }
}

pub(super) fn too_large() -> DocumentMistake {
    DocumentMistake::TooLargeUnpacked { mebibytes: LARGEST >> 20 }
}
