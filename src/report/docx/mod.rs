//! A document as a Word file (ECMA-376, part 1) in the format of Decree 30/2020/NĐ-CP, Appendix I: A4 with its margins,
//! Times New Roman, the head in two columns, numbered pages but for the first, the place for the signature.
//!
//! Written part by part: a library would number paragraphs by a counter of the process, so that a document would not
//! always be the same bytes, and could not repeat the heading of a table on every page.

mod measure;
mod page;
mod table;
mod xml;

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::OfficialDocument;

/// The ending of such a file.
pub const EXTENSION: &str = "docx";
/// The MIME type of such a file.
pub const MEDIA_TYPE: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// The parts that are the same in every document.
const FIXED: &[(&str, &str)] = &[
    ("[Content_Types].xml", include_str!("parts/content-types.xml")),
    ("_rels/.rels", include_str!("parts/rels.xml")),
    ("word/_rels/document.xml.rels", include_str!("parts/document-rels.xml")),
    ("word/settings.xml", include_str!("parts/settings.xml")),
    ("word/header-first.xml", include_str!("parts/header-first.xml")),
    ("word/header.xml", include_str!("parts/header.xml")),
];
/// The styles; the language of the text stands in them.
const STYLES: &str = include_str!("parts/styles.xml");

/// Why a document cannot be written as a Word file.
#[derive(Debug, thiserror::Error)]
#[error("the document cannot be written")]
pub enum DocxError {
    /// The archive failed.
    Zip(#[from] zip::result::ZipError),
    /// Writing into it failed.
    Write(#[from] std::io::Error),
}

/// The document as a Word file. The same document always gives the same bytes.
///
/// # Errors
/// [`DocxError`] when it is larger than an archive can be.
pub fn write(document: &OfficialDocument) -> Result<Vec<u8>, DocxError> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    // No time of writing: the archive format's first instant.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let styles = STYLES.replace("LANGUAGE", language(document));
    let made = [
        ("word/styles.xml", styles),
        ("word/document.xml", page::body(document)),
        ("docProps/core.xml", properties(document)),
    ];
    let fixed = FIXED.iter().map(|(name, text)| (*name, *text));
    for (name, text) in fixed.chain(made.iter().map(|(name, text)| (*name, text.as_str()))) {
        archive.start_file(name, options)?;
        archive.write_all(text.as_bytes())?;
    }
    Ok(archive.finish()?.into_inner())
}

/// The language tag for Word's spelling: with the country whose spelling is meant, where there are several.
fn language(document: &OfficialDocument) -> &str {
    match document.language.as_str() {
        "vi" => "vi-VN",
        "en" => "en-GB",
        other => other,
    }
}

fn properties(document: &OfficialDocument) -> String {
    format!(
        "{}<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>{}</dc:title><dc:creator>{}</dc:creator>\
         <dc:language>{}</dc:language></cp:coreProperties>",
        xml::DECLARATION,
        xml::escaped(&format!("{}: {}", document.kind, document.subject)),
        xml::escaped(&document.head.issuer),
        language(document),
    )
}
