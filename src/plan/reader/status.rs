//! How far a task is, by the column that says so ("Mức độ thực hiện"; Circular 57/2026/TT-BGDĐT, annex V, form 2).

use crate::plan::{Reported, Status};
use crate::text;

/// The words of a status, without diacritics; the first that is found counts.
const WORDS: &[(&str, Status)] = &[
    ("chua hoan thanh", Status::InProgress),
    ("chua xong", Status::InProgress),
    ("chua thuc hien", Status::NotStarted),
    ("chua trien khai", Status::NotStarted),
    ("chua bat dau", Status::NotStarted),
    ("khong thuc hien", Status::Cancelled),
    ("huy", Status::Cancelled),
    ("vuong", Status::Blocked),
    ("tam dung", Status::Blocked),
    ("kho khan", Status::Blocked),
    ("dang", Status::InProgress),
    ("hoan thanh", Status::Done),
    ("xong", Status::Done),
    ("dat", Status::Done),
];

/// What a cell of the column says; `None` where that is not understood.
pub(super) fn read(written: &str) -> Option<Reported> {
    let folded = text::fold(written);
    let (_, status) = WORDS.iter().find(|(words, _)| folded.contains(words)).copied().or_else(|| {
        // A percentage alone is one as well.
        folded.trim_end().ends_with('%').then_some(("", Status::InProgress))
    })?;
    let percent = folded.split_once('%').and_then(|(before, _)| {
        let digits = before.trim_end().rsplit(|letter: char| !letter.is_ascii_digit()).next()?;
        digits.parse::<u8>().ok().filter(|percent| *percent <= 100)
    });
    let status = if percent == Some(100) && status == Status::InProgress { Status::Done } else { status };
    let percent = if status == Status::Done { Some(100) } else { percent };
    Some(Reported { status, percent })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_forms_are_a_status() {
        let cases = [
            ("Hoàn thành", Some((Status::Done, Some(100)))),
            ("Đã xong", Some((Status::Done, Some(100)))),
            ("Đang thực hiện - 40%", Some((Status::InProgress, Some(40)))),
            ("đang thực hiện", Some((Status::InProgress, None))),
            ("Chưa hoàn thành (75 %)", Some((Status::InProgress, Some(75)))),
            ("100%", Some((Status::Done, Some(100)))),
            ("60%", Some((Status::InProgress, Some(60)))),
            ("Chưa thực hiện", Some((Status::NotStarted, None))),
            ("Vướng mắc: chờ kinh phí", Some((Status::Blocked, None))),
            ("Không thực hiện", Some((Status::Cancelled, None))),
            ("Xem minh chứng", None),
            ("400%", Some((Status::InProgress, None))),
        ];
        for (written, expected) in cases {
            assert_eq!(read(written).map(|reported| (reported.status, reported.percent)), expected, "{written}");
        }
    }
}
