//! Work that blocks: files, documents, mails of any size.

use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::task::JoinError;

/// Does work on a thread of its own, where it holds up nobody and can end nothing else. On a runtime that has one thread alone it
/// is done at once: virtual time would run on while another thread is at work, so that two runs of a simulation differ.
///
/// # Errors
/// When the work panics, or the runtime ends before it has begun.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, JoinError> {
    match Handle::current().runtime_flavor() {
        RuntimeFlavor::CurrentThread => Ok(work()),
        _ => tokio::task::spawn_blocking(work).await,
    }
}
