//! The day of completion that a report names.

use jiff::civil::Date;

use super::days;
use super::lexicon::Class;
use super::tokens::{AnswerToken, TokenValue};

/// The day before `today` that some words name, where they name one and no other: "từ tháng 10", "hôm qua". What was done
/// *before* a day was done on a day that nobody tells.
pub(super) fn completion_day(tokens: &[AnswerToken], today: Date) -> Option<Date> {
    let is_bound = |at: usize| at > 0 && tokens[at - 1].class == Class::Before;
    let day = |(at, token): (usize, &AnswerToken)| match token.value {
        TokenValue::Date(day) if !is_bound(at) => Some(day),
        _ => None,
    };
    days::only(tokens.iter().enumerate().filter_map(day).collect()).filter(|day| *day < today)
}
