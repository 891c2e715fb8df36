//! What is wrong in a document with a plan, or doubtful about it.

use jiff::civil::Date;

use crate::diagnostic::{Mistake, TableName, mistakes};

use super::super::mistake::OtherFormat;
use super::super::timeframe::{Doubt, Unresolved};

/// What a document holds, or why it cannot be read.
pub(super) type Result<T> = std::result::Result<T, DocumentMistake>;

mistakes! {
    /// What is wrong with a document as a whole, or doubtful about it.
    pub(crate) enum DocumentMistake {
        // It cannot be read.
        "lock-file" => LockFile { document: String },
        "wrong-format" => NotAsCalled { ending: String, content: FileContent },
        "damaged-file" => Damaged { error: String },
        "damaged-file" => PartMissing { part: String },
        "damaged-file" => PartDamaged { part: String, error: String },
        "damaged-file" => TextDamaged { byte: u64, error: String },
        "damaged-file" => NestedTooDeeply,
        "damaged-file" => WorkbookDamaged { error: String },
        "damaged-file" => CsvDamaged { error: String },
        "damaged-file" => QuoteNeverClosed { line: usize },
        "too-large" => TooLarge { mebibytes: usize },
        "too-large" => TooLargeUnpacked { mebibytes: u64 },
        "too-large" => TooMuch { what: TooMuch },
        "too-large" => CellTooLarge,
        "not-utf-8" => NotInEncoding { encoding: &'static str },
        "not-utf-8" => NoText,
        "unknown-format" => NoListFormat { format: OtherFormat, endings: Vec<&'static str> },
        // It can be read but for this.
        "hidden-sheet" => HiddenSheets { names: Vec<String>, has_more: bool },
        "hidden-column" => HiddenColumns { names: Vec<String>, has_more: bool },
        "no-value" => FormulasWithoutValue { names: Vec<String>, has_more: bool },
        "struck-text" => StruckText { texts: Vec<String>, has_more: bool },
        "legacy-font" => LegacyFonts { fonts: Vec<String>, is_workbook: bool },
        "too-many-columns" => CellsBeyond { cells: usize, last_column: usize },
        "deceptive-text" => DeceptiveCells { cells: Vec<CellName>, more: usize },
        // What it says of itself.
        "no-plan" => NoPlan { tables: Vec<SeenTable> },
        "no-number" => NoNumber { left_open: Option<String>, name: String },
        "no-date-of-issue" => NoDateOfIssue { left_open: Option<String>, start: Date },
        "other-school-year" => OtherSchoolYear { document: i16, configuration: (i16, i16) },
        "other-school-year" => TableOfOtherYear { table: TableName, written: i16, year: i16 },
        "unknown-heading" => HeadingNowhere { heading: String },
        "unread-column" => UnreadColumn { column: UnreadColumn },
    }
}

mistakes! {
    /// What is doubtful about a row of a plan's table.
    pub(crate) enum RowMistake {
        "no-remedy" => NoRemedy,
        "no-criterion" => NoCriterion { why: CriterionDoubt, task: String },
        "hidden-row" => HiddenRow,
        "unknown-status" => NoStatus,
        "unknown-lead" => NobodyKnown,
        "unknown-name" => UnknownNames { names: Vec<String> },
        "unresolved-time" => NoTime,
        "unresolved-time" => TimeOpen { reason: Unresolved },
    }
}

/// What is doubtful about a row that is a task, and the lines of the configuration that settle it.
#[derive(Clone, Debug)]
pub(crate) struct SettledDoubt {
    pub(crate) doubt: RowDoubt,
    /// The task's name.
    pub(crate) task: String,
    pub(crate) lines: SettlingLines,
}

/// What is doubtful about a row.
#[derive(Clone, Debug)]
pub(crate) enum RowDoubt {
    /// About its time, which is read all the same.
    Time(Doubt),
    /// About anything else of it.
    Row(RowMistake),
}

/// The lines of the configuration that settle a doubt.
#[derive(Clone, Debug)]
pub(crate) enum SettlingLines {
    /// Nothing in the configuration does.
    None,
    /// These, which settle all that is doubtful about the task.
    Here(Vec<String>),
    /// This one, which stands with an earlier doubt about the task.
    Above(String),
}

impl Mistake for RowDoubt {
    fn code(&self) -> &'static str {
        match self {
            Self::Time(doubt) => Mistake::code(doubt),
            Self::Row(mistake) => mistake.code(),
        }
    }
}

impl Mistake for SettledDoubt {
    fn code(&self) -> &'static str {
        self.doubt.code()
    }
}

/// What a file holds that is called otherwise.
#[derive(Clone, Copy, Debug)]
pub(crate) enum FileContent {
    Pdf,
    OldOffice,
    RichText,
    Nothing,
    SomethingElse,
    LibreOffice,
    Workbook,
    WordDocument,
    BinaryWorkbook,
}

impl FileContent {
    /// Whether it may be a file with a password.
    pub(crate) fn may_have_password(self) -> bool {
        match self {
            Self::Pdf | Self::OldOffice | Self::RichText | Self::Nothing | Self::SomethingElse => true,
            Self::LibreOffice | Self::Workbook | Self::WordDocument | Self::BinaryWorkbook => false,
        }
    }
}

/// What a document has too much of.
#[derive(Clone, Copy, Debug)]
pub(crate) enum TooMuch {
    Rows(usize),
    Cells(usize),
    /// In MiB.
    Text(usize),
    Paragraphs(usize),
    Styles(usize),
    Formats(usize),
}

/// A row of a table, as a person counts.
#[derive(Clone, Debug)]
pub(crate) struct CellName {
    pub(crate) table: TableName,
    pub(crate) row: usize,
}

/// A table in which a plan was looked for, with some of its headings.
#[derive(Clone, Debug)]
pub(crate) struct SeenTable {
    pub(crate) name: TableName,
    pub(crate) headings: Vec<String>,
    /// What none of them says.
    pub(crate) missing: Vec<MissingColumn>,
}

/// What every plan's table says.
#[derive(Clone, Copy, Debug)]
pub(crate) enum MissingColumn {
    What,
    Who,
    When,
}

/// A column that is not read.
#[derive(Clone, Debug)]
pub(crate) enum UnreadColumn {
    /// By its place from 1: it has no heading.
    Nameless(usize),
    /// By its heading, and the part of that which is its own.
    Named { heading: String, own: String },
}

/// Why it is not clear to which criterion a row belongs.
#[derive(Clone, Debug)]
pub(crate) enum CriterionDoubt {
    /// Excel has made a date of it.
    Date {
        written: String,
    },
    /// Excel holds it for a date, and it may be one.
    PerhapsDate {
        written: String,
    },
    WithoutStandard {
        written: String,
    },
    Several {
        written: String,
    },
    Unclear {
        written: String,
    },
    None,
}
