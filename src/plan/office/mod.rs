//! Plans in documents made of tables: Word, Excel, CSV. Each format has a file that turns its bytes into a [`Document`];
//! what follows is the same for all: `columns` finds the plan's tables by their headings, `rows` makes tasks of their
//! rows, `who` reads people out of free wording, `letterhead` reads what stands above.

mod columns;
mod container;
mod csv;
mod docx;
mod letterhead;
mod rows;
mod status;
mod who;
mod xlsx;

use std::fmt;

use crate::diagnostic::{Diagnostics, Place};

use super::Plan;
use super::format::{PlanFile, Surroundings};

/// A document in the order of its text.
#[derive(Debug, Default)]
struct Document {
    blocks: Vec<Block>,
}

#[derive(Debug)]
enum Block {
    /// A paragraph outside of tables.
    Paragraph(String),
    /// A table, or the sheet of a workbook.
    Table(Table),
}

#[derive(Debug, Default)]
struct Table {
    /// What a person calls it: "bảng 2", "trang 'Kế hoạch'".
    name: String,
    rows: Vec<Row>,
}

#[derive(Debug, Default)]
struct Row {
    /// Its number as a person counts, from 1.
    number: usize,
    cells: Vec<Cell>,
}

/// A cell in a column of its own; one that is merged across is followed by empty ones.
#[derive(Clone, Debug, Default)]
struct Cell {
    text: String,
    /// It is the lower part of a cell that is merged downwards, whose text it has.
    continued: bool,
    /// How many columns it takes up.
    span: usize,
}

/// No table has more columns, whatever a cell says it takes up.
const MOST_COLUMNS: usize = 100;
/// No document has more rows in its tables.
const MOST_ROWS: usize = 20_000;
/// No document has more cells, those counted that stand for merged ones.
const MOST_CELLS: usize = 500_000;
/// No more text is in a document's cells, each merged one counted as often as it stands.
const MOST_TEXT: usize = 32 << 20;

/// How much may still be read of a document, whatever it claims.
#[derive(Debug)]
struct Room {
    rows: usize,
    cells: usize,
    text: usize,
}

impl Default for Room {
    fn default() -> Self {
        Self { rows: MOST_ROWS, cells: MOST_CELLS, text: MOST_TEXT }
    }
}

impl Room {
    fn row(&mut self) -> Result<()> {
        self.rows = self.rows.checked_sub(1).ok_or_else(|| Self::used_up(&format!("{MOST_ROWS} rows")))?;
        Ok(())
    }

    fn cells(&mut self, cells: usize) -> Result<()> {
        self.cells = self.cells.checked_sub(cells).ok_or_else(|| Self::used_up(&format!("{MOST_CELLS} cells")))?;
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<()> {
        let left = self.text.checked_sub(text.len());
        self.text = left.ok_or_else(|| Self::used_up(&format!("{} MiB of text", MOST_TEXT >> 20)))?;
        Ok(())
    }

    fn used_up(what: &str) -> Unreadable {
        let help = "is it the right file? Delete what stands beside and far below the plan";
        Unreadable::new("too-large", format!("the document has more than {what}"), help)
    }
}

/// Why a document cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
struct Unreadable {
    code: &'static str,
    message: String,
    help: String,
}

impl Unreadable {
    fn new(code: &'static str, message: impl fmt::Display, help: impl Into<String>) -> Self {
        Self { code, message: message.to_string(), help: help.into() }
    }
}

type Result<T> = std::result::Result<T, Unreadable>;

/// Reads a Word document.
pub(super) fn read_docx(file: PlanFile<'_>, around: Surroundings<'_>, diagnostics: &mut Diagnostics) -> Option<Plan> {
    read(docx::read, file, around, diagnostics)
}

/// Reads an Excel workbook.
pub(super) fn read_xlsx(file: PlanFile<'_>, around: Surroundings<'_>, diagnostics: &mut Diagnostics) -> Option<Plan> {
    read(xlsx::read, file, around, diagnostics)
}

/// Reads a text of separated values.
pub(super) fn read_csv(file: PlanFile<'_>, around: Surroundings<'_>, diagnostics: &mut Diagnostics) -> Option<Plan> {
    read(csv::read, file, around, diagnostics)
}

fn read(
    document: fn(&[u8]) -> Result<Document>,
    PlanFile { path, bytes }: PlanFile<'_>,
    around: Surroundings<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Plan> {
    let read = container::not_a_lock(path).and_then(|()| document(&bytes));
    drop(bytes);
    let document = match read {
        Ok(document) => document,
        Err(Unreadable { code, message, help }) => {
            diagnostics.error(code, Place::File(path.to_owned()), message).help(help);
            return None;
        }
    };
    rows::plan(&document, path, around, diagnostics)
}
