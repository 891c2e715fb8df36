//! One school as it stands at a moment: its settings and its plan, checked against each other.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::config::Settings;
use crate::hex;
use crate::plan::{self, Plan};
use crate::progress::TimeRequest;

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
        plan::postpone(&mut self.plan, requests);
        let mut agreed = String::new();
        for task in self.plan.tasks.iter().filter(|task| task.postponed.is_some()) {
            // Writing to a string cannot fail, and what was agreed has a due date.
            let _ = write!(agreed, "\0{}\0{:?}", task.id, task.period().map(|period| period.due.to_string()));
        }
        if !agreed.is_empty() {
            self.plan_hash = hex(&Sha256::digest(self.plan_hash + &agreed)[..16]);
        }
        self
    }
}
