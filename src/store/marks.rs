//! Marks: one value under a name, of a plan or of none.

use sqlx::{Any, Executor};

use super::{Doing, Result, StoreStep, Tx, query, text};

/// The plan of marks that belong to none.
pub(super) const NO_PLAN: &str = "";

/// A mark by its plan and its name.
#[derive(Clone, Copy, Debug)]
pub(super) struct MarkName<'m> {
    /// The plan's number, or [`NO_PLAN`].
    pub(super) plan: &'m str,
    /// Its name within the plan.
    pub(super) name: &'m str,
}

/// What is noted under a mark; `doing` says for an error what it is read for.
pub(super) async fn read<'e>(
    executor: impl Executor<'e, Database = Any>,
    organisation: &str,
    mark: MarkName<'_>,
    doing: StoreStep,
) -> Result<Option<String>> {
    let row = query("SELECT value FROM mark WHERE organisation = $1 AND plan = $2 AND name = $3")
        .bind(organisation)
        .bind(mark.plan)
        .bind(mark.name)
        .fetch_optional(executor)
        .await
        .doing(doing)?;
    row.map(|row| text(&row, "value")).transpose()
}

/// Notes a value in the place of the one before.
pub(super) async fn write(tx: &mut Tx, mark: MarkName<'_>, value: String, doing: StoreStep) -> Result<()> {
    query(
        "INSERT INTO mark (organisation, plan, name, value) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (organisation, plan, name) DO UPDATE SET value = excluded.value",
    )
    .bind(tx.organisation())
    .bind(mark.plan)
    .bind(mark.name)
    .bind(value)
    .execute(&mut **tx)
    .await
    .doing(doing)?;
    Ok(())
}
