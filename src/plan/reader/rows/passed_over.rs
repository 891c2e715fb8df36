//! Rows that are no tasks by what they say: column numbers, totals, signatures.

use crate::text;

use super::super::table::Row;

/// Whether the number of a row is one below another: "1.2" below "1".
pub(super) fn is_part_of(row: &Row, column: Option<usize>, number: &str) -> bool {
    let own = column.and_then(|column| row.cells.get(column)).map(|cell| text::nfc(&cell.text)).unwrap_or_default();
    own.strip_prefix(number.trim_end_matches('.')).is_some_and(|rest| rest.starts_with('.') && rest.len() > 1)
}

/// "(1) (2) … (10)" or "A B 1 2" below the headings.
pub(super) fn is_numbering(own: &[(usize, String)]) -> bool {
    let number = |text: &str| text.trim_matches(['(', ')', ' ']).parse::<usize>().ok();
    let numbers: Vec<usize> = own.iter().filter_map(|(_, text)| number(text)).collect();
    let letters =
        own.iter().take_while(|(_, text)| matches!(text.as_str(), "A" | "B" | "C" | "(A)" | "(B)" | "(C)")).count();
    own.len() >= 3
        && numbers.len() + letters == own.len()
        && numbers.len() >= 2
        && numbers.windows(2).all(|two| two[0] + 1 == two[1])
}

/// "Tổng cộng", "Cộng", "Tổng kinh phí".
pub(super) fn is_total(written: &str) -> bool {
    let folded = text::fold(written);
    let words: Vec<&str> =
        folded.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    matches!(
        words.as_slice(),
        ["tong", "cong" | "so" | "kinh", ..]
            | ["tong", "hop"]
            | ["tong", "hop", "kinh", ..]
            | ["cong" | "tong"]
            | ["cong", "kinh", "phi"]
    )
}

/// Who signs, how, and below what.
pub(super) fn is_signature(written: &str) -> bool {
    const BEGINNINGS: &[&str] = &[
        "nguoi lap",
        "hieu truong",
        "pho hieu truong",
        "thu truong",
        "noi nhan",
        "ke toan",
        "nguoi duyet",
        "phe duyet",
        "duyet cua",
        "xac nhan",
        "(ky",
        "ky ten",
        "da ky",
        "tm.",
        "kt.",
        "chu tich",
        "to truong",
        "ban giam hieu",
        "thu ky",
        "- luu",
        "luu:",
        "giam doc",
        "truong phong",
    ];
    let folded = text::fold(written);
    let is_place_and_date =
        folded.contains("ngay") && folded.contains("thang") && folded.contains("nam") && folded.len() < 60;
    folded.len() < 80 && (is_place_and_date || BEGINNINGS.iter().any(|beginning| folded.starts_with(beginning)))
}
