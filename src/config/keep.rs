//! `[keep]`: how long what was sent is kept.

use jiff::civil::date;
use jiff::{Span, SpanFieldwise};

use crate::toml_file::{TomlTable, TomlValue};

use super::ConfigMistake;

/// So many days letters are needed: late answers quote them, and what is ours in an answer is told apart by them.
const MIN_DAYS: i32 = 60;

/// How long what was sent is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeepSettings {
    /// How long the text of each message is kept as it was sent; by default for good.
    pub letters: Option<SpanFieldwise>,
}

pub(super) fn read(table: TomlTable<'_>) -> KeepSettings {
    let letters = table.get("letters").and_then(|value| span(&value));
    table.close();
    KeepSettings { letters: letters.map(SpanFieldwise) }
}

/// A time as "90d", "6mo" or "2y".
fn span(value: &TomlValue<'_>) -> Option<Span> {
    let text = value.text()?;
    let is_of_days = |span: &Span| span.is_positive() && span.fieldwise() == whole_days(*span).fieldwise();
    let Some(span) = text.parse::<Span>().ok().filter(is_of_days) else {
        value.error(ConfigMistake::NoSpan { written: text.to_owned() });
        return None;
    };
    // Months and years differ in length; the shortest stretch of a year counts.
    let start = date(2025, 2, 1);
    let days = start.checked_add(span).and_then(|end| start.until(end)).map(|span| span.get_days());
    if days.is_ok_and(|days| days < MIN_DAYS) {
        value.error(ConfigMistake::KeptTooShortly { written: text.to_owned(), least: MIN_DAYS });
        return None;
    }
    Some(span)
}

/// A length of time without its hours and what is shorter.
fn whole_days(span: Span) -> Span {
    span.hours(0).minutes(0).seconds(0).milliseconds(0).microseconds(0).nanoseconds(0)
}
