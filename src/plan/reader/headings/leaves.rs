//! Which rows are headings, and which heading stands above which: two or three rows of them, one below the other.

use crate::text;

use super::super::table::Row;
use super::words::classify_below;

/// No heading is longer, in bytes: what is, is a text.
const LONGEST: usize = 160;

/// The lowest heading of some columns, with those above it.
pub(super) struct Leaf {
    pub(super) first: usize,
    pub(super) columns: usize,
    pub(super) texts: Vec<String>,
}

/// Whether a row can be one of headings: its texts are short, and no number stands in it as in a row of tasks.
pub(super) fn may_be_headings(row: &Row) -> bool {
    let mut count = 0;
    for (_, cell) in row.own() {
        let text = cell.text.trim();
        if text.len() > LONGEST || (count == 0 && text.trim_end_matches('.').parse::<u32>().is_ok()) {
            return false;
        }
        count += 1;
    }
    count >= 2
}

/// Whether the last of these rows stands below the headings of those above: every text of it is under one that reaches
/// over several columns, or over nothing.
pub(super) fn is_below(rows: &[Row]) -> bool {
    let Some((last, above)) = rows.split_last() else { return false };
    let own: Vec<(usize, String)> = last.own().map(|(column, cell)| (column, text::nfc(&cell.text))).collect();
    if own.is_empty()
        || own.iter().any(|(_, text)| text.chars().count() > 40 || text.parse::<u32>().is_ok_and(|number| number > 12))
    {
        return false;
    }
    let Some(upper) = above.last() else { return false };
    own.iter().all(|(column, text)| {
        let reach = reach(upper, *column);
        reach.1 > 1
            && (classify_below(&[upper.cells.get(reach.0).map(|cell| cell.text.clone()).unwrap_or_default()], text)
                .is_some())
    })
}

/// The cell of a row above a column: where it begins and how far it reaches, empty cells behind it included.
fn reach(row: &Row, column: usize) -> (usize, usize) {
    let has_text =
        |column: usize| row.cells.get(column).is_some_and(|cell| cell.span > 0 && !cell.text.trim().is_empty());
    let first = (0..=column).rev().find(|column| has_text(*column)).unwrap_or(column);
    let span = row.cells.get(first).map_or(1, |cell| cell.span.max(1));
    let end =
        (first + span..row.cells.len()).find(|column| has_text(*column)).unwrap_or(row.cells.len().max(first + span));
    // A cell that is merged across ends where it ends; one that is not may stand over empty ones.
    if span > 1 { (first, span) } else { (first, end - first) }
}

/// The lowest headings of some rows.
pub(super) fn leaves(rows: &[Row]) -> Vec<Leaf> {
    let columns = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let mut leaves: Vec<Leaf> = Vec::new();
    let mut column = 0;
    while column < columns {
        let mut texts: Vec<String> = Vec::new();
        let mut width = columns - column;
        for (depth, row) in rows.iter().enumerate() {
            let is_lowest = depth + 1 == rows.len();
            // Upper headings reach over the empty cells behind them where something stands below.
            let (first, reach) = if is_lowest {
                let own = row.cells.get(column).map_or(1, |cell| cell.span.max(1));
                (column, own)
            } else {
                let below = rows[depth + 1..].iter().any(|row| {
                    row.cells
                        .get(column)
                        .is_some_and(|cell| cell.span > 0 && !cell.continued && !cell.text.trim().is_empty())
                });
                if below {
                    reach(row, column)
                } else {
                    (column, row.cells.get(column).map_or(1, |cell| cell.span.max(1)))
                }
            };
            width = width.min((first + reach).saturating_sub(column).max(1));
            let Some(cell) = row.cells.get(first) else { continue };
            let text = text::nfc(&cell.text);
            if !cell.continued && !text.is_empty() && cell.span > 0 {
                texts.push(text);
            }
        }
        leaves.push(Leaf { first: column, columns: width, texts });
        column += width;
    }
    leaves
}
