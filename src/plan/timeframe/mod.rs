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
mod frequency;
mod moment;
mod month;
mod reading;
mod reason;
mod recurrence;
mod resolve;
mod school;
mod span;
mod token;
mod words;

use token::{Sign, Token};

pub use context::{Context, Frame, Unit};
pub use frequency::Recurrence;
pub use reading::{Period, Reading, Timeframe};
pub use reason::{Doubt, Unresolved};

/// Longer texts are no time expressions, in bytes.
const MAX_LENGTH: usize = 1000;

impl Frame {
    /// The month, quarter, term or week that a band, a sheet's name, a heading or a title names ("II. THÁNG 10 NĂM
    /// 2023: chủ điểm …", "T10", "Kế hoạch học kỳ I", "Tuần 2 (09/10 - 14/10)"); `None` where it names none, or
    /// several. A week is read within what is around it already.
    #[must_use]
    pub fn find(text: &str, context: &Context<'_>) -> Option<Self> {
        if text.len() > MAX_LENGTH {
            return None;
        }
        expression::frame(&token::tokens(text)).and_then(|entry| resolve::frame(&entry, context))
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
