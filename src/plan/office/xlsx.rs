//! Excel: every sheet that is shown, with the values of its formulas. A date of the first of a month is what Excel makes
//! of a typed "10/2023", so it is that month.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, DataType, Reader, SheetVisible, Xlsx, open_workbook_from_rs};
use chrono::Datelike;

use super::container::open;
use super::{Block, Cell, Document, MOST_COLUMNS, Result, Room, Row, Table, Unreadable};

pub(super) fn read(bytes: &[u8]) -> Result<Document> {
    open(bytes, "xlsx")?;
    // calamine panics on some damaged workbooks, such as a cell in column `AAAAAAAAAAAA`. Nothing of what it has read is
    // looked at afterwards.
    catch_unwind(AssertUnwindSafe(|| workbook(bytes))).unwrap_or_else(|_| {
        let message = "the workbook is damaged".to_owned();
        Err(Unreadable::new("damaged-file", message, "save it again in Excel as .xlsx"))
    })
}

fn workbook(bytes: &[u8]) -> Result<Document> {
    let mut workbook: Xlsx<Cursor<&[u8]>> = open_workbook_from_rs(Cursor::new(bytes))?;
    let shown = workbook.sheets_metadata().iter().filter(|sheet| sheet.visible == SheetVisible::Visible);
    let names: Vec<String> = shown.map(|sheet| sheet.name.clone()).collect();
    let mut document = Document::default();
    let mut room = Room::default();
    for name in names {
        let mut rows = rows(&mut workbook, &name, &mut room)?;
        let merged = workbook.merge_cells_by_sheet_name(&name)?;
        for area in &merged {
            merge(&mut rows, area, &mut room)?;
        }
        document.blocks.push(Block::Table(Table { name: format!("trang '{name}'"), rows }));
    }
    Ok(document)
}

/// The rows of a sheet down to the last that says anything. A sheet may claim a million rows and fill two, so its cells
/// are taken one by one.
fn rows(workbook: &mut Xlsx<Cursor<&[u8]>>, name: &str, room: &mut Room) -> Result<Vec<Row>> {
    let mut cells = workbook.worksheet_cells_reader(name)?;
    let mut rows: Vec<Row> = Vec::new();
    while let Some(cell) = cells.next_cell()? {
        let (row, column) = cell.get_position();
        let text = text(&Data::from(cell.get_value().clone()));
        let (row, column) = (row as usize, column as usize);
        if text.is_empty() || column >= MOST_COLUMNS {
            continue;
        }
        room.text(&text)?;
        while rows.len() <= row {
            room.row()?;
            rows.push(Row { number: rows.len() + 1, cells: Vec::new() });
        }
        let cells = &mut rows[row].cells;
        while cells.len() <= column {
            cells.push(Cell { span: 1, ..Cell::default() });
        }
        cells[column].text = text;
    }
    // Every row is as wide as the widest, so that merged areas find their cells.
    let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    room.cells(width * rows.len())?;
    for row in &mut rows {
        row.cells.resize(width, Cell { span: 1, ..Cell::default() });
    }
    Ok(rows)
}

impl From<calamine::XlsxError> for Unreadable {
    fn from(error: calamine::XlsxError) -> Self {
        Self::new("damaged-file", format!("the workbook is damaged: {error}"), "save it again in Excel as .xlsx")
    }
}

/// Spreads the text of a merged area downwards, as Word has it, and notes how wide it is.
fn merge(rows: &mut [Row], area: &calamine::Dimensions, room: &mut Room) -> Result<()> {
    let (first_row, first_column) = (area.start.0 as usize, area.start.1 as usize);
    let width = (area.end.1 as usize).saturating_sub(first_column) + 1;
    let first = rows.get(first_row).and_then(|row| row.cells.get(first_column));
    let Some(text) = first.map(|cell| cell.text.clone()) else { return Ok(()) };
    let height = (area.end.0 as usize).saturating_sub(first_row) + 1;
    for (below, row) in rows.iter_mut().skip(first_row).take(height).enumerate() {
        for (right, cell) in row.cells.iter_mut().skip(first_column).take(width).enumerate() {
            room.cells(1)?;
            cell.span = if right == 0 { width } else { 0 };
            cell.continued = below > 0;
            if right == 0 && below > 0 {
                room.text(&text)?;
                cell.text.clone_from(&text);
            }
        }
    }
    Ok(())
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
