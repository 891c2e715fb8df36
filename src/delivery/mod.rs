//! From the outbox to a channel and back.

pub(crate) mod engine;
mod letter;
pub(crate) mod pace;
mod retry;
mod scribe;

pub use engine::{Delivered, DeliveryObserver};
pub use letter::{ReviewError, review};

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
