//! Reminders and escalations against the list that dates and facts make: all of it is told or has a reason, and nothing else is
//! told.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp, ToSpan};

use crate::oracle::{self, Item};
use crate::parts::TaskState;
use crate::post::HandOver;
use crate::rows::{NoticeRow, Rows};
use crate::school::{ISSUED, School, Task};
use crate::world::{World, instant, local};

use super::at_hand_over::date_of;
use super::reasons;

/// How far from a morning a report may come for it to be clear what holds that morning.
const AROUND: SignedDuration = SignedDuration::from_mins(10);
/// No clock is set back further than that.
const LONGEST_JUMP_BACK: SignedDuration = SignedDuration::from_hours(31 * 24);
/// Nothing later is looked at: the simulation ends soon after.
const LAST: Date = date(2024, 7, 1);

/// A version of the school, and from when to when it held.
pub struct Version {
    pub from: Timestamp,
    pub to: Timestamp,
    pub school: Arc<School>,
    /// All that each task could ever make, whatever is reported.
    pub possible: BTreeMap<String, Vec<Item>>,
}

impl Version {
    /// Whether it held at an instant.
    pub fn holds(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.to
    }

    /// Whether reminders are decided when a clock says this.
    pub fn is_open(&self, clock: Timestamp) -> bool {
        let (then, rules) = (local(clock), &self.school.rules);
        oracle::works(&self.school, then.date()) && rules.at <= then.time() && then.time() <= rules.until
    }

    /// All that a task could ever make.
    pub fn possible(&self, task: &str) -> &[Item] {
        self.possible.get(task).map(Vec::as_slice).unwrap_or_default()
    }
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
        .map(|((from, school), to)| {
            let possible = school.tasks.iter().map(|task| (task.name.clone(), oracle::possible(school, task)));
            Version { from: *from, to, possible: possible.collect(), school: Arc::clone(school) }
        })
        .collect()
}

/// A year, prepared for being looked through.
pub(super) struct Year<'w> {
    pub(super) world: &'w World,
    pub(super) versions: &'w [Version],
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
pub fn look(world: &mut World, rows: &Rows, versions: &[Version]) {
    let mut found = Findings::default();
    let year = Year::new(world, rows, versions);
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
    fn new(world: &'w World, rows: &'w Rows, versions: &'w [Version]) -> Self {
        let mut handed: BTreeMap<&str, Vec<&HandOver>> = BTreeMap::new();
        for hand_over in &world.post {
            handed.entry(&hand_over.id).or_default().push(hand_over);
        }
        let key =
            |row: &'w NoticeRow| (row.subject.as_str(), row.recipient.as_str(), row.kind.as_str(), date_of(&row.day));
        let rows = rows.notices.iter().map(|row| (key(row), row)).collect();
        Self { world, versions, rows, handed }
    }

    /// Whether clocks were wrong: then it is a thing of its own what was skipped.
    fn is_clock_right(&self) -> bool {
        self.world.facts.jumps.is_empty()
    }

    /// Everything of the list about one task.
    fn task(&self, name: &str, found: &mut Findings) {
        for version in self.versions {
            let Some(task) = version.school.task(name) else { continue };
            let facts = &self.world.facts;
            let (possible, at) = (version.possible(name), version.school.rules.at);
            let late = oracle::items(facts, task, possible, (at, AROUND));
            let early = oracle::items(facts, task, possible, (at, -AROUND));
            let sure: BTreeSet<Key<'_>> = late.into_iter().map(key).collect();
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

    /// Whether a clock that was set back has forgotten what was decided for a morning, and another version of the school held when
    /// something could be decided again: what is forgotten is considered by the plan that is there then (rules of time, 10).
    fn is_forgotten(&self, version: &Version, morning: Timestamp) -> bool {
        let reaches = |(from, put_right): &&(Timestamp, Timestamp)| {
            from.saturating_sub(LONGEST_JUMP_BACK).unwrap_or_default() <= morning && morning <= *put_right
        };
        self.world.facts.jumps.iter().filter(reaches).any(|(_, put_right)| {
            first_look(self.world, self.versions, *put_right).is_none_or(|looked| version.to <= looked)
        })
    }

    /// Under which name a fault goes.
    fn name(&self, plain: &'static str) -> &'static str {
        if self.is_clock_right() { plain } else { "a_wrong_clock_skips_nothing" }
    }

    /// 1, 2: one thing of the list is told, or has a reason.
    fn listed(&self, listed: Listed<'_>, found: &mut Findings) {
        let Listed { version, task, item, morning } = listed;
        let what = format!("{} {} of {} ({}) for {}", task.name, item.kind, item.day, item.on, item.person);
        let row = self.rows.get(&(task.name.as_str(), item.person.as_str(), item.kind.as_str(), item.day));
        let Some(row) = row else {
            // What fell away before the service could look is told by nobody.
            let looked = self.considered(&task.name, item, morning);
            let is_due = looked.is_some_and(|at| TaskState::at(&self.world.facts, task, at).admits(item));
            if is_due && !self.is_forgotten(version, morning) {
                let name = self.name("what_is_listed_is_told");
                found.violations.insert((name, format!("{what} is forgotten")));
            }
            return;
        };
        found.marks.extend(reasons::mark(row));
        if let Some(text) = self.without_reason(version, task, row) {
            let name = self.name("whatever_is_not_told_has_a_reason");
            found.violations.insert((name, format!("{what} {text}")));
        }
        let is_limited = version.school.rules.per_minute.is_some() || version.school.rules.per_day.is_some();
        if self.world.weather.is_fair && !is_limited && !self.is_told_at(row, morning) {
            let name = self.name("in_fair_weather_told_on_its_morning");
            found.violations.insert((name, format!("{what} is {} {} instead", row.state, row.why)));
        }
    }

    /// The first look from a morning on that could decide something, where something of a task still follows from the school
    /// as it was then and shortly before.
    fn considered(&self, task: &str, item: &Item, morning: Timestamp) -> Option<Timestamp> {
        let looked = first_look(self.world, self.versions, morning)?;
        let shortly = looked.saturating_sub(AROUND).unwrap_or_default();
        let mut then = self.versions.iter().filter(|version| version.from <= looked && shortly <= version.to);
        then.all(|version| version.possible(task).iter().any(|made| key(made) == key(item))).then_some(looked)
    }

    /// Whether somebody got a notice within ten minutes of a morning.
    fn is_told_at(&self, row: &NoticeRow, morning: Timestamp) -> bool {
        let end = morning.saturating_add(AROUND).unwrap_or_default();
        let handed = self.handed.get(row.message.as_str()).map(Vec::as_slice).unwrap_or_default();
        handed.iter().any(|handed| handed.is_taken && morning <= handed.begun && handed.begun <= end)
    }

    /// Whether a version makes a notice, whatever is reported.
    fn makes(version: &Version, row: &NoticeRow) -> bool {
        let day = date_of(&row.day);
        let is_it = |item: &Item| item.day == day && item.person == row.recipient && item.kind == row.kind;
        version.possible(&row.subject).iter().any(is_it)
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

/// The first look from an instant on that could decide something.
pub fn first_look(world: &World, versions: &[Version], from: Timestamp) -> Option<Timestamp> {
    let mut looks = world.facts.looks.iter().filter(|(at, _)| from <= *at);
    let is_open = |at: Timestamp, clock| versions.iter().any(|version| version.holds(at) && version.is_open(clock));
    looks.find(|(at, clock)| is_open(*at, *clock)).map(|(at, _)| *at)
}

/// Whether a notice is a review or a question before one.
pub fn is_of_review(row: &NoticeRow) -> bool {
    row.kind.starts_with("review") || row.kind.starts_with("self_check")
}

/// 10 of the rules of time: whatever a look considers is recorded, told or not.
pub fn whatever_is_considered_is_recorded(world: &mut World, rows: &Rows, versions: &[Version]) {
    let mut found = BTreeSet::new();
    let year = Year::new(world, rows, versions);
    let known: BTreeSet<(&str, &str, &str, &str)> = rows
        .notices
        .iter()
        .map(|row| (row.subject.as_str(), row.recipient.as_str(), row.kind.as_str(), row.day.as_str()))
        .collect();
    for version in versions {
        let Version { from, to, school, possible } = version;
        for (task, items) in possible {
            for item in items {
                let morning = instant(item.on.to_datetime(school.rules.at));
                let is_clear = *from <= morning.saturating_sub(SignedDuration::from_hours(24)).unwrap_or_default()
                    && morning.saturating_add(AROUND).is_ok_and(|at| at <= *to);
                let within = item.on > ISSUED.saturating_add(1.day()) && item.on < LAST;
                let day = item.day.to_string();
                let is_unknown = !known.contains(&(task.as_str(), &item.person, &item.kind, &day));
                let is_missing = is_clear && within && is_unknown && !year.is_forgotten(version, morning);
                if is_missing && year.considered(task, item, morning).is_some() {
                    found.insert(format!("{task} {} of {day} for {} is not recorded", item.kind, item.person));
                }
            }
        }
    }
    for text in found.into_iter().take(1) {
        world.violated("whatever_is_considered_is_recorded", text);
    }
}
