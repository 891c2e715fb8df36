//! Versions of a plan: what changed, and since when.

mod version;

use std::borrow::Cow;
use std::collections::HashMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::plan::timeframe::Unresolved;
use crate::plan::{Period, Plan, Task, TaskId, Timeframe};
use crate::school::School;

use super::{
    Doing, ForRows, ROWS, Result, Scope, Store, Tx, closed_set, instant, number, optional_date, optional_text, query,
    renumber, text, word,
};

pub(crate) use version::remember;

/// A change of the plan that the store has seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// When it was seen.
    pub at: Timestamp,
    /// The task.
    pub task: TaskId,
    /// What changed.
    pub kind: ChangeKind,
    /// The timeframe before.
    pub old: Option<Period>,
    /// The timeframe after.
    pub new: Option<Period>,
}

closed_set! {
    /// What changed about a task.
    pub enum ChangeKind ("a kind of change") {
        /// The task is new.
        Added = "added",
        /// The task is gone.
        Removed = "removed",
        /// The task has another timeframe.
        Moved = "moved",
        /// The task has another wording or other people.
        Reworded = "reworded",
    }
}

/// A task of the plan as it was last seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenTask {
    id: TaskId,
    period: Option<Period>,
    said: Said<'static>,
}

/// What a plan says of a task beside its time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Said<'a> {
    remedy: Cow<'a, str>,
    lead: Cow<'a, [String]>,
    with: Cow<'a, [String]>,
}

/// What a plan says of a task, as JSON.
fn said(task: &Task) -> String {
    let said =
        Said { remedy: Cow::Borrowed(&task.remedy), lead: Cow::Borrowed(&task.lead), with: Cow::Borrowed(&task.with) };
    // Texts always make JSON.
    serde_json::to_string(&said).unwrap_or_default()
}

/// A plan of tasks that were seen before, for the people of today: who is not known any more is left out.
#[must_use]
pub fn plan_of(seen: &[SeenTask], school: &School) -> Plan {
    let people = |names: &[String]| {
        let mut people = Vec::new();
        for person in names.iter().filter_map(|name| school.settings.people.resolve(name)).flatten() {
            if !people.contains(person) {
                people.push(*person);
            }
        }
        people
    };
    let task = |seen: &SeenTask| {
        let Said { remedy, lead, with } = &seen.said;
        let leads = people(lead);
        let coordinators = people(with).into_iter().filter(|person| !leads.contains(person)).collect();
        let timeframe = seen.period.map_or(Timeframe::Unresolved(Unresolved::Empty), Timeframe::Resolved);
        Task {
            lead: lead.to_vec(),
            with: with.to_vec(),
            leads,
            coordinators,
            ..Task::bare(seen.id.clone(), remedy.clone().into_owned(), timeframe)
        }
    };
    Plan { tasks: seen.iter().map(task).collect(), ..school.plan.clone() }
}

/// The tasks that go by another name in a newer plan: pairs of the old name and the new.
#[must_use]
pub fn renamed(old: &Plan, new: &Plan) -> Vec<(TaskId, TaskId)> {
    let known = old.tasks.iter().map(|task| (task.id.as_str().to_owned(), Some(renumber::fingerprint(task)))).collect();
    let pairs = renumber::renamed(&known, new, 0);
    pairs.into_iter().map(|(old, new)| (TaskId::new(&old), TaskId::new(&new))).collect()
}

/// Tasks that were new or moved at an earlier look, which decided nothing of them.
pub(crate) async fn undecided(tx: &mut Tx, scope: &Scope) -> Result<Vec<TaskId>> {
    let rows =
        query("SELECT task FROM plan_task WHERE organisation = $1 AND plan = $2 AND decided = 0 AND removed = 0")
            .bind(tx.organisation())
            .bind(scope.plan.as_str())
            .fetch_all(&mut **tx)
            .await
            .doing("looking for changed tasks")?;
    rows.iter().map(|row| Ok(TaskId::new(&text(row, "task")?))).collect()
}

/// Notes that a look has left undecided what these tasks make.
pub(crate) async fn mark_undecided(tx: &mut Tx, scope: &Scope, tasks: &[TaskId]) -> Result<()> {
    static TASKS: ForRows = ForRows::new(
        "UPDATE plan_task SET decided = 0 WHERE organisation = $1 AND plan = $2 AND task IN (VALUES ",
        ")",
        3,
        1,
    );
    for some in tasks.chunks(ROWS) {
        let statement = query(TASKS.text(some.len())).bind(tx.organisation()).bind(scope.plan.as_str());
        let statement = some.iter().fold(statement, |statement, task| statement.bind(task.as_str()));
        statement.execute(&mut **tx).await.doing("noting that tasks are not decided")?;
    }
    Ok(())
}

/// Notes that a look has decided what every task makes up to now.
pub(crate) async fn mark_decided(tx: &mut Tx, scope: &Scope) -> Result<()> {
    query("UPDATE plan_task SET decided = 1 WHERE organisation = $1 AND plan = $2 AND decided = 0")
        .bind(tx.organisation())
        .bind(scope.plan.as_str())
        .execute(&mut **tx)
        .await
        .doing("noting that tasks are decided")?;
    Ok(())
}

impl Store {
    /// The tasks of the plan as they were last seen; `None` where none were.
    ///
    /// # Errors
    /// When the database fails or holds what the program never writes.
    pub async fn newest_plan(&self, scope: &Scope) -> Result<Option<Vec<SeenTask>>> {
        let rows = query(
            "SELECT task, start_on, due_on, said FROM plan_task WHERE organisation = $1 AND plan = $2 AND removed = 0 \
             ORDER BY place",
        )
        .bind(scope.organisation.as_str())
        .bind(scope.plan.as_str())
        .fetch_all(&self.pool)
        .await
        .doing("reading the last version of a plan")?;
        let seen = |row| {
            let Some(said) = optional_text(row, "said")? else { return Ok(None) };
            let said =
                serde_json::from_str(&said).map_err(|_| super::damaged("plan_task", "what a plan says", said))?;
            Ok(Some(SeenTask {
                id: TaskId::new(&text(row, "task")?),
                period: period(row, "start_on", "due_on")?,
                said,
            }))
        };
        let seen: Option<Vec<SeenTask>> = rows.iter().map(seen).collect::<Result<_>>()?;
        Ok(seen.filter(|seen| !seen.is_empty()))
    }

    /// How often the timeframe of each task has changed; tasks that never changed are left out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn revisions(&self, scope: &Scope) -> Result<HashMap<TaskId, u32>> {
        let rows = query("SELECT task, revision FROM plan_task WHERE organisation = $1 AND plan = $2 AND revision > 0")
            .bind(scope.organisation.as_str())
            .bind(scope.plan.as_str())
            .fetch_all(&self.pool)
            .await
            .doing("reading revisions")?;
        rows.iter()
            .map(|row| Ok((TaskId::new(&text(row, "task")?), u32::try_from(number(row, "revision")?).unwrap_or(0))))
            .collect()
    }

    /// The changes of the plan that were seen from `from` up to, but not at, `to`; oldest first.
    ///
    /// # Errors
    /// When the database fails or holds what the program never writes.
    pub async fn changes(&self, scope: &Scope, from: Timestamp, to: Timestamp) -> Result<Vec<Change>> {
        let rows = query(
            "SELECT task, at, change, old_start, old_due, new_start, new_due FROM plan_change \
             WHERE organisation = $1 AND plan = $2 AND at >= $3 AND at < $4 ORDER BY version, task",
        )
        .bind(scope.organisation.as_str())
        .bind(scope.plan.as_str())
        .bind(from.as_millisecond())
        .bind(to.as_millisecond())
        .fetch_all(&self.pool)
        .await
        .doing("reading changes of the plan")?;
        rows.iter()
            .map(|row| {
                Ok(Change {
                    at: instant(row, "at")?,
                    task: TaskId::new(renumber::as_written(&text(row, "task")?)),
                    kind: word(row, "change")?,
                    old: period(row, "old_start", "old_due")?,
                    new: period(row, "new_start", "new_due")?,
                })
            })
            .collect()
    }
}

fn period(row: &sqlx::any::AnyRow, start: &'static str, due: &'static str) -> Result<Option<Period>> {
    let start = optional_date(row, start)?;
    Ok(optional_date(row, due)?.map(|due| Period { start, due }))
}
