//! What a file of evidence is, by what it holds, and what it may be called.

use std::io::{Cursor, Read};

use crate::text;

/// The longest name of a file, in letters.
pub(super) const MAX_NAME_LEN: usize = 120;
/// The name of a file without a name.
const DEFAULT_NAME: &str = "minh-chung";

/// The media types that are kept, as `infer` finds them by content, each with its usual ending.
const BINARY_TYPES: &[(&str, &str)] = &[
    ("application/pdf", "pdf"),
    ("application/msword", "doc"),
    ("application/rtf", "rtf"),
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
    ("audio/amr", "amr"),
    ("video/3gpp", "3gp"),
    ("video/mp4", "mp4"),
    ("video/quicktime", "mov"),
];
/// How a ZIP archive begins.
const ZIP_MARK: &[u8] = b"PK\x03\x04";
/// No entry that tells what a document is is larger, in bytes.
const MAX_ENTRY_BYTES: u64 = 1 << 20;
/// What `[Content_Types].xml` says of a document's main part, and the media type that makes it. Documents with macros are none
/// of these.
const OFFICE_PARTS: &[(&str, &str)] = &[
    ("wordprocessingml.document.main+xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("spreadsheetml.sheet.main+xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (
        "presentationml.presentation.main+xml",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
    ("presentationml.slideshow.main+xml", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
];
/// What the entry `mimetype` of an `OpenDocument` file says.
const OPEN_DOCUMENTS: &[&str] = &[
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.presentation",
];
/// The endings of plain text, each with its media type.
const TEXT_TYPES: &[(&str, &str)] = &[("txt", "text/plain"), ("csv", "text/csv")];
/// Endings that mean the same as one of [`BINARY_TYPES`], each with the usual one.
const ENDING_SYNONYMS: &[(&str, &str)] =
    &[("jpeg", "jpg"), ("jpe", "jpg"), ("heif", "heic"), ("tif", "tiff"), ("m4v", "mp4")];

/// The media type and the usual ending of a file by its content. The name counts for plain text alone, which has no
/// marks of its own.
pub(super) fn kind(bytes: &[u8], name: &str) -> Option<(&'static str, &'static str)> {
    let known = |wanted: &str| BINARY_TYPES.iter().find(|(media_type, _)| *media_type == wanted).copied();
    if bytes.starts_with(ZIP_MARK) {
        return office(bytes).and_then(known);
    }
    if let Some(found) = phone(bytes) {
        return known(found);
    }
    if let Some(found) = infer::get(bytes) {
        return known(found.mime_type().strip_prefix("text/rtf").map_or(found.mime_type(), |_| "application/rtf"));
    }
    let ending = ending(name)?;
    let (ending, media_type) = TEXT_TYPES.iter().find(|(known, _)| *known == ending)?;
    let is_text = std::str::from_utf8(bytes).is_ok_and(|text| {
        !text.trim_start_matches('\u{feff}').trim_start().starts_with('<')
            && !text.contains(|letter: char| letter.is_control() && !"\n\r\t\u{c}".contains(letter))
    });
    is_text.then_some((*media_type, *ending))
}

/// The media type of a document that is a ZIP archive, by what is inside: writers put its files in any order, so its first
/// bytes tell nothing (bojand/infer #130).
fn office(bytes: &[u8]) -> Option<&'static str> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut entry = |name: &str| {
        let mut text = String::new();
        let read = archive.by_name(name).ok()?.take(MAX_ENTRY_BYTES).read_to_string(&mut text);
        read.is_ok().then_some(text)
    };
    if let Some(types) = entry("[Content_Types].xml") {
        return OFFICE_PARTS.iter().find(|(part, _)| types.contains(part)).map(|(_, media_type)| *media_type);
    }
    let open = entry("mimetype")?;
    OPEN_DOCUMENTS.iter().find(|media_type| open.trim() == **media_type).copied()
}

/// The media type of what phones record, by the brand of its container (ISO/IEC 14496-12).
fn phone(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"#!AMR") {
        return Some("audio/amr");
    }
    if bytes.get(4..8) != Some(b"ftyp") {
        return None;
    }
    match bytes.get(8..12)? {
        b"heic" | b"heix" | b"hevc" | b"hevx" | b"heim" | b"heis" | b"mif1" | b"msf1" => Some("image/heif"),
        b"M4A " | b"M4B " => Some("audio/m4a"),
        b"3gp4" | b"3gp5" | b"3gp6" | b"3gp7" | b"3ge6" | b"3gg6" => Some("video/3gpp"),
        _ => None,
    }
}

/// The ending of a name in small letters; of synonyms the usual one.
fn ending(name: &str) -> Option<String> {
    let (stem, ending) = name.rsplit_once('.')?;
    let ending = ending.to_lowercase();
    let same = ENDING_SYNONYMS.iter().find(|(other, _)| *other == ending).map(|(_, usual)| (*usual).to_owned());
    (!stem.is_empty()).then(|| same.unwrap_or(ending))
}

/// The name with the usual ending of its media type, where it has none that means the same.
pub(super) fn with_ending(name: String, usual: &str) -> String {
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
pub(super) fn clean(name: &str) -> String {
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
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Write;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    /// An archive of these entries, in this order.
    fn archive(entries: &[(&str, &str)]) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in entries {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn types(part: &str) -> String {
        format!("<Types><Override PartName=\"/word/document2.xml\" ContentType=\"application/vnd.{part}\"/></Types>")
    }

    #[test]
    fn documents_are_known_by_what_is_inside_whatever_their_writer() {
        let word = types("openxmlformats-officedocument.wordprocessingml.document.main+xml");
        let sheet = types("openxmlformats-officedocument.spreadsheetml.sheet.main+xml");
        let macros = types("ms-word.document.macroEnabled.main+xml");
        let cases: [(&str, Vec<u8>, Option<&str>); 9] = [
            (
                "LibreOffice",
                archive(&[("_rels/.rels", ""), ("word/document.xml", ""), ("[Content_Types].xml", &word)]),
                Some("docx"),
            ),
            (
                "python-docx",
                archive(&[("[Content_Types].xml", &word), ("docProps/core.xml", ""), ("word/document.xml", "")]),
                Some("docx"),
            ),
            (
                "Word Online",
                archive(&[("customXml/item1.xml", ""), ("word/document2.xml", ""), ("[Content_Types].xml", &word)]),
                Some("docx"),
            ),
            ("a workbook", archive(&[("docProps/app.xml", ""), ("[Content_Types].xml", &sheet)]), Some("xlsx")),
            (
                "OpenDocument",
                archive(&[("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", "")]),
                Some("odt"),
            ),
            ("macros", archive(&[("[Content_Types].xml", &macros)]), None),
            ("any archive", archive(&[("a.txt", "x")]), None),
            ("RTF", b"{\\rtf1\\ansi a}".to_vec(), Some("rtf")),
            ("AMR", b"#!AMR\n0123".to_vec(), Some("amr")),
        ];
        for (writer, bytes, expected) in cases {
            assert_eq!(kind(&bytes, "x.docx").map(|(_, ending)| ending), expected, "{writer}");
        }
        for (brand, expected) in [(b"heic", Some("heic")), (b"M4A ", Some("m4a")), (b"3gp4", Some("3gp"))] {
            let bytes = [b"\0\0\0\x18ftyp", &brand[..], b"\0\0\0\0rest of it"].concat();
            assert_eq!(kind(&bytes, "x").map(|(_, ending)| ending), expected);
        }
    }
}
