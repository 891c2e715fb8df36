//! A task keeps its history when its row moves or is renumbered: it is known by what is to be done, and everything that
//! the store has of it follows its name.

use std::collections::{HashMap, HashSet};

use sha2::{Digest, Sha256};

use crate::hex;
use crate::plan::{Plan, Task};
use crate::text;

use super::{Doing, Result, Scope, Tx, query};

/// The tables that name tasks, and the column that does.
const TABLES: &[(&str, &str)] = &[
    ("plan_task", "task"),
    ("plan_change", "task"),
    ("notice", "subject"),
    ("progress", "task"),
    ("evidence", "task"),
    ("time_request", "task"),
];

/// A short stand-in for what is to be done, the same in either composition and whatever the capitals.
pub(super) fn fingerprint(task: &Task) -> String {
    hex(&Sha256::digest(text::nfc(&task.remedy).to_lowercase())[..8])
}

/// What stands between the name of a task that is gone, whose name another one has taken, and the version that it was
/// last in.
const ASIDE: char = '~';

/// The name of a task as the plan wrote it.
pub(super) fn as_written(name: &str) -> &str {
    name.split_once(ASIDE).map_or(name, |(written, _)| written)
}

/// Which tasks of the store go by another name in the plan: pairs of the old name and the new.
///
/// A task of the same name and the same remedy is the same. One of another name is the same where its remedy is, and
/// no other has that remedy. What is gone and whose name another one takes is put aside under the name of its version.
pub(super) fn renamed(known: &HashMap<String, Option<String>>, plan: &Plan, version: i64) -> Vec<(String, String)> {
    let mut olds: HashMap<&str, Vec<&str>> = HashMap::new();
    for (task, remedy) in known {
        if let Some(remedy) = remedy {
            olds.entry(remedy).or_default().push(task);
        }
    }
    let fingerprints: Vec<(&str, String)> =
        plan.tasks.iter().map(|task| (task.id.as_str(), fingerprint(task))).collect();
    let mut news: HashMap<&str, usize> = HashMap::new();
    for (_, remedy) in &fingerprints {
        *news.entry(remedy).or_default() += 1;
    }
    let mut renamed = Vec::new();
    for (id, remedy) in &fingerprints {
        if let Some([old]) = olds.get(remedy.as_str()).map(Vec::as_slice)
            && news[remedy.as_str()] == 1
            && old != id
        {
            renamed.push(((*old).to_owned(), (*id).to_owned()));
        }
    }
    let moved: HashSet<&str> = renamed.iter().map(|(old, _)| old.as_str()).collect();
    let aside: Vec<(String, String)> = renamed
        .iter()
        .filter(|(_, new)| known.contains_key(new) && !moved.contains(new.as_str()))
        .map(|(_, new)| (new.clone(), format!("{new}{ASIDE}{version}")))
        .collect();
    renamed.extend(aside);
    renamed.sort();
    renamed
}

/// Gives everything that the store has of these tasks their new names; names may change places.
pub(super) async fn rename(tx: &mut Tx, scope: &Scope, renamed: &[(String, String)]) -> Result<()> {
    // No plan writes such a name, so that nothing is in the way half-way.
    let on_the_way = |new: &str| format!("\u{1}{new}");
    for (old, new) in renamed {
        rename_one(tx, scope, old, &on_the_way(new)).await?;
    }
    for (_, new) in renamed {
        rename_one(tx, scope, &on_the_way(new), new).await?;
    }
    Ok(())
}

async fn rename_one(tx: &mut Tx, scope: &Scope, old: &str, new: &str) -> Result<()> {
    for (table, column) in TABLES {
        let sql = format!("UPDATE {table} SET {column} = $4 WHERE organisation = $1 AND plan = $2 AND {column} = $3");
        query(sqlx::AssertSqlSafe(sql))
            .bind(tx.organisation())
            .bind(scope.plan.as_str())
            .bind(old)
            .bind(new)
            .execute(&mut **tx)
            .await
            .doing("giving a task its new name")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::plan::timeframe::Unresolved;
    use crate::plan::{TaskId, Timeframe};

    fn plan(rows: &[(&str, &str)]) -> Plan {
        let task = |(id, remedy): &(&str, &str)| {
            Task::bare(TaskId::new(id), (*remedy).to_owned(), Timeframe::Unresolved(Unresolved::Empty))
        };
        Plan {
            number: "1".to_owned(),
            framework: None,
            title: String::new(),
            issued: date(2023, 9, 5),
            standards: [].into(),
            tasks: rows.iter().map(task).collect(),
        }
    }

    #[test]
    fn a_task_is_known_by_what_is_to_be_done() {
        let before = plan(&[("1", "sơn tường"), ("2", "mua sách"), ("3", "sửa bàn")]);
        let known: HashMap<String, Option<String>> =
            before.tasks.iter().map(|task| (task.id.as_str().to_owned(), Some(fingerprint(task)))).collect();
        let names = |rows: &[(&str, &str)]| {
            let renamed = renamed(&known, &plan(rows), 7);
            renamed.into_iter().map(|(old, new)| format!("{old}>{new}")).collect::<Vec<_>>().join(" ")
        };
        let cases: &[(&[(&str, &str)], &str)] = &[
            (&[("1", "sơn tường"), ("2", "mua sách"), ("3", "sửa bàn")], ""),
            // A row is put in: those below move.
            (&[("1", "sơn tường"), ("2", "trồng cây"), ("3", "mua sách"), ("4", "sửa bàn")], "2>3 3>4"),
            // Two rows change places, and one is written in capitals.
            (&[("1", "MUA SÁCH"), ("2", "sơn tường"), ("3", "sửa bàn")], "1>2 2>1"),
            // Another wording under the same number is the same task.
            (&[("1", "sơn lại tường"), ("2", "mua sách"), ("3", "sửa bàn")], ""),
            // One is gone and another takes its number.
            (&[("1", "mua sách"), ("2", "sửa bàn")], "1>1~7 2>1 3>2"),
            // What stands there twice is not told apart.
            (&[("4", "mua sách"), ("5", "mua sách")], ""),
        ];
        for (rows, expected) in cases {
            assert_eq!(names(rows), *expected, "{rows:?}");
        }
    }
}
