//! What people mistype in TOML, and what to write instead: the parser only says what it expected, often lines below the
//! place where something is missing.

use std::ops::Range;

use jiff::civil::Date;

use crate::diagnostic::may_tell_secret;

use super::key_words;

/// A mistake of syntax as a person understands it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Slip {
    /// What is wrong.
    pub(super) span: Range<usize>,
    /// A lower-case fragment.
    pub(super) message: String,
    pub(super) help: Option<String>,
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
    let (message, help) = own.unwrap_or((parser_says, None));
    // What stands below a heading belongs to no other.
    let lines = if is_heading { lines.start..end_of_section(text, lines.end) } else { lines };
    Slip { span, message, help, lines }
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
        let (sign, closing) = if statement[open..].starts_with('[') { ('[', ']') } else { ('{', '}') };
        return Some(Slip {
            span: start + open..start + open + 1,
            message: format!("the `{sign}` that opens here is never closed"),
            help: Some(format!("write `{closing}` at its end")),
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
fn of_line(line: &str) -> Option<(String, Option<String>)> {
    let trimmed = line.trim();
    if trimmed.contains(CURLY_QUOTES) {
        let straight = trimmed.replace(CURLY_QUOTES, "\"");
        return Some(("curly quotes are no quotes here".to_owned(), Some(format!("write straight ones: {straight}"))));
    }
    let heading = trimmed.trim_matches(['[', ']']);
    if trimmed.starts_with('[') && !trimmed.contains('=') && heading_of(&format!("[{heading}]")).is_some() {
        let double = if trimmed.starts_with("[[") || trimmed.ends_with("]]") { ("[[", "]]") } else { ("[", "]") };
        let help = format!("write {}{heading}{}", double.0, double.1);
        return Some(("a bracket of this heading is missing".to_owned(), Some(help)));
    }
    let Some((key, value)) = trimmed.split_once('=').map(|(key, value)| (key.trim(), value.trim())) else {
        let (key, _) = trimmed.split_once(':')?;
        let is_key = !key.is_empty() && key.chars().all(|letter| letter.is_alphanumeric() || "_- ".contains(letter));
        return is_key.then(|| {
            // Nobody knows which key a line belongs to that has none: nothing of it is repeated.
            let help = format!("write {} = …", key_words::english(key).unwrap_or("key"));
            ("a key and its value stand on both sides of `=`, not of `:`".to_owned(), Some(help))
        });
    };
    if !key.is_ascii() && !key.starts_with('"') {
        let help = match key_words::english(key) {
            Some(english) => format!("write {english} = {value}"),
            None => "write the key as the documents have it, in English; names of your own go into quotes".to_owned(),
        };
        return Some((format!("`{key}` is no key: keys are words without diacritics"), Some(help)));
    }
    of_value(value)
}

/// What is wrong in a value by itself.
fn of_value(value: &str) -> Option<(String, Option<String>)> {
    let bare = value.split('#').next().unwrap_or_default().trim();
    if let Some(date) = local_date(bare) {
        return Some((format!("`{bare}` is no date as it is written here"), Some(format!("write {date}"))));
    }
    if let Some(message) = impossible_date(bare) {
        return Some((message, Some("write a day that there is".to_owned())));
    }
    let quotes = value.matches('"').count() - value.matches("\\\"").count();
    if value.contains('\\') && quotes > 1 {
        let help = format!("write {}, or put it into single quotes", value.replace('\\', "/"));
        return Some(("a `\\` between double quotes begins a sign of its own".to_owned(), Some(help)));
    }
    if quotes % 2 == 1 {
        let help = match (value.starts_with('"'), value.ends_with('"')) {
            (true, false) if !value.contains('[') => format!("write {value}\""),
            (false, true) if !value.contains('[') => format!("write \"{value}"),
            _ => "write one at each end of every text".to_owned(),
        };
        return Some(("a quote is missing".to_owned(), Some(help)));
    }
    let is_words = quotes == 0 && bare.chars().next().is_some_and(char::is_alphabetic) && !bare.contains(['[', '{']);
    is_words.then(|| ("a text stands in quotes".to_owned(), Some(format!("write \"{bare}\""))))
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
fn impossible_date(written: &str) -> Option<String> {
    let parts: Vec<&str> = written.split(['-', '/']).collect();
    let [first, month, last] = parts.as_slice() else { return None };
    let (year, day) = if first.len() == 4 { (first, last) } else { (last, first) };
    let (year, month, day): (i16, i8, i8) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    let last = Date::new(year, month, 1).ok().map(Date::days_in_month);
    match last {
        Some(last) if day > last => Some(format!("`{written}` is not in the calendar: that month has {last} days")),
        None if !(1..=12).contains(&month) => {
            Some(format!("`{written}` is not in the calendar: there is no month {month}"))
        }
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
