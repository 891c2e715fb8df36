//! Of which tasks each clause speaks.

use std::ops::Range;

use jiff::civil::Date;

use super::clauses::{Break, Clause};
use super::lexicon::Class;
use super::patterns::{ReadClause, Saying};
use super::tokens::TokenValue;

/// What one clause says of some tasks.
#[derive(Clone, Debug)]
pub(super) struct ClauseStatement {
    /// The places of the tasks.
    pub(super) places: Vec<usize>,
    /// Whether it is said of all that are not named, and not of these in particular.
    pub(super) is_general: bool,
    pub(super) saying: Saying,
    pub(super) why: Option<Range<usize>>,
    /// The day of completion that it names.
    pub(super) done_on: Option<Date>,
    pub(super) at: Range<usize>,
    /// Whether it says when.
    pub(super) is_dated: bool,
    /// Whether nothing in it says that it has happened.
    is_bare: bool,
}

/// What is said of which tasks.
#[derive(Default)]
pub(super) struct Attribution {
    /// How many tasks were asked about.
    number: usize,
    /// The places of those that no clause names; of an only task its place.
    unnamed: Vec<usize>,
    pub(super) said: Vec<ClauseStatement>,
    /// Statements that name no task where several were asked about.
    pub(super) nameless: Vec<Range<usize>>,
    /// A reason that stands alone.
    pub(super) reason: Option<Range<usize>>,
    /// What the last statement of this sentence was about.
    subject: Option<Vec<usize>>,
}

impl Attribution {
    /// What some clauses say of so many tasks.
    pub(super) fn of(clauses: &[Clause], reads: &[ReadClause], number: usize) -> Self {
        let named: Vec<usize> = clauses.iter().flat_map(places).collect();
        let unnamed = (0..number).filter(|place| number == 1 || !named.contains(place)).collect();
        let mut found = Self { number, unnamed, ..Self::default() };
        for (clause, read) in clauses.iter().zip(reads) {
            found.take(clause, read);
        }
        // "Trừ 1.4, xin lùi đến 15/12", "tất cả chưa xong trừ 1.4": of 1.4 it is not said how far it is.
        let tells_nothing = |(clause, read): (&Clause, &ReadClause)| match read.saying {
            Saying::MoreTime(_) | Saying::Blocked(_) => true,
            Saying::Done { .. } => false,
            _ => clause.is_general() && read.saying.status().is_some(),
        };
        if clauses.iter().zip(reads).any(tells_nothing) {
            let left_out = found.said.iter_mut().filter(|said| said.saying == Saying::LeftOut);
            left_out.for_each(|said| said.saying = Saying::Unknown);
        }
        found
    }

    /// Whether it is said of any task how far it is.
    pub(super) fn tells(&self) -> bool {
        self.said.iter().any(|said| said.saying.status().is_some())
    }

    fn take(&mut self, clause: &Clause, read: &ReadClause) {
        if clause.after >= Break::Stop {
            self.subject = None;
        }
        let names = places(clause);
        match &read.saying {
            Saying::Later => self.cloud(Saying::Later, clause, names),
            saying if saying.is_unclear() || matches!(saying, Saying::Day(_) | Saying::Person(_)) => {
                self.cloud(Saying::Unknown, clause, names);
            }
            // It is about a task that was not asked about.
            _ if names.is_empty() && !clause.names().is_empty() => self.subject = Some(Vec::new()),
            saying if saying.is_statement() => self.take_statement(clause, read, names),
            Saying::Reason if names.is_empty() => {
                self.reason.clone_from(&read.why);
                if let Some(last) = self.said.last_mut().filter(|last| last.why.is_none()) {
                    last.why.clone_from(&read.why);
                }
            }
            Saying::Courtesy if self.is_announced(clause) => self.cloud(Saying::Unknown, clause, names),
            Saying::Aside | Saying::Help if names.is_empty() => match self.subject.clone() {
                Some(subject) => self.push(subject, false, read, clause),
                None => self.push(self.unnamed.clone(), true, read, clause),
            },
            Saying::Aside | Saying::Help => self.push(names, false, read, clause),
            // "Xong hết, trừ việc này"
            _ if names.is_empty() && clause.sets_apart() => self.cloud(Saying::Unknown, clause, names),
            _ if names.is_empty() => {}
            _ if clause.sets_apart() && (self.nameless.is_empty() || clause.opener() == Some(Class::Except)) => {
                self.leave_out(clause, names);
            }
            _ => self.cloud(Saying::Unknown, clause, names),
        }
    }

    /// "Xong, em báo": a statement that is to come.
    fn is_announced(&self, clause: &Clause) -> bool {
        let is_bare = self.said.last().is_some_and(|last| matches!(last.saying, Saying::Done { .. }) && last.is_bare);
        clause.after <= Break::Soft && is_bare && clause.has(Class::Report)
    }

    /// Something is said that is not understood, of the tasks named, of those that the sentence is about, or of any.
    fn cloud(&mut self, saying: Saying, clause: &Clause, mut places: Vec<usize>) {
        if places.is_empty() && clause.has(Class::Rest) {
            places.clone_from(&self.unnamed);
        }
        if places.is_empty() && clause.after <= Break::Soft {
            places = self.subject.clone().unwrap_or_default();
        }
        if places.is_empty() {
            places = (0..self.number).collect();
        } else {
            self.subject = Some(places.clone());
        }
        self.push(places, false, &ReadClause::of(saying), clause);
    }

    /// Tasks that are set apart, and of which nothing else is said, are not done.
    fn leave_out(&mut self, clause: &Clause, places: Vec<usize>) {
        self.subject = Some(places.clone()).filter(|_| clause.opener() != Some(Class::Except));
        self.push(places, false, &ReadClause::of(Saying::LeftOut), clause);
    }

    fn take_statement(&mut self, clause: &Clause, read: &ReadClause, names: Vec<usize>) {
        let is_done = matches!(read.saying, Saying::Done { .. });
        let is_strong = is_done || matches!(read.saying, Saying::Blocked(_));
        let (is_general, is_rest, count) = (clause.is_general(), clause.has(Class::Rest), clause.count());
        let is_single = self.number == 1;
        // "Còn 3.1, đã xong": not 3.1.
        let is_left_out = self.said.last().is_some_and(|last| last.saying == Saying::LeftOut) && is_strong;
        let subject = self.subject.clone().filter(|_| !is_general && !is_left_out);
        let (places, is_general) = match () {
            // "Ngoài 1.4 ra thì xong cả"
            () if clause.opener() == Some(Class::Except) && is_done && !names.is_empty() => {
                self.leave_out(clause, names);
                (self.unnamed.clone(), true)
            }
            () if !names.is_empty() && count.is_some_and(|count| count != names.len()) => {
                return self.cloud(Saying::Unknown, clause, names);
            }
            () if !names.is_empty() => (names, false),
            () if subject.is_some() => (subject.unwrap_or_default(), false),
            () if !is_rest && count.map_or(is_general || is_single, |count| count == self.number) => {
                (self.unnamed.clone(), true)
            }
            // "60%, còn lại tuần sau làm"; "việc khác đã xong" says nothing of the one that was asked about.
            () if is_single && is_rest && !is_strong && !self.said.is_empty() => (self.unnamed.clone(), true),
            () if is_single => return self.cloud(Saying::Unknown, clause, names),
            () if self.unnamed.len() < self.number
                && (is_rest || count.is_some())
                && count.is_none_or(|count| count == self.unnamed.len()) =>
            {
                (self.unnamed.clone(), false)
            }
            () => return self.nameless.push(clause.at()),
        };
        self.subject = Some(places.clone());
        self.push(places, is_general, read, clause);
    }

    fn push(&mut self, places: Vec<usize>, is_general: bool, read: &ReadClause, clause: &Clause) {
        let at = clause.at();
        let at = match &read.why {
            // "3.1 cũng vậy": the reason stands with what was said before, and tells more than these words.
            Some(why) if why.start < at.start => why.clone(),
            Some(why) => at.start..at.end.max(why.end),
            None => at,
        };
        self.said.push(ClauseStatement {
            places,
            is_general,
            saying: read.saying.clone(),
            at,
            why: read.why.clone(),
            done_on: read.done_on,
            is_dated: clause.has_any(&[Class::Gone, Class::Coming, Class::Moment]),
            is_bare: !clause.has_any(&[Class::Past, Class::Perfect]),
        });
    }
}

/// The places of the tasks that a clause names.
pub(super) fn places(clause: &Clause) -> Vec<usize> {
    let place = |name| if let TokenValue::Task(place) = name { Some(place) } else { None };
    clause.names().into_iter().filter_map(place).collect()
}
