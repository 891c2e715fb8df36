//! Proposals of another due date, and what came of each.

use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::plan::TaskId;
use crate::progress::{How, RequestDecision, RequestState, TimeRequest};

use super::{
    Doing, ExpectedValue, Result, Scope, Store, StoreStep, Tx, damaged, date, instant, number, optional_date,
    optional_instant, optional_text, query, text, word,
};
use crate::closed_set::closed_set;

/// A request on its way into the store.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewRequest<'a> {
    /// The task.
    pub(crate) task: &'a TaskId,
    /// When it is asked.
    pub(crate) at: Timestamp,
    /// Who asks.
    pub(crate) by: Option<&'a str>,
    /// By which way.
    pub(crate) how: How,
    /// The due date now.
    pub(crate) old: Option<Date>,
    /// The due date that is asked for.
    pub(crate) due: Date,
    /// Why.
    pub(crate) why: &'a str,
    /// What comes of it: nothing yet, or a decision at once.
    pub(crate) outcome: &'a RequestState,
}

impl Store {
    /// Every request for time of a plan, by task, in the order in which they were asked.
    ///
    /// # Errors
    /// When the database fails or holds what the program never writes.
    pub async fn time_requests(&self, scope: &Scope) -> Result<Vec<TimeRequest>> {
        read(&self.database, scope).await
    }
}

/// Every request for time of a plan, through a transaction or the pool.
pub(crate) async fn read<'e>(
    executor: impl sqlx::Executor<'e, Database = sqlx::Any>,
    scope: &Scope,
) -> Result<Vec<TimeRequest>> {
    let rows = query(
        "SELECT task, number, at, reporter, how, old_due, due, why, outcome, ended_at, ended_by, ended_note \
         FROM time_request WHERE organisation = $1 AND plan = $2 ORDER BY task, number",
    )
    .bind(scope.organisation.as_str())
    .bind(scope.plan.as_str())
    .fetch_all(executor)
    .await
    .doing(StoreStep::ReadRequests)?;
    rows.iter().map(request).collect()
}

/// Writes down a request, which takes the place of one that waits for the same task. Returns its number.
pub(crate) async fn put(tx: &mut Tx, scope: &Scope, new: &NewRequest<'_>) -> Result<u32> {
    query(
        "UPDATE time_request SET outcome = 'replaced', ended_at = $4 \
         WHERE organisation = $1 AND plan = $2 AND task = $3 AND outcome = 'open'",
    )
    .bind(tx.organisation())
    .bind(scope.plan.as_str())
    .bind(new.task.as_str())
    .bind(new.at.as_millisecond())
    .execute(&mut **tx)
    .await
    .doing(StoreStep::ReplaceRequest)?;
    insert(tx, scope, new).await
}

/// Ends a request that waits for a task that is done, cancelled or gone: there is nothing left to decide (rules of time, 9).
pub(crate) async fn end(tx: &mut Tx, scope: &Scope, task: &TaskId, at: Timestamp) -> Result<()> {
    query(
        "UPDATE time_request SET outcome = $5, ended_at = $4 \
         WHERE organisation = $1 AND plan = $2 AND task = $3 AND outcome = 'open'",
    )
    .bind(tx.organisation())
    .bind(scope.plan.as_str())
    .bind(task.as_str())
    .bind(at.as_millisecond())
    .bind(RequestOutcome::Ended.as_str())
    .execute(&mut **tx)
    .await
    .doing(StoreStep::EndRequest)?;
    Ok(())
}

/// Decides a request that waits. Returns whether it did: `false` where it was decided before.
pub(crate) async fn decide(
    tx: &mut Tx,
    scope: &Scope,
    task: &TaskId,
    number: u32,
    state: &RequestState,
) -> Result<bool> {
    let Some(Ended { outcome, at: Some(at), by, note }) = Ended::of(state) else { return Ok(false) };
    let decided = query(
        "UPDATE time_request SET outcome = $5, ended_at = $6, ended_by = $7, ended_note = $8 \
         WHERE organisation = $1 AND plan = $2 AND task = $3 AND number = $4 AND outcome = 'open'",
    )
    .bind(tx.organisation())
    .bind(scope.plan.as_str())
    .bind(task.as_str())
    .bind(i64::from(number))
    .bind(outcome.as_str())
    .bind(at.as_millisecond())
    .bind(by)
    .bind(note)
    .execute(&mut **tx)
    .await
    .doing(StoreStep::DecideRequest)?;
    Ok(decided.rows_affected() > 0)
}

closed_set! {
    /// Whether a request is decided, and how.
    pub enum RequestOutcome {
        /// Nobody has decided yet.
        Open = "open",
        /// The due date is moved.
        Accepted = "accepted",
        /// It stays where it is.
        Refused = "refused",
        /// A later request took its place.
        Replaced = "replaced",
        /// The task was done, cancelled or gone before anybody decided.
        Ended = "ended",
    }
}

/// What the columns of a decision hold.
struct Ended<'a> {
    outcome: RequestOutcome,
    at: Option<Timestamp>,
    by: Option<&'a str>,
    note: Option<&'a str>,
}

impl<'a> Ended<'a> {
    /// `None` for what the store alone decides.
    fn of(answer: &'a RequestState) -> Option<Self> {
        let (outcome, decision) = match answer {
            RequestState::Open => (RequestOutcome::Open, None),
            RequestState::Accepted(decision) => (RequestOutcome::Accepted, Some(decision)),
            RequestState::Refused(decision) => (RequestOutcome::Refused, Some(decision)),
            RequestState::Replaced | RequestState::Ended(_) => return None,
        };
        Some(Self {
            outcome,
            at: decision.map(|decision| decision.at),
            by: decision.and_then(|decision| decision.by.as_deref()),
            note: decision.and_then(|decision| decision.note.as_deref()),
        })
    }
}

async fn insert(tx: &mut Tx, scope: &Scope, new: &NewRequest<'_>) -> Result<u32> {
    let ended = Ended::of(new.outcome);
    let row = query(
        "INSERT INTO time_request (organisation, plan, task, number, at, reporter, how, old_due, due, why, outcome, \
         ended_at, ended_by, ended_note) SELECT $1, $2, $3, COALESCE(MAX(number), 0) + 1, $4, $5, $6, $7, $8, $9, $10, \
         $11, $12, $13 FROM time_request WHERE organisation = $1 AND plan = $2 AND task = $3 RETURNING number",
    )
    .bind(tx.organisation())
    .bind(scope.plan.as_str())
    .bind(new.task.as_str())
    .bind(new.at.as_millisecond())
    .bind(new.by)
    .bind(new.how.as_str())
    .bind(new.old.map(|date| date.to_string()))
    .bind(new.due.to_string())
    .bind(new.why)
    .bind(ended.as_ref().map_or(RequestOutcome::Open, |ended| ended.outcome).as_str())
    .bind(ended.as_ref().and_then(|ended| ended.at).map(Timestamp::as_millisecond))
    .bind(ended.as_ref().and_then(|ended| ended.by))
    .bind(ended.as_ref().and_then(|ended| ended.note))
    .fetch_one(&mut **tx)
    .await
    .doing(StoreStep::KeepRequest)?;
    let number: i64 = row.try_get("number").doing(StoreStep::KeepRequest)?;
    u32::try_from(number).map_err(|_| damaged("time_request", ExpectedValue::Number, number.to_string()))
}

fn request(row: &AnyRow) -> Result<TimeRequest> {
    let decision = || -> Result<RequestDecision> {
        let at = optional_instant(row, "ended_at")?.unwrap_or_default();
        Ok(RequestDecision { at, by: optional_text(row, "ended_by")?, note: optional_text(row, "ended_note")? })
    };
    let outcome = match word(row, "outcome")? {
        RequestOutcome::Open => RequestState::Open,
        RequestOutcome::Accepted => RequestState::Accepted(decision()?),
        RequestOutcome::Refused => RequestState::Refused(decision()?),
        RequestOutcome::Replaced => RequestState::Replaced,
        RequestOutcome::Ended => RequestState::Ended(optional_instant(row, "ended_at")?.unwrap_or_default()),
    };
    let place = number(row, "number")?;
    Ok(TimeRequest {
        task: TaskId::new(&text(row, "task")?),
        number: u32::try_from(place).map_err(|_| damaged("time_request", ExpectedValue::Number, place.to_string()))?,
        at: instant(row, "at")?,
        by: optional_text(row, "reporter")?,
        how: word(row, "how")?,
        old: optional_date(row, "old_due")?,
        due: date(row, "due")?,
        why: text(row, "why")?,
        outcome,
    })
}
