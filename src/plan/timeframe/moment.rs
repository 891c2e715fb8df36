//! Moments as plans name them (a month, a term, the third week of October) and the dates they stand for.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::Period;
use super::context::{Context, Kind};
use super::reason::Unresolved;
use super::token::Number;

/// A year that is not written is `None`; so is a month that what stands around must give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// A number that takes its meaning from what follows it or from the column.
    Bare(Number),
    Day(DayOfMonth),
    Month(Month),
    PartOfMonth {
        part: Part,
        month: Month,
    },
    /// Days that count off weeks in a month, or weeks of the school year where no month is near.
    Week {
        week: Week,
        month: Month,
    },
    /// The last days of a month, counted in weeks.
    LastWeeks {
        count: u32,
        month: Month,
    },
    Quarter {
        quarter: Option<u32>,
        year: Option<i16>,
    },
    /// The first or the last month of a quarter.
    EdgeOfQuarter {
        is_last: bool,
        quarter: Option<u32>,
        year: Option<i16>,
    },
    Term(Option<u32>),
    EdgeOfTerm {
        is_last: bool,
        term: Option<u32>,
    },
    SchoolYear(Option<(u32, u32)>),
    EdgeOfSchoolYear {
        is_last: bool,
        years: Option<(u32, u32)>,
    },
    Opening,
    CalendarYear(i16),
    EdgeOfYear {
        is_last: bool,
        year: i16,
    },
    HalfYear {
        is_second: bool,
        year: i16,
    },
    Phase(i16, i16),
    Summer(Option<i16>),
    /// A day of the week that is around.
    Weekday(Weekday),
    /// The day of the week in a week, or of a day.
    On(Weekday, Box<Moment>),
    /// The last day.
    End(Box<Moment>),
    /// The day before.
    Before(Box<Moment>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DayOfMonth {
    pub(super) day: u32,
    pub(super) month: Month,
}

/// A month in so far as it is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Month {
    pub(super) number: Option<u32>,
    pub(super) year: Option<i16>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Early,
    Mid,
    Late,
    FirstHalf,
    SecondHalf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Week {
    Number(u32),
    Last,
}

impl Moment {
    /// The month by which a year that is not written is found, where this moment has one.
    pub(super) fn month(&self) -> Option<Month> {
        match self {
            Self::Day(DayOfMonth { month, .. })
            | Self::Month(month)
            | Self::PartOfMonth { month, .. }
            | Self::Week { month, .. }
            | Self::LastWeeks { month, .. } => Some(*month),
            Self::Quarter { quarter, year } => Some(Month { number: quarter.map(|one| one * 3 - 2), year: *year }),
            Self::EdgeOfQuarter { quarter, year, .. } => {
                Some(Month { number: quarter.map(|one| one * 3), year: *year })
            }
            Self::On(_, inner) | Self::End(inner) | Self::Before(inner) => inner.month(),
            _ => None,
        }
    }

    fn set_month(&mut self, given: Month) {
        match self {
            Self::Day(DayOfMonth { month, .. })
            | Self::Month(month)
            | Self::PartOfMonth { month, .. }
            | Self::Week { month, .. }
            | Self::LastWeeks { month, .. } => *month = given,
            Self::Quarter { year, .. } | Self::EdgeOfQuarter { year, .. } => *year = given.year,
            Self::On(_, inner) | Self::End(inner) | Self::Before(inner) => inner.set_month(given),
            _ => {}
        }
    }

    /// What this moment leaves out, taken from the one that follows it in the same span or row: "9-11/2023",
    /// "tuần 1 và 2 tháng 10", "từ ngày 12 đến ngày 14/10".
    pub(super) fn completed_by(mut self, next: &Self) -> Self {
        if let Self::Bare(number) = self {
            self = match next {
                Self::On(_, inner) | Self::End(inner) | Self::Before(inner) => return self.completed_by(inner),
                Self::Day(_) => Self::Day(DayOfMonth { day: number.value, month: Month::default() }),
                Self::Month(_) => Self::Month(Month { number: Some(number.value), year: None }),
                _ => self,
            };
        }
        let (Some(own), Some(given)) = (self.month(), next.month()) else { return self };
        let is_alike = matches!((&self, next), (Self::Day(_), Self::Day(_)) | (Self::Week { .. }, Self::Week { .. }));
        if is_alike && own.number.is_none() {
            self.set_month(given);
        } else if let (None, Some(year)) = (own.year, given.year) {
            let is_later = own.number > given.number;
            self.set_month(Month { year: Some(year - i16::from(is_later)), ..own });
        }
        self
    }

    /// The year that the one before it in the same span names, where this one names none.
    pub(super) fn following(mut self, first: &Self) -> Self {
        if let (Some(first), Some(own)) = (first.month(), self.month())
            && let (Some(year), None, Some(number)) = (first.year, own.year, own.number)
        {
            let is_earlier = first.number > Some(number);
            self.set_month(Month { year: Some(year + i16::from(is_earlier)), ..own });
        }
        self
    }

    /// Whether its year is a statement of its own, far ahead as it may be.
    pub(super) fn is_long_term(&self) -> bool {
        match self {
            Self::CalendarYear(_) | Self::EdgeOfYear { .. } | Self::HalfYear { .. } | Self::Phase(..) => true,
            Self::On(_, inner) | Self::End(inner) | Self::Before(inner) => inner.is_long_term(),
            _ => false,
        }
    }

    /// The dates it stands for.
    pub(super) fn period(&self, context: &Context<'_>) -> Result<Period, Unresolved> {
        let school = context.year;
        match self {
            Self::Bare(number) => bare(*number, context),
            Self::Day(day) => day.date(context).map(only),
            Self::Month(month) => month.first(context).map(|first| whole(first, first.last_of_month())),
            Self::PartOfMonth { part, month } => month.first(context).map(|first| part.of(first)),
            Self::Week { week, month } => week.of(*month, context),
            Self::LastWeeks { count, month } => {
                let first = month.first(context)?;
                let last = first.last_of_month();
                let start = last.saturating_sub((i64::from(*count) * 7 - 1).days());
                if !(1..=4).contains(count) || start < first {
                    return Err(Unresolved::NotInCalendar(format!("{count} tuần tháng {}", first.month())));
                }
                Ok(whole(start, last))
            }
            Self::Quarter { quarter, year } => match quarter {
                Some(quarter) => {
                    let first = month_of_quarter(*quarter, 1, *year).first(context)?;
                    Ok(whole(first, first.saturating_add(2.months()).last_of_month()))
                }
                None => context.around(Kind::Quarter).ok_or(Unresolved::MonthMissing),
            },
            Self::EdgeOfQuarter { is_last, quarter, year } => {
                let first = match quarter {
                    Some(quarter) => month_of_quarter(*quarter, if *is_last { 3 } else { 1 }, *year).first(context)?,
                    None => {
                        let around = context.around(Kind::Quarter).ok_or(Unresolved::MonthMissing)?;
                        if *is_last { around.due.first_of_month() } else { beginning(&around) }
                    }
                };
                Ok(whole(first, first.last_of_month()))
            }
            Self::Term(term) => context.term(*term).map(|(first, last)| whole(first, last)),
            Self::EdgeOfTerm { is_last, term } => {
                let (first, last) = context.term(*term)?;
                Ok(if *is_last { only(last) } else { whole(first, first.last_of_month()) })
            }
            Self::SchoolYear(years) => same_school_year(*years, context).map(|()| whole(school.start(), school.end())),
            Self::EdgeOfSchoolYear { is_last, years } => {
                same_school_year(*years, context)?;
                let first = school.start();
                Ok(if *is_last { only(school.end()) } else { whole(first, first.last_of_month()) })
            }
            Self::Opening => Ok(only(school.start())),
            Self::CalendarYear(year) => Ok(whole(date(*year, 1, 1)?, date(*year, 12, 31)?)),
            Self::EdgeOfYear { is_last: false, year } => Ok(whole(date(*year, 1, 1)?, date(*year, 1, 31)?)),
            Self::EdgeOfYear { is_last: true, year } => Ok(whole(date(*year, 12, 1)?, date(*year, 12, 31)?)),
            Self::HalfYear { is_second: false, year } => Ok(whole(date(*year, 1, 1)?, date(*year, 6, 30)?)),
            Self::HalfYear { is_second: true, year } => Ok(whole(date(*year, 7, 1)?, date(*year, 12, 31)?)),
            Self::Phase(from, to) => Ok(whole(date(*from, 1, 1)?, date(*to, 12, 31)?)),
            Self::Summer(year) => {
                let year = year.unwrap_or_else(|| school.year_of_month(6));
                Ok(whole(date(year, 6, 1)?, date(year, 7, 31)?))
            }
            Self::Weekday(weekday) => {
                let week = context.around(Kind::Week).ok_or_else(|| not_understood(name_of(*weekday)))?;
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

fn date(year: i16, month: u32, day: u32) -> Result<Date, Unresolved> {
    let small = |number: u32| i8::try_from(number).ok();
    let found = small(month).zip(small(day)).and_then(|(month, day)| Date::new(year, month, day).ok());
    found.ok_or_else(|| Unresolved::NotInCalendar(format!("{day}/{month}/{year}")))
}

impl Month {
    /// Its first day.
    fn first(self, context: &Context<'_>) -> Result<Date, Unresolved> {
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

impl DayOfMonth {
    fn date(self, context: &Context<'_>) -> Result<Date, Unresolved> {
        let day = i8::try_from(self.day).unwrap_or(0);
        if let Some(month) = self.month.number {
            return date(self.month.year_in(context, month), month, self.day);
        }
        if let Some(week) = context.around(Kind::Week)
            && let Some(found) =
                beginning(&week).series(1.day()).take_while(|date| *date <= week.due).find(|date| date.day() == day)
        {
            return Ok(found);
        }
        let month = context.month().ok_or(Unresolved::MonthMissing)?;
        date(month.year(), u32::from(month.month().unsigned_abs()), self.day)
    }
}

impl Part {
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
    fn of(self, month: Month, context: &Context<'_>) -> Result<Period, Unresolved> {
        if month.number.is_some() || context.month().is_some() {
            return self.of_month(month.first(context)?);
        }
        let Self::Number(number) = self else { return Err(Unresolved::MonthMissing) };
        let school = context.year;
        // Week 1 holds the first day of the school year.
        let monday = school.start().saturating_sub(i64::from(school.start().weekday().to_monday_zero_offset()).days());
        let start = monday.saturating_add((i64::from(number.clamp(1, 99) - 1) * 7).days());
        let period = whole(start, start.saturating_add(6.days()));
        let is_outside = [Kind::Quarter, Kind::Term]
            .into_iter()
            .filter_map(|kind| context.around(kind))
            .any(|around| period.due < beginning(&around) || start > around.due);
        if !(1..=99).contains(&number) || start > school.end() || is_outside {
            return Err(Unresolved::NotInCalendar(format!("tuần {number}")));
        }
        Ok(period)
    }

    fn of_month(self, first: Date) -> Result<Period, Unresolved> {
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

fn month_of_quarter(quarter: u32, month: u32, year: Option<i16>) -> Month {
    Month { number: Some(quarter.clamp(1, 4) * 3 - 3 + month), year }
}

/// A number that stands alone means what its column counts.
fn bare(number: Number, context: &Context<'_>) -> Result<Period, Unresolved> {
    use super::context::Unit;
    let value = number.value;
    let month = Month { number: Some(value), year: None };
    let moment = match context.column {
        Some(_) if number.digits > 2 => None,
        Some(Unit::Day) => Some(Moment::Day(DayOfMonth { day: value, month: Month::default() })),
        Some(Unit::Week) => Some(Moment::Week { week: Week::Number(value), month: Month::default() }),
        Some(Unit::Month) => Some(Moment::Month(month)),
        None => None,
    };
    let moment = moment.ok_or_else(|| not_understood(format!("{value:0digits$}", digits = number.digits)))?;
    moment.period(context)
}

/// The years that are written must be those of the configuration.
pub(super) fn same_school_year(years: Option<(u32, u32)>, context: &Context<'_>) -> Result<(), Unresolved> {
    let Some((from, to)) = years else { return Ok(()) };
    let year = |number: u32| i16::try_from(number).unwrap_or(i16::MAX);
    let ours = (context.year.start().year(), context.year.end().year());
    if (year(from), year(to)) == ours {
        return Ok(());
    }
    Err(Unresolved::OtherSchoolYear { from: year(from), to: year(to) })
}

/// The day of a week that is this day of the week; of a single day, whether it is.
pub(super) fn on(weekday: Weekday, period: &Period) -> Result<Date, Unresolved> {
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
