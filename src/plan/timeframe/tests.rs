//! Every row of the design's time expressions, and what schools write besides.

use std::sync::LazyLock;

use jiff::civil::{Date, date};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::*;
use crate::calendar::SchoolYear;
use crate::text::fold;

fn year_2023() -> SchoolYear {
    SchoolYear::new(date(2023, 9, 5), vec![date(2024, 1, 14), date(2024, 5, 25)], date(2024, 5, 31)).unwrap()
}

/// "2023-10-01 2023-10-31", "- 2023-10-15" without a start, several joined by "; ", or "unresolved".
fn show(read: &Result<Reading, Unresolved>) -> String {
    let date = |date: Option<Date>| date.map_or_else(|| "-".to_owned(), |date| date.to_string());
    match read {
        Err(_) => "unresolved".to_owned(),
        Ok(reading) => {
            let shown: Vec<String> =
                reading.periods.iter().map(|period| format!("{} {}", date(period.start), period.due)).collect();
            shown.join("; ")
        }
    }
}

/// The ways to write a text that mean the same; without diacritics too where `plain`.
fn forms(text: &str, plain: bool) -> Vec<String> {
    let mut forms = vec![
        text.to_owned(),
        text.nfd().collect(),
        text.to_uppercase(),
        format!("  {text} "),
        text.replace(' ', "\u{a0}"),
        text.replace(' ', "  "),
        text.replace('-', "–"),
        text.replace(['-', '–'], "—"),
    ];
    if plain {
        forms.push(text.split('\n').map(fold).collect::<Vec<_>>().join("\n"));
    }
    forms
}

/// Reads each text in every form and compares.
fn assert_reads(table: &[(&str, &str)], year: &SchoolYear, plain: bool) {
    let mut wrong = Vec::new();
    for (text, expected) in table {
        for form in forms(text, plain) {
            let read = read(&form, &Context::of(year));
            if show(&read) != *expected {
                wrong.push(format!("{form:?}\n    expected {expected}\n    got      {} ({read:?})", show(&read)));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// A row of `tests/data/time-expressions.jsonl`: what is written where, and what it means.
struct Example {
    text: String,
    within: Option<String>,
    column: Option<Unit>,
    issued: Option<Date>,
    expected: String,
}

/// Periods as [`show`] has them, then how often and the codes of doubts.
fn show_all(read: &Result<Reading, Unresolved>) -> String {
    let more = read.as_ref().map(|reading| {
        let often = reading.recurrence.iter().map(ToString::to_string);
        let doubts = reading.doubts.iter().map(|doubt| doubt.code().to_owned());
        often.chain(doubts).fold(String::new(), |said, one| format!("{said}, {one}"))
    });
    show(read) + &more.unwrap_or_default()
}

fn examples() -> &'static [Example] {
    static EXAMPLES: LazyLock<Vec<Example>> = LazyLock::new(read_examples);
    &EXAMPLES
}

fn read_examples() -> Vec<Example> {
    let row = |line: &str| {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let periods = row["periods"].as_array().into_iter().flatten();
        let periods = periods.map(|one| format!("{} {}", one[0].as_str().unwrap_or("-"), one[1].as_str().unwrap()));
        let more = row["recurring"].as_str().into_iter().map(str::to_owned);
        let doubts = row["doubts"].as_array().into_iter().flatten().map(|doubt| doubt.as_str().unwrap().to_owned());
        let more = more.chain(doubts).fold(String::new(), |said, one| format!("{said}, {one}"));
        let expected = match row["unresolved"].as_bool() {
            Some(true) => "unresolved".to_owned(),
            _ => periods.collect::<Vec<_>>().join("; ") + &more,
        };
        Example {
            text: row["text"].as_str().unwrap().to_owned(),
            within: row["within"].as_str().map(str::to_owned),
            column: row["column"].as_str().map(|unit| match unit {
                "day" => Unit::Day,
                "week" => Unit::Week,
                _ => Unit::Month,
            }),
            issued: row["issued"].as_str().map(|date| date.parse().unwrap()),
            expected,
        }
    };
    include_str!("../../../tests/data/time-expressions.jsonl").lines().map(row).collect()
}

impl Example {
    fn read(&self, text: &str, year: &SchoolYear) -> Result<Reading, Unresolved> {
        let context = Context::of(year).issued(self.issued).column(self.column);
        let within = self.within.as_ref().map(|band| Frame::find(band, &context).unwrap());
        read(text, &context.within(within))
    }
}

#[test]
fn the_examples_of_the_design() {
    let examples = examples();
    assert!(examples.len() > 250, "only {} examples", examples.len());
    let mut wrong = Vec::new();
    for example in examples {
        for form in forms(&example.text, true) {
            let read = example.read(&form, &year_2023());
            if show_all(&read) != example.expected {
                let Example { within, expected, .. } = example;
                wrong.push(format!(
                    "{form:?} within {within:?}\n  expected {expected}\n  got {} ({read:?})",
                    show_all(&read)
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn months() {
    assert_reads(
        &[
            ("Tháng 10 năm 2023", "2023-10-01 2023-10-31"),
            ("T10/2023", "2023-10-01 2023-10-31"),
            ("T10-2023", "2023-10-01 2023-10-31"),
            ("10.2023", "2023-10-01 2023-10-31"),
            ("10-2023", "2023-10-01 2023-10-31"),
            ("Tháng 02/2024", "2024-02-01 2024-02-29"),
            ("tháng 8", "2023-08-01 2023-08-31"),
            ("tháng 7", "2024-07-01 2024-07-31"),
            ("Tháng 9, 10, 11/2023", "2023-09-01 2023-11-30"),
            ("9-11/2023", "2023-09-01 2023-11-30"),
            ("Tháng 9 - 11 năm 2023", "2023-09-01 2023-11-30"),
            ("Tháng 11, 12, 1/2024", "2023-11-01 2024-01-31"),
            ("Tháng 11 đến 2", "2023-11-01 2024-02-29"),
            ("T12/2023-T02/2024", "2023-12-01 2024-02-29"),
            ("Tháng Mười năm 2023", "2023-10-01 2023-10-31"),
            ("Tháng Mười một năm 2023", "2023-11-01 2023-11-30"),
            ("tháng tư năm 2024", "2024-04-01 2024-04-30"),
            ("tháng năm năm 2024", "2024-05-01 2024-05-31"),
            ("Đầu tháng 10/2023", "2023-10-01 2023-10-10"),
            ("Giữa tháng 2/2024", "2024-02-11 2024-02-20"),
            ("Cuối tháng 2 năm 2024", "2024-02-21 2024-02-29"),
            ("Dự kiến tháng 10/2023", "2023-10-01 2023-10-31"),
            ("Tháng 10 năm học 2023-2024", "2023-10-01 2023-10-31"),
        ],
        &year_2023(),
        true,
    );
}

#[test]
fn days() {
    assert_reads(
        &[
            ("ngày 15 tháng 10 năm 2023", "- 2023-10-15"),
            ("Ngày 15 tháng 10", "- 2023-10-15"),
            ("15.10.2023", "- 2023-10-15"),
            ("Trước tháng 1/2024", "- 2023-12-31"),
            ("Trước ngày 01/01/2024", "- 2023-12-31"),
            ("01-15/9/2023", "2023-09-01 2023-09-15"),
            ("Từ 09/9 - 14/9", "2023-09-09 2023-09-14"),
            ("Từ ngày 15/12 đến ngày 10/01/2024", "2023-12-15 2024-01-10"),
            ("từ 15/10 đến 20/11/2023", "2023-10-15 2023-11-20"),
            ("Ngày 01-15 tháng 9 năm 2023", "2023-09-01 2023-09-15"),
            ("Sáng 28/9", "- 2023-09-28"),
            ("8h00 ngày 28/9/2023", "- 2023-09-28"),
            ("7 giờ 30 phút ngày 28 tháng 9", "- 2023-09-28"),
            ("Thứ sáu, ngày 20/10/2023", "- 2023-10-20"),
            ("Chiều thứ 6 ngày 20/10/2023", "- 2023-10-20"),
            ("29/2/2024", "- 2024-02-29"),
            ("15/10 năm 2023", "- 2023-10-15"),
        ],
        &year_2023(),
        true,
    );
}

#[test]
fn spans_and_open_ends() {
    assert_reads(
        &[
            ("9/2023 đến hết năm học 2023-2024", "2023-09-01 2024-05-31"),
            ("Từ 10/2023 - hết năm học", "2023-10-01 2024-05-31"),
            ("Từ đầu năm học đến cuối tháng 12/2023", "2023-09-05 2023-12-31"),
            ("Từ tuần 2 tháng 9 đến hết HKI", "2023-09-08 2024-01-14"),
            ("Từ tháng 9/2023 cho đến tháng 5/2024", "2023-09-01 2024-05-31"),
            ("Từ ngày 05/9/2023 tới 30/9/2023", "2023-09-05 2023-09-30"),
            ("Từ tháng 9/2023", "2023-09-01 2024-05-31"),
            ("Bắt đầu từ tuần 3 tháng 9", "2023-09-15 2024-05-31"),
            ("Bắt đầu: 9/2023\nHoàn thành: 12/2023", "2023-09-01 2023-12-31"),
            ("Bắt đầu tháng 11, hoàn thành tháng 3/2024", "2023-11-01 2024-03-31"),
            ("Từ học kỳ II", "2024-01-15 2024-05-31"),
            ("Giai đoạn 2023-2025", "2023-01-01 2025-12-31"),
            ("Từ 9/2023\nđến 5/2024", "2023-09-01 2024-05-31"),
        ],
        &year_2023(),
        true,
    );
}

#[test]
fn due_only() {
    assert_reads(
        &[
            ("Hoàn thành trong tháng 10/2023", "- 2023-10-31"),
            ("Hoàn thành trước ngày 15 tháng 10 năm 2023", "- 2023-10-14"),
            ("Xong trước 10/2023", "- 2023-09-30"),
            ("Chậm nhất cuối quý I/2024", "- 2024-03-31"),
            ("Chậm nhất là ngày 15/10/2023", "- 2023-10-15"),
            ("Muộn nhất ngày 15/10/2023", "- 2023-10-15"),
            ("Hạn: 15/10/2023", "- 2023-10-15"),
            ("Hạn cuối: 15/10/2023", "- 2023-10-15"),
            ("Đến hết tháng 12/2023", "- 2023-12-31"),
            ("Hết tháng 12", "- 2023-12-31"),
            ("Đến năm 2025", "- 2025-12-31"),
            ("Sơ kết học kỳ I", "- 2024-01-14"),
            ("Tổng kết năm học 2023-2024", "- 2024-05-31"),
            ("Kết thúc năm học", "- 2024-05-31"),
            ("Hoàn thành cuối HKI", "- 2024-01-14"),
        ],
        &year_2023(),
        true,
    );
}

#[test]
fn terms_weeks_quarters_and_years() {
    assert_reads(
        &[
            ("HKI", "2023-09-05 2024-01-14"),
            ("Học kỳ 2", "2024-01-15 2024-05-25"),
            ("Đầu năm học", "2023-09-05 2023-09-30"),
            ("Đầu học kỳ II", "2024-01-15 2024-01-31"),
            ("Cuối HKII", "- 2024-05-25"),
            ("Trước học kỳ II", "- 2024-01-14"),
            ("Suốt năm học", "2023-09-05 2024-05-31"),
            ("Tuần 5 tháng 10/2023", "2023-10-29 2023-10-31"),
            ("Tuần 1 và 2 tháng 10", "2023-10-01 2023-10-14"),
            ("Tuần đầu tháng 10", "2023-10-01 2023-10-07"),
            ("Tuần 3 của tháng 10/2023", "2023-10-15 2023-10-21"),
            ("Tuần 10", "2023-11-06 2023-11-12"),
            ("Quý 1 năm 2024", "2024-01-01 2024-03-31"),
            ("Quý IV", "2023-10-01 2023-12-31"),
            ("Quý II", "2024-04-01 2024-06-30"),
            ("Cuối quý I/2024", "2024-03-01 2024-03-31"),
            ("6 tháng đầu năm 2024", "2024-01-01 2024-06-30"),
            ("Năm 2024", "2024-01-01 2024-12-31"),
            ("Đầu năm 2024", "2024-01-01 2024-01-31"),
            ("Cuối năm 2023", "2023-12-01 2023-12-31"),
            ("Trước khai giảng", "- 2023-09-04"),
            ("Ngày khai giảng", "- 2023-09-05"),
            ("Hè", "2024-06-01 2024-07-31"),
        ],
        &year_2023(),
        true,
    );
}

#[test]
fn ongoing() {
    let whole = "2023-09-05 2024-05-31";
    let table: Vec<(&str, &str)> = [
        "Hằng tháng",
        "Hàng tuần",
        "Liên tục",
        "Mỗi tháng 1 lần",
        "2 lần/học kỳ",
        "Hằng quý",
        "Hằng năm",
        "Ngày 20 hàng tháng",
        "Thứ hai hàng tuần",
        "Định kỳ mỗi tháng một lần",
        "Thường xuyên trong năm học",
        "Thường xuyên suốt năm học",
        "01 lần/tháng",
    ]
    .iter()
    .map(|text| (*text, whole))
    .collect();
    assert_reads(&table, &year_2023(), false);
    assert_reads(
        &[
            ("Thường xuyên từ 9/2023 đến 5/2024", "2023-09-01 2024-05-31"),
            ("Hằng tuần, từ tháng 10/2023", "2023-10-01 2024-05-31"),
            ("Thường xuyên trong học kỳ I", "2023-09-05 2024-01-14"),
            ("Hằng tháng, từ tháng 9 đến tháng 12/2023", "2023-09-01 2023-12-31"),
        ],
        &year_2023(),
        true,
    );
}

#[test]
fn separate_periods() {
    assert_reads(
        &[
            ("Tháng 10/2023; tháng 3/2024", "2023-10-01 2023-10-31; 2024-03-01 2024-03-31"),
            ("Cuối HKI và cuối HKII", "- 2024-01-14; - 2024-05-25"),
            ("Tháng 10/2023\nTháng 3/2024", "2023-10-01 2023-10-31; 2024-03-01 2024-03-31"),
            ("20/11, 22/12", "- 2023-11-20; - 2023-12-22"),
        ],
        &year_2023(),
        true,
    );
}

#[test]
fn the_next_month_is_not_the_sixth() {
    let six = "2024-06-01 2024-06-30";
    assert_reads(&[("tháng sau", "unresolved"), ("Tháng sáu", six)], &year_2023(), false);
    assert_reads(&[("thang sau", six)], &year_2023(), true);
}

#[test]
fn what_is_left_open_is_unresolved() {
    let table: Vec<(&str, &str)> = [
        "",
        "…",
        "...",
        "-",
        "Tháng   năm 2023",
        "Tháng …/2023",
        "..../2023",
        "Tháng",
        "Tháng 13/2023",
        "Cuối năm",
        "Đầu năm",
        "Trong năm",
        "Giữa học kỳ I",
        "Năm học 2024-2025",
        "2024-2025",
        "Trước Tết Nguyên đán",
        "31/9/2023",
        "29/02/2023",
        "Tuần 5 tháng 2/2023",
        "Tuần 60",
        "Từ 5/2024 đến 9/2023",
        "Từ tháng 6/2024",
        "Theo kế hoạch",
        "Khi có kinh phí",
        "Ngay",
        "Tháng 10/2023 nếu có kinh phí",
        "10/2023 (dự phòng 11)",
        "Ngày 15",
        "0/2023",
        "00/10/2023",
        "Quý V/2024",
        "Học kỳ III",
        "Sau khi khai giảng",
        "999999999999/2023",
        "Tháng 10 hoặc 11",
    ]
    .iter()
    .map(|text| (*text, "unresolved"))
    .collect();
    assert_reads(&table, &year_2023(), true);
}

#[test]
fn the_reason_names_what_is_wrong() {
    let year = year_2023();
    let read = |text| read(text, &Context::of(&year)).map(|reading| reading.periods);
    assert_eq!(read(""), Err(Unresolved::Empty));
    assert_eq!(read("…"), Err(Unresolved::Empty));
    assert_eq!(read("Tháng   năm 2023"), Err(Unresolved::MonthMissing));
    assert_eq!(read("Cuối năm"), Err(Unresolved::YearMissing));
    assert_eq!(read("Năm học 2024-2025"), Err(Unresolved::OtherSchoolYear { from: 2024, to: 2025 }));
    assert_eq!(read("31/9/2023"), Err(Unresolved::NotInCalendar("31/9/2023".to_owned())));
    assert_eq!(read("Học kỳ III"), Err(Unresolved::NoSuchTerm(3)));
    assert_eq!(
        read("Từ 5/2024 đến 9/2023"),
        Err(Unresolved::EndsBeforeStart { start: date(2024, 5, 1), due: date(2023, 9, 30) })
    );
    assert_eq!(read("Tháng 10/2023 nếu có kinh phí"), Err(Unresolved::NotUnderstood("nếu có kinh phí".to_owned())));
}

#[test]
fn another_school_year_has_other_dates() {
    let year =
        SchoolYear::new(date(2026, 9, 7), vec![date(2027, 1, 17), date(2027, 5, 30)], date(2027, 5, 31)).unwrap();
    assert_reads(
        &[
            ("Tháng 3", "2027-03-01 2027-03-31"),
            ("Tuần 1", "2026-09-07 2026-09-13"),
            ("HKII", "2027-01-18 2027-05-30"),
            ("Năm học 2026-2027", "2026-09-07 2027-05-31"),
            ("Năm học 2023-2024", "unresolved"),
            ("Đầu năm học", "2026-09-07 2026-09-30"),
        ],
        &year,
        true,
    );
}

/// Words that no expression of the table knows.
const UNKNOWN: [&str; 16] = [
    "nếu", "riêng", "hoặc", "ngoài", "không", "trừ", "kinh", "lớp", "khối", "Tết", "chưa", "hoãn", "xyz", "khác",
    "cùng", "bão",
];

/// Every place in a text at which a word may be put in.
fn gaps(text: &str) -> Vec<usize> {
    let blanks = text.char_indices().filter(|(_, letter)| letter.is_whitespace() || "()".contains(*letter));
    [0].into_iter().chain(blanks.map(|(at, _)| at)).chain([text.len()]).collect()
}

#[test]
fn a_word_that_is_not_known_is_never_passed_over() {
    let year = year_2023();
    for example in examples().iter().filter(|example| example.expected != "unresolved") {
        for (at, word) in gaps(&example.text).into_iter().zip(UNKNOWN.iter().cycle()) {
            let text = format!("{} {word} {}", &example.text[..at], &example.text[at..]);
            let read = example.read(&text, &year);
            let reason = read.as_ref().err();
            let is_told = reason.is_some_and(|reason| match reason {
                Unresolved::NotUnderstood(words) => words.contains(&word.to_lowercase()),
                // "Cuối năm nếu …": what comes first is wrong already.
                other => matches!(other, Unresolved::MonthMissing | Unresolved::YearMissing),
            });
            assert!(is_told, "{text:?} is read as {read:?}");
        }
    }
}

/// A text written otherwise: letters taken apart, blanks and dashes of another kind, capitals.
fn rewritten(text: &str, choices: &[u8]) -> String {
    let mut choices = choices.iter().cycle();
    let mut choose = |count: u8| choices.next().map_or(0, |choice| choice % count);
    let mut written = String::new();
    for letter in text.chars() {
        match letter {
            ' ' => written.push_str([" ", "\u{a0}", "  ", "\u{2009}", "\u{200b} ", "\t"][usize::from(choose(6))]),
            '-' | '–' | '—' => written.push(['-', '–', '—', '‑', '−'][usize::from(choose(5))]),
            letter => match choose(3) {
                0 => written.extend(letter.nfd()),
                1 => written.extend(letter.to_uppercase()),
                _ => written.push(letter),
            },
        }
    }
    written
}

proptest! {
    #[test]
    fn a_word_of_any_letters_makes_an_expression_unresolved(
        example in 0..examples().len(),
        gap in 0_usize..100,
        word in "[b-z]{2}[ạảấặểễộủữ][b-z]{2,6}",
    ) {
        let example = &examples()[example];
        let gaps = gaps(&example.text);
        let at = gaps[gap % gaps.len()];
        let text = format!("{} {word} {}", &example.text[..at], &example.text[at..]);
        let read = example.read(&text, &year_2023());
        prop_assert!(read.is_err(), "{:?} is read as {:?}", text, read);
    }

    #[test]
    fn letters_blanks_and_dashes_of_another_kind_do_not_matter(
        example in 0..examples().len(),
        choices in proptest::collection::vec(any::<u8>(), 1..40),
    ) {
        let example = &examples()[example];
        let year = year_2023();
        let text = rewritten(&example.text, &choices);
        let (read, other) = (example.read(&example.text, &year), example.read(&text, &year));
        prop_assert_eq!(show_all(&read), show_all(&other), "{:?}", text);
    }

    #[test]
    fn any_band_is_looked_into_without_a_panic(band in "\\PC{0,60}", text in "(Tuần|tháng|ngày|HK|[0-9]{1,2}|[ /(),-]|Quý){0,12}") {
        let year = year_2023();
        let context = Context::of(&year).column(Some(Unit::Day));
        let frame = Frame::find(&band, &context).or_else(|| Frame::find(&text, &context));
        let read = read(&text, &context.within(frame));
        for period in read.map(|reading| reading.periods).unwrap_or_default() {
            prop_assert!(period.start.is_none_or(|start| start <= period.due));
        }
    }
}

#[test]
fn bands_sheets_and_titles_name_what_holds_below_them() {
    let year = year_2023();
    let context = Context::of(&year);
    let october = "2023-10-01 to 2023-10-31";
    for (band, expected) in [
        ("THÁNG 10 NĂM 2023", Some(october)),
        ("Tháng 10", Some(october)),
        ("T10", Some(october)),
        ("II. Tháng 10/2023: Chủ điểm \"Chăm ngoan, học giỏi\"", Some(october)),
        ("KẾ HOẠCH CÔNG TÁC THÁNG 10 NĂM 2023", Some(october)),
        ("Kế hoạch tháng 10, năm học 2023-2024", Some(october)),
        ("HỌC KỲ I", Some("2023-09-05 to 2024-01-14")),
        ("A. Học kỳ II (từ 15/01/2024 đến 25/5/2024)", Some("2024-01-15 to 2024-05-25")),
        ("Quý IV/2023", Some("2023-10-01 to 2023-12-31")),
        ("Tuần 2 (09/10 - 14/10)", Some("2023-10-09 to 2023-10-14")),
        ("Tháng 10/2024, năm học 2024-2025", None),
        ("Tháng 9 và tháng 10", None),
        ("KẾ HOẠCH NĂM HỌC 2023-2024", None),
        ("Tiêu chí 1.10: Đảm bảo trường học an toàn", None),
        ("Tiêu chuẩn 2", None),
        ("", None),
    ] {
        let found = Frame::find(band, &context).map(|frame| frame.period().to_string());
        assert_eq!(found.as_deref(), expected, "{band:?}");
    }
    let october = Frame::find("THÁNG 10", &context);
    let week = Frame::find("Tuần 3", &context.within(october)).unwrap();
    assert_eq!(week.period().to_string(), "2023-10-15 to 2023-10-21");
}

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic_and_runs_forward(text in "\\PC{0,60}") {
        for period in read(&text, &Context::of(&year_2023())).map(|reading| reading.periods).unwrap_or_default() {
            prop_assert!(period.start.is_none_or(|start| start <= period.due));
        }
    }

    #[test]
    fn words_of_the_language_in_any_order_are_read_without_a_panic(
        words in proptest::collection::vec(
            proptest::sample::select(vec![
                "tháng", "ngày", "năm", "học", "kỳ", "I", "II", "quý", "tuần", "đầu", "giữa", "cuối", "từ", "đến", "hết",
                "trước", "hoàn thành", "bắt đầu", "10", "2023", "15", "/", "-", ".", ",", ";", "và", "9", "24", "hằng", "lần",
                "khai giảng", "trong", "thứ", "8h", "\n", ":", "99", "mười", "hai", "sơ kết", "giai đoạn", "hè", "…",
            ]),
            0..12,
        )
    ) {
        for period in read(&words.join(" "), &Context::of(&year_2023())).map(|reading| reading.periods).unwrap_or_default() {
            prop_assert!(period.start.is_none_or(|start| start <= period.due));
        }
    }
}

#[test]
fn what_the_configuration_settles_is_of_any_year() {
    let year = year_2023();
    let context = Context::of(&year);
    assert_eq!(read("10/2028", &context), Err(Unresolved::FarFromSchoolYear(date(2028, 10, 31))));
    let settled = read("10/2028", &context.settled()).unwrap();
    assert_eq!((settled.to_string().as_str(), settled.doubts.len()), ("2028-10-01 to 2028-10-31", 0));
}
