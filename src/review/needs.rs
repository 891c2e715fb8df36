//! Money and conditions: what a task needs by the plan, and what is missing by the reports.

use crate::plan::Task;
use crate::text;

use super::{ReviewInput, ReviewItem, ReviewReport};

/// Entries of a budget column for "no money", without diacritics.
const NO_MONEY: &[&str] = &["khong", "khong co", "0", "-", "none", "no"];
/// Words of a note by which money is missing, without diacritics.
const MONEY: &[&str] = &["kinh phi", "ngan sach", "nguon von", "budget", "money", "fund", "funds", "funding"];
/// Another such word, with diacritics: without them it could also be *tiện* (means) or *tiến* (ahead).
const MONEY_WITH_DIACRITICS: &str = "tiền";

/// A task that lacks something.
#[derive(Clone, Copy, Debug)]
pub struct Need<'a> {
    /// The task with its last report.
    pub item: ReviewItem<'a>,
    /// Whether it lacks money: by the note, else by the plan's budget column.
    pub money: bool,
    /// Whether somebody reported it. Otherwise the task is overdue, needs money by the plan, and nobody has reported.
    pub reported: bool,
}

/// Whether the plan's budget column names money.
#[must_use]
pub fn needs_money(task: &Task) -> bool {
    let budget = task.budget.as_deref().map(text::fold).unwrap_or_default();
    let budget = budget.trim_end_matches('.');
    !budget.is_empty() && !NO_MONEY.contains(&budget)
}

/// The needs: blocked tasks, and overdue ones that need money and that nobody has reported on.
#[must_use]
pub fn needs<'a>(report: &ReviewReport<'a>, facts: &ReviewInput<'a>) -> Vec<Need<'a>> {
    let blocked = report.blocked.iter().map(|item| Need {
        item: *item,
        money: last_note(item, facts).map_or_else(|| needs_money(item.task), speaks_of_money),
        reported: true,
    });
    let unfunded = report.overdue.iter().filter(|item| item.entry.is_none() && needs_money(item.task));
    blocked.chain(unfunded.map(|item| Need { item: *item, money: true, reported: false })).collect()
}

/// The last note on a task.
#[must_use]
pub fn last_note<'a>(item: &ReviewItem<'a>, facts: &ReviewInput<'a>) -> Option<&'a str> {
    facts.progress.history(&item.task.id).iter().rev().find_map(|entry| entry.note.as_deref())
}

fn speaks_of_money(note: &str) -> bool {
    let is_in = |text: String, word: &str| {
        let words = text.replace(|letter: char| !letter.is_alphanumeric(), " ");
        format!(" {words} ").contains(&format!(" {word} "))
    };
    MONEY.iter().any(|word| is_in(text::fold(note), word))
        || is_in(text::nfc(note).to_lowercase(), MONEY_WITH_DIACRITICS)
}

#[cfg(test)]
mod tests {
    use super::speaks_of_money;

    #[test]
    fn notes_that_speak_of_money() {
        for note in ["Chờ kinh phí.", "chưa có TIỀN mua", "no budget yet", "Ngân sách chưa cấp"] {
            assert!(speaks_of_money(note), "{note}");
        }
        for note in ["thiếu người", "chờ phương tiện", "trời mưa", ""] {
            assert!(!speaks_of_money(note), "{note}");
        }
    }
}
