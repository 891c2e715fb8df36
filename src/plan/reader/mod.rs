//! Plans as schools write them: a file a format, one line each in `FORMATS`.
//!
//! Formats made of tables (Word, Excel, CSV) turn their bytes into a `table::Document`, cells with what they show;
//! what follows is the same for all: `headings` says what the columns hold, `bands` what rows belong to, `rows` makes
//! tasks of rows with the help of `who`, `when`, `criterion` and `status`, `letterhead` reads what stands above.

mod bands;
mod beside;
mod container;
mod context;
mod criterion;
mod csv;
mod document;
mod docx;
mod headings;
mod legacy_font;
mod letterhead;
pub(crate) mod mistake;
mod names;
mod rows;
mod sheets;
mod status;
mod table;
mod toml;
mod upright;
mod when;
mod who;
mod xlsx;

use std::path::Path;

use crate::diagnostic::{Diagnostics, Mistake, Place};

use super::{Plan, PlanMistake};

pub use context::{DocumentSettings, PlanFile, ReadContext, Strangers};
pub use headings::{Field, FoundHeadings};
pub use letterhead::Letterhead;
pub use sheets::{Sheet, SheetCell, SheetRow, sheets};

/// Reads a plan from its file; mistakes are noted.
type ReadFormat = fn(PlanFile<'_>, ReadContext<'_>, &mut Diagnostics) -> Option<Plan>;
/// Reads a document from its bytes.
type ReadTables = fn(&[u8]) -> mistake::Result<table::Document>;

/// Finds the headings of a table, as far as somebody knows them.
type FindHeadings<'f> = dyn Fn(table::Table) -> Option<FoundHeadings> + 'f;
/// Reads a document from text in which a sign divides cells: the one by which headings are found.
type ReadText = fn(&[u8], &FindHeadings<'_>) -> mistake::Result<table::Document>;

/// What a format's reader makes of a file.
enum FormatReader {
    /// A plan.
    Plan(ReadFormat),
    /// A document of tables, in which a plan is looked for.
    Document(DocumentReader),
}

/// How a document of tables is read.
#[derive(Clone, Copy)]
enum DocumentReader {
    /// Its format says what its tables are.
    Tables(ReadTables),
    /// The same, of sheets: a list of people may stand in it as well.
    Sheets(ReadTables),
    /// The same, where the headings say what its cells are.
    Text(ReadText),
}

impl DocumentReader {
    fn read(self, bytes: &[u8], find_headings: &FindHeadings<'_>) -> mistake::Result<table::Document> {
        match self {
            Self::Tables(read) | Self::Sheets(read) => read(bytes),
            Self::Text(read) => read(bytes, find_headings),
        }
    }

    fn has_sheets(self) -> bool {
        matches!(self, Self::Sheets(_) | Self::Text(_))
    }
}

/// Each format by the ending of its files.
const FORMATS: &[(&str, FormatReader)] = &[
    ("toml", FormatReader::Plan(toml::read)),
    ("docx", FormatReader::Document(DocumentReader::Tables(docx::read))),
    ("xlsx", FormatReader::Document(DocumentReader::Sheets(xlsx::read))),
    ("csv", FormatReader::Document(DocumentReader::Text(csv::read))),
];

/// The format of a file by its ending, which is returned in small letters.
fn format(path: &Path) -> (String, Option<&'static FormatReader>) {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    let found = FORMATS.iter().find(|(known, _)| *known == ending);
    (ending, found.map(|(_, reader)| reader))
}

/// The endings of some formats.
fn endings(of: fn(&FormatReader) -> bool) -> Vec<&'static str> {
    FORMATS.iter().filter(|(_, reader)| of(reader)).map(|(ending, _)| *ending).collect()
}

/// What stands above the plan of a document of tables. Nothing where it cannot be read: reading the plan tells why.
#[must_use]
pub fn letterhead(path: &Path, bytes: &[u8]) -> Letterhead {
    match format(path).1 {
        Some(FormatReader::Document(reader)) => document::head(*reader, bytes).unwrap_or_default(),
        Some(FormatReader::Plan(_)) | None => Letterhead::default(),
    }
}

/// The school year that a plan's title names, by the year in which it begins: "năm học 2023 - 2024".
#[must_use]
pub fn school_year_of(title: &str) -> Option<i16> {
    letterhead::school_year(title)
}

/// The reader for a file, by its ending.
///
/// # Errors
/// When there is none for it.
pub fn reader(
    file: &Path,
) -> Result<impl FnOnce(PlanFile<'_>, ReadContext<'_>, &mut Diagnostics) -> Option<Plan>, impl Mistake + 'static> {
    let (ending, found) = format(file);
    let Some(found) = found else {
        let (path, format) = (file.display().to_string(), container::other_format(&ending));
        return Err(PlanMistake::NoFormat { path, format, endings: endings(|_| true) });
    };
    Ok(|file: PlanFile<'_>, context: ReadContext<'_>, diagnostics: &mut Diagnostics| {
        let path = file.path;
        let plan = match found {
            FormatReader::Plan(read) => read(file, context, diagnostics),
            FormatReader::Document(reader) => document::read(*reader, file, context, diagnostics),
        }?;
        if plan.tasks.is_empty() && !diagnostics.has_errors() {
            diagnostics.error(Place::File(path.to_owned()), PlanMistake::EmptyPlan);
        }
        Some(plan)
    })
}
