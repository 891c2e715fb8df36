//! Word: `word/document.xml` of Office Open XML (ECMA-376, part 1), read as it stands on paper: what is deleted with
//! tracking is gone, what is inserted is there.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::container::{open, part};
use super::{Block, Cell, Document, MOST_COLUMNS, Result, Room, Row, Table, Unreadable};

/// No document is nested deeper.
const DEEPEST: usize = 300;
/// No document has more paragraphs outside of its tables.
const MOST_PARAGRAPHS: usize = 200_000;

pub(super) fn read(bytes: &[u8]) -> Result<Document> {
    let mut archive = open(bytes, "docx")?;
    let xml = part(&mut archive, "word/document.xml")?;
    let mut reader = Reader::from_str(&xml);
    let mut body = Body::default();
    let mut depth = 0;
    loop {
        let event = reader.read_event().map_err(|error| {
            let message = format!("the text of the document is damaged at byte {}: {error}", reader.error_position());
            Unreadable::new("damaged-file", message, "save it again in Word")
        })?;
        match event {
            Event::Start(element) => {
                depth += 1;
                if depth > DEEPEST {
                    return Err(Unreadable::new(
                        "damaged-file",
                        "the document is nested too deeply",
                        "save it again in Word",
                    ));
                }
                body.start(&element)?;
            }
            Event::Empty(element) => {
                body.start(&element)?;
                body.end(element.local_name().as_ref())?;
            }
            Event::End(element) => {
                depth = depth.saturating_sub(1);
                body.end(element.local_name().as_ref())?;
            }
            Event::Text(text) => body.text(&text),
            Event::GeneralRef(reference) => {
                // Only what XML itself defines: no entity of a document is ever followed.
                let letter = match reference.resolve_char_ref() {
                    Ok(Some(letter)) => Some(letter.to_string()),
                    _ => quick_xml::escape::resolve_xml_entity(&reference).map(str::to_owned),
                };
                body.text(&letter.unwrap_or_default());
            }
            Event::CData(data) => body.text(&data),
            Event::Eof => break,
            _ => {}
        }
    }
    Ok(body.finish())
}

/// What has been read so far.
#[derive(Default)]
struct Body {
    document: Document,
    /// The tables that are open: those within a cell are part of its text.
    tables: Vec<Open>,
    paragraph: String,
    /// Inside of `w:t`: only there letters count.
    in_text: bool,
    /// Inside of `w:trPr`, where `w:del` says that the whole row is deleted.
    in_row_properties: bool,
    /// Inside of something that is not there: deleted, moved away, or for older programs.
    hidden: usize,
    paragraphs: usize,
    room: Room,
}

/// A table that is being read.
#[derive(Default)]
struct Open {
    rows: Vec<Row>,
    row: Vec<Cell>,
    /// The row was deleted with tracking.
    deleted: bool,
    cell: Cell,
    /// The cell is merged with the one above.
    merged: bool,
    /// The texts of the column's last cells, for those that are merged with them.
    above: Vec<String>,
}

impl Body {
    fn start(&mut self, element: &BytesStart<'_>) -> Result<()> {
        match element.local_name().as_ref() {
            "trPr" => self.in_row_properties = true,
            "del" if self.in_row_properties => {
                self.hidden += 1;
                if let Some(table) = self.tables.last_mut() {
                    table.deleted = true;
                }
            }
            "del" | "moveFrom" | "Fallback" | "instrText" | "delText" => self.hidden += 1,
            _ if self.hidden > 0 => {}
            "t" => self.in_text = true,
            "tab" => self.paragraph.push(' '),
            "br" | "cr" => self.paragraph.push('\n'),
            "noBreakHyphen" => self.paragraph.push('-'),
            "tbl" => self.tables.push(Open::default()),
            "tr" => {
                if let Some(table) = self.tables.last_mut() {
                    table.row.clear();
                    table.deleted = false;
                }
            }
            "gridBefore" => {
                let missing = number(element).unwrap_or(0).min(MOST_COLUMNS);
                if let Some(table) = self.tables.last_mut() {
                    table.row.extend(std::iter::repeat_n(Cell { span: 1, ..Cell::default() }, missing));
                }
            }
            "tc" => {
                if let Some(table) = self.tables.last_mut() {
                    table.cell = Cell { span: 1, ..Cell::default() };
                    table.merged = false;
                }
            }
            "gridSpan" => {
                if let Some(table) = self.tables.last_mut() {
                    table.cell.span = number(element).unwrap_or(1).clamp(1, MOST_COLUMNS);
                }
            }
            "vMerge" => {
                let begins = value(element).is_some_and(|value| value == "restart");
                if let Some(table) = self.tables.last_mut() {
                    table.merged = !begins;
                }
            }
            _ => {}
        }
        if self.paragraphs > MOST_PARAGRAPHS {
            let message = format!("the document has more than {MOST_PARAGRAPHS} paragraphs");
            return Err(Unreadable::new("too-large", message, "is it the right file?"));
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        if self.in_text && self.hidden == 0 {
            self.paragraph.push_str(text);
        }
    }

    fn end(&mut self, name: &str) -> Result<()> {
        match name {
            "del" | "moveFrom" | "Fallback" | "instrText" | "delText" => self.hidden = self.hidden.saturating_sub(1),
            "trPr" => self.in_row_properties = false,
            _ if self.hidden > 0 => {}
            "t" => self.in_text = false,
            "p" => {
                let paragraph = std::mem::take(&mut self.paragraph);
                match self.tables.last_mut() {
                    Some(table) if table.cell.text.is_empty() => table.cell.text = paragraph,
                    Some(table) => {
                        table.cell.text.push('\n');
                        table.cell.text.push_str(&paragraph);
                    }
                    None => {
                        self.paragraphs += 1;
                        self.document.blocks.push(Block::Paragraph(paragraph));
                    }
                }
            }
            "tc" => {
                if let Some(table) = self.tables.last_mut() {
                    table.end_cell(&mut self.room)?;
                }
            }
            "tr" => {
                self.room.row()?;
                if let Some(table) = self.tables.last_mut() {
                    let number = table.rows.len() + 1;
                    let cells = std::mem::take(&mut table.row);
                    if !table.deleted {
                        table.rows.push(Row { number, cells });
                    }
                }
            }
            "tbl" => self.end_table(),
            _ => {}
        }
        Ok(())
    }

    fn end_table(&mut self) {
        let Some(table) = self.tables.pop() else { return };
        if let Some(around) = self.tables.last_mut() {
            let cells = table.rows.iter().flat_map(|row| &row.cells).filter(|cell| !cell.continued);
            let inner: Vec<&str> = cells.map(|cell| cell.text.as_str()).collect();
            around.cell.text = [around.cell.text.as_str(), &inner.join("\n")].join("\n");
            return;
        }
        let tables = self.document.blocks.iter().filter(|block| matches!(block, Block::Table(_))).count();
        self.document.blocks.push(Block::Table(Table { name: format!("bảng {}", tables + 1), rows: table.rows }));
    }

    fn finish(self) -> Document {
        self.document
    }
}

impl Open {
    fn end_cell(&mut self, room: &mut Room) -> Result<()> {
        let mut cell = std::mem::take(&mut self.cell);
        let column = self.row.len();
        if self.above.len() <= column {
            self.above.resize(column + 1, String::new());
        }
        if self.merged {
            cell.text.clone_from(&self.above[column]);
            cell.continued = true;
        } else {
            self.above[column].clone_from(&cell.text);
        }
        let span = cell.span.min(MOST_COLUMNS.saturating_sub(column)).max(1);
        room.cells(span)?;
        room.text(&cell.text)?;
        self.row.push(cell);
        self.row.extend(std::iter::repeat_n(Cell { span: 0, ..Cell::default() }, span - 1));
        Ok(())
    }
}

fn value(element: &BytesStart<'_>) -> Option<String> {
    let attribute = element.attributes().flatten().find(|attribute| attribute.key.local_name().as_ref() == "val")?;
    Some(attribute.value.into_owned())
}

fn number(element: &BytesStart<'_>) -> Option<usize> {
    value(element)?.parse().ok()
}
