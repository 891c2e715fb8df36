//! Days as answers name them: dates and months, weekdays, and words that count from the day of the answer. What is not clear is
//! no day: nobody knows whether "thứ Sáu", said on a Friday, is that day or the week before.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use crate::plan::timeframe;

use super::lexicon::LexiconWord;
use super::reading::Asked;

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

/// "30/11", "30/11/2023", "15 tháng 12", "tháng 10", "cuối tháng 10", "20 November" at the beginning of some words, and how many
/// of these they are. A month alone means its last day, its beginning or middle the last
/// day of that, as in plans.
pub(super) fn date(words: &[LexiconWord], asked: &Asked<'_>) -> Option<(Date, usize)> {
    let plain = |at: usize| words.get(at).map_or("", |word| word.plain.as_str());
    let is_number = |at: usize| plain(at).parse::<u16>().is_ok();
    let part = usize::from(matches!(plain(0), "dau" | "giua" | "cuoi") && plain(1) == "thang");
    let (written, length) = match plain(part) {
        day if day.contains('/') => (day.to_owned(), 1),
        day if is_number(0) && plain(1) == "thang" && is_number(2) => (format!("{day}/{}", plain(2)), 3),
        "thang" if plain(part + 1).starts_with(|letter: char| letter.is_ascii_digit()) => {
            let written: Vec<&str> = (0..part + 2).map(plain).collect();
            (written.join(" "), part + 2)
        }
        day if is_number(0) && MONTHS.contains(&plain(1)) => {
            let month = MONTHS.iter().position(|month| *month == plain(1))? + 1;
            (format!("{day}/{month}"), 2)
        }
        _ => return None,
    };
    let reading = timeframe::read(&written, &timeframe::Context::of(asked.year)).ok()?;
    let [period] = reading.periods.as_slice() else { return None };
    Some((period.due, length))
}

/// "thứ Hai", "chủ nhật tuần trước" at the beginning of some words, how many of these they are, and the day, where it is clear.
pub(super) fn weekday(words: &[LexiconWord], is_plain: bool, today: Date) -> Option<(Option<Date>, usize)> {
    let is = |at: usize, word: &str| words.get(at).is_some_and(|own| own.is(&LexiconWord::new(word, 0..0), is_plain));
    let weekday = if is(0, "chủ") && is(1, "nhật") {
        Weekday::Sunday
    } else {
        WEEKDAYS.iter().find(|(name, _)| is(0, "thứ") && is(1, name))?.1
    };
    let monday = today.saturating_sub(i64::from(today.weekday().to_monday_zero_offset()).days());
    let of_week = monday.saturating_add(i64::from(weekday.to_monday_zero_offset()).days());
    let week_before = of_week.saturating_sub(7.days());
    Some(match () {
        () if is(2, "tuần") && is(3, "này") => (Some(of_week), 4),
        () if is(2, "tuần") && (is(3, "trước") || is(3, "rồi")) => (Some(week_before), 4),
        () if is(2, "tuần") && (is(3, "sau") || is(3, "tới")) => (Some(of_week.saturating_add(7.days())), 4),
        () if of_week == today => (None, 2),
        () => (Some(if of_week < today { of_week } else { week_before }), 2),
    })
}

/// The day that a word like "hôm qua", without diacritics, means on a day; of a week or a month its last one.
pub(super) fn earlier(words: &[LexiconWord], today: Date) -> Option<Date> {
    let last = |word: &str| words.last().is_some_and(|last| last.plain == word);
    let first = words.first()?.plain.as_str();
    match first {
        "yesterday" => today.yesterday().ok(),
        "hom" | "sang" | "trua" | "chieu" | "toi" | "dem" if last("qua") => today.yesterday().ok(),
        "hom" if last("kia") => today.checked_sub(2.days()).ok(),
        "tuan" => today.checked_sub((i64::from(today.weekday().to_monday_zero_offset()) + 1).days()).ok(),
        "thang" => today.first_of_month().yesterday().ok(),
        _ if last("week") => earlier(&[LexiconWord::new("tuần", 0..0)], today),
        _ if last("month") => earlier(&[LexiconWord::new("tháng", 0..0)], today),
        _ => None,
    }
}

/// The day that is named, where it is one and no other.
pub(super) fn only(mut days: Vec<Date>) -> Option<Date> {
    days.dedup();
    if let [only] = days.as_slice() { Some(*only) } else { None }
}
