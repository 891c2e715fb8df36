//! What the clauses around it make of a clause: a heading, the rest of a reason, something that is over.

use super::clauses::{Break, Clause, Opener};
use super::lexicon::Class;
use super::saying::{ReadClause, Saying};

/// Reads each clause by those around it.
pub(super) fn consider(clauses: &mut [Clause], reads: &mut [ReadClause]) {
    mark_headings(clauses, reads);
    go_on_with_reasons(clauses, reads);
    set_aside_what_is_overcome(clauses, reads);
    doubt_what_was_removed(clauses, reads);
}

/// "Vướng, nhưng đã xử lý": does it still stand in the way?
fn doubt_what_was_removed(clauses: &[Clause], reads: &mut [ReadClause]) {
    for at in 1..reads.len() {
        let is_blocked = matches!(reads[at - 1].saying, Saying::Blocked(_)) && clauses[at].after <= Break::Stop;
        if is_blocked && reads[at].saying == Saying::Aside && clauses[at].has(Class::Do) {
            reads[at].saying = Saying::Unknown;
        }
    }
}

/// "Đang làm⏎1.4⏎Đã xong⏎1.5": lines that are said of those below, because the first of them can only be so.
fn mark_headings(clauses: &mut [Clause], reads: &[ReadClause]) {
    let lists = |clauses: &[Clause], at: usize| {
        clauses[at].after == Break::Line && reads[at].saying == Saying::Names && !clauses[at].names().is_empty()
    };
    let mut has_headings = false;
    for at in 0..clauses.len() {
        let is_alone =
            clauses[at].after == Break::Line && clauses[at].names().is_empty() && reads[at].saying.is_statement();
        let is_below_names = at > 0 && lists(clauses, at - 1);
        if is_alone && at + 1 < clauses.len() && lists(clauses, at + 1) && (has_headings || !is_below_names) {
            clauses[at].heads = true;
        }
        has_headings |= clauses[at].heads && reads[at].saying.is_statement();
    }
}

/// A reason goes on over the commas behind it, as long as nothing else is said.
fn go_on_with_reasons(clauses: &[Clause], reads: &mut [ReadClause]) {
    let mut open: Option<usize> = None;
    for at in 0..reads.len() {
        let clause = &clauses[at];
        let goes_on = clause.after <= Break::Soft
            && clause.opener == Opener::None
            && reads[at].saying == Saying::Unknown
            && clause.has(Class::Unknown)
            && clause.names().is_empty();
        match open {
            Some(reason) if goes_on => {
                if let Some(why) = &mut reads[reason].why {
                    why.end = clause.at().end;
                }
                reads[at].saying = Saying::Aside;
            }
            _ => open = (reads[at].why.is_some() && !clause.free.is_empty()).then_some(at),
        }
    }
}

/// "Tuy khó khăn nhưng đã xong", "hôm qua chưa xong, nay đã xong": what was so before counts no more.
fn set_aside_what_is_overcome(clauses: &[Clause], reads: &mut [ReadClause]) {
    for at in 0..reads.len() {
        let clause = &clauses[at];
        let was_before =
            clause.tokens.first().is_some_and(|token| matches!(token.class, Class::Although | Class::Earlier));
        let is_known = !clause.has(Class::Unknown) || reads[at].why.is_some();
        let is_over = |next: &Clause| {
            next.opener == Opener::But || next.tokens.first().is_some_and(|token| token.class == Class::Now)
        };
        let next = (at + 1..reads.len()).find(|next| is_over(&clauses[*next]));
        if was_before && is_known && next.is_some_and(|next| reads[next].saying.is_statement()) {
            reads[at].saying = Saying::Aside;
        }
    }
}
