//! What the plan required by the end of the period, and the result: task by task, by standard.

use crate::plan::Task;

use super::state::settled_period;
use super::{ReviewInput, ReviewItem, Standard, TaskState, items, standards};

/// The requirement of the plan for a task by the end of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Required {
    /// To be done.
    Done,
    /// To be under way.
    Begun,
    /// Nothing yet.
    Nothing,
    /// Unknown: the plan leaves the time open.
    Unsaid,
}

impl Required {
    /// The requirement for a task by the end of the period. A task without a start may begin at any time.
    #[must_use]
    pub fn of(task: &Task, facts: &ReviewInput<'_>) -> Self {
        match settled_period(task, facts.school.plan.issued) {
            None => Self::Unsaid,
            Some(period) if period.due <= facts.to => Self::Done,
            Some(period) if period.start.is_some_and(|start| start <= facts.to) => Self::Begun,
            Some(_) => Self::Nothing,
        }
    }
}

/// A task with its requirement and its state.
#[derive(Clone, Copy, Debug)]
pub struct TaskResult<'a> {
    /// The task with its state and its last report.
    pub item: ReviewItem<'a>,
    /// The requirement.
    pub required: Required,
    /// Whether the report of this period shows it by itself: it is open and begun or due, or it was settled since the review
    /// before. Others are told by their number.
    pub is_listed: bool,
}

impl<'a> TaskResult<'a> {
    fn new(item: ReviewItem<'a>, facts: &ReviewInput<'a>) -> Self {
        let is_listed = match item.state {
            TaskState::NotDue => false,
            TaskState::Done | TaskState::Cancelled => item.entry.is_none_or(|entry| facts.after < entry.at),
            _ => true,
        };
        Self { item, required: Required::of(item.task, facts), is_listed }
    }
}

/// The results of one standard.
#[derive(Clone, Debug)]
pub struct StandardResults<'a> {
    /// The standard, with its figures.
    pub standard: Standard,
    /// The number of its tasks that should be done by the end of the period.
    pub required: usize,
    /// The number of its tasks that are overdue, and nothing stands in the way of.
    pub overdue: usize,
    /// The number of its tasks that something stands in the way of.
    pub blocked: usize,
    /// Its tasks in the plan's order, those cancelled too.
    pub rows: Vec<TaskResult<'a>>,
}

/// All tasks by standard, in the plan's order; tasks without a standard come last.
#[must_use]
pub fn results<'a>(facts: &ReviewInput<'a>) -> Vec<StandardResults<'a>> {
    let items = items(facts);
    let mut known = standards(&items, facts.school);
    // A standard with only cancelled tasks has no figures, but its tasks are shown.
    for item in &items {
        let number = item.task.standard();
        if !known.iter().any(|standard| standard.number.as_deref() == number) {
            let title = number.and_then(|number| facts.school.plan.standards.get(number)).cloned();
            known.push(Standard { number: number.map(str::to_owned), title, all: 0, done: 0, percent: 0 });
        }
    }
    let groups = known.into_iter().map(|standard| {
        let own = items.iter().filter(|item| item.task.standard() == standard.number.as_deref());
        let rows: Vec<TaskResult<'a>> = own.map(|&item| TaskResult::new(item, facts)).collect();
        let in_state = |state: TaskState| rows.iter().filter(|row| row.item.state == state).count();
        let counted = rows.iter().filter(|row| row.item.state != TaskState::Cancelled);
        let required = counted.filter(|row| row.required == Required::Done).count();
        let (overdue, blocked) = (in_state(TaskState::Overdue), in_state(TaskState::Blocked));
        StandardResults { standard, required, overdue, blocked, rows }
    });
    groups.collect()
}

/// The requirements of the plan within the period.
#[derive(Clone, Debug)]
pub struct Requirements<'a> {
    /// Tasks with a due date in the period, by that date.
    pub due: Vec<ReviewItem<'a>>,
    /// Tasks under way in the period that end later, by their due date.
    pub running: Vec<ReviewItem<'a>>,
}

/// The requirements of the plan within the period: tasks that fell due, and tasks that were to be under way.
#[must_use]
pub fn requirements<'a>(facts: &ReviewInput<'a>) -> Requirements<'a> {
    let mut items = items(facts);
    items.retain(|item| item.state != TaskState::Cancelled);
    items.sort_by_key(|item| item.task.period().map(|period| period.due));
    let due = |item: &&ReviewItem<'a>| {
        item.task.period().is_some_and(|period| facts.from <= period.due && period.due <= facts.to)
    };
    let running = |item: &&ReviewItem<'a>| Required::of(item.task, facts) == Required::Begun;
    Requirements {
        due: items.iter().filter(due).copied().collect(),
        running: items.iter().filter(running).copied().collect(),
    }
}
