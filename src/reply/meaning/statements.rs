//! An answer statement by statement: what each is about, and where the next begins.

use std::ops::Range;

use crate::reply::words::Class;

use super::{About, Doubt, Reader, Said, Saying, Target};

/// What the statements of a sentence and a line share.
#[derive(Default)]
struct Context {
    /// Tasks that are named and wait for what is said of them.
    pending: Vec<Target>,
    /// Whether something stands beside these names that may already say it.
    has_words: bool,
    /// What was said last in this sentence, where that came before the names of its tasks.
    said_before_names: Option<Saying>,
    /// Whether the last thing said in this sentence stood before the tasks that it is about.
    subject: Option<Vec<Target>>,
    /// What is said of the tasks in the lines below: "Đã hoàn thành:".
    heading: Option<Saying>,
}

impl Reader<'_> {
    pub(super) fn read(&mut self) {
        let mut context = Context::default();
        let mut at = 0;
        while at < self.tokens.len() {
            let end = self.statement_end(at);
            at = self.statement(at, end, &mut context);
            let Some(parting) = self.tokens.get(at) else { break };
            if !self.is_parting(at) {
                continue;
            }
            let class = parting.class;
            // A line with nothing but names belongs to the next one.
            let waits = context.said_before_names.is_none() && context.heading.is_none();
            let only_names = class == Class::Line && !context.pending.is_empty() && waits;
            let next_names = self.tokens.get(at + 1).is_some() && self.is_name(at + 1);
            if class.ends() && !(only_names && !next_names && self.is_only_names(at)) {
                self.flush(&mut context);
                if class == Class::Line {
                    context = Context { heading: context.heading, ..Context::default() };
                }
            }
            at += 1;
        }
        self.flush(&mut context);
    }

    /// Whether a token stands between two statements and belongs to none.
    fn is_parting(&self, index: usize) -> bool {
        self.tokens[index].class.parts() || self.excepts(index)
    }

    /// Where the statement that begins here ends.
    fn statement_end(&self, at: usize) -> usize {
        let end = self.parting(at);
        self.next_named(at, end).unwrap_or(end)
    }

    /// Where the next statement begins without a sign: "1.4 xong 1.5 đang làm".
    fn next_named(&self, at: usize, end: usize) -> Option<usize> {
        let is_filler = |index: &usize| self.tokens[*index].class == Class::Filler;
        let first = (at..end).find(|index| !is_filler(index)).filter(|index| self.is_name(*index))?;
        let begins = |index: &usize| self.is_name(*index) && !self.is_name(*index - 1);
        (first + 1..end).filter(begins).find(|index| {
            let before = self.saying(at..*index);
            let is_told = before.is_some_and(|(saying, _)| !matches!(saying, Saying::Blocked(_) | Saying::Vague));
            is_told && !self.mentioned(*index..end).is_empty() && self.saying(*index..end).is_some()
        })
    }

    /// Where the sign stands that ends a statement.
    fn parting(&self, at: usize) -> usize {
        let parts = |index: &usize| {
            let class = self.tokens[*index].class;
            // "1.4. Xong"
            let heads_a_line = at == 0 || self.tokens[at - 1].class == Class::Line;
            let numbers_a_line = class == Class::Stop
                && heads_a_line
                && self.mentions.iter().any(|mention| mention.at.end == *index)
                && (at..*index).all(|index| self.is_name(index) || self.tokens[index].class == Class::Dash);
            self.is_parting(*index) && !numbers_a_line
        };
        (at..self.tokens.len()).find(parts).unwrap_or(self.tokens.len())
    }

    /// Whether the line that ends here holds nothing but names.
    fn is_only_names(&self, end: usize) -> bool {
        let start = self.tokens[..end].iter().rposition(|token| token.class == Class::Line).map_or(0, |at| at + 1);
        (start..end).all(|index| self.only_names(index))
    }

    /// Whether a token names a task, or leads from name to name.
    fn only_names(&self, index: usize) -> bool {
        let token = &self.tokens[index];
        let is_sign =
            matches!(token.class, Class::Comma | Class::And | Class::Colon | Class::Dash | Class::Stop | Class::Filler);
        // "1.4 ok" may be all that is said of it.
        self.is_name(index) || (is_sign && !token.plain.starts_with("ok"))
    }

    /// Whether a token makes what is said beside it no more than possible, or takes it back.
    fn is_doubtful(&self, index: usize) -> bool {
        matches!(
            self.tokens[index].class,
            Class::Not | Class::NotYet | Class::Maybe | Class::ToCome | Class::Remaining | Class::Unreal
        )
    }

    /// Reads one statement and says where to go on: at what parts it from the next.
    fn statement(&mut self, at: usize, end: usize, context: &mut Context) -> usize {
        if let Some(place) = self.wish(at, end) {
            if let Some((saying, head)) = self.saying(at..place) {
                self.add(at..place, saying, head, context);
            }
            let (saying, names_end, next) = self.more_time(at, place);
            self.add_about(at..names_end, at..next, saying, place, context);
            return next;
        }
        match self.saying(at..end) {
            Some((Saying::Blocked(_), head)) => {
                let begins = if self.tokens[head].class == Class::Lack { head } else { head + 1 };
                let next = self.reason_end(end);
                // "Vì chưa có kinh phí nên xin lùi …": a reason, and no more.
                if self.tokens[at].class == Class::Because
                    && self.wish(next + 1, self.statement_end(next + 1)).is_some()
                {
                    return next;
                }
                let why = self.words(begins..next);
                let names_end = self.names_of_block(at, head, end, context);
                self.add_about(at..names_end, at..next, Saying::Blocked(why), head, context);
                // What is in the way may be told at length; that the task is done or how much of it still counts.
                self.aside(end..next, context);
                next
            }
            Some((saying, _)) if self.heads_lines(at, end) => {
                context.heading = Some(saying);
                end
            }
            Some((saying, head)) => {
                self.add(at..end, saying, head, context);
                end
            }
            None => {
                let named = self.mentioned(at..end);
                if named.is_empty() {
                    self.remark(at..end, context);
                }
                if let Some(doubt) = (at..end).find(|index| !named.is_empty() && self.is_doubtful(*index)) {
                    self.add(at..end, Saying::Vague, doubt, context);
                    return end;
                }
                self.name(&named);
                context.has_words |= !named.is_empty() && !(at..end).all(|index| self.only_names(index));
                context.pending.extend(named);
                end
            }
        }
    }

    /// Whether a statement is a line of its own that leads to those below.
    fn heads_lines(&self, at: usize, end: usize) -> bool {
        let is_line = |index: usize| self.tokens.get(index).is_none_or(|token| token.class == Class::Line);
        !self.is_single()
            && (at == 0 || is_line(at - 1))
            && self.tokens[at..end].last().is_some_and(|last| last.class == Class::Colon)
            && end < self.tokens.len()
            && is_line(end)
            && self.mentioned(at..end).is_empty()
    }

    /// Where the names of the tasks end that something stands in the way of: others may be part of the reason.
    fn names_of_block(&self, at: usize, head: usize, end: usize, context: &Context) -> usize {
        if !context.pending.is_empty() || !self.mentioned(at..head).is_empty() {
            return head;
        }
        let leads = |index: &usize| matches!(self.tokens[*index].class, Class::Because | Class::Colon);
        (head..end).find(leads).unwrap_or(end)
    }

    fn name(&mut self, targets: &[Target]) {
        self.named.extend(targets.iter().filter_map(|target| match target {
            Target::Asked(task) => Some(*task),
            Target::Other(_) => None,
        }));
    }

    /// Where a statement asks for more time, where it does.
    pub(super) fn wish(&self, at: usize, end: usize) -> Option<usize> {
        let is_wish = |index: &usize| self.tokens[*index].class == Class::MoreTime || self.asks_for_more(*index);
        let place = (at..end.min(self.tokens.len())).find(is_wish)?;
        let before = &self.tokens[at..place];
        let is_denied = before.iter().any(|token| matches!(token.class, Class::Not | Class::NotYet));
        let is_past = before.last().is_some_and(|token| token.class == Class::Past || token.plain == "duoc");
        (!is_denied && !is_past).then_some(place)
    }

    fn add(&mut self, at: Range<usize>, saying: Saying, head: usize, context: &mut Context) {
        self.add_about(at.clone(), at, saying, head, context);
    }

    /// Adds what is said in `at`, its tasks being named in `names`.
    fn add_about(&mut self, names: Range<usize>, at: Range<usize>, saying: Saying, head: usize, context: &mut Context) {
        let mut these = self.mentioned(names.clone());
        self.name(&these);
        let has = |class: Class| self.tokens[names.clone()].iter().any(|token| token.class == class);
        let every = self.tokens[names.clone()].iter().find_map(|token| match token.class {
            Class::Every(count) => Some(count),
            _ => None,
        });
        let first_name =
            self.mentions.iter().find(|mention| names.contains(&mention.at.start)).map(|mention| mention.at.start);
        let names_follow = first_name.is_some_and(|first| first > head);
        let mut pending = std::mem::take(&mut context.pending);
        let has_words = std::mem::take(&mut context.has_words);
        let names_them = self.tokens[names.clone()].iter().any(|token| matches!(token.plain.as_str(), "deu" | "het"));
        let is_of_all = has(Class::All) || every.is_some();
        // "Trừ 3.1, tất cả đã xong" is said of the others; "trừ 3.1 và 1.5 đều chưa xong", behind something else, of these.
        let is_closed = names.start > 0 && self.excepts(names.start - 1);
        these.retain(|target| !(is_closed && self.is_set_apart(target)));
        if is_of_all && (these.is_empty() || self.said.is_empty() || !names_them) {
            these.retain(|target| !self.is_excepted(target));
            pending.retain(|target| !self.is_excepted(target));
        }
        let everybody = || self.all_but_excepted().map(Target::Asked).collect();
        let about = if !these.is_empty() {
            if !pending.is_empty() {
                match (&context.said_before_names, names_follow) {
                    (Some(before), true) => {
                        let before = before.clone();
                        self.push(About::These(pending), before, &at);
                    }
                    (None, false) if !has_words => these.splice(0..0, pending).for_each(drop),
                    // "đã xong 1.4, 1.5, 3.1 đang làm": whose is 1.5? "1.4 ok, 1.5 đang làm": what is 1.4?
                    _ => self.doubt_all(&pending),
                }
            }
            About::These(these)
        } else if !pending.is_empty() {
            About::These(pending)
        } else if has(Class::Rest) && !(self.is_single() && saying == Saying::Vague) {
            About::Rest
        } else if every.is_some_and(|count| count != self.asked.tasks.len()) {
            About::Unknown
        } else if let Some(subject) = context.subject.clone().filter(|_| !has(Class::All) && every.is_none()) {
            About::These(subject)
        } else if self.is_single() || has(Class::All) || every.is_some() {
            About::These(everybody())
        } else {
            About::Unknown
        };
        if let About::These(these) = &about {
            context.subject = Some(these.clone());
        }
        context.said_before_names = names_follow.then(|| saying.clone());
        self.push(about, saying, &at);
    }

    fn push(&mut self, about: About, saying: Saying, tokens: &Range<usize>) {
        let at = self.bytes(tokens);
        self.said.push(Said { about, saying, at });
    }

    /// Words that say nothing of how far a task is, behind words that do, are part of what is noted.
    fn remark(&mut self, at: Range<usize>, context: &Context) {
        let bytes = self.bytes(&at);
        if let Some(subject) = &context.subject
            && let Some(last) = self.said.last_mut()
            && last.about == About::These(subject.clone())
            && !bytes.is_empty()
        {
            last.at.end = bytes.end;
        }
    }

    fn aside(&mut self, range: Range<usize>, context: &mut Context) {
        let mut at = range.start;
        while at < range.end {
            let end = self.statement_end(at).min(range.end);
            if let Some((saying @ (Saying::Done | Saying::Percent(_)), head)) = self.saying(at..end)
                && self.mentioned(at..end).is_empty()
            {
                self.add(at..end, saying, head, context);
            }
            at = end + usize::from(end < self.tokens.len() && self.is_parting(end));
        }
    }

    fn flush(&mut self, context: &mut Context) {
        let pending = std::mem::take(&mut context.pending);
        let has_words = std::mem::take(&mut context.has_words);
        let heading = context.heading.clone().filter(|_| !has_words);
        if let Some(saying) = context.said_before_names.take().or(heading)
            && !pending.is_empty()
        {
            let end = self.said.last().map_or(0..0, |said| said.at.clone());
            self.said.push(Said { about: About::These(pending), saying, at: end });
        }
    }

    fn doubt_all(&mut self, targets: &[Target]) {
        for target in targets {
            self.doubts.push(match target {
                Target::Asked(task) => Doubt::Unclear(self.asked.tasks[*task].id.clone()),
                Target::Other(name) => Doubt::NotAsked(name.clone()),
            });
        }
    }

    /// Where a reason ends that begins in a statement which ends at `from`.
    pub(super) fn reason_end(&self, from: usize) -> usize {
        let mut at = from;
        while at < self.tokens.len() {
            if self.tokens[at].class == Class::Line && !self.is_single() {
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
