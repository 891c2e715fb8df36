//! Wake-ups, signals and reloads around the daemon: what makes it a service.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anstream::adapter::strip_str;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{mpsc, watch};
use tokio_cron_scheduler::{Job, JobScheduler, JobSchedulerError};
use tokio_util::sync::CancellationToken;

use crate::app::load_school::{self, Loaded};
use crate::compose::Alert;
use crate::diagnostic::{self, Diagnostics};
use crate::school::School;
use crate::with_causes;

use super::watch::Watch;
use super::{Daemon, monitor, systemd};
use crate::app::MailError;
use crate::app::read_mailbox::MailboxReader;

/// Every minute, in UTC: a wake-up says only "look now", so neither time zones nor missed runs matter.
const EVERY_MINUTE: &str = "0 * * * * *";

/// The admin is told of a mailbox that could not be read so often in a row: a moment without network is no news.
const FAILURES: u32 = 3;
/// How long the reader of answers may take to stop.
const STOPPING: Duration = Duration::from_secs(5);

/// What keeps a service from starting, or ends it.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The scheduler of wake-ups could not be started.
    #[error("the scheduler of wake-ups could not be started")]
    Scheduler(#[from] JobSchedulerError),
    /// The pages for watchers cannot be served.
    #[error("cannot listen on {listen}, the `listen` of [monitor]; does another program?")]
    Monitor {
        /// The address.
        listen: SocketAddr,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// The operating system gives no signals.
    #[error("signals cannot be received")]
    Signals(#[source] std::io::Error),
}

/// How a service is woken: by its own clock, and by whoever has something for it to tell.
#[derive(Debug)]
pub struct WakeUps {
    wake: mpsc::Sender<()>,
    woken: mpsc::Receiver<()>,
}

impl Default for WakeUps {
    fn default() -> Self {
        let (wake, woken) = mpsc::channel(1);
        Self { wake, woken }
    }
}

impl WakeUps {
    /// Wakes the service; a wake-up that nobody has taken yet is as good as two.
    #[must_use]
    pub fn waker(&self) -> mpsc::Sender<()> {
        self.wake.clone()
    }
}

/// Why the daemon woke.
enum Event {
    /// A minute has passed, or somebody has told the program something.
    Minute,
    /// The admin asked for a reload.
    Hangup,
    /// It is to stop.
    Stop,
}

/// Runs the daemon until SIGTERM or SIGINT. A pass that has begun is finished first.
///
/// SIGHUP, or a change of the configuration, the plan, the holidays or a template, reloads them; what has mistakes
/// is not taken, and the admin is told. A store that fails is asked again at the next wake-up.
///
/// # Errors
/// When wake-ups or signals cannot be had.
pub async fn run(daemon: &mut Daemon, config: &Path, wakes: WakeUps) -> Result<(), ServiceError> {
    let mut hangup = signal(SignalKind::hangup()).map_err(ServiceError::Signals)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(ServiceError::Signals)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(ServiceError::Signals)?;
    let WakeUps { wake, mut woken } = wakes;
    let mut scheduler = JobScheduler::new().await?;
    let answered = wake.clone();
    let job = Job::new(EVERY_MINUTE, move |_, _| {
        // A wake-up that nobody has taken yet is as good as two.
        let _ = wake.try_send(());
    })?;
    scheduler.add(job).await?;
    scheduler.start().await?;

    if let Some(listen) = daemon.agenda().school().settings.monitor.listen {
        let (monitor, store) = (Arc::clone(&daemon.process.monitor), daemon.store().clone());
        monitor::serve(listen, monitor, store, daemon.scope().organisation.clone())
            .await
            .map_err(|source| ServiceError::Monitor { listen, source })?;
    }
    let mut watch = Watch::new(&daemon.agenda().school().settings);
    let (school, read) = watch::channel(Arc::new(daemon.written().clone()));
    let stop = CancellationToken::new();
    let reading = tokio::spawn(read_answers(daemon.reader(), read, answered, stop.clone()));
    let plan = &daemon.agenda().school().plan;
    tracing::info!(plan = plan.number, tasks = plan.tasks.len(), "running");
    systemd::ready();
    run_once(daemon).await;
    loop {
        systemd::alive();
        let event = tokio::select! {
            _ = terminate.recv() => Event::Stop,
            _ = interrupt.recv() => Event::Stop,
            _ = hangup.recv() => Event::Hangup,
            _ = woken.recv() => Event::Minute,
        };
        match event {
            Event::Stop => break,
            Event::Minute if !watch.has_changed() => {}
            Event::Minute | Event::Hangup => {
                reload(daemon, config).await;
                school.send_replace(Arc::new(daemon.written().clone()));
                watch = Watch::new(&daemon.agenda().school().settings);
            }
        }
        run_once(daemon).await;
    }
    tracing::info!("stopping");
    systemd::stopping();
    stop.cancel();
    // Whatever it was at is done again at the next start.
    let _ = tokio::time::timeout(STOPPING, reading).await;
    scheduler.shutdown().await?;
    Ok(())
}

/// Looks into the mailbox of answers again and again, for the school that is in force then, until it is told to stop; wakes
/// the daemon when something came of it.
async fn read_answers(
    mut reader: MailboxReader,
    mut school: watch::Receiver<Arc<School>>,
    wake: mpsc::Sender<()>,
    stop: CancellationToken,
) {
    let mut failures = 0;
    loop {
        let now = Arc::clone(&school.borrow_and_update());
        let every = now.settings.inbox.as_ref().map(|inbox| Duration::from_secs(u64::from(inbox.every) * 60));
        let looked = tokio::select! {
            looked = reader.look(&now) => looked,
            () = stop.cancelled() => return,
        };
        let mut more = false;
        match looked {
            Ok(found) => {
                failures = 0;
                more = found.more;
                if found.taken > 0 {
                    // A wake-up that nobody has taken yet is as good as two.
                    let _ = wake.try_send(());
                }
            }
            Err(error) => {
                failures += 1;
                failed(&reader, &now, &error, failures >= FAILURES).await;
            }
        }
        if more {
            continue;
        }
        tokio::select! {
            () = stop.cancelled() => return,
            changed = school.changed() => if changed.is_err() { return },
            () = tokio::time::sleep(every.unwrap_or_default()), if every.is_some() => {}
        }
    }
}

/// Looks into the mailbox of answers once, where there is one. Returns whether that went well; that it did not keeps nobody
/// from being reminded.
pub async fn read_answers_once(daemon: &Daemon) -> bool {
    let mut reader = daemon.reader();
    loop {
        match reader.look(daemon.written()).await {
            Ok(found) if found.more => {}
            Ok(_) => return true,
            Err(error) => {
                failed(&reader, daemon.written(), &error, true).await;
                return false;
            }
        }
    }
}

async fn failed(reader: &MailboxReader, school: &School, error: &MailError, tell: bool) {
    tracing::error!(error = with_causes(error), "the mailbox of answers could not be read");
    if let (MailError::Inbox(error), true) = (error, tell)
        && let Err(error) = reader.tell(school, error).await
    {
        tracing::error!(error = with_causes(&error), "the admin could not be told");
    }
}

/// One run; one that failed is made up for at the next wake-up.
async fn run_once(daemon: &mut Daemon) {
    let _ = daemon.run_once().await;
}

/// Takes a changed configuration or plan into use, or keeps the one in force and tells the admin why.
async fn reload(daemon: &mut Daemon, config: &Path) {
    let path = config.to_owned();
    let loaded = tokio::task::spawn_blocking(move || load(&path)).await;
    let complaint = match loaded {
        Ok(Ok(loaded)) => {
            daemon.reload(*loaded);
            tracing::info!("reloaded the configuration and the plan");
            return;
        }
        Ok(Err(complaint)) => complaint,
        Err(stopped) => stopped.to_string(),
    };
    tracing::error!("the changed configuration has mistakes; the old one stays in force\n{complaint}");
    if let Err(error) = daemon.alert(&Alert::NotReloaded { complaint }).await {
        tracing::error!(error = with_causes(&error), "the admin could not be told");
    }
}

fn load(config: &Path) -> Result<Box<Loaded>, String> {
    let mut diagnostics = Diagnostics::default();
    let loaded = load_school::load(config, &mut diagnostics);
    let failed = diagnostics.has_errors();
    match loaded {
        Some(loaded) if !failed => Ok(Box::new(loaded)),
        _ => Err(strip_str(&diagnostic::text(&diagnostics.into_sorted())).to_string()),
    }
}
