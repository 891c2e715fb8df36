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
    /// The first day of its period.
    pub from: Date,
    /// The last day of its period: the civil date that the rule gives, before it is moved to a working day.
    pub day: Date,
    /// The working day on which it goes out.
    pub on: Date,
    /// The instant at which it goes out.
    pub at: Timestamp,
    /// The day of its self-check; `None` where owners are not asked.
    pub ask_on: Option<Date>,
    /// The recipients, before deputies take the place of those away.
    pub to: Vec<RecipientId>,
}

/// All reviews of a school year, by the rules of the configuration in their order and by date.
pub(super) fn reviews(school: &School) -> Vec<Review> {
    school.settings.reviews.iter().flat_map(|rule| of_rule(school, rule)).collect()
}

fn of_rule(school: &School, rule: &ReviewRule) -> Vec<Review> {
    let settings = &school.settings;
    let working = &settings.working_days;
    let mut from = school.plan.issued;
    let mut reviews = Vec::new();
    for (id, day) in days(school, rule.period) {
        // A period that ends before the plan was issued has nothing to report.
        if day < from {
            continue;
        }
        let on = working.on_or_after(day);
        reviews.push(Review {
            id,
            from,
            day,
            on,
            at: instant(&settings.time_zone, on, rule.at),
            ask_on: rule.ask_owners.map(|count| working.before(on, count)),
            to: rule.to.clone(),
        });
        from = day.tomorrow().unwrap_or(day);
    }
    reviews
}

/// Each review of a kind with the last day of its period, by date.
fn days(school: &School, period: ReviewPeriod) -> Vec<(ReviewId, Date)> {
    let year = &school.settings.school_year;
    match period {
        ReviewPeriod::Year => vec![(ReviewId::Year, year.end())],
        ReviewPeriod::Term => (1..).map(ReviewId::Term).zip(year.terms().iter().copied()).collect(),
        ReviewPeriod::Month(on) => school
            .plan
            .issued
            .first_of_month()
            .series(1.month())
            .take_while(|month| *month <= year.end())
            .map(|month| {
                let id = ReviewId::Month { year: month.year(), month: month.month() };
                (id, day_of_month(month, on, &school.settings.working_days))
            })
            .collect(),
    }
}

/// The configured day of the month that begins on `first`. In a month without a working day the first and last
/// working day are its first and last day.
fn day_of_month(first: Date, on: DayOfMonth, working: &WorkingDays) -> Date {
    let last = first.last_of_month();
    let within = |day: Date, otherwise: Date| if day.first_of_month() == first { day } else { otherwise };
    match on {
        DayOfMonth::FirstWorkday => within(working.on_or_after(first), first),
        DayOfMonth::LastWorkday => within(working.on_or_before(last), last),
        DayOfMonth::Day(day) => first.with().day(day).build().unwrap_or(last),
    }
}
