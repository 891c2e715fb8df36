//! A list to fill in, as an Excel workbook (`SpreadsheetML`, ECMA-376 part 1, 18): one sheet of texts.
//!
//! It is five fixed parts around rows of texts. The crate for writing workbooks, `rust_xlsxwriter`, is well kept; it brings
//! formulas, charts and an archive of its own, and nothing of it is needed here.

use std::fmt::Write as _;
use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// The words of a list in the language of the school.
#[derive(Clone, Copy, Debug)]
pub struct ListTexts {
    /// The name of the sheet.
    pub sheet: &'static str,
    /// The headings: name, position, team, address of mail, number to call, conversation on Zalo, form of address.
    pub headings: [&'static str; 7],
}

/// A role that waits for somebody who holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleRow {
    /// The role.
    pub role: String,
    /// The address of whoever holds it, where it is known.
    pub email: Option<String>,
}

/// How wide the columns are, in letters.
const WIDTHS: [u32; 7] = [28, 40, 18, 34, 16, 24, 12];

const CONTENT_TYPES: &str = include_str!("parts/content-types.xml");
const RELATIONS: &str = include_str!("parts/rels.xml");
const WORKBOOK_RELATIONS: &str = include_str!("parts/workbook-rels.xml");
/// Style 0 is text, in which Excel leaves zeros at the beginning of a number; 1 is the same in bold.
const STYLES: &str = include_str!("parts/styles.xml");

/// The workbook of a list with these roles and nobody who holds them.
///
/// # Errors
/// When the archive cannot be written, which memory alone could cause.
pub fn workbook(texts: &ListTexts, rows: &[RoleRow]) -> Result<Vec<u8>, zip::result::ZipError> {
    let workbook = format!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="{}" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
        escaped(texts.sheet)
    );
    let parts = [
        ("[Content_Types].xml", CONTENT_TYPES),
        ("_rels/.rels", RELATIONS),
        ("xl/workbook.xml", &workbook),
        ("xl/_rels/workbook.xml.rels", WORKBOOK_RELATIONS),
        ("xl/styles.xml", STYLES),
        ("xl/worksheets/sheet1.xml", &sheet(texts, rows)),
    ];
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    // Always the same bytes: the time of a part says nothing.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    for (name, text) in parts {
        archive.start_file(name, options)?;
        archive.write_all(text.as_bytes())?;
    }
    Ok(archive.finish()?.into_inner())
}

fn sheet(texts: &ListTexts, rows: &[RoleRow]) -> String {
    let mut columns = String::new();
    for (column, width) in (1..).zip(WIDTHS) {
        // Writing to a string cannot fail.
        let _ = write!(columns, r#"<col min="{column}" max="{column}" width="{width}" style="0" customWidth="1"/>"#);
    }
    let headings = row(1, 1, &texts.headings);
    let people = (2..).zip(rows).map(|(number, RoleRow { role, email })| {
        row(number, 0, &["", role, "", email.as_deref().unwrap_or_default(), "", "", ""])
    });
    format!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>{columns}</cols><sheetData>{headings}{}</sheetData></worksheet>"#,
        people.collect::<String>()
    )
}

fn row(number: usize, style: u8, cells: &[&str]) -> String {
    let mut written = String::new();
    for (column, text) in ('A'..).zip(cells).filter(|(_, text)| !text.is_empty()) {
        let text = escaped(text);
        // Writing to a string cannot fail.
        let _ = write!(
            written,
            r#"<c r="{column}{number}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>"#
        );
    }
    format!(r#"<row r="{number}">{written}</row>"#)
}

fn escaped(text: &str) -> std::borrow::Cow<'_, str> {
    quick_xml::escape::escape(text)
}
