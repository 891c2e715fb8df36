//! The plan on a timeline: a bar for each task from its start to its due date, with its state.

use jiff::ToSpan;
use jiff::civil::Date;

use super::results::results;
use super::{ReviewInput, ReviewItem, Standard, TaskState};

/// How many months from the school year a date is drawn; further ones are at the edge.
const MARGIN_MONTHS: i64 = 12;

/// The plan on a timeline.
#[derive(Clone, Debug)]
pub struct Timeline<'a> {
    /// The first day, the first of its month.
    pub from: Date,
    /// The last day, the last of its month.
    pub to: Date,
    /// The day of drawing; may lie outside.
    pub today: Date,
    /// The tasks by standard.
    pub groups: Vec<(Standard, Vec<Bar<'a>>)>,
}

/// A task on the timeline.
#[derive(Clone, Copy, Debug)]
pub struct Bar<'a> {
    /// The task with its last report.
    pub item: ReviewItem<'a>,
    /// The state.
    pub state: TaskState,
    /// The due date as the plan has it, where another was agreed since.
    pub written_due: Option<Date>,
    /// The day on which it was reported done.
    pub done_on: Option<Date>,
}

/// The plan on a timeline of whole months: the school year and all tasks near it.
#[must_use]
pub fn timeline<'a>(facts: &ReviewInput<'a>) -> Timeline<'a> {
    let year = &facts.school.settings.school_year;
    let bar = |item: ReviewItem<'a>| Bar {
        item,
        state: item.state,
        written_due: item.task.postponed.as_ref().and_then(|moved| moved.written).map(|period| period.due),
        done_on: item.done_on,
    };
    let groups: Vec<(Standard, Vec<Bar<'a>>)> = results(facts)
        .into_iter()
        .map(|group| (group.standard, group.rows.iter().map(|row| bar(row.item)).collect()))
        .collect();
    let earliest = year.start().saturating_sub(MARGIN_MONTHS.months());
    let latest = year.end().saturating_add(MARGIN_MONTHS.months());
    let periods = || facts.school.plan.tasks.iter().filter_map(crate::plan::Task::period);
    let starts = periods().map(|period| period.start.unwrap_or(period.due).min(period.due));
    let from = starts.fold(year.start().min(facts.school.plan.issued), Date::min).max(earliest);
    let to = periods().map(|period| period.due).fold(year.end(), Date::max).min(latest);
    Timeline { from: from.first_of_month(), to: to.last_of_month(), today: facts.today, groups }
}
