//! Text of separated values: comma, semicolon or tab, in UTF-8, or in UTF-16 as Excel saves "Unicode text".

use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE};

use super::{Block, Cell, Document, MOST_COLUMNS, Result, Room, Row, Table, Unreadable};

pub(super) fn read(bytes: &[u8]) -> Result<Document> {
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
    let mut rows = Vec::new();
    let mut room = Room::default();
    for record in reader.records() {
        let record = record.map_err(|error| {
            Unreadable::new("damaged-file", format!("the text is damaged: {error}"), "save it again from Excel")
        })?;
        let number = record.position().and_then(|place| usize::try_from(place.line()).ok()).unwrap_or(rows.len() + 1);
        let cells = record.iter().take(MOST_COLUMNS);
        let cells = cells.map(|text| Cell { text: text.to_owned(), continued: false, span: 1 }).collect();
        rows.push(Row { number, cells });
        room.row()?;
        room.cells(record.len().min(MOST_COLUMNS))?;
    }
    Ok(Document { blocks: vec![Block::Table(Table { name: "bảng".to_owned(), rows })] })
}

/// The sign that divides the cells of the widest row most often.
fn delimiter(text: &str) -> u8 {
    let most = |sign: u8| {
        let counted = text.lines().take(50).map(|line| line.bytes().filter(|byte| *byte == sign).count());
        counted.max().unwrap_or(0)
    };
    // Commas stand in sentences too, so that the others come first where they are as many.
    let signs = [b'\t', b';', b','];
    let tabs_or_semicolons = signs.into_iter().take(2).max_by_key(|sign| most(*sign)).unwrap_or(b',');
    if most(tabs_or_semicolons) >= 3 { tabs_or_semicolons } else { b',' }
}
