//! When a task is to be done: what the time column of a plan means, given the school year and what stands around.
//!
//! The rules are the table "Time" of `docs/plans.md`. They are read by grammar, in three steps: `token` cuts the text
//! into words, numbers and signs; parsers that take tokens off the front of their input make moments of them (`day`,
//! `month`, `school`), spans of moments (`span`), words of recurrence (`recurrence`) and the whole (`expression`);
//! `resolve` and `dates` give them their dates. An expression of which any word is not understood is unresolved:
//! never a guess.

mod context;
mod dates;
mod day;
mod expression;
mod moment;
mod month;
mod reason;
mod recurrence;
mod resolve;
mod school;
mod span;
mod token;
mod words;

use std::fmt;

use jiff::civil::Date;

use token::{Sign, Token};

pub use context::{Context, Frame, Unit};
pub use reason::{Doubt, Unresolved};

/// Longer texts are no time expressions, in bytes.
const MAX_LENGTH: usize = 1000;

/// A time that is settled: the days between which a task is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Period {
    /// The first day, where there is one.
    pub start: Option<Date>,
    /// The last day.
    pub due: Date,
}

/// What the time column says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Timeframe {
    /// When the task is to be done.
    Resolved(Period),
    /// It does not say; no reminders follow (rules of time, 13).
    Unresolved(Unresolved),
}

/// How often work recurs: by which period it is attested (rules of time, 14).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Recurrence {
    /// Every month or more often: "hằng tháng", "2 lần/tuần".
    Month,
    /// Every term or quarter: "mỗi học kỳ", "hằng quý".
    Term,
}

/// What a time expression says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The periods that it names: one as a rule, several where it names separate ones ("Tháng 10/2023; tháng 3/2024").
    /// Never none, never more than 26, and none runs backwards.
    pub periods: Vec<Period>,
    /// How often, where it says so by month or by term. "Thường xuyên" and "hằng năm" do not.
    pub recurrence: Option<Recurrence>,
    /// What is read as written and may be a mistake.
    pub doubts: Vec<Doubt>,
}

impl fmt::Display for Period {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.start {
            Some(start) => write!(to, "{start} to {}", self.due),
            None => self.due.fmt(to),
        }
    }
}

impl fmt::Display for Recurrence {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(match self {
            Self::Month => "month",
            Self::Term => "term",
        })
    }
}

/// "2023-10-01 to 2023-10-31; 2024-03-01 to 2024-03-31", "2023-09-05 to 2024-05-31, each month".
impl fmt::Display for Reading {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, period) in self.periods.iter().enumerate() {
            write!(to, "{}{period}", if position == 0 { "" } else { "; " })?;
        }
        match self.recurrence {
            Some(recurrence) => write!(to, ", each {recurrence}"),
            None => Ok(()),
        }
    }
}

/// What `text` says, given the school year and what stands around it.
///
/// Case, blanks, line ends, the kind of dashes, the composition of letters and missing diacritics do not matter.
///
/// ```
/// use jiff::civil::date;
/// use nhacviec::calendar::SchoolYear;
/// use nhacviec::plan::timeframe::{self, Context, Frame, Recurrence};
///
/// let terms = vec![date(2024, 1, 14), date(2024, 5, 25)];
/// let year = SchoolYear::new(date(2023, 9, 5), terms, date(2024, 5, 31)).expect("the dates follow each other");
/// let context = Context::of(&year);
///
/// let reading = timeframe::read("Tháng 10/2023; tháng 3", &context)?;
/// assert_eq!(reading.to_string(), "2023-10-01 to 2023-10-31; 2024-03-01 to 2024-03-31");
///
/// let reading = timeframe::read("Ngày 25 hằng tháng", &context)?;
/// assert_eq!(reading.recurrence, Some(Recurrence::Month));
///
/// let october = Frame::find("THÁNG 10 NĂM 2023", &context);
/// let reading = timeframe::read("Tuần 3", &context.within(october))?;
/// assert_eq!(reading.to_string(), "2023-10-15 to 2023-10-21");
///
/// assert!(timeframe::read("Tháng 10 nếu có kinh phí", &context).is_err());
/// # Ok::<(), timeframe::Unresolved>(())
/// ```
///
/// # Errors
/// When it names no period, or when any part of it is not understood.
pub fn read(text: &str, context: &Context<'_>) -> Result<Reading, Unresolved> {
    if text.len() > MAX_LENGTH {
        let beginning: String = text.chars().take(40).collect();
        return Err(Unresolved::NotUnderstood(format!("{beginning}…")));
    }
    let tokens = token::tokens(text);
    if tokens.iter().all(Token::is_blank) {
        return Err(Unresolved::Empty);
    }
    let read = |tokens: &[Token]| resolve::resolve(&expression::parse(tokens)?, context);
    read(&tokens).or_else(|reason| {
        // Lines end anywhere in a narrow column: "Tháng 10⏎năm 2023".
        let joined: Vec<Token> = tokens.iter().filter(|token| **token != Token::Sign(Sign::Break)).cloned().collect();
        if joined.len() < tokens.len() { read(&joined).map_err(|_| reason) } else { Err(reason) }
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
