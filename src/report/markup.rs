//! How a template writes a document down: a small language of elements, which any admin who has seen HTML can change.
//!
//! ```xml
//! <report file="bao-cao-thang-10-2023" letters="abcdđeghiklmnopqrstuvxy">
//!   <authority>…</authority> <issuer>…</issuer> <number>…</number>
//!   <nation>…</nation> <motto>…</motto> <dated>…</dated>
//!   <kind>BÁO CÁO</kind> <subject>…</subject>
//!   <part>Kết quả</part> <heading>Kết quả chung</heading> <p>… <b>…</b> <i>…</i></p> <point>…</point> <item>…</item>
//!   <table columns="1c 4 2"><row head="yes"><cell>…</cell></row> <row><cell span="3">…</cell></row></table>
//!   <signature><position>…</position> <name>…</name></signature>
//!   <recipients label="Nơi nhận:"><to>…</to></recipients>
//! </report>
//! ```
//!
//! Parts, headings and points number themselves. A column is a share of the width, with a `c` where it is centred.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::text;

use super::{DocumentBlock, DocumentTable, OfficialDocument, TableCell, TableColumn, TableRow, TextRun};

/// The letters of points where a document names none.
const LETTERS: &str = "abcdefghijklmnopqrstuvwxyz";
/// No table has more columns.
const MAX_COLUMNS: usize = 20;

/// What is wrong with a document that a template wrote.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MarkupError {
    /// It is no XML.
    #[error("line {line} of what it writes is no XML: {reason}")]
    Xml {
        /// The line, from 1, of the text that the template made.
        line: usize,
        /// Why.
        reason: String,
    },
    /// An element that documents do not have, or not there.
    #[error("<{name}> stands where a document has none (line {line} of what it writes)")]
    Misplaced {
        /// The element.
        name: String,
        /// The line, from 1, of the text that the template made.
        line: usize,
    },
    /// Something is missing without which there is no document.
    #[error("the document lacks <{0}>")]
    Missing(&'static str),
}

/// Reads what a template wrote, in the language of an IETF tag.
///
/// # Errors
/// When it is no document.
pub fn read(markup: &str, language: &str) -> Result<OfficialDocument, MarkupError> {
    let mut reader = Reader::from_str(markup);
    let mut builder = DocumentBuilder::new(language);
    loop {
        let event = reader.read_event();
        let read = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX).min(markup.len());
        let line = || markup.get(..read).unwrap_or_default().matches('\n').count() + 1;
        let misplaced = |name| MarkupError::Misplaced { name, line: line() };
        let event = event.map_err(|error| MarkupError::Xml { line: line(), reason: error.to_string() })?;
        match event {
            Event::Start(element) => builder.start(&element).map_err(misplaced)?,
            Event::Empty(element) => {
                builder.start(&element).map_err(misplaced)?;
                builder.end(element.local_name().as_ref());
            }
            Event::End(element) => builder.end(element.local_name().as_ref()),
            Event::Text(words) => builder.words(&words),
            Event::CData(words) => builder.words(&words),
            Event::GeneralRef(reference) => {
                let letter = match reference.resolve_char_ref() {
                    Ok(Some(letter)) => Some(letter.to_string()),
                    _ => quick_xml::escape::resolve_xml_entity(&reference).map(str::to_owned),
                };
                let unknown = || MarkupError::Xml { line: line(), reason: format!("there is no &{};", &*reference) };
                builder.words(&letter.ok_or_else(unknown)?);
            }
            Event::Eof => return builder.finish(),
            _ => {}
        }
    }
}

/// Writes a document down as its elements are read.
struct DocumentBuilder {
    document: OfficialDocument,
    letters: Vec<char>,
    parts: usize,
    headings: usize,
    points: usize,
    /// The words of the element that is open.
    runs: Vec<TextRun>,
    bold: usize,
    italic: usize,
    table: Option<DocumentTable>,
    /// Inside of `<signature>` or `<recipients>`, where other elements are known.
    within: &'static str,
}

/// The elements that hold words, by where they may stand.
const OF_REPORT: &[&str] = &[
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

impl DocumentBuilder {
    fn new(language: &str) -> Self {
        Self {
            document: OfficialDocument { language: language.to_owned(), ..OfficialDocument::default() },
            letters: LETTERS.chars().collect(),
            parts: 0,
            headings: 0,
            points: 0,
            runs: Vec::new(),
            bold: 0,
            italic: 0,
            table: None,
            within: "",
        }
    }

    /// Opens an element; the error is the name of one that may not stand here.
    fn start(&mut self, element: &BytesStart<'_>) -> Result<(), String> {
        let name = element.local_name();
        let name: &str = name.as_ref();
        let known: &[&str] = match self.within {
            "" => &["report"],
            "table" => &["row", "cell", "b", "i", "br"],
            "signature" => &["position", "name"],
            "recipients" => &["to"],
            _ => OF_REPORT,
        };
        if !known.contains(&name) {
            return Err(name.to_owned());
        }
        match name {
            "report" => {
                self.within = "report";
                self.document.file = file_name(&attribute(element, "file").unwrap_or_default());
                if let Some(letters) = attribute(element, "letters").filter(|letters| !letters.is_empty()) {
                    self.letters = letters.chars().collect();
                }
            }
            "table" => {
                self.within = "table";
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
                match self.table.as_mut().and_then(|table| table.rows.last_mut()) {
                    Some(row) => row.cells.push(TableCell { text: Vec::new(), span: span.clamp(1, MAX_COLUMNS) }),
                    None => return Err(name.to_owned()),
                }
            }
            "signature" => self.within = "signature",
            "recipients" => {
                self.within = "recipients";
                self.document.recipients.label = attribute(element, "label").unwrap_or_default();
            }
            "b" => self.bold += 1,
            "i" => self.italic += 1,
            "br" => self.words("\u{2028}"),
            _ => self.runs.clear(),
        }
        Ok(())
    }

    fn words(&mut self, words: &str) {
        let (bold, italic) = (self.bold > 0, self.italic > 0);
        match self.runs.last_mut() {
            Some(run) if run.bold == bold && run.italic == italic => run.text.push_str(words),
            _ => self.runs.push(TextRun { text: words.to_owned(), bold, italic }),
        }
    }

    fn end(&mut self, name: &str) {
        let document = &mut self.document;
        match name {
            "b" => self.bold = self.bold.saturating_sub(1),
            "i" => self.italic = self.italic.saturating_sub(1),
            "table" => {
                self.within = "report";
                if let Some(table) = self.table.take() {
                    document.body.push(DocumentBlock::Table(table));
                }
            }
            "signature" | "recipients" => self.within = "report",
            "row" | "br" | "report" => {}
            "cell" => {
                let text = tidy(std::mem::take(&mut self.runs));
                if let Some(cell) =
                    self.table.as_mut().and_then(|table| table.rows.last_mut()).and_then(|row| row.cells.last_mut())
                {
                    cell.text = text;
                }
            }
            _ => {
                let runs = tidy(std::mem::take(&mut self.runs));
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
                    "part" => {
                        (self.parts, self.headings, self.points) = (self.parts + 1, 0, 0);
                        let text = format!("{}. {}", roman(self.parts), plain().to_uppercase());
                        document.body.push(DocumentBlock::Part { text });
                    }
                    "heading" => {
                        (self.headings, self.points) = (self.headings + 1, 0);
                        document.body.push(DocumentBlock::Heading { text: format!("{}. {}", self.headings, plain()) });
                    }
                    "point" => {
                        self.points += 1;
                        let letter = letter(self.points, &self.letters);
                        document.body.push(DocumentBlock::Point { text: prefixed(&format!("{letter}) "), runs) });
                    }
                    "item" => document.body.push(DocumentBlock::Item { text: runs }),
                    _ => document.body.push(DocumentBlock::Paragraph { text: runs }),
                }
            }
        }
    }

    fn finish(self) -> Result<OfficialDocument, MarkupError> {
        let document = self.document;
        let missing = [
            ("report", self.within.is_empty()),
            ("issuer", document.head.issuer.is_empty()),
            ("kind", document.kind.is_empty()),
            ("subject", document.subject.is_empty()),
        ];
        match missing.into_iter().find(|(_, is_missing)| *is_missing) {
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

fn column(written: &str) -> TableColumn {
    let width = written.trim_end_matches('c');
    TableColumn { width: width.parse().unwrap_or(1).clamp(1, 1000), centred: written.ends_with('c') }
}

/// Words as they are kept: composed, single blanks, nothing that XML cannot hold, line ends only where `<br/>` stood,
/// no blanks at either end.
fn tidy(runs: Vec<TextRun>) -> Vec<TextRun> {
    let mut tidied: Vec<TextRun> = Vec::with_capacity(runs.len());
    let mut after_blank = true;
    for run in runs {
        let mut kept = String::with_capacity(run.text.len());
        for letter in text::composed(&run.text) {
            if letter == '\u{2028}' {
                kept.truncate(kept.trim_end_matches(' ').len());
                kept.push('\n');
                after_blank = true;
            } else if letter.is_whitespace() || letter.is_control() {
                if !std::mem::replace(&mut after_blank, true) {
                    kept.push(' ');
                }
            } else if is_xml(letter) {
                kept.push(letter);
                after_blank = false;
            }
        }
        if !kept.is_empty() {
            tidied.push(TextRun { text: kept, ..run });
        }
    }
    while let Some(last) = tidied.last_mut() {
        last.text.truncate(last.text.trim_end().len());
        if !last.text.is_empty() {
            break;
        }
        tidied.pop();
    }
    tidied
}

/// Whether XML 1.0 can hold a letter; of those it can, the two that no text has are left out too.
fn is_xml(letter: char) -> bool {
    !matches!(letter, '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}')
}

fn prefixed(prefix: &str, mut runs: Vec<TextRun>) -> Vec<TextRun> {
    match runs.first_mut() {
        Some(run) if !run.bold && !run.italic => run.text.insert_str(0, prefix),
        _ => runs.insert(0, TextRun { text: prefix.to_owned(), ..TextRun::default() }),
    }
    runs
}

/// Small Latin letters and digits of a name, with hyphens for all else: good in any file system and mail.
fn file_name(written: &str) -> String {
    let plain = text::fold(written).replace(|letter: char| !letter.is_ascii_alphanumeric(), "-");
    let words: Vec<&str> = plain.split('-').filter(|word| !word.is_empty()).collect();
    let mut name = words.join("-");
    name.truncate(100);
    if name.is_empty() { "report".to_owned() } else { name }
}

/// A number in Roman numerals; beyond 39 there is no document.
fn roman(number: usize) -> String {
    const ONES: [&str; 10] = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"];
    "X".repeat(number / 10) + ONES[number % 10]
}

/// The letter of a point, from 1: after the last come two letters.
fn letter(number: usize, letters: &[char]) -> String {
    let mut rest = number;
    let mut word = Vec::new();
    while rest > 0 {
        rest -= 1;
        word.push(letters[rest % letters.len()]);
        rest /= letters.len();
    }
    word.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "<issuer>T</issuer><kind>K</kind><subject>S</subject>";

    fn body(markup: &str) -> Vec<DocumentBlock> {
        read(&format!("<report letters='ab'>{HEAD}{markup}</report>"), "vi")
            .map(|document| document.body)
            .unwrap_or_default()
    }

    fn words(block: &DocumentBlock) -> String {
        match block {
            DocumentBlock::Part { text } | DocumentBlock::Heading { text } => text.clone(),
            DocumentBlock::Point { text } | DocumentBlock::Item { text } | DocumentBlock::Paragraph { text } => {
                text.iter().map(|run| run.text.as_str()).collect()
            }
            DocumentBlock::Table(_) => String::new(),
        }
    }

    #[test]
    fn parts_headings_and_points_number_themselves() {
        let points = "<point>x</point>".repeat(4);
        let blocks = body(&format!(
            "<part>một</part><heading>h</heading>{points}<heading>h</heading><part>đ</part><heading>h</heading><point>y</point>"
        ));
        let words: Vec<String> = blocks.iter().map(words).collect();
        assert_eq!(words, ["I. MỘT", "1. h", "a) x", "b) x", "aa) x", "ab) x", "2. h", "II. Đ", "1. h", "a) y"]);
        let numerals: Vec<String> = [1, 4, 9, 10, 14, 29].map(roman).into();
        assert_eq!(numerals, ["I", "IV", "IX", "X", "XIV", "XXIX"]);
    }

    #[test]
    fn words_are_composed_and_hold_nothing_that_xml_cannot() {
        let blocks = body("<p>\n  a\u{301} \t &lt;b&gt; &amp;\u{1}\u{b} <b> c</b>\u{fffe}<br/> d&#x2f;&#39;\n</p>");
        let DocumentBlock::Paragraph { text } = &blocks[0] else { panic!("{blocks:?}") };
        let runs: Vec<(&str, bool)> = text.iter().map(|run| (run.text.as_str(), run.bold)).collect();
        assert_eq!(runs, [("á <b> & ", false), ("c", true), ("\nd/'", false)]);
    }

    #[test]
    fn what_is_no_document_says_why() {
        let error = |markup: &str| read(markup, "vi").err().map(|error| error.to_string()).unwrap_or_default();
        assert_eq!(error(""), "the document lacks <report>");
        assert_eq!(error("<report><issuer>x</issuer></report>"), "the document lacks <kind>");
        assert_eq!(error("<report>\n<script>"), "<script> stands where a document has none (line 2 of what it writes)");
        assert_eq!(error("<report><p>a</b></report>").split(':').next(), Some("line 1 of what it writes is no XML"));
        assert_eq!(error("<report><p>&bogus;</p></report>"), "line 1 of what it writes is no XML: there is no &bogus;");
        assert_eq!(
            error("<report><table columns='1'><cell>a</cell></table></report>").split(' ').next(),
            Some("<cell>")
        );
    }

    #[test]
    fn files_have_plain_names() {
        for (written, expected) in
            [("Báo cáo tháng 10/2023", "bao-cao-thang-10-2023"), ("../../etc", "etc"), ("…", "report")]
        {
            assert_eq!(file_name(written), expected);
        }
    }
}
