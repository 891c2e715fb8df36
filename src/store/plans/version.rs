//! Another version of a plan: compared with the one that the store has, and what is different written down.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::hex;
use crate::plan::identity::fingerprint;
use crate::plan::{Period, Plan, Task, TaskId};
use crate::store::{
    Doing, ForRows, ROWS, Result, Scope, StoreStep, Tx, number, optional_number, optional_text, query, task_names, text,
};

use super::{ChangeKind, SaidOfTask, newest_version, period, said};

/// A task as the store has it.
struct StoredTask {
    revision: i64,
    period: Option<Period>,
    wording: String,
    /// Its place in the plan; `None` where that was not noted yet.
    place: Option<i64>,
    /// What it is called; `None` where that was not noted yet.
    name: Option<String>,
    /// What the plan says of it beside its time, as JSON.
    said: Option<String>,
    removed: bool,
}

/// What a version of a plan changes of the one before it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct VersionChanges {
    /// The tasks that have another time.
    pub(crate) moved: Vec<TaskId>,
    /// The tasks that are gone.
    pub(crate) removed: Vec<TaskId>,
}

/// Compares the plan with the newest version in the store and writes down what is different; `None` where nothing is.
pub(crate) async fn remember(
    tx: &mut Tx,
    scope: &Scope,
    plan: &Plan,
    hash: &str,
    now: Timestamp,
) -> Result<Option<VersionChanges>> {
    let newest = newest_version(&mut **tx, scope).await?;
    if newest.as_ref().is_some_and(|(_, known)| known == hash) {
        return Ok(None);
    }
    let version = newest.as_ref().map_or(1, |(version, _)| version + 1);
    put_version(tx, scope, version, hash, now).await?;
    let known = known_tasks(tx, scope).await?;
    let Differences { rows, changes } = Differences::of(&known, plan);
    for some in rows.chunks(ROWS) {
        put_tasks(tx, scope, some).await?;
    }
    let renamed = rows.iter().filter(|row| row.is_renamed);
    let names: Vec<(&str, &str)> = renamed.map(|row| (row.task.id.as_str(), row.task.name.as_str())).collect();
    task_names::put(tx, scope, &names, now).await?;
    for change in &changes {
        if change.kind == ChangeKind::Removed {
            remove_task(tx, scope, change.task).await?;
        }
        // The first version is all new, and no change of anything.
        if newest.is_some() {
            put_change(tx, scope, version, change, now).await?;
        }
    }
    let of_kind = |kind: ChangeKind| {
        changes.iter().filter(|change| change.kind == kind).map(|change| TaskId::new(change.task)).collect()
    };
    Ok(Some(VersionChanges { moved: of_kind(ChangeKind::Moved), removed: of_kind(ChangeKind::Removed) }))
}

async fn put_version(tx: &mut Tx, scope: &Scope, version: i64, hash: &str, now: Timestamp) -> Result<()> {
    query("INSERT INTO plan_version (organisation, plan, version, hash, seen_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(tx.organisation())
        .bind(scope.plan.as_str())
        .bind(version)
        .bind(hash)
        .bind(now.as_millisecond())
        .execute(&mut **tx)
        .await
        .doing(StoreStep::KeepVersion)?;
    Ok(())
}

/// What a version of a plan has otherwise than the store.
struct Differences<'a> {
    /// Tasks of which something is to be noted, if only their place.
    rows: Vec<TaskRow<'a>>,
    /// What is told of as a change.
    changes: Vec<VersionChange<'a>>,
}

/// A change of a task in a version of the plan.
struct VersionChange<'a> {
    task: &'a str,
    kind: ChangeKind,
    old: Option<Period>,
    new: Option<Period>,
    /// What the plan said of the task before, as JSON.
    said_before: Option<&'a str>,
}

impl<'a> Differences<'a> {
    fn of(known: &'a HashMap<String, StoredTask>, plan: &'a Plan) -> Self {
        let mut seen = HashSet::new();
        let (mut rows, mut changes) = (Vec::new(), Vec::new());
        for (place, task) in (0..).zip(&plan.tasks) {
            seen.insert(task.id.as_str());
            let before = known.get(task.id.as_str());
            let is_renamed = before.is_none_or(|before| before.name.as_deref() != Some(task.name.as_str()));
            let Some(kind) = difference(before, task) else {
                let is_noted = |before: &&StoredTask| before.place == Some(place) && !is_renamed;
                if let Some(before) = before.filter(|before| !is_noted(before)) {
                    rows.push(TaskRow { task, revision: before.revision, place, is_renamed });
                }
                continue;
            };
            let revision = before.map_or(0, |before| before.revision + i64::from(kind == ChangeKind::Moved));
            rows.push(TaskRow { task, revision, place, is_renamed });
            let old = before.and_then(|before| before.period);
            let said_before = before.filter(|_| kind != ChangeKind::Added).and_then(|before| before.said.as_deref());
            changes.push(VersionChange { task: task.id.as_str(), kind, old, new: task.period(), said_before });
        }
        let gone = known.iter().filter(|(task, before)| !before.removed && !seen.contains(task.as_str()));
        changes.extend(gone.map(|(task, before)| {
            let kind = ChangeKind::Removed;
            VersionChange { task, kind, old: before.period, new: None, said_before: before.said.as_deref() }
        }));
        Self { rows, changes }
    }
}

fn difference(before: Option<&StoredTask>, task: &Task) -> Option<ChangeKind> {
    match before {
        None => Some(ChangeKind::Added),
        Some(before) if before.removed => Some(ChangeKind::Added),
        Some(before) if before.period != task.period() => Some(ChangeKind::Moved),
        Some(before) if is_renumbered(before, task) => Some(ChangeKind::Renumbered),
        Some(before) if before.wording == wording(task) => None,
        Some(before) if before.says_the_same(task) => Some(ChangeKind::Renumbered),
        Some(_) => Some(ChangeKind::Reworded),
    }
}

/// Whether a task has another name, and says the same of what is to be done and by whom.
fn is_renumbered(before: &StoredTask, task: &Task) -> bool {
    let is_called_otherwise = before.name.as_deref().is_some_and(|name| name != task.name);
    let said = before.said.as_deref().and_then(|said| serde_json::from_str::<SaidOfTask<'_>>(said).ok());
    is_called_otherwise && said.is_some_and(|said| said.work() == SaidOfTask::of(task).work())
}

impl StoredTask {
    /// Whether a task says the same but for its number, criterion and time.
    fn says_the_same(&self, task: &Task) -> bool {
        let said = self.said.as_deref().and_then(|said| serde_json::from_str::<SaidOfTask<'_>>(said).ok());
        said.is_some_and(|said| said.is_same_work(&SaidOfTask::of(task)))
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

async fn known_tasks(tx: &mut Tx, scope: &Scope) -> Result<HashMap<String, StoredTask>> {
    let rows = query(
        "SELECT task, name, revision, start_on, due_on, wording, said, place, removed FROM plan_task \
         WHERE organisation = $1 AND plan = $2",
    )
    .bind(tx.organisation())
    .bind(scope.plan.as_str())
    .fetch_all(&mut **tx)
    .await
    .doing(StoreStep::ReadTasks)?;
    rows.iter()
        .map(|row| {
            let known = StoredTask {
                revision: number(row, "revision")?,
                period: period(row, "start_on", "due_on")?,
                wording: text(row, "wording")?,
                name: optional_text(row, "name")?,
                said: optional_text(row, "said")?,
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
    /// Whether it was not called so before.
    is_renamed: bool,
}

async fn put_tasks(tx: &mut Tx, scope: &Scope, rows: &[TaskRow<'_>]) -> Result<()> {
    static TASKS: ForRows = ForRows::new(
        "INSERT INTO plan_task (organisation, plan, task, revision, start_on, due_on, wording, removed, decided, remedy, \
         said, place, name) SELECT $1, $2, v.column1, v.column2, v.column3, v.column4, v.column5, 0, 1, v.column6, \
         v.column7, v.column8, v.column9 FROM (VALUES ",
        ") AS v WHERE 1 = 1 ON CONFLICT (organisation, plan, task) DO UPDATE SET revision = excluded.revision, \
         start_on = excluded.start_on, due_on = excluded.due_on, wording = excluded.wording, removed = 0, \
         remedy = excluded.remedy, said = excluded.said, place = excluded.place, name = excluded.name",
        3,
        9,
    );
    let mut statement = query(TASKS.text(rows.len())).bind(tx.organisation()).bind(scope.plan.as_str());
    for TaskRow { task, revision, place, is_renamed: _ } in rows {
        let period = task.period();
        statement = statement
            .bind(task.id.as_str())
            .bind(*revision)
            .bind(period.and_then(|period| period.start).map(|start| start.to_string()))
            .bind(period.map(|period| period.due.to_string()))
            .bind(wording(task))
            .bind(fingerprint(task))
            .bind(said(task))
            .bind(*place)
            .bind(task.name.as_str());
    }
    statement.execute(&mut **tx).await.doing(StoreStep::KeepTasks)?;
    Ok(())
}

async fn remove_task(tx: &mut Tx, scope: &Scope, task: &str) -> Result<()> {
    query("UPDATE plan_task SET removed = 1 WHERE organisation = $1 AND plan = $2 AND task = $3")
        .bind(tx.organisation())
        .bind(scope.plan.as_str())
        .bind(task)
        .execute(&mut **tx)
        .await
        .doing(StoreStep::NoteTaskGone)?;
    Ok(())
}

async fn put_change(
    tx: &mut Tx,
    scope: &Scope,
    version: i64,
    change: &VersionChange<'_>,
    now: Timestamp,
) -> Result<()> {
    let VersionChange { task, kind, old, new, said_before } = *change;
    let start = |period: Option<Period>| period.and_then(|period| period.start).map(|date| date.to_string());
    let due = |period: Option<Period>| period.map(|period| period.due.to_string());
    query(
        "INSERT INTO plan_change \
         (organisation, plan, version, task, at, change, old_start, old_due, new_start, new_due, said_before) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(tx.organisation())
    .bind(scope.plan.as_str())
    .bind(version)
    .bind(task)
    .bind(now.as_millisecond())
    .bind(kind.as_str())
    .bind(start(old))
    .bind(due(old))
    .bind(start(new))
    .bind(due(new))
    .bind(said_before)
    .execute(&mut **tx)
    .await
    .doing(StoreStep::KeepPlanChange)?;
    Ok(())
}
