//! What stands in the way, as one clause says it.

use std::ops::Range;

use super::lexicon::Class;
use super::saying::{COMMON, ReadClause, Saying, percent, speaks_of_somebody};
use super::tokens::AnswerToken;

use Class as C;

/// Classes of which one must follow from an obstacle, so that it is in the way of the task.
#[rustfmt::skip]
pub(super) const WORK: &[Class] = &[
    C::NotYet, C::Not, C::Do, C::Done, C::Own, C::Begin, C::Doing, C::Able, C::Help, C::Ask, C::Extend,
];

/// The bytes of free words, without what only leads to them.
pub(super) fn free_words(tokens: &[AnswerToken]) -> Option<Range<usize>> {
    let leads =
        |token: &&AnswerToken| matches!(token.class, C::Colon | C::Courtesy | C::Copula | C::Because | C::About);
    let start = tokens.iter().position(|token| !leads(&token))?;
    let end = tokens.iter().rposition(|token| token.class != C::Courtesy)?;
    (start <= end).then(|| tokens[start].at.start..tokens[end].at.end)
}

/// What stands in the way, where a clause says so.
pub(super) fn obstacle(tokens: &[AnswerToken]) -> Option<ReadClause> {
    let at = tokens.iter().position(|token| matches!(token.class, C::Obstacle | C::Hard | C::Lack))?;
    let unknown = Some(ReadClause::of(Saying::Unknown));
    let (head, rest) = (&tokens[..at], &tokens[at + 1..]);
    let may_lead = |token: &AnswerToken| {
        COMMON.contains(&token.class) || matches!(token.class, C::Do | C::Doing | C::Percent | C::Approx)
    };
    if !head.iter().all(may_lead) || speaks_of_somebody(tokens) {
        return unknown;
    }
    let percent = head.iter().find_map(percent);
    let is_named = head.iter().any(|token| token.class == C::Task);
    let leads = |token: &AnswerToken| {
        matches!(token.class, C::Colon | C::Courtesy | C::Label | C::Heading | C::Obstacle | C::Hard | C::And)
    };
    let next = rest.iter().position(|token| !leads(token) && (is_named || token.class != C::Task));
    let first = next.map(|next| rest[next].class);
    let is_quiet = |tokens: &[AnswerToken]| tokens.iter().all(|token| COMMON.contains(&token.class));
    let speaks_of_work = |tokens: &[AnswerToken]| {
        tokens.iter().all(|token| COMMON.contains(&token.class) || WORK.contains(&token.class))
    };
    let turns = |token: &AnswerToken| matches!(token.class, C::Past | C::Perfect | C::Report | C::Topic);
    let is_led = |tokens: &[AnswerToken]| tokens.iter().any(|token| matches!(token.class, C::Colon | C::Because));
    let why = match (tokens[at].class, first) {
        // "Có vướng gì em báo", "vướng mắc đã được giải quyết"
        (C::Obstacle | C::Hard, Some(C::Any | C::Past | C::Perfect)) => return unknown,
        // "Vướng mắc: không"
        (C::Obstacle | C::Hard, Some(C::Not | C::Lack | C::Whole | C::Fine))
            if is_nothing(&rest[next.unwrap_or(0)..]) =>
        {
            return Some(ReadClause::of(Saying::Aside));
        }
        // "Vướng mắc lần trước đã xử lý", "gặp khó khăn em báo cô", "hết kinh phí thì em báo"
        _ if !is_led(rest) && rest.iter().any(turns) => return unknown,
        (C::Obstacle, _) => free_words(&rest[next.unwrap_or(rest.len())..]),
        (C::Hard, Some(C::About | C::Lack | C::Copula | C::Money | C::Resource)) => free_words(rest),
        (C::Hard, Some(_)) if rest.iter().any(|token| token.class == C::Colon) => free_words(rest),
        (C::Hard, _) if is_quiet(rest) => None,
        (C::Lack, Some(C::Money)) => free_words(&tokens[at..]),
        (C::Lack, Some(C::Resource)) if speaks_of_work(&rest[next.unwrap_or(0) + 1..]) => free_words(&tokens[at..]),
        _ => return unknown,
    };
    // "Vướng: chờ thầy Nam làm xong": nobody knows what is done.
    let is_denied = |at: usize| rest[..at].iter().any(|token| matches!(token.class, C::Not | C::NotYet | C::Lack));
    // "Vướng chỗ nào ạ" asks.
    let asks = |at: usize| rest[at].class == C::Any && rest[at + 1..].iter().all(|token| token.class == C::Courtesy);
    let is_open = |at: usize| (rest[at].class == C::Done || asks(at)) && !is_denied(at);
    if (0..rest.len()).any(is_open) {
        return unknown;
    }
    Some(ReadClause { why, ..ReadClause::of(Saying::Blocked(percent)) })
}

/// "không", "không có", "không có gì"
fn is_nothing(tokens: &[AnswerToken]) -> bool {
    tokens.iter().all(|token| {
        matches!(
            token.class,
            C::Not | C::Lack | C::Fine | C::Any | C::Still | C::Courtesy | C::Whole | C::Obstacle | C::Hard
        )
    })
}
