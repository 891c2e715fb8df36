//! What a text says as the answer to a question of ours: which tasks it chooses, and which date it gives.

use std::ops::Range;

use jiff::civil::Date;

use super::clauses::{Clause, Opener};
use super::days;
use super::lexicon::Class;
use super::more_time;
use super::reading::Asked;
use super::saying::{ReadClause, Saying};
use super::tokens::TokenValue;

/// The tasks that a text names and of which it says nothing: "1.4", "cả ba".
pub(super) fn chosen(clauses: &[Clause], reads: &[ReadClause], all: &[usize]) -> Option<Vec<usize>> {
    let mut chosen = Vec::new();
    for (clause, read) in clauses.iter().zip(reads).filter(|(clause, _)| !clause.is_quoted) {
        let only_names = matches!(read.saying, Saying::Names | Saying::Courtesy) && !clause.has(Class::Rest);
        if !only_names || matches!(clause.opener, Opener::Except | Opener::Remaining) {
            return None;
        }
        let mut named: Vec<usize> = Vec::new();
        for token in clause.tokens.iter().filter(|token| matches!(token.class, Class::Task | Class::Own)) {
            let TokenValue::Task(place) = token.value else { return None };
            named.push(place);
        }
        named.sort_unstable();
        named.dedup();
        if clause.has(Class::Whole) && named.is_empty() {
            all.clone_into(&mut named);
        }
        match clause.count() {
            Some(count) if named.is_empty() && count == all.len() => all.clone_into(&mut named),
            Some(count) if count != named.len() => return None,
            _ => {}
        }
        chosen.append(&mut named);
    }
    chosen.sort_unstable();
    chosen.dedup();
    Some(chosen).filter(|chosen| !chosen.is_empty())
}

/// Whether a text names any task.
pub(super) fn names_any(clauses: &[Clause]) -> bool {
    clauses.iter().any(|clause| !clause.names().is_empty())
}

/// Classes that may stand beside a date which is an answer.
#[rustfmt::skip]
const BESIDE_DATES: &[Class] = &[
    Class::Courtesy, Class::Person, Class::Name, Class::Office, Class::Task, Class::Own, Class::Label, Class::Colon, Class::Ask,
    Class::Extend, Class::Able, Class::Until, Class::On, Class::Approx, Class::Copula, Class::Topic, Class::Ok, Class::More,
];

/// The only date that is said of a task: in the clauses that name it, or in a text that names none. Beside the date and a
/// reason all words must be known: "không phải 15/12" and "em nghỉ đến 15/12" give none.
pub(super) fn date(clauses: &[Clause], text: &str, place: usize, asked: &Asked<'_>) -> Option<Date> {
    let names_any = names_any(clauses);
    let is_meant = |clause: &&Clause| !names_any || clause.names().contains(&TokenValue::Task(place));
    let mut dates = Vec::new();
    for clause in clauses.iter().filter(is_meant) {
        let bound = if clause.free.is_empty() { clause.tokens.len() } else { clause.free.start };
        let mut rest = &clause.tokens[..bound];
        let (mut found, mut is_clear) = (Vec::new(), true);
        while !rest.is_empty() {
            // "1.4" is a task here, not a day in April.
            let read = Some(rest)
                .filter(|rest| rest[0].class != Class::Task)
                .and_then(|rest| more_time::date(rest, text, asked));
            is_clear &= read.is_some() || BESIDE_DATES.contains(&rest[0].class);
            found.extend(read.map(|(date, _)| date));
            rest = &rest[read.map_or(1, |(_, length)| length).min(rest.len())..];
        }
        if !found.is_empty() && !is_clear {
            return None;
        }
        dates.append(&mut found);
    }
    days::only(dates)
}

/// Why more time is needed: what is led by "vì" and its like, else the whole text, where it has free words and none that takes
/// the wish back or puts the reason off.
pub(super) fn reason(clauses: &[Clause], reads: &[ReadClause], text: &str) -> Option<Range<usize>> {
    let has = |clause: &Clause, classes: &[Class]| clause.bound().any(|token| classes.contains(&token.class));
    let turns = [Class::Extend, Class::Fine, Class::Send, Class::Report, Class::Any, Class::HandOver];
    if clauses.iter().any(|clause| has(clause, &turns)) {
        return None;
    }
    let is_led = |clause: &Clause| !has(clause, &[Class::Not, Class::Lack]);
    let led = clauses.iter().zip(reads).filter(|(clause, _)| is_led(clause)).find_map(|(_, read)| read.why.clone());
    let tells = [Class::Unknown, Class::Lack, Class::Hard, Class::Strain, Class::Money, Class::Resource];
    let is_free = |clause: &Clause| clause.free.is_empty() && !has(clause, &[Class::Until]);
    let is_told = clauses.iter().all(is_free) && clauses.iter().any(|clause| has(clause, &tells));
    led.or_else(|| is_told.then_some(0..text.len()))
}
