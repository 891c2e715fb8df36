//! A place among the connections of a channel.

use std::sync::{Arc, Weak};

/// What has places for connections.
pub(super) trait Places: Send + Sync {
    /// A place is free again.
    fn free(self: Arc<Self>);
}

/// A place for a connection; free again when this is dropped.
pub(super) struct Slot(Weak<dyn Places>);

impl Slot {
    /// A place of `places` that is taken.
    pub(super) fn of<P: Places + 'static>(places: &Arc<P>) -> Self {
        let places: Weak<P> = Arc::downgrade(places);
        Self(places)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        if let Some(places) = self.0.upgrade() {
            places.free();
        }
    }
}
