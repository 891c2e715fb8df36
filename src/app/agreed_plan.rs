//! The plan that is in force: what the school wrote, with the due dates that were agreed since.

use std::collections::HashMap;

use crate::plan::TaskId;
use crate::progress::TimeRequest;
use crate::school::School;
use crate::store::{Store, StoreError, plans};

/// The school with the due dates that were agreed since its plan was written: the plan that is in force.
///
/// # Errors
/// When the store fails.
pub async fn in_force(store: &Store, school: School) -> Result<School, StoreError> {
    let agreed = agreements(store, &school).await?;
    Ok(school.with_requests(&agreed))
}

/// The requests for time that were accepted, by the names that the school's plan has for their tasks.
pub(crate) async fn agreements(store: &Store, school: &School) -> Result<Vec<TimeRequest>, StoreError> {
    let scope = school.scope();
    let mut agreed = store.time_requests(&scope).await?;
    agreed.retain(|request| request.accepted().is_some());
    if agreed.is_empty() {
        return Ok(agreed);
    }
    // The store gives a task its new name at the next look; the plan in force is made before.
    let Some(seen) = store.newest_plan(&scope).await? else { return Ok(agreed) };
    let renamed: HashMap<TaskId, TaskId> =
        plans::renamed(&plans::plan_of(&seen, school), &school.plan).into_iter().collect();
    for request in &mut agreed {
        if let Some(new) = renamed.get(&request.task) {
            request.task = new.clone();
        }
    }
    Ok(agreed)
}
