//! Mistakes in files that a person wrote, told as a compiler tells them: the place, the mistake, and what to write
//! instead.
//!
//! Readers of the configuration, the plan, the holidays and the templates collect [`Diagnostic`]s instead of
//! stopping at the first mistake, so that one run of `check` names them all (design, commands). This folder
//! knows nothing of what is read; it only knows files and places in them. What is wrong is a value of the room that reads
//! ([`Mistake`]), for which the catalogue of each language has the words.

mod file_mistake;
mod mistake;
mod redaction;
mod render;

pub(crate) use file_mistake::{FileMistake, IoReason};
pub use mistake::Mistake;
pub(crate) use mistake::mistakes;

pub(crate) use redaction::may_tell_secret;
pub(crate) use render::RenderText;
pub use render::{brief, json_line, text};

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE};

use crate::language::{Explanation, Language};

/// The severity of a mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The program cannot work with it: `run` does not start, a reload keeps what it had.
    Error,
    /// The program can work with it, but probably not as expected.
    Warning,
}

impl Severity {
    /// The word of `check`'s output, text and JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// A file as it was read, kept so that a mistake can be shown in its line.
#[derive(Debug)]
pub struct Source {
    path: PathBuf,
    text: String,
    /// Where each line begins, once somebody has asked: thousands of mistakes may be told of one file.
    lines: OnceLock<Vec<usize>>,
}

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path && self.text == other.text
    }
}

impl Eq for Source {}

impl Source {
    /// The file at `path`, holding `text`.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self { path: path.into(), text: text.into(), lines: OnceLock::new() })
    }

    /// The file at `path`, holding text in UTF-8, or in UTF-16 with its mark as old editors save it. The mark is left out.
    ///
    /// # Errors
    /// For bytes that are neither, with the line of the first of them.
    pub(crate) fn utf8(path: &Path, bytes: Vec<u8>) -> Result<Arc<Self>, FileMistake> {
        let (encoding, mark) = match bytes.as_slice() {
            [0xFF, 0xFE, ..] => (UTF_16LE, 2),
            [0xFE, 0xFF, ..] => (UTF_16BE, 2),
            [0xEF, 0xBB, 0xBF, ..] => (UTF_8, 3),
            _ => (UTF_8, 0),
        };
        if mark > 0 {
            let text = encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..]);
            return text
                .map(|text| Self::new(path, text))
                .ok_or_else(|| FileMistake::NotAsMarked { path: path.to_owned(), encoding: encoding.name() });
        }
        String::from_utf8(bytes).map(|text| Self::new(path, text)).map_err(|error| {
            let good = String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()]);
            FileMistake::NotUtf8 { path: path.to_owned(), line: good.matches('\n').count() + 1 }
        })
    }

    /// The path, as the reader was given it.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The whole text of the file.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The line that a byte stands on, from 1, and the byte at which that begins.
    #[must_use]
    pub fn line_at(&self, byte: usize) -> (usize, usize) {
        let starts = self.lines.get_or_init(|| {
            let newlines = memchr::memchr_iter(b'\n', self.text.as_bytes()).map(|newline| newline + 1);
            std::iter::once(0).chain(newlines).collect()
        });
        // The first line begins at 0, so there is one at or before every byte.
        let line = starts.partition_point(|start| *start <= byte);
        (line, starts[line - 1])
    }
}

/// What a person calls a table of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum TableName {
    /// It is all that its file has.
    #[default]
    Only,
    /// By its number among the tables of the document, from 1.
    Numbered(usize),
    /// The sheet of a workbook that is called so.
    Sheet(String),
}

/// The place of a mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Bytes of a text file.
    Span(Arc<Source>, Range<usize>),
    /// A cell of a table in a document.
    Cell {
        /// The document.
        path: PathBuf,
        /// The table.
        table: TableName,
        /// The row, from 1.
        row: usize,
        /// The column from 1, and its heading; `None` where the table has no such column.
        column: Option<(usize, String)>,
        /// The text of the cell.
        text: String,
        /// The task in that row, where it is one.
        task: Option<String>,
    },
    /// A file as a whole: it is missing, unreadable or not text.
    File(PathBuf),
}

impl Place {
    /// The file that the mistake is in.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Self::Span(source, _) => source.path(),
            Self::Cell { path, .. } | Self::File(path) => path,
        }
    }

    /// Line and column, both from 1, the column in characters, or row and column of a table; `None` for a file as a whole.
    #[must_use]
    pub fn line_column(&self) -> Option<(usize, usize)> {
        let (source, span) = match self {
            Self::Span(source, span) => (source, span),
            Self::Cell { row, column, .. } => return Some((*row, column.as_ref().map_or(1, |(column, _)| *column))),
            Self::File(_) => return None,
        };
        let (line, line_start) = source.line_at(span.start);
        Some((line, source.text.get(line_start..span.start)?.chars().count() + 1))
    }
}

/// One mistake, or one doubt.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// Error or warning.
    pub severity: Severity,
    /// The place.
    pub place: Place,
    /// What is wrong.
    pub mistake: Arc<dyn Mistake>,
}

impl Diagnostic {
    /// A stable word for the kind of mistake, for programs that read the JSON.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.mistake.code()
    }

    /// What is wrong and what to do, in a language.
    #[must_use]
    pub fn explained_in(&self, language: Language) -> Explanation {
        self.mistake.explained_in(language)
    }
}

/// The diagnostics of one run, in the order in which they were found.
#[derive(Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Adds a finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// Adds an error.
    pub fn error(&mut self, place: Place, mistake: impl Mistake + 'static) {
        self.push(Diagnostic { severity: Severity::Error, place, mistake: Arc::new(mistake) });
    }

    /// Adds a warning.
    pub fn warning(&mut self, place: Place, mistake: impl Mistake + 'static) {
        self.push(Diagnostic { severity: Severity::Warning, place, mistake: Arc::new(mistake) });
    }

    /// Adds everything that another collection holds.
    pub fn append(&mut self, other: Self) {
        self.list.extend(other.list);
    }

    /// Whether there is any error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|found| found.severity == Severity::Error)
    }

    /// All findings, by file in the order the files were read, and by place within a file.
    #[must_use]
    pub fn into_sorted(self) -> Vec<Diagnostic> {
        let mut files: Vec<PathBuf> = Vec::new();
        for found in &self.list {
            if !files.iter().any(|file| file == found.place.path()) {
                files.push(found.place.path().to_owned());
            }
        }
        let mut list = self.list;
        list.sort_by_key(|found| {
            let file = files.iter().position(|file| file == found.place.path());
            let start = match &found.place {
                Place::Span(_, span) => span.start,
                // These come in the document's order already.
                Place::Cell { .. } | Place::File(_) => 0,
            };
            (file, start)
        });
        list
    }

    /// All findings in the order in which they were found.
    #[must_use]
    pub fn as_slice(&self) -> &[Diagnostic] {
        &self.list
    }
}
