//! One school as it stands at a moment: its settings and its plan, checked against each other.

use std::collections::HashSet;
use std::fmt::Write;

use crate::config::Settings;
use crate::people::RecipientId;
use crate::plan::{Plan, Task};
use crate::progress::{self, TimeRequest};
use crate::short_id;

/// Settings and plan that fit together: every name in the plan means somebody in the settings.
#[derive(Clone, Debug)]
pub struct School {
    /// What the admin wrote.
    pub settings: Settings,
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
