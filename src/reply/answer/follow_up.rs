//! What a text says as the answer to a question of ours: which tasks it chooses, and which date it gives.

use jiff::civil::Date;

use crate::calendar::SchoolYear;

use super::clauses::{Clause, Opener};
use super::days;
use super::lexicon::Class;
use super::more_time;
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

/// The only date that is said of a task: in the clauses that name it, or in a text that names none.
pub(super) fn date(clauses: &[Clause], text: &str, place: usize, year: &SchoolYear) -> Option<Date> {
    let names_any = names_any(clauses);
    let is_meant = |clause: &&Clause| !names_any || clause.names().contains(&TokenValue::Task(place));
    let mut dates = Vec::new();
    for clause in clauses.iter().filter(is_meant) {
        let mut rest = clause.tokens.as_slice();
        while !rest.is_empty() {
            // "1.4" is a task here, not a day in April.
            let read = Some(rest)
                .filter(|rest| rest[0].class != Class::Task)
                .and_then(|rest| more_time::date(rest, text, year));
            dates.extend(read.map(|(date, _)| date));
            rest = &rest[read.map_or(1, |(_, length)| length).min(rest.len())..];
        }
    }
    days::only(dates)
}
