//! A text cut into clauses, by signs and by the words that part statements.

use std::ops::Range;

use super::lexicon::Class;
use super::tokens::{AnswerToken, TokenValue};

/// What leads a clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opener {
    None,
    /// "nhưng"
    But,
    /// "còn"
    Remaining,
    /// "trừ": what follows is left out of what is said.
    Except,
    /// "riêng": what follows is set apart, and something else said of it.
    Only,
}

/// How a clause is parted from the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Break {
    /// By nothing but the name of a task.
    Name,
    /// Within a sentence.
    Soft,
    /// By the end of a sentence.
    Stop,
    /// By the end of a line.
    Line,
}

/// Where the tasks of a statement are named.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    NoNames,
    /// "1.4 xong"
    NamesFirst,
    /// "xong 1.4"
    NamesLast,
    /// "1.4 xong 1.5"
    Around,
}

/// A piece of an answer that says one thing.
#[derive(Clone, Debug)]
pub(super) struct Clause {
    pub(super) opener: Opener,
    pub(super) after: Break,
    pub(super) tokens: Vec<AnswerToken>,
    /// Whether it is a question.
    pub(super) asks: bool,
    /// Whether it stands above the lines that it is said of: "Đã xong:".
    pub(super) heads: bool,
    /// Whether it is a line of ours, of which the names of tasks alone count.
    pub(super) is_quoted: bool,
    /// The tokens that tell why, in free words.
    pub(super) free: Range<usize>,
}

impl Clause {
    pub(super) fn has(&self, class: Class) -> bool {
        self.tokens.iter().any(|token| token.class == class)
    }

    pub(super) fn position(&self, is_meant: impl Fn(&AnswerToken) -> bool) -> Option<usize> {
        self.tokens.iter().position(is_meant)
    }

    /// Whether it has a word that statements are made of.
    pub(super) fn makes_statement(&self) -> bool {
        self.tokens.iter().any(|token| STATEMENTS.contains(&token.class))
    }

    /// The bytes that it stands in.
    pub(super) fn at(&self) -> Range<usize> {
        match self.tokens.as_slice() {
            [] => 0..0,
            [first, .., last] => first.at.start..last.at.end,
            [only] => only.at.clone(),
        }
    }

    /// The tokens that are no free words.
    pub(super) fn bound(&self) -> impl Iterator<Item = &AnswerToken> {
        self.tokens.iter().enumerate().filter(|(at, _)| !self.free.contains(at)).map(|(_, token)| token)
    }

    /// The tasks that are named, by number or by more than one of their own words.
    pub(super) fn names(&self) -> Vec<TokenValue> {
        let mut names: Vec<TokenValue> = Vec::new();
        for token in self.bound() {
            let own = || self.bound().filter(|other| other.class == Class::Own && other.value == token.value).count();
            let is_name = token.class == Class::Task || (token.class == Class::Own && own() >= 3);
            if is_name && !names.contains(&token.value) {
                names.push(token.value.clone());
            }
        }
        names
    }

    /// Where its tasks are named.
    pub(super) fn order(&self) -> Order {
        let name = self.position(|token| matches!(token.class, Class::Task | Class::Own));
        let verdict = self.position(|token| VERDICTS.contains(&token.class));
        let (Some(name), Some(verdict)) = (name, verdict) else { return Order::NamesFirst };
        let follows = self.tokens[verdict..].iter().any(|token| token.class == Class::Task);
        match (name < verdict, follows) {
            (true, true) => Order::Around,
            (true, false) => Order::NamesFirst,
            (false, _) => Order::NamesLast,
        }
    }

    /// Whether it is about all tasks, the rest, or so many.
    pub(super) fn is_general(&self) -> bool {
        self.has(Class::Whole) || self.has(Class::Rest) || self.has(Class::Count)
    }

    /// How many tasks it counts.
    pub(super) fn count(&self) -> Option<usize> {
        self.tokens.iter().find_map(|token| match token.value {
            TokenValue::Number(count) if token.class == Class::Count => Some(count),
            _ => None,
        })
    }
}

/// The words of a statement, before or behind which its tasks are named.
const VERDICTS: &[Class] =
    &[Class::Done, Class::Doing, Class::Underway, Class::Percent, Class::Obstacle, Class::NotYet, Class::Not];

/// Classes that make a statement, so that the next task's name begins another.
#[rustfmt::skip]
pub(super) const STATEMENTS: &[Class] = &[
    Class::Done, Class::Doing, Class::Underway, Class::Part, Class::Not, Class::NotYet, Class::Percent, Class::Obstacle,
    Class::Hard, Class::Lack, Class::Extend, Class::Begin, Class::Wonder, Class::HandOver, Class::Send,
];

/// Cuts a text.
pub(super) fn clauses(tokens: Vec<AnswerToken>) -> Vec<Clause> {
    let mut cutter = Cutter { clauses: Vec::new(), current: Clause::new(Break::Line), in_reason: false };
    let following: Vec<Class> = tokens.iter().skip(1).map(|token| token.class).chain([Class::Line]).collect();
    for (token, next) in tokens.into_iter().zip(following) {
        cutter.take(token, next);
    }
    cutter.cut(Break::Line);
    cutter.clauses
}

impl Clause {
    /// A clause without words.
    pub(super) fn new(after: Break) -> Self {
        Self {
            opener: Opener::None,
            after,
            tokens: Vec::new(),
            asks: false,
            heads: false,
            is_quoted: false,
            free: 0..0,
        }
    }
}

struct Cutter {
    clauses: Vec<Clause>,
    current: Clause,
    /// Whether the words are those of a reason, which only signs end.
    in_reason: bool,
}

impl Cutter {
    fn take(&mut self, token: AnswerToken, next: Class) {
        let quoted = self.current.is_quoted;
        match token.class {
            Class::Line => self.cut(Break::Line),
            Class::Quote => self.current.is_quoted = true,
            _ if quoted => self.current.tokens.extend((token.class == Class::Task).then_some(token)),
            Class::Stop => self.cut(Break::Stop),
            Class::Question => {
                self.current.asks = true;
                self.cut(Break::Stop);
            }
            // "Kiểm tra, sắp xếp xong", "khó khăn, vướng mắc: không": lists.
            Class::Comma if self.goes_on_with(next) => {}
            Class::Comma => self.cut(Break::Soft),
            // "Em gửi cô: 1.4 xong"
            Class::Colon if next == Class::Task && self.current.has(Class::Send) => self.cut(Break::Soft),
            // "Em đang làm ạ em sẽ …": how people speak to their telephones.
            Class::Final => {
                self.current.tokens.push(AnswerToken { class: Class::Courtesy, ..token });
                if self.current.makes_statement() {
                    self.cut(Break::Soft);
                }
            }
            Class::Vocative => self.call(token, next),
            Class::Remains => {
                if self.current.makes_statement() {
                    self.cut(Break::Soft);
                }
                self.current.tokens.push(AnswerToken { class: Class::Rest, ..token });
            }
            Class::Colon if next == Class::Line => {
                self.current.heads = true;
                self.current.tokens.push(token);
            }
            Class::But => self.open(Opener::But),
            Class::Remaining if !self.in_reason => self.open(Opener::Remaining),
            Class::Except if !self.in_reason => self.open(Opener::Except),
            Class::Only if !self.in_reason => self.open(Opener::Only),
            // "… và nộp báo cáo", "xong 1.4, 3.1 và đang làm 5.2"
            Class::And if STATEMENTS.contains(&next) => self.cut(Break::Soft),
            Class::Task if !self.in_reason && self.begins_statement() => self.begin_at_name(token),
            _ => self.push(token, next),
        }
    }

    /// "Xong r c": whom it is said to; "c xong c" may be anything.
    fn call(&mut self, token: AnswerToken, next: Class) {
        let ends = matches!(
            next,
            Class::Line
                | Class::Stop
                | Class::Comma
                | Class::Final
                | Class::Vocative
                | Class::Courtesy
                | Class::Person
                | Class::Name
                | Class::Office
        );
        let is_behind = self.current.tokens.is_empty() && self.current.after <= Break::Soft;
        let last = self.clauses.last().filter(|_| is_behind).unwrap_or(&self.current);
        let is_called = ends && (last.makes_statement() || last.has(Class::Task));
        let class = if is_called { Class::Courtesy } else { Class::Unknown };
        self.current.tokens.push(AnswerToken { class, ..token });
    }

    /// Takes a word that parts nothing.
    fn push(&mut self, token: AnswerToken, next: Class) {
        let class = token.class;
        let is_named = self.current.has(Class::Task);
        let names_follow = matches!(next, Class::Task | Class::Colon | Class::Label) && !is_named;
        let is_told = class == Class::Colon && self.current.has(Class::Hard);
        let begins_reason =
            matches!(class, Class::Because | Class::Note) || (class == Class::Obstacle && !names_follow) || is_told;
        self.in_reason = (self.in_reason || begins_reason) && class != Class::Therefore;
        self.current.tokens.push(token);
        let end = self.current.tokens.len();
        if self.in_reason {
            let start = if self.current.free.is_empty() { end - 1 } else { self.current.free.start };
            self.current.free = start..end;
        }
    }

    /// Whether a list of a task's words, or of what may stand in the way, goes on over a comma.
    fn goes_on_with(&self, next: Class) -> bool {
        let kinds: [&[Class]; 2] = [&[Class::Own], &[Class::Obstacle, Class::Hard]];
        let last = self.current.tokens.last().map(|last| last.class);
        kinds.iter().any(|kind| kind.contains(&next) && last.is_some_and(|last| kind.contains(&last)))
    }

    fn cut(&mut self, after: Break) {
        let next = Clause::new(after);
        let done = std::mem::replace(&mut self.current, next);
        self.in_reason = false;
        if let (Some(last), Opener::Except | Opener::Only | Opener::Remaining) = (self.clauses.last_mut(), done.opener)
            && done.tokens.is_empty()
            && let Some(word) = last.tokens.last().cloned()
        {
            // "Việc riêng": it parts nothing, and is a word like others.
            last.tokens.push(AnswerToken { class: Class::Unknown, value: TokenValue::None, ..word });
            self.current.after = self.current.after.max(done.after);
            return;
        }
        let is_empty = done.tokens.is_empty() && done.opener == Opener::None && !done.asks && !done.is_quoted;
        if is_empty {
            // Of several breaks the strongest counts.
            self.current.after = self.current.after.max(done.after);
        } else {
            self.clauses.push(done);
        }
    }

    fn open(&mut self, opener: Opener) {
        if !self.current.tokens.is_empty() {
            self.cut(Break::Soft);
        }
        self.current.opener = opener;
        self.in_reason = false;
    }

    /// Whether the name of a task begins another statement: one was made of tasks, and this one is not joined to them.
    fn begins_statement(&self) -> bool {
        let tokens = &self.current.tokens;
        let name = tokens.iter().position(|token| token.class == Class::Task);
        let statement = tokens.iter().position(|token| STATEMENTS.contains(&token.class));
        let (Some(name), Some(statement)) = (name, statement) else { return false };
        let last = tokens.iter().rfind(|token| token.class != Class::Label).map(|token| token.class);
        // "1.5 đang đợi 3.1", "1.4 xong thì 3.1 mới xong": no other statement.
        if matches!(last, Some(Class::Lack | Class::Topic)) {
            return false;
        }
        // "Xong 1.4 với 5.2" is one statement; "1.4 xong và 5.2 đang làm" are two.
        last != Some(Class::And) || name < statement
    }

    /// Goes on with a new clause at the name of a task and the label before it.
    fn begin_at_name(&mut self, token: AnswerToken) {
        let kept = self.current.tokens.iter().rposition(|token| !matches!(token.class, Class::Label | Class::And));
        let labels = self.current.tokens.split_off(kept.map_or(0, |kept| kept + 1));
        let is_joined = labels.iter().any(|token| token.class == Class::And);
        self.cut(if is_joined { Break::Soft } else { Break::Name });
        self.current.tokens.extend(labels.into_iter().filter(|token| token.class == Class::Label));
        self.current.tokens.push(token);
    }
}
