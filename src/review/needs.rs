//! Money and conditions that are missing: what somebody reported, and what the plan says must come from outside.

use crate::plan::{Status, Task};
use crate::text;

use super::{ReviewInput, ReviewItem, ReviewReport};

/// Words of a budget column that name no money by themselves, without diacritics: with no others it asks for nothing.
const NOTHING: &[&str] = &[
    "khong", "co", "can", "ton", "phai", "phat", "sinh", "su", "dung", "yeu", "cau", "kinh", "phi", "chi", "tien",
    "ngan", "sach", "dong", "vnd", "d", "none", "no", "nil", "n", "a", "budget", "money", "needed", "x",
];
/// With these words first the work is done along with other work.
const ALONG_WITH: &str = "long ghep";
/// Words for those outside the school who provide money or conditions, without diacritics.
const OUTSIDE: &[&str] = &[
    "ubnd",
    "uy ban nhan dan",
    "phong gd dt",
    "pgd",
    "so gd dt",
    "so giao duc",
    "phong giao duc",
    "cap tren",
    "cap xa",
    "dia phuong",
    "xa hoi hoa",
    "tai tro",
    "nha hao tam",
    "manh thuong quan",
    "phu huynh",
    "cha me hoc sinh",
    "du an",
    "nha nuoc cap",
    "ngan sach cap",
    "tham muu",
];
/// Words of a note by which money is missing, without diacritics.
const MONEY: &[&str] = &["kinh phi", "ngan sach", "nguon von", "budget", "money", "fund", "funds", "funding"];
/// Another such word, with diacritics: without them it could also be *tiện* (means) or *tiến* (ahead).
const MONEY_WITH_DIACRITICS: &str = "tiền";

/// A task that lacks something.
#[derive(Clone, Copy, Debug)]
pub struct Need<'a> {
    /// The task with its last report.
    pub item: ReviewItem<'a>,
    /// Whether it lacks money, by what was reported.
    pub money: bool,
    /// Whether somebody reported it. Otherwise the plan says that something must come from outside, and the task is
    /// overdue.
    pub reported: bool,
}

/// The budget of a task as the plan has it, where that is anything: "0 đồng", "Không cần kinh phí", "Lồng ghép" and "/"
/// are nothing.
#[must_use]
pub fn budget(task: &Task) -> Option<&str> {
    task.budget.as_deref().filter(|budget| !is_nothing(budget))
}

fn is_nothing(budget: &str) -> bool {
    let words = words(budget);
    let has_digit = words.chars().any(|letter| ('1'..='9').contains(&letter));
    if has_digit {
        return false;
    }
    words.starts_with(ALONG_WITH)
        || words.split_whitespace().all(|word| NOTHING.contains(&word) || is_zero(word))
            && (words.len() <= 1 || words.split_whitespace().any(|word| says_none(word) || is_zero(word)))
}

/// Whether a word is nothing but zeros, with a currency behind them or not.
fn is_zero(word: &str) -> bool {
    let currency = word.trim_start_matches('0');
    currency.len() < word.len() && (currency.is_empty() || NOTHING.contains(&currency))
}

/// Whether a word says that there is none.
fn says_none(word: &str) -> bool {
    ["khong", "no", "none", "nil", "n"].contains(&word)
}

/// A text in small letters without diacritics, its words separated by one blank, without other signs.
fn words(text: &str) -> String {
    let letters = text::fold(text).replace(|letter: char| !letter.is_alphanumeric(), " ");
    letters.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The needs: blocked tasks, and overdue ones for which the plan says that something must come from outside.
#[must_use]
pub fn needs<'a>(report: &ReviewReport<'a>, facts: &ReviewInput<'a>) -> Vec<Need<'a>> {
    let blocked = report.blocked.iter().map(|item| Need {
        item: *item,
        money: obstacle(item, facts).is_some_and(speaks_of_money),
        reported: true,
    });
    let from_outside = report.overdue.iter().filter(|item| is_from_outside(item.task));
    blocked.chain(from_outside.map(|item| Need { item: *item, money: false, reported: false })).collect()
}

/// What stands in the way of a task: the words of the last report that said so.
#[must_use]
pub fn obstacle<'a>(item: &ReviewItem<'a>, facts: &ReviewInput<'a>) -> Option<&'a str> {
    let reports = facts.progress.history(&item.task.id).iter().rev();
    reports.filter(|entry| entry.status == Status::Blocked).find_map(|entry| entry.note.as_deref())
}

/// Whether the plan says that money or conditions come from outside the school.
fn is_from_outside(task: &Task) -> bool {
    let support = task.support.as_deref().filter(|support| !is_nothing(support));
    let columns = [budget(task), support].into_iter().flatten().map(words);
    columns.into_iter().any(|text| OUTSIDE.iter().any(|word| has_word(&text, word)))
}

fn has_word(text: &str, word: &str) -> bool {
    format!(" {text} ").contains(&format!(" {word} "))
}

fn speaks_of_money(note: &str) -> bool {
    let letters = text::nfc(note).to_lowercase().replace(|letter: char| !letter.is_alphanumeric(), " ");
    MONEY.iter().any(|word| has_word(&words(note), word)) || has_word(&letters, MONEY_WITH_DIACRITICS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_that_speak_of_money() {
        for note in ["Chờ kinh phí.", "chưa có TIỀN mua", "no budget yet", "Ngân sách chưa cấp"] {
            assert!(speaks_of_money(note), "{note}");
        }
        for note in ["thiếu người", "chờ phương tiện", "trời mưa", ""] {
            assert!(!speaks_of_money(note), "{note}");
        }
    }

    #[test]
    fn budgets_that_are_nothing_in_any_wording() {
        for budget in [
            "",
            "-",
            "–",
            "/",
            "//",
            "...",
            "x",
            "0",
            "0 đ",
            "0đ",
            "0 đồng",
            "0 VNĐ",
            "0.000 đồng",
            "0,0",
            "Không",
            "không có",
            "Không có.",
            "KHÔNG",
            "Không cần kinh phí",
            "Không sử dụng kinh phí",
            "Không tốn kinh phí",
            "Không phát sinh",
            "Không phát sinh kinh phí",
            "Không yêu cầu kinh phí",
            "Lồng ghép",
            "Lồng ghép vào sinh hoạt chuyên môn",
            "none",
            "No budget",
            "N/A",
        ] {
            assert!(is_nothing(budget), "{budget}");
        }
        for budget in [
            "500.000 đồng",
            "10 triệu",
            "Ngân sách",
            "Kinh phí",
            "Kinh phí nhà trường",
            "Ngân sách nhà nước",
            "Xã hội hóa",
            "Có",
            "Chi thường xuyên",
            "Lồng ghép, 2.000.000đ",
            "Không quá 5 triệu đồng",
            "Theo dự toán",
        ] {
            assert!(!is_nothing(budget), "{budget}");
        }
    }
}
