//! Tables that stand beside each other, taken apart: each has headings of its own.

use std::ops::Range;

use crate::text;

use super::context::DocumentSettings;
use super::headings::Columns;
use super::table::{Block, Row, Table};

/// Headings stand in so many rows at most.
const HEADING_ROWS: usize = 3;

/// The blocks of a document with one table for each that has headings of its own.
pub(super) fn taken_apart(blocks: Vec<Block>, settings: &DocumentSettings) -> Vec<Block> {
    let mut apart = Vec::with_capacity(blocks.len());
    for block in blocks {
        let mut rest = match block {
            Block::Table(table) => table,
            Block::Paragraph(text) => {
                apart.push(Block::Paragraph(text));
                continue;
            }
        };
        while let Some(border) = border(&rest, settings) {
            apart.push(Block::Table(part(&rest, 0..border, 0..rest.rows.len())));
            rest = part(&rest, border..rest.columns(), 0..rest.rows.len());
        }
        apart.push(Block::Table(rest));
    }
    apart
}

/// The first column of a second table: its headings begin as those of the first do, and both are those of a plan.
fn border(table: &Table, settings: &DocumentSettings) -> Option<usize> {
    (0..table.rows.len()).find_map(|place| {
        let mut own = table.rows[place].own().map(|(column, cell)| (column, text::fold(&cell.text)));
        let (_, first) = own.next()?;
        let (border, _) = own.find(|(_, text)| *text == first)?;
        let rows = place..table.rows.len().min(place + HEADING_ROWS);
        let is_plan =
            |columns: Range<usize>| Columns::read(&part(table, columns, rows.clone()), 0, settings, false).is_some();
        (is_plan(0..border) && is_plan(border..table.columns())).then_some(border)
    })
}

/// Some columns of some rows. What is merged across the border belongs to both sides.
fn part(table: &Table, columns: Range<usize>, rows: Range<usize>) -> Table {
    let cut = |row: &Row| {
        let mut cells: Vec<_> = row.cells.iter().skip(columns.start).take(columns.len()).cloned().collect();
        if cells.first().is_some_and(|cell| cell.span == 0)
            && let Some(whole) = row.cells[..columns.start].iter().rposition(|cell| cell.span > 0)
        {
            let span = (whole + row.cells[whole].span).saturating_sub(columns.start);
            cells[0] = row.cells[whole].clone();
            cells[0].span = span.max(1);
        }
        let width = cells.len();
        for (place, cell) in cells.iter_mut().enumerate() {
            cell.span = cell.span.min(width - place);
        }
        Row { number: row.number, is_hidden: row.is_hidden, cells }
    };
    let widths = table.widths.iter().skip(columns.start).take(columns.len()).copied().collect();
    let rows = table.rows[rows].iter().map(cut).collect();
    Table { name: table.name.clone(), widths, rows }
}
