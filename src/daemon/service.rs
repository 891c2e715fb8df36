//! Wake-ups, signals and reloads around the daemon: what makes it a service.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_cron_scheduler::JobSchedulerError;

use crate::app::load_school::{Loaded, load_school};
use crate::blocking::blocking;
use crate::compose::Alert;
use crate::diagnostic::{self, Diagnostic, Diagnostics};
use crate::files::{Files, ReadFiles};
use crate::language::Language;
use crate::with_causes;

use super::duty::Duty;
use super::minutes::Minutes;
use super::owned_task::OwnedTask;
use super::stop::{STOP_PATIENCE, stop_deliveries};
use super::wake_ups::WakeUps;
use super::watched_files::WatchedFiles;
use super::{Daemon, monitor, systemd};

/// What keeps a service from starting, or ends it.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The scheduler of wake-ups could not be started.
    #[error("the scheduler of wake-ups could not be started")]
    Scheduler(#[from] JobSchedulerError),
    /// The monitor cannot be served.
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

/// Runs the daemon until SIGTERM or SIGINT. What is handed over then may still be answered for some seconds.
///
/// SIGHUP, or a change of the configuration, the plan, the holidays or a template, reloads them; what has mistakes
/// is not taken, and the admin is told. `config` is the configuration, and `read` has the files that the daemon was made
/// from: what was saved since they were read is read at the first wake-up. A store that fails is asked again at the next wake-up.
///
/// # Errors
/// When wake-ups or signals cannot be had, and where another process works on the store by now.
pub async fn run(
    daemon: &mut Daemon,
    (config, read): (&Path, &ReadFiles),
    wake_ups: WakeUps,
    mut duty: Duty<'_>,
) -> Result<(), ServiceError> {
    let mut signals = Signals::new()?;
    let minutes = Minutes::new().await?;
    let woken = wake_ups.clone();
    let minutes = OwnedTask::begin("minutes", |stop| minutes.wake(woken, stop));
    let monitor = serve_monitor(daemon, &duty).await?;
    let plan = &daemon.agenda().school().plan;
    tracing::info!(plan = plan.number, tasks = plan.tasks.len(), "running");
    systemd::ready();
    let files = WatchedFiles::new(&daemon.agenda().school().settings, read);
    work(daemon, (config, files), &mut signals, &wake_ups, &mut duty).await;
    tracing::info!("stopping");
    systemd::stopping();
    let monitor_stopped = async {
        if let Some(monitor) = monitor {
            monitor.stop(STOP_PATIENCE).await;
        }
    };
    let woken_no_more = minutes.stop(STOP_PATIENCE);
    tokio::join!(woken_no_more, duty.end_reading(), monitor_stopped, stop_deliveries(daemon));
    daemon.finish_heartbeat(STOP_PATIENCE).await;
    Ok(())
}

/// The working loop: a run at each wake-up, until the service is to stop; while another process works for the school, only a
/// look at what is in force.
async fn work(
    daemon: &mut Daemon,
    (config, mut files): (&Path, WatchedFiles),
    signals: &mut Signals,
    wake_ups: &WakeUps,
    duty: &mut Duty<'_>,
) {
    loop {
        systemd::alive();
        duty.settle(daemon).await;
        duty.read_answers(daemon);
        let reason = if duty.is_at_work() {
            run_until(daemon, signals, wake_ups).await
        } else {
            daemon.stand_by(duty.at_work_elsewhere().as_deref()).await;
            signals.next(wake_ups).await
        };
        if reason == WakeReason::Stop {
            return;
        }
        if files.have_changed() || reason == WakeReason::Hangup {
            let read = reload(daemon, config, duty.is_at_work()).await;
            duty.show(daemon);
            files.watch(&daemon.agenda().school().settings, &read);
        }
    }
}

/// One run, until something happens: one that is not finished then goes on in the next, and what it has handed over is
/// waited for by tasks of its own. One that failed is made up for at the next wake-up.
async fn run_until(daemon: &mut Daemon, signals: &mut Signals, wake_ups: &WakeUps) -> WakeReason {
    let begun = tokio::select! {
        biased;
        () = signals.stop() => return WakeReason::Stop,
        begun = daemon.begin_run() => begun,
    };
    if begun {
        tokio::select! {
            biased;
            event = signals.next(wake_ups) => return event,
            () = daemon.finish_run() => {}
        }
    }
    systemd::alive();
    signals.next(wake_ups).await
}

/// Why the working loop wakes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum WakeReason {
    /// A minute has passed, or somebody has told the program something.
    WakeUp,
    /// The admin asks for a reload.
    Hangup,
    /// It is to stop.
    Stop,
}

/// The signals that a service heeds.
struct Signals {
    hangup: Signal,
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn new() -> Result<Self, ServiceError> {
        let receive = |kind| signal(kind).map_err(ServiceError::Signals);
        Ok(Self {
            hangup: receive(SignalKind::hangup())?,
            terminate: receive(SignalKind::terminate())?,
            interrupt: receive(SignalKind::interrupt())?,
        })
    }

    /// Waits for a signal to stop.
    async fn stop(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }

    /// Waits for a signal or a wake-up.
    async fn next(&mut self, wake_ups: &WakeUps) -> WakeReason {
        tokio::select! {
            biased;
            _ = self.terminate.recv() => WakeReason::Stop,
            _ = self.interrupt.recv() => WakeReason::Stop,
            _ = self.hangup.recv() => WakeReason::Hangup,
            () = wake_ups.next() => WakeReason::WakeUp,
        }
    }
}

/// Serves the monitor where the settings ask for it.
async fn serve_monitor(daemon: &Daemon, duty: &Duty<'_>) -> Result<Option<OwnedTask>, ServiceError> {
    let Some(listen) = daemon.agenda().school().settings.monitor.listen else { return Ok(None) };
    let (health, store) = (Arc::clone(&daemon.process.health), duty.store().clone());
    let served = monitor::serve(listen, health, store, daemon.scope().organisation.clone()).await;
    served.map(Some).map_err(|source| ServiceError::Monitor { listen, source })
}

/// Takes a changed configuration or plan into use, or keeps the one in force and tells the admin why; brings it into force
/// where the service works for the school. Gives back what was read.
async fn reload(daemon: &mut Daemon, config: &Path, is_at_work: bool) -> ReadFiles {
    let read = ReadFiles::default();
    let (path, files) = (config.to_owned(), Files::noted_in(&read));
    let loaded = blocking(move || load(&files, &path)).await;
    let complaint = match loaded {
        Ok(Ok(loaded)) => {
            daemon.reload(*loaded);
            // The pages show it at once. Where the store fails, the next pass brings it into force.
            if is_at_work && let Err(error) = daemon.bring_into_force().await {
                tracing::error!(error = with_causes(&error), "the plan is not in force yet");
            }
            tracing::info!("reloaded the configuration and the plan");
            return read;
        }
        Ok(Err(found)) => [Language::English, daemon.agenda().school().settings.admin_language()]
            .map(|language| diagnostic::brief(&found, language)),
        Err(stopped) => [stopped.to_string(), stopped.to_string()],
    };
    let [journal, complaint] = complaint;
    tracing::error!("the changed configuration has mistakes; the old one stays in force\n{journal}");
    if let Err(error) = daemon.alert(&Alert::NotReloaded { complaint }).await {
        tracing::error!(error = with_causes(&error), "the admin could not be told");
    }
    read
}

fn load(files: &Files, config: &Path) -> Result<Box<Loaded>, Vec<Diagnostic>> {
    load_school(files, config).map(Box::new).map_err(Diagnostics::into_sorted)
}
