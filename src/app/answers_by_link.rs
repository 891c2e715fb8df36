//! How much may be told by links in a day: whoever has one, or has found one, can fill neither the day's quota of a channel nor
//! the disk.

use jiff::Timestamp;
use jiff::civil::Time;

use crate::calendar::instant;
use crate::plan::TaskId;
use crate::school::School;
use crate::store::{Store, StoreError};

/// How many reports and requests a day are taken by the link of one person to one task.
pub const MAX_PER_LINK: usize = 20;
/// How many are taken by all links of one person.
pub const MAX_PER_PERSON: usize = 100;

/// Whether another report or request of a person on a task is taken by link today.
///
/// # Errors
/// When the store fails.
pub async fn may_answer(
    store: &Store,
    school: &School,
    (person, task): (&str, &TaskId),
    now: Timestamp,
) -> Result<bool, StoreError> {
    let settings = &school.settings;
    let midnight = instant(&settings.time_zone, settings.date_of(now), Time::midnight());
    let answered = store.answered_by_link(&school.scope(), person, midnight).await?;
    let of_task = answered.iter().filter(|answered| *answered == task).count();
    Ok(of_task < MAX_PER_LINK && answered.len() < MAX_PER_PERSON)
}
