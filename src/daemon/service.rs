//! Wake-ups, signals and reloads around the daemon: what makes it a service.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use anstream::adapter::strip_str;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;
use tokio_cron_scheduler::{Job, JobScheduler, JobSchedulerError};

use crate::diagnostic::{self, Diagnostics};
use crate::load::{self, Loaded};
use crate::message::Alert;
use crate::with_causes;

use super::watch::Watch;
use super::{Daemon, manager, monitor};

/// Every minute, in UTC: a wake-up says only "look now", so neither time zones nor missed runs matter.
const EVERY_MINUTE: &str = "0 * * * * *";

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
pub struct Wakes {
    wake: mpsc::Sender<()>,
    woken: mpsc::Receiver<()>,
}

impl Default for Wakes {
    fn default() -> Self {
        let (wake, woken) = mpsc::channel(1);
        Self { wake, woken }
    }
}

impl Wakes {
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
pub async fn run(daemon: &mut Daemon, config: &Path, wakes: Wakes) -> Result<(), ServiceError> {
    let mut hangup = signal(SignalKind::hangup()).map_err(ServiceError::Signals)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(ServiceError::Signals)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(ServiceError::Signals)?;
    let Wakes { wake, mut woken } = wakes;
    let mut scheduler = JobScheduler::new().await?;
    let job = Job::new(EVERY_MINUTE, move |_, _| {
        // A wake-up that nobody has taken yet is as good as two.
        let _ = wake.try_send(());
    })?;
    scheduler.add(job).await?;
    scheduler.start().await?;

    if let Some(listen) = daemon.agenda().school().settings.monitor.listen {
        let (monitor, store) = (Arc::clone(&daemon.monitor), daemon.store().clone());
        monitor::serve(listen, monitor, store, daemon.scope().organisation.clone())
            .await
            .map_err(|source| ServiceError::Monitor { listen, source })?;
    }
    let mut watch = Watch::new(&daemon.agenda().school().settings);
    let plan = &daemon.agenda().school().plan;
    tracing::info!(plan = plan.number, tasks = plan.tasks.len(), "running");
    manager::ready();
    run_once(daemon).await;
    loop {
        manager::alive();
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
                watch = Watch::new(&daemon.agenda().school().settings);
            }
        }
        run_once(daemon).await;
    }
    tracing::info!("stopping");
    manager::stopping();
    scheduler.shutdown().await?;
    Ok(())
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
    let loaded = load::load(config, &mut diagnostics);
    let failed = diagnostics.has_errors();
    match loaded {
        Some(loaded) if !failed => Ok(Box::new(loaded)),
        _ => Err(strip_str(&diagnostic::text(&diagnostics.into_sorted())).to_string()),
    }
}
