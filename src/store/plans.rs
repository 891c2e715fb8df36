//! Versions of a plan: what changed, and since when.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::hex;
use crate::plan::timeframe::Unresolved;
use crate::plan::{Period, Plan, Task, TaskId, Timeframe};
use crate::school::School;

use super::{
    Doing, ForRows, ROWS, Result, Scope, Store, Tx, instant, number, optional_date, optional_number, optional_text,
    renumber, text,
};

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

/// What changed about a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// The task is new.
    Added,
    /// The task is gone.
    Removed,
    /// The task has another timeframe.
    Moved,
    /// The task has another wording or other people.
    Reworded,
}

impl ChangeKind {
    const ALL: [Self; 4] = [Self::Added, Self::Removed, Self::Moved, Self::Reworded];

    /// The word of the store and of the JSON output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Moved => "moved",
            Self::Reworded => "reworded",
        }
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

/// A task as the store has it.
struct Known {
    revision: i64,
    period: Option<Period>,
    wording: String,
    /// What is to be done, in short; `None` where it was not noted yet.
    remedy: Option<String>,
    /// Its place in the plan; `None` where that was not noted yet.
    place: Option<i64>,
    removed: bool,
}

/// Compares the plan with the newest version in the store and writes down what is different. Returns the tasks that are
/// new or have another time, so that what they make is to be decided anew; `None` where nothing is different.
pub(crate) async fn remember(
    tx: &mut Tx,
    scope: &Scope,
    plan: &Plan,
    hash: &str,
    now: Timestamp,
) -> Result<Option<Vec<TaskId>>> {
    let newest = newest_version(tx, scope).await?;
    if newest.as_ref().is_some_and(|(_, known)| known == hash) {
        return Ok(None);
    }
    let version = newest.as_ref().map_or(1, |(version, _)| version + 1);
    let is_first = newest.is_none();
    sqlx::query("INSERT INTO plan_version (organisation, plan, version, hash, seen_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(scope.organisation.as_str())
        .bind(scope.plan.as_str())
        .bind(version)
        .bind(hash)
        .bind(now.as_millisecond())
        .execute(&mut **tx)
        .await
        .doing("keeping the version of a plan")?;

    let known = known_tasks(tx, scope).await?;
    let standing = known.iter().filter(|(_, before)| !before.removed);
    let remedies = standing.map(|(task, before)| (task.clone(), before.remedy.clone())).collect();
    let renamed = renumber::renamed(&remedies, plan, version);
    // Tasks of before that are gone and bear a name that is taken now would stand in the way.
    let is_free = |name: &String| known.get(name).is_none_or(|before| !before.removed);
    let known = if renamed.is_empty() || !renamed.iter().all(|(_, new)| is_free(new)) {
        known
    } else {
        renumber::rename(tx, scope, &renamed).await?;
        known_tasks(tx, scope).await?
    };
    let mut seen = HashSet::new();
    let mut rows = Vec::new();
    let mut timed = Vec::new();
    for (place, task) in (0..).zip(&plan.tasks) {
        seen.insert(task.id.as_str());
        let before = known.get(task.id.as_str());
        let change = difference(before, task);
        let Some(kind) = change else {
            if let Some(before) = before.filter(|before| before.place != Some(place)) {
                rows.push(TaskRow { task, revision: before.revision, place });
            }
            continue;
        };
        if kind != ChangeKind::Reworded {
            timed.push(task.id.clone());
        }
        let revision = before.map_or(0, |before| before.revision + i64::from(kind == ChangeKind::Moved));
        rows.push(TaskRow { task, revision, place });
        if !is_first {
            put_change(tx, scope, version, &task.id, now, kind, before.and_then(|before| before.period), task.period())
                .await?;
        }
    }
    for some in rows.chunks(ROWS) {
        put_tasks(tx, scope, some).await?;
    }
    for (task, before) in known.iter().filter(|(task, before)| !before.removed && !seen.contains(task.as_str())) {
        let task = TaskId::new(task);
        remove_task(tx, scope, &task).await?;
        put_change(tx, scope, version, &task, now, ChangeKind::Removed, before.period, None).await?;
    }
    Ok(Some(timed))
}

fn difference(before: Option<&Known>, task: &Task) -> Option<ChangeKind> {
    match before {
        None => Some(ChangeKind::Added),
        Some(before) if before.removed => Some(ChangeKind::Added),
        Some(before) if before.period != task.period() => Some(ChangeKind::Moved),
        Some(before) if before.wording != wording(task) => Some(ChangeKind::Reworded),
        Some(_) => None,
    }
}

/// A short stand-in for all that a task says but its time.
fn wording(task: &Task) -> String {
    let mut digest = Sha256::new();
    let texts = [&task.criterion, &task.current_state, &task.responsible, &task.budget, &task.support];
    for text in texts.into_iter().map(|text| text.as_deref().unwrap_or_default()).chain([task.remedy.as_str()]) {
        digest.update(text.as_bytes());
        digest.update([0]);
    }
    for name in task.lead.iter().map(String::as_str).chain(["\u{1}"]).chain(task.with.iter().map(String::as_str)) {
        digest.update(name.as_bytes());
        digest.update([0]);
    }
    hex(&digest.finalize()[..8])
}

/// Tasks that were new or moved at an earlier look, which decided nothing of them.
pub(crate) async fn undecided(tx: &mut Tx, scope: &Scope) -> Result<Vec<TaskId>> {
    let rows =
        sqlx::query("SELECT task FROM plan_task WHERE organisation = $1 AND plan = $2 AND decided = 0 AND removed = 0")
            .bind(scope.organisation.as_str())
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
        let query = sqlx::query(TASKS.text(some.len())).bind(scope.organisation.as_str()).bind(scope.plan.as_str());
        let query = some.iter().fold(query, |query, task| query.bind(task.as_str()));
        query.execute(&mut **tx).await.doing("noting that tasks are not decided")?;
    }
    Ok(())
}

/// Notes that a look has decided what every task makes up to now.
pub(crate) async fn mark_decided(tx: &mut Tx, scope: &Scope) -> Result<()> {
    sqlx::query("UPDATE plan_task SET decided = 1 WHERE organisation = $1 AND plan = $2 AND decided = 0")
        .bind(scope.organisation.as_str())
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
        let rows = sqlx::query(
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
        let rows =
            sqlx::query("SELECT task, revision FROM plan_task WHERE organisation = $1 AND plan = $2 AND revision > 0")
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
        let rows = sqlx::query(
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
                let word = text(row, "change")?;
                let kind = ChangeKind::ALL.into_iter().find(|kind| kind.as_str() == word);
                Ok(Change {
                    at: instant(row, "at")?,
                    task: TaskId::new(renumber::as_written(&text(row, "task")?)),
                    kind: kind.ok_or_else(|| super::damaged("plan_change", "a kind of change", word))?,
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

async fn newest_version(tx: &mut Tx, scope: &Scope) -> Result<Option<(i64, String)>> {
    let row = sqlx::query(
        "SELECT version, hash FROM plan_version WHERE organisation = $1 AND plan = $2 ORDER BY version DESC LIMIT 1",
    )
    .bind(scope.organisation.as_str())
    .bind(scope.plan.as_str())
    .fetch_optional(&mut **tx)
    .await
    .doing("reading the version of a plan")?;
    row.map(|row| Ok((number(&row, "version")?, text(&row, "hash")?))).transpose()
}

async fn known_tasks(tx: &mut Tx, scope: &Scope) -> Result<HashMap<String, Known>> {
    let rows = sqlx::query(
        "SELECT task, revision, start_on, due_on, wording, remedy, place, removed FROM plan_task \
         WHERE organisation = $1 AND plan = $2",
    )
    .bind(scope.organisation.as_str())
    .bind(scope.plan.as_str())
    .fetch_all(&mut **tx)
    .await
    .doing("reading the tasks of a plan")?;
    rows.iter()
        .map(|row| {
            let known = Known {
                revision: number(row, "revision")?,
                period: period(row, "start_on", "due_on")?,
                wording: text(row, "wording")?,
                remedy: optional_text(row, "remedy")?,
                place: optional_number(row, "place")?,
                removed: number(row, "removed")? != 0,
            };
            Ok((text(row, "task")?, known))
        })
        .collect()
}

/// A task that is new or differs from what the store has.
struct TaskRow<'a> {
    task: &'a Task,
    revision: i64,
    /// Its place in the plan.
    place: i64,
}

async fn put_tasks(tx: &mut Tx, scope: &Scope, rows: &[TaskRow<'_>]) -> Result<()> {
    static TASKS: ForRows = ForRows::new(
        "INSERT INTO plan_task (organisation, plan, task, revision, start_on, due_on, wording, removed, decided, remedy, \
         said, place) \
         SELECT $1, $2, v.column1, v.column2, v.column3, v.column4, v.column5, 0, 1, v.column6, v.column7, v.column8 FROM (VALUES ",
        ") AS v WHERE 1 = 1 ON CONFLICT (organisation, plan, task) DO UPDATE SET revision = excluded.revision, \
         start_on = excluded.start_on, due_on = excluded.due_on, wording = excluded.wording, removed = 0, \
         remedy = excluded.remedy, said = excluded.said, place = excluded.place",
        3,
        8,
    );
    let mut query = sqlx::query(TASKS.text(rows.len())).bind(scope.organisation.as_str()).bind(scope.plan.as_str());
    for TaskRow { task, revision, place } in rows {
        let period = task.period();
        query = query
            .bind(task.id.as_str())
            .bind(*revision)
            .bind(period.and_then(|period| period.start).map(|start| start.to_string()))
            .bind(period.map(|period| period.due.to_string()))
            .bind(wording(task))
            .bind(renumber::fingerprint(task))
            .bind(said(task))
            .bind(*place);
    }
    query.execute(&mut **tx).await.doing("keeping the tasks of a plan")?;
    Ok(())
}

async fn remove_task(tx: &mut Tx, scope: &Scope, task: &TaskId) -> Result<()> {
    sqlx::query("UPDATE plan_task SET removed = 1 WHERE organisation = $1 AND plan = $2 AND task = $3")
        .bind(scope.organisation.as_str())
        .bind(scope.plan.as_str())
        .bind(task.as_str())
        .execute(&mut **tx)
        .await
        .doing("noting that a task is gone")?;
    Ok(())
}

#[allow(clippy::too_many_arguments)] // One row of a table that has as many columns.
async fn put_change(
    tx: &mut Tx,
    scope: &Scope,
    version: i64,
    task: &TaskId,
    now: Timestamp,
    kind: ChangeKind,
    old: Option<Period>,
    new: Option<Period>,
) -> Result<()> {
    let start = |period: Option<Period>| period.and_then(|period| period.start).map(|date| date.to_string());
    let due = |period: Option<Period>| period.map(|period| period.due.to_string());
    sqlx::query(
        "INSERT INTO plan_change \
         (organisation, plan, version, task, at, change, old_start, old_due, new_start, new_due) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(scope.organisation.as_str())
    .bind(scope.plan.as_str())
    .bind(version)
    .bind(task.as_str())
    .bind(now.as_millisecond())
    .bind(kind.as_str())
    .bind(start(old))
    .bind(due(old))
    .bind(start(new))
    .bind(due(new))
    .execute(&mut **tx)
    .await
    .doing("keeping a change of the plan")?;
    Ok(())
}
