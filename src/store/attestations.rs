//! What was told of recurring work, period by period.

use sqlx::Any;

use crate::plan::TaskId;
use crate::progress::{Attestation, Progress};

use super::{Doing, ExpectedValue, Result, Scope, StoreStep, Tx, instant, optional_text, parsed, query, text, word};

/// Adds what was told of recurring work to `progress`, through a transaction or the pool.
pub(crate) async fn read_into<'e>(
    progress: &mut Progress,
    executor: impl sqlx::Executor<'e, Database = Any>,
    scope: &Scope,
) -> Result<()> {
    let rows = query(
        "SELECT task, period, lead, at, reporter, how FROM attestation WHERE organisation = $1 AND plan = $2 \
         ORDER BY task, at, period, lead",
    )
    .bind(scope.organisation.as_str())
    .bind(scope.plan.as_str())
    .fetch_all(executor)
    .await
    .doing(StoreStep::ReadAttestations)?;
    for row in &rows {
        let attestation = Attestation {
            period: parsed("attestation", ExpectedValue::Period, text(row, "period")?)?,
            lead: Some(text(row, "lead")?).filter(|lead| !lead.is_empty()),
            at: instant(row, "at")?,
            by: optional_text(row, "reporter")?,
            how: word(row, "how")?,
        };
        progress.attest(TaskId::new(&text(row, "task")?), attestation);
    }
    Ok(())
}

/// Writes down what was told of recurring work; what was told before stays as it was.
pub(crate) async fn put(tx: &mut Tx, scope: &Scope, task: &TaskId, told: &Attestation) -> Result<()> {
    query(
        "INSERT INTO attestation (organisation, plan, task, period, lead, at, reporter, how) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (organisation, plan, task, period, lead) DO NOTHING",
    )
    .bind(tx.organisation())
    .bind(scope.plan.as_str())
    .bind(task.as_str())
    .bind(told.period.to_string())
    .bind(told.lead.as_deref().unwrap_or_default())
    .bind(told.at.as_millisecond())
    .bind(told.by.as_deref())
    .bind(told.how.as_str())
    .execute(&mut **tx)
    .await
    .doing(StoreStep::KeepAttestation)?;
    Ok(())
}
