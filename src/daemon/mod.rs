//! The daemon: woken, it looks what is due and delivers it, until it is told to stop.
//!
//! Everything it does follows from the store, the configuration, the plan and its [`Clock`]; a wake-up says only
//! "look now". `run`, `run --once` and `rehearse` are the same code with another clock and another source of
//! wake-ups.
//!
//! - [`Daemon`]: what it has and knows; `pass`: what is due is decided and delivered; `run`: a pass that others hear of.
//! - [`service`]: wake-ups, signals and reloads around it.
//! - [`WakeUps`]: how it is woken; [`OwnedTask`]: work that goes on beside it.
//! - `minutes`: when it looks again; `mailbox`: the answers by mail, read beside the working loop.
//! - `monitor`, `heartbeat`, `systemd`: what others hear of it; [`Trouble`]: what is wrong.
//! - [`Worker`]: this process among several over one database; [`Duty`]: whether it works for the school or stands by.
//! - `watched_files`: whether a file that it has read has changed.
//!
//! How a message is delivered is [`delivery`](crate::delivery)'s.

mod duty;
mod heartbeat;
mod mailbox;
mod minutes;
mod monitor;
mod owned_task;
mod pass;
mod run;
mod school_state;
pub mod service;
pub mod stop;
pub(crate) mod systemd;
mod trouble;
mod upkeep;
mod wake_ups;
mod watched_files;
mod worker;

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::watch as watched;

use crate::app::load_school::Loaded;
use crate::app::read_mailbox::MailboxReader;
use crate::channel::Channel;
use crate::clock::Clock;
use crate::delivery::{DeliveryError, Engine};
use crate::link::LinkKey;
use crate::schedule::Agenda;
use crate::school::{School, Scope};
use crate::store::{Store, StoreError};

use heartbeat::Heartbeat;
use monitor::ServiceHealth;
use school_state::SchoolState;

pub use duty::Duty;
pub use heartbeat::HEARTBEAT_PATIENCE;
pub use mailbox::read_answers_beside;
pub use owned_task::OwnedTask;
pub use pass::Pass;
pub use school_state::InForce;
pub use trouble::{Trouble, TroubleKind};
pub use wake_ups::WakeUps;
pub use worker::{Standing, Worker};

/// What stops a pass of the daemon. A message that cannot be delivered does not: it is dealt with.
#[derive(Debug, thiserror::Error)]
pub enum DaemonError {
    /// The store failed; the next wake-up tries again.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A delivery was stopped.
    #[error(transparent)]
    Delivery(#[from] DeliveryError),
}

/// A school's daemon.
pub struct Daemon {
    school: SchoolState,
    process: ProcessState,
}

/// What belongs to the process, whatever school is in force.
struct ProcessState {
    store: Store,
    clock: Clock,
    /// What links are signed with, where anything signs them.
    key: Option<LinkKey>,
    /// Delivers; knows the channels, which of them are left alone, and what each sent lately.
    engine: Engine,
    /// How it is doing, for those who watch it.
    health: Arc<ServiceHealth>,
    heartbeat: Heartbeat,
    /// What is in force, for others to see.
    in_force: watched::Sender<InForce>,
    /// What the present pass did so far.
    pass: Pass,
    /// Whether a run has begun and not ended.
    is_running: bool,
    /// Whether messages are composed on the thread that delivers.
    composes_without_threads: bool,
    /// What was wrong when the last run ended.
    troubles: Vec<Trouble>,
    /// When it last looked: an earlier present means that the clock was set back.
    last_look: Timestamp,
}

impl Daemon {
    /// A daemon for the school that was read, whose past is in `store`.
    #[must_use]
    pub fn new(loaded: Loaded, store: Store, clock: Clock) -> Self {
        Self::with_key(loaded, store, clock, None)
    }

    /// A daemon whose messages have links, signed with `key`, where the settings ask for pages.
    #[must_use]
    pub fn with_links(loaded: Loaded, store: Store, clock: Clock, key: LinkKey) -> Self {
        Self::with_key(loaded, store, clock, Some(key))
    }

    fn with_key(loaded: Loaded, store: Store, clock: Clock, key: Option<LinkKey>) -> Self {
        let Loaded { school, channels, composer, doubts: _ } = loaded;
        let school = SchoolState::new(school, composer, key.as_ref());
        let process = ProcessState {
            engine: Engine::new(store.clone(), clock.clone(), Arc::clone(&school.context), channels),
            in_force: watched::Sender::new(InForce::of(&school.context)),
            store,
            clock,
            key,
            health: Arc::default(),
            heartbeat: Heartbeat::default(),
            pass: Pass::default(),
            is_running: false,
            composes_without_threads: false,
            troubles: Vec::new(),
            last_look: Timestamp::MIN,
        };
        Self { school, process }
    }

    /// Takes other settings and another plan, which the next pass brings into force.
    pub fn reload(&mut self, loaded: Loaded) {
        let Loaded { school, channels, composer, doubts: _ } = loaded;
        self.school = SchoolState::new(school, composer, self.process.key.as_ref());
        self.process.engine.set_channels(channels);
    }

    /// Works with this store from now on. What was under way with the one before must have ended.
    pub(super) fn work_with(&mut self, store: Store) {
        let Self { school, process } = self;
        let (clock, context) = (process.clock.clone(), Arc::clone(&school.context));
        let channels = process.engine.channels().clone();
        process.engine = Engine::new(store.clone(), clock, context, channels);
        if process.composes_without_threads {
            process.engine.compose_without_threads();
        }
        process.store = store;
        process.pass = Pass::default();
        process.is_running = false;
        process.last_look = Timestamp::MIN;
        // Another process may have brought another version into force, and looked since.
        (school.agreed, school.next_look) = (None, None);
    }

    /// Has what is in force now taken up by the delivery, and shown to others.
    fn show(&mut self) {
        self.process.engine.set_context(Arc::clone(&self.school.context));
        self.process.in_force.send_replace(InForce::of(&self.school.context));
    }

    /// What is in force, now and whenever it changes.
    #[must_use]
    pub fn in_force(&self) -> watched::Receiver<InForce> {
        self.process.in_force.subscribe()
    }

    /// Wraps every channel, as a rehearsal does to keep messages from leaving.
    pub fn map_channels(&mut self, wrap: impl Fn(&str, Arc<dyn Channel>) -> Arc<dyn Channel>) {
        let channels = self.process.engine.channels();
        let wrapped = channels.iter().map(|(name, channel)| (name.clone(), wrap(name, Arc::clone(channel))));
        let channels = wrapped.collect();
        self.process.engine.set_channels(channels);
    }

    /// From now on it composes messages on the thread that it runs on, as a simulation needs it.
    pub fn compose_without_threads(&mut self) {
        self.process.composes_without_threads = true;
        self.process.engine.compose_without_threads();
    }

    /// The plan and settings in force.
    #[must_use]
    pub fn agenda(&self) -> &Agenda {
        &self.school.context.agenda
    }

    /// The plan and settings as they were read.
    #[must_use]
    pub fn written(&self) -> &School {
        &self.school.written
    }

    /// Somebody who reads the answers of owners for this daemon.
    #[must_use]
    pub fn reader(&self) -> MailboxReader {
        MailboxReader::new(self.process.store.clone(), self.process.clock.clone())
    }

    /// Whose rows of the store are this daemon's.
    #[must_use]
    pub fn scope(&self) -> &Scope {
        &self.school.context.scope
    }

    /// Its store.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.process.store
    }
}
