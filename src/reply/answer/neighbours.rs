//! What the clauses around it make of a clause: a heading, the rest of a reason, something that is over.

use super::clauses::{Break, Clause};
use super::lexicon::Class;
use super::patterns::{ReadClause, Saying};

/// Reads each clause by those around it.
pub(super) fn consider(clauses: &mut [Clause], reads: &mut [ReadClause]) {
    mark_headings(clauses, reads);
    let mut reason: Option<usize> = None;
    for at in 0..reads.len() {
        let clause = &clauses[at];
        let is_near = clause.after <= Break::Soft && clause.opener().is_none();
        let is_free = reads[at].saying == Saying::Unknown && clause.has(Class::Unknown) && clause.names().is_empty();
        // A reason goes on over the commas behind it, as long as nothing else is said.
        if let Some(why) = reason.filter(|_| is_near && is_free).and_then(|reason| reads[reason].why.as_mut()) {
            why.end = clause.at().end;
            reads[at].saying = Saying::Aside;
        } else {
            reason = (reads[at].why.is_some() && !clause.free().is_empty()).then_some(at);
        }
        // "Vướng, nhưng đã xử lý": does it still stand in the way?
        let is_blocked = at > 0 && matches!(reads[at - 1].saying, Saying::Blocked(_)) && clause.after <= Break::Stop;
        if is_blocked && reads[at].saying == Saying::Aside && clause.has(Class::Do) {
            reads[at].saying = Saying::Unknown;
        }
    }
    set_aside_what_is_overcome(clauses, reads);
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

/// "Tuy khó khăn nhưng đã xong", "hôm qua chưa xong, nay đã xong": what was so before counts no more.
fn set_aside_what_is_overcome(clauses: &[Clause], reads: &mut [ReadClause]) {
    let begins =
        |clause: &Clause, classes: &[Class]| clause.tokens.first().is_some_and(|token| classes.contains(&token.class));
    for at in 0..reads.len() {
        let was_before = begins(&clauses[at], &[Class::Although, Class::Gone]);
        let is_known = !clauses[at].has(Class::Unknown) || reads[at].why.is_some();
        let next = (at + 1..reads.len()).find(|next| begins(&clauses[*next], &[Class::But, Class::Now]));
        if was_before && is_known && next.is_some_and(|next| reads[next].saying.is_statement()) {
            reads[at].saying = Saying::Aside;
        }
    }
}
