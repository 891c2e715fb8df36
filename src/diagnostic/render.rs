//! Diagnostics as a person reads them in a terminal, and as a program reads them.

use std::fmt::Write;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use serde::Serialize;

use crate::language::{Explanation, Language, Said};

use super::redaction::{ShownLines, without_secrets};
use super::{Diagnostic, Place, Severity, TableName};

/// The name that a file must end with to be looked through for secrets.
const SETTINGS: &str = "toml";

/// What stands around the message and the help of a diagnostic.
#[derive(Clone, Copy, Debug)]
pub(crate) enum RenderText<'d> {
    /// The word before a mistake, or a doubt.
    Severity(Severity),
    /// The word before where it is.
    Place,
    /// The word before what to do.
    Help,
    /// A cell of a document.
    Cell {
        table: &'d TableName,
        row: usize,
        /// The heading of its column.
        heading: Option<&'d str>,
        /// What the cell says, where that is shown.
        text: Option<&'d str>,
    },
}

/// The diagnostics as a compiler would print them: message, place, the line with the place marked, help. With ANSI
/// colours, which the printer takes out where the output is no terminal. The values of secret-like keys are left out.
#[must_use]
pub fn text(diagnostics: &[Diagnostic], language: Language) -> String {
    let renderer = Renderer::styled();
    diagnostics.iter().map(|diagnostic| renderer.render(&report(diagnostic, language)) + "\n\n").collect()
}

fn report(diagnostic: &Diagnostic, language: Language) -> Vec<Group<'_>> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let level = level.with_name(RenderText::Severity(diagnostic.severity).said_in(language));
    let Explanation { message, help } = diagnostic.explained_in(language);
    let title = level.primary_title(message).id(diagnostic.code());
    let mut group = match &diagnostic.place {
        Place::Span(source, span) => {
            // Only the lines concerned: the renderer reads all that it is given, for every mark.
            let (line, start) = source.line_at(span.start);
            let text = source.text();
            let end = text[span.end.min(text.len())..].find('\n').map_or(text.len(), |newline| span.end + newline);
            let shown = &text[start..end];
            let mark = (span.start - start)..(span.end - start).min(shown.len());
            let is_settings = source.path().extension().is_some_and(|extension| extension == SETTINGS);
            let ShownLines { text: shown, mark } = match (is_settings, diagnostic.code()) {
                // Nobody knows which key a line belongs to that has none.
                (true, "syntax") if !shown.contains(['=', '[']) => ShownLines { text: "…".to_owned(), mark: 0..0 },
                (true, _) => without_secrets(shown, mark),
                (false, _) => ShownLines { text: shown.to_owned(), mark },
            };
            let mark = AnnotationKind::Primary.span(mark);
            let path = source.path().to_string_lossy();
            title.element(Snippet::source(shown).line_start(line).path(path).annotation(mark))
        }
        Place::Cell { path, table, row, column, text, .. } => {
            let heading = column.as_ref().map(|(_, heading)| heading.as_str());
            let place = RenderText::Cell { table, row: *row, heading, text: Some(text) }.said_in(language);
            let level = Level::NOTE.with_name(RenderText::Place.said_in(language));
            title.element(Origin::path(path.to_string_lossy())).element(level.message(place))
        }
        Place::File(path) => title.element(Origin::path(path.to_string_lossy())),
    };
    if let Some(help) = help {
        let level = Level::HELP.with_name(RenderText::Help.said_in(language));
        group = group.element(level.message(help));
    }
    vec![group]
}

/// The diagnostics for a log or a mail, which others keep: severity, code, place, key, message and help of each, and
/// nothing of the lines themselves, where a password may stand by mistake.
#[must_use]
pub fn brief(diagnostics: &[Diagnostic], language: Language) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics {
        let Diagnostic { severity, place, .. } = diagnostic;
        let (code, Explanation { message, help }) = (diagnostic.code(), diagnostic.explained_in(language));
        let at = match (place, place.line_column()) {
            (Place::Cell { table, row, column, .. }, _) => {
                let heading = column.as_ref().map(|(_, heading)| heading.as_str());
                format!(": {}", RenderText::Cell { table, row: *row, heading, text: None }.said_in(language))
            }
            (_, Some((line, column))) => format!(":{line}:{column}"),
            (_, None) => String::new(),
        };
        let key = key(place).map(|key| format!(" `{key}`:")).unwrap_or_default();
        let (severity, path) = (RenderText::Severity(*severity).said_in(language), place.path().display());
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{severity}[{code}] {path}{at}:{key} {message}");
        if let Some(help) = help {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "  {help}");
        }
    }
    text
}

/// The key whose value a mistake is in.
fn key(place: &Place) -> Option<&str> {
    let Place::Span(source, span) = place else { return None };
    let (_, start) = source.line_at(span.start);
    let (key, _) = source.text().get(start..span.start)?.split_once('=')?;
    let key = key.trim();
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || "_-.".contains(letter);
    (!key.is_empty() && key.chars().all(is_name)).then_some(key)
}

/// One diagnostic as a line of JSON (design, commands), which is English in every language; unknown fields are absent.
#[must_use]
pub fn json_line(diagnostic: &Diagnostic) -> String {
    let Explanation { message, help } = diagnostic.explained_in(Language::English);
    let place = diagnostic.place.line_column();
    let cell = match &diagnostic.place {
        Place::Cell { table, column, text, .. } => Some((table, column, text)),
        _ => None,
    };
    let line = JsonDiagnostic {
        table: cell.map(|(table, _, _)| table.said_in(Language::English)),
        heading: cell.and_then(|(_, column, _)| column.as_ref()).map(|(_, heading)| heading.as_str()),
        text: cell.map(|(_, _, text)| text.as_str()),
        severity: diagnostic.severity.as_str(),
        file: diagnostic.place.path().to_string_lossy().into_owned(),
        line: place.map(|(line, _)| line),
        column: place.map(|(_, column)| column),
        code: diagnostic.code(),
        message,
        help,
    };
    // Texts and numbers can always be written as JSON.
    serde_json::to_string(&line).unwrap_or_default()
}

#[derive(Serialize)]
struct JsonDiagnostic<'a> {
    severity: &'static str,
    file: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    table: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    heading: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    code: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
}
