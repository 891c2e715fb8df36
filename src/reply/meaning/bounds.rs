//! Where the statements of an answer begin and end.

use crate::reply::words::Class;

use super::{Reader, Saying};

/// So many words behind a name say how far its task is.
const LONGEST_STATEMENT: usize = 50;

impl Reader<'_> {
    /// Whether a token stands between two statements and belongs to none.
    pub(super) fn is_parting(&self, index: usize) -> bool {
        let leads_to_rest = || {
            let next = self.tokens[index + 1..].iter().find(|token| token.class != Class::Filler);
            next.is_some_and(|next| next.class == Class::Rest)
        };
        let class = self.tokens[index].class;
        class.parts() || self.excepts(index) || (class == Class::Remaining && leads_to_rest())
    }

    /// Where the statement that begins here ends.
    pub(super) fn statement_end(&self, at: usize) -> usize {
        let end = self.parting(at);
        self.next_named(at, end).unwrap_or(end)
    }

    /// Where the next statement begins without a sign: "1.4 xong 1.5 đang làm".
    fn next_named(&self, at: usize, end: usize) -> Option<usize> {
        let is_filler = |index: &usize| self.tokens[*index].class == Class::Filler;
        let first = (at..end).find(|index| !is_filler(index)).filter(|index| self.is_name(*index))?;
        let begins = |index: &usize| {
            let before = self.tokens[*index - 1].class;
            let leads = matches!(before, Class::Maybe | Class::Other | Class::Because | Class::Until | Class::Number);
            self.is_name(*index) && !self.is_name(*index - 1) && !leads
        };
        let mut names = (first + 1..end.min(first + LONGEST_STATEMENT)).filter(begins);
        names.find(|index| {
            let before = self.saying(at..*index);
            let is_told = before.is_some_and(|(saying, _)| !matches!(saying, Saying::Blocked(_) | Saying::Vague));
            let ahead = *index..end.min(*index + LONGEST_STATEMENT);
            is_told && !self.mentioned(ahead.clone()).is_empty() && self.saying(ahead).is_some()
        })
    }

    /// Where the sign stands that ends a statement.
    fn parting(&self, at: usize) -> usize {
        let parts = |index: &usize| {
            let class = self.tokens[*index].class;
            // "1.4. Xong"
            let numbers_a_line = class == Class::Stop
                && self.begins_line(at)
                && self.mentions.iter().any(|mention| mention.at.end == *index)
                && (at..*index).all(|index| self.is_name(index) || self.tokens[index].class == Class::Dash);
            self.is_parting(*index) && !numbers_a_line
        };
        (at..self.tokens.len()).find(parts).unwrap_or(self.tokens.len())
    }

    /// Whether the line that ends here holds nothing but names.
    pub(super) fn is_only_names(&self, end: usize) -> bool {
        let start = self.tokens[..end].iter().rposition(|token| token.class == Class::Line).map_or(0, |at| at + 1);
        (start..end).all(|index| self.only_names(index))
    }

    /// Whether a token names a task, or leads from name to name.
    pub(super) fn only_names(&self, index: usize) -> bool {
        let token = &self.tokens[index];
        let leads = match token.class {
            Class::Comma | Class::And | Class::Colon | Class::Dash | Class::Stop | Class::All | Class::Every(_) => true,
            // "1.4 ok" may be all that is said of it.
            Class::Filler => !token.plain.starts_with("ok"),
            _ => false,
        };
        leads || self.is_name(index)
    }

    /// Whether a line begins here.
    pub(super) fn begins_line(&self, index: usize) -> bool {
        self.class_before(index).is_none_or(|before| before == Class::Line)
    }

    fn line_end(&self, at: usize) -> usize {
        (at..self.tokens.len()).find(|index| self.tokens[*index].class == Class::Line).unwrap_or(self.tokens.len())
    }

    /// Whether a statement is a line of its own that says this of the tasks in the lines below.
    pub(super) fn heads_lines(&self, at: usize, end: usize, saying: &Saying) -> bool {
        let tokens = &self.tokens[at..end];
        let is_over = tokens.iter().any(|token| token.class == Class::Past);
        // "Kế hoạch hoàn thành:" is no report.
        let is_bare =
            tokens.iter().all(|token| matches!(token.class, Class::Done | Class::Colon | Class::Dash | Class::Label));
        let is_clear = match saying {
            Saying::Done => is_over || is_bare,
            Saying::Going | Saying::NotDone | Saying::NotBegun => true,
            _ => false,
        };
        is_clear
            && !self.is_single()
            && self.begins_line(at)
            && (tokens.last().is_some_and(|last| last.class == Class::Colon) || self.heads_first)
            && end == self.line_end(at)
            && self.mentioned(at..end).is_empty()
    }

    /// Whether the line that begins here says something, and names no task.
    pub(super) fn says_of_none(&self, at: usize) -> bool {
        let end = self.line_end(at);
        let says = || self.saying(at..end).is_some() || self.wish(at, end).is_some();
        at < end && self.mentioned(at..end).is_empty() && says()
    }

    /// Whether of the lines that only say something and those that only name tasks the first says something, and names
    /// follow it: then each is about what stands below it, and not above.
    pub(super) fn begins_with_heading(&self) -> bool {
        let begins = (0..self.tokens.len()).filter(|at| self.begins_line(*at));
        let mut kinds = begins.filter(|at| self.says_of_none(*at) || self.lists(*at));
        let first = kinds.next();
        first.is_some_and(|first| !self.lists(first)) && kinds.next().is_some_and(|second| self.lists(second))
    }

    /// Whether the line that begins here names tasks and does nothing else.
    pub(super) fn lists(&self, at: usize) -> bool {
        let end = self.line_end(at);
        let is_name = |index: usize| {
            let is_general = matches!(self.tokens[index].class, Class::All | Class::Every(_));
            self.only_names(index) && !is_general && !self.excepts(index)
        };
        !self.mentioned(at..end).is_empty() && (at..end).all(is_name)
    }

    /// Whether the line that begins here is none of those below a heading: it names no task, or says nothing of it.
    pub(super) fn ends_heading(&self, at: usize) -> bool {
        let end = self.line_end(at);
        let first_name = (at..end).find(|index| self.mention_at(*index).is_some());
        let says = self.saying(at..end).is_some_and(|(_, head)| first_name.is_some_and(|first| first < head));
        at < end && !says && !self.lists(at)
    }

    /// Where a reason ends that begins in a statement which ends at `from`.
    pub(super) fn reason_end(&self, from: usize) -> usize {
        let mut at = from;
        while at < self.tokens.len() {
            let is_left_out = self.excepts(at) && self.tokens[at].class == Class::Except;
            if is_left_out || (self.tokens[at].class == Class::Line && !self.is_single()) {
                return at;
            }
            if self.tokens[at].class.parts() {
                let end = self.statement_end(at + 1);
                let begins_with_name = (at + 1..end)
                    .find(|index| !matches!(self.tokens[*index].class, Class::Filler | Class::Dash | Class::Comma))
                    .is_some_and(|index| self.is_name(index) && !self.mentioned(at + 1..end).is_empty());
                let is_next =
                    self.wish(at + 1, end).is_some() || (begins_with_name && self.saying(at + 1..end).is_some());
                if is_next {
                    return at;
                }
            }
            at += 1;
        }
        at
    }
}
