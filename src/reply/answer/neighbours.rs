//! What the clauses around it make of a clause: a heading, the rest of a reason, something that is over.

use super::clauses::{Break, Clause};
use super::lexicon::Class;
use super::patterns::{ReadClause, Saying};

/// Reads each clause by those around it.
pub(super) fn consider(clauses: &[Clause], reads: &mut [ReadClause], has_several: bool) {
    if has_several {
        spread_headings(clauses, reads);
    }
    let mut reason: Option<usize> = None;
    for at in 0..reads.len() {
        let clause = &clauses[at];
        if reads[at].saying == Saying::Same && at > 0 && reads[at - 1].saying.status().is_some() {
            let before = reads[at - 1].clone();
            let same = &mut reads[at];
            same.saying = before.saying;
            same.why = same.why.take().or(before.why);
            same.done_on = same.done_on.or(before.done_on);
        }
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

/// "Đã xong:⏎- 1.4⏎- 3.1", "đang làm⏎1.4⏎đã xong⏎1.5": what is said above the lines that name tasks is said of these. Without
/// a colon the first such line can only be one where no names stand above it.
fn spread_headings(clauses: &[Clause], reads: &mut [ReadClause]) {
    let names = |at: usize| {
        let clause = clauses.get(at).filter(|clause| clause.after == Break::Line);
        clause.is_some_and(|clause| !clause.names().is_empty() && clause.opener().is_none())
    };
    let (mut heading, mut is_below_names, mut has_headings) = (None, false, false);
    for at in 0..clauses.len() {
        let clause = &clauses[at];
        let is_list = names(at) && reads[at].saying == Saying::Names;
        let is_announced = clause.tokens.last().is_some_and(|token| token.class == Class::Colon);
        let says = clause.names().is_empty() && reads[at].saying.is_statement();
        let is_line = clause.after == Break::Line;
        let may_head = is_announced || (is_line && (has_headings || !is_below_names) && !clause.is_general());
        let lists = names(at + 1) && (is_announced || reads[at + 1].saying == Saying::Names);
        if says && lists && may_head {
            heading = Some(std::mem::replace(&mut reads[at].saying, Saying::Names));
            has_headings = true;
        } else if says && is_line && is_below_names && !has_headings && !clause.is_general() {
            // "1.4⏎đã xong"
            reads.swap(at - 1, at);
        } else if let Some(saying) = heading.clone().filter(|_| is_list) {
            reads[at] = ReadClause::of(saying);
        } else if is_line && reads[at].saying != Saying::Courtesy {
            heading = None;
        }
        is_below_names = is_list;
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
