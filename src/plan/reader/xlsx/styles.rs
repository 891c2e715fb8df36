//! How the cells of a workbook look, as far as that says what they show: number formats and fonts (`styles.xml`).

use std::collections::HashMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::super::legacy_font::Encoding;
use super::super::mistake::{DocumentMistake, Result, TooMuch};
use super::number_format::NumberFormat;
use super::{attribute, is_yes};

/// Excel itself allows 65 490 formats.
const MAX_FORMATS: usize = 65_500;

/// A font, as far as it says how text is read.
#[derive(Clone, Debug, Default)]
pub(super) struct CellFont {
    /// Its name and encoding, where it is one of before Unicode.
    pub(super) legacy: Option<(String, Encoding)>,
    pub(super) struck: bool,
}

impl CellFont {
    /// Takes up an element of a font's description.
    pub(super) fn take(&mut self, element: &BytesStart<'_>) {
        match element.local_name().as_ref() {
            "name" | "rFont" => {
                let name = attribute(element, "val").unwrap_or_default();
                self.legacy = Encoding::of_font(&name).map(|encoding| (name, encoding));
            }
            "strike" => self.struck = attribute(element, "val").is_none_or(|word| is_yes(&word)),
            _ => {}
        }
    }
}

/// The looks of cells, by the number that a cell names.
#[derive(Debug, Default)]
pub(super) struct CellStyles {
    cells: Vec<(u32, usize)>,
    formats: HashMap<u32, NumberFormat>,
    fonts: Vec<CellFont>,
}

impl CellStyles {
    pub(super) fn read(xml: &str) -> Result<Self> {
        let mut styles = Self::default();
        let mut reader = Reader::from_str(xml);
        let (mut font, mut in_cells): (Option<CellFont>, bool) = (None, false);
        // Damaged styles are those up to the damage.
        while let Ok(event) = reader.read_event() {
            let (element, empty) = match &event {
                Event::Start(element) => (element, false),
                Event::Empty(element) => (element, true),
                Event::End(element) => {
                    match element.local_name().as_ref() {
                        "font" => styles.fonts.extend(font.take()),
                        "cellXfs" => in_cells = false,
                        _ => {}
                    }
                    continue;
                }
                Event::Eof => break,
                _ => continue,
            };
            let number = |wanted: &str| attribute(element, wanted).and_then(|number| number.parse().ok());
            match element.local_name().as_ref() {
                "numFmt" => {
                    if let (Some(id), Some(code)) = (number("numFmtId"), attribute(element, "formatCode")) {
                        styles.formats.insert(id, NumberFormat::read(&code));
                    }
                }
                "font" if empty => styles.fonts.push(CellFont::default()),
                "font" => font = Some(CellFont::default()),
                "cellXfs" => in_cells = true,
                "xf" if in_cells => {
                    let font = number("fontId").map_or(0, |font| font as usize);
                    styles.cells.push((number("numFmtId").unwrap_or(0), font));
                }
                _ => {
                    if let Some(font) = &mut font {
                        font.take(element);
                    }
                }
            }
            if styles.cells.len().max(styles.fonts.len()).max(styles.formats.len()) > MAX_FORMATS {
                return Err(DocumentMistake::TooMuch { what: TooMuch::Formats(MAX_FORMATS) });
            }
        }
        Ok(styles)
    }

    /// The number format of cells of this style.
    pub(super) fn format(&self, style: usize) -> NumberFormat {
        let id = self.cells.get(style).map_or(0, |(format, _)| *format);
        self.formats.get(&id).cloned().unwrap_or_else(|| NumberFormat::built_in(id))
    }

    /// The font of cells of this style.
    pub(super) fn font(&self, style: usize) -> CellFont {
        let font = self.cells.get(style).and_then(|(_, font)| self.fonts.get(*font));
        font.cloned().unwrap_or_default()
    }
}
