//! One school as it stands at a moment: its settings and its plan, checked against each other.

use std::collections::HashSet;
use std::fmt::Write;
use std::sync::Arc;

use crate::config::Settings;
use jiff::civil::Date;

use crate::people::RecipientId;
use crate::plan::{Closes, Plan, Task};
use crate::progress::{self, Progress, TimeRequest};
use crate::short_id;

/// Settings and plan that fit together: every name in the plan means somebody in the settings.
#[derive(Clone, Debug)]
pub struct School {
    /// What the admin wrote, the same for every version of the plan.
    pub settings: Arc<Settings>,
    /// What the school wrote.
    pub plan: Plan,
    /// Tells this version of the plan and of what settles its times and people from every other.
    pub plan_hash: String,
}

/// Whose rows of the store belong to a school and its plan: one organisation, and one plan of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Scope {
    /// The organisation's id.
    pub organisation: String,
    /// The plan's number.
    pub plan: String,
}

impl School {
    /// Whose rows of the store are this school's and its plan's.
    #[must_use]
    pub fn scope(&self) -> Scope {
        Scope { organisation: self.settings.organisation.id.clone(), plan: self.plan.number.clone() }
    }

    /// The school with the due dates that were agreed since the plan was written: a version of the plan of its own.
    #[must_use]
    pub fn with_requests(mut self, requests: &[TimeRequest]) -> Self {
        progress::move_due_dates(&mut self.plan, requests);
        let mut agreed = String::new();
        for task in self.plan.tasks.iter().filter(|task| task.postponed.is_some()) {
            // Writing to a string cannot fail, and what was agreed has a due date.
            let _ = write!(agreed, "\0{}\0{:?}", task.id.as_str(), task.period().map(|period| period.due.to_string()));
        }
        if !agreed.is_empty() {
            self.plan_hash = short_id([self.plan_hash + &agreed]);
        }
        self
    }

    /// Whether somebody has to do with a task: they lead it, help, hear of it when it is late, or stand in for one of these.
    #[must_use]
    pub fn concerns(&self, task: &Task, person: RecipientId) -> bool {
        let told = task.leads.iter().chain(&task.coordinators).chain(self.superiors());
        self.with_deputies(told).contains(&person)
    }

    /// Whether somebody decides requests for time: they hear of what is late, are an admin, or stand in for one of these.
    #[must_use]
    pub fn decides_time(&self, person: RecipientId) -> bool {
        self.with_deputies(self.superiors().chain(&self.settings.admin)).contains(&person)
    }

    /// Whether somebody decides this request for time of a task. Whoever leads the task, or has asked, does not where somebody
    /// else can.
    #[must_use]
    pub fn decides_request(&self, task: &Task, person: RecipientId, asked_by: Option<&str>) -> bool {
        let name = |person: RecipientId| self.settings.people.get(person).name.as_str();
        let is_own = |person: RecipientId| task.leads.contains(&person) || Some(name(person)) == asked_by;
        let others = || self.superiors().chain(&self.settings.admin).any(|other| !is_own(*other));
        self.decides_time(person) && (!is_own(person) || !others())
    }

    /// Whether somebody may see the whole plan: they get reviews, hear of what is late, are an admin, or stand in for one of
    /// these.
    #[must_use]
    pub fn oversees(&self, person: RecipientId) -> bool {
        let reviewers = self.settings.reviews.iter().flat_map(|rule| &rule.to);
        self.with_deputies(self.superiors().chain(reviewers).chain(&self.settings.admin)).contains(&person)
    }

    /// Those who hear of overdue tasks.
    pub(crate) fn superiors(&self) -> impl Iterator<Item = &RecipientId> {
        self.settings.escalations.iter().flat_map(|rule| &rule.to)
    }

    /// When a task that several lead is done.
    #[must_use]
    pub fn closes(&self, task: &Task) -> Closes {
        task.closes.unwrap_or(self.settings.progress.closes)
    }

    /// Notes who leads each task of the plan: by that reports come to how far a task is.
    pub fn note_leads(&self, progress: &mut Progress) {
        for task in &self.plan.tasks {
            progress.set_leads(task.id.clone(), self.lead_names(task));
        }
    }

    /// The leads of a task by name, in the plan's order.
    #[must_use]
    pub fn lead_names(&self, task: &Task) -> Vec<String> {
        task.leads.iter().map(|lead| self.settings.people.get(*lead).name.clone()).collect()
    }

    /// Whether somebody hears of overdue tasks, or stands in on one of these days for somebody who does.
    pub(crate) fn is_superior(&self, person: RecipientId, days: &[Date]) -> bool {
        self.superiors().any(|superior| self.speaks_for(person, *superior, days))
    }

    /// Whether somebody leads a task, helps or hears of it when it is overdue, or stands in on one of these days for somebody
    /// who does.
    pub(crate) fn has_to_do_with(&self, task: &Task, person: RecipientId, days: &[Date]) -> bool {
        let mut concerned = task.leads.iter().chain(&task.coordinators).chain(self.superiors());
        concerned.any(|other| self.speaks_for(person, *other, days))
    }

    /// The leads of a task for whom somebody speaks (rules of time, 9): themselves, a group that they belong to, and whom they
    /// stand in for on one of these days.
    pub(crate) fn leads_spoken_for(&self, task: &Task, person: RecipientId, days: &[Date]) -> Vec<RecipientId> {
        task.leads.iter().copied().filter(|lead| self.speaks_for(person, *lead, days)).collect()
    }

    /// Whether what is for `other` on this day is told to a recipient: they are that person, or stand in for them.
    pub(crate) fn is_told_for(&self, recipient: RecipientId, other: RecipientId, day: Date) -> bool {
        recipient == other || self.settings.people.present(other, day).contains(&recipient)
    }

    fn speaks_for(&self, person: RecipientId, other: RecipientId, days: &[Date]) -> bool {
        let people = &self.settings.people;
        let is_present = |day: &Date| people.present(other, *day).contains(&person);
        person == other || people.members(other).contains(&person) || days.iter().any(is_present)
    }

    /// These people, and everybody who is ever told instead of one of them.
    fn with_deputies<'a>(&self, people: impl Iterator<Item = &'a RecipientId>) -> HashSet<RecipientId> {
        let mut all = HashSet::new();
        let mut ask: Vec<RecipientId> = people.copied().collect();
        while let Some(person) = ask.pop() {
            if all.insert(person) {
                let away = &self.settings.people.get(person).away;
                ask.extend(away.iter().flat_map(|away| &away.deputies));
            }
        }
        all
    }
}
