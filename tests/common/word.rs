//! A Word file as a reader of paper sees it: paragraphs with what their styles make of them, tables, the page.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::Event;

/// An element of XML; text is an element without a name.
#[derive(Clone, Debug, Default)]
pub struct Element {
    pub name: String,
    pub attributes: BTreeMap<String, String>,
    pub text: String,
    pub children: Vec<Element>,
}

impl Element {
    /// The only element of a part.
    pub fn parse(xml: &str) -> Self {
        let mut reader = Reader::from_str(xml);
        let mut open = vec![Self::default()];
        loop {
            match reader.read_event().unwrap() {
                Event::Start(start) => open.push(Self::new(&start)),
                Event::Empty(start) => {
                    let element = Self::new(&start);
                    open.last_mut().unwrap().children.push(element);
                }
                Event::End(_) => {
                    let element = open.pop().unwrap();
                    open.last_mut().unwrap().children.push(element);
                }
                Event::Text(text) => open.last_mut().unwrap().text.push_str(&text),
                Event::GeneralRef(reference) => {
                    let letter = reference.resolve_char_ref().unwrap().map(String::from);
                    let letter =
                        letter.or_else(|| quick_xml::escape::resolve_xml_entity(&reference).map(str::to_owned));
                    open.last_mut().unwrap().text.push_str(&letter.unwrap());
                }
                Event::Eof => break,
                _ => {}
            }
        }
        assert_eq!(open.len(), 1, "an element is not closed");
        open.pop().unwrap().children.pop().unwrap()
    }

    fn new(start: &quick_xml::events::BytesStart<'_>) -> Self {
        let attributes = start.attributes().map(|attribute| {
            let attribute = attribute.unwrap();
            let value = quick_xml::escape::unescape(&attribute.value).unwrap().into_owned();
            (attribute.key.local_name().as_ref().to_owned(), value)
        });
        Self { name: start.local_name().as_ref().to_owned(), attributes: attributes.collect(), ..Self::default() }
    }

    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The first element of a name, however deep.
    pub fn find(&self, name: &str) -> Option<&Self> {
        self.all(name).into_iter().next()
    }

    /// Every element of a name, however deep, in the order of the document.
    pub fn all(&self, name: &str) -> Vec<&Self> {
        let mut found = Vec::new();
        for child in &self.children {
            if child.name == name {
                found.push(child);
            }
            found.extend(child.all(name));
        }
        found
    }

    pub fn attribute(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }

    pub fn number(&self, name: &str) -> u32 {
        self.attribute(name).parse().unwrap_or_else(|_| panic!("{} has no {name}: {:?}", self.name, self.attributes))
    }
}

/// A paragraph with what its style makes of it.
#[derive(Clone, Debug)]
pub struct Paragraph {
    pub style: String,
    pub text: String,
    /// In half points.
    pub size: u32,
    pub bold: bool,
    pub italic: bool,
    pub align: String,
    /// In twips.
    pub first_line: u32,
    pub before: u32,
    pub line: u32,
    /// The indents of a line of the format, in twips.
    pub sides: (u32, u32),
}

/// A Word file.
pub struct Word {
    parts: BTreeMap<String, String>,
    pub document: Element,
    styles: Element,
}

impl Word {
    pub fn open(bytes: &[u8]) -> Self {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut parts = BTreeMap::new();
        for place in 0..archive.len() {
            let mut file = archive.by_index(place).unwrap();
            let name = file.name().unwrap().into_owned();
            let mut text = String::new();
            file.read_to_string(&mut text).unwrap();
            parts.insert(name, text);
        }
        let document = Element::parse(&parts["word/document.xml"]);
        let styles = Element::parse(&parts["word/styles.xml"]);
        Self { parts, document, styles }
    }

    pub fn part(&self, name: &str) -> &str {
        &self.parts[name]
    }

    pub fn parts(&self) -> impl Iterator<Item = (&String, &String)> {
        self.parts.iter()
    }

    pub fn body(&self) -> &Element {
        self.document.child("body").unwrap()
    }

    pub fn tables(&self) -> Vec<&Element> {
        self.body().children.iter().filter(|child| child.name == "tbl").collect()
    }

    /// The paragraphs below an element, those in tables too.
    pub fn paragraphs(&self, within: &Element) -> Vec<Paragraph> {
        within.all("p").into_iter().map(|paragraph| self.paragraph(paragraph)).collect()
    }

    /// The paragraphs of the text, without those in tables.
    pub fn text(&self) -> Vec<Paragraph> {
        let own = self.body().children.iter().filter(|child| child.name == "p");
        own.map(|paragraph| self.paragraph(paragraph)).collect()
    }

    pub fn paragraph(&self, paragraph: &Element) -> Paragraph {
        let properties = paragraph.child("pPr").cloned().unwrap_or_default();
        let style = properties.child("pStyle").map(|style| style.attribute("val").to_owned()).unwrap_or_default();
        let mut text = String::new();
        for run in paragraph.all("r") {
            for piece in &run.children {
                match piece.name.as_str() {
                    "t" => text.push_str(&piece.text),
                    "br" => text.push('\n'),
                    _ => {}
                }
            }
        }
        // From the paragraph itself through its styles to the defaults.
        let mut layers = vec![properties];
        let mut run_layers = Vec::new();
        let mut next = Some(style.clone());
        while let Some(id) = next {
            let styles = self.styles.all("style");
            let found = styles.iter().find(|style| style.attribute("styleId") == id);
            let found = found.unwrap_or_else(|| panic!("there is no style {id}"));
            layers.extend(found.child("pPr").cloned());
            run_layers.extend(found.child("rPr").cloned());
            next = found.child("basedOn").map(|base| base.attribute("val").to_owned());
        }
        run_layers.push(self.styles.find("rPrDefault").unwrap().child("rPr").unwrap().clone());
        let value = |layers: &[Element], element: &str, attribute: &str| -> Option<String> {
            let mut given = layers.iter().filter_map(|layer| layer.child(element));
            given.find_map(|element| element.attributes.get(attribute)).cloned()
        };
        let twips = |element: &str, attribute: &str| {
            value(&layers, element, attribute).map_or(0, |value| value.parse().unwrap())
        };
        let is_set = |name: &str| run_layers.iter().any(|layer| layer.child(name).is_some());
        Paragraph {
            size: value(&run_layers, "sz", "val").unwrap().parse().unwrap(),
            bold: is_set("b"),
            italic: is_set("i"),
            align: value(&layers, "jc", "val").unwrap_or_else(|| "left".to_owned()),
            first_line: twips("ind", "firstLine"),
            before: twips("spacing", "before"),
            line: twips("spacing", "line"),
            sides: (twips("ind", "left"), twips("ind", "right")),
            style,
            text,
        }
    }

    /// All that it says, a paragraph or a row of a table on each line.
    pub fn words(&self) -> String {
        let mut words = String::new();
        for child in &self.body().children {
            match child.name.as_str() {
                "p" => words += &(self.paragraph(child).text + "\n"),
                "tbl" => {
                    for row in child.all("tr") {
                        let cells = row.all("tc").into_iter().map(|cell| {
                            let paragraphs = self.paragraphs(cell).into_iter().map(|paragraph| paragraph.text);
                            paragraphs.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" / ")
                        });
                        let cells = cells.collect::<Vec<_>>().join(" | ").replace('\n', " ");
                        words += &["| ", &cells, "\n"].concat();
                    }
                }
                _ => {}
            }
        }
        words
    }
}
