//! Text of separated values: comma, semicolon or tab, in UTF-8, or in UTF-16 as Excel saves "Unicode text".

use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE};

use super::table::{Block, Cell, Document, MAX_COLUMNS, ReadBudget, Row, Table};
use super::unreadable::{Result, Unreadable};

/// No file is larger: twenty thousand rows take up half of it.
const LARGEST: usize = 24 << 20;

pub(super) fn read(bytes: &[u8]) -> Result<Document> {
    if bytes.len() > LARGEST {
        let message = format!("the file is larger than {} MiB", LARGEST >> 20);
        return Err(Unreadable::new("too-large", message, "is it the right file?"));
    }
    let (encoding, text) = if bytes.starts_with(&[0xFF, 0xFE]) {
        (UTF_16LE, &bytes[2..])
    } else if bytes.starts_with(&[0xFE, 0xFF]) {
        (UTF_16BE, &bytes[2..])
    } else {
        (UTF_8, bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes))
    };
    let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(text) else {
        let message = format!("the text is not {}", encoding.name());
        let help = "save it again from Excel as \"CSV UTF-8\", or as Word or Excel document";
        return Err(Unreadable::new("not-utf-8", message, help));
    };
    if text.contains('\0') {
        let help = "save it again from Excel as \"CSV UTF-8\"";
        return Err(Unreadable::new("not-utf-8", "the file is no text, or UTF-16 without its mark", help));
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text))
        .from_reader(text.as_bytes());
    let mut rows: Vec<Row> = Vec::new();
    let mut budget = ReadBudget::default();
    for record in reader.records() {
        let record = record.map_err(|error| {
            Unreadable::new("damaged-file", format!("the text is damaged: {error}"), "save it again from Excel")
        })?;
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
        let message = format!("a quote that is opened on line {line} or below is never closed");
        return Err(Unreadable::new("damaged-file", message, "close it, or save the file again from Excel"));
    }
    let table = Table { name: "bảng".to_owned(), rows, ..Table::default() };
    Ok(Document { blocks: vec![Block::Table(table)], notes: budget.note().into_iter().collect() })
}

/// The sign that divides the cells of the widest row most often, or those of the first row.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let in_first = |sign: u8| first.bytes().filter(|byte| *byte == sign).count();
    let most = |sign: u8| {
        let counted = text.lines().take(50).map(|line| line.bytes().filter(|byte| *byte == sign).count());
        counted.max().unwrap_or(0)
    };
    // Commas stand in sentences too, so that the others come first where they are as many.
    let signs = [b'\t', b';', b','];
    let tabs_or_semicolons = signs.into_iter().take(2).max_by_key(|sign| most(*sign)).unwrap_or(b',');
    // A list of three columns has two of them a row.
    let divides = most(tabs_or_semicolons) >= 3 || in_first(tabs_or_semicolons) > in_first(b',');
    if divides { tabs_or_semicolons } else { b',' }
}
