//! What the versions of a plan call their tasks, and since when.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::plan::TaskId;

use super::{Doing, ForRows, ROWS, Result, Scope, Store, StoreStep, Tx, instant, query, text};

/// What the tasks of a plan were called at an instant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskNames(HashMap<TaskId, String>);

impl TaskNames {
    /// What a task was called; one that was not there yet, by its first name.
    #[must_use]
    pub fn of<'n>(&'n self, task: &'n TaskId) -> &'n str {
        self.0.get(task).map_or_else(|| task.first_name(), String::as_str)
    }

    /// Every task with its name.
    pub fn iter(&self) -> impl Iterator<Item = (&TaskId, &str)> {
        self.0.iter().map(|(task, name)| (task, name.as_str()))
    }
}

/// Notes that these tasks are called by these names since `now`; each task stands among them once.
pub(super) async fn put(tx: &mut Tx, scope: &Scope, names: &[(&str, &str)], now: Timestamp) -> Result<()> {
    static NAMES: ForRows = ForRows::new(
        "INSERT INTO task_name (organisation, plan, since, task, name) \
         SELECT $1, $2, $3, v.column1, v.column2 FROM (VALUES ",
        ") AS v WHERE 1 = 1 ON CONFLICT (organisation, plan, task, since) DO UPDATE SET name = excluded.name",
        4,
        2,
    );
    for some in names.chunks(ROWS) {
        let statement = query(NAMES.text(some.len())).bind(tx.organisation()).bind(scope.plan.as_str());
        let statement = statement.bind(now.as_millisecond());
        let statement = some.iter().fold(statement, |statement, (task, name)| statement.bind(*task).bind(*name));
        statement.execute(&mut **tx).await.doing(StoreStep::KeepTaskNames)?;
    }
    Ok(())
}

impl Store {
    /// The task that is called by a name, or was called so last.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn task_called(&self, scope: &Scope, name: &str) -> Result<Option<TaskId>> {
        let doing = StoreStep::FindTask;
        let named = query(
            "SELECT task FROM task_name WHERE organisation = $1 AND plan = $2 AND name = $3 ORDER BY since DESC LIMIT 1",
        )
        .bind(scope.organisation.as_str())
        .bind(scope.plan.as_str())
        .bind(name)
        .fetch_optional(&self.database)
        .await
        .doing(doing)?;
        if let Some(row) = named {
            return Ok(Some(TaskId::new(&text(&row, "task")?)));
        }
        // Tasks that were gone before names were noted have them as keys.
        let known = query("SELECT task FROM plan_task WHERE organisation = $1 AND plan = $2 ORDER BY task DESC")
            .bind(scope.organisation.as_str())
            .bind(scope.plan.as_str())
            .fetch_all(&self.database)
            .await
            .doing(doing)?;
        for row in &known {
            let id = TaskId::new(&text(row, "task")?);
            if id.first_name() == name {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    /// What a task was called, each name with the time since when, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn names_of(&self, scope: &Scope, task: &TaskId) -> Result<Vec<(Timestamp, String)>> {
        let rows = query(
            "SELECT since, name FROM task_name WHERE organisation = $1 AND plan = $2 AND task = $3 ORDER BY since",
        )
        .bind(scope.organisation.as_str())
        .bind(scope.plan.as_str())
        .bind(task.as_str())
        .fetch_all(&self.database)
        .await
        .doing(StoreStep::ReadTaskName)?;
        rows.iter().map(|row| Ok((instant(row, "since")?, text(row, "name")?))).collect()
    }

    /// What each task that was ever in the plan was called at an instant; those that were not there yet, by their first name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn task_names(&self, scope: &Scope, at: Timestamp) -> Result<TaskNames> {
        let doing = StoreStep::ReadTaskNames;
        let known = query("SELECT task FROM plan_task WHERE organisation = $1 AND plan = $2")
            .bind(scope.organisation.as_str())
            .bind(scope.plan.as_str())
            .fetch_all(&self.database)
            .await
            .doing(doing)?;
        let mut names = HashMap::with_capacity(known.len());
        for row in &known {
            let id = TaskId::new(&text(row, "task")?);
            let name = id.first_name().to_owned();
            names.insert(id, name);
        }
        let noted = query(
            "SELECT task, name FROM task_name WHERE organisation = $1 AND plan = $2 AND since <= $3 ORDER BY task, since",
        )
        .bind(scope.organisation.as_str())
        .bind(scope.plan.as_str())
        .bind(at.as_millisecond())
        .fetch_all(&self.database)
        .await
        .doing(doing)?;
        for row in &noted {
            names.insert(TaskId::new(&text(row, "task")?), text(row, "name")?);
        }
        Ok(TaskNames(names))
    }
}
