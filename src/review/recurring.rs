//! Recurring work: what was attested in the period of a review and by whom, what was not, and what came late for an earlier
//! period (rules of time, 14).

use crate::plan::WorkPeriod;

use super::{ReviewInput, ReviewItem, TaskState, items};

/// Recurring work in one period.
#[derive(Clone, Debug)]
pub struct WorkResult<'a> {
    /// The task with its state.
    pub item: ReviewItem<'a>,
    /// The period.
    pub period: WorkPeriod,
    /// Whether it is attested: by all who lead the task, or for all.
    pub is_attested: bool,
    /// Those who have told, as they are called in the configuration, by time.
    pub by: Vec<&'a str>,
    /// Whether it is an earlier period, attested since the review before.
    pub is_late: bool,
}

/// The recurring work of which a review tells, in the plan's order and by period.
#[must_use]
pub fn recurring_work<'a>(facts: &ReviewInput<'a>) -> Vec<WorkResult<'a>> {
    let counted = items(facts).into_iter().filter(|item| item.state != TaskState::Cancelled);
    counted.flat_map(|item| of_task(item, facts)).collect()
}

fn of_task<'a>(item: ReviewItem<'a>, facts: &ReviewInput<'a>) -> Vec<WorkResult<'a>> {
    let (plan, year) = (&facts.school.plan, &facts.school.settings.school_year);
    let result = |period: WorkPeriod| {
        let last = period.last_day(year)?;
        let attested = facts.progress.attested_at(&item.task.id, period);
        let is_late = last < facts.from && attested.is_some_and(|at| facts.tells_of(at));
        let is_of_review = facts.from <= last && last <= facts.to;
        (is_of_review || is_late).then(|| WorkResult {
            item,
            period,
            is_attested: attested.is_some(),
            by: tellers(item, period, facts),
            is_late,
        })
    };
    item.task.work_periods(plan.issued, year).into_iter().filter_map(result).collect()
}

/// Those who have told for a period.
fn tellers<'a>(item: ReviewItem<'a>, period: WorkPeriod, facts: &ReviewInput<'a>) -> Vec<&'a str> {
    let progress: &'a crate::progress::Progress = facts.progress;
    let words = progress.attestations(&item.task.id).iter().filter(|word| word.period == period);
    let mut by: Vec<&'a str> = Vec::new();
    for name in words.filter_map(|word| word.by.as_deref()) {
        if !by.contains(&name) {
            by.push(name);
        }
    }
    by
}
