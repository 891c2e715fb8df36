//! What the columns of time hold beside words: numbers of their own, months as headings. What words mean is the timeframe
//! reader's.

use jiff::ToSpan;
use jiff::civil::date;

use crate::plan::timeframe::Unit;
use crate::text;

/// Serial numbers of days that Excel writes where a cell has lost its format: those of 2000 to 2099.
const SERIALS: std::ops::Range<i64> = 36_526..73_051;

/// What a bare number counts below a heading: "Tuần", "Ngày thực hiện"; `None` where the heading names no unit or two.
pub(super) fn unit(heading: &str) -> Option<Unit> {
    let folded = text::fold(heading);
    let words: Vec<&str> = folded.split(|letter: char| !letter.is_alphanumeric()).collect();
    let has = |word: &str| words.contains(&word);
    match (has("ngay"), has("tuan"), has("thang")) {
        (true, false, false) => Some(Unit::Day),
        (false, true, false) => Some(Unit::Week),
        (false, false, true) => Some(Unit::Month),
        _ => None,
    }
}

/// A text of a time column; the serial number of a day as that day.
pub(super) fn shown(written: &str) -> String {
    let shown = text::nfc(written);
    let serial = shown.parse::<i64>().ok().filter(|number| SERIALS.contains(number));
    let day = serial.and_then(|number| date(1899, 12, 30).checked_add(number.days()).ok());
    day.map_or(shown, |day| format!("{}/{}/{}", day.day(), day.month(), day.year()))
}

/// Whether a text is a number alone.
pub(super) fn is_number(written: &str) -> bool {
    written.trim().parse::<u32>().is_ok()
}

/// Whether a text says of itself from when on: a month in it is then not its last day alone.
pub(super) fn is_span(written: &str) -> bool {
    const WORDS: [&str; 11] = ["tu", "den", "ca", "suot", "thuong", "hang", "moi", "quanh", "lien", "dinh", "lan"];
    let folded = text::fold(written);
    folded.split(|letter: char| !letter.is_alphanumeric()).any(|word| WORDS.contains(&word))
        || written.contains(['-', '–', '→', ';', ',', '+', '&'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_what_their_headings_count() {
        let cases = [("Tuần", Some(Unit::Week)), ("Ngày thực hiện", Some(Unit::Day)), ("Tháng", Some(Unit::Month))];
        for (heading, expected) in cases {
            assert_eq!(unit(heading), expected, "{heading}");
        }
        assert_eq!(unit("Ngày, tháng"), None);
        assert_eq!(unit("Thời gian"), None);
        assert_eq!(
            (shown("45275").as_str(), shown("2023").as_str(), shown(" Tuần  2 ").as_str()),
            ("15/12/2023", "2023", "Tuần 2")
        );
        assert!(is_span("Từ 9/2023") && is_span("9/2023 - 5/2024") && !is_span("Tháng 10"));
    }
}
