//! How far tasks are by what was reported, from the rule of parts alone (rules of time, 9).

use jiff::Timestamp;
use jiff::civil::Date;
use nhacviec::plan::Status;

use crate::oracle::{Item, Part, present};
use crate::school::{PRINCIPAL, School, Task};
use crate::world::Facts;

/// How far a lead's part of a task is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartState {
    Open,
    Blocked,
    Done,
}

/// What a report changes, by who leads the task when it comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing: it is said by somebody who does not lead the task.
    Note,
    /// It sets the parts of these leads; perhaps those are the last that were not done.
    Sets { leads: Vec<String>, is_last: bool },
    /// It closes the task.
    Closes,
    /// It opens a task that its author has closed, and sets the parts of these leads.
    Reopens { leads: Vec<String> },
}

/// Somebody's word on a task, before it is known what it changes.
pub struct Word<'w> {
    pub by: &'w str,
    pub status: Status,
    /// The days on which its author may have stood in for others: that of the report, and those of what it answers.
    pub days: &'w [Date],
}

/// How far a task is at an instant.
pub struct TaskState<'f> {
    task: &'f Task,
    /// What was said last of each lead's part.
    parts: Vec<(&'f str, Status)>,
    /// Who has closed the task.
    closed_by: Option<&'f str>,
    /// Whether all who led it at some time were done with it, and none of them has said otherwise since.
    is_completed: bool,
}

impl<'f> TaskState<'f> {
    /// A task by what was reported until an instant.
    pub fn at(facts: &'f Facts, task: &'f Task, at: Timestamp) -> Self {
        let mut state = Self { task, parts: Vec::new(), closed_by: None, is_completed: false };
        for report in facts.reports.iter().filter(|report| report.task == task.name && report.at <= at) {
            match &report.effect {
                Effect::Note => {}
                Effect::Closes => state.closed_by = Some(&report.by),
                Effect::Sets { leads, is_last } => {
                    state.is_completed = (state.is_completed && report.status == Status::Done) || *is_last;
                    state.set(leads, report.status);
                }
                Effect::Reopens { leads } => {
                    state.closed_by = None;
                    state.is_completed &= report.status == Status::Done;
                    state.set(leads, report.status);
                }
            }
        }
        state
    }

    fn set(&mut self, leads: &'f [String], status: Status) {
        for lead in leads {
            self.parts.retain(|(known, _)| known != lead);
            self.parts.push((lead, status));
        }
    }

    fn own(&self, lead: &str) -> Option<Status> {
        self.parts.iter().find(|(known, _)| *known == lead).map(|(_, status)| *status)
    }

    /// A lead's part: what was said of it last, or that the task is closed.
    pub fn part(&self, lead: &str) -> PartState {
        match self.own(lead) {
            _ if self.closed_by.is_some() => PartState::Done,
            Some(Status::Done) => PartState::Done,
            Some(Status::Blocked) => PartState::Blocked,
            _ => PartState::Open,
        }
    }

    /// Whether the task is done: every lead is, or somebody has closed it.
    pub fn is_closed(&self) -> bool {
        let all = || self.task.leads.iter().all(|lead| self.own(lead) == Some(Status::Done));
        self.closed_by.is_some() || self.is_completed || all()
    }

    /// How far the task is as a whole.
    pub fn status(&self) -> Status {
        let has = |wanted: Status| self.task.leads.iter().any(|lead| self.own(lead) == Some(wanted));
        if self.is_closed() {
            Status::Done
        } else if has(Status::Blocked) {
            Status::Blocked
        } else if has(Status::InProgress) || has(Status::Done) {
            Status::InProgress
        } else {
            Status::NotStarted
        }
    }

    /// Whether somebody is told of something now, by how far the task is.
    pub fn admits(&self, item: &Item) -> bool {
        if self.is_closed() {
            return false;
        }
        let leads_open = |who: &String| self.task.leads.contains(who) && self.part(who) != PartState::Done;
        match item.part {
            Part::Lead => self.part(&item.for_whom) == PartState::Open,
            Part::Coordinator => true,
            Part::Superior => !leads_open(&item.for_whom) && !leads_open(&item.person),
        }
    }

    /// What a word changes, as things stand before it.
    pub fn effect(&self, school: &School, word: &Word<'_>) -> Effect {
        let Word { by, status, days } = *word;
        let has_closed = self.closed_by == Some(by) && status != Status::Done;
        let leads: Vec<String> =
            self.task.leads.iter().filter(|lead| speaks_for(school, by, lead, days)).cloned().collect();
        let is_superior = school.rules.escalation.is_some() && speaks_for(school, by, PRINCIPAL, days);
        if leads.is_empty() && status == Status::Done && is_superior {
            return Effect::Closes;
        }
        if has_closed {
            return Effect::Reopens { leads };
        }
        if leads.is_empty() {
            return Effect::Note;
        }
        let is_left = |lead: &String| !leads.contains(lead) && self.own(lead) != Some(Status::Done);
        let is_last = status == Status::Done && !self.task.leads.iter().any(is_left);
        Effect::Sets { leads, is_last }
    }
}

/// Whether somebody speaks for a lead or superior: for themselves, or for whom they stood in for on one of these days.
pub fn speaks_for(school: &School, who: &str, other: &str, days: &[Date]) -> bool {
    who == other || days.iter().any(|day| present(school, other, *day).iter().any(|told| told == who))
}
