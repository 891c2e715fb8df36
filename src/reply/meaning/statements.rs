//! An answer statement by statement: what each is about.

use std::ops::Range;

use crate::reply::words::{self, Class, Token};

use super::{About, Doubt, Reader, Said, Saying, Target, Way};

/// What the statements of a sentence and a line share.
#[derive(Default)]
struct Context {
    /// Tasks that are named and wait for what is said of them.
    pending: Vec<Target>,
    /// Whether something stands beside these names that may already say it.
    has_words: bool,
    /// What was said last in this sentence, where that came before the names of its tasks.
    said_before_names: Option<Saying>,
    /// The tasks that the last statement was about, and how it came to be.
    subject: Option<(Vec<Target>, Way)>,
    /// What is said of the tasks in the lines below: "Đã hoàn thành:".
    heading: Option<Saying>,
    /// Whether this line only lists tasks, of which the heading says it.
    is_below: bool,
}

impl Reader<'_> {
    pub(super) fn read(&mut self) {
        let mut context = Context::default();
        let mut at = 0;
        while at < self.tokens.len() {
            if self.begins_line(at) {
                if self.heads_first && self.says_of_none(at) {
                    // "Đã xong⏎1.4⏎Vướng⏎3.1": what stands above is not what this is said of.
                    context.pending.clear();
                }
                context.heading = context.heading.filter(|_| !self.ends_heading(at));
                context.is_below = self.lists(at);
            }
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
                let names_end = self.names_of_block(at, head, end, context);
                let names_lead = names_end > begins && (begins..names_end).all(|index| self.only_names(index));
                let why = self.words(if names_lead { names_end } else { begins }..next);
                self.add_about(at..names_end, at..next, Saying::Blocked(why), head, context);
                // What is in the way may be told at length; that the task is done or how much of it still counts.
                self.aside(end..next, context);
                next
            }
            Some((saying, _)) if self.heads_lines(at, end, &saying) => {
                // What is named above it is not said of it.
                context.pending.clear();
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
                let follows_but = self.class_before(at) == Some(Class::But);
                let has_words = follows_but || !(at..end).all(|index| self.only_names(index));
                context.has_words |= !named.is_empty() && has_words;
                context.pending.extend(named);
                end
            }
        }
    }

    /// Where the names of the tasks end that something stands in the way of: others may be part of the reason.
    fn names_of_block(&self, at: usize, head: usize, end: usize, context: &Context) -> usize {
        // "Vướng: 3.1 vì thiếu kinh phí"
        let leads = |index: &usize| {
            matches!(self.tokens[*index].class, Class::Colon | Class::Filler) && self.mention_at(*index).is_none()
        };
        let first = (head + 1..end).find(|index| !leads(index) && self.tokens[*index].class != Class::Label);
        if let Some(mention) = first.and_then(|first| self.mention_at(first))
            && self.mentioned(at..head).is_empty()
        {
            return mention.at.end;
        }
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
        let is_past = before.last().is_some_and(|token| token.class == Class::Past || token.plain == "duoc")
            || before.iter().any(|token| token.plain == "da");
        let is_refused = before.iter().any(|token| token.plain == "dung");
        // "Hội thi bị hoãn đến 15/12", "1.4 gia hạn hợp đồng"
        let asks = |token: &Token| words::ASKING.contains(&token.plain.as_str());
        let is_of_things = || self.tokens.get(place + 1).is_some_and(|next| next.class == Class::Other && !asks(next));
        let is_asked = before.iter().any(asks) || ((at..place).all(|index| self.only_names(index)) && !is_of_things());
        (!is_denied && !is_past && !is_refused && is_asked).then_some(place)
    }

    fn add(&mut self, at: Range<usize>, saying: Saying, head: usize, context: &mut Context) {
        self.add_about(at.clone(), at, saying, head, context);
    }

    /// Adds what is said in `at`, its tasks being named in `names`.
    fn add_about(&mut self, names: Range<usize>, at: Range<usize>, saying: Saying, head: usize, context: &mut Context) {
        let mut these = self.mentioned(names.clone());
        self.name(&these);
        let first_name =
            self.mentions.iter().find(|mention| names.contains(&mention.at.start)).map(|mention| mention.at.start);
        let names_follow = first_name.is_some_and(|first| first > head);
        let mut pending = std::mem::take(&mut context.pending);
        let has_words = std::mem::take(&mut context.has_words);
        self.leave_out(&names, &mut these, &mut pending);
        let saying = if self.miscounts(&names, these.len() + pending.len()) { Saying::Vague } else { saying };
        let is_left_out = self.is_led_by_exception(names.start) && self.class_before(names.start) != Some(Class::Only);
        let way = if is_left_out { Way::LeftOut } else { Way::Named };
        if !these.is_empty() && !pending.is_empty() {
            match (&context.said_before_names, names_follow) {
                (Some(before), true) if !has_words => {
                    let before = before.clone();
                    self.push(About::These(std::mem::take(&mut pending)), Way::Carried, before, &at);
                }
                (None, false) if !has_words => {
                    self.push(About::These(std::mem::take(&mut pending)), Way::Carried, saying.clone(), &at);
                }
                // "đã xong 1.4, 1.5, 3.1 đang làm": whose is 1.5? "1.4 ok, 1.5 đang làm": what is 1.4?
                _ => self.doubt_all(&std::mem::take(&mut pending)),
            }
        }
        let (about, way) = match (these.is_empty(), pending.is_empty()) {
            (false, _) => (About::These(these), way),
            (true, false) => (About::These(pending), Way::Carried),
            (true, true) => self.about_unnamed(&names, &saying, context),
        };
        if let About::These(these) = &about {
            context.subject = Some((these.clone(), way));
        }
        context.said_before_names = names_follow.then(|| saying.clone());
        self.push(about, way, saying, &at);
    }

    /// Whether fewer or more are counted than were named before: "1.4, 1.5, 3.1 đã xong 2 việc".
    fn miscounts(&self, names: &Range<usize>, tasks: usize) -> bool {
        let Some(last) = names.clone().rev().find(|index| self.mention_at(*index).is_some()) else { return false };
        self.counted(last..names.end).is_some_and(|count| count != tasks)
    }

    /// Takes out of the tasks that are named in a statement, or wait for one, those that it leaves out.
    fn leave_out(&self, names: &Range<usize>, these: &mut Vec<Target>, pending: &mut Vec<Target>) {
        if self.is_led_by_exception(names.start) {
            these.retain(|target| !self.is_set_apart(target));
        }
        let tokens = &self.tokens[names.clone()];
        let is_of_all = tokens.iter().any(|token| matches!(token.class, Class::All | Class::Every(_) | Class::Rest));
        let may_be_of_these = tokens.iter().any(|token| matches!(token.plain.as_str(), "deu" | "het"));
        // "Trừ 3.1, tất cả đã xong" is said of the others; "trừ 3.1 và 1.5 đều chưa xong", behind something else, of these.
        if is_of_all && (these.is_empty() || self.said.is_empty() || !may_be_of_these) {
            these.retain(|target| !self.is_excepted(target));
            pending.retain(|target| !self.is_excepted(target));
        }
        // "1.4 ok, các việc khác đã xong"
        if tokens.iter().any(|token| token.class == Class::Rest) && these.is_empty() {
            pending.clear();
        }
    }

    /// Whom a statement is about that names nobody.
    fn about_unnamed(&self, names: &Range<usize>, saying: &Saying, context: &Context) -> (About, Way) {
        let tokens = &self.tokens[names.clone()];
        let has = |class: Class| tokens.iter().any(|token| token.class == class);
        let every = self.counted(names.clone());
        let is_of_all = has(Class::All) || every.is_some();
        // "1.4 xong, 1.5 đang làm. Khó khăn chung: kinh phí"
        let follows_stop = self.class_before(names.start) == Some(Class::Stop);
        let begins_anew = follows_stop && !self.is_single() && matches!(saying, Saying::Blocked(_));
        let miscounts = every.is_some_and(|count| count != self.asked.tasks.len());
        if has(Class::Rest) && !(self.is_single() && *saying == Saying::Vague) {
            (About::Rest, Way::General)
        } else if let Some((subject, way)) = context.subject.clone().filter(|_| !is_of_all && !begins_anew) {
            (About::These(subject), way)
        } else if miscounts || !(self.is_single() || is_of_all) || self.leaves_out_unknown() {
            (About::Unknown, Way::General)
        } else {
            (About::These(self.all_but_excepted().map(Target::Asked).collect()), Way::General)
        }
    }

    fn push(&mut self, about: About, way: Way, saying: Saying, tokens: &Range<usize>) {
        let at = self.bytes(tokens);
        self.said.push(Said { about, way, saying, at });
    }

    /// Words that say nothing of how far a task is, behind words that do, are part of what is noted.
    fn remark(&mut self, at: Range<usize>, context: &Context) {
        let bytes = self.bytes(&at);
        if let Some((subject, _)) = &context.subject
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
        let before = context.said_before_names.take().or_else(|| context.heading.clone().filter(|_| context.is_below));
        if let Some(saying) = before.filter(|_| !has_words && !pending.is_empty()) {
            let at = self.said.last().map_or(0..0, |said| said.at.clone());
            self.said.push(Said { about: About::These(pending), way: Way::Carried, saying, at });
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
}
