//! Excel: every sheet that is shown, with the values of its formulas, as its cells show them (`SpreadsheetML`, ECMA-376
//! part 1, 18). The crate calamine gives neither number formats nor hidden columns and fails on chart sheets, so the parts
//! are read here.

mod number_format;
mod sheet;
mod strings;
mod styles;

use std::collections::BTreeSet;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::diagnostic::TableName;

use super::container::{main_part, open, optional_part, part, relations};
use super::mistake::{DocumentMistake, Result};
use super::table::{Block, Document, ReadBudget, Table};
use strings::{FontText, Strings};
use styles::CellStyles;

/// So many cells or texts of a kind are told.
const TOLD: usize = 12;

pub(super) fn read(bytes: &[u8]) -> Result<Document> {
    let mut archive = open(bytes, "xlsx")?;
    let main = main_part(&mut archive, "xl/workbook.xml")?;
    let relations = relations(&mut archive, &main)?;
    let mut other = |kind: &str| -> Result<Option<String>> {
        let found = relations.iter().find(|relation| relation.kind == kind);
        found.map_or(Ok(None), |relation| optional_part(&mut archive, &relation.target))
    };
    let styles = other("styles")?.map(|xml| CellStyles::read(&xml)).transpose()?.unwrap_or_default();
    let strings = other("sharedStrings")?.map(|xml| Strings::read(&xml)).transpose()?.unwrap_or_default();
    let workbook = Workbook::read(&part(&mut archive, &main)?)?;
    let mut document = Document::default();
    let mut told = WorkbookFindings::default();
    let mut budget = ReadBudget::default();
    for sheet in &workbook.sheets {
        // Sheets of charts and dialogues hold no cells.
        let found = relations.iter().find(|relation| relation.id == sheet.relation && relation.kind == "worksheet");
        let Some(relation) = found else { continue };
        if sheet.hidden {
            told.sheets.push(sheet.name.clone());
            continue;
        }
        let xml = part(&mut archive, &relation.target)?;
        let formats = sheet::Formats { styles: &styles, strings: &strings, from_1904: workbook.from_1904 };
        let rows = sheet::read(&xml, &sheet.name, formats, &mut told, &mut budget)?;
        let name = TableName::Sheet(sheet.name.clone());
        document.blocks.push(Block::Table(Table { name, widths: Vec::new(), rows }));
    }
    document.notes = told.notes();
    document.notes.extend(budget.note());
    Ok(document)
}

/// What of a workbook is not read, or not as it stands.
#[derive(Default)]
struct WorkbookFindings {
    sheets: Vec<String>,
    columns: Vec<String>,
    formulas: Vec<String>,
    struck: Vec<String>,
    fonts: BTreeSet<(String, &'static str)>,
}

impl WorkbookFindings {
    fn notes(self) -> Vec<DocumentMistake> {
        /// Some of the texts, and whether there are more; `None` where there is none.
        fn some(texts: Vec<String>) -> Option<(Vec<String>, bool)> {
            let has_more = texts.len() > TOLD;
            (!texts.is_empty()).then(|| (texts.into_iter().take(TOLD).collect(), has_more))
        }
        let fonts: Vec<String> = self.fonts.iter().map(|(font, name)| format!("{font} ({name})")).collect();
        let notes = [
            some(self.sheets).map(|(names, has_more)| DocumentMistake::HiddenSheets { names, has_more }),
            some(self.columns).map(|(names, has_more)| DocumentMistake::HiddenColumns { names, has_more }),
            some(self.formulas).map(|(names, has_more)| DocumentMistake::FormulasWithoutValue { names, has_more }),
            some(self.struck).map(|(texts, has_more)| DocumentMistake::StruckText { texts, has_more }),
            (!fonts.is_empty()).then_some(DocumentMistake::LegacyFonts { fonts, is_workbook: true }),
        ];
        notes.into_iter().flatten().collect()
    }

    /// What a text shows, written in a cell of this font.
    fn shown(&mut self, written: &FontText, font: &styles::CellFont) -> String {
        let mut text = String::new();
        for piece in &written.pieces {
            if piece.font.as_ref().map_or(font.struck, |own| own.struck) {
                if !piece.text.trim().is_empty() && self.struck.len() <= TOLD {
                    self.struck.push(piece.text.trim().chars().take(60).collect());
                }
                continue;
            }
            match &piece.font.as_ref().unwrap_or(font).legacy {
                Some((name, encoding)) => {
                    let decoded = encoding.decode(&piece.text);
                    if decoded != piece.text {
                        self.fonts.insert((name.clone(), encoding.name()));
                    }
                    text.push_str(&decoded);
                }
                None => text.push_str(&piece.text),
            }
        }
        text
    }
}

/// What the workbook's own part says.
#[derive(Debug, Default)]
struct Workbook {
    sheets: Vec<SheetEntry>,
    /// Days are counted from 1904, as old Macintoshes did.
    from_1904: bool,
}

#[derive(Debug)]
struct SheetEntry {
    name: String,
    relation: String,
    hidden: bool,
}

impl Workbook {
    fn read(xml: &str) -> Result<Self> {
        let mut workbook = Self::default();
        let mut reader = Reader::from_str(xml);
        loop {
            match reader.read_event().map_err(|error| damaged(&error))? {
                Event::Start(element) | Event::Empty(element) => match element.local_name().as_ref() {
                    "workbookPr" => {
                        workbook.from_1904 = attribute(&element, "date1904").is_some_and(|word| is_yes(&word));
                    }
                    "sheet" => workbook.sheets.push(SheetEntry {
                        name: attribute(&element, "name").unwrap_or_default(),
                        relation: attribute(&element, "id").unwrap_or_default(),
                        hidden: attribute(&element, "state").is_some_and(|state| state != "visible"),
                    }),
                    _ => {}
                },
                Event::Eof => return Ok(workbook),
                _ => {}
            }
        }
    }
}

fn damaged(error: &dyn std::fmt::Display) -> DocumentMistake {
    DocumentMistake::WorkbookDamaged { error: error.to_string() }
}

fn attribute(element: &BytesStart<'_>, wanted: &str) -> Option<String> {
    let found = element.attributes().flatten().find(|attribute| attribute.key.local_name().as_ref() == wanted)?;
    Some(
        quick_xml::escape::unescape(&found.value)
            .map_or_else(|_| found.value.to_string(), std::borrow::Cow::into_owned),
    )
}

fn is_yes(word: &str) -> bool {
    word == "1" || word == "true"
}

/// A letter that a text writes as a reference: only what XML itself defines.
fn referenced(reference: &quick_xml::events::BytesRef<'_>) -> String {
    match reference.resolve_char_ref() {
        Ok(Some(letter)) => letter.to_string(),
        _ => quick_xml::escape::resolve_xml_entity(reference).map(str::to_owned).unwrap_or_default(),
    }
}
