//! The log of the service: text on a terminal, the journal where the service manager reads, JSON elsewhere. `RUST_LOG`
//! sets what is said; addresses are told only where it asks for `debug`.

use std::io::{self, IsTerminal};
use std::os::linux::fs::MetadataExt;

use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, Registry};

/// Where systemd says which stream is the journal: "device:inode" (systemd.exec, environment).
const JOURNAL: &str = "JOURNAL_STREAM";
/// Where somebody says what is to be told: levels by module, "nhacviec=debug,warn".
const WANTED: &str = "RUST_LOG";

/// Starts the log. What the database and the scheduler tell of themselves is left out unless asked for.
pub(super) fn start() {
    let wanted = std::env::var(WANTED).ok().map(|wanted| wanted.parse::<Targets>().map_err(|error| (wanted, error)));
    let (filter, mistake) = match wanted {
        None => (usual(), None),
        Some(Ok(filter)) => (filter, None),
        Some(Err(mistake)) => (usual(), Some(mistake)),
    };
    // A log that was started before stays.
    let _ = tracing_subscriber::registry().with(form().with_filter(filter)).try_init();
    if let Some((wanted, error)) = mistake {
        tracing::warn!(%error, wanted, "{WANTED} is passed over: it takes levels by module, as in nhacviec=debug,warn");
    }
}

fn usual() -> Targets {
    Targets::new()
        .with_default(Level::INFO)
        .with_target("sqlx", Level::WARN)
        .with_target("tokio_cron_scheduler", Level::WARN)
}

fn form() -> Box<dyn Layer<Registry> + Send + Sync> {
    let text = tracing_subscriber::fmt::layer().with_writer(io::stderr);
    if io::stderr().is_terminal() {
        return text.boxed();
    }
    if is_journal()
        && let Ok(journal) = tracing_journald::layer()
    {
        return journal.with_field_prefix(None).boxed();
    }
    text.json().with_ansi(false).boxed()
}

/// Whether what is written to the standard error goes to the journal, and not to where somebody has sent it since.
fn is_journal() -> bool {
    let Ok(named) = std::env::var(JOURNAL) else { return false };
    let stream = std::fs::metadata("/dev/stderr");
    stream.is_ok_and(|stream| named == format!("{}:{}", stream.st_dev(), stream.st_ino()))
}
