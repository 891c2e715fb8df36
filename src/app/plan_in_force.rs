//! The plan that is in force: what the school wrote, each task with its identity, with the due dates that were agreed since.
//!
//! A plan comes into force at one moment, by [`bring_into_force`], which the service, the mailbox and every command that writes
//! go through first: so all of them mean the same task by the same number.

use jiff::Timestamp;

use crate::plan::TaskId;
use crate::plan::identity::KnownTask;
use crate::progress::TimeRequest;
use crate::schedule::Agenda;
use crate::school::School;
use crate::store::{Store, StoreError, Tx, plans, progress, time_requests};

use super::decide_due::withdraw_fallen;

/// The school with the plan as it is in force, or would be if it came into force now. Writes nothing.
///
/// # Errors
/// When the store fails.
pub async fn in_force(store: &Store, school: School) -> Result<School, StoreError> {
    let scope = school.scope();
    let known = store.known_tasks(&scope).await?;
    let version = store.next_plan_version(&scope).await?;
    Ok(with_agreements(school, &known, version, &accepted(store.time_requests(&scope).await?)))
}

/// Brings a plan into force: compares it with the version of before, withdraws what no longer follows from it, takes up what
/// its document reports, and leaves what is new or moved to be decided. Does nothing where it is in force already.
///
/// # Errors
/// When the store fails; then nothing is written.
pub async fn bring_into_force(store: &Store, school: School, now: Timestamp) -> Result<School, StoreError> {
    let scope = school.scope();
    let mut tx = store.begin(&scope.organisation).await?;
    let known = plans::known(&mut *tx, &scope).await?;
    let version = plans::next_version(&mut *tx, &scope).await?;
    let agreed = accepted(time_requests::read(&mut *tx, &scope).await?);
    let school = with_agreements(school, &known, version, &agreed);
    if let Some(moved) = plans::remember(&mut tx, &scope, &school.plan, &school.plan_hash, now).await? {
        take_effect(&mut tx, &school, &moved, now).await?;
        tx.commit("bringing a plan into force").await?;
    }
    Ok(school)
}

/// What follows from another version of the plan; `moved` are the tasks that are new or have another time.
async fn take_effect(tx: &mut Tx, school: &School, moved: &[TaskId], now: Timestamp) -> Result<(), StoreError> {
    let scope = school.scope();
    withdraw_fallen(tx, &Agenda::new(school.clone()), now).await?;
    progress::take_up(tx, &scope, &school.plan, now).await?;
    plans::mark_undecided(tx, &scope, moved).await
}

fn with_agreements(mut school: School, known: &[KnownTask], version: i64, agreed: &[TimeRequest]) -> School {
    school.plan.identify(known, version);
    school.with_requests(agreed)
}

/// The requests for time that were accepted.
pub(crate) fn accepted(mut requests: Vec<TimeRequest>) -> Vec<TimeRequest> {
    requests.retain(|request| request.accepted().is_some());
    requests
}
