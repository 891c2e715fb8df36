//! When a row's task is to be done: what its columns of time say together, within the month or band that it stands in.
//! What the words themselves mean is the timeframe reader's.

use crate::text;

/// A month, of the school year where no year is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Month {
    pub(super) month: u8,
    pub(super) year: Option<u16>,
}

impl Month {
    /// "Tháng 10/2023".
    pub(super) fn written(self) -> String {
        format!("Tháng {}", self.numbers())
    }

    fn numbers(self) -> String {
        match self.year {
            Some(year) => format!("{}/{year}", self.month),
            None => self.month.to_string(),
        }
    }
}

/// The month that a text begins with: "Tháng 10/2023", "THÁNG 9 NĂM 2023: …", "T10".
pub(super) fn month(written: &str) -> Option<Month> {
    let folded = text::fold(written);
    let words: Vec<&str> = words(&folded);
    let (month, rest) = match words.as_slice() {
        ["thang" | "t", month, rest @ ..] => (month.parse().ok()?, rest),
        [one, rest @ ..] => (one.strip_prefix('t')?.parse().ok()?, rest),
        [] => return None,
    };
    let year = match rest {
        [] => None,
        ["nam", year, ..] | [year, ..] => year.parse().ok().filter(|year| (1900..2200).contains(year)),
    };
    // "Tháng 9 hằng năm", "Tháng 9 đến tháng 12" are times of their own; a title may follow a colon.
    let goes_on = !rest.is_empty() && year.is_none() && !written.contains(':');
    (!goes_on && (1..=12).contains(&month)).then_some(Month { month, year })
}

/// The month that a title names somewhere: "KẾ HOẠCH CÔNG TÁC THÁNG 10 NĂM 2023".
pub(super) fn month_in_title(title: &str) -> Option<Month> {
    let folded = text::fold(title);
    let words: Vec<&str> = words(&folded);
    let places = (0..words.len()).filter(|place| words[*place] == "thang");
    let mut months = places.filter_map(|place| {
        let month = words.get(place + 1)?.parse().ok().filter(|month| (1..=12).contains(month))?;
        let behind = words.get(place + 2).filter(|word| **word != "nam").or(words.get(place + 3));
        let year = behind.and_then(|year| year.parse().ok()).filter(|year| (1900..2200).contains(year));
        Some(Month { month, year })
    });
    // Of several months none is that of the whole.
    months.next().filter(|_| months.next().is_none())
}

fn words(folded: &str) -> Vec<&str> {
    folded.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect()
}

/// What a heading says of bare numbers below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Day,
    Week,
    Month,
    Unknown,
}

impl Unit {
    pub(super) fn of(heading: &str) -> Self {
        let folded = text::fold(heading);
        let has = |word: &str| words(&folded).contains(&word);
        match (has("ngay"), has("tuan"), has("thang")) {
            (true, false, false) => Self::Day,
            (false, true, false) => Self::Week,
            (false, false, true) => Self::Month,
            _ => Self::Unknown,
        }
    }
}

/// Serial numbers of days that Excel writes where a cell has lost its format: those of 2000 to 2099.
const SERIALS: std::ops::Range<u32> = 36_526..73_051;

/// What a cell says, as the timeframe reader understands it: a bare number becomes the month, week or day that it is.
pub(super) fn within(written: &str, unit: Unit, month: Option<Month>) -> String {
    let trimmed = text::nfc(written);
    if let Ok(number) = trimmed.parse::<u32>() {
        return match (unit, month) {
            _ if SERIALS.contains(&number) => serial(number).unwrap_or(trimmed),
            (Unit::Week, _) => weeks(&format!("Tuần {number}"), month),
            (Unit::Day | Unit::Unknown, Some(month)) if number <= 31 => format!("{number}/{}", month.numbers()),
            (Unit::Month, _) | (Unit::Unknown, None) if (1..=12).contains(&number) => format!("Tháng {number}"),
            _ => trimmed,
        };
    }
    let folded = text::fold(&trimmed);
    if unit == Unit::Week && !folded.contains("tuan") && folded.bytes().all(|letter| b"0123456789,- ".contains(&letter))
    {
        return weeks(&format!("Tuần {trimmed}"), month);
    }
    let Some(known) = month else { return trimmed };
    let parts = words(&folded);
    if parts.contains(&"thang") || parts.contains(&"nam") || parts.contains(&"ky") {
        return match parts.as_slice() {
            ["trong" | "ca" | "suot", "thang"] => known.written(),
            ["dau" | "giua" | "cuoi", "thang"] => format!("{trimmed} {}", known.numbers()),
            _ => trimmed,
        };
    }
    if parts.contains(&"tuan") {
        return weeks(&trimmed, month);
    }
    // "Ngày 15", "15 - 20", "ngày 5, 12": days of the month.
    let only_days = parts
        .iter()
        .all(|word| matches!(*word, "ngay" | "tu" | "den" | "va") || word.parse::<u8>().is_ok_and(|day| day <= 31));
    let has_marks = trimmed.contains(['/', '.']);
    if only_days && !has_marks && parts.iter().any(|word| word.parse::<u8>().is_ok()) {
        return format!("{trimmed}/{}", known.numbers());
    }
    trimmed
}

/// "Tuần 2, 3" in a month: "Tuần 2, 3 tháng 10/2023".
fn weeks(written: &str, month: Option<Month>) -> String {
    let Some(month) = month else { return written.to_owned() };
    let letters: Vec<char> = written.chars().collect();
    let is_digit = |place: usize| letters.get(place).is_some_and(char::is_ascii_digit);
    let Some(first) = (0..letters.len()).find(|place| is_digit(*place)) else {
        // "Tuần đầu", "Tuần cuối".
        return format!("{written} {}", month.written().to_lowercase());
    };
    // The list of weeks ends where something else than numbers and their marks follows.
    let mut end = first;
    let mut place = first;
    while place < letters.len() {
        if is_digit(place) {
            end = place + 1;
        } else if !(letters[place].is_whitespace() || ",-–&+".contains(letters[place]) || "và".contains(letters[place]))
        {
            break;
        }
        place += 1;
    }
    let (weeks, rest): (String, String) = (letters[..end].iter().collect(), letters[end..].iter().collect());
    format!("{weeks} {}{rest}", month.written().to_lowercase())
}

fn serial(number: u32) -> Option<String> {
    let date = jiff::civil::date(1899, 12, 30).checked_add(jiff::ToSpan::days(i64::from(number))).ok()?;
    Some(format!("{}/{}/{}", date.day(), date.month(), date.year()))
}

/// Whether a text says of itself from when on: a month in it is then not its last day alone.
pub(super) fn is_span(written: &str) -> bool {
    let folded = text::fold(written);
    let parts = words(&folded);
    let words = ["tu", "den", "ca", "suot", "thuong", "hang", "moi", "trong", "quanh", "lien", "dinh", "lan"];
    parts.iter().any(|word| words.contains(word)) || written.contains(['-', '–', '→', ';', ',', '+', '&'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_and_days_stand_in_their_month() {
        let october = Some(Month { month: 10, year: Some(2023) });
        let cases = [
            ("Tuần 2", Unit::Unknown, october, "Tuần 2 tháng 10/2023"),
            ("2", Unit::Week, october, "Tuần 2 tháng 10/2023"),
            ("Tuần 2, 3", Unit::Unknown, october, "Tuần 2, 3 tháng 10/2023"),
            ("Tuần 1 và 2", Unit::Unknown, october, "Tuần 1 và 2 tháng 10/2023"),
            ("Tuần 1 (02/10 - 07/10)", Unit::Unknown, october, "Tuần 1 tháng 10/2023 (02/10 - 07/10)"),
            ("Tuần cuối", Unit::Unknown, october, "Tuần cuối tháng 10/2023"),
            ("Tuần 2 tháng 11", Unit::Unknown, october, "Tuần 2 tháng 11"),
            ("20", Unit::Day, october, "20/10/2023"),
            ("Ngày 15", Unit::Unknown, october, "Ngày 15/10/2023"),
            ("15 - 20", Unit::Day, october, "15 - 20/10/2023"),
            ("25/11", Unit::Day, october, "25/11"),
            ("Cuối tháng", Unit::Unknown, october, "Cuối tháng 10/2023"),
            ("11", Unit::Unknown, None, "Tháng 11"),
            ("45275", Unit::Unknown, None, "15/12/2023"),
            ("Tuần 2", Unit::Unknown, None, "Tuần 2"),
            ("HKI", Unit::Unknown, None, "HKI"),
        ];
        for (written, unit, month, expected) in cases {
            assert_eq!(within(written, unit, month), expected, "{written}");
        }
    }

    #[test]
    fn months_are_found_in_bands_and_titles() {
        let month = |month, year| Some(Month { month, year });
        assert_eq!(super::month("THÁNG 9 NĂM 2023: Chủ điểm truyền thống"), month(9, Some(2023)));
        assert_eq!(super::month("Tháng 10-2023"), month(10, Some(2023)));
        assert_eq!(super::month("T11"), month(11, None));
        assert_eq!(super::month("Tháng 9 đến tháng 12"), None);
        assert_eq!(super::month("Tháng thanh niên"), None);
        assert_eq!(month_in_title("Kế hoạch công tác tháng 10 năm 2023"), month(10, Some(2023)));
        assert_eq!(month_in_title("Kế hoạch tháng 9 và tháng 10"), None);
    }
}
