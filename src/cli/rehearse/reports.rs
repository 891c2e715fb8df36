//! What is reported in a rehearsal, and when.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::app::report_progress::{report_period, report_progress};
use crate::calendar::instant;
use crate::delivery::Delivered;
use crate::plan::{Status, TaskId, WorkPeriod};
use crate::progress::{How, ProgressEntry};
use crate::schedule::asked_period;
use crate::school::School;
use crate::store::{Store, StoreError};

/// The most days that reports may be late: no reminder goes out so long after a due date.
const MAX_DAYS_LATE: u16 = 366;

/// How those who lead tasks report them done in a rehearsal (design, commands).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum ReportsPlayed {
    /// Nobody reports.
    #[default]
    Nobody,
    /// Everybody does so many days after the due date, 0 being that date itself; recurring work the day after each question.
    AfterDue(u16),
}

impl fmt::Display for ReportsPlayed {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nobody => to.write_str("none"),
            Self::AfterDue(0) => to.write_str("on-time"),
            Self::AfterDue(days) => write!(to, "late:{days}d"),
        }
    }
}

impl FromStr for ReportsPlayed {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word {
            "none" => return Ok(Self::Nobody),
            "on-time" => return Ok(Self::AfterDue(0)),
            _ => {}
        }
        let days =
            word.strip_prefix("late:").and_then(|days| days.strip_suffix('d')).and_then(|days| days.parse().ok());
        let days = days.filter(|days| (1..=MAX_DAYS_LATE).contains(days));
        days.map(Self::AfterDue).ok_or_else(|| format!("write none, on-time, or late:10d (1 to {MAX_DAYS_LATE} days)"))
    }
}

/// A task that is reported done at the beginning of a day.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct PlannedReport {
    /// The day.
    pub(super) on: Date,
    /// The task.
    pub(super) task: TaskId,
    /// Of recurring work, the period for which it was done; `None` where that ends the work.
    pub(super) period: Option<WorkPeriod>,
}

/// The reports to come.
#[derive(Debug)]
pub(super) struct PlannedReports {
    /// By day, and of one day by task.
    planned: Vec<PlannedReport>,
    /// Whether questions about recurring work are answered.
    answers: bool,
    school: School,
}

impl PlannedReports {
    /// All reports on the tasks of `school`, those about recurring work aside: these follow from what is asked.
    pub(super) fn new(school: &School, played: ReportsPlayed) -> Self {
        let mut reports =
            Self { planned: Vec::new(), answers: played != ReportsPlayed::Nobody, school: school.clone() };
        let ReportsPlayed::AfterDue(days) = played else { return reports };
        for task in school.plan.tasks.iter().filter(|task| task.recurrence.is_none()) {
            let Some(due) = task.period().map(|period| period.due) else { continue };
            reports.add(PlannedReport {
                on: due.saturating_add(i64::from(days).days()),
                task: task.id.clone(),
                period: None,
            });
        }
        reports
    }

    /// Adds a report; the same one counts once.
    pub(super) fn add(&mut self, report: PlannedReport) {
        if let Err(place) = self.planned.binary_search(&report) {
            self.planned.insert(place, report);
        }
    }

    /// Answers what a message asks about recurring work, on the day after.
    pub(super) fn answer(&mut self, delivered: &Delivered<'_>) {
        if !self.answers {
            return;
        }
        let on = delivered.at.date().saturating_add(1.day());
        for notice in delivered.notices {
            let Some(task) = notice.task.map(|task| &self.school.plan.tasks[task as usize]) else { continue };
            if let Some(period) = asked_period(&self.school, task, notice.kind) {
                let report = PlannedReport { on, task: task.id.clone(), period: Some(period) };
                self.add(report);
            }
        }
    }

    /// When the next report is made.
    pub(super) fn next_at(&self, zone: &TimeZone) -> Option<Timestamp> {
        self.planned.first().map(|report| instant(zone, report.on, Time::midnight()))
    }

    /// Takes the next report that is made up to an instant, with the instant at which it is.
    pub(super) fn next_until(&mut self, now: Timestamp, zone: &TimeZone) -> Option<(Timestamp, PlannedReport)> {
        let at = self.next_at(zone).filter(|at| *at <= now)?;
        Some((at, self.planned.remove(0)))
    }
}

impl PlannedReport {
    /// Reports it by command, for everybody who leads the task: nobody is thanked.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn take(self, store: &Store, school: &School, at: Timestamp) -> Result<(), StoreError> {
        let Some(task) = school.plan.task(&self.task) else { return Ok(()) };
        let entry = ProgressEntry {
            at,
            status: Status::Done,
            percent: Some(100),
            note: None,
            evidence: Vec::new(),
            by: None,
            how: How::Rehearsal,
        };
        match self.period {
            Some(period) => report_period(store, school, task, period, entry, &[]).await?,
            None => report_progress(store, school, task, entry, &[]).await?,
        };
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::ReportsPlayed;

    #[test]
    fn how_people_report_is_read_as_it_is_written() {
        for word in ["none", "on-time", "late:10d"] {
            assert_eq!(word.parse::<ReportsPlayed>().unwrap().to_string(), word);
        }
        for word in ["", "late", "late:0d", "late:10", "late:-1d", "late:9999d", "ontime"] {
            assert!(word.parse::<ReportsPlayed>().is_err(), "{word}");
        }
    }
}
