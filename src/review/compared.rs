//! A review compared with the one of its kind before it.

use jiff::civil::Date;

use crate::plan::TaskId;

use super::{ReviewInput, ReviewItem, ReviewReport, Totals, items, report};

/// What the review before said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastFigures {
    /// The day of its moment.
    pub on: Date,
    /// The number of tasks in each state.
    pub totals: Totals,
    /// The tasks that were overdue.
    pub overdue: Vec<TaskId>,
}

impl PastFigures {
    /// What a review says, for the next to be compared with.
    #[must_use]
    pub fn of(facts: &ReviewInput<'_>) -> Self {
        let report = report(facts);
        let overdue = report.overdue.iter().map(|item| item.task.id.clone()).collect();
        Self { on: facts.today, totals: report.totals, overdue }
    }
}

/// What is otherwise than in the review before.
#[derive(Clone, Debug)]
pub struct Comparison<'a> {
    /// The day of the review before.
    pub since: Date,
    /// How many more tasks are done; fewer, where it is negative.
    pub done: i64,
    /// How many more are overdue; fewer, where it is negative.
    pub overdue: i64,
    /// Tasks that are overdue and were not.
    pub newly_overdue: Vec<ReviewItem<'a>>,
    /// Tasks that were overdue and are not, for whatever reason, as far as they are in the plan.
    pub settled: Vec<ReviewItem<'a>>,
}

/// What is otherwise than in the review before; `None` where there is none.
#[must_use]
pub fn compare<'a>(report: &ReviewReport<'a>, facts: &ReviewInput<'a>) -> Option<Comparison<'a>> {
    let before = facts.before?;
    let more = |now: usize, then: usize| i64::try_from(now).unwrap_or(0) - i64::try_from(then).unwrap_or(0);
    let was_overdue = |item: &ReviewItem<'_>| before.overdue.contains(&item.task.id);
    let is_overdue = |item: &ReviewItem<'_>| report.overdue.iter().any(|other| other.task.id == item.task.id);
    Some(Comparison {
        since: before.on,
        done: more(report.totals.done, before.totals.done),
        overdue: more(report.totals.overdue, before.totals.overdue),
        newly_overdue: report.overdue.iter().filter(|item| !was_overdue(item)).copied().collect(),
        settled: items(facts).into_iter().filter(|item| was_overdue(item) && !is_overdue(item)).collect(),
    })
}
