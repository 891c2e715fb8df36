//! The holiday file: days off, and days worked in exchange.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::diagnostic::{Diagnostics, Source};
use crate::toml_file::{TomlDocument, TomlTable};

use super::SchoolYear;

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
    let root = TomlTable::new(&document, &root, "the holiday file");
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
            value.error("doubled-day", format!("{date} is a day off as well"), "leave one of the two out");
        }
        if !worked.insert(date) {
            value.error("doubled-day", format!("{date} is listed twice"), "leave one of the two out");
        }
    }
    root.close();
    if let Some(year) = year {
        for calendar_year in year.start().year()..=year.end().year() {
            if !off.keys().any(|date| date.year() == calendar_year) {
                let message = format!("no day off is listed for {calendar_year}");
                let help = "add the days off of that year, or reminders go out on them".to_owned();
                document.warning(0..0, "no-holidays", message, Some(help));
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
            let help = "write `date = 2024-01-01`, or `from` and `to`".to_owned();
            document.error(span, "missing-key", "a holiday has either `date`, or `from` and `to`", Some(help));
            return;
        }
    };
    let Some(start) = first.date() else { return };
    let end = if first.span() == last.span() { Some(start) } else { last.date() };
    let Some(end) = end else { return };
    if end < start {
        last.error("ends-before-start", format!("{end} is before {start}"), "write the earlier date first");
        return;
    }
    if (end - start).get_days() > MAX_BREAK_DAYS {
        last.error("too-long", format!("from {start} to {end} is too long a break"), "check the years");
        return;
    }
    for day in start.series(1.day()).take_while(|day| *day <= end) {
        if off.insert(day, first.span().start).is_some_and(|other| other != first.span().start) {
            first.error("doubled-day", format!("{day} is listed twice"), "leave one of the two out");
            return;
        }
    }
}
