//! Tables whose headings stand one below the other in the first column, turned upright: a form for each task, or a column
//! for each.

use super::context::DocumentSettings;
use super::headings::Columns;
use super::table::{Cell, Row, Table};

/// No form has more rows.
const MAX_ROWS: usize = 20;

/// The table as it stands where a row of it holds the headings of a plan, else turned where its first column does.
pub(super) fn upright(table: Table, settings: &DocumentSettings) -> Table {
    let is_plain = |cell: &Cell| cell.span == 1 && !cell.continued && cell.inside.is_empty();
    let may_be_form =
        (2..=MAX_ROWS).contains(&table.rows.len()) && table.rows.iter().flat_map(|row| &row.cells).all(is_plain);
    if !may_be_form || (0..table.rows.len()).any(|place| Columns::read(&table, place, settings, true).is_some()) {
        return table;
    }
    let turned = turned(&table);
    if Columns::read(&turned, 0, settings, false).is_some() { turned } else { table }
}

fn turned(table: &Table) -> Table {
    let cell = |row: &Row, column: usize| row.cells.get(column).cloned().unwrap_or_else(Cell::empty);
    let rows = (0..table.columns()).map(|column| Row {
        number: column + 1,
        cells: table.rows.iter().map(|row| cell(row, column)).collect(),
        ..Row::default()
    });
    Table { name: table.name.clone(), widths: Vec::new(), rows: rows.collect() }
}
