//! Moments as plans name them (a month, a term, the third week of October) and the dates they stand for.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::calendar::SchoolYear;

use super::{Period, Unresolved};

/// Something in time that a plan names. A year that is not written is `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    Day {
        day: i8,
        month: i8,
        year: Option<i16>,
    },
    Month {
        month: i8,
        year: Option<i16>,
    },
    PartOfMonth {
        part: Part,
        month: i8,
        year: Option<i16>,
    },
    /// Days that count off weeks in a month: 1 to 5, or the last seven days.
    WeekOfMonth {
        week: Week,
        month: i8,
        year: Option<i16>,
    },
    /// Weeks of the school year from 1.
    SchoolWeek(u32),
    Quarter {
        quarter: i8,
        year: Option<i16>,
    },
    LastMonthOfQuarter {
        quarter: i8,
        year: Option<i16>,
    },
    Term(u32),
    TermBeginning(u32),
    TermEnd(u32),
    SchoolYear,
    YearBeginning,
    YearEnd,
    Opening,
    CalendarYear(i16),
    FirstMonthOf(i16),
    LastMonthOf(i16),
    HalfYear {
        second: bool,
        year: i16,
    },
    Summer(i16),
    /// Days that are already known.
    Span {
        start: Date,
        due: Date,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Early,
    Mid,
    Late,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Week {
    Number(u32),
    Last,
}

impl Moment {
    /// The month by which a year that is not written is found, where this moment can lack one.
    fn month(self) -> Option<(i8, Option<i16>)> {
        match self {
            Self::Day { month, year, .. }
            | Self::Month { month, year }
            | Self::PartOfMonth { month, year, .. }
            | Self::WeekOfMonth { month, year, .. } => Some((month, year)),
            Self::Quarter { quarter, year } => Some((quarter * 3 - 2, year)),
            Self::LastMonthOfQuarter { quarter, year } => Some((quarter * 3, year)),
            _ => None,
        }
    }

    pub(super) fn with_year(self, year: i16) -> Self {
        let year = Some(year);
        match self {
            Self::Day { day, month, .. } => Self::Day { day, month, year },
            Self::Month { month, .. } => Self::Month { month, year },
            Self::PartOfMonth { part, month, .. } => Self::PartOfMonth { part, month, year },
            Self::WeekOfMonth { week, month, .. } => Self::WeekOfMonth { week, month, year },
            Self::Quarter { quarter, .. } => Self::Quarter { quarter, year },
            Self::LastMonthOfQuarter { quarter, .. } => Self::LastMonthOfQuarter { quarter, year },
            other => other,
        }
    }

    /// Where only one of two moments names its year, the other gets the year that makes the span run forward.
    pub(super) fn share_year(first: Self, last: Self) -> (Self, Self) {
        match (first.month(), last.month()) {
            (Some((early, None)), Some((late, Some(year)))) => (first.with_year(year - i16::from(early > late)), last),
            (Some((early, Some(year))), Some((late, None))) => (first, last.with_year(year + i16::from(late < early))),
            _ => (first, last),
        }
    }

    /// The dates it stands for.
    pub(super) fn period(self, school: &SchoolYear) -> Result<Period, Unresolved> {
        let year_of = |month: i8, year: Option<i16>| year.unwrap_or_else(|| school.year_of_month(month));
        let whole = |start: Date, due: Date| Ok(Period { start: Some(start), due });
        let only = |due: Date| Ok(Period { start: None, due });
        match self {
            Self::Day { day, month, year } => only(date(year_of(month, year), month, day)?),
            Self::Month { month, year } => {
                let first = date(year_of(month, year), month, 1)?;
                whole(first, first.last_of_month())
            }
            Self::PartOfMonth { part, month, year } => {
                let first = date(year_of(month, year), month, 1)?;
                match part {
                    Part::Early => whole(first, first.saturating_add(9.days())),
                    Part::Mid => whole(first.saturating_add(10.days()), first.saturating_add(19.days())),
                    Part::Late => whole(first.saturating_add(20.days()), first.last_of_month()),
                }
            }
            Self::WeekOfMonth { week, month, year } => week_of_month(week, date(year_of(month, year), month, 1)?),
            Self::SchoolWeek(week) => school_week(week, school),
            Self::Quarter { quarter, year } => {
                let first = date(year_of(quarter * 3 - 2, year), quarter * 3 - 2, 1)?;
                whole(first, first.saturating_add(2.months()).last_of_month())
            }
            Self::LastMonthOfQuarter { quarter, year } => {
                let first = date(year_of(quarter * 3, year), quarter * 3, 1)?;
                whole(first, first.last_of_month())
            }
            Self::Term(number) => term(number, school).and_then(|(first, last)| whole(first, last)),
            Self::TermBeginning(number) => {
                term(number, school).and_then(|(first, _)| whole(first, first.last_of_month()))
            }
            Self::TermEnd(number) => term(number, school).and_then(|(_, last)| only(last)),
            Self::SchoolYear => whole(school.start(), school.end()),
            Self::YearBeginning => whole(school.start(), school.start().last_of_month()),
            Self::YearEnd => only(school.end()),
            Self::Opening => only(school.start()),
            Self::CalendarYear(year) => whole(date(year, 1, 1)?, date(year, 12, 31)?),
            Self::FirstMonthOf(year) => whole(date(year, 1, 1)?, date(year, 1, 31)?),
            Self::LastMonthOf(year) => whole(date(year, 12, 1)?, date(year, 12, 31)?),
            Self::HalfYear { second: false, year } => whole(date(year, 1, 1)?, date(year, 6, 30)?),
            Self::HalfYear { second: true, year } => whole(date(year, 7, 1)?, date(year, 12, 31)?),
            Self::Span { start, due } => whole(start, due),
            Self::Summer(year) => whole(date(year, 6, 1)?, date(year, 7, 31)?),
        }
    }
}

fn date(year: i16, month: i8, day: i8) -> Result<Date, Unresolved> {
    Date::new(year, month, day).map_err(|_| Unresolved::NotInCalendar(format!("{day}/{month}/{year}")))
}

fn week_of_month(week: Week, first: Date) -> Result<Period, Unresolved> {
    let last = first.last_of_month();
    let (start, due) = match week {
        Week::Last => (last.saturating_sub(6.days()), last),
        Week::Number(number @ 1..=5) => {
            let start = first.saturating_add((i64::from(number - 1) * 7).days());
            (start, start.saturating_add(6.days()).min(last))
        }
        Week::Number(_) => (last, first),
    };
    if start > last || due < start || start.month() != first.month() {
        let Week::Number(number) = week else { return Err(Unresolved::Empty) };
        return Err(Unresolved::NotInCalendar(format!("tuần {number} tháng {}/{}", first.month(), first.year())));
    }
    Ok(Period { start: Some(start), due })
}

/// Monday to Sunday of a week of the school year; week 1 holds its first day.
fn school_week(week: u32, school: &SchoolYear) -> Result<Period, Unresolved> {
    let monday = school.start().saturating_sub(i64::from(school.start().weekday().to_monday_zero_offset()).days());
    let start = monday.saturating_add((i64::from(week.saturating_sub(1)) * 7).days());
    if week == 0 || start > school.end() {
        return Err(Unresolved::NotInCalendar(format!("tuần {week}")));
    }
    Ok(Period { start: Some(start), due: start.saturating_add(6.days()) })
}

fn term(number: u32, school: &SchoolYear) -> Result<(Date, Date), Unresolved> {
    usize::try_from(number).ok().and_then(|number| school.term(number)).ok_or(Unresolved::NoSuchTerm(number))
}
