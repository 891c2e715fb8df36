//! Files that are zip archives of XML, from anywhere: what they may be, and how much of them is looked at.

use std::io::{Cursor, Read};
use std::path::Path;

use encoding_rs::{UTF_16BE, UTF_16LE};
use quick_xml::Reader;
use quick_xml::events::Event;
use zip::ZipArchive;

use super::unreadable::{Result, Unreadable};

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
    if let Some(other) = other_document(&archive, saved_as) {
        let message = format!("the file is called .{saved_as} and is {other}");
        return Err(Unreadable::new("wrong-format", message, format!("save it as .{saved_as}")));
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

/// What an archive is that is called `saved_as` and is none.
fn other_document(archive: &ZipArchive<Cursor<&[u8]>>, saved_as: &str) -> Option<&'static str> {
    let has = |name: &str| archive.index_for_name(name).is_some();
    match saved_as {
        _ if has("mimetype") && has("content.xml") => Some("a document of LibreOffice or OpenOffice"),
        "docx" if has("xl/workbook.xml") => Some("an Excel workbook"),
        "xlsx" if has("word/document.xml") => Some("a Word document"),
        "xlsx" if has("xl/workbook.bin") => Some("an Excel workbook in binary form"),
        _ => None,
    }
}

/// One part of an archive, as text: UTF-8, or UTF-16 with its mark.
pub(super) fn part(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Result<String> {
    let missing = |_| Unreadable::new("damaged-file", format!("the file has no part `{name}`"), AGAIN);
    let damaged = |error: &dyn std::fmt::Display| {
        Unreadable::new("damaged-file", format!("the part `{name}` is damaged: {error}"), AGAIN)
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

/// What a file of another ending is, and how to save it.
pub(super) fn other_format(ending: &str) -> (&'static str, Option<&'static str>) {
    const WORD: &str = "open it in Word and save it as \"Word Document (*.docx)\"";
    const EXCEL: &str = "open it in Excel and save it as \"Excel Workbook (*.xlsx)\"";
    match ending {
        "doc" | "dot" => ("a document of Word 97-2003", Some(WORD)),
        "docm" | "dotm" | "dotx" => ("a Word document with macros, or a template", Some(WORD)),
        "odt" | "rtf" => ("a text document of another program", Some(WORD)),
        "xls" => ("a workbook of Excel 97-2003", Some(EXCEL)),
        "xlsm" | "xlsb" | "xltx" => ("a workbook with macros, in binary form, or a template", Some(EXCEL)),
        "ods" => ("a workbook of another program", Some(EXCEL)),
        "pdf" => (
            "a PDF: a printed page, in which tables are lines",
            Some("name the Word or Excel file that it was made from"),
        ),
        "" => ("a file without an ending", None),
        _ => ("something else", None),
    }
}

pub(super) fn too_large() -> Unreadable {
    let message = format!("the file is larger than {} MiB when it is unpacked", LARGEST >> 20);
    Unreadable::new("too-large", message, "is it the right file? Take pictures out of it")
}
