//! `[reminders]`: when owners and coordinators are reminded.

use jiff::civil::{Time, time};

use crate::text;

use crate::toml_file::values;
use crate::toml_file::{TomlTable, TomlValue};

use super::ConfigMistake;

/// No school year has more days.
const LONGEST_YEAR: u16 = 366;

/// The rules for reminders (rules of time, 3 to 5 and 10).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reminders {
    /// The time of day at which reminders go out.
    pub at: Time,
    /// The latest time of day at which a missed message is caught up.
    pub until: Time,
    /// The days before the due date of each reminder.
    pub before: Vec<u16>,
    /// The reminders of overdue tasks.
    pub overdue: Overdue,
    /// The reminders of coordinators.
    pub coordinators: Coordinators,
    /// The most days by which a missed notice may be late and still be sent.
    pub stale_after: u16,
}

/// The reminders of overdue tasks, in days after the due date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overdue {
    /// The day of the first.
    pub after: u16,
    /// The distance of those that follow, at least 1.
    pub every: u16,
    /// The last day on which there is one.
    pub span: u16,
}

/// The reminders of coordinators (rules of time, 5).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coordinators {
    /// Whether they are told that a task starts.
    pub start: bool,
    /// Whether they are told that a task is overdue.
    pub overdue: bool,
    /// The days before the due date on which they are reminded.
    pub before: Vec<u16>,
}

impl Default for Reminders {
    /// The values of the design.
    fn default() -> Self {
        Self {
            at: time(7, 0, 0, 0),
            until: time(18, 0, 0, 0),
            before: vec![7, 1],
            overdue: Overdue { after: 1, every: 14, span: 28 },
            coordinators: Coordinators { start: true, overdue: false, before: vec![7] },
            stale_after: 7,
        }
    }
}

pub(super) fn read(table: TomlTable<'_>) -> Reminders {
    let mut reminders = Reminders::default();
    if let Some(at) = table.get("at").and_then(|value| values::time(&value)) {
        reminders.at = at;
    }
    let until = table.get("until");
    if let Some(until) = until.as_ref().and_then(values::time) {
        reminders.until = until;
    }
    if reminders.until <= reminders.at {
        let span = until.map_or_else(|| table.span(), |value| value.span());
        let (at, until) = (reminders.at, reminders.until);
        table.document().error(span, ConfigMistake::EndsBeforeItBegins { at, until });
    }
    if let Some(before) = table.get("before") {
        reminders.before = before.list().iter().filter_map(days_before).collect();
    }
    if let Some(overdue) = table.get("overdue").and_then(|value| value.table("`overdue`")) {
        read_overdue(overdue, &mut reminders.overdue);
    }
    if let Some(coordinators) = table.get("coordinators") {
        reminders.coordinators = Coordinators::default();
        for entry in coordinators.list() {
            read_coordinators(&entry, &mut reminders.coordinators);
        }
    }
    if let Some(days) = table.get("stale_after").and_then(|value| values::days(&value)) {
        reminders.stale_after = days;
    }
    table.close();
    reminders
}

/// Days before a due date. More than a school year has are told: no task of the plan is known so early.
fn days_before(value: &TomlValue<'_>) -> Option<u16> {
    let days = values::days(value)?;
    if days > LONGEST_YEAR {
        value.warning(ConfigMistake::BeforeTheYear { days });
    }
    Some(days)
}

fn read_overdue(table: TomlTable<'_>, overdue: &mut Overdue) {
    if let Some(days) = table.get("after").and_then(|value| values::days(&value)) {
        overdue.after = days;
    }
    if let Some(value) = table.get("every")
        && let Some(days) = values::days(&value)
    {
        if days == 0 {
            value.error(ConfigMistake::OverdueWithoutEnd);
        }
        overdue.every = days.max(1);
    }
    if let Some(value) = table.get("for")
        && let Some(days) = values::days(&value)
    {
        overdue.span = days;
        if days < overdue.after {
            value.error(ConfigMistake::OverdueEndsFirst { after: overdue.after, span: days });
        }
    }
    table.close();
}

fn read_coordinators(entry: &TomlValue<'_>, coordinators: &mut Coordinators) {
    const WORDS: [&str; 2] = ["start", "overdue"];
    let Some(word) = entry.text() else { return };
    match word {
        "start" => coordinators.start = true,
        "overdue" => coordinators.overdue = true,
        _ if word.ends_with('d') && word.starts_with(|first: char| first.is_ascii_digit()) => {
            coordinators.before.extend(days_before(entry));
        }
        _ => {
            let near = text::closest(word, WORDS).map(str::to_owned);
            entry.error(ConfigMistake::CoordinatorsNotTold { written: word.to_owned(), near });
        }
    }
}
