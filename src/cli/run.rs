//! `run`: the daemon, or one pass of it.

use std::path::Path;
use std::time::Duration;

use crate::clock::Clock;
use crate::config::StoreAddress;
use crate::daemon::stop::STOP_PATIENCE;
use crate::daemon::{
    Daemon, Duty, HEARTBEAT_PATIENCE, Pass, Standing, WakeUps, Worker, read_answers_beside, service, systemd,
};
use crate::files::{Files, ReadFiles};
use crate::language::Language;
use crate::link;
use crate::store::{OpenError, Store, StoreError, StoreLock};
use crate::web;
use crate::with_causes;

use super::{CommandError, Console, Findings, block_on, load_for_service, log, lost_store, status};

/// How long the service waits before it asks again for a store that is away.
const STORE_PATIENCE: Duration = Duration::from_secs(5);

#[derive(Debug, clap::Args)]
pub(super) struct RunArgs {
    /// Do all that is due now, deliver it, and end
    #[arg(long)]
    once: bool,
    /// Show what the first look would send, and to whom; nothing is sent or written
    #[arg(long, conflicts_with = "once")]
    dry: bool,
}

impl RunArgs {
    /// Whether nothing is run: it is only shown what would be sent.
    pub(super) fn only_shows(&self) -> bool {
        self.dry
    }
}

pub(super) fn run(config: &Path, args: &RunArgs, console: Console) -> Result<Findings, CommandError> {
    if args.dry {
        return status::dry_run(config, console);
    }
    log::start();
    let read = ReadFiles::default();
    let loaded = load_for_service(&Files::noted_in(&read), config)?;
    // One thread waits for all the servers; the database has its own.
    block_on(async {
        let store = open(&loaded.school.settings.store, args).await?;
        let is_new = store.is_new().await?;
        if let Some(lost) = lost_store::of(&loaded.school.settings).filter(|_| is_new) {
            tracing::warn!("{}", lost.told_in(Language::English));
        }
        let key = link::key::read_or_make(&loaded.school.settings.state)?;
        loaded.channels.values().for_each(|channel| channel.clean_up());
        let address = loaded.school.settings.store.clone();
        let wake_ups = WakeUps::default();
        let worker = match &address {
            StoreAddress::Server(server) => {
                let organisation = loaded.school.scope().organisation;
                Some(Worker::begin(&server.clone().into(), &organisation, Clock::System, wake_ups.clone()).await?)
            }
            StoreAddress::File(_) | StoreAddress::Memory => None,
        };
        let clock = worker.as_ref().map_or(Clock::System, Worker::clock);
        let mut daemon = Daemon::with_links(loaded, store.clone(), clock.clone(), key);
        if worker.is_none() {
            // The lock on the file says that nobody else is at work on it.
            daemon.release_claims(&store).await?;
        }
        let done = match (args.once, &worker) {
            (true, None) => once(&mut daemon).await,
            (true, Some(worker)) => once_as(worker, &mut daemon, &address).await,
            (false, worker) => serve(&mut daemon, (config, &read), clock, (worker.as_ref(), wake_ups)).await,
        };
        if let Some(worker) = worker {
            worker.end().await;
        }
        store.close().await;
        done
    })
}

/// Reads the answers, does one run, and ends.
async fn once(daemon: &mut Daemon) -> Result<Findings, CommandError> {
    if daemon.agenda().school().settings.site.is_some() {
        tracing::warn!("links lead nowhere without the service: leave out [web] where `run --once` does all the work");
    }
    // Reading and running are large, and begun once.
    let both = Box::pin(read_answers_beside(daemon, async |daemon: &mut Daemon| daemon.run_once().await));
    let (pass, read) = both.await?;
    if pass == Pass::default() {
        tracing::info!("nothing was due");
    }
    daemon.finish_heartbeat(HEARTBEAT_PATIENCE).await;
    let has_problems = pass.again + pass.dead + pass.uncertain > 0 || !daemon.troubles().is_empty() || !read;
    Ok(if has_problems { Findings::Problems } else { Findings::Fine })
}

/// The same as a process among others, where none of these is at work.
async fn once_as(worker: &Worker, daemon: &mut Daemon, address: &StoreAddress) -> Result<Findings, CommandError> {
    match worker.standing() {
        Standing::AtWork(lease) => daemon.take_up_work(daemon.store().holding(lease)).await?,
        Standing::StandsBy(who) => return Err(StoreError::AtWork { store: address.to_string(), who }.into()),
    }
    once(daemon).await
}

/// Runs the service with its pages until it is told to stop.
async fn serve(
    daemon: &mut Daemon,
    (config, read): (&Path, &ReadFiles),
    clock: Clock,
    (worker, wake_ups): (Option<&Worker>, WakeUps),
) -> Result<Findings, CommandError> {
    let duty = Duty::begin(daemon, worker, wake_ups.clone()).await?;
    let pages = web::serve(daemon.in_force(), duty.store().clone(), clock, wake_ups.clone()).await?;
    let served = service::run(daemon, (config, read), wake_ups, duty).await;
    pages.stop(STOP_PATIENCE).await;
    served?;
    Ok(Findings::Fine)
}

/// Opens the store as its service, of which a file has one. The service waits for a server that is away; the service manager
/// hears of it, and other watchers find nobody who answers.
async fn open(address: &StoreAddress, args: &RunArgs) -> Result<Store, StoreError> {
    let mut told = None;
    loop {
        let opened = match StoreLock::take(address) {
            Ok(lock) => Store::open(address).await.map(|store| store.locked_by(lock)),
            Err(error) => Err(error),
        };
        match opened {
            Err(error @ StoreError::Open(OpenError::Unreachable { .. })) if !args.once => {
                let said = with_causes(&error);
                systemd::waiting(&said, STORE_PATIENCE);
                if told.as_ref() != Some(&said) {
                    tracing::error!(error = said, "waiting for the store");
                    told = Some(said);
                }
                tokio::time::sleep(STORE_PATIENCE).await;
            }
            opened => return opened,
        }
    }
}
