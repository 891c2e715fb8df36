//! What people are to be told, from dates and facts alone: the rules of time once more, written down without the program's.

use std::collections::BTreeMap;

use jiff::civil::{Date, Time, Weekday, date};
use jiff::{SignedDuration, Timestamp, ToSpan};

use crate::parts::{Effect, PartState, TaskState};
use crate::school::{
    DayOfMonth, INSPECTORS, ISSUED, PRINCIPAL, Period, Recurs, ReviewRule, School, TERMS, Task, YEAR_END,
};
use crate::world::{Facts, instant, local};

/// What somebody has to do with a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    Superior,
    Lead,
    Coordinator,
}

/// One thing that one person is to be told of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Who is told, in whose place whoever is away.
    pub person: String,
    /// Whose matter it is.
    pub for_whom: String,
    pub part: Part,
    pub kind: String,
    /// The lower the more urgent.
    pub rank: (u8, i64),
    pub day: Date,
    pub on: Date,
}

/// A review that is to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewItem {
    /// `2023-10`, `term-1` or `year`.
    pub name: String,
    pub period: Period,
    /// The first and the last day of its period.
    pub from: Date,
    pub to: Date,
    /// The day that the rule gives.
    pub day: Date,
    pub on: Date,
    pub at: Timestamp,
    /// On which day owners are asked, where they are.
    pub asks_on: Option<Date>,
    pub recipients: Vec<String>,
}

/// Whether people work on a day (rule 2).
pub fn works(school: &School, day: Date) -> bool {
    let is_off = school.off.iter().any(|(from, to)| *from <= day && day <= *to);
    let is_weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    school.worked.contains(&day) || !(is_off || is_weekend)
}

/// The first working day from a day on.
pub fn on_or_after(school: &School, mut day: Date) -> Date {
    while !works(school, day) {
        day = day.saturating_add(1.day());
    }
    day
}

/// The last working day up to a day.
pub fn on_or_before(school: &School, mut day: Date) -> Date {
    while !works(school, day) {
        day = day.saturating_sub(1.day());
    }
    day
}

/// The day so many working days before a day.
fn working_days_before(school: &School, mut day: Date, count: u32) -> Date {
    for _ in 0..count {
        day = on_or_before(school, day.saturating_sub(1.day()));
    }
    day
}

/// Who is told instead of somebody on a day.
pub fn present(school: &School, person: &str, day: Date) -> Vec<String> {
    let mut seen = vec![person.to_owned()];
    let mut told = person.to_owned();
    loop {
        let away =
            school.person(&told).and_then(|person| person.away.iter().find(|away| away.from <= day && day <= away.to));
        let Some(away) = away else { return vec![told] };
        if seen.contains(&away.deputy) {
            return vec![person.to_owned()];
        }
        seen.push(away.deputy.clone());
        told.clone_from(&away.deputy);
    }
}

/// Something that a task's timeframe makes, before it is known for whom.
struct Occasion {
    part: Part,
    kind: String,
    rank: (u8, i64),
    day: Date,
    on: Date,
}

/// What a task's timeframe makes for whoever leads it, helps with it or hears that it is late (rules 3 to 6).
fn occasions(school: &School, task: &Task) -> Vec<Occasion> {
    let rules = &school.rules;
    let Some(due) = task.due else { return Vec::new() };
    let mut all = Vec::new();
    let starts = [(Part::Lead, true), (Part::Coordinator, rules.coordinators.start)];
    for (part, _) in starts.into_iter().filter(|(_, is_told)| *is_told) {
        if let Some(day) = task.start {
            all.push(Occasion { part, kind: "start".to_owned(), rank: (3, 0), day, on: on_or_after(school, day) });
        }
    }
    let before = [(Part::Lead, &rules.before), (Part::Coordinator, &rules.coordinators.before)];
    for (part, days) in before.into_iter().flat_map(|(part, counts)| counts.iter().map(move |days| (part, *days))) {
        let day = due.saturating_sub(days.days());
        if task.start.is_none_or(|start| start <= day) {
            all.push(Occasion {
                part,
                kind: format!("before:{days}d"),
                rank: (2, days),
                day,
                on: on_or_before(school, day),
            });
        }
    }
    let (after, every, span) = rules.overdue;
    let mut late = |part: Part, kind: &str, urgency: u8, first: i64| {
        for days in (0..).map(|time| first + time * every).take_while(|days| *days <= span) {
            let day = due.saturating_add(days.days());
            let rank = (urgency, -days);
            all.push(Occasion { part, kind: format!("{kind}:{days}d"), rank, day, on: on_or_after(school, day) });
        }
    };
    late(Part::Lead, "overdue", 1, after);
    if rules.coordinators.overdue {
        late(Part::Coordinator, "overdue", 1, after);
    }
    if let Some(after) = rules.escalation {
        late(Part::Superior, "escalation", 0, after);
    }
    all
}

/// Everything that a task's timeframe makes, before it is asked how far the task is.
fn candidates(school: &School, task: &Task) -> Vec<Item> {
    let mut items = Vec::new();
    for Occasion { part, kind, rank, day, on } in occasions(school, task) {
        let whom: Vec<&str> = match part {
            Part::Superior => vec![PRINCIPAL],
            Part::Lead => task.leads.iter().map(String::as_str).collect(),
            Part::Coordinator => {
                task.with.iter().filter(|name| !task.leads.contains(name)).map(String::as_str).collect()
            }
        };
        for for_whom in whom {
            let told = present(school, for_whom, on);
            let item = |person| Item { person, for_whom: for_whom.to_owned(), part, kind: kind.clone(), rank, day, on };
            items.extend(told.into_iter().map(item));
        }
    }
    items
}

/// What a task makes of all that is possible, with what was reported until each morning, which is `at` that time; `around`
/// moves the moment at which that is asked. Of several things for a person on a day the most urgent is there (rule 7).
pub fn items<'i>(
    facts: &Facts,
    task: &Task,
    possible: &'i [Item],
    (at, around): (Time, SignedDuration),
) -> Vec<&'i Item> {
    let mut kept: BTreeMap<(&str, Date), &Item> = BTreeMap::new();
    for item in possible {
        let morning = instant(item.on.to_datetime(at)).saturating_add(around).unwrap_or_default();
        if !TaskState::at(facts, task, morning).admits(item) {
            continue;
        }
        let key = (item.person.as_str(), item.on);
        match kept.get(&key) {
            Some(other) if (other.rank, other.part) <= (item.rank, item.part) => {}
            _ => {
                kept.insert(key, item);
            }
        }
    }
    kept.into_values().collect()
}

/// Everything that a task could ever make, whatever is reported.
pub fn possible(school: &School, task: &Task) -> Vec<Item> {
    candidates(school, task)
}

/// All reviews of the year (rule 11).
pub fn reviews(school: &School) -> Vec<ReviewItem> {
    school.rules.reviews.iter().flat_map(|rule| of_rule(school, rule)).collect()
}

fn of_rule(school: &School, rule: &ReviewRule) -> Vec<ReviewItem> {
    let mut from = ISSUED;
    let mut all = Vec::new();
    for (name, to, day) in periods(school, rule.period) {
        // One whose day lies before the date of issue is left out, and the next covers from the date of issue.
        if day < ISSUED {
            continue;
        }
        let on = on_or_after(school, day);
        all.push(ReviewItem {
            name,
            period: rule.period,
            from,
            to,
            day,
            on,
            at: instant(on.to_datetime(rule.at)),
            asks_on: rule.ask.map(|days| working_days_before(school, on, days)),
            recipients: INSPECTORS.iter().flat_map(|inspector| present(school, inspector, on)).collect(),
        });
        from = to.saturating_add(1.day());
    }
    all
}

/// The periods of a kind: name, last day, and the day on which the review is made.
fn periods(school: &School, period: Period) -> Vec<(String, Date, Date)> {
    match period {
        Period::Year => vec![("year".to_owned(), YEAR_END, YEAR_END)],
        Period::Term => (1..).zip(TERMS).map(|(number, end)| (format!("term-{number}"), end, end)).collect(),
        Period::Month(on) => {
            let months = ISSUED.first_of_month().series(1.month()).take_while(|first| *first <= YEAR_END);
            months.map(|first| month(school, first, on)).collect()
        }
    }
}

fn month(school: &School, first: Date, on: DayOfMonth) -> (String, Date, Date) {
    let last = first.last_of_month();
    let next = last.saturating_add(1.day());
    let numbered = |month: Date, day: i8| {
        let end = month.last_of_month();
        date(month.year(), month.month(), day.min(end.day()))
    };
    let day = match on {
        DayOfMonth::LastWorkday => on_or_before(school, last),
        DayOfMonth::FirstWorkday => on_or_after(school, next),
        DayOfMonth::Day(day) if day >= 16 => numbered(first, day),
        DayOfMonth::Day(day) => numbered(next, day),
    };
    (month_of(first), last, day)
}

/// The periods of the span of recurring work, by time (rule 14).
fn work_periods(task: &Task) -> Vec<String> {
    let (Some(recurs), Some(due)) = (task.recurs, task.due) else { return Vec::new() };
    let first = task.start.unwrap_or(ISSUED).min(due);
    match recurs {
        Recurs::Month => {
            first.first_of_month().series(1.month()).take_while(|month| *month <= due).map(month_of).collect()
        }
        Recurs::Term => (term_of(first)..=term_of(due)).map(|number| format!("term-{number}")).collect(),
    }
}

/// The name of the month in which a day lies.
fn month_of(day: Date) -> String {
    day.strftime("%Y-%m").to_string()
}

/// The number of the term in which a day lies; what comes after the last belongs to it.
fn term_of(day: Date) -> usize {
    let over = TERMS.iter().filter(|end| **end < day).count();
    over.min(TERMS.len() - 1) + 1
}

/// The period of recurring work for which something told on a day counts: that of the day, or the nearest of its span.
pub fn period_of(task: &Task, day: Date) -> Option<String> {
    let periods = work_periods(task);
    let wanted = match task.recurs? {
        Recurs::Month => month_of(day),
        Recurs::Term => format!("term-{}", term_of(day)),
    };
    let is_before = periods.first().is_some_and(|first| wanted < *first);
    let nearest = if is_before { periods.first() } else { periods.last() };
    if periods.contains(&wanted) { Some(wanted) } else { nearest.cloned() }
}

/// The period of recurring work about which a review asks: its own, and of monthly work a term that in which it ends. Outside
/// the span of the work it asks as about any other (rules 12 and 14).
pub fn asked_period(task: &Task, review: &ReviewItem) -> Option<String> {
    let period = match (task.recurs?, review.period) {
        (Recurs::Month, Period::Month(_)) | (Recurs::Term, Period::Term) => review.name.clone(),
        (Recurs::Month, Period::Term) => month_of(review.to),
        _ => return None,
    };
    work_periods(task).contains(&period).then_some(period)
}

/// Whether a lead of recurring work, or somebody for all, has told of a period by an instant.
pub fn has_told(facts: &Facts, task: &Task, lead: &str, period: &str, by: Timestamp) -> bool {
    facts.attested.iter().any(|(about, told, who, since)| {
        *about == task.name && told == period && (who.is_empty() || who == lead) && *since <= by
    })
}

/// Whether a lead is asked about a task before a review (rules 12 and 14), if nothing else before a review goes out that day.
pub fn is_asked(facts: &Facts, school: &School, task: &Task, lead: &str, review: &ReviewItem) -> bool {
    let Some(asks_on) = review.asks_on else { return false };
    let morning = instant(asks_on.to_datetime(school.rules.at));
    let state = TaskState::at(facts, task, morning);
    let has_started = task.start.is_none_or(|start| start <= asks_on);
    if !has_started || state.is_closed() || state.part(lead) == PartState::Done {
        return false;
    }
    let others = candidates(school, task);
    // Whatever else somebody hears of a task on a day is more urgent (rule 7).
    if others.iter().any(|item| item.person == lead && item.on == asks_on && state.admits(item)) {
        return false;
    }
    if let Some(period) = asked_period(task, review) {
        return !has_told(facts, task, lead, &period, morning);
    }
    let limit = review.to.first_of_month().saturating_add(1.month()).last_of_month();
    if matches!(review.period, Period::Month(_)) && task.due.is_none_or(|due| due > limit) {
        return false;
    }
    let near = |item: &Item| {
        let days = (item.on - asks_on).get_days().abs();
        item.for_whom == lead && item.part == Part::Lead && days <= 5
    };
    // Judged by lead: what they get by the plan and their part at that morning.
    let is_reminded = state.part(lead) == PartState::Open && others.iter().any(near);
    !is_reminded && !has_reported_lately(facts, task, lead, (asks_on, morning))
}

/// Whether a lead's part of a task was reported in the seven days before a day, until an instant of it.
fn has_reported_lately(facts: &Facts, task: &Task, lead: &str, (day, until): (Date, Timestamp)) -> bool {
    let since = day.saturating_sub(7.days());
    facts.reports.iter().filter(|report| report.task == task.name).any(|report| {
        let is_of_part = match &report.effect {
            Effect::Sets { leads, .. } | Effect::Reopens { leads } => leads.iter().any(|who| who == lead),
            Effect::Note | Effect::Closes => false,
        };
        is_of_part && since <= local(report.at).date() && report.at <= until
    })
}
