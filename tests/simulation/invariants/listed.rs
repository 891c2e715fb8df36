//! Reminders and escalations against the list that dates and facts make: all of it is told or has a reason, and nothing else is
//! told.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp, ToSpan};

use crate::oracle::{self, Item, Part, PartState, TaskState};
use crate::post::HandOver;
use crate::rows::{NoticeRow, Rows};
use crate::school::{ISSUED, School, Task};
use crate::world::{World, instant};

use super::at_hand_over::date_of;
use super::reasons;

/// How far from a morning a report may come for it to be clear what holds that morning.
const AROUND: SignedDuration = SignedDuration::from_mins(10);
/// Nothing later is looked at: the simulation ends soon after.
const LAST: Date = date(2024, 7, 1);

/// A version of the school, and from when to when it held.
pub struct Version {
    pub from: Timestamp,
    pub to: Timestamp,
    pub school: Arc<School>,
}

/// How many violations of one kind are told.
const MAX_TOLD: usize = 3;

/// What one thing of the list is known by.
type Key<'a> = (&'a str, &'a str, Date);

fn key(item: &Item) -> Key<'_> {
    (&item.person, &item.kind, item.day)
}

/// The versions of the school in order.
pub fn versions(world: &World) -> Vec<Version> {
    let schools = &world.facts.schools;
    let ends = schools.iter().skip(1).map(|(since, _)| *since).chain([Timestamp::MAX]);
    schools
        .iter()
        .zip(ends)
        .map(|((from, school), to)| Version { from: *from, to, school: Arc::clone(school) })
        .collect()
}

/// A year, prepared for being looked through.
pub(super) struct Year<'w> {
    pub(super) world: &'w World,
    pub(super) versions: Vec<Version>,
    pub(super) rows: BTreeMap<(&'w str, &'w str, &'w str, Date), &'w NoticeRow>,
    /// The hand-overs of each message.
    pub(super) handed: BTreeMap<&'w str, Vec<&'w HandOver>>,
}

/// One thing of the list, on its morning.
#[derive(Clone, Copy)]
struct Listed<'y> {
    version: &'y Version,
    task: &'y Task,
    item: &'y Item,
    morning: Timestamp,
}

/// What does not hold, and which states were seen.
#[derive(Default)]
struct Findings {
    violations: BTreeSet<(&'static str, String)>,
    marks: Vec<&'static str>,
}

/// Looks the reminders of a year through.
pub fn look(world: &mut World, rows: &Rows) {
    let mut found = Findings::default();
    let year = Year::new(world, rows);
    let tasks = year.versions.iter().flat_map(|version| version.school.tasks.iter().map(|task| task.name.as_str()));
    let names: BTreeSet<&str> = tasks.collect();
    for name in names {
        year.task(name, &mut found);
    }
    for row in &rows.notices {
        year.unlisted(row, &mut found);
        year.withdrawn_by_the_plan(row, &mut found);
    }
    for mark in found.marks {
        world.mark(mark);
    }
    let mut told: BTreeMap<&'static str, usize> = BTreeMap::new();
    for (invariant, text) in found.violations {
        let times = told.entry(invariant).or_default();
        *times += 1;
        if *times <= MAX_TOLD {
            world.violated(invariant, text);
        }
    }
}

impl<'w> Year<'w> {
    fn new(world: &'w World, rows: &'w Rows) -> Self {
        let mut handed: BTreeMap<&str, Vec<&HandOver>> = BTreeMap::new();
        for hand_over in &world.post {
            handed.entry(&hand_over.id).or_default().push(hand_over);
        }
        let key =
            |row: &'w NoticeRow| (row.subject.as_str(), row.recipient.as_str(), row.kind.as_str(), date_of(&row.day));
        let rows = rows.notices.iter().map(|row| (key(row), row)).collect();
        Self { world, versions: versions(world), rows, handed }
    }

    /// Whether clocks were wrong: then it is a thing of its own what was skipped.
    fn is_clock_right(&self) -> bool {
        self.world.facts.jumps.is_empty()
    }

    /// Everything of the list about one task.
    fn task(&self, name: &str, found: &mut Findings) {
        for version in &self.versions {
            let Some(task) = version.school.task(name) else { continue };
            let facts = &self.world.facts;
            let late = oracle::items(facts, &version.school, task, AROUND);
            let early = oracle::items(facts, &version.school, task, -AROUND);
            let sure: BTreeSet<Key<'_>> = late.iter().map(key).collect();
            for item in early.iter().filter(|item| sure.contains(&key(item))) {
                let morning = instant(item.on.to_datetime(version.school.rules.at));
                let day_before = morning.saturating_sub(SignedDuration::from_hours(24)).unwrap_or_default();
                let is_first = version.from == self.world.base;
                let holds = (is_first || version.from <= day_before)
                    && morning.saturating_add(AROUND).is_ok_and(|at| at <= version.to);
                if holds && item.on > ISSUED && item.on < LAST {
                    self.listed(Listed { version, task, item, morning }, found);
                }
            }
        }
    }

    /// Under which name a fault about this item goes.
    fn name(&self, plain: &'static str, listed: Listed<'_>) -> &'static str {
        let Listed { version, task, item, morning } = listed;
        let state = TaskState::at(&self.world.facts, task, morning);
        let is_blocked = task.leads.iter().any(|lead| state.part(lead) == PartState::Blocked);
        if item.part == Part::Coordinator && is_blocked {
            return "coordinators_of_a_blocked_task_go_on";
        }
        if !oracle::is_simple(&self.world.facts, &task.name, version.to) {
            return "each_lead_answers_for_their_part";
        }
        if self.is_clock_right() { plain } else { "a_wrong_clock_skips_nothing" }
    }

    /// 1, 2: one thing of the list is told, or has a reason.
    fn listed(&self, listed: Listed<'_>, found: &mut Findings) {
        let Listed { version, task, item, morning } = listed;
        let what = format!("{} {} of {} ({}) for {}", task.name, item.kind, item.day, item.on, item.person);
        let row = self.rows.get(&(task.name.as_str(), item.person.as_str(), item.kind.as_str(), item.day));
        let Some(row) = row else {
            // What fell away before the service could look is told by nobody.
            let looked = self.first_look(version, morning);
            if looked.is_some_and(|at| TaskState::at(&self.world.facts, task, at).admits(item)) {
                let name = self.name("what_is_listed_is_told", listed);
                found.violations.insert((name, format!("{what} is forgotten")));
            }
            return;
        };
        found.marks.extend(reasons::mark(row));
        if let Some(text) = self.without_reason(version, task, row) {
            let name = self.name("whatever_is_not_told_has_a_reason", listed);
            found.violations.insert((name, format!("{what} {text}")));
        }
        let is_limited = version.school.rules.per_minute.is_some() || version.school.rules.per_day.is_some();
        if self.world.weather.is_fair && !is_limited && !self.is_told_at(row, morning) {
            let name = self.name("in_fair_weather_told_on_its_morning", listed);
            found.violations.insert((name, format!("{what} is {} {} instead", row.state, row.why)));
        }
    }

    /// Whether somebody got a notice within ten minutes of a morning.
    fn is_told_at(&self, row: &NoticeRow, morning: Timestamp) -> bool {
        let end = morning.saturating_add(AROUND).unwrap_or_default();
        let handed = self.handed.get(row.message.as_str()).map(Vec::as_slice).unwrap_or_default();
        handed.iter().any(|handed| handed.is_taken && morning <= handed.begun && handed.begun <= end)
    }

    /// Whether a version makes a notice, whatever is reported.
    fn makes(version: &Version, row: &NoticeRow) -> bool {
        let Some(task) = version.school.task(&row.subject) else { return false };
        let day = date_of(&row.day);
        let is_it = |item: &Item| item.person == row.recipient && item.kind == row.kind && item.day == day;
        oracle::possible(&version.school, task).iter().any(is_it)
    }

    /// 2: nothing is told that is not on the list.
    fn unlisted(&self, row: &NoticeRow, found: &mut Findings) {
        if is_of_review(row) {
            return;
        }
        // The files may have changed while it was decided, or the service had not seen that yet.
        let long_ago = row.decided.saturating_sub(SignedDuration::from_hours(24)).unwrap_or_default();
        let mut then = self.versions.iter().filter(|version| version.from <= row.decided && long_ago <= version.to);
        let mut all = self.versions.iter();
        let is_listed = then.any(|version| Self::makes(version, row))
            || !self.is_clock_right() && all.any(|version| Self::makes(version, row));
        if !is_listed {
            let text = format!("{} {} of {} for {} is on no list", row.subject, row.kind, row.day, row.recipient);
            found.violations.insert(("nothing_is_told_that_is_not_listed", text));
        }
    }

    /// 13: what still follows from the plan is not withdrawn.
    fn withdrawn_by_the_plan(&self, row: &NoticeRow, found: &mut Findings) {
        let Some(ended) = row.ended.filter(|_| row.why == "plan" && !is_of_review(row)) else { return };
        let shortly = ended.saturating_sub(SignedDuration::from_mins(5)).unwrap_or_default();
        let mut then = self.versions.iter().filter(|version| version.from <= ended && shortly <= version.to);
        if self.is_clock_right() && then.all(|version| Self::makes(version, row)) {
            let text = format!("{} {} of {} for {} still follows", row.subject, row.kind, row.day, row.recipient);
            found.violations.insert(("an_edit_withdraws_only_what_it_changes", format!("{text} and is withdrawn")));
        }
    }
}

/// Whether a notice is a review or a question before one.
pub fn is_of_review(row: &NoticeRow) -> bool {
    row.kind.starts_with("review") || row.kind.starts_with("self_check")
}

/// 10 of the rules of time: whatever a look considers is recorded, told or not.
pub fn whatever_is_considered_is_recorded(world: &mut World, rows: &Rows) {
    let mut found = BTreeSet::new();
    let known: BTreeSet<(&str, &str, &str, &str)> = rows
        .notices
        .iter()
        .map(|row| (row.subject.as_str(), row.recipient.as_str(), row.kind.as_str(), row.day.as_str()))
        .collect();
    for Version { from, to, school } in versions(world) {
        for task in &school.tasks {
            for item in oracle::possible(&school, task) {
                let morning = instant(item.on.to_datetime(school.rules.at));
                let is_clear = from <= morning.saturating_sub(SignedDuration::from_hours(24)).unwrap_or_default()
                    && morning.saturating_add(AROUND).is_ok_and(|at| at <= to);
                let within = item.on > ISSUED.saturating_add(1.day()) && item.on < LAST;
                let day = item.day.to_string();
                if is_clear && within && !known.contains(&(task.name.as_str(), &item.person, &item.kind, &day)) {
                    found.insert(format!("{} {} of {day} for {} is not recorded", task.name, item.kind, item.person));
                }
            }
        }
    }
    for text in found.into_iter().take(1) {
        world.violated("whatever_is_considered_is_recorded", text);
    }
}
