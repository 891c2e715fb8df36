//! What people mistype in TOML, and what to write instead: the parser only says what it expected, often lines below the
//! place where something is missing.

use std::ops::Range;

use jiff::civil::Date;

use crate::diagnostic::may_tell_secret;

use super::{TomlMistake, key_words};

/// A mistake of syntax as a person understands it.
#[derive(Clone, Debug)]
pub(super) struct Slip {
    /// Where it is.
    pub(super) span: Range<usize>,
    pub(super) mistake: TomlMistake,
    /// The whole lines that are passed over, so that those after them are read.
    pub(super) lines: Range<usize>,
}

/// Pairs of quotes that word processors write, and the one that TOML knows.
const CURLY_QUOTES: [char; 8] = ['“', '”', '„', '‟', '«', '»', '‘', '’'];
/// A statement goes on for no more lines than this above the place where the parser stops.
const MAX_LINES_ABOVE: usize = 200;

/// The mistake behind what the parser says of a place.
pub(super) fn explain(text: &str, span: Range<usize>, parser_says: String) -> Slip {
    let lines = lines_around(text, &span);
    let line = &text[lines.clone()];
    if let Some(slip) = never_closed(text, &lines) {
        return slip;
    }
    // What help repeats of a line reaches logs and mails, which show no line of secrets.
    let own = if may_tell_secret(line) { None } else { of_line(line) };
    let is_heading = own.is_some() && line.trim_start().starts_with('[');
    let mistake = own.unwrap_or(TomlMistake::NoToml { parser_says });
    // What stands below a heading belongs to no other.
    let lines = if is_heading { lines.start..end_of_section(text, lines.end) } else { lines };
    Slip { span, mistake, lines }
}

/// Where the next heading begins, but for the end of the line before it, or the text ends.
fn end_of_section(text: &str, from: usize) -> usize {
    text[from..].find("\n[").map_or(text.len(), |end| from + end)
}

/// A bracket of a statement above that is never closed, where a new statement begins in the line at which the parser stops.
fn never_closed(text: &str, lines: &Range<usize>) -> Option<Slip> {
    if !begins_statement(&text[lines.clone()]) {
        return None;
    }
    let mut start = lines.start;
    for _ in 0..MAX_LINES_ABOVE {
        let before = text.get(..start.checked_sub(1)?)?;
        start = before.rfind('\n').map_or(0, |end| end + 1);
        let line = &text[start..before.len()];
        if line.trim().is_empty() || line.trim_start().starts_with('#') {
            continue;
        }
        if key_of(line).is_none() {
            if begins_statement(line) {
                return None;
            }
            continue;
        }
        let statement = &text[start..lines.start];
        let open = open_bracket(statement)?;
        let (opening, closing) = if statement[open..].starts_with('[') { ('[', ']') } else { ('{', '}') };
        return Some(Slip {
            span: start + open..start + open + 1,
            mistake: TomlMistake::NeverClosed { opening, closing },
            // Without the end of its last line.
            lines: start..lines.start - 1,
        });
    }
    None
}

/// Whether a line begins a statement: `key = …`, `[table]`, `[[list]]`.
fn begins_statement(line: &str) -> bool {
    key_of(line).is_some() || heading_of(line).is_some()
}

/// The name in a heading, `[person]` or `[[person]]`.
pub(super) fn heading_of(line: &str) -> Option<&str> {
    let line = line.split('#').next().unwrap_or_default().trim();
    let name = line.strip_prefix('[')?.strip_suffix(']')?;
    let name = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
    let is_name = !name.is_empty() && name.chars().all(|letter| letter.is_alphanumeric() || "_-.\"' ".contains(letter));
    is_name.then_some(name)
}

/// The key of a line `key = value`, of letters of any language.
fn key_of(line: &str) -> Option<&str> {
    let (key, _) = line.split_once('=')?;
    let key = key.trim();
    let is_quoted = key.len() > 1 && key.starts_with('"') && key.ends_with('"') && !key[1..key.len() - 1].contains('"');
    let is_bare = !key.is_empty() && key.chars().all(|letter| letter.is_alphanumeric() || "_-. ".contains(letter));
    (is_quoted || is_bare).then_some(key)
}

/// The first bracket of a statement that nothing closes; brackets in quotes and comments are none.
fn open_bracket(statement: &str) -> Option<usize> {
    let mut open = Vec::new();
    let mut quote = None;
    let mut in_comment = false;
    let mut is_escaped = false;
    for (place, sign) in statement.char_indices() {
        match (quote, sign) {
            // A quote never goes on in the next line, but in three.
            (_, '\n') => (quote, in_comment) = (None, false),
            _ if in_comment => {}
            _ if is_escaped => is_escaped = false,
            (Some('"'), '\\') => is_escaped = true,
            (Some(opened), sign) if sign == opened => quote = None,
            (None, '"' | '\'') => quote = Some(sign),
            (None, '#') => in_comment = true,
            (None, '[' | '{') => open.push(place),
            (None, ']' | '}') => {
                open.pop();
            }
            _ => {}
        }
    }
    open.first().copied()
}

/// What is wrong in a line by itself.
fn of_line(line: &str) -> Option<TomlMistake> {
    let trimmed = line.trim();
    if trimmed.contains(CURLY_QUOTES) {
        return Some(TomlMistake::CurlyQuotes { straight: trimmed.replace(CURLY_QUOTES, "\"") });
    }
    let heading = trimmed.trim_matches(['[', ']']);
    if trimmed.starts_with('[') && !trimmed.contains('=') && heading_of(&format!("[{heading}]")).is_some() {
        let double = if trimmed.starts_with("[[") || trimmed.ends_with("]]") { ("[[", "]]") } else { ("[", "]") };
        return Some(TomlMistake::HeadingWithoutBracket { heading: format!("{}{heading}{}", double.0, double.1) });
    }
    let Some((key, value)) = trimmed.split_once('=').map(|(key, value)| (key.trim(), value.trim())) else {
        let (key, _) = trimmed.split_once(':')?;
        let is_key = !key.is_empty() && key.chars().all(|letter| letter.is_alphanumeric() || "_- ".contains(letter));
        // Nobody knows which key a line belongs to that has none: nothing of it is repeated.
        return is_key.then(|| TomlMistake::Colon { key: key_words::english(key) });
    };
    if !key.is_ascii() && !key.starts_with('"') {
        let english = key_words::english(key);
        return Some(TomlMistake::NoKey { key: key.to_owned(), english, value: value.to_owned() });
    }
    of_value(value)
}

/// What is wrong in a value by itself.
fn of_value(value: &str) -> Option<TomlMistake> {
    let bare = value.split('#').next().unwrap_or_default().trim();
    if let Some(date) = local_date(bare) {
        return Some(TomlMistake::LocalDate { written: bare.to_owned(), date });
    }
    if let Some(mistake) = impossible_date(bare) {
        return Some(mistake);
    }
    let quotes = value.matches('"').count() - value.matches("\\\"").count();
    if value.contains('\\') && quotes > 1 {
        return Some(TomlMistake::Backslash { mended: value.replace('\\', "/") });
    }
    if quotes % 2 == 1 {
        let mended = match (value.starts_with('"'), value.ends_with('"')) {
            (true, false) if !value.contains('[') => Some(format!("{value}\"")),
            (false, true) if !value.contains('[') => Some(format!("\"{value}")),
            _ => None,
        };
        return Some(TomlMistake::QuoteMissing { mended });
    }
    let is_words = quotes == 0 && bare.chars().next().is_some_and(char::is_alphabetic) && !bare.contains(['[', '{']);
    is_words.then(|| TomlMistake::TextWithoutQuotes { text: bare.to_owned() })
}

/// A date as people write it, day first: "05/09/2026".
pub(super) fn local_date(written: &str) -> Option<Date> {
    let parts: Vec<&str> = written.split(['/', '.', '-']).collect();
    let [day, month, year] = parts.as_slice() else { return None };
    if year.len() != 4 {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// A date that the calendar does not have: "2026-02-31", "31/02/2026".
fn impossible_date(written: &str) -> Option<TomlMistake> {
    let parts: Vec<&str> = written.split(['-', '/']).collect();
    let [first, month, last] = parts.as_slice() else { return None };
    let (year, day) = if first.len() == 4 { (first, last) } else { (last, first) };
    let (year, month, day): (i16, i8, i8) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    let last = Date::new(year, month, 1).ok().map(Date::days_in_month);
    match last {
        Some(days) if day > days => Some(TomlMistake::NoSuchDay { written: written.to_owned(), days }),
        None if !(1..=12).contains(&month) => Some(TomlMistake::NoSuchMonth { written: written.to_owned(), month }),
        _ => None,
    }
}

/// The whole lines that a span is in, without the last line's end.
pub(super) fn lines_around(text: &str, span: &Range<usize>) -> Range<usize> {
    let start = text.get(..span.start).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
    let last = span.end.max(span.start).min(text.len());
    let end = text.get(last..).and_then(|after| after.find('\n')).map_or(text.len(), |end| last + end);
    start..end
}
