//! How far tasks are, as far as the rules of time ask.

use jiff::civil::Date;

use crate::people::RecipientId;
use crate::plan::{Status, WorkPeriod};
use crate::progress::Progress;
use crate::school::School;

/// How far tasks are, each by its place in the plan.
///
/// A plain function from the place of a task to its status is enough where nobody has reported on a part of a task.
pub trait TaskStates {
    /// The status of a task.
    fn status(&self, task: usize) -> Status;

    /// The status of one lead's part of a task.
    fn part(&self, task: usize, lead: RecipientId) -> Status {
        let _ = lead;
        self.status(task)
    }

    /// The date of the last report on one lead's part of a task.
    fn reported_on(&self, task: usize, lead: RecipientId) -> Option<Date> {
        let _ = (task, lead);
        None
    }

    /// Whether one lead of recurring work has told for a period, or somebody for all.
    fn has_told(&self, task: usize, lead: RecipientId, period: WorkPeriod) -> bool {
        let _ = (task, lead, period);
        false
    }
}

impl<F: Fn(usize) -> Status> TaskStates for F {
    fn status(&self, task: usize) -> Status {
        self(task)
    }
}

/// How far the tasks of a school's plan are by what was reported.
#[derive(Clone, Copy, Debug)]
pub struct ReportedStates<'a> {
    /// The school with its plan.
    pub school: &'a School,
    /// The reports on its tasks.
    pub progress: &'a Progress,
}

impl TaskStates for ReportedStates<'_> {
    fn status(&self, task: usize) -> Status {
        self.school.plan.tasks.get(task).map_or(Status::NotStarted, |task| self.progress.status(&task.id))
    }

    fn part(&self, task: usize, lead: RecipientId) -> Status {
        let lead = &self.school.settings.people.get(lead).name;
        self.school.plan.tasks.get(task).map_or(Status::NotStarted, |task| self.progress.part(&task.id, lead).status)
    }

    fn reported_on(&self, task: usize, lead: RecipientId) -> Option<Date> {
        let lead = &self.school.settings.people.get(lead).name;
        let part = self.progress.part(&self.school.plan.tasks.get(task)?.id, lead);
        part.at.map(|at| self.school.settings.date_of(at))
    }

    fn has_told(&self, task: usize, lead: RecipientId, period: WorkPeriod) -> bool {
        let lead = &self.school.settings.people.get(lead).name;
        self.school.plan.tasks.get(task).is_some_and(|task| self.progress.has_attested(&task.id, period, lead))
    }
}
