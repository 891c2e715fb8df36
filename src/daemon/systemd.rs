//! What the service manager is told (`sd_notify(3)`): nothing, where there is none.

use std::time::Duration;

use sd_notify::NotifyState;

use crate::with_causes;

use super::trouble::Trouble;

/// Tells it that the service has read everything and is about to look for the first time.
pub(super) fn ready() {
    tell(NotifyState::Ready);
}

/// Tells it that the working loop is alive: it looks every minute, and records what it sent.
pub(super) fn alive() {
    tell(NotifyState::Watchdog);
}

/// Tells it how the service is doing, for whoever asks it for the status.
pub(super) fn status(troubles: &[Trouble]) {
    let said: Vec<String> = troubles.iter().map(Trouble::to_string).collect();
    let said = if said.is_empty() { "all is well".to_owned() } else { said.join("; ") };
    tell(NotifyState::Status(&said));
}

/// Tells it that another process does the work.
pub(super) fn standing_by(who: &str, troubles: &[Trouble]) {
    if troubles.is_empty() {
        tell(NotifyState::Status(&format!("standing by: {who}")));
    } else {
        status(troubles);
    }
}

/// Tells it what the service waits for before it can begin, and that this may take so much longer.
pub(crate) fn waiting(reason: &str, patience: Duration) {
    let longer = patience.saturating_mul(12);
    tell(NotifyState::Status(reason));
    tell(NotifyState::ExtendTimeoutUsec(u32::try_from(longer.as_micros()).unwrap_or(u32::MAX)));
}

/// Tells it that the service is about to end.
pub(super) fn stopping() {
    tell(NotifyState::Stopping);
}

fn tell(state: NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!(error = with_causes(&error), "the service manager cannot be told");
    }
}
