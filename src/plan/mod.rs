//! What the school wrote: the plan, its tasks, and when each is to be done.
//!
//! [`Plan`] is what every [`reader`] of a plan file makes; [`timeframe`] reads the time column; [`overrides`] are what
//! the configuration settles. What follows from a plan (who is told what, when) is not known here.

mod closes;
pub mod framework;
pub mod identity;
pub(crate) mod mistake;
pub mod overrides;
pub mod reader;
mod status;
pub mod timeframe;
mod work_period;
pub mod write;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use crate::people::RecipientId;
pub use closes::Closes;
pub(crate) use mistake::PlanMistake;
pub use status::{Status, UnknownStatus};
pub use timeframe::{Period, Recurrence, Timeframe};
pub use work_period::{UnknownWorkPeriod, WorkPeriod};

/// What parts the name that a task had when it was first seen from the version, where another task had that name before.
const SEPARATOR: char = '~';

/// A task's identity: given when the task is first seen and its own for life, whatever number later versions of the plan
/// give it. What people are shown is [`Task::name`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TaskId(Arc<str>);

impl TaskId {
    /// The identity that the store knows as `id`.
    #[must_use]
    pub fn new(id: &str) -> Self {
        Self(Arc::from(id))
    }

    /// The identity as keys have it: those of the store, of links, of calendars.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name that the task had when it was first seen.
    #[must_use]
    pub fn first_name(&self) -> &str {
        self.0.split_once(SEPARATOR).map_or(&self.0, |(name, _)| name)
    }
}

/// The document: a school's quality-improvement plan for one school year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Its number, "325/KH-TrTH"; names the plan in every key of the store.
    pub number: String,
    /// What the criteria numbers mean, "17/2018/TT-BGDĐT": free text.
    pub framework: Option<String>,
    /// Its title as written.
    pub title: String,
    /// The date of issue.
    pub issued: Date,
    /// The titles of the standards by their number ("1"), where the plan gives them.
    pub standards: BTreeMap<String, String>,
    /// The tasks in the plan's order.
    pub tasks: Vec<Task>,
}

impl Plan {
    /// The task of an identity, where this version of the plan has it.
    #[must_use]
    pub fn task(&self, id: &TaskId) -> Option<&Task> {
        self.tasks.iter().find(|task| task.id == *id)
    }

    /// What the plan calls a task; one that it does not have, by the name that the task had when it was first seen.
    #[must_use]
    pub fn name_of<'p>(&'p self, id: &'p TaskId) -> &'p str {
        self.task(id).map_or_else(|| id.first_name(), |task| &task.name)
    }
}

/// One row of the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Its identity: its name, until it is compared with the tasks that were seen before.
    pub id: TaskId,
    /// What this version of the plan calls it, unique in it: its criterion where it has one ("1.4", "M4.1").
    pub name: String,
    /// The criterion it serves, where the plan says so.
    pub criterion: Option<String>,
    /// The weakness it is to mend.
    pub current_state: Option<String>,
    /// What is to be done.
    pub remedy: String,
    /// The people responsible, as written.
    pub responsible: Option<String>,
    /// Who answers for it, as the plan names them.
    pub lead: Vec<String>,
    /// Who helps, as the plan names them.
    pub with: Vec<String>,
    /// Who answers for it, as they are reached: no one twice.
    pub leads: Vec<RecipientId>,
    /// Who helps, as they are reached: no one twice, and no lead.
    pub coordinators: Vec<RecipientId>,
    /// The words that say when, of the plan's time column or of the configuration in its place; `None` where dates do.
    pub time: Option<String>,
    /// What the time column says, or what was agreed since.
    pub timeframe: Timeframe,
    /// How often it recurs, where it does: it is attested by period then, not closed (rules of time, 14).
    pub recurrence: Option<Recurrence>,
    /// When it is done where several lead it; `None` where that is not said of it.
    pub closes: Option<Closes>,
    /// Whether the due date was moved, and why.
    pub postponed: Option<Postponed>,
    /// The budget column as written.
    pub budget: Option<String>,
    /// The support column as written.
    pub support: Option<String>,
    /// How far it is, where the document has a column for that.
    pub reported: Option<Reported>,
}

/// How far a task is by its document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reported {
    /// The status.
    pub status: Status,
    /// The percentage, where one is written.
    pub percent: Option<u8>,
}

/// A due date that was moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Postponed {
    /// The timeframe as the plan has it; `None` where the plan leaves it open.
    pub written: Option<Period>,
    /// Why it was moved.
    pub why: String,
}

impl Task {
    /// Whether somebody leads it or helps with it.
    #[must_use]
    pub fn is_of(&self, person: RecipientId) -> bool {
        self.leads.contains(&person) || self.coordinators.contains(&person)
    }

    /// A task of which no more is known.
    #[must_use]
    pub fn bare(name: &str, remedy: String, timeframe: Timeframe) -> Self {
        Self {
            id: TaskId::new(name),
            name: name.to_owned(),
            criterion: None,
            current_state: None,
            remedy,
            responsible: None,
            lead: Vec::new(),
            with: Vec::new(),
            leads: Vec::new(),
            coordinators: Vec::new(),
            time: None,
            timeframe,
            recurrence: None,
            closes: None,
            postponed: None,
            budget: None,
            support: None,
            reported: None,
        }
    }

    /// The task once for each of these times; where there are several, each is called as the task and a letter.
    pub(crate) fn at_each(self, timeframes: Vec<Timeframe>) -> impl Iterator<Item = Self> {
        let several = timeframes.len() > 1;
        // No time has more periods than there are letters (`timeframe::resolve`).
        ('a'..='z').zip(timeframes).map(move |(letter, timeframe)| {
            let mut task = Self { timeframe, ..self.clone() };
            if several {
                task.set_name(&format!("{}{letter}", self.name));
            }
            task
        })
    }

    /// Gives the task another name, before it is compared with those that were seen before.
    pub fn set_name(&mut self, name: &str) {
        self.id = TaskId::new(name);
        name.clone_into(&mut self.name);
    }

    /// Start and due date, unless the time column leaves them open.
    #[must_use]
    pub fn period(&self) -> Option<Period> {
        match &self.timeframe {
            Timeframe::Resolved(period) => Some(*period),
            Timeframe::Unresolved(_) => None,
        }
    }

    /// The standard that the task belongs to: the part of its criterion before the first point ("1" of "1.4",
    /// "M4" of "M4.1").
    #[must_use]
    pub fn standard(&self) -> Option<&str> {
        self.criterion.as_deref().map(|criterion| criterion.split('.').next().unwrap_or(criterion))
    }
}
