//! Builds a document from its elements, one after the other.

use quick_xml::events::BytesStart;

use crate::report::{DocumentBlock, DocumentTable, OfficialDocument, TableCell, TableColumn, TableRow, TextRun};

use super::MarkupError;
use super::numbering::numbered;
use super::text::{file_name, tidy};

/// The letters of points where a document names none.
const LETTERS: &str = "abcdefghijklmnopqrstuvwxyz";
/// The most columns of a table.
const MAX_COLUMNS: usize = 20;
/// A line end within an element, until its runs are tidied.
const LINE_END: &str = "\u{2028}";

/// The elements of `<report>`.
const REPORT_ELEMENTS: &[&str] = &[
    "authority",
    "issuer",
    "number",
    "nation",
    "motto",
    "dated",
    "kind",
    "subject",
    "part",
    "heading",
    "point",
    "item",
    "p",
    "table",
    "signature",
    "recipients",
    "b",
    "i",
    "br",
];

/// The element whose children are being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Parent {
    None,
    Report,
    Table,
    Signature,
    Recipients,
}

impl Parent {
    /// The elements that may stand in it.
    fn children(self) -> &'static [&'static str] {
        match self {
            Self::None => &["report"],
            Self::Report => REPORT_ELEMENTS,
            Self::Table => &["row", "cell", "b", "i", "br"],
            Self::Signature => &["position", "name"],
            Self::Recipients => &["to"],
        }
    }
}

/// A document, as far as its elements have been read.
pub(super) struct DocumentBuilder {
    document: OfficialDocument,
    /// The letters that number points.
    letters: Vec<char>,
    /// The text of the open element.
    runs: Vec<TextRun>,
    /// How many `<b>` are open, and how many `<i>`.
    bold: usize,
    italic: usize,
    table: Option<DocumentTable>,
    parent: Parent,
}

impl DocumentBuilder {
    pub(super) fn new(language: &str) -> Self {
        Self {
            document: OfficialDocument { language: language.to_owned(), ..OfficialDocument::default() },
            letters: LETTERS.chars().collect(),
            runs: Vec::new(),
            bold: 0,
            italic: 0,
            table: None,
            parent: Parent::None,
        }
    }

    /// Opens an element; the error is the name of an element that may not stand here.
    pub(super) fn start(&mut self, element: &BytesStart<'_>) -> Result<(), String> {
        let name = element.local_name();
        let name: &str = name.as_ref();
        if !self.parent.children().contains(&name) {
            return Err(name.to_owned());
        }
        match name {
            "report" => {
                self.parent = Parent::Report;
                self.document.file = file_name(&attribute(element, "file").unwrap_or_default());
                if let Some(letters) = attribute(element, "letters").filter(|letters| !letters.is_empty()) {
                    self.letters = letters.chars().collect();
                }
            }
            "table" => {
                self.parent = Parent::Table;
                let columns = attribute(element, "columns").unwrap_or_default();
                let columns = columns.split_whitespace().take(MAX_COLUMNS).map(column).collect();
                self.table = Some(DocumentTable { columns, rows: Vec::new() });
            }
            "row" => {
                let is_head = attribute(element, "head").is_some();
                if let Some(table) = &mut self.table {
                    table.rows.push(TableRow { is_head, cells: Vec::new() });
                }
            }
            "cell" => {
                let span = attribute(element, "span").and_then(|span| span.parse().ok()).unwrap_or(1);
                self.runs.clear();
                let row = self.table.as_mut().and_then(|table| table.rows.last_mut()).ok_or(name)?;
                row.cells.push(TableCell { text: Vec::new(), span: span.clamp(1, MAX_COLUMNS) });
            }
            "signature" => self.parent = Parent::Signature,
            "recipients" => {
                self.parent = Parent::Recipients;
                self.document.recipients.label = attribute(element, "label").unwrap_or_default();
            }
            "b" => self.bold += 1,
            "i" => self.italic += 1,
            "br" => self.words(LINE_END),
            _ => self.runs.clear(),
        }
        Ok(())
    }

    /// Adds text to the open element.
    pub(super) fn words(&mut self, words: &str) {
        let (bold, italic) = (self.bold > 0, self.italic > 0);
        match self.runs.last_mut() {
            Some(run) if run.bold == bold && run.italic == italic => run.text.push_str(words),
            _ => self.runs.push(TextRun { text: words.to_owned(), bold, italic }),
        }
    }

    /// Closes an element.
    pub(super) fn end(&mut self, name: &str) {
        match name {
            "b" => self.bold = self.bold.saturating_sub(1),
            "i" => self.italic = self.italic.saturating_sub(1),
            "table" => {
                self.parent = Parent::Report;
                self.document.body.extend(self.table.take().map(DocumentBlock::Table));
            }
            "signature" | "recipients" => self.parent = Parent::Report,
            "row" | "br" | "report" => {}
            "cell" => {
                let text = tidy(std::mem::take(&mut self.runs));
                let row = self.table.as_mut().and_then(|table| table.rows.last_mut());
                if let Some(cell) = row.and_then(|row| row.cells.last_mut()) {
                    cell.text = text;
                }
            }
            _ => {
                let runs = tidy(std::mem::take(&mut self.runs));
                self.add_words(name, runs);
            }
        }
    }

    /// Puts the text of an element into its place in the document.
    fn add_words(&mut self, name: &str, runs: Vec<TextRun>) {
        let document = &mut self.document;
        let plain = || runs.iter().map(|run| run.text.as_str()).collect::<String>();
        match name {
            "authority" => document.head.authority = Some(plain()).filter(|words| !words.is_empty()),
            "issuer" => document.head.issuer = plain(),
            "number" => document.head.number = plain(),
            "nation" => document.head.nation = plain(),
            "motto" => document.head.motto = plain(),
            "dated" => document.head.dated = plain(),
            "kind" => document.kind = plain(),
            "subject" => document.subject = plain(),
            "position" => document.signature.position.push(plain()),
            "name" => document.signature.name = plain(),
            "to" => document.recipients.entries.push(plain()),
            "part" => document.body.push(DocumentBlock::Part { text: plain().to_uppercase() }),
            "heading" => document.body.push(DocumentBlock::Heading { text: plain() }),
            "point" => document.body.push(DocumentBlock::Point { text: runs }),
            "item" => document.body.push(DocumentBlock::Item { text: runs }),
            _ => document.body.push(DocumentBlock::Paragraph { text: runs }),
        }
    }

    /// The document, when all elements are read.
    pub(super) fn finish(self) -> Result<OfficialDocument, MarkupError> {
        let mut document = self.document;
        document.body = numbered(document.body, &self.letters);
        let required = [
            ("report", self.parent == Parent::None),
            ("issuer", document.head.issuer.is_empty()),
            ("kind", document.kind.is_empty()),
            ("subject", document.subject.is_empty()),
        ];
        match required.into_iter().find(|(_, is_missing)| *is_missing) {
            Some((name, _)) => Err(MarkupError::Missing(name)),
            None => Ok(document),
        }
    }
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = element.attributes().flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    let value: &str = &attribute.value;
    Some(quick_xml::escape::unescape(value).map_or_else(|_| value.to_owned(), std::borrow::Cow::into_owned))
}

/// A column as `columns` writes it: its share of the width, with a `c` where it is centred.
fn column(written: &str) -> TableColumn {
    let width = written.trim_end_matches('c');
    TableColumn { width: width.parse().unwrap_or(1).clamp(1, 1000), centred: written.ends_with('c') }
}
