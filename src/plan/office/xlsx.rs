//! Excel: every sheet that is shown, with the values of its formulas. A date of the first of a month is what Excel makes
//! of a typed "10/2023", so it is that month.

use std::io::Cursor;

use calamine::{Data, DataType, Reader, SheetVisible, Xlsx, open_workbook_from_rs};
use chrono::Datelike;

use super::container::open;
use super::{Block, Cell, Document, Result, Row, Table, Unreadable};

/// No sheet of a plan has more cells.
const MOST_CELLS: usize = 2_000_000;
/// No row has more columns.
const MOST_COLUMNS: usize = 200;

pub(super) fn read(bytes: &[u8]) -> Result<Document> {
    open(bytes, "xlsx")?;
    let damaged = |error: calamine::XlsxError| {
        Unreadable::new("damaged-file", format!("the workbook is damaged: {error}"), "save it again in Excel as .xlsx")
    };
    let mut workbook: Xlsx<Cursor<&[u8]>> = open_workbook_from_rs(Cursor::new(bytes)).map_err(damaged)?;
    let shown = workbook.sheets_metadata().iter().filter(|sheet| sheet.visible == SheetVisible::Visible);
    let names: Vec<String> = shown.map(|sheet| sheet.name.clone()).collect();
    let mut document = Document::default();
    for name in names {
        let range = workbook.worksheet_range(&name).map_err(damaged)?;
        if range.get_size().0.saturating_mul(range.get_size().1.min(MOST_COLUMNS)) > MOST_CELLS {
            return Err(super::container::too_large());
        }
        let merged = workbook.merge_cells_by_sheet_name(&name).map_err(damaged)?;
        let (top, left) = range.start().unwrap_or_default();
        let mut rows: Vec<Row> = Vec::new();
        for (number, cells) in (top as usize + 1..).zip(range.rows()) {
            // The sheet begins in its first column, whatever stands there.
            let before = std::iter::repeat_n(Cell { span: 1, ..Cell::default() }, (left as usize).min(MOST_COLUMNS));
            let cells =
                cells.iter().take(MOST_COLUMNS).map(|data| Cell { text: text(data), continued: false, span: 1 });
            rows.push(Row { number, cells: before.chain(cells).collect() });
        }
        for area in &merged {
            merge(&mut rows, top as usize, area);
        }
        document.blocks.push(Block::Table(Table { name: format!("trang '{name}'"), rows }));
    }
    Ok(document)
}

/// Spreads the text of a merged area downwards, as Word has it, and notes how wide it is.
fn merge(rows: &mut [Row], top: usize, area: &calamine::Dimensions) {
    let (first_row, first_column) = (area.start.0 as usize, area.start.1 as usize);
    let width = (area.end.1 as usize).saturating_sub(first_column) + 1;
    let Some(place) = first_row.checked_sub(top) else { return };
    let Some(text) = rows.get(place).and_then(|row| row.cells.get(first_column)).map(|cell| cell.text.clone()) else {
        return;
    };
    let height = (area.end.0 as usize).saturating_sub(first_row) + 1;
    for (below, row) in rows.iter_mut().skip(place).take(height).enumerate() {
        for (right, cell) in row.cells.iter_mut().skip(first_column).take(width).enumerate() {
            cell.span = if right == 0 { width } else { 0 };
            cell.continued = below > 0;
            if right == 0 && below > 0 {
                cell.text.clone_from(&text);
            }
        }
    }
}

fn text(data: &Data) -> String {
    match data {
        Data::DateTime(_) | Data::DateTimeIso(_) => {
            match data.as_date().map(|found| (found.day(), found.month(), found.year())) {
                Some((1, month, year)) => format!("{month}/{year}"),
                Some((day, month, year)) => format!("{day}/{month}/{year}"),
                None => data.to_string(),
            }
        }
        // What a formula could not compute says nothing.
        Data::Error(_) => String::new(),
        other => other.to_string(),
    }
}
