//! What one clause can say.

use std::ops::Range;

use jiff::civil::Date;

use super::clauses::STATEMENTS;
use super::lexicon::Class;
use super::more_time::Due;
use super::reading::Matter;
use super::tokens::{AnswerToken, TokenValue};

use Class as C;

/// What a clause says.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Saying {
    Done {
        for_all: bool,
    },
    Percent(u8),
    Doing,
    NotDone,
    NotBegun,
    Blocked(Option<u8>),
    MoreTime(Due),
    /// The same as was said before.
    Same,
    /// It only names something.
    Names,
    /// It is polite, or says that the message has come.
    Courtesy,
    /// It is understood, and changes nothing.
    Aside,
    /// It asks for help.
    Help,
    /// It tells why.
    Reason,
    /// A person must read it.
    Person(Matter),
    Unknown,
}

impl Saying {
    /// Whether it says how far a task is, or asks for time.
    pub(super) fn is_statement(&self) -> bool {
        matches!(
            self,
            Self::Done { .. }
                | Self::Percent(_)
                | Self::Doing
                | Self::NotDone
                | Self::NotBegun
                | Self::Blocked(_)
                | Self::MoreTime(_)
                | Self::Same
        )
    }
}

/// A clause that was read.
#[derive(Clone, Debug)]
pub(super) struct ReadClause {
    pub(super) saying: Saying,
    /// The bytes that tell why.
    pub(super) why: Option<Range<usize>>,
    /// The day of completion that it names.
    pub(super) done_on: Option<Date>,
}

impl ReadClause {
    /// A clause that says this and no more.
    pub(super) fn of(saying: Saying) -> Self {
        Self { saying, why: None, done_on: None }
    }
}

/// Classes that every statement may have beside what it needs.
#[rustfmt::skip]
pub(super) const COMMON: &[Class] = &[
    C::Courtesy, C::Person, C::Name, C::Office, C::Task, C::Own, C::Label, C::Heading, C::Now, C::Report, C::And, C::Colon,
    C::Still, C::Able, C::Whole, C::Rest, C::Count, C::Topic, C::Copula, C::Fine, C::About,
];

/// Whether it is somebody else of whom something is said: "cô Hoa đang làm"; "cô Hoa ơi" and "cô Hoa em …" call her.
pub(super) fn speaks_of_somebody(tokens: &[AnswerToken]) -> bool {
    let calls = |next: Option<&AnswerToken>| next.is_some_and(|next| matches!(next.class, C::Courtesy | C::Person));
    let says = tokens.iter().position(|token| STATEMENTS.contains(&token.class)).unwrap_or(0);
    tokens[..says].iter().enumerate().any(|(at, token)| token.class == C::Name && !calls(tokens.get(at + 1)))
}

/// How much of a hundred a token says.
pub(super) fn percent(token: &AnswerToken) -> Option<u8> {
    match token.value {
        TokenValue::Number(percent) if token.class == C::Percent => u8::try_from(percent).ok(),
        _ => None,
    }
}
