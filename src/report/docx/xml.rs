//! Pieces of Word's XML as text. All text is escaped here, and nowhere else.

use std::borrow::Cow;
use std::fmt::Write;

use crate::report::TextRun;

/// The declaration at the beginning of every part.
pub(super) const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// A text escaped for an element or an attribute.
pub(super) fn escaped(text: &str) -> Cow<'_, str> {
    quick_xml::escape::escape(text)
}

/// A paragraph in a style, with further properties and runs in XML.
pub(super) fn paragraph(style: &str, properties: &str, runs: &str) -> String {
    format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/>{properties}</w:pPr>{runs}</w:p>")
}

/// Words in the style of their paragraph.
pub(super) fn plain(words: &str) -> String {
    run(words, "")
}

/// Words, some of them in bold or italics.
pub(super) fn runs(runs: &[TextRun]) -> String {
    runs.iter()
        .map(|part| {
            let properties = match (part.bold, part.italic) {
                (false, false) => "",
                (true, false) => "<w:b/>",
                (false, true) => "<w:i/>",
                (true, true) => "<w:b/><w:i/>",
            };
            run(&part.text, properties)
        })
        .collect()
}

fn run(words: &str, properties: &str) -> String {
    let mut xml = "<w:r>".to_owned();
    if !properties.is_empty() {
        // Writing to a string cannot fail.
        let _ = write!(xml, "<w:rPr>{properties}</w:rPr>");
    }
    for (position, line) in words.split('\n').enumerate() {
        if position > 0 {
            xml.push_str("<w:br/>");
        }
        let _ = write!(xml, "<w:t xml:space=\"preserve\">{}</w:t>", escaped(line));
    }
    xml + "</w:r>"
}

/// A line of a length in the middle of a width, all in twips.
pub(super) fn line(length: u32, width: u32) -> String {
    let side = width.saturating_sub(length) / 2;
    let indent =
        format!("<w:ind w:left=\"{side}\" w:right=\"{}\" w:firstLine=\"0\"/>", width.saturating_sub(length) - side);
    paragraph("Line", &indent, "")
}
