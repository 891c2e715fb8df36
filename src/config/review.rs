//! `[[review]]`: when the supervision team gets its reports.

use jiff::civil::{Time, time};

use crate::text;

use super::Signing;
use crate::people::{NameResolver, RecipientId};
use crate::toml_file::values;
use crate::toml_file::{IntegerOrText, TomlTable, TomlValue, listed};

/// A rule by which reviews are made (rules of time, 11 and 12).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewRule {
    /// The kind of period.
    pub period: ReviewPeriod,
    /// The time of day at which a review goes out.
    pub at: Time,
    /// The recipients.
    pub to: Vec<RecipientId>,
    /// The recipients as they are written.
    pub named: Vec<String>,
    /// How many working days before the review its self-check goes out; `None` for no self-check.
    pub ask_owners: Option<u16>,
    /// The end of its reports, where it differs from the school's.
    pub signing: Signing,
}

/// The periods of reviews.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReviewPeriod {
    /// Each calendar month; the review is made on this day.
    Month(DayOfMonth),
    /// Each term.
    Term,
    /// The school year.
    Year,
}

/// The day on which the review of a month is made (rules of time, 11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayOfMonth {
    /// The first working day of the month after.
    FirstWorkday,
    /// The last working day of the month itself.
    LastWorkday,
    /// This day: from 1 to 15 of the month after, from 16 to 31 of the month itself, or its last where it is shorter.
    Day(i8),
}

pub(super) fn read(table: TomlTable<'_>, names: &NameResolver) -> Option<ReviewRule> {
    let period_value = table.require("period");
    let on_value = table.get("on");
    let at = table.get("at").map_or(Some(time(8, 0, 0, 0)), |value| values::time(&value));
    let (to, as_written) =
        table.require("to").map(|value| (names.resolve_list(&value), value.as_written())).unwrap_or_default();
    let ask_owners = table.get("ask_owners").and_then(|value| ask_owners(&value));
    let signing = Signing::read(&table);
    let period = period_value.as_ref().and_then(|value| period(value, on_value.as_ref()));
    table.close();
    Some(ReviewRule { period: period?, at: at?, to, named: as_written, ask_owners, signing })
}

/// At least a day: on the day of a review nobody is asked for it any more (rules of time, 10).
fn ask_owners(value: &TomlValue<'_>) -> Option<u16> {
    let days = values::days(value)?;
    if days == 0 {
        value.error("bad-duration", "on the day of a review it is too late to ask for it", "write at least \"1d\"");
        return None;
    }
    Some(days)
}

fn period(value: &TomlValue<'_>, on_value: Option<&TomlValue<'_>>) -> Option<ReviewPeriod> {
    const WORDS: [&str; 3] = ["month", "term", "year"];
    let word = value.text()?;
    let period = match word {
        "month" => return on_value.map_or(Some(DayOfMonth::LastWorkday), day_of_month).map(ReviewPeriod::Month),
        "term" => ReviewPeriod::Term,
        "year" => ReviewPeriod::Year,
        _ => {
            let near = text::closest(word, WORDS).map(|near| format!("did you mean `{near}`?"));
            let help = near.unwrap_or_else(|| format!("write {}", listed(&WORDS)));
            value.error("unknown-word", format!("`{word}` is no period of review"), help);
            return None;
        }
    };
    if let Some(on_value) = on_value {
        let message = format!("`on` has no meaning for a {word}: its review is on the last day of it");
        on_value.error("unknown-key", message, "leave `on` out");
    }
    Some(period)
}

fn day_of_month(value: &TomlValue<'_>) -> Option<DayOfMonth> {
    const HELP: &str = "write \"first-workday\", \"last-workday\" or a day from 1 to 31";
    match value.integer_or_text()? {
        IntegerOrText::Integer(day @ 1..=31) => i8::try_from(day).ok().map(DayOfMonth::Day),
        IntegerOrText::Integer(day) => {
            value.error("bad-day", format!("no month has a day {day}"), HELP);
            None
        }
        IntegerOrText::Text("first-workday") => Some(DayOfMonth::FirstWorkday),
        IntegerOrText::Text("last-workday") => Some(DayOfMonth::LastWorkday),
        IntegerOrText::Text(word) => {
            let near = text::closest(word, ["first-workday", "last-workday"]);
            let help = near.map_or_else(|| HELP.to_owned(), |near| format!("did you mean `{near}`?"));
            value.error("unknown-word", format!("`{word}` is no day of a month"), help);
            None
        }
    }
}
