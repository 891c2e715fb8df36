//! Reviews, and the questions before them.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use jiff::civil::date;

use crate::oracle::{self, ReviewItem};
use crate::post::HandOver;
use crate::rows::Rows;
use crate::school::{DayOfMonth, Period, Task};
use crate::world::{World, local};

use super::listed::Version;

/// How late a review may be in fair weather.
const PROMPT: SignedDuration = SignedDuration::from_mins(5);

/// Looks the reviews of a year through.
pub fn look(world: &mut World, rows: &Rows, versions: &[Version]) {
    let mut found: BTreeSet<(&'static str, String)> = BTreeSet::new();
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
    if world.facts.schools.len() == 1 && world.weather.is_fair {
        questions(world, rows, &mut found);
    }
    for (invariant, text) in found {
        world.violated(invariant, text);
    }
}

/// 1, 9: a review is made for each of its recipients, in fair weather at its moment.
fn made(world: &World, rows: &Rows, review: &ReviewItem, found: &mut BTreeSet<(&'static str, String)>) {
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
            found.insert((invariant, format!("{what} is not made")));
            continue;
        };
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
            found.insert((invariant, format!("{what} is due at {at} and not told then")));
        }
    }
}

/// 12 of the rules of time: owners are asked before a review, as far as it concerns them.
fn questions(world: &World, rows: &Rows, found: &mut BTreeSet<(&'static str, String)>) {
    let school = &world.school;
    let reviews = oracle::reviews(school);
    for review in reviews.iter().filter(|review| review.asks_on.is_some_and(|day| day > crate::school::ISSUED)) {
        let Some(day) = review.asks_on else { continue };
        let is_alone = reviews.iter().filter(|other| other.asks_on == review.asks_on).count() == 1;
        let is_month = matches!(review.period, Period::Month(_));
        let concerns = |task: &&Task| is_alone && task.leads.len() == 1 && (is_month || !task.is_monthly);
        for task in school.tasks.iter().filter(concerns) {
            let lead = &task.leads[0];
            let others = world.facts.reports.iter().any(|report| report.task == task.name && report.by != *lead);
            let to = oracle::present(school, lead, day);
            if others || to != [lead.clone()] {
                continue;
            }
            let kind = format!("self_check:{}", review.name);
            let row =
                rows.notices.iter().find(|row| row.subject == task.name && row.kind == kind && row.recipient == *lead);
            let is_told = row.is_some_and(|row| row.state == "sent");
            let is_due = oracle::is_asked(&world.facts, school, task, lead, review);
            if is_told != is_due {
                let what = if is_due { "is not asked" } else { "is asked" };
                let text = format!("{lead} {what} about {} before {}", task.name, review.name);
                found.insert(("owners_are_asked_as_designed", text));
            }
        }
    }
}
