//! The texts of a workbook's cells, kept once for all that show them (`sharedStrings.xml`).

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::super::mistake::Result;
use super::styles::CellFont;
use super::{damaged, referenced};

/// A text as it is written, by its fonts.
#[derive(Clone, Debug, Default)]
pub(super) struct FontText {
    pub(super) pieces: Vec<FontPiece>,
}

/// A piece of a text in one font; in the cell's where it has none.
#[derive(Clone, Debug)]
pub(super) struct FontPiece {
    pub(super) font: Option<CellFont>,
    pub(super) text: String,
}

/// Reads a text element by element: that of a shared string, or of a cell that holds its own.
#[derive(Debug, Default)]
pub(super) struct StringReader {
    written: FontText,
    font: Option<CellFont>,
    in_text: bool,
    /// Inside of what says how a word is pronounced.
    in_reading: bool,
}

impl StringReader {
    pub(super) fn start(&mut self, element: &BytesStart<'_>) {
        match element.local_name().as_ref() {
            "rPh" => self.in_reading = true,
            "r" => self.font = None,
            "rPr" => self.font = Some(CellFont::default()),
            "t" => self.in_text = !self.in_reading,
            _ => {
                if let Some(font) = &mut self.font {
                    font.take(element);
                }
            }
        }
    }

    pub(super) fn end(&mut self, name: &str) {
        match name {
            "rPh" => self.in_reading = false,
            "t" => self.in_text = false,
            _ => {}
        }
    }

    pub(super) fn text(&mut self, text: &str) {
        if !self.in_text {
            return;
        }
        // A run's font is read before its text, so a piece that goes on is of the same font.
        match self.written.pieces.last_mut() {
            Some(piece) if piece.font.is_none() && self.font.is_none() => piece.text.push_str(text),
            _ => self.written.pieces.push(FontPiece { font: self.font.clone(), text: text.to_owned() }),
        }
    }

    pub(super) fn finish(&mut self) -> FontText {
        std::mem::take(self).written
    }
}

/// The shared texts by their number.
#[derive(Debug, Default)]
pub(super) struct Strings {
    texts: Vec<FontText>,
}

impl Strings {
    pub(super) fn read(xml: &str) -> Result<Self> {
        let mut strings = Self::default();
        let mut writing = StringReader::default();
        let mut reader = Reader::from_str(xml);
        loop {
            match reader.read_event().map_err(|error| damaged(&error))? {
                Event::Start(element) => writing.start(&element),
                Event::Empty(element) => {
                    if element.local_name().as_ref() == "si" {
                        strings.texts.push(FontText::default());
                    } else {
                        writing.start(&element);
                        writing.end(element.local_name().as_ref());
                    }
                }
                Event::End(element) if element.local_name().as_ref() == "si" => strings.texts.push(writing.finish()),
                Event::End(element) => writing.end(element.local_name().as_ref()),
                Event::Text(text) => writing.text(&text),
                Event::CData(text) => writing.text(&text),
                Event::GeneralRef(reference) => writing.text(&referenced(&reference)),
                Event::Eof => return Ok(strings),
                _ => {}
            }
        }
    }

    pub(super) fn get(&self, place: &str) -> Option<&FontText> {
        self.texts.get(place.trim().parse::<usize>().ok()?)
    }
}
