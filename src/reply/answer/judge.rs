//! What all clauses of an answer come to.

use std::ops::Range;

use jiff::civil::Date;

use crate::progress::Status;
use crate::text;

use super::clauses::{Break, Clause, Opener};
use super::lexicon::Class;
use super::more_time::{self, Due};
use super::patterns::{Read, Saying};
use super::reading::{Answer, Asked, AskedTask, Matter, MoreTime, Question, Reading, Report};
use super::tokens::{Token, Value};

/// No note is longer, in letters.
const LONGEST_NOTE: usize = 2000;

/// Whom a clause is about.
#[derive(Clone, Debug, PartialEq)]
enum About {
    /// Tasks that are named, by their places.
    These(Vec<usize>),
    /// All that are not named elsewhere.
    All,
    /// So many of those that are not named elsewhere.
    Rest(Option<usize>),
    /// Tasks that are left out of what is said of all.
    LeftOut(Vec<usize>),
}

/// What one clause says of some tasks.
#[derive(Clone, Debug)]
struct Said {
    about: About,
    saying: Saying,
    why: Option<Range<usize>>,
    at: Range<usize>,
    /// Whether it says when.
    is_dated: bool,
}

/// Puts together what the clauses of a text say.
pub(super) fn judge(text: &str, mut clauses: Vec<Clause>, mut reads: Vec<Read>, asked: &Asked<'_>) -> Reading {
    mark_headings(&mut clauses, &reads);
    let clauses = clauses.as_slice();
    go_on_with_reasons(clauses, &mut reads);
    set_aside_what_is_overcome(clauses, &mut reads);
    let mut judge = Judge::new(text, asked);
    for (clause, read) in clauses.iter().zip(&reads) {
        judge.take(clause, read);
    }
    judge.settle_floating();
    judge.leave_pending();
    judge.conclude()
}

/// "Đang làm⏎1.4⏎Đã xong⏎1.5": lines that are said of those below, because the first of them can only be so.
fn mark_headings(clauses: &mut [Clause], reads: &[Read]) {
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
fn go_on_with_reasons(clauses: &[Clause], reads: &mut [Read]) {
    let mut open: Option<usize> = None;
    for at in 0..reads.len() {
        let clause = &clauses[at];
        let goes_on = clause.after == Break::Soft
            && clause.opener == Opener::None
            && reads[at].saying == Saying::Unknown
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
fn set_aside_what_is_overcome(clauses: &[Clause], reads: &mut [Read]) {
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

struct Judge<'a> {
    text: &'a str,
    asked: &'a Asked<'a>,
    said: Vec<Said>,
    questions: Vec<Question>,
    person: Option<Matter>,
    /// Tasks that are named and wait for what is said of them.
    pending: Vec<usize>,
    /// Those of them that were set apart: "còn 3.1".
    set_apart: Vec<usize>,
    /// Tasks that are named behind a statement and may belong to it, or to the next one.
    floating: Vec<usize>,
    /// What the last statement of this sentence was about.
    subject: Option<About>,
    /// Whether the last statement came before the names of its tasks: "xong 1.4".
    said_before_names: bool,
    /// Whether something was left out in this sentence.
    has_left_out: bool,
    /// What is said of the tasks that the lines below name.
    heading: Option<Saying>,
    /// The tasks that the quoted lines above name, and whether the last clause was one.
    quoted: Vec<usize>,
    is_below_quote: bool,
    /// Tasks that something is said of that is not understood.
    clouded: Vec<usize>,
    /// Whether anything is more than politeness.
    has_content: bool,
    /// Whether anything speaks of how far a task is, or names one.
    speaks: bool,
    /// A reason that stands alone.
    reason: Option<Range<usize>>,
    /// A date that stands in it.
    date: Option<Date>,
}

impl<'a> Judge<'a> {
    fn new(text: &'a str, asked: &'a Asked<'a>) -> Self {
        Self {
            text,
            asked,
            said: Vec::new(),
            questions: Vec::new(),
            person: None,
            pending: Vec::new(),
            set_apart: Vec::new(),
            floating: Vec::new(),
            subject: None,
            said_before_names: false,
            has_left_out: false,
            heading: None,
            quoted: Vec::new(),
            is_below_quote: false,
            clouded: Vec::new(),
            has_content: false,
            speaks: false,
            reason: None,
            date: None,
        }
    }

    fn all(&self) -> Vec<usize> {
        (0..self.asked.tasks.len()).collect()
    }

    fn is_single(&self) -> bool {
        self.asked.tasks.len() == 1
    }

    /// The places of the tasks that a clause names; of others is asked.
    fn names(&mut self, clause: &Clause) -> Vec<usize> {
        let mut places = Vec::new();
        for name in clause.names() {
            match name {
                Value::Task(place) => places.push(place),
                Value::Other(_) if clause.opener == Opener::Except => {}
                Value::Other(name) => self.questions.push(Question::NotAsked(name)),
                Value::None | Value::Number(_) | Value::Date(_) | Value::Span(_) => {}
            }
        }
        places
    }

    fn take(&mut self, clause: &Clause, read: &Read) {
        if clause.is_quoted {
            self.take_quoted(clause);
            return;
        }
        self.is_below_quote = false;
        self.date = self.date.or_else(|| self.date_in(clause));
        if clause.after >= Break::Stop {
            self.settle_floating();
            self.subject = None;
            self.has_left_out = false;
        }
        let names_other = clause.names().iter().any(|name| matches!(name, Value::Other(_)));
        let names = self.names(clause);
        if clause.after == Break::Line {
            if clause.heads || !names.is_empty() {
                self.leave_pending();
            }
            self.heading = self.heading.take().filter(|_| !names.is_empty() || read.saying == Saying::Courtesy);
        }
        let says_nothing = names.is_empty() && matches!(read.saying, Saying::Courtesy | Saying::Names);
        self.has_content |= !says_nothing;
        self.speaks |= !clause.names().is_empty() || read.saying.is_statement() || clause.makes_statement();
        match &read.saying {
            Saying::Unknown => self.cloud(clause, names),
            _ if names_other && names.is_empty() => self.pending.clear(),
            Saying::Person(matter) => {
                self.person = Some(self.person.unwrap_or(*matter));
                self.cloud(clause, names);
            }
            saying if saying.is_statement() => self.statement(clause, read, names),
            Saying::Reason if names.is_empty() => self.take_reason(read),
            Saying::Courtesy if self.is_announced(clause) => self.cloud(clause, names),
            saying => {
                let is_aside = matches!(saying, Saying::Aside | Saying::Help);
                if is_aside && !names.is_empty() {
                    self.push(About::These(names), read, clause);
                } else if is_aside {
                    let about = self.subject.clone().unwrap_or(About::All);
                    self.push(about, read, clause);
                } else {
                    self.take_names(clause, saying, names);
                }
            }
        }
    }

    /// The date in a clause, where one was asked for.
    fn date_in(&self, clause: &Clause) -> Option<Date> {
        let is_asked = self.asked.questions.iter().any(|question| matches!(question, Question::NoDate(..)));
        let starts = 0..if is_asked { clause.tokens.len() } else { 0 };
        starts
            .filter_map(|at| more_time::date(&clause.tokens[at..], self.text, self.asked.year))
            .map(|(date, _)| date)
            .next()
    }

    fn take_quoted(&mut self, clause: &Clause) {
        self.settle_floating();
        self.leave_pending();
        if !self.is_below_quote {
            self.quoted.clear();
        }
        self.is_below_quote = true;
        self.subject = None;
        for name in clause.names() {
            if let Value::Task(place) = name
                && !self.quoted.contains(&place)
            {
                self.quoted.push(place);
            }
        }
    }

    /// "Xong, em báo": a statement that is to come.
    fn is_announced(&self, clause: &Clause) -> bool {
        let last = self.said.last().is_some_and(|said| matches!(said.saying, Saying::Done { .. }));
        clause.after == Break::Soft && last && clause.has(Class::Report) && !clause.has(Class::Past)
    }

    fn take_reason(&mut self, read: &Read) {
        self.reason.clone_from(&read.why);
        if let Some(last) = self.said.last_mut()
            && last.why.is_none()
        {
            last.why.clone_from(&read.why);
        }
    }

    /// Something is said that is not understood, of the tasks named, of those that the sentence is about, or of any.
    fn cloud(&mut self, clause: &Clause, mut names: Vec<usize>) {
        names.append(&mut self.pending);
        if names.is_empty() && clause.has(Class::Rest) && !self.is_single() {
            names = self.all();
            names.retain(|place| !self.said.iter().any(|said| self.places(Some(&said.about)).contains(place)));
        }
        if names.is_empty() && clause.after == Break::Soft {
            names = self.places(self.subject.as_ref());
        }
        if names.is_empty() && self.quoted.len() == 1 {
            names.clone_from(&self.quoted);
        }
        if names.is_empty() {
            names = self.all();
        } else {
            self.subject = Some(About::These(names.clone()));
        }
        self.said.push(Said {
            about: About::These(names.clone()),
            saying: Saying::Unknown,
            why: None,
            at: clause.at(),
            is_dated: false,
        });
        self.clouded.extend(names);
    }

    fn places(&self, about: Option<&About>) -> Vec<usize> {
        match about {
            Some(About::These(places) | About::LeftOut(places)) => places.clone(),
            Some(About::All | About::Rest(_)) => self.all(),
            None => Vec::new(),
        }
    }

    /// A clause that names tasks and says nothing of them.
    fn take_names(&mut self, clause: &Clause, saying: &Saying, names: Vec<usize>) {
        if names.is_empty() {
            return;
        }
        match clause.opener {
            Opener::Only | Opener::Remaining => {
                self.set_apart.extend(&names);
                self.pending.extend(names);
                self.has_left_out = true;
                self.subject = None;
            }
            Opener::Except => {
                let read = Read { saying: Saying::NotDone, why: None };
                self.push(About::LeftOut(names), &read, clause);
                self.has_left_out = true;
                self.subject = None;
            }
            // "Đã xong 1.4 1.5": whose is what was said?
            _ if clause.is_joined && !self.said_before_names => {
                let subject = self.places(self.subject.as_ref());
                self.clouded.extend(names.into_iter().chain(subject));
            }
            _ if self.heading.is_some() && *saying == Saying::Names => {
                let read = Read { saying: self.heading.clone().unwrap_or(Saying::Unknown), why: None };
                self.subject = Some(About::These(names.clone()));
                self.push(About::These(names), &read, clause);
            }
            Opener::None if self.said_before_names && clause.after == Break::Soft && *saying == Saying::Names => {
                self.floating.extend(names);
            }
            _ => self.pending.extend(names),
        }
    }

    fn statement(&mut self, clause: &Clause, read: &Read, names: Vec<usize>) {
        let is_general = clause.has(Class::Whole) || clause.has(Class::Rest) || clause.has(Class::Count);
        if clause.heads && names.is_empty() && self.pending.is_empty() && !is_general && !self.is_single() {
            self.heading = Some(read.saying.clone());
            return;
        }
        let count = count(clause);
        let is_name = |token: &Token| matches!(token.class, Class::Task | Class::Own);
        let first_name = clause.position(is_name);
        let says = |class: Class| {
            matches!(
                class,
                Class::Done
                    | Class::Doing
                    | Class::Underway
                    | Class::Percent
                    | Class::Obstacle
                    | Class::NotYet
                    | Class::Not
            )
        };
        let first_word = clause.position(|token| says(token.class));
        let names_lead = !names.is_empty() && first_word.is_none_or(|word| first_name.is_some_and(|name| name < word));
        let floating = std::mem::take(&mut self.floating);
        self.clouded.extend(floating.iter().filter(|_| names_lead));
        if let Some(last) = self.said.last().filter(|_| !names_lead && !floating.is_empty()).cloned() {
            self.said.push(Said { about: About::These(floating), ..last });
        }
        let set_apart = std::mem::take(&mut self.set_apart);
        let mut pending = std::mem::take(&mut self.pending);
        if matches!(read.saying, Saying::Done { .. }) {
            // "Còn 3.1, 1.5 đã xong": not 3.1.
            pending.retain(|place| !set_apart.contains(place));
            self.leave_out(set_apart);
        }
        let is_behind = first_word.is_some_and(|word| {
            clause.tokens[word..].iter().any(|token| token.class == Class::Task && !names.is_empty())
        });
        let is_around = names_lead && first_word.is_some() && is_behind && !matches!(read.saying, Saying::Blocked(_));
        if !names.is_empty() && !names_lead || clause.has(Class::Rest) || is_around {
            self.clouded.append(&mut pending);
        }
        if is_around {
            self.clouded.extend(names);
            return;
        }
        self.said_before_names = !names.is_empty() && !names_lead;
        let named = [pending, names].concat();
        if !named.is_empty() && count.is_some_and(|count| count != named.len()) {
            self.clouded.extend(named);
            return;
        }
        let about =
            if named.is_empty() { self.unnamed(clause, read) } else { self.named(clause, read, named, is_general) };
        let Some(about) = about else { return };
        let saying = match (&read.saying, self.said.last()) {
            (Saying::Same, Some(last)) => last.saying.clone(),
            (Saying::Same, None) => Saying::Unknown,
            (saying, _) => saying.clone(),
        };
        self.subject = Some(about.clone());
        self.push(about, &Read { saying, why: read.why.clone() }, clause);
    }

    /// Whom a statement is about that names tasks.
    fn named(&mut self, clause: &Clause, read: &Read, named: Vec<usize>, is_general: bool) -> Option<About> {
        let is_done = matches!(read.saying, Saying::Done { .. });
        match clause.opener {
            // "Ngoài 1.4 ra thì xong cả"
            Opener::Except if is_done && is_general => {
                let left_out = Read { saying: Saying::NotDone, why: None };
                self.push(About::LeftOut(named), &left_out, clause);
                Some(if clause.has(Class::Rest) { About::Rest(None) } else { About::All })
            }
            // "Trừ 3.1 đã xong", "ngoài 1.4 ra chưa việc nào xong", "riêng 3.1 tất cả đã xong": what is done?
            Opener::Except if is_done || clause.has(Class::Any) => {
                self.clouded.extend(named);
                None
            }
            Opener::Only | Opener::Remaining if is_done && is_general => {
                self.clouded.extend(named);
                None
            }
            _ => Some(About::These(named)),
        }
    }

    /// Whom a statement is about that names no task.
    fn unnamed(&mut self, clause: &Clause, read: &Read) -> Option<About> {
        let count = count(clause);
        let number = self.asked.tasks.len();
        let is_rest = clause.has(Class::Rest);
        let is_general = is_rest || count.is_some() || clause.has(Class::Whole);
        if let Some(subject) = self.subject.clone().filter(|_| !is_general) {
            return Some(subject);
        }
        if self.quoted.len() == 1 && !is_general {
            return Some(About::These(self.quoted.clone()));
        }
        let is_strong = matches!(read.saying, Saying::Done { .. } | Saying::Blocked(_));
        match count {
            _ if self.is_single() && ((is_rest && is_strong) || count.is_some_and(|count| count != 1)) => {
                self.clouded.push(0);
                None
            }
            _ if self.is_single() => Some(About::All),
            Some(count) if count == number && !is_rest => Some(About::All),
            Some(count) => Some(About::Rest(Some(count))),
            None if is_rest => Some(About::Rest(None)),
            None if clause.has(Class::Whole) => Some(About::All),
            None => {
                self.questions.push(Question::Which);
                None
            }
        }
    }

    fn push(&mut self, about: About, read: &Read, clause: &Clause) {
        let mut at = clause.at();
        if let Some(why) = &read.why {
            at.end = at.end.max(why.end);
        }
        let is_dated = clause.has(Class::Date) || clause.has(Class::Earlier);
        self.said.push(Said { about, saying: read.saying.clone(), why: read.why.clone(), at, is_dated });
    }

    /// Tasks named behind a statement belong to it where no other one follows.
    fn settle_floating(&mut self) {
        let floating = std::mem::take(&mut self.floating);
        if let Some(last) = self.said.last().filter(|_| !floating.is_empty()).cloned() {
            self.said.push(Said { about: About::These(floating), ..last });
        }
        self.said_before_names = false;
    }

    /// Of tasks that were named nothing more is said.
    fn leave_pending(&mut self) {
        let pending = std::mem::take(&mut self.pending);
        let set_apart = std::mem::take(&mut self.set_apart);
        self.clouded.extend(pending.into_iter().filter(|place| !set_apart.contains(place)));
        self.leave_out(set_apart);
    }

    /// Tasks that were set apart, and nothing said of them: they are not done.
    fn leave_out(&mut self, places: Vec<usize>) {
        if !places.is_empty() {
            let about = About::LeftOut(places);
            self.said.push(Said { about, saying: Saying::NotDone, why: None, at: 0..0, is_dated: false });
        }
    }

    /// All that is said of a task: what is said of it by name, else what is said of all.
    fn said_of(&self, place: usize) -> Vec<&Said> {
        let named: Vec<&Said> = self
            .said
            .iter()
            .filter(|said| matches!(&said.about, About::These(places) if places.contains(&place)))
            .collect();
        if named.iter().any(|said| said.saying.is_statement()) || (self.clouded.contains(&place) && !self.is_single()) {
            return named;
        }
        let is_elsewhere = |place: usize| {
            let by_name = |said: &Said| match &said.about {
                About::These(places) | About::LeftOut(places) => places.contains(&place),
                About::All | About::Rest(_) => false,
            };
            self.said.iter().any(|said| by_name(said) && (said.saying.is_statement() || !self.is_single()))
        };
        let others = self.all().into_iter().filter(|place| !is_elsewhere(*place)).count();
        let general = self.said.iter().filter(|said| match &said.about {
            About::These(places) => places.contains(&place),
            About::LeftOut(places) => places.contains(&place),
            About::All => !is_elsewhere(place) || !said.saying.is_statement(),
            About::Rest(count) => {
                !is_elsewhere(place)
                    && count.is_none_or(|count| count == others)
                    && (others < self.asked.tasks.len() || self.is_single())
            }
        });
        general.collect()
    }

    fn conclude(mut self) -> Reading {
        let mut answer = Answer { person: self.person, ..Answer::default() };
        for place in self.all() {
            self.conclude_task(place, &mut answer);
        }
        let is_used = |said: &Said| {
            self.all().iter().any(|place| self.said_of(*place).iter().any(|used| std::ptr::eq(*used, said)))
        };
        let is_lost = self
            .said
            .iter()
            .any(|said| matches!(said.about, About::Rest(_)) && said.saying.is_statement() && !is_used(said));
        if is_lost {
            self.questions.push(Question::Which);
        }
        if !self.has_content && self.questions.is_empty() && answer == Answer::default() && !self.text.trim().is_empty()
        {
            return Reading::Acknowledgement;
        }
        self.answer_questions(&mut answer);
        if !self.speaks {
            self.questions.retain(|question| !matches!(question, Question::Unclear(_)));
        }
        let is_nothing = answer.reports.is_empty() && answer.more_time.is_empty() && self.questions.is_empty();
        if is_nothing && answer.person.is_none() {
            self.questions.push(Question::Nothing);
        }
        self.questions.sort();
        self.questions.dedup();
        answer.questions = self.questions;
        Reading::Answer(answer)
    }

    fn conclude_task(&mut self, place: usize, answer: &mut Answer) {
        let said: Vec<Said> = self.said_of(place).into_iter().cloned().collect();
        let task = &self.asked.tasks[place];
        let is_clouded = self.clouded.contains(&place);
        let is_alone = self.person.is_some() && !said.iter().any(|said| said.saying.is_statement());
        let is_named = said.iter().any(|said| matches!(said.about, About::These(_)));
        let wish = said.iter().rev().find_map(|said| match said.saying {
            Saying::MoreTime(due) => Some((due, said.why.clone())),
            _ => None,
        });
        match settle(&said, is_clouded) {
            Settled::Clear(status, percent) if wish.is_none() || status != Status::Done => {
                let note = if status == Status::Blocked { self.reasons(&said) } else { self.note(&said) };
                let for_all = said.iter().any(|said| said.saying == Saying::Done { for_all: true });
                answer.reports.push(Report { task: task.id.clone(), status, percent, note, for_all });
            }
            Settled::Nothing if wish.is_some() || is_alone => {}
            Settled::Nothing if !is_clouded && (self.is_single() || !is_named) => {}
            _ => self.questions.push(Question::Unclear(task.id.clone())),
        }
        let Some((due, why)) = wish else { return };
        let blocked =
            said.iter().find(|said| matches!(said.saying, Saying::Blocked(_))).and_then(|said| said.why.clone());
        let why = why.or(blocked).or_else(|| self.reason.clone()).and_then(|why| note(&self.text[why]));
        match settle_time(task, due, why, self.asked) {
            Ok(wish) => answer.more_time.push(wish),
            Err(question) => self.questions.push(question),
        }
    }

    /// What stands in the way.
    fn reasons(&self, said: &[Said]) -> Option<String> {
        let blocked = said.iter().filter(|said| matches!(said.saying, Saying::Blocked(_)));
        let why = blocked.filter_map(|said| said.why.clone()).next().or_else(|| self.reason.clone())?;
        note(&self.text[why])
    }

    /// What else is said: of an only task everything, of one among others what stands beside it.
    fn note(&self, said: &[Said]) -> Option<String> {
        let tells = |said: &&Said| {
            said.why.is_some() || said.is_dated || matches!(said.saying, Saying::Aside | Saying::Help | Saying::Unknown)
        };
        let is_told = said.iter().filter(|said| !matches!(said.saying, Saying::MoreTime(_))).any(|said| tells(&said));
        if !is_told {
            return None;
        }
        if self.is_single() {
            return note(self.text);
        }
        let named =
            said.iter().filter(|said| !matches!(said.about, About::All) && !matches!(said.saying, Saying::MoreTime(_)));
        let parts: Vec<&str> = named.map(|said| &self.text[said.at.clone()]).collect();
        note(&parts.join("; "))
    }

    /// Reads the text as the answer to what was asked: why more time is needed, and until when.
    fn answer_questions(&mut self, answer: &mut Answer) {
        if *answer != Answer::default() || self.text.trim().is_empty() {
            return;
        }
        let why = || self.reason.clone().map_or(self.text, |why| &self.text[why]);
        for question in self.asked.questions {
            let (task, wish) = match question {
                Question::NoReason(task, due) => (task, (Due::On(*due), note(why()))),
                Question::NoDate(task, why) => {
                    let Some(due) = self.date else {
                        self.questions.push(question.clone());
                        continue;
                    };
                    (task, (Due::On(due), why.clone()))
                }
                _ => continue,
            };
            let Some(task) = self.asked.tasks.iter().find(|asked| asked.id == *task) else { continue };
            match settle_time(task, wish.0, wish.1, self.asked) {
                Ok(wish) => answer.more_time.push(wish),
                Err(question) => self.questions.push(question),
            }
            self.questions
                .retain(|question| *question != Question::Unclear(task.id.clone()) && *question != Question::Nothing);
        }
    }
}

/// How many tasks a clause counts.
fn count(clause: &Clause) -> Option<usize> {
    clause.tokens.iter().find_map(|token| match token.value {
        Value::Number(count) if token.class == Class::Count => Some(count),
        _ => None,
    })
}

/// What all statements about a task come to.
enum Settled {
    Clear(Status, Option<u8>),
    Conflict,
    Nothing,
}

fn settle(said: &[Said], is_clouded: bool) -> Settled {
    let has = |wanted: fn(&Saying) -> bool| said.iter().any(|said| wanted(&said.saying));
    let is_done = has(|saying| matches!(saying, Saying::Done { .. }));
    let is_blocked = has(|saying| matches!(saying, Saying::Blocked(_)));
    let is_begun = has(|saying| matches!(saying, Saying::Doing | Saying::NotDone | Saying::Percent(_)));
    let is_not_begun = has(|saying| matches!(saying, Saying::NotBegun));
    let needs_help = has(|saying| matches!(saying, Saying::Help));
    let mut percents: Vec<u8> = said
        .iter()
        .filter_map(|said| match said.saying {
            Saying::Percent(percent) | Saying::Blocked(Some(percent)) => Some(percent),
            _ => None,
        })
        .collect();
    percents.dedup();
    let percent = percents.first().copied();
    match () {
        () if percents.len() > 1 => Settled::Conflict,
        () if is_done && (is_blocked || is_begun || is_not_begun || needs_help || is_clouded) => Settled::Conflict,
        () if is_done => Settled::Clear(Status::Done, None),
        () if is_blocked && is_clouded => Settled::Conflict,
        () if is_blocked => Settled::Clear(Status::Blocked, percent),
        () if is_begun => Settled::Clear(Status::InProgress, percent),
        () if is_not_begun && is_clouded => Settled::Conflict,
        () if is_not_begun => Settled::Clear(Status::NotStarted, None),
        () => Settled::Nothing,
    }
}

fn settle_time(task: &AskedTask, due: Due, why: Option<String>, asked: &Asked<'_>) -> Result<MoreTime, Question> {
    let from = task.due.map_or(asked.today, |due| due.max(asked.today));
    let due = match due {
        Due::On(due) => Some(due),
        Due::After(span) => from.checked_add(span.0).ok(),
        Due::Unknown => None,
    };
    let Some(due) = due else { return Err(Question::NoDate(task.id.clone(), why)) };
    if due <= asked.today || task.due.is_some_and(|before| due <= before) {
        return Err(Question::NotLater(task.id.clone(), due));
    }
    let why = why.ok_or_else(|| Question::NoReason(task.id.clone(), due))?;
    Ok(MoreTime { task: task.id.clone(), due, why })
}

/// Text in one line, cut where it becomes long.
fn note(written: &str) -> Option<String> {
    let line = text::nfc(written);
    let line = line.trim_matches(|letter: char| letter.is_whitespace() || ":;,-–—".contains(letter));
    if !line.chars().any(char::is_alphanumeric) {
        return None;
    }
    let mut cut: String = line.chars().take(LONGEST_NOTE).collect();
    if cut.len() < line.len() {
        cut.push('…');
    }
    Some(cut)
}
