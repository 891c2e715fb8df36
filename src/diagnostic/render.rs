//! Diagnostics as a person reads them in a terminal, and as a program reads them.

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use serde::Serialize;

use super::{Diagnostic, Place, Severity};

/// The diagnostics as a compiler would print them: message, place, the line with the place marked, help. With ANSI
/// colours, which the printer takes out where the output is no terminal.
#[must_use]
pub fn text(diagnostics: &[Diagnostic]) -> String {
    let renderer = Renderer::styled();
    diagnostics.iter().map(|diagnostic| renderer.render(&report(diagnostic)) + "\n\n").collect()
}

fn report(diagnostic: &Diagnostic) -> Vec<Group<'_>> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(diagnostic.message.as_str()).id(diagnostic.code);
    let mut group = match &diagnostic.place {
        Place::Span(source, span) => {
            // Only the lines concerned: the renderer reads all that it is given, for every mark.
            let (line, start) = source.line_at(span.start);
            let text = source.text();
            let end = text[span.end.min(text.len())..].find('\n').map_or(text.len(), |newline| span.end + newline);
            let shown = &text[start..end];
            let mark = (span.start - start)..(span.end - start).min(shown.len());
            let mark = AnnotationKind::Primary.span(mark).label(diagnostic.label.as_str());
            let path = source.path().to_string_lossy();
            title.element(Snippet::source(shown).line_start(line).path(path).annotation(mark))
        }
        Place::Cell { path, table, row, column, text, .. } => {
            let column = column.as_ref().map(|(_, heading)| format!(", cột '{heading}'")).unwrap_or_default();
            let quoted = if text.is_empty() { "(trống)".to_owned() } else { format!("\"{text}\"") };
            let place = format!("{table}, dòng {row}{column}: {quoted}");
            title.element(Origin::path(path.to_string_lossy())).element(Level::NOTE.message(place))
        }
        Place::File(path) => title.element(Origin::path(path.to_string_lossy())),
    };
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    vec![group]
}

/// One diagnostic as a line of JSON (design, commands); unknown fields are absent.
#[must_use]
pub fn json_line(diagnostic: &Diagnostic) -> String {
    let place = diagnostic.place.line_column();
    let cell = match &diagnostic.place {
        Place::Cell { table, column, text, .. } => Some((table, column, text)),
        _ => None,
    };
    let line = JsonDiagnostic {
        table: cell.map(|(table, _, _)| table.as_str()),
        heading: cell.and_then(|(_, column, _)| column.as_ref()).map(|(_, heading)| heading.as_str()),
        text: cell.map(|(_, _, text)| text.as_str()),
        severity: diagnostic.severity.as_str(),
        file: diagnostic.place.path().to_string_lossy().into_owned(),
        line: place.map(|(line, _)| line),
        column: place.map(|(_, column)| column),
        code: diagnostic.code,
        message: &diagnostic.message,
        help: diagnostic.help.as_deref(),
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
    table: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    heading: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    code: &'static str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
}
