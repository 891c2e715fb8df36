//! The dates of reviews, and of the self-checks before them (rules of time, 11 and 12).

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use crate::calendar::{WorkingDays, instant};
use crate::config::{DayOfMonth, ReviewPeriod, ReviewRule};
use crate::people::RecipientId;
use crate::school::School;

use super::ReviewId;

/// A review by its dates: one periodic report to the supervision team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// Its name.
    pub id: ReviewId,
    /// The place of its rule in the configuration.
    pub rule: usize,
    /// The first day of its period.
    pub from: Date,
    /// The last day of its period.
    pub through: Date,
    /// The day on which it is to be made: the civil date that the rule gives, before it is moved to a working day.
    pub day: Date,
    /// The working day on which it is made.
    pub on: Date,
    /// The instant at which it is made.
    pub at: Timestamp,
    /// The day of its self-check; `None` where owners are not asked.
    pub ask_on: Option<Date>,
    /// The recipients, before deputies take the place of those away.
    pub to: Vec<RecipientId>,
}

impl Review {
    /// The latest due date of a task about which its self-check asks: of a month, the end of the month after it; `None`
    /// where it asks about every task.
    pub(super) fn asks_up_to(&self) -> Option<Date> {
        matches!(self.id, ReviewId::Month { .. })
            .then(|| self.through.first_of_month().saturating_add(1.month()).last_of_month())
    }
}

/// The period of a review, and the day on which it is made.
struct Occasion {
    id: ReviewId,
    /// The first day of the period, but for a first review, whose period begins when the plan was issued.
    from: Date,
    through: Date,
    day: Date,
}

/// All reviews of a school year, by the rules of the configuration in their order and by date.
pub(super) fn reviews(school: &School) -> Vec<Review> {
    school.settings.reviews.iter().enumerate().flat_map(|(place, rule)| of_rule(school, place, rule)).collect()
}

fn of_rule(school: &School, place: usize, rule: &ReviewRule) -> Vec<Review> {
    let settings = &school.settings;
    let working = &settings.working_days;
    let issued = school.plan.issued;
    // Before the plan was issued there was nothing to report.
    let occasions = occasions(school, rule.period).into_iter().filter(|occasion| occasion.day >= issued);
    let review = |(number, occasion): (usize, Occasion)| {
        let on = working.on_or_after(occasion.day);
        Review {
            id: occasion.id,
            rule: place,
            from: if number == 0 { issued } else { occasion.from },
            through: occasion.through,
            day: occasion.day,
            on,
            at: instant(&settings.time_zone, on, rule.at),
            ask_on: rule.ask_owners.map(|count| working.before(on, count)),
            to: rule.to.clone(),
        }
    };
    occasions.enumerate().map(review).collect()
}

/// Each review of a kind, by date.
fn occasions(school: &School, period: ReviewPeriod) -> Vec<Occasion> {
    let year = &school.settings.school_year;
    let issued = school.plan.issued;
    match period {
        ReviewPeriod::Year => {
            vec![Occasion { id: ReviewId::Year, from: issued, through: year.end(), day: year.end() }]
        }
        ReviewPeriod::Term => {
            let numbered = (1..).zip(year.terms().iter().copied());
            let term = |(number, through): (u8, Date)| {
                let from = year.term(usize::from(number)).map_or(issued, |(from, _)| from);
                Occasion { id: ReviewId::Term(number), from, through, day: through }
            };
            numbered.map(term).collect()
        }
        ReviewPeriod::Month(on) => {
            let months = issued.first_of_month().series(1.month()).take_while(|month| *month <= year.end());
            let month = |first: Date| Occasion {
                id: ReviewId::Month { year: first.year(), month: first.month() },
                from: first,
                through: first.last_of_month(),
                day: day_of_month(first, on, &school.settings.working_days),
            };
            months.map(month).collect()
        }
    }
}

/// The day on which the review of the month that begins on `first` is made: in its second half, or in the first of the
/// month after. In a month without a working day the first and last working day are its first and last day.
fn day_of_month(first: Date, on: DayOfMonth, working: &WorkingDays) -> Date {
    let next = first.saturating_add(1.month());
    match on {
        DayOfMonth::FirstWorkday => {
            Some(working.on_or_after(next)).filter(|day| day.first_of_month() == next).unwrap_or(next)
        }
        DayOfMonth::LastWorkday => {
            let last = first.last_of_month();
            Some(working.on_or_before(last)).filter(|day| day.first_of_month() == first).unwrap_or(last)
        }
        DayOfMonth::Day(day) => {
            let month = if day < FIRST_LATE_DAY { next } else { first };
            month.with().day(day).build().unwrap_or(month.last_of_month())
        }
    }
}

/// The first day of a month on which the review of that month is made; earlier days are for the month before.
const FIRST_LATE_DAY: i8 = 16;
