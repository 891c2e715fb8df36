//! A text cut into clauses, by signs and by the words that part statements.

use std::ops::Range;

use super::lexicon::Class;
use super::tokens::{AnswerToken, TokenValue};

/// How a clause is parted from the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Break {
    /// Within a sentence.
    Soft,
    /// By the end of a sentence.
    Stop,
    /// By the end of a line.
    Line,
}

/// A piece of an answer that says one thing.
#[derive(Clone, Debug)]
pub(super) struct Clause {
    pub(super) after: Break,
    /// What leads it ("nhưng", "còn", "trừ", "riêng"), and the rest.
    pub(super) tokens: Vec<AnswerToken>,
    /// Whether it is a question.
    pub(super) asks: bool,
}

/// Words that lead a clause.
const OPENERS: &[Class] = &[Class::But, Class::Remaining, Class::Except, Class::Only];
/// Words that make a statement, so that the next task's name begins another.
#[rustfmt::skip]
pub(super) const STATEMENTS: &[Class] = &[
    Class::Done, Class::Doing, Class::Underway, Class::Part, Class::Not, Class::NotYet, Class::Percent, Class::Full,
    Class::Obstacle, Class::Hard, Class::Lack, Class::Extend, Class::Begin, Class::Wonder, Class::HandOver, Class::Send,
];
impl Clause {
    /// A clause without words.
    pub(super) fn new(after: Break) -> Self {
        Self { after, tokens: Vec::new(), asks: false }
    }

    pub(super) fn has(&self, class: Class) -> bool {
        self.has_any(&[class])
    }

    pub(super) fn has_any(&self, classes: &[Class]) -> bool {
        self.position(classes).is_some()
    }

    fn position(&self, classes: &[Class]) -> Option<usize> {
        self.tokens.iter().position(|token| classes.contains(&token.class))
    }

    fn last(&self) -> Option<Class> {
        self.tokens.last().map(|token| token.class)
    }

    /// The word that leads it.
    pub(super) fn opener(&self) -> Option<Class> {
        self.tokens.first().map(|token| token.class).filter(|class| OPENERS.contains(class))
    }

    /// Whether what it names is set apart from what is said of the others.
    pub(super) fn sets_apart(&self) -> bool {
        self.opener().is_some_and(|opener| opener != Class::But)
    }

    /// Whether it has a word that statements are made of.
    pub(super) fn makes_statement(&self) -> bool {
        self.has_any(STATEMENTS)
    }

    /// The bytes that it stands in.
    pub(super) fn at(&self) -> Range<usize> {
        let (Some(first), Some(last)) = (self.tokens.first(), self.tokens.last()) else { return 0..0 };
        first.at.start..last.at.end
    }

    /// The tokens that are free words: a reason, or what stands in the way.
    pub(super) fn free(&self) -> Range<usize> {
        let (mut is_named, mut is_hard) = (false, false);
        let mut opens = |at: usize| {
            let class = self.tokens[at].class;
            is_named |= class == Class::Task;
            is_hard |= class == Class::Hard;
            let next = self.tokens.get(at + 1).map(|token| token.class);
            match class {
                Class::Because => true,
                // "Vướng 1.4": names follow.
                Class::Obstacle => {
                    is_named || next.is_some_and(|next| !matches!(next, Class::Task | Class::Colon | Class::Label))
                }
                Class::Colon => is_hard,
                _ => false,
            }
        };
        let count = self.tokens.len();
        let start = (0..count).find(|at| opens(*at)).unwrap_or(count);
        let therefore = self.tokens[start..].iter().position(|token| token.class == Class::Therefore);
        start..therefore.map_or(count, |ahead| start + ahead)
    }

    /// Whether a further word would be one of a reason, which only signs end.
    fn is_open(&self) -> bool {
        let free = self.free();
        !free.is_empty() && free.end == self.tokens.len()
    }

    /// The tokens that are no free words.
    pub(super) fn bound(&self) -> Vec<&AnswerToken> {
        let free = self.free();
        self.tokens.iter().enumerate().filter(|(at, _)| !free.contains(at)).map(|(_, token)| token).collect()
    }

    /// The tasks that are named, by number or by more than one of their own words.
    pub(super) fn names(&self) -> Vec<TokenValue> {
        let mut names: Vec<TokenValue> = Vec::new();
        let bound = self.bound();
        for token in &bound {
            let own = || bound.iter().filter(|other| other.class == Class::Own && other.value == token.value).count();
            let is_name = || token.class == Class::Task || (token.class == Class::Own && own() >= 3);
            if !names.contains(&token.value) && is_name() {
                names.push(token.value.clone());
            }
        }
        names
    }

    /// Whether a statement is made before any task is named: "xong 1.4".
    pub(super) fn names_last(&self) -> bool {
        let name = self.position(&[Class::Task, Class::Own]);
        let statement = self.position(STATEMENTS);
        name.zip(statement).is_some_and(|(name, statement)| statement < name)
    }

    /// Whether it is about all tasks, the rest, or so many.
    pub(super) fn is_general(&self) -> bool {
        self.has_any(&[Class::Whole, Class::Ended, Class::Rest, Class::Count])
    }

    /// How many tasks it counts.
    pub(super) fn count(&self) -> Option<usize> {
        self.tokens.iter().find_map(|token| match token.value {
            TokenValue::Number(count) if token.class == Class::Count => Some(count),
            _ => None,
        })
    }
}

/// Whether a text names any task.
pub(super) fn names_any(clauses: &[Clause]) -> bool {
    clauses.iter().any(|clause| !clause.names().is_empty())
}

/// Cuts a text.
pub(super) fn clauses(tokens: &[AnswerToken]) -> Vec<Clause> {
    let mut cutter = Cutter {
        tokens,
        at: 0,
        clauses: Vec::new(),
        current: Clause::new(Break::Line),
        is_quoted: false,
        quoted: Vec::new(),
    };
    while let Some(token) = tokens.get(cutter.at) {
        cutter.take(token);
        cutter.at += 1;
    }
    cutter.cut(Break::Line);
    cutter.clauses
}

struct Cutter<'a> {
    tokens: &'a [AnswerToken],
    at: usize,
    clauses: Vec<Clause>,
    current: Clause,
    /// Whether the line is one of ours, of which the names of tasks alone count.
    is_quoted: bool,
    /// The names in the last such lines.
    quoted: Vec<AnswerToken>,
}

impl Cutter<'_> {
    /// The first class behind the token at hand that is none of some.
    fn next(&self, skipped: &[Class]) -> Class {
        let mut rest = self.tokens[self.at + 1..].iter().map(|token| token.class);
        rest.find(|class| !skipped.contains(class)).unwrap_or(Class::Line)
    }

    fn take(&mut self, token: &AnswerToken) {
        let next = self.next(&[]);
        let is_last = matches!(next, Class::Line | Class::Stop | Class::Comma | Class::Question | Class::Final);
        match token.class {
            Class::Line if self.is_quoted => self.is_quoted = next == Class::Quote,
            Class::Line if self.current.last() == Some(Class::Colon) && self.waits() => {}
            Class::Line => self.cut(Break::Line),
            Class::Quote => {
                if !std::mem::replace(&mut self.is_quoted, true) {
                    self.quoted.clear();
                }
            }
            Class::Task if self.is_quoted => {
                self.quoted.retain(|quoted| quoted.value != token.value);
                self.quoted.push(token.clone());
            }
            _ if self.is_quoted => {}
            Class::Comma if self.goes_on() => self.push(Class::Comma),
            // "Đã xong: 1.4; 3.1"
            Class::Stop if next == Class::Task && self.current.has(Class::Colon) && self.goes_on() => {
                self.push(Class::Comma);
            }
            Class::Comma | Class::Stop if self.waits() => {}
            Class::Comma => self.cut(Break::Soft),
            Class::Stop => self.cut(Break::Stop),
            Class::Question => {
                self.current.asks = true;
                self.cut(Break::Stop);
            }
            // "Em gửi cô: 1.4 xong"
            Class::Colon if next == Class::Task && self.current.has(Class::Send) => self.cut(Break::Soft),
            // "Em đang làm ạ em sẽ …": how people speak to their telephones.
            Class::Final => {
                self.push(Class::Courtesy);
                if self.current.makes_statement() {
                    self.cut(Break::Soft);
                }
            }
            Class::Remains => {
                if self.current.makes_statement() {
                    self.cut(Break::Soft);
                }
                self.push(Class::Rest);
            }
            // "Việc riêng": at the end it parts nothing.
            class if class == Class::But || (OPENERS.contains(&class) && !is_last && !self.current.is_open()) => {
                self.cut(Break::Soft);
                self.push(class);
            }
            // "… và nộp báo cáo", "xong 1.4, 3.1 và đang làm 5.2"
            Class::And if STATEMENTS.contains(&next) => self.cut(Break::Soft),
            class if class == Class::Task || (class == Class::Label && next == Class::Task) => {
                if self.begins_statement() && !self.current.is_open() {
                    self.cut(Break::Soft);
                }
                self.push(class);
            }
            class => self.push(class),
        }
    }

    /// Takes the token at hand, as one of a class.
    fn push(&mut self, class: Class) {
        self.current.tokens.push(AnswerToken { class, ..self.tokens[self.at].clone() });
    }

    /// Whether names alone stand here so far, and what is said of them follows: "1.4 | xong", "3.1. Đang làm".
    fn waits(&self) -> bool {
        let next = self.next(&[Class::Comma, Class::Stop]);
        let only_names = |token: &AnswerToken| {
            matches!(
                token.class,
                Class::Task
                    | Class::Own
                    | Class::Label
                    | Class::And
                    | Class::Comma
                    | Class::Colon
                    | Class::But
                    | Class::About
            )
        };
        !self.current.names().is_empty()
            && self.current.tokens.iter().all(only_names)
            && !matches!(next, Class::Task | Class::Label | Class::Rest | Class::Line | Class::Quote)
    }

    /// Whether a list goes on over a comma: of names, of a task's words, of what may stand in the way.
    fn goes_on(&self) -> bool {
        let (last, next) = (self.current.last(), self.next(&[]));
        let is_list = |kind: &[Class]| kind.contains(&next) && last.is_some_and(|last| kind.contains(&last));
        if is_list(&[Class::Own]) || is_list(&[Class::Obstacle, Class::Hard, Class::Lack]) {
            return true;
        }
        let is_named = matches!(last, Some(Class::Task | Class::Own));
        if !is_named || !matches!(next, Class::Task | Class::Label) || self.current.is_open() {
            return false;
        }
        !self.current.makes_statement() || (self.current.names_last() && !self.begins_another())
    }

    /// "Xong 1.4, 3.1 đang làm": whether what is named behind the sign at hand has a statement of its own. Of longer lists nobody
    /// knows where the one ends and the other begins ("xong 1.4, 3.1, 5.2 đang làm"), nor what "chưa" is said of.
    fn begins_another(&self) -> bool {
        let rest = &self.tokens[self.at + 1..];
        let is_statement = |at: usize| rest.get(at).is_some_and(|token| STATEMENTS.contains(&token.class));
        let ends = |at: &usize| match rest[*at].class {
            Class::And => is_statement(at + 1),
            Class::Comma | Class::Stop | Class::Question | Class::Line => true,
            class => OPENERS.contains(&class),
        };
        let end = (0..rest.len()).find(ends).unwrap_or(rest.len());
        let is_question = rest.get(end).is_some_and(|token| token.class == Class::Question);
        let is_clear = !self.current.has_any(&[Class::Not, Class::NotYet])
            && (self.current.has(Class::And) || !self.current.has(Class::Comma));
        is_clear
            && !is_question
            && (0..end).any(|at| is_statement(at) || matches!(rest[at].class, Class::Future | Class::Today))
    }

    fn cut(&mut self, after: Break) {
        let next = Clause::new(after);
        let mut done = std::mem::replace(&mut self.current, next);
        // What stands below a line of ours that names one task is said of it.
        let speaks = done.makes_statement() || done.has(Class::Unknown);
        if let ([task], true) = (self.quoted.as_slice(), speaks && done.names().is_empty() && !done.is_general()) {
            let at = done.at().start;
            done.tokens.insert(usize::from(done.opener().is_some()), AnswerToken { at: at..at, ..task.clone() });
        }
        if done.tokens.is_empty() && !done.asks {
            // Of several breaks the strongest counts.
            self.current.after = self.current.after.max(done.after);
        } else {
            self.clauses.push(done);
        }
    }

    /// Whether the name of a task begins another statement: one was made of tasks, and this one is not joined to them.
    fn begins_statement(&self) -> bool {
        if !self.current.has(Class::Task) || !self.current.makes_statement() {
            return false;
        }
        match self.current.last() {
            // "1.5 đang đợi 3.1", "1.4 xong thì 3.1 mới xong": no other statement.
            Some(Class::Lack | Class::Topic | Class::Label) => false,
            // "Xong 1.4 với 5.2" is one statement; "1.4 xong và 5.2 đang làm" are two.
            Some(Class::And | Class::Comma | Class::Task) => !self.current.names_last(),
            _ => true,
        }
    }
}
