//! `run`: the daemon, or one pass of it.

use std::path::Path;
use std::time::Duration;

use crate::clock::Clock;
use crate::config::StoreAddress;
use crate::daemon::{Daemon, HEARTBEAT_PATIENCE, Pass, WakeUps, read_answers_beside, service, systemd};
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
        let mut daemon = Daemon::with_links(loaded, store.clone(), Clock::System, key);
        // Nobody else is at work on this store, so what is still claimed was left by a process that is gone.
        let left = store.release_leases(&daemon.scope().organisation).await?;
        if left > 0 {
            tracing::warn!(messages = left, "taking up messages that an earlier process left half done");
        }
        let findings = if args.once { once(&mut daemon).await? } else { serve(&mut daemon, config, &read).await? };
        store.close().await;
        Ok(findings)
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

/// Runs the service with its pages until it is told to stop.
async fn serve(daemon: &mut Daemon, config: &Path, read: &ReadFiles) -> Result<Findings, CommandError> {
    let wake_ups = WakeUps::default();
    // Pages know tasks by the identities that they have in force.
    daemon.bring_into_force().await?;
    let pages = web::serve(daemon.in_force(), daemon.store().clone(), Clock::System, wake_ups.clone()).await?;
    let served = service::run(daemon, (config, read), wake_ups).await;
    pages.stop(service::STOP_PATIENCE).await;
    served?;
    Ok(Findings::Fine)
}

/// Opens the store as its service, of which there is one. The service waits for a server that is away; the service manager
/// hears of it, and other watchers find nobody who answers.
async fn open(address: &StoreAddress, args: &RunArgs) -> Result<Store, StoreError> {
    let mut told = None;
    loop {
        let opened = match StoreLock::take(address).await {
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
