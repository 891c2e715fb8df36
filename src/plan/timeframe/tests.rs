//! Every row of the design's time expressions, and what schools write besides.

use jiff::civil::{Date, date};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::*;
use crate::text::fold;

fn year_2023() -> SchoolYear {
    SchoolYear::new(date(2023, 9, 5), vec![date(2024, 1, 14), date(2024, 5, 25)], date(2024, 5, 31)).unwrap()
}

/// "2023-10-01 2023-10-31", "- 2023-10-15" without a start, several joined by "; ", or "unresolved".
fn show(read: &Result<Vec<Period>, Unresolved>) -> String {
    let date = |date: Option<Date>| date.map_or_else(|| "-".to_owned(), |date| date.to_string());
    match read {
        Err(_) => "unresolved".to_owned(),
        Ok(periods) => {
            let shown: Vec<String> =
                periods.iter().map(|period| format!("{} {}", date(period.start), period.due)).collect();
            shown.join("; ")
        }
    }
}

/// Reads each text as written, decomposed and in capitals and compares; without diacritics too where `plain`.
fn assert_reads(table: &[(&str, &str)], year: &SchoolYear, plain: bool) {
    let mut wrong = Vec::new();
    for (text, expected) in table {
        let mut forms = vec![(*text).to_owned(), text.nfd().collect(), text.to_uppercase(), format!("  {text} ")];
        if plain {
            forms.push(fold(text));
        }
        for form in forms {
            let read = read(&form, year);
            if show(&read) != *expected {
                wrong.push(format!("{form:?}\n    expected {expected}\n    got      {} ({read:?})", show(&read)));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_examples_of_the_design() {
    let lines = include_str!("../../../tests/data/time-expressions.jsonl").lines();
    let examples: Vec<(String, String)> = lines
        .map(|line| {
            let example: serde_json::Value = serde_json::from_str(line).unwrap();
            let periods = example["periods"].as_array().cloned().unwrap_or_default();
            let period = |period: &serde_json::Value| {
                format!("{} {}", period[0].as_str().unwrap_or("-"), period[1].as_str().unwrap())
            };
            let expected = match example["unresolved"].as_bool() {
                Some(true) => "unresolved".to_owned(),
                _ => periods.iter().map(period).collect::<Vec<_>>().join("; "),
            };
            (example["text"].as_str().unwrap().to_owned(), expected)
        })
        .collect();
    assert!(examples.len() > 100, "only {} examples", examples.len());
    let table: Vec<(&str, &str)> = examples.iter().map(|(text, expected)| (text.as_str(), expected.as_str())).collect();
    assert_reads(&table, &year_2023(), true);
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
        "Hè",
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
    assert_eq!(read("", &year), Err(Unresolved::Empty));
    assert_eq!(read("…", &year), Err(Unresolved::Empty));
    assert_eq!(read("Tháng   năm 2023", &year), Err(Unresolved::MonthMissing));
    assert_eq!(read("Cuối năm", &year), Err(Unresolved::YearMissing));
    assert_eq!(read("Năm học 2024-2025", &year), Err(Unresolved::OtherSchoolYear { from: 2024, to: 2025 }));
    assert_eq!(read("31/9/2023", &year), Err(Unresolved::NotInCalendar("31/9/2023".to_owned())));
    assert_eq!(read("Học kỳ III", &year), Err(Unresolved::NoSuchTerm(3)));
    assert_eq!(
        read("Từ 5/2024 đến 9/2023", &year),
        Err(Unresolved::EndsBeforeStart { start: date(2024, 5, 1), due: date(2023, 9, 30) })
    );
    assert_eq!(
        read("Tháng 10/2023 nếu có kinh phí", &year),
        Err(Unresolved::NotUnderstood("nếu có kinh phí".to_owned()))
    );
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

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic_and_runs_forward(text in "\\PC{0,60}") {
        for period in read(&text, &year_2023()).unwrap_or_default() {
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
        for period in read(&words.join(" "), &year_2023()).unwrap_or_default() {
            prop_assert!(period.start.is_none_or(|start| start <= period.due));
        }
    }
}
