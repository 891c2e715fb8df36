//! Text of separated values: comma, semicolon or tab, in UTF-8, or in UTF-16 as Excel saves "Unicode text".

use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE};

use super::mistake::{DocumentMistake, Result};
use super::table::{Block, Cell, Document, MAX_COLUMNS, ReadBudget, Row, Table};

/// No file is larger: twenty thousand rows take up half of it.
const LARGEST: usize = 24 << 20;

/// So many lines show which sign divides cells.
const HEAD_LINES: usize = 50;

pub(super) fn read(bytes: &[u8]) -> Result<Document> {
    if bytes.len() > LARGEST {
        return Err(DocumentMistake::TooLarge { mebibytes: LARGEST >> 20 });
    }
    let (encoding, text) = if bytes.starts_with(&[0xFF, 0xFE]) {
        (UTF_16LE, &bytes[2..])
    } else if bytes.starts_with(&[0xFE, 0xFF]) {
        (UTF_16BE, &bytes[2..])
    } else {
        (UTF_8, bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes))
    };
    let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(text) else {
        return Err(DocumentMistake::NotInEncoding { encoding: encoding.name() });
    };
    if text.contains('\0') {
        return Err(DocumentMistake::NoText);
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text))
        .from_reader(text.as_bytes());
    let mut rows: Vec<Row> = Vec::new();
    let mut budget = ReadBudget::default();
    for record in reader.records() {
        let record = record.map_err(|error| DocumentMistake::CsvDamaged { error: error.to_string() })?;
        let number = record.position().and_then(|place| usize::try_from(place.line()).ok()).unwrap_or(rows.len() + 1);
        budget.row()?;
        budget.cells(record.len().min(MAX_COLUMNS))?;
        record.iter().try_for_each(|text| budget.text(text))?;
        record.iter().skip(MAX_COLUMNS).for_each(|text| budget.beyond(text));
        let cells = record.iter().take(MAX_COLUMNS).map(|text| Cell { text: text.to_owned(), ..Cell::empty() });
        rows.push(Row { number, cells: cells.collect(), ..Row::default() });
    }
    // Whatever stands behind a quote that nothing closes is one cell.
    let last = rows.last().and_then(|row| Some((row.number, row.cells.last()?)));
    if let Some((line, _)) = last.filter(|(_, cell)| cell.text.contains('\n'))
        && memchr::memchr_iter(b'"', text.as_bytes()).count() % 2 == 1
    {
        return Err(DocumentMistake::QuoteNeverClosed { line });
    }
    let table = Table { rows, ..Table::default() };
    Ok(Document { blocks: vec![Block::Table(table)], notes: budget.note().into_iter().collect() })
}

/// The sign that divides the cells of the widest row most often, or those of the first row.
fn delimiter(text: &str) -> u8 {
    let text = head_outside_quotes(text);
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let in_first = |sign: u8| first.bytes().filter(|byte| *byte == sign).count();
    let most = |sign: u8| {
        let counted = text.lines().map(|line| line.bytes().filter(|byte| *byte == sign).count());
        counted.max().unwrap_or(0)
    };
    // Commas stand in sentences too, so that the others come first where they are as many.
    let signs = [b'\t', b';', b','];
    let tabs_or_semicolons = signs.into_iter().take(2).max_by_key(|sign| most(*sign)).unwrap_or(b',');
    // A list of three columns has two of them a row.
    let divides = most(tabs_or_semicolons) >= 3 || in_first(tabs_or_semicolons) > in_first(b',');
    if divides { tabs_or_semicolons } else { b',' }
}

/// The first lines of a text that say anything, without its quoted cells, in which a sign divides nothing.
fn head_outside_quotes(text: &str) -> String {
    let (mut is_quoted, mut before, mut lines) = (false, '\n', 0);
    let is_outside = |letter: &char| {
        let before = std::mem::replace(&mut before, *letter);
        // A quote within a cell that none has begun is a letter of it.
        if *letter == '"' && (is_quoted || "\n\r\t;,\"".contains(before)) {
            is_quoted = !is_quoted;
        }
        !is_quoted
    };
    let text = text.trim_start_matches(['\r', '\n', ' ']);
    let outside = text.chars().filter(is_outside);
    let is_head = |letter: &char| {
        lines += usize::from(*letter == '\n');
        lines < HEAD_LINES
    };
    outside.take_while(is_head).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_lines_alone_say_what_divides_cells() {
        let rows = "1.1;\"a, b,\nc, d\";2023\n".repeat(HEAD_LINES);
        let head = head_outside_quotes(&format!("\r\n\n{rows}"));
        assert_eq!(head_outside_quotes(&rows.repeat(100)), head);
        assert_eq!(head.lines().count(), HEAD_LINES);
        assert!(!head.contains(','), "{head}");
        assert_eq!(delimiter(&rows), b';');
        // A sign that comes later divides nothing.
        assert_eq!(delimiter(&("a,b\n".repeat(HEAD_LINES) + "x;y;z;w;v\n")), b',');
        assert_eq!(delimiter(""), b',');
    }
}
