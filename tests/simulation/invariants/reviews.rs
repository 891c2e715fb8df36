//! Reviews, and the questions before them.

use std::collections::BTreeSet;

use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};

use crate::oracle::{self, ReviewItem};
use crate::post::HandOver;
use crate::rows::{NoticeRow, Rows};
use crate::school::{DayOfMonth, ISSUED, Period, Recurs, Task};
use crate::world::{World, instant, local};

use super::listed::Version;

/// How late a review may be in fair weather.
const PROMPT: SignedDuration = SignedDuration::from_mins(5);
/// What is reported so near to the morning of a question may have come before it or not.
const NEAR: SignedDuration = SignedDuration::from_mins(15);

/// What does not hold, and which states were seen.
#[derive(Default)]
struct Findings {
    violations: BTreeSet<(&'static str, String)>,
    marks: Vec<&'static str>,
}

/// Looks the reviews of a year through.
pub fn look(world: &mut World, rows: &Rows, versions: &[Version]) {
    let mut found = Findings::default();
    for version in versions {
        for review in oracle::reviews(&version.school) {
            let day_before = review.at.saturating_sub(SignedDuration::from_hours(24)).unwrap_or_default();
            let soon = review.at.saturating_add(PROMPT).unwrap_or_default();
            let is_clear = (version.from == world.base || version.from <= day_before) && soon <= version.to;
            if is_clear && review.on < date(2024, 7, 1) {
                made(world, rows, &review, &mut found);
            }
        }
    }
    let is_limited = world.school.rules.per_minute.is_some() || world.school.rules.per_day.is_some();
    if world.facts.schools.len() == 1 && world.weather.is_fair && !is_limited {
        questions(world, rows, &mut found);
    }
    for mark in found.marks {
        world.mark(mark);
    }
    for (invariant, text) in found.violations {
        world.violated(invariant, text);
    }
}

/// 1, 9: a review is made for each of its recipients, in fair weather at its moment.
fn made(world: &World, rows: &Rows, review: &ReviewItem, found: &mut Findings) {
    let invariant = match review.period {
        // Made in the month after the one that it is about.
        Period::Month(DayOfMonth::FirstWorkday | DayOfMonth::Day(..=15)) => "a_month_is_reviewed_when_it_is_over",
        _ => "reviews_are_made_at_their_moment",
    };
    for recipient in &review.recipients {
        let kind = format!("review:{}", review.name);
        let row = rows.notices.iter().find(|row| row.kind == kind && row.recipient == *recipient);
        let what = format!("the review {} of {} for {recipient}", review.name, review.on);
        let Some(row) = row else {
            // Of missed reviews of one kind the latest is made; what the store began after is not caught up.
            found.violations.insert((invariant, format!("{what} is not made")));
            continue;
        };
        if row.decided.duration_since(review.at) > PROMPT {
            found.marks.push("a review caught up");
        }
        if !world.weather.is_fair {
            continue;
        }
        let is_limited = world.school.rules.per_minute.is_some() || world.school.rules.per_day.is_some();
        let is_prompt = |handed: &HandOver| {
            let late = handed.begun.duration_since(review.at);
            handed.is_taken && handed.id == row.message && SignedDuration::ZERO <= late && late <= PROMPT
        };
        if !is_limited && !world.post.iter().any(is_prompt) {
            let at = local(review.at);
            found.violations.insert((invariant, format!("{what} is due at {at} and not told then")));
        }
    }
}

/// 12, 14 of the rules of time: owners are asked before a review, as far as it concerns them and nothing more urgent goes out.
fn questions(world: &World, rows: &Rows, found: &mut Findings) {
    let school = &world.school;
    let reviews = oracle::reviews(school);
    for review in reviews.iter().filter(|review| review.asks_on.is_some_and(|day| day > ISSUED)) {
        let more_urgent: Vec<&ReviewItem> =
            reviews.iter().filter(|other| other.asks_on == review.asks_on && rank(other) < rank(review)).collect();
        for task in &school.tasks {
            for lead in task.leads.iter().filter(|lead| is_clear(world, task, lead, review)) {
                let is_due = |review: &ReviewItem| oracle::is_asked(&world.facts, school, task, lead, review);
                let is_due = is_due(review) && !more_urgent.iter().any(|other| is_due(other));
                asked(rows, (task, lead, review), is_due, found);
            }
        }
    }
}

/// Whether a lead is asked about a task before a review exactly where that is due; what is seen on the way is marked.
fn asked(rows: &Rows, (task, lead, review): (&Task, &str, &ReviewItem), is_due: bool, found: &mut Findings) {
    let kind = format!("self_check:{}", review.name);
    let of_lead = |row: &&NoticeRow| row.subject == task.name && row.kind == kind && row.recipient == *lead;
    let row = rows.notices.iter().find(of_lead);
    if row.is_some_and(|row| row.state == "sent") != is_due {
        let what = if is_due { "is not asked" } else { "is asked" };
        let text = format!("{lead} {what} about {} before {}", task.name, review.name);
        found.violations.insert(("owners_are_asked_as_designed", text));
    }
    let mark = match (row.map(|row| row.why.as_str()), task.recurs, oracle::asked_period(task, review)) {
        (Some("urgent"), ..) => "a question gives way to a reminder",
        (Some("asked"), Some(_), Some(_)) => "not asked: has told of the period",
        (Some("asked"), ..) => "not asked: reported or reminded",
        _ if !is_due => return,
        (_, Some(Recurs::Month), Some(_)) if review.period == Period::Term => "asked by a term about a month",
        (_, Some(Recurs::Month), Some(_)) => "asked about a month",
        (_, Some(Recurs::Term), Some(_)) => "asked about a term",
        (_, Some(_), None) => "asked about recurring work beside its span",
        (_, None, _) => "asked about a task",
    };
    found.marks.push(mark);
}

/// The lower the more urgent: a year before a term before a month.
fn rank(review: &ReviewItem) -> u8 {
    match review.period {
        Period::Year => 0,
        Period::Term => 1,
        Period::Month(_) => 2,
    }
}

/// Whether it is clear what a lead is asked before a review: they are there, and nothing is reported near that morning.
fn is_clear(world: &World, task: &Task, lead: &str, review: &ReviewItem) -> bool {
    let Some(day) = review.asks_on else { return false };
    let morning = instant(day.to_datetime(world.school.rules.at));
    let is_near = |at: Timestamp| at.duration_since(morning).abs() <= NEAR;
    let mut reports = world.facts.reports.iter().filter(|report| report.task == task.name);
    oracle::present(&world.school, lead, day) == [lead] && !reports.any(|report| is_near(report.at))
}
