//! From the outbox to a channel and back: claim → compose → send → record.
//!
//! - `engine`: moves messages from stage to stage.
//! - `claim`, `compose`, `send`, `record`: the stages.
//! - `in_flight`: the one table of messages in flight; it owns limits and counts.
//! - `facts`, `review_facts`: what messages are composed from.
//! - `verdict`, `retry`, `pace`: what becomes of a message after an attempt, and when.
//! - `channel_health`, `pause`, `put_aside`: how the channels are doing, and what a refusal is about.
//! - [`DeliveryObserver`]: what others are told.

mod channel_health;
mod claim;
mod compose;
mod engine;
mod facts;
mod in_flight;
mod observer;
mod pace;
mod pause;
mod plan_history;
mod put_aside;
mod record;
mod report;
mod retry;
mod review_facts;
mod send;
mod verdict;

pub(crate) use engine::Engine;
pub(crate) use facts::ComposeContext;
pub use observer::{Delivered, DeliveryObserver};
pub(crate) use report::{Counts, DeliveryReport};
pub use review_facts::{ReviewError, review};

use tokio::task::JoinError;

use crate::store::StoreError;

/// What stops a delivery. A message that cannot be delivered does not: it is dealt with.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryError {
    /// The store failed; the next pass tries again.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Whoever watches the deliveries cannot go on.
    #[error("the report of a delivery could not be written")]
    Observer(#[source] std::io::Error),
}

/// What a task of a stage brought; its panic goes on in whoever waits for it. Nothing else ends such a task before its
/// time.
fn finished_task<T>(ended: Result<T, JoinError>) -> Option<T> {
    match ended.map_err(JoinError::try_into_panic) {
        Ok(brought) => Some(brought),
        Err(Ok(panic)) => std::panic::resume_unwind(panic),
        Err(Err(_)) => None,
    }
}
