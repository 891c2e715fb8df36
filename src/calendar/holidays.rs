//! The holiday file: days off, and days worked in exchange.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::diagnostic::{Diagnostics, Source};
use crate::toml_file::{TableName, TomlDocument, TomlTable};

use super::SchoolYear;
use super::mistake::HolidayMistake;

/// The longest break, in days.
const MAX_BREAK_DAYS: i32 = 120;

/// The days of a holiday file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holidays {
    /// Days off.
    pub off: BTreeSet<Date>,
    /// Days worked in exchange.
    pub worked: BTreeSet<Date>,
}

/// Reads a holiday file; mistakes are noted in `diagnostics`. A calendar year of the school year without a day off is a
/// warning: reminders would go out on its holidays.
#[must_use]
pub fn read(source: &Arc<Source>, year: Option<&SchoolYear>, diagnostics: &mut Diagnostics) -> Holidays {
    let document = TomlDocument::new(source);
    let root = document.parse();
    let root = TomlTable::new(&document, &root, TableName::HolidayFile);
    let mut off: BTreeMap<Date, usize> = BTreeMap::new();
    let mut worked = BTreeSet::new();
    for table in root.get("holiday").map(|value| value.tables("[[holiday]]")).unwrap_or_default() {
        holiday(table, &mut off);
    }
    for table in root.get("workday").map(|value| value.tables("[[workday]]")).unwrap_or_default() {
        let date = table.require("date");
        let _ = table.require("name").and_then(|value| value.name());
        table.close();
        let Some((value, date)) = date.and_then(|value| Some((value, value.date()?))) else { continue };
        if off.contains_key(&date) {
            value.error(HolidayMistake::WorkedAndOff { date });
        }
        if !worked.insert(date) {
            value.error(HolidayMistake::ListedTwice { date });
        }
    }
    root.close();
    if let Some(year) = year {
        for calendar_year in year.start().year()..=year.end().year() {
            if !off.keys().any(|date| date.year() == calendar_year) {
                document.warning(0..0, HolidayMistake::NoneInYear { year: calendar_year });
            }
        }
    }
    document.finish(diagnostics);
    Holidays { off: off.into_keys().collect(), worked }
}

fn holiday(table: TomlTable<'_>, off: &mut BTreeMap<Date, usize>) {
    let (date, from, to) = (table.get("date"), table.get("from"), table.get("to"));
    let _ = table.require("name").and_then(|value| value.name());
    let (document, span) = (table.document(), table.span());
    table.close();
    let (first, last) = match (date, from, to) {
        (Some(date), None, None) => (date, date),
        (None, Some(from), Some(to)) => (from, to),
        _ if document.is_broken() => return,
        _ => {
            document.error(span, HolidayMistake::NoDate);
            return;
        }
    };
    let Some(start) = first.date() else { return };
    let end = if first.span() == last.span() { Some(start) } else { last.date() };
    let Some(end) = end else { return };
    if end < start {
        last.error(HolidayMistake::EndsBeforeStart { start, end });
        return;
    }
    if (end - start).get_days() > MAX_BREAK_DAYS {
        last.error(HolidayMistake::TooLong { start, end });
        return;
    }
    for day in start.series(1.day()).take_while(|day| *day <= end) {
        if off.insert(day, first.span().start).is_some_and(|other| other != first.span().start) {
            first.error(HolidayMistake::ListedTwice { date: day });
            return;
        }
    }
}
