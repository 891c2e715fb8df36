//! A document made of tables as a plan: which of its tables are the plan's, what stands above them, what is told.

use std::path::Path;

use crate::diagnostic::{Diagnostics, Place};
use crate::plan::{Plan, framework};
use crate::text;

use super::DocumentReader;
use super::beside;
use super::container;
use super::context::{DocumentSettings, PlanFile, ReadContext};
use super::headings::Columns;
use super::letterhead::{self, Letterhead};
use super::mistake::{CellName, DocumentMistake, MissingColumn, Result, SeenTable};
use super::rows::Rows;
use super::table::{Block, Document, Row, Table};
use super::upright::upright;

/// Reads a plan from a document of tables. Mistakes and doubts are noted.
pub(super) fn read(
    reader: DocumentReader,
    PlanFile { path, bytes }: PlanFile<'_>,
    context: ReadContext<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Plan> {
    let read = container::not_a_lock(path).and_then(|()| tables(reader, &bytes, context.document));
    drop(bytes);
    match read {
        Ok(document) => plan(document, path, context, diagnostics),
        Err(mistake) => {
            diagnostics.error(Place::File(path.to_owned()), mistake);
            None
        }
    }
}

/// What stands above the plan of a document; `None` where it cannot be read.
pub(super) fn head(reader: DocumentReader, bytes: &[u8]) -> Option<Letterhead> {
    let settings = DocumentSettings::default();
    let blocks = without_frames(tables(reader, bytes, &settings).ok()?.blocks, &settings);
    Some(letterhead::read(&above(&blocks, &settings)))
}

fn tables(reader: DocumentReader, bytes: &[u8], settings: &DocumentSettings) -> Result<Document> {
    reader.read(bytes, &|table| Columns::find(&table, settings))
}

/// Makes a plan of a document; `None` where there is no plan's table in it.
fn plan(document: Document, path: &Path, context: ReadContext<'_>, diagnostics: &mut Diagnostics) -> Option<Plan> {
    let Document { blocks, notes } = document;
    let settings = context.document;
    let blocks = beside::taken_apart(without_frames(blocks, settings), settings).into_iter();
    let blocks: Vec<Block> = blocks.map(|block| with_headings_on_top(block, settings)).collect();
    let above = above(&blocks, settings);
    let letterhead = letterhead::read(&above);
    let named = || framework::named_in(above.iter().map(String::as_str)).map(str::to_owned);
    let framework = settings.framework.clone().or_else(named);
    let whole = || Place::File(path.to_owned());
    for note in notes {
        diagnostics.warning(whole(), note);
    }
    warn_of_deceptive_cells(&blocks, path, diagnostics);
    check_year(&letterhead, path, context, diagnostics);
    let head = Head::of(letterhead, path, context, diagnostics);
    let mut rows = Rows::new(path, context, head.issued, &head.title, diagnostics);
    for block in &blocks {
        match block {
            Block::Paragraph(text) => rows.paragraph(text),
            Block::Table(table) => rows.table(table),
        }
    }
    let found = rows.found;
    let (standards, tasks) = rows.finish();
    if !found {
        diagnostics.error(whole(), DocumentMistake::NoPlan { tables: seen(&blocks, settings) });
        return None;
    }
    let Head { number, title, issued } = head;
    Some(Plan { number, framework, title, issued: issued?, standards, tasks })
}

/// The most cells that are named where something is wrong with many.
const MAX_NAMED: usize = 5;

/// Warns of cells that show something else than they say; what makes them do so is left out.
fn warn_of_deceptive_cells(blocks: &[Block], path: &Path, diagnostics: &mut Diagnostics) {
    let tables = blocks.iter().filter_map(|block| match block {
        Block::Table(table) => Some(table),
        Block::Paragraph(_) => None,
    });
    let rows = tables.flat_map(|table| table.rows.iter().map(move |row| (table, row)));
    let deceptive = rows.filter(|(_, row)| row.own().any(|(_, cell)| text::is_deceptive_in(&cell.text)));
    let name = |(table, row): (&Table, &Row)| CellName { table: table.name.clone(), row: row.number };
    let mut cells: Vec<CellName> = deceptive.map(name).collect();
    if cells.is_empty() {
        return;
    }
    let more = cells.len().saturating_sub(MAX_NAMED);
    cells.truncate(MAX_NAMED);
    diagnostics.warning(Place::File(path.to_owned()), DocumentMistake::DeceptiveCells { cells, more });
}

/// What the plan is called and when it was issued.
struct Head {
    number: String,
    title: String,
    issued: Option<jiff::civil::Date>,
}

impl Head {
    /// From the configuration, else the letterhead, else the file's name and the school year: which is told.
    fn of(letterhead: Letterhead, path: &Path, context: ReadContext<'_>, diagnostics: &mut Diagnostics) -> Self {
        let settings = context.document;
        let whole = || Place::File(path.to_owned());
        let name = path.file_stem().map(|stem| text::nfc(&stem.to_string_lossy())).unwrap_or_default();
        let number = settings.number.clone().or(letterhead.number).unwrap_or_else(|| {
            let left_open = letterhead.open_number.clone();
            diagnostics.warning(whole(), DocumentMistake::NoNumber { left_open, name: name.clone() });
            name.clone()
        });
        let title = settings.title.clone().or(letterhead.title).unwrap_or(name);
        let issued = settings.issued.or(letterhead.issued).or_else(|| {
            let start = context.year?.start();
            let left_open = letterhead.open_date.clone();
            diagnostics.warning(whole(), DocumentMistake::NoDateOfIssue { left_open, start });
            Some(start)
        });
        Self { number, title, issued }
    }
}

fn check_year(letterhead: &Letterhead, path: &Path, context: ReadContext<'_>, diagnostics: &mut Diagnostics) {
    let (Some(written), Some(year)) = (letterhead.school_year, context.year) else { return };
    if written == year.start().year() {
        return;
    }
    let configuration = (year.start().year(), year.end().year());
    let mistake = DocumentMistake::OtherSchoolYear { document: written, configuration };
    diagnostics.warning(Place::File(path.to_owned()), mistake);
}

/// The blocks of a document, those of frames taken out of them: a table that only holds others is a frame.
fn without_frames(blocks: Vec<Block>, settings: &DocumentSettings) -> Vec<Block> {
    let mut flat = Vec::with_capacity(blocks.len());
    for block in blocks {
        match block {
            Block::Table(table) if is_frame(&table, settings) => {
                for cell in table.rows.into_iter().flat_map(|row| row.cells).filter(|cell| !cell.continued) {
                    if cell.inside.is_empty() {
                        flat.push(Block::Paragraph(cell.text));
                    } else {
                        flat.extend(without_frames(cell.inside, settings));
                    }
                }
            }
            other => flat.push(other),
        }
    }
    flat
}

fn with_headings_on_top(block: Block, settings: &DocumentSettings) -> Block {
    match block {
        Block::Table(table) => Block::Table(upright(table, settings)),
        Block::Paragraph(text) => Block::Paragraph(text),
    }
}

fn is_frame(table: &Table, settings: &DocumentSettings) -> bool {
    let holds_tables = table.rows.iter().flat_map(|row| &row.cells).any(|cell| !cell.inside.is_empty());
    holds_tables && (0..table.rows.len()).all(|place| Columns::read(table, place, settings, true).is_none())
}

/// The lines above the first plan's table.
fn above(blocks: &[Block], settings: &DocumentSettings) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for block in blocks {
        match block {
            Block::Paragraph(text) => lines.extend(text.lines().map(text::nfc)),
            Block::Table(table) => {
                for place in 0..table.rows.len() {
                    if Columns::read(table, place, settings, true).is_some() {
                        return lines;
                    }
                    let cells = table.rows[place].own();
                    lines.extend(cells.flat_map(|(_, cell)| cell.text.lines()).map(text::nfc));
                }
            }
        }
    }
    lines
}

/// So many tables are told of, and so many headings of each.
const TABLES_TOLD: usize = 4;
const HEADINGS_TOLD: usize = 12;

/// The headings that were seen in each table, and which of the three things are missing.
fn seen(blocks: &[Block], settings: &DocumentSettings) -> Vec<SeenTable> {
    let tables = blocks.iter().filter_map(|block| match block {
        Block::Table(table) => Some(table),
        Block::Paragraph(_) => None,
    });
    let best = |table: &Table| -> Option<Columns> {
        let rows = 0..table.rows.len().min(40);
        let found = rows.filter_map(|place| Columns::candidate(table, place, settings));
        found.min_by_key(|columns| {
            let missing = columns.missing();
            u8::from(missing.what) + u8::from(missing.who) + u8::from(missing.when)
        })
    };
    let seen = |(table, columns): (&Table, Columns)| {
        let headings = columns.headings.iter().map(|heading| heading.text.clone()).filter(|text| !text.is_empty());
        let missing = columns.missing();
        let missing = [
            (missing.what, MissingColumn::What),
            (missing.who, MissingColumn::Who),
            (missing.when, MissingColumn::When),
        ];
        SeenTable {
            name: table.name.clone(),
            headings: headings.take(HEADINGS_TOLD).collect(),
            missing: missing.into_iter().filter(|(is_missing, _)| *is_missing).map(|(_, column)| column).collect(),
        }
    };
    tables.filter_map(|table| Some((table, best(table)?))).take(TABLES_TOLD).map(seen).collect()
}
