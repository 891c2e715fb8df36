//! Rows and paragraphs that say what the following rows belong to: a level, a standard, a criterion, a month, a section.

use crate::plan::timeframe::{Context, Frame};
use crate::text;

use super::criterion::{self, CriterionReading, Standing};

/// What a row of its own, or a paragraph above a table, announces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Band {
    /// "MỨC 4": whether it is the fourth.
    Level { is_four: bool },
    /// "Tiêu chuẩn 1: …", with its title.
    Standard { number: String, title: Option<String> },
    /// "Tiêu chí 1.4".
    Criterion(Option<String>),
    /// "THÁNG 10/2023", "Tuần 2", "Học kỳ I": a time, as written.
    Time(Frame, String),
    /// "II. CƠ SỞ VẬT CHẤT".
    Section,
}

/// A band is no longer, in letters.
const LONGEST: usize = 250;
/// A level or a time is no longer.
const LONGEST_TIME: usize = 70;

/// Reads a text as a band. `number` is what stands in the column of numbers beside it; times are those of `context`.
pub(super) fn read(
    written: &str,
    number: Option<&str>,
    standing: &Standing,
    context: Option<&Context<'_>>,
) -> Option<Band> {
    let written = text::nfc(written);
    if written.chars().count() > LONGEST {
        return None;
    }
    let bare = without_marks(&written);
    let folded = text::fold(bare);
    let words: Vec<&str> =
        folded.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_number = |word: &str| word.parse::<u8>().is_ok();
    let is_short = bare.chars().count() <= LONGEST_TIME;
    match words.as_slice() {
        ["muc", level, ..] if is_number(level) && is_short => Some(Band::Level { is_four: *level == "4" }),
        ["tieu", "chuan", number, rest @ ..] if is_number(number) && rest.first() != Some(&"tieu") => {
            Some(Band::Standard { number: (*number).to_owned(), title: title(bare) })
        }
        ["tieu", "chi", ..] => match criterion::read(bare, standing, false) {
            CriterionReading::One(criterion) | CriterionReading::Alone(criterion) => {
                Some(Band::Criterion(Some(criterion)))
            }
            CriterionReading::Several | CriterionReading::Unclear => Some(Band::Criterion(None)),
            CriterionReading::None => None,
        },
        _ if let Some(frame) =
            context.filter(|_| is_short && is_time(&words)).and_then(|context| Frame::find(bare, context)) =>
        {
            Some(Band::Time(frame, bare.to_owned()))
        }
        _ => {
            let mark = number.map(text::nfc).filter(|mark| !mark.is_empty());
            let mark =
                mark.as_deref().or_else(|| written.strip_suffix(bare).map(str::trim).filter(|mark| !mark.is_empty()));
            let mark = mark.map(|mark| mark.trim_matches(['.', ')', '(', ' ']));
            let by_mark =
                mark.is_some_and(|mark| !mark.is_empty() && mark.chars().all(|letter| "IVXABCDE".contains(letter)));
            (by_mark || is_capital(bare)).then_some(Band::Section)
        }
    }
}

/// Whether words begin as a time that others stand in: what it is the timeframe reader says.
fn is_time(words: &[&str]) -> bool {
    let is_count = |word: &str| word.bytes().all(|letter| letter.is_ascii_digit() || b"ivx".contains(&letter));
    match words {
        ["thang" | "tuan" | "quy", count, ..] => is_count(count) || matches!(*count, "thu" | "dau" | "cuoi"),
        ["hoc", "ky", ..] | ["hk" | "hki" | "hkii" | "hk1" | "hk2", ..] => true,
        [one, ..] => one.strip_prefix('t').is_some_and(|count| !count.is_empty() && is_count(count)),
        [] => false,
    }
}

/// A text without the number or mark of a list before it.
pub(super) fn without_marks(text: &str) -> &str {
    let mut rest = text.trim_start();
    for _ in 0..3 {
        let Some((mark, behind)) = rest.split_once(' ') else { return rest };
        let core = mark.trim_end_matches(['.', ')', ':', '/']);
        let is_sign = matches!(mark, "-" | "+" | "*" | "•" | "–" | "▪" | "➢" | "#");
        let is_number = core.len() < mark.len()
            && core.len() <= 7
            && core.chars().all(|letter| letter.is_ascii_digit() || letter == '.' || letter.is_ascii_alphabetic())
            && (core.len() == 1 || core.chars().all(|letter| letter.is_ascii_digit() || ".IVXivx".contains(letter)));
        if !(is_sign || is_number) {
            return rest;
        }
        rest = behind.trim_start();
    }
    rest
}

/// "Tổ chức và quản lý nhà trường" of "Tiêu chuẩn 1: …", "Tiêu chuẩn 1. …", "Tiêu chuẩn 1 - …".
fn title(bare: &str) -> Option<String> {
    let digits = bare.find(|letter: char| letter.is_ascii_digit())?;
    let behind = bare[digits..].trim_start_matches(|letter: char| letter.is_ascii_digit()).trim_start();
    let title = text::nfc(behind.trim_start_matches([':', '.', '-', '–', ',']));
    (!title.is_empty()).then_some(title)
}

/// Whether all letters are capitals, and there are several words of them.
pub(super) fn is_capital(line: &str) -> bool {
    let letters = line.chars().filter(|letter| letter.is_alphabetic()).count();
    letters >= 6 && !line.chars().any(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::SchoolYear;

    #[test]
    fn bands_say_what_follows() {
        let standard = |number: &str, title: &str| {
            Some(Band::Standard { number: number.to_owned(), title: (!title.is_empty()).then(|| title.to_owned()) })
        };
        let cases = [
            ("MỨC 4", Some(Band::Level { is_four: true })),
            ("Mức 1, 2, 3", Some(Band::Level { is_four: false })),
            ("Tiêu chuẩn 1: Tổ chức và quản lý", standard("1", "Tổ chức và quản lý")),
            ("1. Tiêu chuẩn 1. Tổ chức", standard("1", "Tổ chức")),
            ("II. TIÊU CHUẨN 3", standard("3", "")),
            ("Tiêu chí 1.4: Quản lý hành chính", Some(Band::Criterion(Some("1.4".to_owned())))),
            ("II. Cơ sở vật chất", Some(Band::Section)),
            ("CÔNG TÁC CHUYÊN MÔN", Some(Band::Section)),
            ("Học sinh tham gia giao thông", None),
            ("Sắp xếp hồ sơ", None),
        ];
        for (written, expected) in cases {
            assert_eq!(read(written, None, &Standing::default(), None), expected, "{written}");
        }
        let below = |written: &str, number: &str| read(written, Some(number), &Standing::default(), None);
        assert_eq!(below("Cơ sở vật chất", "II"), Some(Band::Section));
        assert_eq!(below("Sắp xếp hồ sơ", "2"), None);
    }

    #[test]
    fn times_of_their_own_are_bands() -> Result<(), String> {
        let date = jiff::civil::date;
        let year = SchoolYear::new(date(2023, 9, 5), vec![date(2024, 1, 14)], date(2024, 5, 31));
        let year = year.map_err(|error| format!("{error:?}"))?;
        let context = Context::of(&year);
        let is_time =
            |written: &str| matches!(read(written, None, &Standing::default(), Some(&context)), Some(Band::Time(..)));
        for written in ["THÁNG 10/2023", "2. Tháng 9 năm 2023", "Học kỳ I", "T11", "Tháng 9: Truyền thống nhà trường"]
        {
            assert!(is_time(written), "{written}");
        }
        for written in ["Tháng thanh niên", "Học sinh tham gia giao thông", "Tuần lễ sinh hoạt công dân"] {
            assert!(!is_time(written), "{written}");
        }
        Ok(())
    }
}
