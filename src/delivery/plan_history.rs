//! The plan as it was at a moment, and what has changed between two, from the changes that the store has noted.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::plan::{Period, Plan, Task, TaskId, Timeframe};
use crate::progress::TimeRequest;
use crate::review::{PlanChange, TaskChange};
use crate::school::School;
use crate::store::plans::{Change, ChangeKind, SeenTask, plan_of};

/// The school with its plan as it was before `since`, the changes that followed; `gone` are the tasks that have left it.
pub(super) fn plan_at(school: &School, since: &[Change], gone: &[SeenTask]) -> School {
    let mut school = school.clone();
    let mut first: HashMap<&TaskId, FirstChanges<'_>> = HashMap::new();
    for change in since {
        first.entry(&change.task).or_default().see(change);
    }
    if first.is_empty() {
        return school;
    }
    let back = plan_of(gone, &school).tasks.into_iter();
    let known: Vec<Task> = school.plan.tasks.drain(..).chain(back).collect();
    let mut tasks: Vec<Task> = Vec::with_capacity(known.len());
    for mut task in known {
        // One that came back is both in the plan and among those that have left it.
        if tasks.iter().any(|other| other.id == task.id) {
            continue;
        }
        let changes = first.get(&task.id);
        if let Some(worded) = changes.and_then(|changes| changes.worded) {
            worded.take_back_wording(&mut task, &school);
            let period = task.period();
            set_period(&mut task, period);
        }
        match changes.and_then(|changes| changes.lasting).map(|change| (change.kind, change.old)) {
            Some((ChangeKind::Added, _)) => continue,
            Some((_, old)) => set_period(&mut task, old),
            None if gone.iter().any(|gone| *gone.id() == task.id) => continue,
            None => {}
        }
        tasks.push(task);
    }
    school.plan = Plan { tasks, ..school.plan };
    school
}

/// The first changes of a task since a moment.
#[derive(Default)]
struct FirstChanges<'a> {
    /// The first that says how the task was worded then, and who led it.
    worded: Option<&'a Change>,
    /// The first of its time, or of its being there: says when it was due then.
    lasting: Option<&'a Change>,
}

impl<'a> FirstChanges<'a> {
    fn see(&mut self, change: &'a Change) {
        if change.keeps_wording() {
            self.worded.get_or_insert(change);
        }
        if is_lasting(change) {
            self.lasting.get_or_insert(change);
        }
    }
}

/// Whether a change is of a task's time, or of its being there.
fn is_lasting(change: &Change) -> bool {
    matches!(change.kind, ChangeKind::Added | ChangeKind::Removed | ChangeKind::Moved)
}

fn set_period(task: &mut Task, period: Option<Period>) {
    task.timeframe = Timeframe::of(period, task.time.as_deref());
    if task.postponed.as_ref().is_some_and(|postponed| postponed.written == period) {
        task.postponed = None;
    }
}

/// What has changed, one line a task and kind of change: a task that was added and moved is one that was added, and one
/// whose time was changed and changed back has not changed. `requests` are those for time; `date` gives the civil date.
pub(super) fn plan_changes(
    changes: Vec<Change>,
    requests: &[TimeRequest],
    date: impl Fn(Timestamp) -> Date,
) -> Vec<PlanChange> {
    let mut order: Vec<TaskId> = Vec::new();
    let mut by_task: HashMap<TaskId, Vec<Change>> = HashMap::new();
    for change in changes {
        if !by_task.contains_key(&change.task) {
            order.push(change.task.clone());
        }
        by_task.entry(change.task.clone()).or_default().push(change);
    }
    let mut told: Vec<(Timestamp, PlanChange)> = Vec::new();
    for task in &order {
        let of_task = by_task.get(task).map(Vec::as_slice).unwrap_or_default();
        for (change, what) in summary(of_task) {
            let why = matches!(what, TaskChange::Moved { .. }).then(|| reason(of_task, requests)).flatten();
            let (name, task) = (change.name.clone(), task.clone());
            told.push((change.at, PlanChange { at: date(change.at), task, name, what, why }));
        }
    }
    told.sort_by_key(|(at, _)| *at);
    told.into_iter().map(|(_, change)| change).collect()
}

/// What the changes of one task come to, each with the change by which it is dated.
fn summary(changes: &[Change]) -> Vec<(&Change, TaskChange)> {
    let lasting = || changes.iter().filter(|change| is_lasting(change));
    let (Some(first), Some(last)) = (lasting().next(), lasting().next_back()) else {
        // Another number of the same work is no change of the plan.
        let reworded = changes.iter().rfind(|change| change.kind == ChangeKind::Reworded);
        return reworded.map(|change| (change, TaskChange::Reworded)).into_iter().collect();
    };
    let (was_there, is_there) = (first.kind != ChangeKind::Added, last.kind != ChangeKind::Removed);
    let lasting = match (was_there, is_there) {
        (false, false) => None,
        (false, true) => Some((first, TaskChange::Added)),
        (true, false) => Some((last, TaskChange::Removed)),
        (true, true) if first.old == last.new => None,
        (true, true) => Some((last, TaskChange::Moved { from: first.old, to: last.new })),
    };
    let reworded = changes.iter().rfind(|change| change.kind == ChangeKind::Reworded);
    let reworded = reworded.filter(|_| was_there && is_there).map(|change| (change, TaskChange::Reworded));
    lasting.into_iter().chain(reworded).collect()
}

/// Why a task was moved, where that was asked for and granted: the reason of the request that moved it last. A request
/// moves a task from the due date of which it speaks, and only after it was granted.
fn reason(changes: &[Change], requests: &[TimeRequest]) -> Option<String> {
    let due = |period: Option<Period>| period.map(|period| period.due);
    let change = changes.iter().rfind(|change| change.kind == ChangeKind::Moved)?;
    let granted = requests.iter().filter(|request| request.task == change.task);
    let granted = granted.filter(|request| request.accepted().is_some_and(|decision| decision.at <= change.at));
    let (mut at, mut why) = (due(change.old), None);
    for request in granted {
        if request.old == at {
            (at, why) = (Some(request.due), Some(request.why.clone()));
        }
    }
    why.filter(|_| at == due(change.new))
}
