//! A TOML document that is read with patience: every mistake is noted with its place, and reading goes on.
//!
//! Knows nothing of the keys of any file. A reader asks a [`Table`] for the keys it knows; what it did not ask for
//! when the table is [`close`](Table::close)d is an unknown key.

mod parts;
pub mod values;

pub use parts::Parts;

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::ops::Range;
use std::sync::Arc;

use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Diagnostic, Diagnostics, Place, Severity, Source};
use crate::files::Files;
use crate::text;

/// How many broken lines of one file are told before reading gives up.
const MOST_REPAIRS: usize = 100;

/// A file that is being read, and the mistakes found in it so far.
#[derive(Debug)]
pub struct Document {
    source: Arc<Source>,
    files: Files,
    found: RefCell<Diagnostics>,
    /// The text with its broken lines blanked, where it has any.
    repaired: OnceCell<String>,
    /// The text without the later [`Parts`], where it falls into any.
    shortened: OnceCell<String>,
}

impl Document {
    /// A file that is to be read. What it names is read from the file system.
    #[must_use]
    pub fn new(source: &Arc<Source>) -> Self {
        Self::among(&Files::Disk, source)
    }

    /// A file that is to be read, and the files that it may name.
    #[must_use]
    pub fn among(files: &Files, source: &Arc<Source>) -> Self {
        Self {
            source: Arc::clone(source),
            files: files.clone(),
            found: RefCell::default(),
            repaired: OnceCell::new(),
            shortened: OnceCell::new(),
        }
    }

    /// The files that it may name.
    #[must_use]
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// Parses the file. Lines that are no TOML, and doubled keys, are noted and passed over, so that what follows
    /// them is read all the same.
    #[must_use]
    pub fn parse(&self) -> Spanned<DeTable<'_>> {
        let (root, errors) = DeTable::parse_recoverable(self.source.text());
        if errors.is_empty() {
            return root;
        }
        let repaired = self.repaired.get_or_init(|| self.repair());
        DeTable::parse_recoverable(repaired).0
    }

    /// The text with each broken line blanked in turn; every place stays where it is.
    fn repair(&self) -> String {
        let mut text = self.source.text().to_owned();
        for _ in 0..MOST_REPAIRS {
            let (_, errors) = DeTable::parse_recoverable(&text);
            let Some(error) = errors.first() else { break };
            let span = error.span().unwrap_or(0..0);
            let message = error.message().trim().to_lowercase().replace('\n', "; ");
            let is_doubled = message.contains("duplicate key");
            let code = if is_doubled { "doubled-key" } else { "syntax" };
            let help = is_doubled.then(|| "keep one of the two".to_owned());
            let lines = lines_around(&text, &span);
            let blanked: String =
                text[lines.clone()].chars().map(|letter| if letter == '\n' { '\n' } else { ' ' }).collect();
            // A letter of several bytes becomes as many blanks, so that what follows keeps its place.
            let missing = lines.len() - blanked.len();
            let nothing_left = text[lines.clone()].trim().is_empty();
            self.error(span, code, message, help);
            if nothing_left {
                break;
            }
            text.replace_range(lines, &(blanked + &" ".repeat(missing)));
        }
        text
    }

    /// Whether lines were passed over: then what is missing may stand in them.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.repaired.get().is_some()
    }

    /// Notes an error.
    pub fn error(&self, span: Range<usize>, code: &'static str, message: impl Into<String>, help: Option<String>) {
        self.note(Severity::Error, span, code, message.into(), help);
    }

    /// Notes a warning.
    pub fn warning(&self, span: Range<usize>, code: &'static str, message: impl Into<String>, help: Option<String>) {
        self.note(Severity::Warning, span, code, message.into(), help);
    }

    fn note(&self, severity: Severity, span: Range<usize>, code: &'static str, message: String, help: Option<String>) {
        let place = Place::Span(Arc::clone(&self.source), span);
        self.found.borrow_mut().push(Diagnostic { severity, code, place, message, label: String::new(), help });
    }

    /// The line, from 1, that a byte is in.
    #[must_use]
    pub fn line(&self, byte: usize) -> usize {
        self.source.text().get(..byte).map_or(0, |before| before.matches('\n').count()) + 1
    }

    /// Hands over what was found.
    pub fn finish(self, diagnostics: &mut Diagnostics) {
        diagnostics.append(self.found.into_inner());
    }
}

/// A table of a document, and the keys it was asked for.
#[derive(Debug)]
pub struct Table<'t> {
    document: &'t Document,
    table: &'t DeTable<'t>,
    span: Range<usize>,
    /// The byte of the document that the places of the parsed table count from.
    from: usize,
    /// How a message calls it: "the configuration", "[reminders]".
    name: Cow<'static, str>,
    asked: RefCell<Vec<&'static str>>,
}

impl<'t> Table<'t> {
    /// A table of `document`, called `name` in messages.
    #[must_use]
    pub fn new(document: &'t Document, table: &'t Spanned<DeTable<'t>>, name: impl Into<Cow<'static, str>>) -> Self {
        Self::at(document, table, 0, name)
    }

    /// A table of a part of `document` that begins at the byte `from`.
    fn at(
        document: &'t Document,
        table: &'t Spanned<DeTable<'t>>,
        from: usize,
        name: impl Into<Cow<'static, str>>,
    ) -> Self {
        let span = moved(table.span(), from);
        Self { document, table: table.get_ref(), span, from, name: name.into(), asked: RefCell::default() }
    }

    /// The document that it is part of.
    #[must_use]
    pub fn document(&self) -> &'t Document {
        self.document
    }

    /// Where it is: its heading.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// The value of a key, where it is there.
    pub fn get(&self, key: &'static str) -> Option<Value<'t>> {
        self.asked.borrow_mut().push(key);
        self.table.get(key).map(|value| self.value(value, key))
    }

    fn value(&self, value: &'t Spanned<DeValue<'t>>, key: &'t str) -> Value<'t> {
        Value { document: self.document, value, from: self.from, key }
    }

    /// The value of a key that must be there.
    pub fn require(&self, key: &'static str) -> Option<Value<'t>> {
        let value = self.get(key);
        if value.is_none() && !self.document.is_broken() {
            self.document.error(
                self.span.start..self.span.start,
                "missing-key",
                format!("{} lacks `{key}`", self.name),
                Some(format!("add `{key} = …`")),
            );
        }
        value
    }

    /// Every key with its place and value, in the order of the document; for tables whose keys are names.
    pub fn entries(&self) -> Vec<(&'t str, Range<usize>, Value<'t>)> {
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

    /// Notes every key that was not asked for.
    pub fn close(self) {
        let asked = self.asked.into_inner();
        for (key, _) in self.table {
            let name: &str = key.get_ref().as_ref();
            if asked.contains(&name) {
                continue;
            }
            let help = match text::closest(name, asked.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("{} knows {}", self.name, listed(&asked)),
            };
            self.document.error(
                moved(key.span(), self.from),
                "unknown-key",
                format!("unknown key `{name}` in {}", self.name),
                Some(help),
            );
        }
    }
}

/// A place that counts from the byte `from`, by the places of the document.
fn moved(span: Range<usize>, from: usize) -> Range<usize> {
    span.start + from..span.end + from
}

/// The whole lines that a span is in, without the last line's end.
fn lines_around(text: &str, span: &Range<usize>) -> Range<usize> {
    let start = text.get(..span.start).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
    let last = span.end.max(span.start).min(text.len());
    let end = text.get(last..).and_then(|after| after.find('\n')).map_or(text.len(), |end| last + end);
    start..end
}

/// Words in a row, each marked.
pub(crate) fn listed(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

/// A value of a document.
#[derive(Clone, Copy, Debug)]
pub struct Value<'t> {
    document: &'t Document,
    value: &'t Spanned<DeValue<'t>>,
    /// The byte of the document that the places of the parsed value count from.
    from: usize,
    key: &'t str,
}

impl<'t> Value<'t> {
    /// The document that it is part of.
    #[must_use]
    pub fn document(&self) -> &'t Document {
        self.document
    }

    /// Where it is.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        moved(self.value.span(), self.from)
    }

    /// Notes that it is not what it should be.
    pub fn error(&self, code: &'static str, message: impl Into<String>, help: impl Into<String>) {
        self.document.error(self.span(), code, message, Some(help.into()));
    }

    /// A text.
    #[must_use]
    pub fn text(&self) -> Option<&'t str> {
        match self.value.get_ref() {
            DeValue::String(text) => Some(text.as_ref()),
            _ => self.wrong_type("a text in quotes"),
        }
    }

    /// A text that says something, composed.
    #[must_use]
    pub fn name(&self) -> Option<String> {
        let name = text::nfc(self.text()?);
        if name.is_empty() {
            self.error("empty", format!("`{}` is empty", self.key), "write a name");
            return None;
        }
        Some(name)
    }

    /// A date without a time.
    #[must_use]
    pub fn date(&self) -> Option<Date> {
        const HELP: &str = "write a date without quotes, as 2023-09-12";
        let DeValue::Datetime(value) = self.value.get_ref() else {
            return self.wrong_type("a date such as 2023-09-12");
        };
        let (Some(date), None, None) = (value.date, value.time, value.offset) else {
            self.error("bad-date", format!("`{value}` is not a date alone"), HELP);
            return None;
        };
        let parts = (i16::try_from(date.year), i8::try_from(date.month), i8::try_from(date.day));
        let (Ok(year), Ok(month), Ok(day)) = parts else { return None };
        match Date::new(year, month, day) {
            Ok(date) => Some(date),
            Err(_) => {
                self.error("bad-date", format!("`{date}` is not in the calendar"), HELP);
                None
            }
        }
    }

    /// A whole number, or the text it is written as where a text stands instead.
    #[must_use]
    pub fn integer_or_text(&self) -> Option<Result<i64, &'t str>> {
        match self.value.get_ref() {
            DeValue::Integer(number) => {
                i64::from_str_radix(&number.as_str().replace('_', ""), number.radix()).ok().map(Ok)
            }
            DeValue::String(text) => Some(Err(text.as_ref())),
            _ => self.wrong_type("a number or a text in quotes"),
        }
    }

    /// A list; a single value where a list was expected is a mistake, and is read as a list of one.
    #[must_use]
    pub fn list(&self) -> Vec<Value<'t>> {
        let member = |value| Value { value, ..*self };
        if let DeValue::Array(array) = self.value.get_ref() {
            return array.iter().map(member).collect();
        }
        let help = format!("put it into brackets: [{}]", self.document.source.text().get(self.span()).unwrap_or("…"));
        let message = format!("`{}` must be a list, not {}", self.key, self.type_name());
        self.error("wrong-type", message, help);
        vec![*self]
    }

    /// The texts of a list as they are written, composed. Notes nothing: for lists whose reading has done so.
    #[must_use]
    pub fn as_written(&self) -> Vec<String> {
        let DeValue::Array(array) = self.value.get_ref() else { return Vec::new() };
        let text = |value: &Spanned<DeValue<'t>>| match value.get_ref() {
            DeValue::String(text) => Some(text::nfc(text.as_ref())),
            _ => None,
        };
        array.iter().filter_map(text).collect()
    }

    /// A table, called `name` in messages.
    #[must_use]
    pub fn table(&self, name: impl Into<Cow<'static, str>>) -> Option<Table<'t>> {
        match self.value.get_ref() {
            DeValue::Table(table) => Some(Table {
                document: self.document,
                table,
                span: self.span(),
                from: self.from,
                name: name.into(),
                asked: RefCell::default(),
            }),
            _ => self.wrong_type("a table"),
        }
    }

    /// The tables of an array of tables, given the heading that each has: `[[task]]`.
    #[must_use]
    pub fn tables(&self, heading: &'static str) -> Vec<Table<'t>> {
        if let DeValue::Table(_) = self.value.get_ref() {
            let message = format!("{} must have double brackets", heading.replace("[[", "[").replace("]]", "]"));
            self.error("wrong-type", message, format!("write {heading}"));
        }
        match self.value.get_ref() {
            DeValue::Array(_) => self.list().iter().filter_map(|value| value.table(heading)).collect(),
            _ => self.table(heading).into_iter().collect(),
        }
    }

    fn wrong_type<T>(&self, expected: &str) -> Option<T> {
        let message = format!("`{}` must be {expected}, not {}", self.key, self.type_name());
        self.document.error(self.span(), "wrong-type", message, Some(format!("write {expected}")));
        None
    }

    fn type_name(&self) -> &'static str {
        match self.value.get_ref() {
            DeValue::String(_) => "a text",
            DeValue::Integer(_) => "a number",
            DeValue::Float(_) => "a decimal number",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date or time",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        }
    }
}
