//! The text of a Word document, element by element.

use std::collections::BTreeSet;

use quick_xml::events::BytesStart;

use crate::diagnostic::TableName;

use super::super::mistake::{DocumentMistake, Result, TooMuch};
use super::super::table::{Block, Document, MAX_COLUMNS, ReadBudget, Table};
use super::grid::{self, RawCell, RawRow};
use super::numbering::Numbering;
use super::styles::{Font, Numbered, RunProperties, Styles};
use super::{is_on, number, value};

/// No document has more paragraphs outside of its tables.
const MAX_PARAGRAPHS: usize = 200_000;
/// No table's grid has more columns.
const MAX_GRID: usize = 4 * MAX_COLUMNS;
/// So many struck texts are told, and so many letters of each.
const STRUCK_TOLD: usize = 12;
const STRUCK_LETTERS: usize = 60;

/// What has been read so far.
pub(super) struct Body {
    document: Document,
    styles: Styles,
    numbering: Numbering,
    /// The tables that are open, one within another.
    tables: Vec<OpenTable>,
    /// The paragraphs that are open: those of a text box are within the one that it hangs on.
    paragraphs: Vec<Paragraph>,
    /// How deep the elements lie whose contents are not there: deleted, moved away, or for older programs.
    gone: Vec<usize>,
    /// How deep the content controls lie whose text is none: not filled in, or a box to tick.
    mute: Vec<usize>,
    controls: Vec<bool>,
    /// Inside of `w:trPr`, where `w:del` says that the whole row is deleted.
    in_row_properties: bool,
    written: usize,
    table_count: usize,
    budget: ReadBudget,
    struck: Vec<String>,
    fonts: BTreeSet<(String, &'static str)>,
}

/// A table that is being read.
#[derive(Default)]
struct OpenTable {
    grid: Vec<u32>,
    rows: Vec<RawRow>,
    row: Vec<RawCell>,
    /// How many rows have begun, deleted ones too.
    count: usize,
    /// The next column of the grid.
    column: usize,
    row_deleted: bool,
    cell: RawCell,
    cell_deleted: bool,
    has_tables: bool,
}

/// A paragraph that is being read.
// Where in it the reader is, element by element.
#[allow(clippy::struct_excessive_bools)]
#[derive(Default)]
struct Paragraph {
    /// How many tables were open where it began: one with more is in a text box of it.
    tables: usize,
    style: Option<String>,
    numbered: Numbered,
    /// Its text by how it is encoded.
    pieces: Vec<(Font, String)>,
    base: Option<RunProperties>,
    run: RunProperties,
    in_run: bool,
    in_run_properties: bool,
    in_text: bool,
    /// What follows in the run is the mark of a footnote.
    is_mark: bool,
}

impl Body {
    pub(super) fn new(styles: Styles, numbering: Numbering) -> Self {
        Self {
            document: Document::default(),
            styles,
            numbering,
            tables: Vec::new(),
            paragraphs: Vec::new(),
            gone: Vec::new(),
            mute: Vec::new(),
            controls: Vec::new(),
            in_row_properties: false,
            written: 0,
            table_count: 0,
            budget: ReadBudget::default(),
            struck: Vec::new(),
            fonts: BTreeSet::new(),
        }
    }

    pub(super) fn start(&mut self, element: &BytesStart<'_>, depth: usize) -> Result<()> {
        let name = element.local_name();
        let name = name.as_ref();
        if !self.gone.is_empty() {
            return Ok(());
        }
        match name {
            "trPr" => self.in_row_properties = true,
            "del" if self.in_row_properties => {
                if let Some(table) = self.tables.last_mut() {
                    table.row_deleted = true;
                }
            }
            "del" | "moveFrom" | "Fallback" | "instrText" | "delText" => self.gone.push(depth),
            "sdt" => self.controls.push(false),
            "showingPlcHdr" | "checkbox" if is_on(element) => {
                if let Some(control) = self.controls.last_mut() {
                    *control = true;
                }
            }
            "sdtContent" if self.controls.last() == Some(&true) => self.mute.push(depth),
            "p" => {
                self.written += 1;
                if self.written > MAX_PARAGRAPHS {
                    return Err(DocumentMistake::TooMuch { what: TooMuch::Paragraphs(MAX_PARAGRAPHS) });
                }
                self.paragraphs.push(Paragraph { tables: self.tables.len(), ..Paragraph::default() });
            }
            "tbl" => self.tables.push(OpenTable::default()),
            _ if self.table_start(name, element) => {}
            _ => self.paragraph_start(name, element),
        }
        Ok(())
    }

    /// Takes up an element of a table; whether it is one.
    fn table_start(&mut self, name: &str, element: &BytesStart<'_>) -> bool {
        let Some(table) = self.tables.last_mut() else { return false };
        match name {
            "gridCol" if table.grid.len() < MAX_GRID => {
                let attribute = element.attributes().flatten().find(|one| one.key.local_name().as_ref() == "w");
                table.grid.push(attribute.and_then(|width| width.value.parse().ok()).unwrap_or(0));
            }
            "tr" => {
                table.row.clear();
                table.count += 1;
                table.column = 0;
                table.row_deleted = false;
            }
            "gridBefore" => table.column = number(element).unwrap_or(0).min(MAX_GRID / 2),
            "tc" => {
                table.cell = RawCell { first: table.column, span: 1, ..RawCell::default() };
                table.cell_deleted = false;
                table.has_tables = false;
            }
            "cellDel" => table.cell_deleted = true,
            "gridSpan" => {
                let left = MAX_GRID.saturating_sub(table.column).max(1);
                table.cell.span = number(element).unwrap_or(1).clamp(1, left.min(MAX_COLUMNS));
            }
            "vMerge" => table.cell.merged = value(element).is_none_or(|value| value != "restart"),
            _ => return false,
        }
        true
    }

    /// Takes up an element of a paragraph.
    fn paragraph_start(&mut self, name: &str, element: &BytesStart<'_>) {
        let Some(paragraph) = self.paragraphs.last_mut() else { return };
        match name {
            "pStyle" => paragraph.style = value(element),
            "numId" | "ilvl" if !paragraph.in_run => {
                let said = number(element).and_then(|number| u32::try_from(number).ok());
                let numbered = &mut paragraph.numbered;
                *(if name == "numId" { &mut numbered.list } else { &mut numbered.level }) = said;
            }
            "r" => {
                let (styles, style) = (&self.styles, paragraph.style.as_deref());
                let base = paragraph.base.get_or_insert_with(|| styles.paragraph(style));
                paragraph.run = base.clone();
                paragraph.in_run = true;
                paragraph.is_mark = false;
            }
            "rPr" => paragraph.in_run_properties = paragraph.in_run,
            "rStyle" if paragraph.in_run_properties => {
                let style = value(element).map(|id| self.styles.character(&id)).unwrap_or_default();
                paragraph.run = style.over(&paragraph.run);
            }
            _ if paragraph.in_run_properties => paragraph.run.take(element),
            "footnoteReference" | "endnoteReference" => paragraph.is_mark = true,
            "t" => paragraph.in_text = true,
            "tab" if paragraph.in_run => self.write(" "),
            "br" | "cr" if paragraph.in_run => self.write("\n"),
            "noBreakHyphen" => self.write("-"),
            _ => {}
        }
    }

    pub(super) fn text(&mut self, text: &str) {
        if self.paragraphs.last().is_some_and(|paragraph| paragraph.in_text) {
            self.write(text);
        }
    }

    fn write(&mut self, text: &str) {
        let Some(paragraph) = self.paragraphs.last_mut() else { return };
        let is_there = self.gone.is_empty() && self.mute.is_empty() && !paragraph.is_mark;
        if !is_there || paragraph.run.hidden == Some(true) {
            return;
        }
        if paragraph.run.struck == Some(true) {
            let is_told = self.struck.len() <= STRUCK_TOLD && !text.trim().is_empty();
            if is_told {
                self.struck.push(text.trim().chars().take(STRUCK_LETTERS).collect());
            }
            return;
        }
        let font = paragraph.run.font.clone();
        match paragraph.pieces.last_mut() {
            Some((last, piece)) if *last == font => piece.push_str(text),
            _ => paragraph.pieces.push((font, text.to_owned())),
        }
    }

    pub(super) fn end(&mut self, name: &str, depth: usize) -> Result<()> {
        if let Some(gone) = self.gone.last() {
            if *gone == depth {
                self.gone.pop();
            }
            return Ok(());
        }
        if self.mute.last() == Some(&depth) {
            self.mute.pop();
        }
        match name {
            "trPr" => self.in_row_properties = false,
            "sdt" => drop(self.controls.pop()),
            "p" => self.end_paragraph(),
            "tc" => self.end_cell(),
            "tr" => self.end_row()?,
            "tbl" => self.end_table()?,
            _ => {
                let Some(paragraph) = self.paragraphs.last_mut() else { return Ok(()) };
                match name {
                    "r" => paragraph.in_run = false,
                    "rPr" => paragraph.in_run_properties = false,
                    "t" => paragraph.in_text = false,
                    _ => {}
                }
            }
        }
        Ok(())
    }

    fn end_paragraph(&mut self) {
        let Some(paragraph) = self.paragraphs.pop() else { return };
        let text = self.shown(&paragraph);
        // A paragraph of a text box is part of the one that the box hangs on, set off from its words.
        let around = self.paragraphs.last_mut().filter(|around| around.tables == paragraph.tables);
        if let Some(around) = around {
            around.pieces.push((Font::Unicode, format!("\n{text}\n")));
            return;
        }
        self.emit(Block::Paragraph(text));
    }

    /// A paragraph's text with its number before it.
    fn shown(&mut self, paragraph: &Paragraph) -> String {
        let by_style = paragraph.style.as_deref().map(|style| self.styles.numbered(style)).unwrap_or_default();
        let list = paragraph.numbered.list.or(by_style.list).filter(|list| *list != 0);
        let level = paragraph.numbered.level.or(by_style.level).unwrap_or(0);
        let mut text = list.map(|list| self.numbering.next(list, level)).unwrap_or_default();
        if !text.is_empty() && !paragraph.pieces.is_empty() {
            text.push(' ');
        }
        for (font, piece) in &paragraph.pieces {
            match font {
                Font::Legacy(font, encoding) => {
                    let decoded = encoding.decode(piece);
                    if decoded != *piece {
                        self.fonts.insert((font.clone(), encoding.name()));
                    }
                    text.push_str(&decoded);
                }
                Font::Unsaid | Font::Unicode => text.push_str(piece),
            }
        }
        text
    }

    /// Puts a block where it stands: into the cell that is open, or the document.
    fn emit(&mut self, block: Block) {
        let Some(table) = self.tables.last_mut() else {
            self.document.blocks.push(block);
            return;
        };
        let cell = &mut table.cell;
        let text = match &block {
            Block::Paragraph(text) => text.clone(),
            Block::Table(inner) => {
                table.has_tables = true;
                let cells =
                    inner.rows.iter().flat_map(|row| &row.cells).filter(|cell| !cell.continued && cell.span > 0);
                cells.map(|cell| cell.text.as_str()).collect::<Vec<_>>().join("\n")
            }
        };
        if !cell.text.is_empty() {
            cell.text.push('\n');
        }
        cell.text.push_str(&text);
        cell.inside.push(block);
    }

    fn end_cell(&mut self) {
        let Some(table) = self.tables.last_mut() else { return };
        let mut cell = std::mem::take(&mut table.cell);
        if table.cell_deleted {
            return;
        }
        if !table.has_tables {
            cell.inside = Vec::new();
        }
        table.has_tables = false;
        // Beyond the widest grid all cells are one column.
        cell.first = cell.first.min(MAX_GRID - 1);
        cell.span = cell.span.clamp(1, MAX_GRID - cell.first);
        table.column = cell.first + cell.span;
        table.row.push(cell);
    }

    fn end_row(&mut self) -> Result<()> {
        self.budget.row()?;
        let Some(table) = self.tables.last_mut() else { return Ok(()) };
        let cells = std::mem::take(&mut table.row);
        self.budget.cells(cells.len())?;
        if !table.row_deleted {
            table.rows.push(RawRow { number: table.count, cells });
        }
        Ok(())
    }

    fn end_table(&mut self) -> Result<()> {
        let Some(table) = self.tables.pop() else { return Ok(()) };
        let (rows, widths) = grid::rows(&table.grid, table.rows, &mut self.budget)?;
        self.table_count += 1;
        let name = TableName::Numbered(self.table_count);
        self.emit(Block::Table(Table { name, widths, rows }));
        Ok(())
    }

    pub(super) fn finish(mut self) -> Document {
        if !self.fonts.is_empty() {
            let fonts = self.fonts.iter().map(|(font, name)| format!("{font} ({name})")).collect();
            self.document.notes.push(DocumentMistake::LegacyFonts { fonts, is_workbook: false });
        }
        if !self.struck.is_empty() {
            let has_more = self.struck.len() > STRUCK_TOLD;
            let texts = self.struck.into_iter().take(STRUCK_TOLD).collect();
            self.document.notes.push(DocumentMistake::StruckText { texts, has_more });
        }
        self.document.notes.extend(self.budget.note());
        self.document
    }
}
