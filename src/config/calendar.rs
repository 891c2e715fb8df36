//! `[calendar]`: the weekdays worked, and the holiday file.

use std::path::PathBuf;

use jiff::civil::Weekday;

use crate::text;

use crate::toml_file::{TomlTable, TomlValue};

use super::ConfigMistake;

/// The short names of weekdays.
const WEEKDAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];

/// The weekdays worked, and the name of the holiday file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// The weekdays worked.
    pub workdays: Vec<Weekday>,
    /// The holiday file as it is named; `None` where none is.
    pub holidays: Option<PathBuf>,
}

impl Default for Calendar {
    /// Monday to Friday, no days off.
    fn default() -> Self {
        Self { workdays: WEEKDAYS[..5].iter().map(|(_, weekday)| *weekday).collect(), holidays: None }
    }
}

/// The weekday that a value names.
pub(super) fn weekday(value: &TomlValue<'_>) -> Option<Weekday> {
    let written = value.text()?;
    let known = WEEKDAYS.iter().find(|(name, _)| *name == written);
    if known.is_none() {
        let names: Vec<&str> = WEEKDAYS.iter().map(|(name, _)| *name).collect();
        let near = text::closest(written, names.iter().copied());
        let near = near.map(str::to_owned);
        value.error(ConfigMistake::NoWeekday { written: written.to_owned(), near, known: names });
    }
    known.map(|(_, weekday)| *weekday)
}

pub(super) fn read(table: TomlTable<'_>) -> Calendar {
    let mut calendar = Calendar::default();
    if let Some(value) = table.get("workdays") {
        let words = value.list();
        calendar.workdays.clear();
        for word in &words {
            calendar.workdays.extend(weekday(word));
        }
        if words.is_empty() {
            value.error(ConfigMistake::NoWorkday);
        }
    }
    calendar.holidays = table.get("holidays").and_then(|value| value.text()).map(PathBuf::from);
    table.close();
    calendar
}
