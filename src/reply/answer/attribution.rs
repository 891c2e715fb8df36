//! Of which tasks each clause speaks.

use std::ops::Range;

use super::clauses::{Break, Clause, Opener, Order};
use super::lexicon::Class;
use super::reading::{Asked, Matter, Question};
use super::saying::{ReadClause, Saying};
use super::statement::{ClauseStatement, Referent};
use super::tokens::TokenValue;

/// What is said of which tasks.
pub(super) struct Attribution<'a> {
    pub(super) asked: &'a Asked<'a>,
    pub(super) said: Vec<ClauseStatement>,
    /// Tasks that something is said of that is not understood.
    pub(super) clouded: Vec<usize>,
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
    now: ClauseContext,
}

/// What the clauses before say of the next one.
#[derive(Default)]
struct ClauseContext {
    /// Tasks that are named and wait for what is said of them.
    pending: Vec<usize>,
    /// Those of them that were set apart: "còn 3.1".
    set_apart: Vec<usize>,
    /// Whether a task that was not asked about waits so.
    is_other: bool,
    /// Tasks that are named behind a statement and may belong to it, or to the next one.
    floating: Vec<usize>,
    /// What the last statement of this sentence was about.
    subject: Option<Referent>,
    /// Whether the last statement came before the names of its tasks: "xong 1.4".
    said_before_names: bool,
    /// What is said of the tasks that the lines below name.
    heading: Option<Saying>,
    /// The tasks that the quoted lines above name, and whether the last clause was one.
    quoted: Vec<usize>,
    is_below_quote: bool,
}

impl<'a> Attribution<'a> {
    pub(super) fn new(asked: &'a Asked<'a>) -> Self {
        Self {
            asked,
            said: Vec::new(),
            clouded: Vec::new(),
            questions: Vec::new(),
            person: None,
            nameless: Vec::new(),
            reason: None,
            is_polite: true,
            speaks: false,
            now: ClauseContext::default(),
        }
    }

    /// Ends the text: tasks that were named wait for nothing any more.
    pub(super) fn end(&mut self) {
        self.settle_floating();
        self.leave_pending();
        // "Trừ 1.4, xin lùi đến 15/12": of 1.4 it is not said how far it is.
        if self.said.iter().any(|said| matches!(said.saying, Saying::MoreTime(_) | Saying::Blocked(_))) {
            for said in self.said.iter_mut().filter(|said| matches!(said.about, Referent::LeftOut(_))) {
                said.saying = Saying::Unknown;
            }
        }
    }

    /// The places of all tasks.
    pub(super) fn all(&self) -> Vec<usize> {
        (0..self.asked.tasks.len()).collect()
    }

    /// Whether one task alone was asked about.
    pub(super) fn is_single(&self) -> bool {
        self.asked.tasks.len() == 1
    }

    /// The places of the tasks that a clause names; of others is asked.
    fn names(&mut self, clause: &Clause) -> Vec<usize> {
        let mut places = Vec::new();
        for name in clause.names() {
            match name {
                TokenValue::Task(place) => places.push(place),
                TokenValue::Other(_) if clause.opener == Opener::Except => {}
                TokenValue::Other(name) => self.questions.push(Question::NotAsked(name)),
                TokenValue::None | TokenValue::Number(_) | TokenValue::Date(_) | TokenValue::Span(_) => {}
            }
        }
        places
    }

    /// Takes the next clause.
    pub(super) fn take(&mut self, clause: &Clause, read: &ReadClause) {
        if clause.is_quoted {
            self.take_quoted(clause);
            return;
        }
        self.now.is_below_quote = false;
        if clause.after >= Break::Stop {
            self.settle_floating();
            self.now.subject = None;
        }
        let names_other = clause.names().iter().any(|name| matches!(name, TokenValue::Other(_)));
        let names = self.names(clause);
        if clause.after == Break::Line {
            if clause.heads || !clause.names().is_empty() {
                self.leave_pending();
            }
            self.now.heading = self.now.heading.take().filter(|_| !names.is_empty() || read.saying == Saying::Courtesy);
        }
        let announces = clause.has(Class::Sorry) || clause.has(Class::Heading);
        let says_nothing = names.is_empty() && matches!(read.saying, Saying::Courtesy | Saying::Names) && !announces;
        self.is_polite &= says_nothing;
        self.speaks |= !clause.names().is_empty() || read.saying.is_statement() || clause.makes_statement();
        match &read.saying {
            Saying::Unknown => self.cloud(clause, names),
            _ if names_other && names.is_empty() && self.now.pending.is_empty() => {
                self.now.is_other = read.saying == Saying::Names;
                self.now.subject = Some(Referent::These(Vec::new()));
            }
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
                    self.push(Referent::These(names), read.clone(), clause);
                } else if is_aside {
                    let about = self.now.subject.clone().unwrap_or(Referent::All);
                    self.push(about, read.clone(), clause);
                } else {
                    self.take_names(clause, saying, names);
                }
            }
        }
    }

    fn take_quoted(&mut self, clause: &Clause) {
        self.settle_floating();
        self.leave_pending();
        if !self.now.is_below_quote {
            self.now.quoted.clear();
        }
        self.now.is_below_quote = true;
        self.now.subject = None;
        for name in clause.names() {
            if let TokenValue::Task(place) = name
                && !self.now.quoted.contains(&place)
            {
                self.now.quoted.push(place);
            }
        }
    }

    /// "Xong, em báo": a statement that is to come.
    fn is_announced(&self, clause: &Clause) -> bool {
        let is_bare = self.said.last().is_some_and(|last| matches!(last.saying, Saying::Done { .. }) && last.is_bare);
        clause.after <= Break::Soft && is_bare && clause.has(Class::Report)
    }

    fn take_reason(&mut self, read: &ReadClause) {
        self.reason.clone_from(&read.why);
        if let Some(last) = self.said.last_mut()
            && last.why.is_none()
        {
            last.why.clone_from(&read.why);
        }
    }

    /// Something is said that is not understood, of the tasks named, of those that the sentence is about, or of any.
    fn cloud(&mut self, clause: &Clause, mut names: Vec<usize>) {
        names.append(&mut self.now.pending);
        if names.is_empty() && clause.has(Class::Rest) && !self.is_single() {
            names = self.all();
            names.retain(|place| !self.said.iter().any(|said| self.places(Some(&said.about)).contains(place)));
        }
        if names.is_empty() && clause.after <= Break::Soft {
            names = self.places(self.now.subject.as_ref());
        }
        if names.is_empty() && self.now.quoted.len() == 1 {
            names.clone_from(&self.now.quoted);
        }
        if names.is_empty() {
            names = self.all();
        } else {
            self.now.subject = Some(Referent::These(names.clone()));
        }
        self.push(Referent::These(names.clone()), ReadClause::of(Saying::Unknown), clause);
        self.clouded.extend(names);
    }

    fn places(&self, about: Option<&Referent>) -> Vec<usize> {
        match about {
            Some(Referent::These(places) | Referent::LeftOut(places)) => places.clone(),
            Some(Referent::All | Referent::Rest(_)) => self.all(),
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
                self.now.set_apart.extend(&names);
                self.now.pending.extend(names);
                self.now.subject = None;
            }
            Opener::Except => {
                self.push(Referent::LeftOut(names), ReadClause::of(Saying::NotDone), clause);
                self.now.subject = None;
            }
            // "Đã xong 1.4 1.5": whose is what was said?
            _ if clause.after == Break::Name && !self.now.said_before_names => {
                let subject = self.places(self.now.subject.as_ref());
                self.clouded.extend(names.into_iter().chain(subject));
            }
            _ if self.now.heading.is_some() && *saying == Saying::Names => {
                let read = ReadClause::of(self.now.heading.clone().unwrap_or(Saying::Unknown));
                self.now.subject = Some(Referent::These(names.clone()));
                self.push(Referent::These(names), read, clause);
            }
            Opener::None if self.now.said_before_names && clause.after <= Break::Soft && *saying == Saying::Names => {
                self.now.floating.extend(names);
            }
            // "1.4 nhé, 3.1 chưa": the first is over, and nobody knows what was said of it.
            _ if !self.is_single() && clause.tokens.last().is_some_and(|last| last.class == Class::Courtesy) => {
                self.clouded.extend(names);
            }
            _ => self.now.pending.extend(names),
        }
    }

    fn statement(&mut self, clause: &Clause, read: &ReadClause, names: Vec<usize>) {
        let is_alone = names.is_empty() && self.now.pending.is_empty();
        // "Các việc đã xong:" is said of the lines below, "tất cả đã xong" above a line "trừ 3.1" of all.
        let is_announced = clause.tokens.last().is_some_and(|token| token.class == Class::Colon);
        if clause.heads && is_alone && (is_announced || !clause.is_general()) && !self.is_single() {
            self.now.heading = Some(read.saying.clone());
            return;
        }
        if std::mem::take(&mut self.now.is_other) && is_alone {
            return;
        }
        let order = if names.is_empty() { Order::NoNames } else { clause.order() };
        self.assign_floating(order);
        let mut tasks = self.waiting(clause, read, order);
        tasks.extend(names);
        let is_around = order == Order::Around && !matches!(read.saying, Saying::Blocked(_));
        let miscounts = !tasks.is_empty() && clause.count().is_some_and(|count| count != tasks.len());
        if is_around || miscounts {
            self.clouded.extend(tasks);
            return;
        }
        self.now.said_before_names = order == Order::NamesLast;
        let about = if tasks.is_empty() { self.unnamed(clause, read) } else { self.named(clause, read, tasks) };
        let Some(about) = about else { return };
        let saying = match (&read.saying, self.said.last()) {
            (Saying::Same, Some(last)) => last.saying.clone(),
            (Saying::Same, None) => Saying::Unknown,
            (saying, _) => saying.clone(),
        };
        self.now.subject = Some(about.clone());
        self.push(about, ReadClause { saying, ..read.clone() }, clause);
    }

    /// Tasks named behind the last statement belong to it, unless this one is said of names before it as well.
    fn assign_floating(&mut self, order: Order) {
        if matches!(order, Order::NamesFirst | Order::Around) {
            self.clouded.append(&mut self.now.floating);
        }
        self.settle_floating();
    }

    /// The tasks that were named before a statement and wait for it.
    fn waiting(&mut self, clause: &Clause, read: &ReadClause, order: Order) -> Vec<usize> {
        let set_apart = std::mem::take(&mut self.now.set_apart);
        let mut waiting = std::mem::take(&mut self.now.pending);
        if matches!(read.saying, Saying::Done { .. }) {
            // "Còn 3.1, 1.5 đã xong": not 3.1.
            waiting.retain(|place| !set_apart.contains(place));
            self.leave_out(set_apart);
        }
        // "3.1; còn 5.2 đang làm": nothing is said of 3.1.
        let is_apart = matches!(clause.opener, Opener::Only | Opener::Remaining) && order != Order::NoNames;
        if matches!(order, Order::NamesLast | Order::Around) || clause.has(Class::Rest) || is_apart {
            self.clouded.append(&mut waiting);
        }
        waiting
    }

    /// Whom a statement is about that names tasks.
    fn named(&mut self, clause: &Clause, read: &ReadClause, named: Vec<usize>) -> Option<Referent> {
        let is_done = matches!(read.saying, Saying::Done { .. });
        match clause.opener {
            // "Ngoài 1.4 ra thì xong cả"
            Opener::Except if is_done && clause.is_general() => {
                self.push(Referent::LeftOut(named), ReadClause::of(Saying::NotDone), clause);
                Some(if clause.has(Class::Rest) { Referent::Rest(None) } else { Referent::All })
            }
            // "Trừ 3.1 đã xong", "ngoài 1.4 ra chưa việc nào xong", "riêng 3.1 tất cả đã xong": what is done?
            Opener::Except if is_done || clause.has(Class::Any) => {
                self.clouded.extend(named);
                None
            }
            Opener::Only | Opener::Remaining if is_done && clause.is_general() => {
                self.clouded.extend(named);
                None
            }
            _ => Some(Referent::These(named)),
        }
    }

    /// Whom a statement is about that names no task.
    fn unnamed(&mut self, clause: &Clause, read: &ReadClause) -> Option<Referent> {
        let count = clause.count();
        let number = self.asked.tasks.len();
        let is_rest = clause.has(Class::Rest);
        let is_general = clause.is_general();
        if let Some(subject) = self.now.subject.clone().filter(|_| !is_general) {
            return Some(subject);
        }
        if self.now.quoted.len() == 1 && !is_general {
            return Some(Referent::These(self.now.quoted.clone()));
        }
        let is_strong = matches!(read.saying, Saying::Done { .. } | Saying::Blocked(_));
        match count {
            _ if self.is_single()
                && ((is_rest && (is_strong || self.said.is_empty())) || count.is_some_and(|count| count != 1)) =>
            {
                self.clouded.push(0);
                None
            }
            _ if self.is_single() => Some(Referent::All),
            Some(count) if count == number && !is_rest => Some(Referent::All),
            Some(count) => Some(Referent::Rest(Some(count))),
            None if is_rest => Some(Referent::Rest(None)),
            None if clause.has(Class::Whole) => Some(Referent::All),
            None => {
                self.nameless.push(clause.at());
                None
            }
        }
    }

    fn push(&mut self, about: Referent, read: ReadClause, clause: &Clause) {
        self.said.push(ClauseStatement::new(about, read, clause));
    }

    /// Tasks named behind a statement belong to it where no other one follows.
    fn settle_floating(&mut self) {
        let floating = std::mem::take(&mut self.now.floating);
        if let Some(last) = self.said.last().filter(|_| !floating.is_empty()).cloned() {
            self.said.push(ClauseStatement { about: Referent::These(floating), ..last });
        }
        self.now.said_before_names = false;
    }

    /// Of tasks that were named nothing more is said.
    fn leave_pending(&mut self) {
        let pending = std::mem::take(&mut self.now.pending);
        let set_apart = std::mem::take(&mut self.now.set_apart);
        self.clouded.extend(pending.into_iter().filter(|place| !set_apart.contains(place)));
        self.leave_out(set_apart);
    }

    /// Tasks that were set apart, and nothing said of them: they are not done.
    fn leave_out(&mut self, places: Vec<usize>) {
        if !self.nameless.is_empty() {
            // "Xong mỗi 1.4": is it done, or not?
            self.clouded.extend(places);
        } else if !places.is_empty() {
            self.push(Referent::LeftOut(places), ReadClause::of(Saying::NotDone), &Clause::new(Break::Line));
        }
    }
}
