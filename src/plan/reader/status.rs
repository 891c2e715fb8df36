//! How far a task is, by the column that says so ("Mức độ thực hiện"; Circular 57/2026/TT-BGDĐT, annex V, form 2).

use crate::plan::{Reported, Status};
use crate::text;

/// The words of a status, without diacritics; the first that is found counts.
const WORDS: &[(&str, Status)] = &[
    ("chua hoan thanh", Status::InProgress),
    ("chua xong", Status::InProgress),
    ("chua dat", Status::InProgress),
    ("khong dat", Status::InProgress),
    ("chua thuc hien", Status::NotStarted),
    ("chua trien khai", Status::NotStarted),
    ("chua bat dau", Status::NotStarted),
    ("khong thuc hien", Status::Cancelled),
    ("huy bo", Status::Cancelled),
    ("da huy", Status::Cancelled),
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
    // Without diacritics "đặt hàng" would have reached a goal, and the Party would be at work.
    let folded = text::fold(&text::nfc(written).to_lowercase().replace("đặt", "").replace("đảng", ""));
    let words: String =
        folded.split(|letter: char| !letter.is_alphanumeric()).flat_map(|word| [" ", word]).chain([" "]).collect();
    let stands = |phrase: &str| words.contains(&format!(" {phrase} "));
    let alone = (words.trim() == "huy").then_some(("huy", Status::Cancelled));
    let (_, status) = alone.or_else(|| WORDS.iter().find(|(words, _)| stands(words)).copied()).or_else(|| {
        // A percentage alone is one as well.
        folded.trim_end().ends_with('%').then_some(("", Status::InProgress))
    })?;
    let percent = folded.split_once('%').and_then(|(before, _)| {
        let digits = before.trim_end().rsplit(|letter: char| !letter.is_ascii_digit()).next()?;
        digits.parse::<u8>().ok().filter(|percent| *percent <= 100)
    });
    // "Hoàn thành 70%" is no more done than "70%".
    let status = match (status, percent) {
        (Status::InProgress, Some(100)) => Status::Done,
        (Status::Done, Some(..=99)) => Status::InProgress,
        _ => status,
    };
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
            ("Chưa đạt", Some((Status::InProgress, None))),
            ("Không đạt", Some((Status::InProgress, None))),
            ("Đạt 50%", Some((Status::InProgress, Some(50)))),
            ("Hoàn thành 70%", Some((Status::InProgress, Some(70)))),
            ("Hoàn thành 100%", Some((Status::Done, Some(100)))),
            ("Đã báo cáo Đảng ủy", None),
            ("Đã đặt hàng", None),
            ("Phát huy tốt", None),
            ("Hủy", Some((Status::Cancelled, None))),
        ];
        for (written, expected) in cases {
            assert_eq!(read(written).map(|reported| (reported.status, reported.percent)), expected, "{written}");
        }
    }
}
