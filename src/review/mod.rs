//! Reviews: figures and lists about a period, from the plan and its progress. Pure.
//!
//! - [`TaskState`]: the state of a task, from which all figures follow.
//! - [`report`]: the figures and lists of every review.
//! - [`results`]: requirement and result of each task.
//! - [`compared`]: what is otherwise than in the review before.
//! - [`handed`]: evidence and requests for time of the period.
//! - [`needs`]: money and conditions that are missing.
//! - [`recommendations`]: what to do, each with its reason.
//! - [`recurring`]: work that is attested period by period.
//! - [`signing`]: who signs the report, and for whom it is.
//! - [`timeline`]: the plan on a timeline.
//!
//! The wording is `compose`'s, the layout on paper `report`'s.

pub mod compared;
pub mod handed;
pub mod needs;
pub mod recommendations;
pub mod recurring;
pub mod results;
pub mod signing;
pub mod state;
pub mod timeline;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::plan::{Period, Task, TaskId};
use crate::progress::evidence::Evidence;
use crate::progress::{Progress, ProgressEntry, TimeRequest};
use crate::schedule::ReviewId;
use crate::school::School;

pub use compared::PastFigures;
pub use state::{TaskState, days_late, settled_period};

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
    /// The last day of the next period of its kind; `None` for the last.
    pub next_to: Option<Date>,
    /// What came up to this instant was told by the review of its kind before it (rules of time, 11).
    pub after: Timestamp,
    /// What the review of its kind before it said; `None` where there is none.
    pub before: Option<&'a PastFigures>,
    /// How often those who lead a task were reminded of it.
    pub reminded: &'a [(TaskId, Reminded)],
    /// The moment of the review: all that it says is as of this instant.
    pub moment: Timestamp,
    /// The day of that moment; days overdue count until then.
    pub today: Date,
}

impl ReviewInput<'_> {
    /// Whether something that came at an instant is told by this review, and by no other of its kind.
    #[must_use]
    pub fn tells_of(&self, at: Timestamp) -> bool {
        self.after < at && at <= self.moment
    }
}

/// How often those who lead a task were reminded of it up to the moment of a review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reminded {
    /// On how many days.
    pub times: usize,
    /// The last of these days.
    pub last: Date,
    /// The channel over which the last reminder went.
    pub over: String,
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
    /// Open tasks past their due date that nothing stands in the way of, the longest overdue first.
    pub overdue: Vec<ReviewItem<'a>>,
    /// Tasks reported blocked, late or not.
    pub blocked: Vec<ReviewItem<'a>>,
    /// Tasks reported done in the period.
    pub done: Vec<ReviewItem<'a>>,
    /// Open tasks that are due in the next period, and not late yet; of the last review all that are due later.
    pub due_next: Vec<ReviewItem<'a>>,
    /// Tasks whose time the plan leaves open, or gives as before its own day of issue.
    pub unresolved: Vec<ReviewItem<'a>>,
}

/// The number of tasks in each state; every task that counts is in exactly one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// All tasks but cancelled ones: the sum of those in each state.
    pub all: usize,
    /// Done, on time or late.
    pub done: usize,
    /// Of those done, after the due date.
    pub done_late: usize,
    /// Something stands in the way.
    pub blocked: usize,
    /// Of those blocked, past the due date.
    pub blocked_late: usize,
    /// Open and past their due date.
    pub overdue: usize,
    /// Work is going on.
    pub in_progress: usize,
    /// Begun by the plan, and nothing reported.
    pub not_started: usize,
    /// Nothing reported, and nothing due yet.
    pub not_due: usize,
    /// The plan leaves the time open, or gives a due date before its own day of issue.
    pub unresolved: usize,
    /// Open and due within a week.
    pub due_soon: usize,
    /// Cancelled; not counted in `all`.
    pub cancelled: usize,
}

impl Totals {
    /// The number of tasks in a state.
    #[must_use]
    pub fn of(&self, state: TaskState) -> usize {
        match state {
            TaskState::Done => self.done,
            TaskState::Blocked => self.blocked,
            TaskState::Overdue => self.overdue,
            TaskState::InProgress => self.in_progress,
            TaskState::NotStarted => self.not_started,
            TaskState::NotDue => self.not_due,
            TaskState::Unresolved => self.unresolved,
            TaskState::Cancelled => self.cancelled,
        }
    }

    fn count(&mut self, item: &ReviewItem<'_>) {
        let counted = match item.state {
            TaskState::Done => &mut self.done,
            TaskState::Blocked => &mut self.blocked,
            TaskState::Overdue => &mut self.overdue,
            TaskState::InProgress => &mut self.in_progress,
            TaskState::NotStarted => &mut self.not_started,
            TaskState::NotDue => &mut self.not_due,
            TaskState::Unresolved => &mut self.unresolved,
            TaskState::Cancelled => &mut self.cancelled,
        };
        *counted += 1;
        self.all += usize::from(item.state != TaskState::Cancelled);
        let due = item.task.period().map(|period| period.due);
        if item.state == TaskState::Done {
            self.done_late += usize::from(item.done_on.zip(due).is_some_and(|(day, due)| day > due));
        }
        self.blocked_late += usize::from(item.state == TaskState::Blocked && item.overdue_days > 0);
        let is_open = !matches!(item.state, TaskState::Done | TaskState::Cancelled);
        self.due_soon += usize::from(is_open && due.is_some() && (-SOON_DAYS..=0).contains(&item.overdue_days));
    }
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
    /// The state.
    pub state: TaskState,
    /// The days since the due date; negative before it, 0 where there is none or it is before the plan's day of issue.
    pub overdue_days: i32,
}

impl ReviewItem<'_> {
    /// Whether it is neither done nor cancelled.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !matches!(self.state, TaskState::Done | TaskState::Cancelled)
    }
}

/// Makes the review.
#[must_use]
pub fn report<'a>(facts: &ReviewInput<'a>) -> ReviewReport<'a> {
    let items = items(facts);
    let list = |keep: &dyn Fn(&ReviewItem<'a>) -> bool| -> Vec<ReviewItem<'a>> {
        items.iter().filter(|item| keep(item)).copied().collect()
    };
    let due = |item: &ReviewItem<'_>| item.task.period().map(|period| period.due);
    let mut overdue = list(&|item| item.state == TaskState::Overdue);
    overdue.sort_by_key(|item| std::cmp::Reverse(item.overdue_days));
    let mut due_next = list(&|item| {
        let is_next = |due: Date| due > facts.to && due >= facts.today && facts.next_to.is_none_or(|ends| due <= ends);
        item.is_open() && due(item).is_some_and(is_next)
    });
    due_next.sort_by_key(due);
    let mut totals = Totals::default();
    for item in &items {
        totals.count(item);
    }
    ReviewReport {
        totals,
        standards: standards(&items, facts.school),
        overdue,
        blocked: list(&|item| item.state == TaskState::Blocked),
        done: list(&|item| item.state == TaskState::Done && item.entry.is_some_and(|entry| facts.tells_of(entry.at))),
        due_next,
        unresolved: list(&|item| item.state == TaskState::Unresolved),
    }
}

/// Every task with its state, in the plan's order.
fn items<'a>(facts: &ReviewInput<'a>) -> Vec<ReviewItem<'a>> {
    facts.school.plan.tasks.iter().map(|task| item(task, facts)).collect()
}

fn item<'a>(task: &'a Task, facts: &ReviewInput<'a>) -> ReviewItem<'a> {
    let ReviewInput { school, progress, today, .. } = *facts;
    let period = state::settled_period(task, school.plan.issued);
    ReviewItem {
        task,
        entry: progress.latest(&task.id),
        percent: progress.percent(&task.id),
        done_on: progress.done_on(&task.id, &school.settings.time_zone),
        state: TaskState::of(task, progress.status(&task.id), school.plan.issued, today),
        overdue_days: period.map_or(0, |period| (today - period.due).get_days()),
    }
}

/// A part of a whole in per cent, rounded; 100 only for all of it.
#[must_use]
pub fn share(part: usize, whole: usize) -> u8 {
    let rounded = (part * 100 + whole / 2).checked_div(whole).unwrap_or(0);
    u8::try_from(if part < whole { rounded.min(99) } else { rounded }).unwrap_or(100)
}

fn standards(items: &[ReviewItem<'_>], school: &School) -> Vec<Standard> {
    // In the order in which the plan first names them, `None` last.
    let mut order: Vec<Option<&str>> = Vec::new();
    let mut sums: BTreeMap<Option<&str>, (usize, usize, usize)> = BTreeMap::new();
    for item in items.iter().filter(|item| item.state != TaskState::Cancelled) {
        let number = item.task.standard();
        if !order.contains(&number) {
            order.push(number);
        }
        let (all, done, percent) = sums.entry(number).or_default();
        *all += 1;
        *done += usize::from(item.state == TaskState::Done);
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
