//! What a number shows by its format: a day, a month, 1.10 or 40% (ECMA-376 part 1, 18.8.30 and 18.8.31).
//!
//! Only what a plan needs: dates in the order day, month, year, and numbers with their decimals, as a Vietnamese Excel
//! shows them. The crates that render formats (`ssfmt`, `umya-spreadsheet`) keep the order of the format, which for built-in
//! dates is that of the United States whatever the computer shows.

use jiff::ToSpan;
use jiff::civil::{Date, date};

use super::super::table::CellKind;

/// How numbers are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NumberFormat {
    General,
    Text,
    Day(Shown),
    /// An hour without a day.
    Hour,
    Fixed(Fixed),
}

/// Which parts of a day are shown, and what stands between them.
// Any of the parts may be shown beside any other.
#[allow(clippy::struct_excessive_bools)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shown {
    day: bool,
    month: bool,
    year: bool,
    /// The parts are divided by points.
    points: bool,
}

/// A number of a fixed form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Fixed {
    before: String,
    after: String,
    digits: usize,
    decimals: usize,
    thousands: bool,
    percent: bool,
}

impl NumberFormat {
    /// The format of a number that needs no description.
    pub(super) fn built_in(id: u32) -> Self {
        let code = match id {
            1 => "0",
            2 => "0.00",
            3 | 37 | 38 => "#,##0",
            4 | 39 | 40 => "#,##0.00",
            9 => "0%",
            10 => "0.00%",
            14 | 15 | 22 | 27..=31 | 36 | 50..=54 | 57 | 58 => "d/m/yyyy",
            16 => "d/m",
            17 | 55 | 56 => "m/yyyy",
            18..=21 | 32..=35 | 45..=47 => "h:mm",
            49 => "@",
            _ => "General",
        };
        Self::read(code)
    }

    /// The format that a code describes; of several parts the first, which is for what is above zero.
    pub(super) fn read(code: &str) -> Self {
        let (pattern, literal) = plain(code);
        let lower = pattern.to_lowercase();
        if lower.trim() == "@" {
            return Self::Text;
        }
        if lower.trim() == "general" || lower.trim().is_empty() {
            return Self::General;
        }
        if lower.contains(['y', 'd', 'm', 'h', 's']) && !lower.contains("general") {
            return date_parts(&lower, &literal);
        }
        let number_ends = lower.rfind(['0', '#', '?']).map_or(0, |place| place + 1);
        let digits_of = |text: &str| text.chars().filter(|letter| *letter == '0').count();
        let (whole, decimals) = lower[..number_ends].split_once('.').unwrap_or((&lower[..number_ends], ""));
        let (before, after) = literal;
        Self::Fixed(Fixed {
            before,
            after,
            digits: digits_of(whole),
            decimals: decimals.chars().filter(|letter| matches!(letter, '0' | '#' | '?')).count(),
            thousands: whole.contains(','),
            percent: lower.contains('%'),
        })
    }

    /// What a number shows, and what kind of thing that is.
    pub(super) fn show(&self, number: f64, from_1904: bool) -> (String, CellKind) {
        match self {
            Self::General | Self::Text => (general(number), CellKind::Number),
            Self::Hour => (hour(number), CellKind::Date),
            Self::Day(shown) => match day(number, from_1904) {
                Some(date) => (shown.text(date), CellKind::Date),
                None => (general(number), CellKind::Number),
            },
            Self::Fixed(fixed) => (fixed.text(number), CellKind::Number),
        }
    }
}

/// A code without literals and conditions, and the literals before and behind its number.
fn plain(code: &str) -> (String, (String, String)) {
    let mut pattern = String::new();
    let (mut before, mut after) = (String::new(), String::new());
    let mut letters = code.chars();
    while let Some(letter) = letters.next() {
        let literal: String = match letter {
            ';' => break,
            '"' => letters.by_ref().take_while(|letter| *letter != '"').collect(),
            '\\' => letters.next().into_iter().collect(),
            '_' | '*' => {
                letters.next();
                continue;
            }
            '[' => {
                let inside: String = letters.by_ref().take_while(|letter| *letter != ']').collect();
                // Hours, minutes and seconds that go on beyond a day.
                if matches!(inside.to_lowercase().as_str(), "h" | "hh" | "m" | "mm" | "s" | "ss") {
                    pattern.push_str(&inside);
                }
                continue;
            }
            _ => {
                pattern.push(letter);
                continue;
            }
        };
        let is_behind = pattern.contains(['0', '#', '?']);
        (if is_behind { &mut after } else { &mut before }).push_str(&literal);
        if !literal.is_empty() && matches!(literal.as_str(), "." | "/" | "-" | " " | ":") {
            pattern.push_str(&literal);
        }
    }
    (pattern, (before, after))
}

fn date_parts(lower: &str, literal: &(String, String)) -> NumberFormat {
    let letters: Vec<char> = lower.chars().filter(|letter| letter.is_ascii_alphabetic() || *letter == ':').collect();
    // An m beside hours or seconds is minutes.
    let mut month = false;
    let mut place = 0;
    while place < letters.len() {
        let length = letters[place..].iter().take_while(|letter| **letter == letters[place]).count();
        if letters[place] == 'm' {
            let before = letters[..place].iter().rev().find(|letter| **letter != ':');
            let after = letters[place + length..].iter().find(|letter| **letter != ':');
            month |= !(before == Some(&'h') || after == Some(&'s'));
        }
        place += length;
    }
    let (day, year) = (letters.contains(&'d'), letters.contains(&'y'));
    if !(day || month || year) {
        return NumberFormat::Hour;
    }
    let points = lower.contains('.') || literal.0.contains('.');
    NumberFormat::Day(Shown { day, month, year, points })
}

impl Shown {
    fn text(self, date: Date) -> String {
        let (day, month, year) = (date.day(), date.month(), date.year());
        let sign = if self.points && !self.year { '.' } else { '/' };
        match (self.day, self.month, self.year) {
            (true, true, false) => format!("{day}{sign}{month}"),
            (false, true, true) => format!("{month}/{year}"),
            (false, true, false) => format!("Tháng {month}"),
            (false, false, true) => year.to_string(),
            (true, false, false) => day.to_string(),
            _ => format!("{day}/{month}/{year}"),
        }
    }
}

impl Fixed {
    fn text(&self, number: f64) -> String {
        let number = if self.percent { number * 100.0 } else { number };
        let written = format!("{:.*}", self.decimals.min(15), number.abs());
        let (whole, decimals) = written.split_once('.').unwrap_or((written.as_str(), ""));
        let whole = format!("{whole:0>width$}", width = self.digits.min(20));
        let whole = if self.thousands { grouped(&whole) } else { whole };
        let sign = if self.thousands { ',' } else { '.' };
        let mut shown = self.before.clone();
        if number < 0.0 {
            shown.push('-');
        }
        shown.push_str(&whole);
        if !decimals.is_empty() {
            shown.push(sign);
            shown.push_str(decimals);
        }
        if self.percent {
            shown.push('%');
        }
        shown.push_str(&self.after);
        shown
    }
}

/// "5000000" as "5.000.000".
fn grouped(digits: &str) -> String {
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push('.');
        }
        grouped.push(digit);
    }
    grouped
}

/// A number as a cell without a format shows it: at most eleven digits.
fn general(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        return format!("{number:.0}");
    }
    let shown = format!("{number:.9}");
    shown.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The day of a serial number: 1 is 1 January 1900, and 60 the 29 February of that year that never was.
fn day(number: f64, from_1904: bool) -> Option<Date> {
    if !(0.0..2_958_466.0).contains(&number) {
        return None;
    }
    // The range is that of Excel's own calendar, far within that of the type.
    #[allow(clippy::cast_possible_truncation)]
    let days = number.floor() as i64;
    let first = if from_1904 {
        date(1904, 1, 1)
    } else if days < 60 {
        date(1899, 12, 31)
    } else {
        date(1899, 12, 30)
    };
    first.checked_add(days.days()).ok()
}

fn hour(number: f64) -> String {
    // A part of a day is at most a day of minutes.
    #[allow(clippy::cast_possible_truncation)]
    let minutes = (number.fract().abs() * 1440.0).round() as i64;
    format!("{}:{:02}", minutes / 60 % 24, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_format_says_what_a_number_shows() {
        let cases = [
            (45261.0, "dd/mm/yyyy", "1/12/2023"),
            (45200.0, "mm/yyyy", "10/2023"),
            (45200.0, "mmm\\-yy", "10/2023"),
            (45200.0, "[$-42A]mmmm yyyy", "10/2023"),
            (45017.0, "d.m", "1.4"),
            (45017.0, "d\\.m", "1.4"),
            (45219.0, "d-mmm", "20/10"),
            (45311.708, "hh:mm\\ dd/mm/yyyy", "20/1/2024"),
            (0.5, "h:mm", "12:00"),
            (1.1, "0.00", "1.10"),
            (1.1, "General", "1.1"),
            (3.2024, "General", "3.2024"),
            (45275.0, "General", "45275"),
            (0.4, "0%", "40%"),
            (5_000_000.0, "#,##0", "5.000.000"),
            (2_500_000.5, "#,##0.00\\ \"đ\"", "2.500.000,50 đ"),
            (7.0, "00", "07"),
            (4.0, "\"Tiêu chí \"0", "Tiêu chí 4"),
            (-3.0, "0.0;[Red]-0.0", "-3.0"),
        ];
        for (number, code, expected) in cases {
            assert_eq!(NumberFormat::read(code).show(number, false).0, expected, "{number} {code}");
        }
        assert_eq!(NumberFormat::built_in(14).show(45275.0, false).0, "15/12/2023");
        assert_eq!(NumberFormat::built_in(14).show(43813.0, true).0, "15/12/2023");
    }
}
