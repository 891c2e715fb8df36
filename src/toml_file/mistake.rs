//! What is wrong in a TOML file, whatever it is for.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::civil::Date;

use crate::diagnostic::{Mistake, mistakes};

/// What a table is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableName {
    /// The configuration itself, outside of its tables.
    Configuration,
    /// A plan itself.
    Plan,
    /// A holiday file itself.
    HolidayFile,
    /// A table of a file, as it is written there: `[reminders]`.
    Table(Cow<'static, str>),
}

impl From<&'static str> for TableName {
    fn from(name: &'static str) -> Self {
        Self::Table(name.into())
    }
}

impl From<String> for TableName {
    fn from(name: String) -> Self {
        Self::Table(name.into())
    }
}

/// What a value should be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ExpectedType {
    Text,
    Date,
    NumberOrText,
    Boolean,
    Table,
}

/// What a value is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum FoundType {
    Text,
    Number,
    Decimal,
    Boolean,
    DateTime,
    List,
    Table,
}

mistakes! {
    /// What is wrong in a TOML file.
    pub(crate) enum TomlMistake {
        /// No TOML, for reasons that only the parser knows.
        "syntax" => NoToml { parser_says: String },
        "syntax" => NeverClosed { opening: char, closing: char },
        "syntax" => CurlyQuotes { straight: String },
        "syntax" => HeadingWithoutBracket { heading: String },
        /// The key is repeated only where it is one that is known.
        "syntax" => Colon { key: Option<&'static str> },
        "syntax" => NoKey { key: String, english: Option<&'static str>, value: String },
        "syntax" => LocalDate { written: String, date: Date },
        "syntax" => NoSuchDay { written: String, days: i8 },
        "syntax" => NoSuchMonth { written: String, month: i8 },
        "syntax" => Backslash { mended: String },
        "syntax" => QuoteMissing { mended: Option<String> },
        "syntax" => TextWithoutQuotes { text: String },
        "doubled-key" => DoubledKey { parser_says: String },
        "doubled-key" => DoubledTable { name: String, times: usize },
        "doubled-key" => HeadingOfList { name: String },
        "missing-key" => MissingKey { table: TableName, key: &'static str },
        "unknown-key" => UnknownKey { key: String, table: TableName, near: Option<String>, known: Vec<&'static str> },
        "deceptive-text" => DeceptiveText { key: String },
        "empty" => Empty { key: String },
        "wrong-type" => WrongType { key: String, expected: ExpectedType, found: FoundType },
        "wrong-type" => DateInQuotes { key: String, date: Date },
        "wrong-type" => NoList { key: String, found: FoundType, written: String },
        "wrong-type" => SingleBrackets { heading: &'static str },
        "bad-date" => NotADateAlone { written: String },
        "bad-date" => NotInCalendar { date: String },
        "bad-duration" => TooManyDays { days: u16, most: u16 },
        "bad-duration" => NoDays { written: String, suggestion: String },
        "bad-number" => NumberOutOfRange { least: u32, most: u32 },
        "bad-size" => NoSize { written: String, suggestion: String },
        "bad-time" => NoTimeOfDay { written: String },
        "bad-address" => NoAddress { written: String },
        "address-not-ascii" => AddressNotAscii { address: String },
    }
}

/// A mistake about a file that other lines name as well.
#[derive(Clone, Debug)]
pub(crate) struct NamedInLines {
    /// What is wrong with it.
    pub(crate) mistake: Arc<dyn Mistake>,
    /// The other lines, from 1; none where it is named once.
    pub(crate) lines: Vec<usize>,
}

impl Mistake for NamedInLines {
    fn code(&self) -> &'static str {
        self.mistake.code()
    }
}
