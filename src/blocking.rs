//! Work that blocks: files, documents, mails of any size.

use std::cell::Cell;

use tokio::task::JoinError;

thread_local! {
    static IN_PLACE: Cell<bool> = const { Cell::new(false) };
}

/// Has the blocking work of this thread's runtime done in place from now on, as a simulation needs it: virtual time would run on
/// while another thread is at work, so that two runs of one seed differ.
pub fn work_in_place() {
    IN_PLACE.set(true);
}

/// Does work on a thread of its own, where it holds up nobody and can end nothing else.
///
/// # Errors
/// When the work panics, or the runtime ends before it has begun.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, JoinError> {
    if IN_PLACE.get() { Ok(work()) } else { tokio::task::spawn_blocking(work).await }
}
