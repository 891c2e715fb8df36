//! The progress of tasks: an append-only list of reports, of which the last on each lead's part counts; evidence; requests
//! for time.
//!
//! Pure values: `store` keeps them, `schedule` and `review` draw the conclusions.

mod agreed_dates;
mod attested;
pub mod evidence;
mod how;
mod parts;
mod time_request;

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::plan::{Status, TaskId};

use parts::TaskParts;

pub use agreed_dates::move_due_dates;
pub use attested::Attestation;
pub use how::How;
pub use parts::{Effect, Part};
pub use time_request::{RequestDecision, RequestState, TimeRequest};

/// One report on one task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgressEntry {
    /// The instant of the report.
    pub at: Timestamp,
    /// The status from then on.
    pub status: Status,
    /// The per cent done, 0 to 100, where it was told.
    pub percent: Option<u8>,
    /// The words of the reporter.
    pub note: Option<String>,
    /// Codes of evidence (`H1-1.4-01`). Old reports have paths and addresses instead.
    pub evidence: Vec<String>,
    /// The reporter, by the name in the configuration, else as they signed.
    pub by: Option<String>,
    /// The way by which it came.
    pub how: How,
}

/// A report with what it changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedReport {
    /// The report.
    pub entry: ProgressEntry,
    /// What it changes.
    pub effect: Effect,
    /// The day of completion, where another was told than that of the report.
    pub done_on: Option<Date>,
}

/// The reports on one task, and what they come to.
#[derive(Clone, Debug, Default)]
struct TaskReports {
    entries: Vec<ProgressEntry>,
    /// Of each report, in the same order.
    effects: Vec<(Effect, Option<Date>)>,
    parts: TaskParts,
}

/// All reports on all tasks of a plan, and who leads these.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    by_task: HashMap<TaskId, TaskReports>,
    /// The leads of each task by name, in the plan's order.
    leads: HashMap<TaskId, Vec<String>>,
    /// What was told of recurring work.
    attested: HashMap<TaskId, Vec<Attestation>>,
}

impl Progress {
    /// Adds a report on a whole task.
    pub fn add(&mut self, task: TaskId, entry: ProgressEntry) {
        self.record(task, RecordedReport { entry, effect: Effect::Whole, done_on: None });
    }

    /// Adds a report with what it changes. Of several that set the same part the one added last counts.
    pub fn record(&mut self, task: TaskId, report: RecordedReport) {
        let RecordedReport { entry, effect, done_on } = report;
        let reports = self.by_task.entry(task).or_default();
        reports.parts.take(&entry, &effect, done_on);
        reports.entries.push(entry);
        reports.effects.push((effect, done_on));
    }

    /// Notes who leads a task now, by name: the task is done when they have done their parts.
    pub fn set_leads(&mut self, task: TaskId, leads: Vec<String>) {
        self.leads.insert(task, leads);
    }

    /// The last report on a task that changed anything.
    #[must_use]
    pub fn latest(&self, task: &TaskId) -> Option<&ProgressEntry> {
        let reports = self.by_task.get(task)?;
        let mut told = reports.entries.iter().zip(&reports.effects).rev();
        told.find(|(_, (effect, _))| *effect != Effect::Note).map(|(entry, _)| entry)
    }

    /// Every report on a task, oldest first.
    #[must_use]
    pub fn history(&self, task: &TaskId) -> &[ProgressEntry] {
        self.by_task.get(task).map_or(&[], |reports| &reports.entries)
    }

    /// Every report on a task with what it changed, oldest first.
    #[must_use]
    pub fn records(&self, task: &TaskId) -> Vec<RecordedReport> {
        let Some(reports) = self.by_task.get(task) else { return Vec::new() };
        let told = reports.entries.iter().zip(&reports.effects);
        let record = |(entry, (effect, done_on)): (&ProgressEntry, &(Effect, Option<Date>))| RecordedReport {
            entry: entry.clone(),
            effect: effect.clone(),
            done_on: *done_on,
        };
        told.map(record).collect()
    }

    /// The status of a task by the parts of its leads; not started where there is no report.
    #[must_use]
    pub fn status(&self, task: &TaskId) -> Status {
        self.by_task.get(task).map_or(Status::NotStarted, |reports| reports.parts.status(&self.leads(task)))
    }

    /// The per cent of a task that is done: 100 for a task that is done, else the mean of its parts, rounded down.
    #[must_use]
    pub fn percent(&self, task: &TaskId) -> u8 {
        self.by_task.get(task).map_or(0, |reports| reports.parts.percent(&self.leads(task)))
    }

    /// The day on which a task was done, by `zone`: the last of its leads'. `None` while it is not done.
    #[must_use]
    pub fn done_on(&self, task: &TaskId, zone: &TimeZone) -> Option<Date> {
        self.by_task.get(task)?.parts.done_on(&self.leads(task), zone)
    }

    /// The part of a lead, by the lead's name. In a closed task every part is closed.
    #[must_use]
    pub fn part(&self, task: &TaskId, lead: &str) -> Part {
        self.by_task.get(task).map(|reports| reports.parts.part(lead).clone()).unwrap_or_default()
    }

    /// The parts of a task that its leads have not done, by their own words, whether or not it is closed.
    #[must_use]
    pub fn open_parts(&self, task: &TaskId) -> Vec<String> {
        let mut leads = self.leads(task);
        if let Some(reports) = self.by_task.get(task) {
            leads.retain(|lead| reports.parts.own(lead).status != Status::Done);
        }
        leads
    }

    /// Each lead of a task with their part, in the plan's order.
    #[must_use]
    pub fn parts(&self, task: &TaskId) -> Vec<(String, Part)> {
        let part = |lead: String| {
            let part = self.part(task, &lead);
            (lead, part)
        };
        self.leads(task).into_iter().map(part).collect()
    }

    /// How often a task, or a lead's part of it, was closed or opened. It never shrinks, and a note counts for nothing.
    #[must_use]
    pub fn turns(&self, task: &TaskId) -> u32 {
        let Some(reports) = self.by_task.get(task) else { return 0 };
        let (mut parts, mut turns) = (TaskParts::default(), 0);
        for (entry, (effect, done_on)) in reports.entries.iter().zip(&reports.effects) {
            let before = parts.closed();
            parts.take(entry, effect, *done_on);
            turns += u32::from(parts.closed() != before);
        }
        turns
    }

    /// What closed a task, whatever its parts; `None` where nothing did.
    #[must_use]
    pub fn closure(&self, task: &TaskId) -> Option<&Part> {
        self.by_task.get(task)?.parts.closure()
    }

    /// The leads of a task; where it is not known who leads it, those of whom anything was said.
    fn leads(&self, task: &TaskId) -> Vec<String> {
        let known = || self.by_task.get(task).map(|reports| reports.parts.known_leads().cloned().collect());
        self.leads.get(task).cloned().or_else(known).unwrap_or_default()
    }

    /// Whether a task is done or cancelled, so that it makes no further notices.
    #[must_use]
    pub fn is_closed(&self, task: &TaskId) -> bool {
        self.status(task).is_closed()
    }

    /// The reports up to an instant, which belongs to them.
    #[must_use]
    pub fn until(&self, at: Timestamp) -> Self {
        let told = |words: &Vec<Attestation>| words.iter().filter(|word| word.at <= at).cloned().collect();
        let mut until = Self {
            by_task: HashMap::new(),
            leads: self.leads.clone(),
            attested: self.attested.iter().map(|(task, words)| (task.clone(), told(words))).collect(),
        };
        for task in self.by_task.keys() {
            for report in self.records(task).into_iter().filter(|report| report.entry.at <= at) {
                until.record(task.clone(), report);
            }
        }
        until
    }

    /// Whether there is no report at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_task.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_turns_when_it_is_closed_or_opened_and_by_nothing_else() {
        let of = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let parts = |names: &[&str]| Effect::Parts(of(names));
        let table: [(&[(Status, Effect)], u32); 9] = [
            (&[], 0),
            (&[(Status::InProgress, Effect::Whole), (Status::Done, Effect::Note)], 0),
            (&[(Status::Done, Effect::Whole), (Status::Done, Effect::Whole), (Status::InProgress, Effect::Whole)], 2),
            (&[(Status::InProgress, parts(&["A"])), (Status::Done, parts(&["A"])), (Status::Done, parts(&["A"]))], 1),
            (&[(Status::Done, parts(&["A"])), (Status::Done, Effect::Completes(of(&["B"])))], 2),
            (
                &[
                    (Status::Done, parts(&["A", "B"])),
                    (Status::InProgress, parts(&["B"])),
                    (Status::Blocked, parts(&["B"])),
                ],
                2,
            ),
            (&[(Status::Done, Effect::Whole), (Status::Done, parts(&["A"]))], 1),
            (
                &[
                    (Status::Done, Effect::Closes),
                    (Status::InProgress, Effect::Reopens(of(&["A"]))),
                    (Status::Done, parts(&["B"])),
                ],
                3,
            ),
            // What a lead has done stays done when somebody closes the task and opens it again.
            (
                &[
                    (Status::Done, parts(&["A"])),
                    (Status::Done, Effect::Closes),
                    (Status::InProgress, Effect::Reopens(Vec::new())),
                    (Status::InProgress, parts(&["A"])),
                ],
                4,
            ),
        ];
        for (reports, expected) in table {
            let (mut progress, task) = (Progress::default(), TaskId::new("1.4"));
            for (status, effect) in reports {
                let entry = ProgressEntry {
                    at: Timestamp::UNIX_EPOCH,
                    status: *status,
                    percent: None,
                    note: None,
                    evidence: Vec::new(),
                    by: None,
                    how: How::Link,
                };
                progress.record(task.clone(), RecordedReport { entry, effect: effect.clone(), done_on: None });
            }
            assert_eq!(progress.turns(&task), expected, "{reports:?}");
        }
    }
}
