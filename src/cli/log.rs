//! The log of the service: text on a terminal, JSON elsewhere; `RUST_LOG` sets what is said.

use std::io::{self, IsTerminal};

use tracing_subscriber::EnvFilter;

/// Starts the log. What the database and the scheduler tell of
/// themselves is left out unless asked for.
pub(super) fn start() {
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,tokio_cron_scheduler=warn"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    // A log that was started before stays.
    let _ = if io::stderr().is_terminal() { log.try_init() } else { log.json().with_ansi(false).try_init() };
}
