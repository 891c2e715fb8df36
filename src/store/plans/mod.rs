//! Versions of a plan: what changed, and since when.

mod version;

use std::borrow::Cow;
use std::collections::HashMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::plan::identity::KnownTask;
use crate::plan::{Period, Plan, Recurrence, Task, TaskId, Timeframe};
use crate::school::School;

use super::{
    Doing, ExpectedValue, Result, Scope, Store, StoreStep, instant, number, optional_date, optional_text, query, text,
    word,
};
use crate::closed_set::closed_set;

pub(crate) use version::{VersionChanges, remember};

/// A change of the plan that the store has seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// When it was seen.
    pub at: Timestamp,
    /// The task.
    pub task: TaskId,
    /// What the newest version that had it calls the task.
    pub name: String,
    /// What changed.
    pub kind: ChangeKind,
    /// The timeframe before.
    pub old: Option<Period>,
    /// The timeframe after.
    pub new: Option<Period>,
    /// What the plan said of the task before; `None` where the task is new, or an older program noted the change.
    said_before: Option<SaidOfTask<'static>>,
}

impl Change {
    /// Whether it keeps what the plan said of the task before.
    #[must_use]
    pub fn keeps_wording(&self) -> bool {
        self.said_before.is_some()
    }

    /// Makes a task say what it said before, but for its dates; for the people of today.
    pub fn take_back_wording(&self, task: &mut Task, school: &School) {
        if let Some(said) = &self.said_before {
            said.restore(task, school);
        }
    }
}

closed_set! {
    /// What changed about a task.
    pub enum ChangeKind {
        /// The task is new.
        Added = "added",
        /// The task is gone.
        Removed = "removed",
        /// The task has another timeframe.
        Moved = "moved",
        /// The task has another wording or other people.
        Reworded = "reworded",
        /// The task has another name, and is the same for the rest.
        Renumbered = "renumbered",
    }
}

/// A task of the plan as it was last seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenTask {
    id: TaskId,
    name: String,
    period: Option<Period>,
    said: SaidOfTask<'static>,
}

/// What a plan says of a task beside its dates: enough to go on by it when its document is there no longer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct SaidOfTask<'a> {
    remedy: Cow<'a, str>,
    lead: Cow<'a, [String]>,
    with: Cow<'a, [String]>,
    #[serde(flatten)]
    columns: SaidColumns<'a>,
}

/// The columns of a plan as they are written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct SaidColumns<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    criterion: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    current_state: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    responsible: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recurrence: Option<Recurrence>,
    #[serde(skip_serializing_if = "Option::is_none")]
    budget: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    support: Option<Cow<'a, str>>,
}

impl SeenTask {
    /// The task's identity.
    #[must_use]
    pub fn id(&self) -> &TaskId {
        &self.id
    }
}

impl<'a> SaidOfTask<'a> {
    fn of(task: &'a Task) -> Self {
        let column = |text: &'a Option<String>| text.as_deref().map(Cow::Borrowed);
        Self {
            remedy: Cow::Borrowed(&task.remedy),
            lead: Cow::Borrowed(&task.lead),
            with: Cow::Borrowed(&task.with),
            columns: SaidColumns {
                criterion: column(&task.criterion),
                current_state: column(&task.current_state),
                responsible: column(&task.responsible),
                time: column(&task.time),
                recurrence: task.recurrence,
                budget: column(&task.budget),
                support: column(&task.support),
            },
        }
    }

    /// Whether both say the same but for criterion and time.
    fn is_same_work(&self, other: &SaidOfTask<'_>) -> bool {
        let texts = |said: &SaidColumns<'_>| -> [Option<String>; 4] {
            let SaidColumns { current_state, responsible, budget, support, .. } = said;
            [current_state, responsible, budget, support].map(|text| text.as_deref().map(str::to_owned))
        };
        self.work() == other.work() && texts(&self.columns) == texts(&other.columns)
    }

    /// Makes a task say this, for the people of today: who is not known any more is left out.
    fn restore(&self, task: &mut Task, school: &School) {
        let people = |names: &[String]| {
            let mut people = Vec::new();
            for person in names.iter().filter_map(|name| school.settings.people.resolve(name)).flatten() {
                if !people.contains(person) {
                    people.push(*person);
                }
            }
            people
        };
        let Self { remedy, lead, with, columns } = self;
        let SaidColumns { criterion, current_state, responsible, time, recurrence, budget, support } = columns;
        let column = |text: &Option<Cow<'_, str>>| text.as_deref().map(str::to_owned);
        task.remedy = remedy.clone().into_owned();
        task.lead = lead.to_vec();
        task.with = with.to_vec();
        task.leads = people(lead);
        task.coordinators = people(with).into_iter().filter(|person| !task.leads.contains(person)).collect();
        task.criterion = column(criterion);
        task.current_state = column(current_state);
        task.responsible = column(responsible);
        task.time = column(time);
        task.recurrence = *recurrence;
        task.budget = column(budget);
        task.support = column(support);
    }

    /// What is to be done, and by whom.
    fn work(&self) -> (&str, &[String], &[String]) {
        (&self.remedy, &self.lead, &self.with)
    }
}

/// What a plan says of a task, as JSON.
fn said(task: &Task) -> String {
    // Texts always make JSON.
    serde_json::to_string(&SaidOfTask::of(task)).unwrap_or_default()
}

/// A plan of tasks that were seen before, for the people of today: who is not known any more is left out.
#[must_use]
pub fn plan_of(seen: &[SeenTask], school: &School) -> Plan {
    let task = |seen: &SeenTask| {
        let timeframe = Timeframe::of(seen.period, seen.said.columns.time.as_deref());
        let mut task = Task { id: seen.id.clone(), ..Task::bare(&seen.name, String::new(), timeframe) };
        seen.said.restore(&mut task, school);
        task
    };
    Plan { tasks: seen.iter().map(task).collect(), ..school.plan.clone() }
}

/// The tasks that the store knows, those that are gone among them, through a transaction or the pool.
pub(crate) async fn known<'e>(
    executor: impl sqlx::Executor<'e, Database = sqlx::Any>,
    scope: &Scope,
) -> Result<Vec<KnownTask>> {
    let rows =
        query("SELECT task, name, remedy, removed FROM plan_task WHERE organisation = $1 AND plan = $2 ORDER BY task")
            .bind(scope.organisation.as_str())
            .bind(scope.plan.as_str())
            .fetch_all(executor)
            .await
            .doing(StoreStep::ReadTasks)?;
    let known = |row| {
        let id = TaskId::new(&text(row, "task")?);
        Ok(KnownTask {
            name: name_in(row, &id)?,
            id,
            fingerprint: optional_text(row, "remedy")?,
            is_present: number(row, "removed")? == 0,
        })
    };
    rows.iter().map(known).collect()
}

/// The number and the hash of the newest version of a plan, through a transaction or the pool; `None` where none was seen.
pub(crate) async fn newest_version<'e>(
    executor: impl sqlx::Executor<'e, Database = sqlx::Any>,
    scope: &Scope,
) -> Result<Option<(i64, String)>> {
    let row = query(
        "SELECT version, hash FROM plan_version WHERE organisation = $1 AND plan = $2 ORDER BY version DESC LIMIT 1",
    )
    .bind(scope.organisation.as_str())
    .bind(scope.plan.as_str())
    .fetch_optional(executor)
    .await
    .doing(StoreStep::ReadVersion)?;
    row.map(|row| Ok((number(&row, "version")?, text(&row, "hash")?))).transpose()
}

/// The tasks of the newest version of a plan, through a transaction or the pool; `None` where there are none, or an older
/// program noted too little of one.
pub(crate) async fn newest<'e>(
    executor: impl sqlx::Executor<'e, Database = sqlx::Any>,
    scope: &Scope,
) -> Result<Option<Vec<SeenTask>>> {
    let rows = query(
        "SELECT task, name, start_on, due_on, said FROM plan_task WHERE organisation = $1 AND plan = $2 AND removed = 0 \
         ORDER BY place",
    )
    .bind(scope.organisation.as_str())
    .bind(scope.plan.as_str())
    .fetch_all(executor)
    .await
    .doing(StoreStep::ReadLastVersion)?;
    let seen: Option<Vec<SeenTask>> = rows.iter().map(seen_task).collect::<Result<_>>()?;
    Ok(seen.filter(|seen| !seen.is_empty()))
}

/// A task as it was last seen; `None` where an older program noted too little of it.
fn seen_task(row: &sqlx::any::AnyRow) -> Result<Option<SeenTask>> {
    let Some(said) = said_in(row, "plan_task", "said")? else { return Ok(None) };
    let id = TaskId::new(&text(row, "task")?);
    Ok(Some(SeenTask { name: name_in(row, &id)?, id, period: period(row, "start_on", "due_on")?, said }))
}

/// What a plan said of a task, in a column of a table; `None` where an older program noted nothing there.
fn said_in(row: &sqlx::any::AnyRow, table: &'static str, column: &'static str) -> Result<Option<SaidOfTask<'static>>> {
    let said = optional_text(row, column)?;
    said.map(|said| serde_json::from_str(&said).map_err(|_| super::damaged(table, ExpectedValue::PlanText, said)))
        .transpose()
}

impl Store {
    /// The tasks of the plan that were ever seen.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn known_tasks(&self, scope: &Scope) -> Result<Vec<KnownTask>> {
        known(&self.database, scope).await
    }

    /// The number and the hash of the newest version of the plan; `None` where none was seen.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn newest_plan_version(&self, scope: &Scope) -> Result<Option<(i64, String)>> {
        newest_version(&self.database, scope).await
    }

    /// The tasks of the plan as they were last seen; `None` where none were.
    ///
    /// # Errors
    /// When the database fails or holds what the program never writes.
    pub async fn newest_plan(&self, scope: &Scope) -> Result<Option<Vec<SeenTask>>> {
        newest(&self.database, scope).await
    }

    /// The tasks that have left the plan, as they were last seen.
    ///
    /// # Errors
    /// When the database fails or holds what the program never writes.
    pub async fn tasks_gone(&self, scope: &Scope) -> Result<Vec<SeenTask>> {
        let rows = query(
            "SELECT task, name, start_on, due_on, said FROM plan_task WHERE organisation = $1 AND plan = $2 AND removed = 1 \
             ORDER BY place",
        )
        .bind(scope.organisation.as_str())
        .bind(scope.plan.as_str())
        .fetch_all(&self.database)
        .await
        .doing(StoreStep::ReadLeft)?;
        let seen: Vec<Option<SeenTask>> = rows.iter().map(seen_task).collect::<Result<_>>()?;
        Ok(seen.into_iter().flatten().collect())
    }

    /// How often the timeframe of each task has changed; tasks that never changed are left out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn revisions(&self, scope: &Scope) -> Result<HashMap<TaskId, u32>> {
        let rows = query("SELECT task, revision FROM plan_task WHERE organisation = $1 AND plan = $2 AND revision > 0")
            .bind(scope.organisation.as_str())
            .bind(scope.plan.as_str())
            .fetch_all(&self.database)
            .await
            .doing(StoreStep::ReadRevisions)?;
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
            "SELECT c.task AS task, t.name AS name, c.at AS at, c.change AS change, c.old_start AS old_start, \
             c.old_due AS old_due, c.new_start AS new_start, c.new_due AS new_due, c.said_before AS said_before \
             FROM plan_change c \
             LEFT JOIN plan_task t ON t.organisation = c.organisation AND t.plan = c.plan AND t.task = c.task \
             WHERE c.organisation = $1 AND c.plan = $2 AND c.at >= $3 AND c.at < $4 ORDER BY c.version, c.task",
        )
        .bind(scope.organisation.as_str())
        .bind(scope.plan.as_str())
        .bind(from.as_millisecond())
        .bind(to.as_millisecond())
        .fetch_all(&self.database)
        .await
        .doing(StoreStep::ReadChanges)?;
        rows.iter()
            .map(|row| {
                let task = TaskId::new(&text(row, "task")?);
                Ok(Change {
                    at: instant(row, "at")?,
                    name: name_in(row, &task)?,
                    task,
                    kind: word(row, "change")?,
                    old: period(row, "old_start", "old_due")?,
                    new: period(row, "new_start", "new_due")?,
                    said_before: said_in(row, "plan_change", "said_before")?,
                })
            })
            .collect()
    }
}

/// What a row calls a task; where that was not noted yet, the name that it had when it was first seen.
fn name_in(row: &sqlx::any::AnyRow, id: &TaskId) -> Result<String> {
    Ok(optional_text(row, "name")?.unwrap_or_else(|| id.first_name().to_owned()))
}

fn period(row: &sqlx::any::AnyRow, start: &'static str, due: &'static str) -> Result<Option<Period>> {
    let start = optional_date(row, start)?;
    Ok(optional_date(row, due)?.map(|due| Period { start, due }))
}
