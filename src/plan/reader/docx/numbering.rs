//! The numbers that Word itself writes before paragraphs (`numbering.xml`, ECMA-376 part 1, 17.9): "Tiêu chuẩn %1",
//! "%1.%2". On paper they are text like any other.

use std::collections::HashMap;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::{is_on, number, value};

/// Levels that a list has.
const LEVELS: usize = 9;
/// No document has more lists.
const MAX_LISTS: usize = 20_000;

#[derive(Clone, Debug)]
struct Level {
    start: u32,
    format: String,
    text: String,
    /// Numbers of the levels above are digits, whatever their own form.
    digits: bool,
}

impl Default for Level {
    fn default() -> Self {
        Self { start: 1, format: "decimal".to_owned(), text: String::new(), digits: false }
    }
}

/// A list that paragraphs name.
#[derive(Clone, Debug, Default)]
struct List {
    form: u32,
    /// Where it begins anew, by level.
    starts: HashMap<usize, u32>,
    begun: bool,
}

/// The lists of a document, and how far each has counted.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    forms: HashMap<u32, Vec<Level>>,
    lists: HashMap<u32, List>,
    counted: HashMap<u32, [Option<u32>; LEVELS]>,
}

impl Numbering {
    pub(super) fn read(xml: &str) -> Self {
        let mut numbering = Self::default();
        let mut reader = Reader::from_str(xml);
        let (mut form, mut list, mut level) = (None, None, 0_usize);
        // Damaged numbering is that up to the damage.
        while let Ok(event) = reader.read_event() {
            let (Event::Start(element) | Event::Empty(element)) = &event else {
                match event {
                    Event::End(end) if end.local_name().as_ref() == "abstractNum" => form = None,
                    Event::End(end) if end.local_name().as_ref() == "num" => list = None,
                    Event::Eof => break,
                    _ => {}
                }
                continue;
            };
            let attribute = |wanted: &str| -> Option<u32> {
                let found = element.attributes().flatten().find(|one| one.key.local_name().as_ref() == wanted)?;
                found.value.parse().ok()
            };
            let said = || number(element).and_then(|number| u32::try_from(number).ok());
            if numbering.forms.len() + numbering.lists.len() > MAX_LISTS {
                break;
            }
            match element.local_name().as_ref() {
                "abstractNum" => {
                    form = attribute("abstractNumId");
                    if let Some(form) = form {
                        numbering.forms.insert(form, vec![Level::default(); LEVELS]);
                    }
                }
                "num" => {
                    list = attribute("numId");
                    if let Some(list) = list {
                        numbering.lists.insert(list, List::default());
                    }
                }
                "abstractNumId" => {
                    if let (Some(list), Some(form)) = (list.and_then(|list| numbering.lists.get_mut(&list)), said()) {
                        list.form = form;
                    }
                }
                "lvl" | "lvlOverride" => level = attribute("ilvl").map_or(0, |level| level as usize),
                "startOverride" => {
                    if let (Some(list), Some(start)) = (list.and_then(|list| numbering.lists.get_mut(&list)), said()) {
                        list.starts.insert(level, start);
                    }
                }
                name => {
                    let levels = form.and_then(|form| numbering.forms.get_mut(&form));
                    let Some(level) = levels.and_then(|levels| levels.get_mut(level)) else { continue };
                    match name {
                        "start" => level.start = said().unwrap_or(1),
                        "numFmt" => level.format = value(element).unwrap_or_default(),
                        "lvlText" => level.text = value(element).unwrap_or_default(),
                        "isLgl" => level.digits = is_on(element),
                        _ => {}
                    }
                }
            }
        }
        numbering
    }

    /// The number of the next paragraph of a list at a level; empty for bullets, and where there is no such list.
    pub(super) fn next(&mut self, list: u32, level: u32) -> String {
        let level = level as usize;
        let Some(named) = self.lists.get_mut(&list).filter(|_| level < LEVELS) else { return String::new() };
        let Some(levels) = self.forms.get(&named.form) else { return String::new() };
        let counted = self.counted.entry(named.form).or_default();
        if !named.begun {
            named.begun = true;
            for (level, _) in named.starts.iter().filter(|(level, _)| **level < LEVELS) {
                counted[*level] = None;
            }
        }
        let start = |level: usize| named.starts.get(&level).copied().unwrap_or(levels[level].start);
        counted[level] = Some(counted[level].map_or_else(|| start(level), |before| before.saturating_add(1)));
        for deeper in &mut counted[level + 1..] {
            *deeper = None;
        }
        if matches!(levels[level].format.as_str(), "bullet" | "none") {
            return String::new();
        }
        let mut label = String::new();
        let mut letters = levels[level].text.chars().peekable();
        while let Some(letter) = letters.next() {
            let place = (letter == '%').then(|| letters.peek().and_then(|digit| digit.to_digit(10))).flatten();
            match place {
                Some(place @ 1..=9) => {
                    letters.next();
                    let above = place as usize - 1;
                    let count = *counted[above].get_or_insert_with(|| start(above));
                    let format = if levels[level].digits { "decimal" } else { levels[above].format.as_str() };
                    label.push_str(&formatted(count, format));
                }
                _ => label.push(letter),
            }
        }
        label
    }
}

/// A number as a list writes it.
fn formatted(number: u32, format: &str) -> String {
    match format {
        "upperRoman" => roman(number),
        "lowerRoman" => roman(number).to_lowercase(),
        "upperLetter" | "lowerLetter" if (1..=26 * 20).contains(&number) => {
            let first = if format == "upperLetter" { b'A' } else { b'a' };
            let letter = char::from(first + u8::try_from((number - 1) % 26).unwrap_or(0));
            std::iter::repeat_n(letter, ((number - 1) / 26 + 1) as usize).collect()
        }
        "decimalZero" => format!("{number:02}"),
        "bullet" | "none" => String::new(),
        _ => number.to_string(),
    }
}

fn roman(mut number: u32) -> String {
    const SIGNS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if number > 3999 {
        return number.to_string();
    }
    let mut written = String::new();
    for (value, sign) in SIGNS {
        while number >= value {
            written.push_str(sign);
            number -= value;
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_count_as_word_does() {
        let xml = "<w:numbering><w:abstractNum w:abstractNumId=\"5\">\
            <w:lvl w:ilvl=\"0\"><w:start w:val=\"2\"/><w:numFmt w:val=\"upperRoman\"/><w:lvlText w:val=\"Phần %1\"/></w:lvl>\
            <w:lvl w:ilvl=\"1\"><w:isLgl/><w:numFmt w:val=\"decimal\"/><w:lvlText w:val=\"%1.%2\"/></w:lvl></w:abstractNum>\
            <w:num w:numId=\"7\"><w:abstractNumId w:val=\"5\"/></w:num><w:num w:numId=\"8\"><w:abstractNumId w:val=\"5\"/>\
            <w:lvlOverride w:ilvl=\"0\"><w:startOverride w:val=\"9\"/></w:lvlOverride></w:num></w:numbering>";
        let mut numbering = Numbering::read(xml);
        let labels = [(7, 0), (7, 1), (7, 1), (7, 0), (7, 1), (8, 0), (7, 0), (9, 0)]
            .map(|(list, level)| numbering.next(list, level));
        assert_eq!(labels, ["Phần II", "2.1", "2.2", "Phần III", "3.1", "Phần IX", "Phần X", ""]);
    }
}
