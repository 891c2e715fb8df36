//! Tables and values of a TOML document, each with its place.

use std::cell::RefCell;
use std::ops::Range;
use std::path::Path;

use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::Mistake;
use crate::text;

use super::document::TomlDocument;
use super::{ExpectedType, FoundType, TableName, TomlMistake, key_words, slips};

/// A table of a document, with the keys that it was asked for.
#[derive(Debug)]
pub struct TomlTable<'t> {
    document: &'t TomlDocument,
    table: &'t DeTable<'t>,
    span: Range<usize>,
    /// The byte of the document that the places of the parsed table count from.
    from: usize,
    name: TableName,
    asked: RefCell<Vec<&'static str>>,
}

impl<'t> TomlTable<'t> {
    /// A table of `document`, called `name` in messages.
    #[must_use]
    pub fn new(document: &'t TomlDocument, table: &'t Spanned<DeTable<'t>>, name: impl Into<TableName>) -> Self {
        Self::at(document, table, 0, name)
    }

    /// A table of a part of `document` that begins at the byte `from`.
    pub(super) fn at(
        document: &'t TomlDocument,
        table: &'t Spanned<DeTable<'t>>,
        from: usize,
        name: impl Into<TableName>,
    ) -> Self {
        let span = moved(table.span(), from);
        Self { document, table: table.get_ref(), span, from, name: name.into(), asked: RefCell::default() }
    }

    /// The document of this table.
    #[must_use]
    pub fn document(&self) -> &'t TomlDocument {
        self.document
    }

    /// The place of its heading.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Notes an error at the heading.
    pub fn error(&self, mistake: impl Mistake + 'static) {
        self.document.error(self.span(), mistake);
    }

    /// The value of an optional key.
    pub fn get(&self, key: &'static str) -> Option<TomlValue<'t>> {
        let mut asked = self.asked.borrow_mut();
        if !asked.contains(&key) {
            asked.push(key);
        }
        self.table.get(key).map(|value| self.value(value, key))
    }

    fn value(&self, value: &'t Spanned<DeValue<'t>>, key: &'t str) -> TomlValue<'t> {
        TomlValue { document: self.document, value, from: self.from, key }
    }

    /// The value of a required key; where it is missing, that is noted.
    pub fn require(&self, key: &'static str) -> Option<TomlValue<'t>> {
        let value = self.get(key);
        if value.is_none() && !self.document.is_broken() {
            let start = self.span.start;
            self.document.error(start..start, TomlMistake::MissingKey { table: self.name.clone(), key });
        }
        value
    }

    /// Every key with its place and value, in the order of the document; for tables whose keys are names, not settings.
    pub fn entries(&self) -> Vec<(&'t str, Range<usize>, TomlValue<'t>)> {
        let mut entries: Vec<_> = self
            .table
            .iter()
            .map(|(key, value)| {
                let name: &'t str = key.get_ref().as_ref();
                (name, moved(key.span(), self.from), self.value(value, name))
            })
            .collect();
        entries.sort_by_key(|(_, span, _)| span.start);
        entries
    }

    /// Warns of texts that show something else than they say: readers leave out what makes them do so.
    pub fn warn_of_deceptive_texts(&self) {
        for (name, _, value) in self.entries() {
            if value.holds_deceptive_text() {
                self.document.warning(value.span(), TomlMistake::DeceptiveText { key: name.to_owned() });
            }
        }
    }

    /// Notes every key that was not asked for.
    pub fn close(self) {
        let asked = self.asked.into_inner();
        for (key, _) in self.table {
            let name: &str = key.get_ref().as_ref();
            if asked.contains(&name) {
                continue;
            }
            let meant = key_words::english(name).filter(|key| asked.contains(key));
            let near = meant.or_else(|| text::closest(name, asked.iter().copied())).map(str::to_owned);
            let (key, place) = (name.to_owned(), moved(key.span(), self.from));
            let mistake = TomlMistake::UnknownKey { key, table: self.name.clone(), near, known: asked.clone() };
            self.document.error(place, mistake);
        }
    }
}

/// Moves a place from a part that begins at the byte `from` to the whole document.
fn moved(span: Range<usize>, from: usize) -> Range<usize> {
    span.start + from..span.end + from
}

/// A value where both a number and a text have a meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntegerOrText<'t> {
    /// A whole number.
    Integer(i64),
    /// A text as it is written.
    Text(&'t str),
}

/// A value of a document.
#[derive(Clone, Copy, Debug)]
pub struct TomlValue<'t> {
    document: &'t TomlDocument,
    pub(super) value: &'t Spanned<DeValue<'t>>,
    /// The byte of the document that the places of the parsed value count from.
    from: usize,
    key: &'t str,
}

impl<'t> TomlValue<'t> {
    /// The document of this value.
    #[must_use]
    pub fn document(&self) -> &'t TomlDocument {
        self.document
    }

    /// The place of this value.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        moved(self.value.span(), self.from)
    }

    /// Notes an error at this value.
    pub fn error(&self, mistake: impl Mistake + 'static) {
        self.document.error(self.span(), mistake);
    }

    /// Notes an error of the file that this value names, as [`TomlDocument::error_of_file`] does.
    pub fn error_of_file(&self, file: &Path, mistake: impl Mistake + 'static) {
        self.document.error_of_file(file, self.span(), mistake);
    }

    /// Notes a warning at this value.
    pub fn warning(&self, mistake: impl Mistake + 'static) {
        self.document.warning(self.span(), mistake);
    }

    /// A text.
    #[must_use]
    pub fn text(&self) -> Option<&'t str> {
        match self.value.get_ref() {
            DeValue::String(text) => Some(text.as_ref()),
            _ => self.wrong_type(ExpectedType::Text),
        }
    }

    /// A text, where it is one; that it is none is noted elsewhere.
    #[must_use]
    pub fn as_text(&self) -> Option<&'t str> {
        match self.value.get_ref() {
            DeValue::String(text) => Some(text.as_ref()),
            _ => None,
        }
    }

    /// A text that is not empty, composed (NFC).
    #[must_use]
    pub fn name(&self) -> Option<String> {
        let name = text::nfc(self.text()?);
        if name.is_empty() {
            self.error(TomlMistake::Empty { key: self.key.to_owned() });
            return None;
        }
        Some(name)
    }

    /// A date without a time.
    #[must_use]
    pub fn date(&self) -> Option<Date> {
        if let DeValue::String(text) = self.value.get_ref()
            && let Some(date) = slips::local_date(text.trim()).or_else(|| text.trim().parse().ok())
        {
            self.error(TomlMistake::DateInQuotes { key: self.key.to_owned(), date });
            return None;
        }
        let DeValue::Datetime(value) = self.value.get_ref() else {
            return self.wrong_type(ExpectedType::Date);
        };
        let (Some(date), None, None) = (value.date, value.time, value.offset) else {
            self.error(TomlMistake::NotADateAlone { written: value.to_string() });
            return None;
        };
        let parts = (i16::try_from(date.year), i8::try_from(date.month), i8::try_from(date.day));
        let (Ok(year), Ok(month), Ok(day)) = parts else { return None };
        match Date::new(year, month, day) {
            Ok(date) => Some(date),
            Err(_) => {
                self.error(TomlMistake::NotInCalendar { date: date.to_string() });
                None
            }
        }
    }

    /// A whole number, or a text where that stands instead.
    #[must_use]
    pub fn integer_or_text(&self) -> Option<IntegerOrText<'t>> {
        match self.value.get_ref() {
            DeValue::Integer(number) => {
                let digits = number.as_str().replace('_', "");
                i64::from_str_radix(&digits, number.radix()).ok().map(IntegerOrText::Integer)
            }
            DeValue::String(text) => Some(IntegerOrText::Text(text.as_ref())),
            _ => self.wrong_type(ExpectedType::NumberOrText),
        }
    }

    /// True or false.
    #[must_use]
    pub fn boolean(&self) -> Option<bool> {
        match self.value.get_ref() {
            DeValue::Boolean(value) => Some(*value),
            _ => self.wrong_type(ExpectedType::Boolean),
        }
    }

    /// A list; a single value where a list was expected is a mistake, and is read as a list of one.
    #[must_use]
    pub fn list(&self) -> Vec<TomlValue<'t>> {
        let member = |value| TomlValue { value, ..*self };
        if let DeValue::Array(array) = self.value.get_ref() {
            return array.iter().map(member).collect();
        }
        let written = match self.value.get_ref() {
            // Several names in one text are as many texts of the list.
            DeValue::String(text) => {
                let names = text.split([',', ';']).map(|name| format!("\"{}\"", name.trim()));
                names.collect::<Vec<_>>().join(", ")
            }
            _ => self.document.source.text().get(self.span()).unwrap_or("…").to_owned(),
        };
        self.error(TomlMistake::NoList { key: self.key.to_owned(), found: self.found_type(), written });
        vec![*self]
    }

    /// The texts of a list as they are written, composed. Notes no mistakes: it is for lists that are read elsewhere
    /// too.
    #[must_use]
    pub fn as_written(&self) -> Vec<String> {
        let DeValue::Array(array) = self.value.get_ref() else { return Vec::new() };
        let text = |value: &Spanned<DeValue<'t>>| match value.get_ref() {
            DeValue::String(text) => Some(text::nfc(text.as_ref())),
            _ => None,
        };
        array.iter().filter_map(text).collect()
    }

    /// Whether a text, or one in a list, holds characters that deceive.
    fn holds_deceptive_text(&self) -> bool {
        match self.value.get_ref() {
            DeValue::String(text) => text::is_deceptive_in(text),
            DeValue::Array(list) => list.iter().any(|value| TomlValue { value, ..*self }.holds_deceptive_text()),
            _ => false,
        }
    }

    /// Whether it is a table.
    #[must_use]
    pub fn is_table(&self) -> bool {
        matches!(self.value.get_ref(), DeValue::Table(_))
    }

    /// Whether it is a list.
    #[must_use]
    pub fn is_list(&self) -> bool {
        matches!(self.value.get_ref(), DeValue::Array(_))
    }

    /// A table, called `name` in messages.
    #[must_use]
    pub fn table(&self, name: impl Into<TableName>) -> Option<TomlTable<'t>> {
        match self.value.get_ref() {
            DeValue::Table(table) => Some(TomlTable {
                document: self.document,
                table,
                span: self.span(),
                from: self.from,
                name: name.into(),
                asked: RefCell::default(),
            }),
            _ => self.wrong_type(ExpectedType::Table),
        }
    }

    /// The tables of an array of tables, given the heading that each has: `[[task]]`.
    #[must_use]
    pub fn tables(&self, heading: &'static str) -> Vec<TomlTable<'t>> {
        // Where its heading is there several times, that is told already.
        if self.is_table() && !self.document.is_broken() {
            self.error(TomlMistake::SingleBrackets { heading });
        }
        match self.value.get_ref() {
            DeValue::Array(_) => self.list().iter().filter_map(|value| value.table(heading)).collect(),
            _ => self.table(heading).into_iter().collect(),
        }
    }

    fn wrong_type<T>(&self, expected: ExpectedType) -> Option<T> {
        self.error(TomlMistake::WrongType { key: self.key.to_owned(), expected, found: self.found_type() });
        None
    }

    fn found_type(&self) -> FoundType {
        match self.value.get_ref() {
            DeValue::String(_) => FoundType::Text,
            DeValue::Integer(_) => FoundType::Number,
            DeValue::Float(_) => FoundType::Decimal,
            DeValue::Boolean(_) => FoundType::Boolean,
            DeValue::Datetime(_) => FoundType::DateTime,
            DeValue::Array(_) => FoundType::List,
            DeValue::Table(_) => FoundType::Table,
        }
    }
}
