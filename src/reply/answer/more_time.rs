//! A request for more time: until when, and why.

use std::ops::Range;

use jiff::SpanFieldwise;
use jiff::civil::Date;

use crate::plan::timeframe;
use crate::text::fold;

use super::lexicon::Class;
use super::reading::Asked;
use super::saying::speaks_of_somebody;
use super::tokens::{AnswerToken, TokenValue};

use Class as C;

/// No date has more words.
const LONGEST_DATE: usize = 8;

/// The date that is asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Due {
    On(Date),
    After(SpanFieldwise),
    Unknown,
}

/// What is asked for in a clause, and the bytes that tell why; `head` is the clause without a reason that leads it.
pub(super) fn request(
    tokens: &[AnswerToken],
    head: &[AnswerToken],
    text: &str,
    asked: &Asked<'_>,
) -> Option<(Due, Option<Range<usize>>)> {
    let asks_for_more = |at: usize, tokens: &[AnswerToken]| {
        let next = tokens.get(at + 1).map(|token| token.class);
        tokens[at].class == C::Extend || (tokens[at].class == C::More && matches!(next, Some(C::Span | C::Until)))
    };
    let is_weak = |at: &usize| head[*at].class == C::Until && head[..*at].iter().any(|token| token.class == C::Ask);
    let wish = (0..head.len()).find(|at| asks_for_more(*at, head));
    // "Cho em đến 15/12 vì …"
    let wish = wish.or_else(|| (0..head.len()).find(is_weak))?;
    let asks = head[..wish].iter().any(|token| token.class == C::Ask)
        || head[..wish].iter().all(|token| matches!(token.class, C::Task | C::Label | C::Courtesy | C::Colon));
    if !asks || !head[..wish].iter().all(leads) || speaks_of_somebody(head) {
        return None;
    }
    let place = tokens.iter().position(|token| token.at == head[wish].at)?;
    let mut at = place + usize::from(head[wish].class != C::Until);
    // "Lùi từ 30/11 đến 15/12", "lùi hạn 30/11 sang 15/12"
    let is_from = |at: usize| {
        let is_until = |ahead: usize| tokens.get(at + ahead).is_some_and(|token| token.class == C::Until);
        let is_date = |token: &AnswerToken| matches!(token.value, TokenValue::Date(_));
        tokens[at].class == C::Since || (is_date(&tokens[at]) && is_until(1))
    };
    while tokens.get(at).is_some_and(leads) || (at < tokens.len() && is_from(at)) {
        at += 1;
    }
    let (due, end) = match tokens.get(at).map(|token| (token.class, &token.value)) {
        None | Some((C::Because | C::And, _)) => (Due::Unknown, at),
        // "Thêm 3 tháng lương" is no time.
        Some((_, TokenValue::Span(_))) if tokens.get(at + 1).is_some_and(|next| next.class == C::Unknown) => {
            return None;
        }
        Some((_, TokenValue::Span(span))) => (Due::After(*span), at + 1),
        Some((_, TokenValue::Date(date))) => (Due::On(*date), at + 1),
        Some((C::Until, _)) => match date(&tokens[at + 1..], text, asked) {
            Some((date, length)) => (Due::On(date), at + 1 + length),
            None => (Due::Unknown, tokens.len()),
        },
        Some(_) => return None,
    };
    let rest = &tokens[end..];
    // "Thêm 1 tuần nữa mới xong" asks for nothing.
    let tells = |token: &AnswerToken| matches!(token.class, C::Done | C::Doing | C::Past);
    if rest.iter().take_while(|token| !matches!(token.class, C::Because | C::Colon | C::Lack)).any(tells) {
        return None;
    }
    let due = if names_another(rest, due, text, asked) { Due::Unknown } else { due };
    Some((due, reason(rest, text)))
}

/// Whether a word may stand before or within what is asked for, and changes nothing of it.
fn leads(token: &AnswerToken) -> bool {
    matches!(
        token.class,
        C::Courtesy
            | C::Person
            | C::Name
            | C::Office
            | C::Task
            | C::Own
            | C::Label
            | C::Now
            | C::Report
            | C::Ask
            | C::Able
            | C::Colon
            | C::Topic
            | C::Count
            | C::Whole
            | C::Rest
            | C::More
            | C::Still
    )
}

/// Whether what stands between a date and its reason names another one: then it is not known which of them is meant.
fn names_another(rest: &[AnswerToken], due: Due, text: &str, asked: &Asked<'_>) -> bool {
    let reason = rest.iter().position(|token| matches!(token.class, C::Because | C::Colon | C::Lack));
    let between = &rest[..reason.unwrap_or(rest.len())];
    // "1.4" is a task here, not a day in April.
    let is_name = |token: &AnswerToken| matches!(token.class, C::Task | C::Label);
    (0..between.len()).filter(|at| !is_name(&between[*at])).any(|at| match between[at].value {
        TokenValue::Date(other) => due != Due::On(other),
        TokenValue::Span(other) => due != Due::After(other),
        _ => date(&between[at..], text, asked).is_some_and(|(other, _)| due != Due::On(other)),
    })
}

/// The date to come that some words begin with, and how many they are.
pub(super) fn date(tokens: &[AnswerToken], text: &str, asked: &Asked<'_>) -> Option<(Date, usize)> {
    let word = |at: usize| tokens.get(at).map(|token| fold(&text[token.at.clone()])).unwrap_or_default();
    // "Thứ Hai ngày 11/12"
    let start = if matches!(word(0).as_str(), "thu" | "chu") { 2 } else { 0 };
    let written = (start + 1..=tokens.len().min(start + LONGEST_DATE)).rev().find_map(|end| {
        let written = &text[tokens[start].at.start..tokens[end - 1].at.end];
        let names_time = written.contains(|letter: char| letter.is_ascii_digit()) || fold(written).contains("ky");
        let reading = timeframe::read(written, &timeframe::Context::of(asked.year)).ok().filter(|_| names_time)?;
        let [period] = reading.periods.as_slice() else { return None };
        Some((period.due, end))
    });
    // "Thứ Sáu tuần sau"
    let weekday = || match tokens.first()? {
        AnswerToken { class: C::Moment, value: TokenValue::Date(day), .. } => Some((*day, 1)),
        _ => None,
    };
    written.or_else(|| weekday().filter(|(day, _)| *day > asked.today))
}

/// Why, behind the date: "vì …", ": …", "để …", "chờ …"
fn reason(tokens: &[AnswerToken], text: &str) -> Option<Range<usize>> {
    let quiet = |token: &AnswerToken| {
        matches!(token.class, C::Courtesy | C::Person | C::Task | C::Label | C::Ask | C::Office | C::Own | C::More)
    };
    let first = tokens.iter().position(|token| !quiet(token))?;
    let leads = |token: &AnswerToken| matches!(token.class, C::Because | C::Colon | C::Copula);
    let tells =
        leads(&tokens[first]) || tokens[first].class == C::Lack || fold(&text[tokens[first].at.clone()]) == "de";
    let start = first + tokens[first..].iter().position(|token| !leads(token))?;
    let end = tokens.iter().rposition(|token| token.class != C::Courtesy)?;
    (tells && start <= end).then(|| tokens[start].at.start..tokens[end].at.end)
}
