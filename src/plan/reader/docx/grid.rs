//! The columns of a Word table by the widths of its grid, so that a border that was dragged a little in single rows makes
//! no column of its own.

use super::super::mistake::Result;
use super::super::table::{Block, Cell, MAX_COLUMNS, ReadBudget, Row};

/// Borders nearer to each other than this are one: 2 mm, in twentieths of a point.
const SAME_BORDER: u64 = 115;
/// The width of a column of which the grid does not speak.
const UNKNOWN_WIDTH: u64 = 1000;

/// A cell as the file has it.
#[derive(Debug, Default)]
pub(super) struct RawCell {
    /// The first column of the grid that it takes up, and how many.
    pub(super) first: usize,
    pub(super) span: usize,
    pub(super) text: String,
    pub(super) inside: Vec<Block>,
    /// It is merged with the one above.
    pub(super) merged: bool,
}

/// A row as the file has it.
#[derive(Debug, Default)]
pub(super) struct RawRow {
    pub(super) number: usize,
    pub(super) cells: Vec<RawCell>,
}

/// The rows by the columns that a reader sees, and how wide these are.
pub(super) fn rows(grid: &[u32], raw: Vec<RawRow>, budget: &mut ReadBudget) -> Result<(Vec<Row>, Vec<u32>)> {
    let SeenColumns { places, widths } = SeenColumns::of(grid, &raw);
    let width = widths.len().clamp(1, MAX_COLUMNS);
    let mut above: Vec<String> = vec![String::new(); width];
    let mut rows = Vec::with_capacity(raw.len());
    for row in raw {
        budget.cells(width)?;
        let mut cells = vec![Cell::empty(); width];
        let mut free = 0;
        for raw in row.cells {
            if places[raw.first] >= width {
                budget.beyond(&raw.text);
                continue;
            }
            let first = places[raw.first].max(free).min(width - 1);
            let end = places[raw.first + raw.span].clamp(first + 1, width);
            let is_narrow = places[raw.first] >= places[raw.first + raw.span];
            if is_narrow && raw.text.trim().is_empty() {
                continue;
            }
            free = end;
            let mut cell = Cell { text: raw.text, span: end - first, inside: raw.inside, ..Cell::default() };
            if raw.merged {
                cell.text.clone_from(&above[first]);
                cell.continued = true;
            }
            budget.text(&cell.text)?;
            for column in first..end {
                if !raw.merged {
                    above[column].clear();
                }
                cells[column].span = 0;
            }
            if !raw.merged {
                above[first].clone_from(&cell.text);
            }
            cells[first] = cell;
        }
        rows.push(Row { number: row.number, cells, ..Row::default() });
    }
    Ok((rows, widths))
}

/// The columns that a reader sees: borders of the grid that stand close together are one, those that no cell uses none.
struct SeenColumns {
    /// For each border of the grid, the column that begins there.
    places: Vec<usize>,
    /// How wide each is.
    widths: Vec<u32>,
}

impl SeenColumns {
    fn of(grid: &[u32], raw: &[RawRow]) -> Self {
        let columns = raw.iter().flat_map(|row| &row.cells).map(|cell| cell.first + cell.span).max().unwrap_or(0);
        let mut borders = vec![0_u64];
        for column in 0..columns {
            let width = grid.get(column).map_or(UNKNOWN_WIDTH, |width| u64::from(*width).max(1));
            borders.push(borders[column].saturating_add(width));
        }
        let mut used = vec![false; columns + 1];
        for cell in raw.iter().flat_map(|row| &row.cells) {
            used[cell.first] = true;
            used[cell.first + cell.span] = true;
        }
        used[0] = true;
        let mut places = vec![0_usize; columns + 1];
        let mut seen: Vec<u64> = Vec::new();
        for (border, position) in borders.iter().enumerate() {
            let is_new = seen.last().is_none_or(|last| position - last > SAME_BORDER);
            if used[border] && is_new {
                seen.push(*position);
            }
            places[border] = seen.len().saturating_sub(1);
        }
        let widths = seen.windows(2).map(|two| u32::try_from(two[1] - two[0]).unwrap_or(u32::MAX)).collect();
        Self { places, widths }
    }
}
