//! Moments as plans name them: a month, a term, the third week of October.

use jiff::civil::Weekday;

use super::token::Number;

/// A year that is not written is `None`; so is a month that what stands around must give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// A number that takes its meaning from what follows it or from the column.
    Bare(Number),
    Day(MonthDay),
    Month(Month),
    PartOfMonth {
        part: MonthPart,
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

/// A moment, or the time from one to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stretch {
    One(Moment),
    Through(Moment, Moment),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MonthDay {
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
pub(super) enum MonthPart {
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
            Self::Day(MonthDay { month, .. })
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
            Self::Day(MonthDay { month, .. })
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
                Self::Day(_) => Self::Day(MonthDay { day: number.value, month: Month::default() }),
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
}
