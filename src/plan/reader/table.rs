//! A document as its reader sees it: paragraphs, and tables of cells with what they show, their place, span and width.

use crate::diagnostic::TableName;

use super::mistake::{DocumentMistake, Result, TooMuch};

/// A document in the order of its text.
#[derive(Debug, Default)]
pub(super) struct Document {
    pub(super) blocks: Vec<Block>,
    /// What its format has and a plan has not, and the admin should know.
    pub(super) notes: Vec<DocumentMistake>,
}

#[derive(Debug)]
pub(super) enum Block {
    /// A paragraph outside of tables.
    Paragraph(String),
    /// A table, or the sheet of a workbook.
    Table(Table),
}

#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) name: TableName,
    /// How wide each column is, in a unit of its own; as if equal where fewer are known than there are columns.
    pub(super) widths: Vec<u32>,
    pub(super) rows: Vec<Row>,
}

impl Table {
    /// The name of the sheet that it is, in a workbook.
    pub(super) fn sheet(&self) -> Option<&str> {
        match &self.name {
            TableName::Sheet(sheet) => Some(sheet),
            TableName::Only | TableName::Numbered(_) => None,
        }
    }

    /// How many columns it has.
    pub(super) fn columns(&self) -> usize {
        self.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0)
    }

    /// How wide the columns from `first` on are together.
    pub(super) fn width(&self, first: usize, columns: usize) -> u64 {
        (first..first + columns).map(|column| u64::from(self.widths.get(column).copied().unwrap_or(1).max(1))).sum()
    }
}

#[derive(Debug, Default)]
pub(super) struct Row {
    /// Its number as a person counts, from 1.
    pub(super) number: usize,
    /// It is hidden, by hand and not by a filter.
    pub(super) is_hidden: bool,
    /// A cell a column; one that is merged across is followed by empty ones of span 0.
    pub(super) cells: Vec<Cell>,
}

impl Row {
    /// The cells that say something of their own, with their columns.
    pub(super) fn own(&self) -> impl Iterator<Item = (usize, &Cell)> {
        self.cells
            .iter()
            .enumerate()
            .filter(|(_, cell)| cell.span > 0 && !cell.continued && !cell.text.trim().is_empty())
    }
}

/// What kind of value a cell has, where its format says so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum CellKind {
    #[default]
    Text,
    Number,
    Date,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Cell {
    /// What it shows.
    pub(super) text: String,
    /// It is the lower part of a cell that is merged downwards, whose text it has.
    pub(super) continued: bool,
    /// How many columns it takes up; 0 where it is the right part of another.
    pub(super) span: usize,
    pub(super) kind: CellKind,
    /// What is in it, where that is more than text: tables, and the paragraphs around them.
    pub(super) inside: Vec<Block>,
}

// Only text is ever copied: tables within a cell stay where they are.
impl Clone for Block {
    fn clone(&self) -> Self {
        match self {
            Self::Paragraph(text) => Self::Paragraph(text.clone()),
            Self::Table(_) => Self::Paragraph(String::new()),
        }
    }
}

impl Cell {
    /// An empty cell of one column.
    pub(super) fn empty() -> Self {
        Self { span: 1, ..Self::default() }
    }
}

/// No table has more columns, whatever a cell says it takes up.
pub(super) const MAX_COLUMNS: usize = 100;
/// No document has more rows in its tables.
const MAX_ROWS: usize = 30_000;
/// No document has more cells, those counted that stand for merged ones.
const MAX_CELLS: usize = 500_000;
/// No more text is in a document's cells, each merged one counted as often as it stands.
const MAX_TEXT: usize = 32 << 20;
/// No cell holds more text, in bytes.
const MAX_CELL: usize = 1 << 20;

/// How much may still be read of a document, whatever it claims.
#[derive(Debug)]
pub(super) struct ReadBudget {
    rows: usize,
    cells: usize,
    text: usize,
    /// Cells with a text right of the last column that is read.
    beyond: usize,
}

impl Default for ReadBudget {
    fn default() -> Self {
        Self { rows: MAX_ROWS, cells: MAX_CELLS, text: MAX_TEXT, beyond: 0 }
    }
}

impl ReadBudget {
    pub(super) fn row(&mut self) -> Result<()> {
        self.rows = self.rows.checked_sub(1).ok_or_else(|| Self::used_up(TooMuch::Rows(MAX_ROWS)))?;
        Ok(())
    }

    pub(super) fn cells(&mut self, cells: usize) -> Result<()> {
        self.cells = self.cells.checked_sub(cells).ok_or_else(|| Self::used_up(TooMuch::Cells(MAX_CELLS)))?;
        Ok(())
    }

    pub(super) fn text(&mut self, text: &str) -> Result<()> {
        if text.len() > MAX_CELL {
            return Err(DocumentMistake::CellTooLarge);
        }
        let left = self.text.checked_sub(text.len());
        self.text = left.ok_or_else(|| Self::used_up(TooMuch::Text(MAX_TEXT >> 20)))?;
        Ok(())
    }

    /// A cell right of the last column: it is counted, so that [`Self::note`] tells of it.
    pub(super) fn beyond(&mut self, text: &str) {
        self.beyond += usize::from(!text.trim().is_empty());
    }

    /// What is told of the document where cells were left out.
    pub(super) fn note(&self) -> Option<DocumentMistake> {
        let (cells, last_column) = (self.beyond, MAX_COLUMNS);
        (cells > 0).then_some(DocumentMistake::CellsBeyond { cells, last_column })
    }

    fn used_up(what: TooMuch) -> DocumentMistake {
        DocumentMistake::TooMuch { what }
    }
}
