//! A TOML file as text: parsed past its broken lines, with the mistakes found in it.

use std::cell::{OnceCell, RefCell};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml::Spanned;
use toml::de::DeTable;

use crate::diagnostic::{Diagnostics, Mistake, Place, Source};
use crate::files::Files;

use super::TomlMistake;
use super::mistake::NamedInLines;
use super::slips::{self, Slip};

/// The most broken lines of one file that are told before reading gives up.
const MAX_REPAIRS: usize = 100;

/// A file that is being read, with the mistakes found in it so far.
#[derive(Debug)]
pub struct TomlDocument {
    pub(super) source: Arc<Source>,
    files: Files,
    found: RefCell<Diagnostics>,
    /// Errors of other files that this one names.
    of_files: RefCell<Vec<FileError>>,
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
            of_files: RefCell::default(),
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
            if is_doubled && let Some(heading) = self.doubled_heading(&text, &span) {
                sections(&text, &heading).into_iter().skip(1).for_each(|section| blank(&mut text, section));
                continue;
            }
            if is_doubled && let Some(heading) = self.heading_of_list(&text, &span) {
                for section in sections(&text, &heading) {
                    blank(&mut text, section);
                }
                continue;
            }
            let Slip { span, mistake, lines } = if is_doubled {
                let lines = slips::lines_around(&text, &span);
                Slip { span, mistake: TomlMistake::DoubledKey { parser_says: message }, lines }
            } else {
                slips::explain(&text, span, message)
            };
            let nothing_left = text[lines.clone()].trim().is_empty();
            self.error(span, mistake);
            if nothing_left {
                break;
            }
            blank(&mut text, lines);
        }
        text
    }

    /// A heading `[person]` that is there several times, told of once; `None` where a key is doubled.
    fn doubled_heading(&self, text: &str, span: &Range<usize>) -> Option<String> {
        let line = text[slips::lines_around(text, span)].trim().to_owned();
        let name = slips::heading_of(&line).filter(|_| !line.starts_with("[["))?;
        let times = sections(text, &line).len();
        if times < 2 {
            return None;
        }
        self.error(span.clone(), TomlMistake::DoubledTable { name: name.to_owned(), times });
        Some(line)
    }

    /// A heading `[[review]]` below a list `review = [ … ]`, told of once; `None` where something else is doubled.
    fn heading_of_list(&self, text: &str, span: &Range<usize>) -> Option<String> {
        let lines = slips::lines_around(text, span);
        let heading = text[lines.clone()].trim().to_owned();
        let name = slips::heading_of(&heading).filter(|_| heading.starts_with("[["))?;
        let is_list = |line: &str| {
            line.split_once('=').is_some_and(|(key, value)| key.trim() == name && value.trim_start().starts_with('['))
        };
        if !text[..lines.start].lines().any(is_list) {
            return None;
        }
        self.error(span.clone(), TomlMistake::HeadingOfList { name: name.to_owned() });
        Some(heading)
    }

    /// Whether broken lines were passed over: a missing key may stand in one of them.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.repaired.get().is_some()
    }

    /// Notes an error.
    pub fn error(&self, span: Range<usize>, mistake: impl Mistake + 'static) {
        self.error_at(self.place(span), mistake);
    }

    /// Notes an error of a file that is named here. Where several values name it, the error is told once, at the first of
    /// them, and the lines of the others with it.
    pub fn error_of_file(&self, file: &Path, span: Range<usize>, mistake: impl Mistake + 'static) {
        let mut of_files = self.of_files.borrow_mut();
        match of_files.iter_mut().find(|known| known.file == file && known.mistake.code() == mistake.code()) {
            Some(known) => known.spans.push(span),
            None => of_files.push(FileError { file: file.to_owned(), spans: vec![span], mistake: Arc::new(mistake) }),
        }
    }

    /// Notes a warning.
    pub fn warning(&self, span: Range<usize>, mistake: impl Mistake + 'static) {
        self.warning_at(self.place(span), mistake);
    }

    /// Notes an error at a place of this file or of one that it names.
    pub fn error_at(&self, place: Place, mistake: impl Mistake + 'static) {
        self.found.borrow_mut().error(place, mistake);
    }

    /// Notes a warning at a place of this file or of one that it names.
    pub fn warning_at(&self, place: Place, mistake: impl Mistake + 'static) {
        self.found.borrow_mut().warning(place, mistake);
    }

    /// A place in this file.
    #[must_use]
    pub fn place(&self, span: Range<usize>) -> Place {
        Place::Span(Arc::clone(&self.source), span)
    }

    /// Notes what was found in a file that this one names.
    pub fn append(&self, found: Diagnostics) {
        self.found.borrow_mut().append(found);
    }

    /// The line, from 1, that a byte is in.
    #[must_use]
    pub fn line(&self, byte: usize) -> usize {
        self.source.text().get(..byte).map_or(0, |before| before.matches('\n').count()) + 1
    }

    /// Moves the mistakes found so far into `diagnostics`.
    pub fn finish(self, diagnostics: &mut Diagnostics) {
        for FileError { mut spans, mistake, .. } in self.of_files.take() {
            spans.sort_by_key(|span| span.start);
            let Some((first, others)) = spans.split_first() else { continue };
            let lines = others.iter().map(|span| self.line(span.start)).collect();
            self.error(first.clone(), NamedInLines { mistake, lines });
        }
        diagnostics.append(self.found.into_inner());
    }
}

/// An error of a file, and where that is named.
#[derive(Debug)]
struct FileError {
    file: PathBuf,
    spans: Vec<Range<usize>>,
    mistake: Arc<dyn Mistake>,
}

/// Writes blanks over lines, as many as they have bytes, so that what follows keeps its place.
fn blank(text: &mut String, lines: Range<usize>) {
    let blanked: String = text[lines.clone()].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect();
    text.replace_range(lines, &blanked);
}

/// The places of a heading's lines with all that stands below each, to the next heading.
fn sections(text: &str, heading: &str) -> Vec<Range<usize>> {
    let mut sections: Vec<Range<usize>> = Vec::new();
    let mut place = 0;
    let mut is_within = false;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        if trimmed.starts_with('[') && slips::heading_of(trimmed).is_some() {
            is_within = trimmed == heading;
            if is_within {
                sections.push(place..place);
            }
        }
        place += line.len();
        if let Some(section) = sections.last_mut().filter(|_| is_within) {
            section.end = place;
        }
    }
    sections
}
