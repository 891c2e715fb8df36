//! Word: the main part of Office Open XML (ECMA-376, part 1), read as it stands on paper: what is deleted with tracking,
//! hidden or struck is gone, what is inserted is there, Word's own numbers are text.

mod body;
mod grid;
mod numbering;
mod styles;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::container::{main_part, open, optional_part, part, relations};
use super::mistake::{DocumentMistake, Result};
use super::table::Document;
use body::Body;
use numbering::Numbering;
use styles::Styles;

/// No document is nested deeper.
const DEEPEST: usize = 300;

pub(super) fn read(bytes: &[u8]) -> Result<Document> {
    let mut archive = open(bytes, "docx")?;
    let main = main_part(&mut archive, "word/document.xml")?;
    let relations = relations(&mut archive, &main)?;
    let mut other = |kind: &str| -> Result<Option<String>> {
        let found = relations.iter().find(|relation| relation.kind == kind);
        found.map_or(Ok(None), |relation| optional_part(&mut archive, &relation.target))
    };
    let styles = other("styles")?.map(|xml| Styles::read(&xml)).transpose()?.unwrap_or_default();
    let numbering = other("numbering")?.map(|xml| Numbering::read(&xml)).unwrap_or_default();
    let xml = part(&mut archive, &main)?;
    document(&xml, Body::new(styles, numbering))
}

fn document(xml: &str, mut body: Body) -> Result<Document> {
    let mut reader = Reader::from_str(xml);
    let mut depth = 0;
    loop {
        let event = reader.read_event().map_err(|error| DocumentMistake::TextDamaged {
            byte: reader.error_position(),
            error: error.to_string(),
        })?;
        match event {
            Event::Start(element) => {
                depth += 1;
                if depth > DEEPEST {
                    return Err(DocumentMistake::NestedTooDeeply);
                }
                body.start(&element, depth)?;
            }
            Event::Empty(element) => {
                body.start(&element, depth + 1)?;
                body.end(element.local_name().as_ref(), depth + 1)?;
            }
            Event::End(element) => {
                body.end(element.local_name().as_ref(), depth)?;
                depth = depth.saturating_sub(1);
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

/// The attribute `val` of an element.
fn value(element: &BytesStart<'_>) -> Option<String> {
    let attribute = element.attributes().flatten().find(|attribute| attribute.key.local_name().as_ref() == "val")?;
    Some(unescaped(&attribute.value))
}

/// Text of an attribute without XML's own escapes.
fn unescaped(written: &str) -> String {
    quick_xml::escape::unescape(written).map_or_else(|_| written.to_owned(), std::borrow::Cow::into_owned)
}

fn number(element: &BytesStart<'_>) -> Option<usize> {
    value(element)?.parse().ok()
}

/// Whether a switch is on: it is unless it says otherwise.
fn is_on(element: &BytesStart<'_>) -> bool {
    !value(element).is_some_and(|word| matches!(word.as_str(), "0" | "false" | "off"))
}
