//! Tables: those of the text, and those without borders that put things side by side.

use std::fmt::Write;

use crate::report::{DocumentTable, TableCell, TableColumn, TableRow};

use super::measure::TEXT_WIDTH;
use super::xml;

/// Two columns of these widths in twips without borders; each cell holds paragraphs.
pub(super) fn invisible(widths: [u32; 2], rows: &[[String; 2]]) -> String {
    let none = "<w:tblBorders><w:top w:val=\"nil\"/><w:left w:val=\"nil\"/><w:bottom w:val=\"nil\"/>\
                <w:right w:val=\"nil\"/><w:insideH w:val=\"nil\"/><w:insideV w:val=\"nil\"/></w:tblBorders>";
    let mut table = begin(&widths, none, 0);
    for row in rows {
        table.push_str("<w:tr><w:trPr><w:cantSplit/></w:trPr>");
        for (width, cell) in widths.iter().zip(row) {
            // Writing to a string cannot fail.
            let _ = write!(table, "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/></w:tcPr>{cell}</w:tc>");
        }
        table.push_str("</w:tr>");
    }
    table + "</w:tbl>"
}

/// A table with borders, its heading repeated on every page, no row broken between two. No paragraph in it asks to stay
/// with the next: `LibreOffice` 7.4 loses rows of a table that has such paragraphs and rows that are not to be broken.
pub(super) fn visible(table: &DocumentTable) -> String {
    let widths = widths(&table.columns);
    let mut text = begin(&widths, "", 70);
    for row in &table.rows {
        let heads = if row.is_head { "<w:tblHeader/>" } else { "" };
        // Writing to a string cannot fail.
        let _ = write!(text, "<w:tr><w:trPr><w:cantSplit/>{heads}</w:trPr>{}</w:tr>", cells(row, table, &widths));
    }
    text + "</w:tbl>"
}

fn begin(widths: &[u32], borders: &str, margin: u32) -> String {
    let style = if borders.is_empty() { "<w:tblStyle w:val=\"TableGrid\"/>" } else { "" };
    let grid = widths.iter().fold(String::new(), |grid, width| grid + &format!("<w:gridCol w:w=\"{width}\"/>"));
    format!(
        "<w:tbl><w:tblPr>{style}<w:tblW w:w=\"{TEXT_WIDTH}\" w:type=\"dxa\"/><w:tblInd w:w=\"0\" w:type=\"dxa\"/>\
         {borders}<w:tblLayout w:type=\"fixed\"/><w:tblCellMar><w:left w:w=\"{margin}\" w:type=\"dxa\"/>\
         <w:right w:w=\"{margin}\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
    )
}

/// The cells of a row, one for each column: missing ones are empty, superfluous ones left out.
fn cells(row: &TableRow, table: &DocumentTable, widths: &[u32]) -> String {
    let mut text = String::new();
    let mut column = 0;
    let missing = TableCell::default();
    let given = row.cells.iter().chain(std::iter::repeat(&missing));
    for cell in given {
        if column >= widths.len() {
            break;
        }
        let span = cell.span.clamp(1, widths.len() - column);
        let width: u32 = widths[column..column + span].iter().sum();
        let spans = if span > 1 { format!("<w:gridSpan w:val=\"{span}\"/>") } else { String::new() };
        let style = match (row.is_head, table.columns[column].centred && span == 1) {
            (true, _) => "TableHead",
            (false, true) => "TableCentred",
            (false, false) => "TableText",
        };
        let _ = write!(
            text,
            "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/>{spans}<w:vAlign w:val=\"center\"/></w:tcPr>{}</w:tc>",
            xml::paragraph(style, "", &xml::runs(&cell.text)),
        );
        column += span;
    }
    text
}

/// The width of each column in twips; together they fill the page.
fn widths(columns: &[TableColumn]) -> Vec<u32> {
    if columns.is_empty() {
        return vec![TEXT_WIDTH];
    }
    let all: u32 = columns.iter().map(|column| column.width).sum::<u32>().max(1);
    let mut widths: Vec<u32> = columns.iter().map(|column| TEXT_WIDTH * column.width / all).collect();
    let filled: u32 = widths.iter().sum();
    if let Some(last) = widths.last_mut() {
        *last += TEXT_WIDTH.saturating_sub(filled);
    }
    widths
}
