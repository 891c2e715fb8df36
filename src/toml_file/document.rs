//! A TOML file as text: parsed past its broken lines, with the mistakes found in it.

use std::cell::{OnceCell, RefCell};
use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::DeTable;

use crate::diagnostic::{Diagnostic, Diagnostics, Place, Severity, Source};
use crate::files::Files;

/// The most broken lines of one file that are told before reading gives up.
const MAX_REPAIRS: usize = 100;

/// A file that is being read, with the mistakes found in it so far.
#[derive(Debug)]
pub struct TomlDocument {
    pub(super) source: Arc<Source>,
    files: Files,
    found: RefCell<Diagnostics>,
    /// The text with its broken lines blanked, where it has any.
    repaired: OnceCell<String>,
    /// The text without the later [`DocumentParts`](super::DocumentParts), where there are any.
    pub(super) shortened: OnceCell<String>,
}

impl TomlDocument {
    /// A document of this file. What it names is read from the file system.
    #[must_use]
    pub fn new(source: &Arc<Source>) -> Self {
        Self::among(&Files::Disk, source)
    }

    /// A document of this file, and the files that it may name.
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
        for _ in 0..MAX_REPAIRS {
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

    /// Whether broken lines were passed over: a missing key may stand in one of them.
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

    /// Moves the mistakes found so far into `diagnostics`.
    pub fn finish(self, diagnostics: &mut Diagnostics) {
        diagnostics.append(self.found.into_inner());
    }
}

/// The whole lines that a span is in, without the last line's end.
fn lines_around(text: &str, span: &Range<usize>) -> Range<usize> {
    let start = text.get(..span.start).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
    let last = span.end.max(span.start).min(text.len());
    let end = text.get(last..).and_then(|after| after.find('\n')).map_or(text.len(), |end| last + end);
    start..end
}
