//! Files made of tables that are no plan: the list of a school's people.

use std::path::Path;

use crate::diagnostic::{Diagnostics, Place, TableName};

use super::mistake::{DocumentMistake, Result};
use super::table::{Block, CellKind, Document, Table};
use super::{FindHeadings, FormatReader, FoundHeadings, container, endings, format};

/// A sheet of a workbook, or the table of a CSV, with the rows that say anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// What a person calls it.
    pub name: TableName,
    /// The rows from the top.
    pub rows: Vec<SheetRow>,
}

/// A row of a sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SheetRow {
    /// Its number as a person counts, from 1.
    pub number: usize,
    /// A cell a column.
    pub cells: Vec<SheetCell>,
}

/// A cell of a sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SheetCell {
    /// What it shows. One that is merged downwards shows it in each of its rows.
    pub text: String,
    /// How many columns it takes up; 0 where it is the right part of another.
    pub span: usize,
    /// Whether it is kept as a number, which loses zeros at its beginning.
    pub is_number: bool,
}

/// The sheets of a file of sheets, by its ending; `None` where it cannot be read, which is noted. `find_headings` knows the
/// headings that the file should have.
pub fn sheets(
    path: &Path,
    bytes: &[u8],
    find_headings: impl Fn(&Sheet) -> Option<FoundHeadings>,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<Sheet>> {
    let whole = || Place::File(path.to_owned());
    match read(path, bytes, &|table| find_headings(&Sheet::of(table))) {
        Ok(Document { blocks, notes }) => {
            for note in notes {
                diagnostics.warning(whole(), note);
            }
            let tables = blocks.into_iter().filter_map(|block| match block {
                Block::Table(table) => Some(Sheet::of(table)),
                Block::Paragraph(_) => None,
            });
            Some(tables.collect())
        }
        Err(mistake) => {
            diagnostics.error(whole(), mistake);
            None
        }
    }
}

fn read(path: &Path, bytes: &[u8], find_headings: &FindHeadings<'_>) -> Result<Document> {
    container::not_a_lock(path)?;
    if let (_, Some(FormatReader::Document(reader))) = format(path)
        && reader.has_sheets()
    {
        return reader.read(bytes, find_headings);
    }
    let endings = endings(|reader| matches!(reader, FormatReader::Document(reader) if reader.has_sheets()));
    Err(DocumentMistake::NoListFormat { format: container::other_format(&format(path).0), endings })
}

impl Sheet {
    fn of(table: Table) -> Self {
        let rows = table.rows.into_iter().map(|row| {
            let cells = row.cells.into_iter().map(|cell| SheetCell {
                text: cell.text,
                span: cell.span,
                is_number: cell.kind == CellKind::Number,
            });
            SheetRow { number: row.number, cells: cells.collect() }
        });
        Self { name: table.name, rows: rows.collect() }
    }
}
