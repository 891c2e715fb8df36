//! What an expression is read with: the school year, and what stands around the cell.

use jiff::civil::Date;

use crate::calendar::SchoolYear;

use super::reading::Period;
use super::reason::Unresolved;

/// What gives an expression its dates.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    pub(super) year: &'a SchoolYear,
    pub(super) issued: Option<Date>,
    pub(super) within: Option<Frame>,
    pub(super) column: Option<Unit>,
    pub(super) is_settled: bool,
}

/// What a column counts whose heading names a unit, so that its cells hold numbers alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Days of the month around.
    Day,
    /// Weeks of the month around, or of the school year.
    Week,
    /// Months.
    Month,
}

/// A month, quarter, term or week that holds for the cells below or beside it: that of a band, a sheet, a column or a
/// plan's title.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Frame {
    kind: FrameKind,
    period: Period,
    /// The first day of the month that it lies in, where it says so.
    month: Option<Date>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum FrameKind {
    Week,
    Month,
    Quarter,
    Term,
}

impl<'a> Context<'a> {
    /// A school year, and nothing around.
    #[must_use]
    pub fn of(year: &'a SchoolYear) -> Self {
        Self { year, issued: None, within: None, column: None, is_settled: false }
    }

    /// The plan's date of issue: what is due before it is doubted.
    #[must_use]
    pub fn issued(self, issued: Option<Date>) -> Self {
        Self { issued, ..self }
    }

    /// The month, quarter, term or week around. A week "3" below a month is that month's.
    #[must_use]
    pub fn within(self, frame: Option<Frame>) -> Self {
        Self { within: frame, ..self }
    }

    /// What a number that stands alone counts.
    #[must_use]
    pub fn column(self, unit: Option<Unit>) -> Self {
        Self { column: unit, ..self }
    }

    /// For what the configuration settles: its years are meant, however far from the school year.
    #[must_use]
    pub fn settled(self) -> Self {
        Self { is_settled: true, ..self }
    }

    /// The period around of this kind.
    pub(super) fn around(&self, kind: FrameKind) -> Option<Period> {
        self.within.filter(|frame| frame.kind == kind).map(|frame| frame.period)
    }

    /// The first day of the month around.
    pub(super) fn month(&self) -> Option<Date> {
        self.within.and_then(|frame| frame.month)
    }

    /// First and last day of a term, or of the one around.
    pub(super) fn term(&self, number: Option<u32>) -> Result<(Date, Date), Unresolved> {
        let Some(number) = number else {
            let around = self.around(FrameKind::Term).and_then(|period| Some((period.start?, period.due)));
            return around.ok_or_else(|| Unresolved::NotUnderstood("học kỳ".to_owned()));
        };
        let term = usize::try_from(number).ok().and_then(|number| self.year.term(number));
        term.ok_or(Unresolved::NoSuchTerm(number))
    }
}

impl Frame {
    pub(super) fn new(kind: FrameKind, period: Period, month: Option<Date>) -> Self {
        Self { kind, period, month }
    }

    pub(super) fn with_period(self, period: Period) -> Self {
        Self { period, ..self }
    }

    /// The dates it stands for: those of a task that has no time of its own.
    #[must_use]
    pub fn period(&self) -> Period {
        self.period
    }
}
