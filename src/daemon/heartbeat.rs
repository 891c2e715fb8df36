//! A heartbeat to an outside watcher: that none came is the watcher's to notice, this side only logs it.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use crate::net::http;
use crate::reason::Reason;
use crate::with_causes;

use super::owned_task::OwnedTask;

/// How long the outside watcher may take to answer.
pub const HEARTBEAT_PATIENCE: Duration = Duration::from_secs(10);

/// Tells an outside watcher of good runs, one request at a time, which no run waits for.
#[derive(Debug, Default)]
pub(super) struct Heartbeat {
    under_way: Option<OwnedTask>,
}

impl Heartbeat {
    /// Begins to tell it, unless it has not answered the last time yet.
    pub(super) fn beat(&mut self, address: SecretString) {
        if self.under_way.as_ref().is_none_or(OwnedTask::has_ended) {
            self.under_way = Some(OwnedTask::begin("heartbeat", |_| send(address)));
        }
    }

    /// Waits for the answer, where one is still to come, for a bounded time.
    pub(super) async fn finish(&mut self, patience: Duration) {
        if let Some(under_way) = self.under_way.take() {
            under_way.stop(patience).await;
        }
    }
}

async fn send(address: SecretString) {
    let asked = async {
        let client = http::client(0, None).map_err(|reason| Reason::from(reason).to_string())?;
        let answer = client.get(address.expose_secret()).timeout(HEARTBEAT_PATIENCE).send().await;
        let answer = answer.and_then(reqwest::Response::error_for_status);
        answer.map(drop).map_err(|error| with_causes(&error.without_url()))
    };
    if let Err(reason) = asked.await {
        tracing::warn!(reason, "the outside watcher did not take the heartbeat");
    }
}
