//! Days as answers name them: dates and months, weekdays, and words that count from the day of the answer. What is not clear is
//! no day: nobody knows whether "thứ Sáu", said on a Friday, is that day or the week before.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use crate::plan::timeframe;
use crate::text::fold;

use super::lexicon::{Class, LexiconWord};
use super::reading::Asked;

/// Whether a day was or is to come, which one, where it is clear, and how many words name it.
type NamedDay = (Class, Option<Date>, usize);

/// No date has more words.
const LONGEST_DATE: usize = 8;
#[rustfmt::skip]
const MONTHS: &[&str] = &[
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
];
/// How weekdays are called behind "thứ".
#[rustfmt::skip]
const WEEKDAYS: &[(&str, Weekday)] = &[
    ("hai", Weekday::Monday), ("ba", Weekday::Tuesday), ("tư", Weekday::Wednesday), ("năm", Weekday::Thursday),
    ("sáu", Weekday::Friday), ("bảy", Weekday::Saturday), ("2", Weekday::Monday), ("3", Weekday::Tuesday),
    ("4", Weekday::Wednesday), ("5", Weekday::Thursday), ("6", Weekday::Friday), ("7", Weekday::Saturday),
];

/// "30/11", "15 tháng 12", "cuối tháng 10", "20 November" at the beginning of some words of a text, and how many of these they
/// are; behind "đến" whatever a plan may write as a time. A month alone means its last day, as in plans.
pub(super) fn date(text: &str, words: &[LexiconWord], is_bound: bool, asked: &Asked<'_>) -> Option<NamedDay> {
    let plain = |at: usize| words.get(at).map_or("", |word| word.plain.as_str());
    let part = usize::from(matches!(plain(0), "dau" | "giua" | "cuoi" | "het"));
    let is_month = plain(part) == "thang" && plain(part + 1).starts_with(|letter: char| letter.is_ascii_digit());
    let is_day = plain(0).parse::<u8>().is_ok();
    let read = |written: &str| {
        let reading = timeframe::read(written, &timeframe::Context::of(asked.year)).ok()?;
        if let [period] = reading.periods.as_slice() { Some(period.due) } else { None }
    };
    let english = MONTHS.iter().position(|month| *month == plain(1)).filter(|_| is_day);
    let (day, length) = if let Some(month) = english {
        (read(&format!("{}/{}", plain(0), month + 1))?, 2)
    } else if is_month || is_bound || plain(0).contains('/') || (is_day && plain(1) == "thang") {
        (1..=words.len().min(LONGEST_DATE)).rev().find_map(|length| {
            let written = &text[words[0].at.start..words[length - 1].at.end];
            let names_time = written.contains(|letter: char| letter.is_ascii_digit()) || fold(written).contains("ky");
            Some((read(written).filter(|_| names_time)?, length))
        })?
    } else {
        return None;
    };
    Some((class_of(day, asked.today), Some(day), length))
}

fn class_of(day: Date, today: Date) -> Class {
    if day > today { Class::Coming } else { Class::Gone }
}

/// "thứ Hai", "chủ nhật tuần trước" at the beginning of some words, how many of these they are, and the day, where it is clear.
pub(super) fn weekday(words: &[LexiconWord], is_plain: bool, today: Date) -> Option<NamedDay> {
    let is = |at: usize, word: &str| words.get(at).is_some_and(|own| own.is(&LexiconWord::new(word, 0..0), is_plain));
    let weekday = if is(0, "chủ") && is(1, "nhật") {
        Weekday::Sunday
    } else {
        WEEKDAYS.iter().find(|(name, _)| is(0, "thứ") && is(1, name))?.1
    };
    let monday = today.saturating_sub(i64::from(today.weekday().to_monday_zero_offset()).days());
    let this = monday.saturating_add(i64::from(weekday.to_monday_zero_offset()).days());
    let week = |which: &str| is(2, "tuần") && is(3, which);
    let (day, length) = match () {
        () if week("này") => (this, 4),
        () if week("trước") || week("rồi") => (this.saturating_sub(7.days()), 4),
        () if week("sau") || week("tới") => (this.saturating_add(7.days()), 4),
        () if this == today => return Some((Class::Moment, None, 2)),
        () => (if this < today { this } else { this.saturating_sub(7.days()) }, 2),
    };
    let class = if day > today { Class::Coming } else { Class::Moment };
    Some((class, Some(day), length))
}

/// The day that a word like "hôm qua", without diacritics, means on a day; of a week or a month its last one.
pub(super) fn earlier(words: &[LexiconWord], today: Date) -> Option<Date> {
    let (first, last) = (words.first()?.plain.as_str(), words.last()?.plain.as_str());
    match (first, last) {
        ("yesterday", _) | ("hom" | "sang" | "trua" | "chieu" | "toi" | "dem", "qua") => today.yesterday().ok(),
        ("hom", "kia") => today.checked_sub(2.days()).ok(),
        ("tuan", _) | (_, "week") => {
            today.checked_sub((i64::from(today.weekday().to_monday_zero_offset()) + 1).days()).ok()
        }
        ("thang", _) | (_, "month") => today.first_of_month().yesterday().ok(),
        _ => None,
    }
}

/// What is named, where it is one and no other.
pub(super) fn only<T: PartialEq>(mut named: Vec<T>) -> Option<T> {
    named.dedup();
    named.pop().filter(|_| named.is_empty())
}
