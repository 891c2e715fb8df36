//! Reviews: figures and lists about a period, from the plan and its progress. Pure.
//!
//! - [`report`]: the figures and lists of every review.
//! - [`results`]: requirement and result of each task.
//! - [`handed`]: evidence and requests for time of the period.
//! - [`needs`]: money and conditions that are missing.
//! - [`proposals`]: recommendations, each with its reason.
//! - [`timeline`]: the plan on a timeline.
//!
//! The wording is `compose`'s, the layout on paper `report`'s.

pub mod handed;
pub mod needs;
pub mod proposals;
pub mod results;
pub mod timeline;

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::calendar::date_of;
use crate::plan::{Period, Status, Task, TaskId};
use crate::progress::evidence::Evidence;
use crate::progress::{Progress, ProgressEntry, TimeRequest};
use crate::schedule::ReviewId;
use crate::school::School;

/// How many days before its due date a task counts as due soon.
const SOON_DAYS: i32 = 7;

/// The facts that a review is made from.
#[derive(Clone, Copy, Debug)]
pub struct ReviewInput<'a> {
    /// Settings and plan.
    pub school: &'a School,
    /// The reports on its tasks.
    pub progress: &'a Progress,
    /// Changes of the plan since the last review.
    pub changes: &'a [PlanChange],
    /// Messages that could not be delivered since the last review.
    pub undelivered: &'a [Undelivered],
    /// All evidence for the plan's tasks, by code.
    pub evidence: &'a [Evidence],
    /// All requests for time, by task.
    pub requests: &'a [TimeRequest],
    /// How many answers wait for a person to read them.
    pub open_answers: usize,
    /// The review.
    pub id: ReviewId,
    /// The first day of its period.
    pub from: Date,
    /// The last day of its period.
    pub to: Date,
    /// The last day of the next period of its kind; `None` where there is none.
    pub next_to: Option<Date>,
    /// The day on which the review is made; days overdue count until then.
    pub today: Date,
}

/// A change of the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanChange {
    /// The date on which it was noticed.
    pub at: Date,
    /// The task.
    pub task: TaskId,
    /// What the plan calls it, or called it last.
    pub name: String,
    /// The kind of change.
    pub what: TaskChange,
    /// The reason, where the change was asked for and accepted.
    pub why: Option<String>,
}

/// The kind of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskChange {
    /// The task was added.
    Added,
    /// The task was taken out.
    Removed,
    /// The task has another timeframe.
    Moved {
        /// The timeframe before, where it was settled.
        from: Option<Period>,
        /// The timeframe now, where it is settled.
        to: Option<Period>,
    },
    /// The task has another wording or other people.
    Reworded,
}

/// A message that reached nobody, as far as is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undelivered {
    /// The date on which it was given up.
    pub on: Date,
    /// The name of the recipient.
    pub recipient: String,
    /// The tasks of the message.
    pub tasks: Vec<TaskId>,
    /// The cause.
    pub reason: String,
    /// Whether it may have arrived all the same: no answer came.
    pub may_have_arrived: bool,
}

/// The figures and lists of a review.
#[derive(Clone, Debug)]
pub struct ReviewReport<'a> {
    /// The number of tasks in each state.
    pub totals: Totals,
    /// Progress by standard, in the plan's order; tasks without a standard come last under `None`.
    pub standards: Vec<Standard>,
    /// Tasks past their due date, the longest overdue first.
    pub overdue: Vec<ReviewItem<'a>>,
    /// Tasks reported blocked.
    pub blocked: Vec<ReviewItem<'a>>,
    /// Tasks reported done in the period.
    pub done: Vec<ReviewItem<'a>>,
    /// Open tasks that are due in the next period.
    pub due_next: Vec<ReviewItem<'a>>,
    /// Tasks whose time the plan leaves open.
    pub unresolved: Vec<ReviewItem<'a>>,
}

/// The number of tasks in each state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// All tasks but cancelled ones.
    pub all: usize,
    /// Done, on time or late.
    pub done: usize,
    /// Done, but reported after the due date.
    pub done_late: usize,
    /// Open and past their due date, whatever was reported.
    pub overdue: usize,
    /// In progress and not overdue.
    pub in_progress: usize,
    /// Blocked and not overdue.
    pub blocked: usize,
    /// Not reported on and not overdue.
    pub not_started: usize,
    /// Open and due within a week.
    pub due_soon: usize,
    /// Open, with a time that the plan leaves open.
    pub unresolved: usize,
    /// Cancelled; not counted in `all`.
    pub cancelled: usize,
}

/// Progress on one standard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standard {
    /// Its number ("1", "M4"); `None` for tasks without a criterion.
    pub number: Option<String>,
    /// Its title, where the plan gives one.
    pub title: Option<String>,
    /// The tasks that count.
    pub all: usize,
    /// The tasks done.
    pub done: usize,
    /// The mean per cent of its tasks.
    pub percent: u8,
}

/// A task in a list of a review.
#[derive(Clone, Copy, Debug)]
pub struct ReviewItem<'a> {
    /// The task.
    pub task: &'a Task,
    /// The last report.
    pub entry: Option<&'a ProgressEntry>,
    /// The per cent done.
    pub percent: u8,
    /// The day on which it was done; `None` while it is not.
    pub done_on: Option<Date>,
    /// The days since the due date; negative before it, 0 where there is none.
    pub overdue_days: i32,
}

/// Makes the review.
#[must_use]
pub fn report<'a>(facts: &ReviewInput<'a>) -> ReviewReport<'a> {
    let zone = &facts.school.settings.time_zone;
    let items: Vec<(ReviewItem<'a>, Status)> = facts.school.plan.tasks.iter().map(|task| item(task, facts)).collect();
    let open = |status: &Status| !status.is_closed();
    let list = |keep: &dyn Fn(&ReviewItem<'a>, &Status) -> bool| -> Vec<ReviewItem<'a>> {
        items.iter().filter(|(item, status)| keep(item, status)).map(|(item, _)| *item).collect()
    };
    let due = |item: &ReviewItem<'_>| item.task.period().map(|period| period.due);
    let mut overdue = list(&|item, status| open(status) && item.overdue_days > 0);
    overdue.sort_by_key(|item| std::cmp::Reverse(item.overdue_days));
    let mut due_next = list(&|item, status| {
        let ends = facts.next_to;
        open(status) && due(item).is_some_and(|due| due > facts.to && ends.is_some_and(|ends| due <= ends))
    });
    due_next.sort_by_key(due);
    ReviewReport {
        totals: totals(&items),
        standards: standards(&items, facts.school),
        overdue,
        blocked: list(&|_, status| *status == Status::Blocked),
        done: list(&|item, status| {
            let day = item.entry.map(|entry| date_of(zone, entry.at));
            *status == Status::Done && day.is_some_and(|day| facts.from <= day && day <= facts.today.max(facts.to))
        }),
        due_next,
        unresolved: list(&|item, status| open(status) && item.task.period().is_none()),
    }
}

fn item<'a>(task: &'a Task, facts: &ReviewInput<'a>) -> (ReviewItem<'a>, Status) {
    let overdue_days = task.period().map_or(0, |period| (facts.today - period.due).get_days());
    let entry = facts.progress.latest(&task.id);
    (
        ReviewItem {
            task,
            entry,
            percent: facts.progress.percent(&task.id),
            done_on: facts.progress.done_on(&task.id, &facts.school.settings.time_zone),
            overdue_days,
        },
        facts.progress.status(&task.id),
    )
}

/// A part of a whole in per cent, rounded; 100 only for all of it.
#[must_use]
pub fn share(part: usize, whole: usize) -> u8 {
    let rounded = (part * 100 + whole / 2).checked_div(whole).unwrap_or(0);
    u8::try_from(if part < whole { rounded.min(99) } else { rounded }).unwrap_or(100)
}

fn totals(items: &[(ReviewItem<'_>, Status)]) -> Totals {
    let mut totals = Totals::default();
    for (item, status) in items {
        let due = item.task.period().map(|period| period.due);
        match status {
            Status::Cancelled => {
                totals.cancelled += 1;
                continue;
            }
            Status::Done => {
                totals.done += 1;
                totals.done_late += usize::from(item.done_on.zip(due).is_some_and(|(day, due)| day > due));
            }
            _ if item.overdue_days > 0 => totals.overdue += 1,
            Status::InProgress => totals.in_progress += 1,
            Status::Blocked => totals.blocked += 1,
            Status::NotStarted => totals.not_started += 1,
        }
        totals.all += 1;
        if !status.is_closed() {
            totals.due_soon += usize::from(due.is_some() && (-SOON_DAYS..=0).contains(&item.overdue_days));
            totals.unresolved += usize::from(due.is_none());
        }
    }
    totals
}

fn standards(items: &[(ReviewItem<'_>, Status)], school: &School) -> Vec<Standard> {
    // In the order in which the plan first names them, `None` last.
    let mut order: Vec<Option<&str>> = Vec::new();
    let mut sums: BTreeMap<Option<&str>, (usize, usize, usize)> = BTreeMap::new();
    for (item, status) in items.iter().filter(|(_, status)| *status != Status::Cancelled) {
        let number = item.task.standard();
        if !order.contains(&number) {
            order.push(number);
        }
        let (all, done, percent) = sums.entry(number).or_default();
        *all += 1;
        *done += usize::from(*status == Status::Done);
        *percent += usize::from(item.percent);
    }
    order.sort_by_key(Option::is_none);
    order
        .into_iter()
        .map(|number| {
            let (all, done, percent) = sums.get(&number).copied().unwrap_or_default();
            Standard {
                number: number.map(str::to_owned),
                title: number.and_then(|number| school.plan.standards.get(number)).cloned(),
                all,
                done,
                percent: share(percent, all * 100),
            }
        })
        .collect()
}
