//! `[[review]]`: when the supervision team gets its reports.

use jiff::civil::{Time, time};

use crate::text;

use super::Signing;
use crate::people::{Names, RecipientId};
use crate::toml_file::values;
use crate::toml_file::{Table, Value, listed};

/// When the supervision team gets a review (rules of time, 11 and 12).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewRule {
    /// Which reviews.
    pub period: ReviewPeriod,
    /// The time of day at which it goes out.
    pub at: Time,
    /// Who gets it.
    pub to: Vec<RecipientId>,
    /// Who that is, as it is written.
    pub named: Vec<String>,
    /// How many working days before it owners are asked for their progress, where they are asked.
    pub ask_owners: Option<u16>,
    /// How its reports end, where they end otherwise than the school's.
    pub signing: Signing,
}

/// Which reviews a [`ReviewRule`] makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReviewPeriod {
    /// One a month, on this day of it.
    Month(DayOfMonth),
    /// One at the end of each term.
    Term,
    /// One at the end of the school year.
    Year,
}

/// The day of the month of a monthly review.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayOfMonth {
    /// The first working day.
    FirstWorkday,
    /// The last working day.
    LastWorkday,
    /// This day, or the month's last where the month is shorter: 1 to 31.
    Day(i8),
}

pub(super) fn read(table: Table<'_>, names: &Names) -> Option<ReviewRule> {
    let period_value = table.require("period");
    let on_value = table.get("on");
    let at = table.get("at").map_or(Some(time(8, 0, 0, 0)), |value| values::time(&value));
    let (to, as_written) =
        table.require("to").map(|value| (names.resolve_list(&value), value.as_written())).unwrap_or_default();
    let ask_owners = table.get("ask_owners").and_then(|value| values::days(&value));
    let signing = Signing::read(&table);
    let period = period_value.as_ref().and_then(|value| period(value, on_value.as_ref()));
    table.close();
    Some(ReviewRule { period: period?, at: at?, to, named: as_written, ask_owners, signing })
}

fn period(value: &Value<'_>, on_value: Option<&Value<'_>>) -> Option<ReviewPeriod> {
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

fn day_of_month(value: &Value<'_>) -> Option<DayOfMonth> {
    const HELP: &str = "write \"first-workday\", \"last-workday\" or a day from 1 to 31";
    match value.integer_or_text()? {
        Ok(day @ 1..=31) => i8::try_from(day).ok().map(DayOfMonth::Day),
        Ok(day) => {
            value.error("bad-day", format!("no month has a day {day}"), HELP);
            None
        }
        Err("first-workday") => Some(DayOfMonth::FirstWorkday),
        Err("last-workday") => Some(DayOfMonth::LastWorkday),
        Err(word) => {
            let near = text::closest(word, ["first-workday", "last-workday"]);
            let help = near.map_or_else(|| HELP.to_owned(), |near| format!("did you mean `{near}`?"));
            value.error("unknown-word", format!("`{word}` is no day of a month"), help);
            None
        }
    }
}
