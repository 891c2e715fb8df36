//! One set of figures: mail, document and page count alike, every task once, and sums are sums of rows; for any plan and any
//! story.
#![allow(clippy::unwrap_used)]

mod common;

use common::state::SchoolState;
use common::word::Word;
use common::{Files, plan, task};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use nhacviec::plan::Status;
use nhacviec::report::docx;
use nhacviec::schedule::ReviewId;
use proptest::prelude::*;

const OCTOBER: ReviewId = ReviewId::Month { year: 2023, month: 10 };
const TODAY: Date = date(2023, 11, 1);
/// The day on which the plan was issued.
const ISSUED: Date = date(2023, 9, 12);

/// A task of a story: the due date in days from today, `None` for an open time; the length of its span; what was reported.
type Story = (Option<i64>, Option<i64>, Option<Status>, u8);

fn stories() -> impl Strategy<Value = Vec<Story>> {
    let status = prop_oneof![
        Just(None),
        Just(Some(Status::InProgress)),
        Just(Some(Status::Blocked)),
        Just(Some(Status::Done)),
        Just(Some(Status::Cancelled)),
    ];
    let story = (proptest::option::weighted(0.9, -80_i64..120), proptest::option::of(0_i64..60), status, 1_u8..6);
    proptest::collection::vec(story, 1..14)
}

fn school(stories: &[Story]) -> SchoolState {
    let written = |(number, (due, length, _, standard)): (usize, &Story)| {
        let day = |days: i64| TODAY.checked_add(days.days()).unwrap();
        let time = match (due, length) {
            (Some(due), Some(length)) => format!("start = {}\ndue = {}", day(due - length), day(*due)),
            (Some(due), None) => format!("due = {}", day(*due)),
            (None, _) => "time = \"Cuối năm\"".to_owned(),
        };
        task(&format!("{standard}.{number}"), "Phó Hiệu trưởng", &time)
    };
    let tasks: Vec<String> = stories.iter().enumerate().map(written).collect();
    let files = Files::new(common::CONFIG, &plan(&tasks));
    let mut state = SchoolState::new(files, "2023-11-01T08:00:00");
    for (number, (_, _, status, standard)) in stories.iter().enumerate() {
        if let Some(status) = status {
            state.report(&format!("{standard}.{number}"), "2023-10-20T09:00:00", *status, None, None);
        }
    }
    state
}

/// Where a task belongs, by the story alone.
fn belongs((due, length, status, _): &Story) -> Option<&'static str> {
    let day = |days: i64| TODAY.checked_add(days.days()).unwrap();
    let due = due.map(day).filter(|due| *due >= ISSUED);
    Some(match (status, due) {
        (Some(Status::Cancelled), _) => return None,
        (Some(Status::Done), _) => "hoàn thành",
        (Some(Status::Blocked), _) => "vướng mắc",
        (_, None) => "thời hạn cần xem lại",
        (_, Some(due)) if due < TODAY => "quá hạn",
        (Some(_), _) => "đang thực hiện",
        (None, Some(due)) if length.is_some_and(|length| due.checked_sub(length.days()).unwrap() <= TODAY) => {
            "trong hạn, chưa có báo cáo"
        }
        (None, _) => "chưa đến kỳ",
    })
}

const STATES: [&str; 7] = [
    "hoàn thành",
    "vướng mắc",
    "quá hạn",
    "đang thực hiện",
    "trong hạn, chưa có báo cáo",
    "chưa đến kỳ",
    "thời hạn cần xem lại",
];

/// The number that stands in a text behind these words; 0 where they are not there.
fn number_after(text: &str, words: &str) -> usize {
    let Some((_, rest)) = text.split_once(words) else { return 0 };
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or_else(|_| panic!("no number behind {words:?}: {}", &rest[..rest.len().min(40)]))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_task_is_counted_once_and_everywhere_alike(stories in stories()) {
        let state = school(&stories);
        let counted = |wanted: &str| stories.iter().filter(|story| belongs(story) == Some(wanted)).count();
        let expected: Vec<usize> = STATES.iter().map(|word| counted(word)).collect();
        let recipient = state.person("Thanh tra");
        let composer = &state.loaded.composer;
        let (mail, word, page) = state.review_input(OCTOBER, |input| {
            let mail = composer.review(input, recipient, &state.now).unwrap().text;
            let document = composer.document(input, None, &state.now).unwrap();
            (mail, Word::open(&docx::write(&document).unwrap()), composer.timeline(input, None, &state.now).unwrap())
        });
        let in_mail: Vec<usize> = STATES.iter().map(|word| number_after(&mail, &format!("\n  {word}: "))).collect();
        prop_assert_eq!(&in_mail, &expected, "{}", mail);
        let all: usize = expected.iter().sum();
        prop_assert!(mail.contains(&format!("TỔNG SỐ NHIỆM VỤ: {}/{all} ", expected[0])), "{}", mail);
        // The document says so in words, and its table has the sums of its rows.
        let words = word.words();
        let line = words.lines().find(|line| line.starts_with("Tình trạng của ")).unwrap();
        let in_document: Vec<usize> = STATES.iter().map(|word| number_after(line, &format!(" {word} "))).collect();
        prop_assert_eq!(&in_document, &expected, "{}", line);
        let rows = words.lines().skip_while(|line| !line.starts_with("| Tiêu chuẩn | Tổng số")).skip(1);
        let mut sums = vec![0; 5];
        for row in rows.take_while(|line| line.starts_with('|')) {
            let cells: Vec<usize> =
                row.split('|').skip(2).filter_map(|cell| cell.trim().parse().ok()).collect();
            if row.starts_with("| Cộng") {
                prop_assert_eq!(&cells, &sums, "{}", words);
                prop_assert_eq!(&cells[2..], &[expected[0], expected[1], expected[2]][..], "{}", words);
            }
            sums.iter_mut().zip(&cells).for_each(|(sum, cell)| *sum += cell);
        }
        // The page has the same document, and each task in one state.
        let share = [format!("{}/{all} (", expected[0]), format!("{}&#x2f;{all} (", expected[0])];
        let is_there = share.iter().any(|share| page.contains(share.as_str()));
        prop_assert!(is_there, "{:?}", share);
    }
}

#[test]
fn a_blocked_task_that_is_late_is_blocked_and_says_how_late() {
    let state = school(&[(Some(-10), None, Some(Status::Blocked), 1)]);
    let recipient = state.person("Thanh tra");
    let mail =
        state.review_input(OCTOBER, |input| state.loaded.composer.review(input, recipient, &state.now).unwrap().text);
    assert!(mail.contains("vướng mắc: 1 (trong đó 1 đã quá hạn)"), "{mail}");
    assert!(mail.contains("\n  quá hạn: 0\n") && !mail.contains("\nQUÁ HẠN\n"), "{mail}");
    assert!(
        mail.contains(
            "VƯỚNG MẮC\n* Tiêu chí 1.0: Việc 1.0\n  Chủ trì: Phó Hiệu trưởng. Hạn 22/10/2023, quá hạn 10 ngày."
        ),
        "{mail}"
    );
}
