//! From the outbox to a channel and back: claim → compose → send → record.
//!
//! - `engine`: moves messages from stage to stage.
//! - `claim`, `compose`, `send`, `record`: the stages.
//! - `in_flight`: the one table of messages in flight; it owns limits and counts.
//! - `facts`, `review_facts`: what messages are composed from.
//! - `verdict`, `retry`, `pause`, `pace`: what becomes of a message and its channel after an attempt.
//! - [`DeliveryObserver`]: what others are told.

mod claim;
mod compose;
mod engine;
mod facts;
mod in_flight;
mod observer;
mod pace;
mod pause;
mod record;
mod retry;
mod review_facts;
mod send;
mod verdict;

pub(crate) use engine::{Engine, Report};
pub(crate) use facts::ComposeContext;
pub use observer::{Delivered, DeliveryObserver};
pub use review_facts::{ReviewError, review};

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
