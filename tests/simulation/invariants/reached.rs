//! States that were reached in a year, by what stands in the store and what was handed over: as marks.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use jiff::civil::Date;

use crate::oracle::Item;
use crate::post::HandOver;
use crate::rows::{NoticeRow, Rows};
use crate::school::School;
use crate::world::World;

use super::at_hand_over::date_of;
use super::listed::{Version, is_of_review};

/// How much later than it was decided something goes out that waits for another morning.
const ANOTHER_MORNING: SignedDuration = SignedDuration::from_hours(1);

/// Marks all that was reached in a year.
pub fn mark(world: &mut World, rows: &Rows, versions: &[Version]) {
    let mut marks: Vec<&'static str> = rows.notices.iter().filter_map(of_row).collect();
    let withdrawn = rows.messages.iter().filter(|message| message.state == "withdrawn");
    marks.extend(withdrawn.map(|_| "whole message withdrawn"));
    marks.extend(versions.iter().flat_map(|version| of_version(rows, version)));
    marks.extend(of_post(world));
    for mark in marks {
        world.mark(mark);
    }
}

fn of_row(row: &NoticeRow) -> Option<&'static str> {
    match (row.state.as_str(), row.why.as_str()) {
        ("skipped", "later") if is_of_review(row) => Some("review or question skipped"),
        ("skipped", "urgent") => Some("passed over: a more urgent one"),
        ("skipped", "leads") => Some("passed over: leads it"),
        ("skipped", "blocked") => Some("passed over: blocked"),
        ("skipped", "asked") => Some("passed over: told or asked lately"),
        ("skipped" | "withdrawn", "lapsed") => Some("a question lapsed"),
        ("withdrawn", "plan") => Some("withdrawn: plan"),
        ("uncertain", _) => Some("uncertain for good"),
        _ => None,
    }
}

/// What was told by a version of the school.
fn of_version<'v>(rows: &'v Rows, version: &'v Version) -> impl Iterator<Item = &'static str> {
    let told = rows.notices.iter().filter(|row| row.state == "sent");
    let told: BTreeSet<(&str, &str, &str, Date)> =
        told.map(|row| (row.subject.as_str(), row.recipient.as_str(), row.kind.as_str(), date_of(&row.day))).collect();
    let items = version.possible.iter().flat_map(|(task, items)| items.iter().map(move |item| (task, item)));
    let told = items.filter(move |(task, item)| {
        told.contains(&(task.as_str(), item.person.as_str(), item.kind.as_str(), item.day))
    });
    told.flat_map(|(_, item)| of_item(&version.school, item))
}

fn of_item(school: &School, item: &Item) -> Vec<&'static str> {
    let deputy = |away: &crate::school::Away| away.from <= item.on && item.on <= away.to && away.deputy != item.person;
    let is_other = item.person != item.for_whom;
    let is_far = is_other && school.person(&item.for_whom).is_some_and(|person| person.away.iter().any(deputy));
    let seen = [
        (item.on < item.day, "told before a day off"),
        (item.on > item.day, "told after a day off"),
        (school.worked.contains(&item.on), "told on a Saturday that is worked"),
        (is_other, "told in somebody's place"),
        (is_far, "told in the place of a deputy"),
    ];
    seen.into_iter().filter(|(is_seen, _)| *is_seen).map(|(_, mark)| mark).collect()
}

fn of_post(world: &World) -> Vec<&'static str> {
    let mut marks = Vec::new();
    let mut channels: BTreeMap<&str, &str> = BTreeMap::new();
    for handed in &world.post {
        if *channels.entry(&handed.id).or_insert(handed.channel) != handed.channel {
            marks.push("over the next channel");
        }
        if handed.class == "reminder" && handed.due.duration_since(handed.created) > ANOTHER_MORNING {
            marks.push("heard of it today, told another morning");
        }
        if handed.is_taken && is_reported_meanwhile(world, handed) {
            marks.push("reported while it was handed over");
        }
    }
    marks
}

/// Whether somebody reported on what a message tells while a server had not answered yet.
fn is_reported_meanwhile(world: &World, handed: &HandOver) -> bool {
    let Some(ended) = handed.ended else { return false };
    let from = world.facts.reports.partition_point(|report| report.at < handed.begun);
    let meanwhile = world.facts.reports[from..].iter().take_while(|report| report.at <= ended);
    meanwhile.into_iter().any(|report| handed.notices.iter().any(|told| told.subject == report.task))
}
