//! `[[review]]`: when the supervision team gets its reports.

use jiff::civil::{Time, time};

use crate::text;

use super::{ConfigMistake, Signing};
use crate::people::{NameResolver, RecipientId};
use crate::toml_file::values;
use crate::toml_file::{IntegerOrText, TomlTable, TomlValue};

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
        value.error(ConfigMistake::AsksTooLate);
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
            let near = text::closest(word, WORDS).map(str::to_owned);
            let (written, known) = (word.to_owned(), WORDS.to_vec());
            value.error(ConfigMistake::NoReviewPeriod { written, near, known });
            return None;
        }
    };
    if let Some(on_value) = on_value {
        on_value.error(ConfigMistake::DayWithoutMonth { period: word.to_owned() });
    }
    Some(period)
}

fn day_of_month(value: &TomlValue<'_>) -> Option<DayOfMonth> {
    match value.integer_or_text()? {
        IntegerOrText::Integer(day @ 1..=31) => i8::try_from(day).ok().map(DayOfMonth::Day),
        IntegerOrText::Integer(day) => {
            value.error(ConfigMistake::NoDayOfMonth { day });
            None
        }
        IntegerOrText::Text("first-workday") => Some(DayOfMonth::FirstWorkday),
        IntegerOrText::Text("last-workday") => Some(DayOfMonth::LastWorkday),
        IntegerOrText::Text(word) => {
            let near = text::closest(word, ["first-workday", "last-workday"]);
            let near = near.map(str::to_owned);
            value.error(ConfigMistake::NoWordForDay { written: word.to_owned(), near });
            None
        }
    }
}
