//! The markup in which a template writes a document: a small set of elements that an admin who has seen HTML can change.
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
//! Parts, headings and points number themselves; what stands alone has no number. A column is a share of the width, with a `c` where it is centred.

mod builder;
mod numbering;
mod text;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::OfficialDocument;

use builder::DocumentBuilder;

/// A mistake in the markup of a document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MarkupError {
    /// The text is not XML.
    #[error("line {line} of what it writes is no XML: {reason}")]
    Xml {
        /// The line, from 1, of the text that the template made.
        line: usize,
        /// The cause.
        reason: String,
    },
    /// An element that does not exist, or not in this place.
    #[error("<{name}> stands where a document has none (line {line} of what it writes)")]
    Misplaced {
        /// The element.
        name: String,
        /// The line, from 1, of the text that the template made.
        line: usize,
    },
    /// An element that every document needs is missing.
    #[error("the document lacks <{0}>")]
    Missing(&'static str),
}

/// Reads a document from its markup. `language` is the IETF tag of its language.
///
/// # Errors
/// [`MarkupError`] for the first mistake.
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

#[cfg(test)]
mod tests {
    use super::text::{file_name, roman};
    use super::*;
    use crate::report::DocumentBlock;

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
        assert_eq!(words, ["I. MỘT", "1. h", "a) x", "b) x", "aa) x", "ab) x", "2. h", "II. Đ", "h", "y"]);
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
