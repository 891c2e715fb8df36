//! When a task is to be done: what the time column of a plan means, given the school year.
//!
//! The rules are the design's "time expressions". They are read by grammar: `token` cuts the text into words
//! and numbers, `recurrence` sets aside words like "thường xuyên", `grammar` finds what is a span and what a due
//! date alone, `phrases`, `counted` and `numbers` read the moments in it, and `moment` gives each its dates. An
//! expression of which any part is not understood is unresolved: never a guess.

mod counted;
mod grammar;
mod moment;
mod numbers;
mod phrases;
mod reader;
mod recurrence;
mod token;

use jiff::civil::Date;

use crate::calendar::SchoolYear;

/// Longer texts are no time expressions.
const LONGEST: usize = 1000;

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

/// Why an expression is no timeframe.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unresolved {
    /// Nothing is written.
    #[error("no time is given")]
    Empty,
    /// A month is announced and not named.
    #[error("the month is missing")]
    MonthMissing,
    /// A year is announced and not named, or it could be the calendar or the school year.
    #[error("it does not say which year is meant")]
    YearMissing,
    /// It speaks of another school year than the configuration.
    #[error("{from}-{to} is not the school year of the configuration")]
    OtherSchoolYear {
        /// The year in which it begins.
        from: i16,
        /// The year in which it ends.
        to: i16,
    },
    /// It names a day, week or month that there is not.
    #[error("{0} is not in the calendar")]
    NotInCalendar(String),
    /// It names a term that the school year does not have.
    #[error("the school year of the configuration has no term {0}")]
    NoSuchTerm(u32),
    /// It ends before it starts.
    #[error("it ends on {due}, before it starts on {start}")]
    EndsBeforeStart {
        /// The first day.
        start: Date,
        /// The last day.
        due: Date,
    },
    /// A part of it is no time that the program knows.
    #[error("`{0}` is no date")]
    NotUnderstood(String),
}

impl Unresolved {
    /// What to write instead.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::Empty | Self::MonthMissing | Self::NotUnderstood(_) => {
                "write a month (\"10/2023\"), a day (\"15/10/2023\"), or give `start` and `due` as dates"
            }
            Self::YearMissing => "write the year (\"tháng 12/2023\") or \"năm học\" for the school year",
            Self::OtherSchoolYear { .. } => "write this school year, or set [school_year] to the other one",
            Self::NotInCalendar(_) => "write a day that there is",
            Self::NoSuchTerm(_) => "write another term, or add it to `terms` in [school_year]",
            Self::EndsBeforeStart { .. } => "write the earlier date first, with its year",
        }
    }
}

/// The periods that `text` names in the school year `year`: one as a rule, several where it names separate ones
/// ("Tháng 10/2023; tháng 3/2024"). Never none.
///
/// Case, blanks, the composition of letters and missing diacritics do not matter.
///
/// # Errors
/// When it names no period, or when any part of it is not understood.
pub fn read(text: &str, year: &SchoolYear) -> Result<Vec<Period>, Unresolved> {
    if text.len() > LONGEST {
        let beginning: String = text.chars().take(40).collect();
        return Err(Unresolved::NotUnderstood(format!("{beginning}…")));
    }
    let tokens = token::tokens(text);
    if tokens.iter().all(token::Token::is_blank) {
        return Err(Unresolved::Empty);
    }
    let (tokens, recurring) = recurrence::set_aside(tokens);
    if recurring && recurrence::only_says_when_within(&tokens) {
        return Ok(vec![Period { start: Some(year.start()), due: year.end() }]);
    }
    grammar::periods(&tokens, year)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
