//! How long what is under way may take to end.

use std::time::Duration;

use crate::with_causes;

use super::Daemon;

/// How long each of the tasks beside the working loop may take to end: what it is at then is done again at the next start.
pub const STOP_PATIENCE: Duration = Duration::from_secs(5);
/// How long conversations that are under way may take to end; what has no answer then is recorded as uncertain.
const DELIVERY_PATIENCE: Duration = Duration::from_secs(20);
/// How long the end of the deliveries may take in all.
const STOP_WITHIN: Duration = Duration::from_secs(25);

/// Ends the deliveries, within a bounded time: what is not recorded then is handed over again at the next start.
pub(super) async fn stop_deliveries(daemon: &mut Daemon) {
    match tokio::time::timeout(STOP_WITHIN, daemon.stop(DELIVERY_PATIENCE)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::error!(error = with_causes(&error), "the last results could not be recorded"),
        Err(_) => tracing::error!("the last results could not be recorded in time"),
    }
}
