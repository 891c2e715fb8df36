//! Text of separated values: comma, semicolon or tab, in UTF-8, or in UTF-16 as Excel saves "Unicode text".

use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE};

use super::mistake::{DocumentMistake, Result};
use super::table::{Block, Cell, Document, MAX_COLUMNS, ReadBudget, Row, Table};
use super::{FindHeadings, FoundHeadings};

/// No file is larger: thirty thousand rows of 400 bytes take up half of it.
const LARGEST: usize = 24 << 20;

/// So many lines show which sign divides cells, and so many bytes of them at most.
const HEAD_LINES: usize = 50;
const HEAD_SIZE: usize = 256 << 10;

/// The signs that may divide cells.
const SIGNS: [u8; 3] = [b'\t', b';', b','];

pub(super) fn read(bytes: &[u8], find_headings: &FindHeadings<'_>) -> Result<Document> {
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
    let mut reader = reader_by(delimiter(&text, find_headings), &text);
    let mut rows: Vec<Row> = Vec::new();
    let mut budget = ReadBudget::default();
    for record in reader.records() {
        let record = record.map_err(|error| DocumentMistake::CsvDamaged { error: error.to_string() })?;
        let number = record.position().and_then(|place| usize::try_from(place.line()).ok()).unwrap_or(rows.len() + 1);
        budget.row()?;
        budget.cells(record.len().min(MAX_COLUMNS))?;
        record.iter().try_for_each(|text| budget.text(text))?;
        record.iter().skip(MAX_COLUMNS).for_each(|text| budget.beyond(text));
        rows.push(row(&record, number));
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

/// The sign that divides cells: the one by which headings are found that say most and have the most cells below them;
/// where none has any, the one that stands there most often.
fn delimiter(text: &str, find_headings: &FindHeadings<'_>) -> u8 {
    let found = SIGNS.map(|sign| headings_by(sign, text, find_headings));
    let best = found.iter().flatten().max();
    let signs: Vec<u8> =
        SIGNS.into_iter().zip(&found).filter(|(_, found)| found.as_ref() == best).map(|(sign, _)| sign).collect();
    match signs.as_slice() {
        [only] => *only,
        _ => most_frequent(text, &signs),
    }
}

/// What is found where a sign is taken to divide the cells of the first lines, by how much it says for it.
fn headings_by(sign: u8, text: &str, find_headings: &FindHeadings<'_>) -> Option<HeadingsByDelimiter> {
    let head = &text[..text.floor_char_boundary(HEAD_SIZE)];
    let records = reader_by(sign, head).into_records().map_while(std::result::Result::ok);
    let rows: Vec<Row> = records.take(HEAD_LINES).map(|record| row(&record, 0)).collect();
    let widths: Vec<usize> = rows.iter().map(|row| row.cells.len()).collect();
    let FoundHeadings { is_whole, known, below } = find_headings(Table { rows, ..Table::default() })?;
    let width = below.checked_sub(1).and_then(|last| widths.get(last).copied())?;
    let fitting = widths.iter().skip(below).filter(|found| **found <= width);
    let divisions = fitting.map(|found| found.saturating_sub(1)).sum();
    Some(HeadingsByDelimiter { is_whole, known, divisions })
}

/// What speaks for a sign, what says most coming first.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct HeadingsByDelimiter {
    /// Whether the headings announce all that is asked for.
    is_whole: bool,
    /// How many things they announce: a wrong sign merges headings. Rows say less, for commas stand in their sentences.
    known: usize,
    /// How often it divides the rows below them that have no more cells than they: empty cells at the end of a row may be
    /// left out, but a row with more cells is divided by something else.
    divisions: usize,
}

/// The one of some signs that divides the cells of the widest row most often, or those of the first row.
fn most_frequent(text: &str, among: &[u8]) -> u8 {
    let text = head_outside_quotes(text);
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let in_first = |sign: u8| first.bytes().filter(|byte| *byte == sign).count();
    let most = |sign: u8| {
        let counted = text.lines().map(|line| line.bytes().filter(|byte| *byte == sign).count());
        counted.max().unwrap_or(0)
    };
    // Commas stand in sentences too, so that the others come first where they are as many.
    let others = among.iter().copied().filter(|sign| *sign != b',').max_by_key(|sign| most(*sign));
    let Some(other) = others else { return b',' };
    // A list of three columns has two of them a row.
    let divides = !among.contains(&b',') || most(other) >= 3 || in_first(other) > in_first(b',');
    if divides { other } else { b',' }
}

fn reader_by(sign: u8, text: &str) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(sign).from_reader(text.as_bytes())
}

fn row(record: &csv::StringRecord, number: usize) -> Row {
    let cells = record.iter().take(MAX_COLUMNS).map(|text| Cell { text: text.to_owned(), ..Cell::empty() });
    Row { number, cells: cells.collect(), ..Row::default() }
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
        let by_number = |text: &str| delimiter(text, &|_| None);
        assert_eq!(by_number(&rows), b';');
        // A sign that comes later divides nothing.
        assert_eq!(by_number(&("a,b\n".repeat(HEAD_LINES) + "x;y;z;w;v\n")), b',');
        assert_eq!(by_number(""), b',');
    }
}
