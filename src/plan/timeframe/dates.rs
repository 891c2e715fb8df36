//! The dates that a moment stands for.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::context::{Context, FrameKind, Unit};
use super::moment::{Moment, Month, MonthDay, MonthPart, Week};
use super::reading::Period;
use super::reason::{Resolved, Unresolved};
use super::token::Number;

impl Moment {
    /// The dates it stands for.
    pub(super) fn period(&self, context: &Context<'_>) -> Resolved<Period> {
        match self {
            Self::Bare(number) => bare(*number, context),
            Self::Day(day) => day.date(context).map(only),
            Self::Month(month) => month.first(context).map(|first| whole(first, first.last_of_month())),
            Self::PartOfMonth { part, month } => month.first(context).map(|first| part.of(first)),
            Self::Week { week, month } => week.of(*month, context),
            Self::LastWeeks { count, month } => last_weeks(*count, month.first(context)?),
            Self::Quarter { quarter, year } => quarter_of(*quarter, *year, context),
            Self::EdgeOfQuarter { is_last, quarter, year } => {
                let quarter = quarter_of(*quarter, *year, context)?;
                let first = if *is_last { quarter.due.first_of_month() } else { beginning(&quarter) };
                Ok(whole(first, first.last_of_month()))
            }
            Self::Term(term) => context.term(*term).map(|(first, last)| whole(first, last)),
            Self::EdgeOfTerm { is_last, term } => context.term(*term).map(|term| edge(*is_last, term)),
            Self::SchoolYear(years) => school_year(*years, context).map(|(first, last)| whole(first, last)),
            Self::EdgeOfSchoolYear { is_last, years } => school_year(*years, context).map(|year| edge(*is_last, year)),
            Self::Opening => Ok(only(context.year.start())),
            Self::CalendarYear(year) => months_of(*year, 1, 12),
            Self::EdgeOfYear { is_last: false, year } => months_of(*year, 1, 1),
            Self::EdgeOfYear { is_last: true, year } => months_of(*year, 12, 12),
            Self::HalfYear { is_second: false, year } => months_of(*year, 1, 6),
            Self::HalfYear { is_second: true, year } => months_of(*year, 7, 12),
            Self::Phase(from, to) => Ok(whole(date(*from, 1, 1)?, date(*to, 12, 31)?)),
            Self::Summer(year) => months_of(year.unwrap_or_else(|| context.year.year_of_month(6)), 6, 7),
            Self::Weekday(weekday) => {
                let week = context.around(FrameKind::Week).ok_or_else(|| not_understood(name_of(*weekday)))?;
                on(*weekday, &week).map(only)
            }
            Self::On(weekday, inner) => on(*weekday, &inner.period(context)?).map(only),
            Self::End(inner) => inner.period(context).map(|period| only(period.due)),
            Self::Before(inner) => {
                let first = beginning(&inner.period(context)?);
                first.yesterday().map(only).map_err(|_| Unresolved::NotInCalendar(first.to_string()))
            }
        }
    }
}

fn whole(start: Date, due: Date) -> Period {
    Period { start: Some(start), due }
}

fn only(due: Date) -> Period {
    Period { start: None, due }
}

/// The first day of a span that begins with this: its start, or itself when it is a day.
pub(super) fn beginning(period: &Period) -> Date {
    period.start.unwrap_or(period.due)
}

fn not_understood(words: impl Into<String>) -> Unresolved {
    Unresolved::NotUnderstood(words.into())
}

fn date(year: i16, month: u32, day: u32) -> Resolved<Date> {
    let small = |number: u32| i8::try_from(number).ok();
    let found = small(month).zip(small(day)).and_then(|(month, day)| Date::new(year, month, day).ok());
    found.ok_or_else(|| Unresolved::NotInCalendar(format!("{day}/{month}/{year}")))
}

impl Month {
    /// Its first day.
    fn first(self, context: &Context<'_>) -> Resolved<Date> {
        let Some(number) = self.number else { return context.month().ok_or(Unresolved::MonthMissing) };
        if !(1..=12).contains(&number) {
            return Err(Unresolved::NotInCalendar(format!("tháng {number}")));
        }
        date(self.year_in(context, number), number, 1)
    }

    fn year_in(self, context: &Context<'_>, number: u32) -> i16 {
        let number = i8::try_from(number).unwrap_or(1);
        let around = context.month().filter(|month| month.month() == number).map(Date::year);
        self.year.or(around).unwrap_or_else(|| context.year.year_of_month(number))
    }
}

impl MonthDay {
    fn date(self, context: &Context<'_>) -> Resolved<Date> {
        let day = i8::try_from(self.day).unwrap_or(0);
        if let Some(month) = self.month.number {
            // "9/10" in a column of months may be two of them.
            if context.column == Some(Unit::Month) && self.day <= 12 && self.month.year.is_none() {
                return Err(not_understood(format!("{}/{month}", self.day)));
            }
            return date(self.month.year_in(context, month), month, self.day);
        }
        if let Some(week) = context.around(FrameKind::Week)
            && let Some(found) =
                beginning(&week).series(1.day()).take_while(|date| *date <= week.due).find(|date| date.day() == day)
        {
            return Ok(found);
        }
        let month = context.month().ok_or(Unresolved::MonthMissing)?;
        date(month.year(), u32::from(month.month().unsigned_abs()), self.day)
    }
}

impl MonthPart {
    fn of(self, first: Date) -> Period {
        let last = first.last_of_month();
        let day = |day: i64| first.saturating_add((day - 1).days());
        match self {
            Self::Early => whole(first, day(10)),
            Self::Mid => whole(day(11), day(20)),
            Self::Late => whole(day(21), last),
            Self::FirstHalf => whole(first, day(15)),
            Self::SecondHalf => whole(day(16), last),
        }
    }
}

impl Week {
    /// The week of a month, of the month around, or of the school year.
    fn of(self, month: Month, context: &Context<'_>) -> Resolved<Period> {
        if month.number.is_some() || context.month().is_some() {
            return self.of_month(month.first(context)?);
        }
        let Self::Number(number) = self else { return Err(Unresolved::MonthMissing) };
        let school = context.year;
        // Week 1 holds the first day of the school year.
        let monday = school.start().saturating_sub(i64::from(school.start().weekday().to_monday_zero_offset()).days());
        let start = monday.saturating_add((i64::from(number.clamp(1, 99) - 1) * 7).days());
        let period = whole(start, start.saturating_add(6.days()));
        let is_outside = [FrameKind::Quarter, FrameKind::Term]
            .into_iter()
            .filter_map(|kind| context.around(kind))
            .any(|around| period.due < beginning(&around) || start > around.due);
        if !(1..=99).contains(&number) || start > school.end() || is_outside {
            return Err(Unresolved::NotInCalendar(format!("tuần {number}")));
        }
        Ok(period)
    }

    fn of_month(self, first: Date) -> Resolved<Period> {
        let last = first.last_of_month();
        let number = match self {
            Self::Last => return Ok(whole(last.saturating_sub(6.days()), last)),
            Self::Number(number) => number,
        };
        let start = first.saturating_add((i64::from(number.clamp(1, 9) - 1) * 7).days());
        if !(1..=5).contains(&number) || start > last {
            return Err(Unresolved::NotInCalendar(format!("tuần {number} tháng {}/{}", first.month(), first.year())));
        }
        Ok(whole(start, start.saturating_add(6.days()).min(last)))
    }
}

/// Several months of a calendar year.
fn months_of(year: i16, first: u32, last: u32) -> Resolved<Period> {
    Ok(whole(date(year, first, 1)?, date(year, last, 1)?.last_of_month()))
}

/// The last day of a term or year, or what is left of the month in which it begins.
fn edge(is_last: bool, (first, last): (Date, Date)) -> Period {
    if is_last { only(last) } else { whole(first, first.last_of_month()) }
}

fn last_weeks(count: u32, first: Date) -> Resolved<Period> {
    let last = first.last_of_month();
    if !(1..=4).contains(&count) {
        return Err(Unresolved::NotInCalendar(format!("{count} tuần cuối tháng {}", first.month())));
    }
    Ok(whole(last.saturating_sub((i64::from(count) * 7 - 1).days()), last))
}

/// A quarter of a calendar year, or the one around.
fn quarter_of(quarter: Option<u32>, year: Option<i16>, context: &Context<'_>) -> Resolved<Period> {
    let Some(quarter) = quarter else { return context.around(FrameKind::Quarter).ok_or(Unresolved::MonthMissing) };
    let month = Month { number: Some(quarter.clamp(1, 4) * 3 - 2), year };
    let first = month.first(context)?;
    Ok(whole(first, first.saturating_add(2.months()).last_of_month()))
}

/// A number that stands alone means what its column counts.
fn bare(number: Number, context: &Context<'_>) -> Resolved<Period> {
    let value = number.value;
    let month = Month { number: Some(value), year: None };
    let moment = match context.column {
        Some(_) if number.digits > 2 => None,
        Some(Unit::Day) => Some(Moment::Day(MonthDay { day: value, month: Month::default() })),
        Some(Unit::Week) => Some(Moment::Week { week: Week::Number(value), month: Month::default() }),
        Some(Unit::Month) => Some(Moment::Month(month)),
        None => None,
    };
    let moment = moment.ok_or_else(|| not_understood(format!("{value:0digits$}", digits = number.digits)))?;
    moment.period(context)
}

/// First and last day of the school year. The years that are written must be those of the configuration.
pub(super) fn school_year(years: Option<(u32, u32)>, context: &Context<'_>) -> Resolved<(Date, Date)> {
    let (first, last) = (context.year.start(), context.year.end());
    if let Some((from, to)) = years {
        let year = |number: u32| i16::try_from(number).unwrap_or(i16::MAX);
        if (year(from), year(to)) != (first.year(), last.year()) {
            return Err(Unresolved::OtherSchoolYear { from: year(from), to: year(to) });
        }
    }
    Ok((first, last))
}

/// The day of a week that is this day of the week; of a single day, whether it is.
pub(super) fn on(weekday: Weekday, period: &Period) -> Resolved<Date> {
    let first = beginning(period);
    if first == period.due {
        let is_right = first.weekday() == weekday;
        return is_right.then_some(first).ok_or(Unresolved::OtherWeekday { date: first, weekday: name_of(weekday) });
    }
    let mut days = first.series(1.day()).take_while(|day| *day <= period.due).filter(|day| day.weekday() == weekday);
    match (days.next(), days.next()) {
        (Some(day), None) => Ok(day),
        _ => Err(not_understood(name_of(weekday))),
    }
}

/// The Vietnamese name of a day of the week.
pub(super) fn name_of(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "thứ hai",
        Weekday::Tuesday => "thứ ba",
        Weekday::Wednesday => "thứ tư",
        Weekday::Thursday => "thứ năm",
        Weekday::Friday => "thứ sáu",
        Weekday::Saturday => "thứ bảy",
        Weekday::Sunday => "chủ nhật",
    }
}
