//! What each clause says of which tasks.

use std::ops::Range;

use jiff::civil::Date;

use super::clauses::{Break, Clause};
use super::lexicon::Class;
use super::patterns::{ReadClause, Saying};
use super::reading::{Asked, Matter, Question};
use super::tokens::TokenValue;

/// Whom a statement is about.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Referent {
    /// Tasks that are named, by their places.
    These(Vec<usize>),
    /// All that are not named elsewhere.
    All,
    /// So many of those that are not named elsewhere, where some are.
    Rest(Option<usize>),
}

/// What one clause says of some tasks.
#[derive(Clone, Debug)]
pub(super) struct ClauseStatement {
    pub(super) about: Referent,
    pub(super) saying: Saying,
    pub(super) why: Option<Range<usize>>,
    /// The day of completion that it names.
    pub(super) done_on: Option<Date>,
    pub(super) at: Range<usize>,
    /// Whether it says when.
    pub(super) is_dated: bool,
    /// Whether nothing in it says that it has happened.
    pub(super) is_bare: bool,
    /// Whether its tasks are only left out of what is said of the others: "trừ 3.1".
    pub(super) is_left_out: bool,
}

/// What is said of which tasks.
pub(super) struct Statements<'a> {
    pub(super) asked: &'a Asked<'a>,
    pub(super) said: Vec<ClauseStatement>,
    pub(super) questions: Vec<Question>,
    pub(super) person: Option<Matter>,
    /// Statements that name no task where several were asked about.
    pub(super) nameless: Vec<Range<usize>>,
    /// A reason that stands alone.
    pub(super) reason: Option<Range<usize>>,
    /// Whether all of it is politeness.
    pub(super) is_polite: bool,
    /// Whether anything speaks of how far a task is, or names one.
    pub(super) speaks: bool,
    /// What the last statement of this sentence was about.
    subject: Option<Referent>,
    /// What is said of the tasks that the lines below name.
    heading: Option<Saying>,
    /// The tasks that the quoted lines above name, and whether the last clause was one.
    quoted: Vec<usize>,
    is_below_quote: bool,
}

impl<'a> Statements<'a> {
    /// What some clauses say.
    pub(super) fn of(clauses: &[Clause], reads: &[ReadClause], asked: &'a Asked<'a>) -> Self {
        let mut statements = Self {
            asked,
            said: Vec::new(),
            questions: Vec::new(),
            person: None,
            nameless: Vec::new(),
            reason: None,
            is_polite: true,
            speaks: false,
            subject: None,
            heading: None,
            quoted: Vec::new(),
            is_below_quote: false,
        };
        for (clause, read) in clauses.iter().zip(reads) {
            if clause.is_quoted {
                statements.take_quoted(clause);
            } else {
                statements.take(clause, read);
            }
        }
        // "Trừ 1.4, xin lùi đến 15/12": of 1.4 it is not said how far it is.
        if reads.iter().any(|read| matches!(read.saying, Saying::MoreTime(_) | Saying::Blocked(_))) {
            for said in statements.said.iter_mut().filter(|said| said.is_left_out) {
                said.saying = Saying::Unknown;
            }
        }
        statements
    }

    /// The places of all tasks.
    pub(super) fn all(&self) -> Vec<usize> {
        (0..self.asked.tasks.len()).collect()
    }

    /// Whether one task alone was asked about.
    pub(super) fn is_single(&self) -> bool {
        self.asked.tasks.len() == 1
    }

    /// All that is said of a task: what is said of it by name, else what is said of all.
    pub(super) fn of_task(&self, place: usize) -> Vec<&ClauseStatement> {
        let is_named = |place: usize| {
            let names = |said: &&ClauseStatement| matches!(&said.about, Referent::These(of) if of.contains(&place));
            self.said.iter().any(|said| names(&said))
        };
        let others = self.all().into_iter().filter(|place| !is_named(*place)).count();
        let is_meant = |said: &&ClauseStatement| match &said.about {
            Referent::These(places) => places.contains(&place),
            Referent::All => self.is_single() || !is_named(place),
            Referent::Rest(count) => {
                (!is_named(place) || self.is_single())
                    && count.is_none_or(|count| count == others)
                    && (others < self.asked.tasks.len() || self.is_single())
            }
        };
        self.said.iter().filter(is_meant).collect()
    }

    fn take_quoted(&mut self, clause: &Clause) {
        if !std::mem::replace(&mut self.is_below_quote, true) {
            self.quoted.clear();
        }
        self.subject = None;
        self.quoted.extend(clause.names().into_iter().filter_map(|name| match name {
            TokenValue::Task(place) => Some(place),
            _ => None,
        }));
    }

    fn take(&mut self, clause: &Clause, read: &ReadClause) {
        self.is_below_quote = false;
        if clause.after >= Break::Stop {
            self.subject = None;
        }
        let (names, is_other) = self.names(clause);
        if clause.after == Break::Line && names.is_empty() && read.saying != Saying::Courtesy {
            self.heading = None;
        }
        let says_nothing = names.is_empty() && matches!(read.saying, Saying::Courtesy | Saying::Names);
        self.is_polite &= says_nothing && !is_other && !clause.has_any(&[Class::Sorry, Class::Heading]);
        self.speaks |= is_other || !names.is_empty() || read.saying.is_statement() || clause.makes_statement();
        match &read.saying {
            Saying::Unknown => self.cloud(clause, names),
            _ if is_other && names.is_empty() => self.subject = Some(Referent::These(Vec::new())),
            Saying::Person(matter) => {
                self.person = Some(self.person.unwrap_or(*matter));
                self.cloud(clause, names);
            }
            saying if saying.is_statement() => self.take_statement(clause, read, names),
            Saying::Reason if names.is_empty() => self.take_reason(read),
            Saying::Courtesy if self.is_announced(clause) => self.cloud(clause, names),
            Saying::Aside | Saying::Help => {
                let subject = self.subject.clone().unwrap_or(Referent::All);
                let about = if names.is_empty() { subject } else { Referent::These(names) };
                self.push(about, read.clone(), clause);
            }
            _ if names.is_empty() => {}
            _ => self.take_names(clause, read, names),
        }
    }

    /// The places of the tasks that a clause names, and whether it names others; of these is asked.
    fn names(&mut self, clause: &Clause) -> (Vec<usize>, bool) {
        let (mut places, mut is_other) = (Vec::new(), false);
        for name in clause.names() {
            match name {
                TokenValue::Task(place) => places.push(place),
                TokenValue::Other(name) => {
                    is_other = true;
                    let is_left_out = clause.opener() == Some(Class::Except);
                    self.questions.extend((!is_left_out).then_some(Question::NotAsked(name)));
                }
                _ => {}
            }
        }
        (places, is_other)
    }

    /// "Xong, em báo": a statement that is to come.
    fn is_announced(&self, clause: &Clause) -> bool {
        let is_bare = self.said.last().is_some_and(|last| matches!(last.saying, Saying::Done { .. }) && last.is_bare);
        clause.after <= Break::Soft && is_bare && clause.has(Class::Report)
    }

    fn take_reason(&mut self, read: &ReadClause) {
        self.reason.clone_from(&read.why);
        if let Some(last) = self.said.last_mut().filter(|last| last.why.is_none()) {
            last.why.clone_from(&read.why);
        }
    }

    /// Something is said that is not understood, of the tasks named, of those that the sentence is about, or of any.
    fn cloud(&mut self, clause: &Clause, mut names: Vec<usize>) {
        if names.is_empty() && clause.has(Class::Rest) && !self.is_single() {
            names = self.all();
            names.retain(|place| !self.said.iter().any(|said| self.places(&said.about).contains(place)));
        }
        if names.is_empty() && clause.after <= Break::Soft {
            names = self.subject.as_ref().map(|subject| self.places(subject)).unwrap_or_default();
        }
        if names.is_empty() && self.quoted.len() == 1 {
            names.clone_from(&self.quoted);
        }
        if names.is_empty() {
            names = self.all();
        } else {
            self.subject = Some(Referent::These(names.clone()));
        }
        self.push(Referent::These(names), ReadClause::of(Saying::Unknown), clause);
    }

    fn places(&self, about: &Referent) -> Vec<usize> {
        match about {
            Referent::These(places) => places.clone(),
            Referent::All | Referent::Rest(_) => self.all(),
        }
    }

    /// A clause that names tasks and says nothing of them.
    fn take_names(&mut self, clause: &Clause, read: &ReadClause, names: Vec<usize>) {
        let heading = self.heading.clone().filter(|_| read.saying == Saying::Names && clause.opener().is_none());
        let subject = Referent::These(names.clone());
        if let Some(heading) = heading {
            self.push(subject.clone(), ReadClause::of(heading), clause);
            self.subject = Some(subject);
        } else if clause.sets_apart() && (self.nameless.is_empty() || clause.opener() == Some(Class::Except)) {
            self.leave_out(names, clause);
        } else {
            self.cloud(clause, names);
        }
    }

    /// Tasks that are set apart, and of which nothing else is said, are not done.
    fn leave_out(&mut self, names: Vec<usize>, clause: &Clause) {
        self.subject = Some(Referent::These(names.clone())).filter(|_| clause.opener() != Some(Class::Except));
        self.push(Referent::These(names), ReadClause::of(Saying::NotDone), clause);
        if let Some(last) = self.said.last_mut() {
            last.is_left_out = true;
        }
    }

    fn take_statement(&mut self, clause: &Clause, read: &ReadClause, names: Vec<usize>) {
        // "Các việc đã xong:" is said of the lines below, "tất cả đã xong" above a line "trừ 3.1" of all.
        let is_announced = clause.tokens.last().is_some_and(|token| token.class == Class::Colon);
        if clause.heads && names.is_empty() && (is_announced || !clause.is_general()) && !self.is_single() {
            self.heading = Some(read.saying.clone());
            return;
        }
        let is_around = clause.names_around() && !matches!(read.saying, Saying::Blocked(_) | Saying::MoreTime(_));
        let miscounts = !names.is_empty() && clause.count().is_some_and(|count| count != names.len());
        if is_around || miscounts {
            self.cloud(clause, names);
            return;
        }
        let about = if names.is_empty() { self.unnamed(clause, read) } else { self.named(clause, read, names) };
        let Some(about) = about else { return };
        self.subject = Some(about.clone());
        self.push(about, read.clone(), clause);
    }

    /// Whom a statement is about that names tasks.
    fn named(&mut self, clause: &Clause, read: &ReadClause, names: Vec<usize>) -> Option<Referent> {
        let is_done = matches!(read.saying, Saying::Done { .. });
        let is_except = clause.opener() == Some(Class::Except);
        // "Ngoài 1.4 ra thì xong cả"
        if is_except && is_done && clause.is_general() {
            self.leave_out(names, clause);
            return Some(if clause.has(Class::Rest) { Referent::Rest(None) } else { Referent::All });
        }
        // "Trừ 3.1 đã xong", "ngoài 1.4 ra chưa việc nào xong", "riêng 3.1 tất cả đã xong": what is done?
        let is_unclear = (is_except && (is_done || clause.has(Class::Any)))
            || (clause.sets_apart() && is_done && (clause.is_general() || names.len() > 1));
        if is_unclear {
            self.cloud(clause, names);
            return None;
        }
        Some(Referent::These(names))
    }

    /// Whom a statement is about that names no task.
    fn unnamed(&mut self, clause: &Clause, read: &ReadClause) -> Option<Referent> {
        let (is_general, is_rest, count) = (clause.is_general(), clause.has(Class::Rest), clause.count());
        let is_strong = matches!(read.saying, Saying::Done { .. } | Saying::Blocked(_));
        // "Còn 3.1, đã xong": not 3.1.
        let is_left_out = self.said.last().is_some_and(|last| last.is_left_out) && is_strong;
        if let Some(subject) = self.subject.clone().filter(|_| !is_general && !is_left_out) {
            return Some(subject);
        }
        if self.quoted.len() == 1 && !is_general {
            return Some(Referent::These(self.quoted.clone()));
        }
        if self.is_single() {
            let is_other = (is_rest && (is_strong || self.said.is_empty())) || count.is_some_and(|count| count != 1);
            if is_other {
                self.cloud(clause, vec![0]);
                return None;
            }
            return Some(Referent::All);
        }
        match count {
            Some(count) if count == self.asked.tasks.len() && !is_rest => Some(Referent::All),
            Some(_) => Some(Referent::Rest(count)),
            None if is_rest => Some(Referent::Rest(None)),
            None if is_general => Some(Referent::All),
            None => {
                self.nameless.push(clause.at());
                None
            }
        }
    }

    fn push(&mut self, about: Referent, read: ReadClause, clause: &Clause) {
        let at = clause.at();
        self.said.push(ClauseStatement {
            about,
            saying: read.saying,
            at: at.start..read.why.as_ref().map_or(at.end, |why| at.end.max(why.end)),
            why: read.why,
            done_on: read.done_on,
            is_dated: clause.has_any(&[Class::Gone, Class::Coming, Class::Moment]),
            is_bare: !clause.has_any(&[Class::Past, Class::Perfect]),
            is_left_out: false,
        });
    }
}
