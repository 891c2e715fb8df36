//! The daemon: woken, it looks what is due and delivers it, until it is told to stop.
//!
//! Everything it does follows from the store, the configuration, the plan and its [`Clock`]; a wake-up says only
//! "look now". `run`, `run --once` and `rehearse` are the same code with another clock and another source of
//! wake-ups.
//!
//! - [`Daemon`]: a pass: what is due is decided and delivered.
//! - [`service`]: wake-ups, signals and reloads around it.
//! - [`WakeUps`]: how it is woken; [`OwnedTask`]: work that goes on beside it.
//! - `mailbox`: the answers by mail, read beside the working loop.
//! - `monitor`, `heartbeat`, `systemd`: what others hear of it.
//! - `watched_files`: whether a file that it has read has changed.
//!
//! How a message is delivered is [`delivery`](crate::delivery)'s.

mod evidence;
mod heartbeat;
mod letters;
mod mailbox;
mod monitor;
mod owned_task;
mod school_state;
pub mod service;
mod systemd;
mod wake_ups;
mod watched_files;

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch as watched;

use crate::app::decide_due::decide_due;
use crate::app::load_school::Loaded;
use crate::app::notes::daily_alerts;
use crate::app::plan_in_force::{PlanInForce, accepted, bring_into_force};
use crate::app::read_mailbox::MailboxReader;
use crate::channel::Channel;
use crate::clock::Clock;
use crate::compose::Alert;
use crate::delivery::{Counts, Delivered, DeliveryError, DeliveryObserver, Engine, Report};
use crate::link::LinkKey;
use crate::schedule::Agenda;
use crate::school::{School, Scope};
use crate::store::{Store, StoreError};
use crate::with_causes;

use heartbeat::Heartbeat;
use monitor::ServiceHealth;
use school_state::SchoolState;

pub use heartbeat::HEARTBEAT_PATIENCE;
pub use mailbox::read_answers_beside;
pub use owned_task::OwnedTask;
pub use school_state::InForce;
pub use wake_ups::WakeUps;

/// A run that lasts longer looks again after so long.
const TURN: Duration = Duration::from_mins(1);

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

/// What one pass did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pass {
    /// Messages decided.
    pub decided: usize,
    /// Messages taken by a channel.
    pub sent: usize,
    /// Messages to be tried again.
    pub again: usize,
    /// Messages given up.
    pub dead: usize,
    /// Messages that may have arrived, and are not handed over again.
    pub uncertain: usize,
}

impl Pass {
    fn add(&mut self, counts: Counts) {
        self.sent += counts.sent;
        self.again += counts.again;
        self.dead += counts.dead;
        self.uncertain += counts.uncertain;
    }
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
    /// When it last looked: an earlier present means that the clock was set back.
    last_look: Timestamp,
    /// The day on which the evidence was last put in order.
    evidence_in_order: Option<Date>,
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
            engine: Engine::new(store.clone(), Arc::clone(&school.context), channels),
            in_force: watched::Sender::new(InForce::of(&school.context)),
            store,
            clock,
            key,
            health: Arc::default(),
            heartbeat: Heartbeat::default(),
            pass: Pass::default(),
            is_running: false,
            last_look: Timestamp::MIN,
            evidence_in_order: None,
        };
        Self { school, process }
    }

    /// Takes other settings and another plan, which the next pass brings into force.
    pub fn reload(&mut self, loaded: Loaded) {
        let Loaded { school, channels, composer, doubts: _ } = loaded;
        self.school = SchoolState::new(school, composer, self.process.key.as_ref());
        self.process.engine.set_channels(channels);
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

    /// Does what a timer does at each wake-up: a pass, which is logged, shown to those who watch, and told to the outside
    /// watcher where it was good.
    ///
    /// # Errors
    /// When the store fails; what was done before is kept, what was not is done at the next pass.
    pub async fn run_once(&mut self) -> Result<Pass, DaemonError> {
        let result = loop {
            if let Err(error) = self.begin(&mut ()).await {
                break Err(error);
            }
            // Where some channel is slow, what is due meanwhile goes out over the others.
            if let Ok(result) = tokio::time::timeout(TURN, self.finish(&mut ())).await {
                break result;
            }
        };
        self.report(&result).await;
        result
    }

    /// Begins a run, which [`Self::finish_run`] goes on with: decides what is due. Returns whether that went well.
    async fn begin_run(&mut self) -> bool {
        if std::mem::replace(&mut self.process.is_running, true) {
            // Some channel is slow: the last run goes on in this one, and those who watch hear that the service lives.
            self.show_health(None).await;
        }
        if let Err(error) = self.begin(&mut ()).await {
            self.report(&Err(error)).await;
            return false;
        }
        true
    }

    /// Delivers everything that may go out now. Can be dropped: what is under way then goes on, and the next run takes it
    /// up.
    async fn finish_run(&mut self) {
        let result = self.finish(&mut ()).await;
        self.report(&result).await;
    }

    /// Ends the deliveries: what is under way has `patience` to end.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn stop(&mut self, patience: Duration) -> Result<(), DaemonError> {
        let mut observer = Monitored { observer: &mut (), health: Arc::clone(&self.process.health) };
        Ok(self.process.engine.stop(patience, &mut observer).await?)
    }

    /// Logs how a run ended, and shows it to those who watch.
    async fn report(&mut self, result: &Result<Pass, DaemonError>) {
        self.process.is_running = false;
        if result.is_ok() {
            self.forget_letters().await;
            self.put_evidence_in_order().await;
        }
        if let Err(error) = self.process.store.checkpoint().await {
            tracing::warn!(error = with_causes(&error), "a copy of the store's file alone is no backup");
        }
        // What the log says of a run holds for those who watch by then.
        self.show_health(result.as_ref().err().map(|error| with_causes(error))).await;
        match result {
            Ok(pass) if *pass == Pass::default() => {}
            Ok(Pass { decided, sent, again, dead, uncertain }) => {
                tracing::info!(decided, sent, again, dead, uncertain, "looked");
            }
            Err(error) => tracing::error!(error = with_causes(error), "the run failed"),
        }
    }

    /// Shows those who watch how the service is doing, and tells the outside watcher where nothing is wrong.
    async fn show_health(&mut self, failure: Option<String>) {
        let next = self.next_wake().await.ok();
        let trouble = failure.or_else(|| self.process.engine.trouble());
        let is_well = trouble.is_none();
        self.process.health.run(self.process.clock.now(), next, trouble);
        if is_well && let Some(address) = self.agenda().school().settings.monitor.heartbeat.clone() {
            self.process.heartbeat.beat(address);
        }
    }

    /// Waits for the answer to the last heartbeat, where one is still to come, for a bounded time.
    pub async fn finish_heartbeat(&mut self, patience: Duration) {
        self.process.heartbeat.finish(patience).await;
    }

    /// Looks what is due and delivers everything that may go out now. Can be dropped: what is under way then goes on, and
    /// is recorded in the next pass.
    ///
    /// # Errors
    /// When the store fails; what was done before is kept, what was not is done at the next pass.
    pub async fn pass(&mut self, observer: &mut dyn DeliveryObserver) -> Result<Pass, DaemonError> {
        self.begin(observer).await?;
        self.finish(observer).await
    }

    /// Begins a pass: writes down what the store did not take before, and decides what is due. The instant of the pass is
    /// that of its beginning.
    async fn begin(&mut self, observer: &mut dyn DeliveryObserver) -> Result<(), DaemonError> {
        let now = self.process.clock.now();
        let mut observer = Monitored { observer, health: Arc::clone(&self.process.health) };
        self.process.engine.begin(now, &mut observer).await?;
        self.bring_into_force_at(now).await?;
        self.process.pass.decided += self.look(now).await?;
        Ok(())
    }

    /// Delivers everything that may go out now, and tells the admin of what went wrong.
    async fn finish(&mut self, observer: &mut dyn DeliveryObserver) -> Result<Pass, DaemonError> {
        let mut observer = Monitored { observer, health: Arc::clone(&self.process.health) };
        self.tell_admin().await?;
        loop {
            self.process.engine.deliver(&mut observer).await?;
            if !self.tell_admin().await? {
                let channels = self.process.engine.channels().values();
                join_all(channels.map(|channel| channel.close())).await;
                return Ok(std::mem::take(&mut self.process.pass));
            }
        }
    }

    /// Puts what went wrong into the outbox, for the admin: it goes out now and not a minute later. Returns whether
    /// anything did.
    async fn tell_admin(&mut self) -> Result<bool, DaemonError> {
        let now = self.process.engine.now();
        let Report { counts, failed, given_up } = self.process.engine.report().clone();
        let failed = failed.into_iter().map(|(channel, reason)| Alert::ChannelFailed { channel, reason });
        let given_up = (!given_up.is_empty()).then_some(Alert::Undeliverable { messages: given_up });
        let alerts: Vec<Alert> = failed.chain(given_up).collect();
        if !alerts.is_empty() {
            self.put_alerts(&alerts, now).await?;
            self.process.engine.look_again();
        }
        // Only now: whoever stops waiting for this leaves it to be told the next time.
        self.process.engine.clear_report();
        self.process.pass.add(counts);
        Ok(!alerts.is_empty())
    }

    /// Brings the plan into force, where it is new, was accepted, or another due date was agreed.
    ///
    /// # Errors
    /// When the store fails; then what was in force stays so.
    pub async fn bring_into_force(&mut self) -> Result<(), DaemonError> {
        self.bring_into_force_at(self.process.clock.now()).await
    }

    async fn bring_into_force_at(&mut self, now: Timestamp) -> Result<(), DaemonError> {
        let agreed = accepted(self.process.store.time_requests(self.scope()).await?);
        let is_same = self.school.agreed.as_ref() == Some(&agreed);
        if is_same && self.school.waiting.is_none() {
            return Ok(());
        }
        let written = School::clone(&self.school.written);
        let PlanInForce { school, waiting } = bring_into_force(&self.process.store, written, now).await?;
        if is_same && waiting == self.school.waiting {
            return Ok(());
        }
        if let Some(waiting) = &waiting {
            tracing::warn!("{waiting}");
        }
        self.school.waiting = waiting;
        self.school.take_up(school, agreed);
        self.show();
        Ok(())
    }

    /// Decides what is due, where anything can be.
    async fn look(&mut self, now: Timestamp) -> Result<usize, DaemonError> {
        let set_back = now < self.process.last_look;
        if !set_back && self.school.next_look.is_some_and(|next| now < next) {
            self.process.last_look = now;
            return Ok(0);
        }
        if set_back {
            tracing::warn!(now = %now, before = %self.process.last_look, "the clock was set back");
        }
        let agenda = &self.school.context.agenda;
        let looked = decide_due(&self.process.store, agenda, now).await?;
        self.process.last_look = now;
        self.school.next_look = Some(agenda.next_look(now));
        if looked.messages + looked.skipped > 0 {
            tracing::info!(messages = looked.messages, skipped = looked.skipped, "decided what is due");
        }
        Ok(looked.messages)
    }

    /// Tells the admin of a failure; the same failure once a day.
    async fn alert(&self, alert: &Alert) -> Result<(), DaemonError> {
        self.put_alerts(std::slice::from_ref(alert), self.process.clock.now()).await
    }

    async fn put_alerts(&self, alerts: &[Alert], now: Timestamp) -> Result<(), DaemonError> {
        let school = self.agenda().school();
        let today = school.settings.date_of(now);
        let alerts: Vec<_> = alerts.iter().flat_map(|alert| daily_alerts(school, alert, today)).collect();
        Ok(self.process.store.put_alerts(self.scope(), &alerts, now).await?)
    }

    /// The next instant at which there is anything to do, as far as it is known now.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn next_wake(&self) -> Result<Timestamp, DaemonError> {
        let now = self.process.clock.now();
        let look = self.agenda().next_look(now);
        let delivery = self.process.store.next_delivery(&self.scope().organisation).await?;
        // What waits although its time has come waits for a channel.
        let soon = now.saturating_add(SignedDuration::from_mins(1)).unwrap_or(Timestamp::MAX);
        Ok(delivery.map_or(look, |delivery| look.min(delivery.max(soon))))
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

/// Whoever observes deliveries, and those who watch the service.
struct Monitored<'a> {
    observer: &'a mut dyn DeliveryObserver,
    health: Arc<ServiceHealth>,
}

impl DeliveryObserver for Monitored<'_> {
    fn delivered(&mut self, delivered: &Delivered<'_>) -> std::io::Result<()> {
        self.observer.delivered(delivered)
    }

    fn attempted(&mut self, channel: &str, outcome: &'static str) {
        self.health.delivery(channel, outcome);
    }

    fn recorded(&mut self) {
        systemd::alive();
        self.health.alive();
    }
}
