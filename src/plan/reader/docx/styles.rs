//! What styles of Word say of text: which font, whether it is hidden or struck, and how paragraphs are numbered
//! (`styles.xml`, ECMA-376 part 1, 17.7).

use std::collections::HashMap;

use quick_xml::Reader;
use quick_xml::events::{BytesEnd, BytesStart, Event};

use super::super::legacy_font::Encoding;
use super::super::mistake::{DocumentMistake, Result, TooMuch};
use super::{is_on, number, value};

/// No document has more styles: Word itself knows some four hundred.
const MAX_STYLES: usize = 20_000;
/// No style is based on others in a longer row.
const LONGEST_CHAIN: usize = 20;

/// The font of a text, as far as that says what its letters are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Font {
    /// Nothing is said: that of what lies below.
    #[default]
    Unsaid,
    Unicode,
    /// One of before Unicode: its name, and how it is encoded.
    Legacy(String, Encoding),
}

impl Font {
    fn called(name: String) -> Self {
        match Encoding::of_font(&name) {
            Some(encoding) => Self::Legacy(name, encoding),
            None => Self::Unicode,
        }
    }
}

/// How a run of text looks, as far as that says whether and how it is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct RunProperties {
    pub(super) font: Font,
    pub(super) hidden: Option<bool>,
    pub(super) struck: Option<bool>,
}

impl RunProperties {
    /// Takes up an element of run properties.
    pub(super) fn take(&mut self, element: &BytesStart<'_>) {
        match element.local_name().as_ref() {
            "rFonts" => {
                let named = |wanted: &str| {
                    let found = element.attributes().flatten().find(|one| one.key.local_name().as_ref() == wanted);
                    found.map(|attribute| attribute.value.into_owned())
                };
                if let Some(font) = named("ascii").or_else(|| named("hAnsi")) {
                    self.font = Font::called(font);
                } else if named("asciiTheme").is_some() {
                    self.font = Font::Unicode;
                }
            }
            "vanish" => self.hidden = Some(is_on(element)),
            "strike" | "dstrike" => self.struck = Some(is_on(element) || self.struck == Some(true)),
            _ => {}
        }
    }

    /// What is said here, else what `below` says.
    pub(super) fn over(self, below: &Self) -> Self {
        Self {
            font: if self.font == Font::Unsaid { below.font.clone() } else { self.font },
            hidden: self.hidden.or(below.hidden),
            struck: self.struck.or(below.struck),
        }
    }
}

/// How a paragraph is numbered: the list and the level in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Numbered {
    pub(super) list: Option<u32>,
    pub(super) level: Option<u32>,
}

#[derive(Debug, Default)]
struct Style {
    look: RunProperties,
    numbered: Numbered,
    based_on: Option<String>,
}

/// The styles of a document.
#[derive(Debug, Default)]
pub(super) struct Styles {
    styles: HashMap<String, Style>,
    defaults: RunProperties,
    /// The style of paragraphs that name none.
    normal: Option<String>,
}

impl Styles {
    pub(super) fn read(xml: &str) -> Result<Self> {
        let mut reading = StylesReader::default();
        let mut reader = Reader::from_str(xml);
        // Damaged styles are those up to the damage: they are only ornament to the text.
        while let Ok(event) = reader.read_event() {
            match &event {
                Event::Start(element) => reading.start(element, false)?,
                Event::Empty(element) => reading.start(element, true)?,
                Event::End(element) => reading.end(element),
                Event::Eof => break,
                _ => {}
            }
        }
        Ok(reading.styles)
    }

    fn add(&mut self, style: Option<(String, Style)>) {
        let Some((id, style)) = style else { return };
        if style.based_on.is_some() || style.look != RunProperties::default() || style.numbered != Numbered::default() {
            self.styles.insert(id, style);
        }
    }

    fn chain<'s>(&'s self, id: &str) -> impl Iterator<Item = &'s Style> {
        let first = self.styles.get(id);
        let next = |style: &&'s Style| style.based_on.as_deref().and_then(|id| self.styles.get(id));
        std::iter::successors(first, next).take(LONGEST_CHAIN)
    }

    /// How text of a character style looks.
    pub(super) fn character(&self, id: &str) -> RunProperties {
        self.chain(id).fold(RunProperties::default(), |look, style| look.over(&style.look))
    }

    /// How text looks in a paragraph of this style, or of none.
    pub(super) fn paragraph(&self, id: Option<&str>) -> RunProperties {
        let id = id.or(self.normal.as_deref()).unwrap_or_default();
        self.character(id).over(&self.defaults)
    }

    /// How a paragraph of this style is numbered.
    pub(super) fn numbered(&self, id: &str) -> Numbered {
        self.chain(id).fold(Numbered::default(), |found, style| Numbered {
            list: found.list.or(style.numbered.list),
            level: found.level.or(style.numbered.level),
        })
    }
}

/// Styles that are being read, element by element.
#[derive(Default)]
struct StylesReader {
    styles: Styles,
    /// The style that is open, with its id.
    current: Option<(String, Style)>,
    in_run: bool,
    in_defaults: bool,
    count: usize,
}

impl StylesReader {
    fn start(&mut self, element: &BytesStart<'_>, is_empty: bool) -> Result<()> {
        match element.local_name().as_ref() {
            "style" => self.style(element, is_empty)?,
            "docDefaults" => self.in_defaults = !is_empty,
            "rPr" => self.in_run = !is_empty,
            "basedOn" => {
                if let Some((_, style)) = &mut self.current {
                    style.based_on = value(element);
                }
            }
            name @ ("numId" | "ilvl") => {
                if let Some((_, style)) = &mut self.current {
                    let said = number(element).and_then(|number| u32::try_from(number).ok());
                    *(if name == "numId" { &mut style.numbered.list } else { &mut style.numbered.level }) = said;
                }
            }
            _ if self.in_run => match &mut self.current {
                Some((_, style)) => style.look.take(element),
                None if self.in_defaults => self.styles.defaults.take(element),
                None => {}
            },
            _ => {}
        }
        Ok(())
    }

    /// Another style begins.
    fn style(&mut self, element: &BytesStart<'_>, is_empty: bool) -> Result<()> {
        self.count += 1;
        if self.count > MAX_STYLES {
            return Err(DocumentMistake::TooMuch { what: TooMuch::Styles(MAX_STYLES) });
        }
        let attribute = |wanted: &str| {
            let found = element.attributes().flatten().find(|one| one.key.local_name().as_ref() == wanted);
            found.map(|attribute| attribute.value.into_owned())
        };
        let id = attribute("styleId").unwrap_or_default();
        let is_default = attribute("default").is_some_and(|word| word == "1" || word == "true");
        if is_default && attribute("type").is_some_and(|kind| kind == "paragraph") {
            self.styles.normal = Some(id.clone());
        }
        self.current = (!is_empty).then(|| (id, Style::default()));
        Ok(())
    }

    fn end(&mut self, element: &BytesEnd<'_>) {
        match element.local_name().as_ref() {
            "rPr" => self.in_run = false,
            "docDefaults" => self.in_defaults = false,
            "style" => self.styles.add(self.current.take()),
            _ => {}
        }
    }
}
