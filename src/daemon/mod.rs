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

mod heartbeat;
mod mailbox;
mod monitor;
mod owned_task;
pub mod service;
mod systemd;
mod wake_ups;
mod watched_files;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch as watched;

use crate::app::decide_due::decide_due;
use crate::app::load_school::Loaded;
use crate::app::notes::daily_alerts;
use crate::app::plan_in_force::{PlanInForce, WaitingPlan, accepted, bring_into_force};
use crate::app::read_mailbox::MailboxReader;
use crate::channel::{Channel, Channels};
use crate::clock::Clock;
use crate::compose::{Alert, Composer, UndeliveredMessage};
use crate::link::{LinkKey, Links};
use crate::progress::TimeRequest;
use crate::schedule::Agenda;
use crate::school::{School, Scope};
use crate::store::{Store, StoreError};
use crate::with_causes;

use crate::delivery::engine::{self, Counts, Delivery};
use crate::delivery::pace::Pace;
use crate::delivery::{Delivered, DeliveryError, DeliveryObserver};
use heartbeat::Heartbeat;
use monitor::ServiceHealth;

pub use heartbeat::HEARTBEAT_PATIENCE;
pub use mailbox::read_answers_once;
pub use owned_task::OwnedTask;
pub use wake_ups::WakeUps;

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
}

/// The plan and settings in force, and what writes its messages.
#[derive(Clone, Debug)]
pub struct InForce {
    /// Plan and settings.
    pub agenda: Arc<Agenda>,
    /// Writes messages and pages.
    pub composer: Arc<Composer>,
    /// Whose rows of the store are theirs.
    pub scope: Scope,
}

/// A school's daemon.
pub struct Daemon {
    store: Store,
    clock: Clock,
    /// The plan and settings in force; replaced as a whole by a reload.
    agenda: Arc<Agenda>,
    /// The plan and settings as they were read, before what was agreed since is put into them.
    written: Arc<School>,
    /// What was agreed about due dates, as the agenda has it; `None` where the plan is not in force yet.
    agreed: Option<Vec<TimeRequest>>,
    /// The plan as read, where it waits to be accepted and the agenda has the one before.
    waiting: Option<WaitingPlan>,
    scope: Scope,
    composer: Arc<Composer>,
    /// What links are signed with, where anything signs them.
    key: Option<LinkKey>,
    /// What is in force, for others to see.
    in_force: watched::Sender<InForce>,
    channels: Channels,
    /// Channels that wait until an instant because they failed as a whole.
    paused: BTreeMap<String, Timestamp>,
    /// Channels that failed as a whole since the admin was last told, and why.
    failed: BTreeMap<String, String>,
    /// What each channel sent lately, against its limits.
    pace: Pace,
    /// Before this instant a look would find nothing; `None` when something changed.
    next_look: Option<Timestamp>,
    /// How it is doing, for those who watch it.
    health: Arc<ServiceHealth>,
    heartbeat: Heartbeat,
    /// Whether the last pass ended in the middle: what it had claimed is still claimed.
    unsettled: bool,
    /// When it last looked: an earlier present means that the clock was set back.
    last_look: Timestamp,
}

impl Daemon {
    /// A daemon for the school that was read, whose past is in `store`.
    #[must_use]
    pub fn new(loaded: Loaded, store: Store, clock: Clock) -> Self {
        let Loaded { school, channels, composer, doubts: _ } = loaded;
        let (scope, written) = (school.scope(), Arc::new(school));
        let (agenda, composer) = (Arc::new(Agenda::new(Arc::clone(&written))), Arc::new(composer));
        let in_force = InForce { agenda: Arc::clone(&agenda), composer: Arc::clone(&composer), scope: scope.clone() };
        Self {
            scope,
            written,
            agreed: None,
            waiting: None,
            agenda,
            store,
            clock,
            composer,
            key: None,
            in_force: watched::Sender::new(in_force),
            channels,
            paused: BTreeMap::new(),
            failed: BTreeMap::new(),
            pace: Pace::default(),
            next_look: None,
            health: Arc::default(),
            heartbeat: Heartbeat::default(),
            unsettled: false,
            last_look: Timestamp::MIN,
        }
    }

    /// A daemon whose messages have links, signed with `key`, where the settings ask for pages.
    #[must_use]
    pub fn with_links(mut loaded: Loaded, store: Store, clock: Clock, key: LinkKey) -> Self {
        loaded.composer.set_links(Links::of(&loaded.school, &key));
        Self { key: Some(key), ..Self::new(loaded, store, clock) }
    }

    /// Takes other settings and another plan, which the next pass brings into force.
    pub fn reload(&mut self, loaded: Loaded) {
        let Loaded { school, channels, mut composer, doubts: _ } = loaded;
        composer.set_links(self.key.as_ref().and_then(|key| Links::of(&school, key)));
        self.composer = Arc::new(composer);
        self.channels = channels;
        self.scope = school.scope();
        self.written = Arc::new(school);
        self.agreed = None;
        self.waiting = None;
        self.agenda = Arc::new(Agenda::new(Arc::clone(&self.written)));
        self.paused.clear();
        self.next_look = None;
    }

    /// Shows others what is in force now.
    fn show(&self) {
        self.in_force.send_replace(InForce {
            agenda: Arc::clone(&self.agenda),
            composer: Arc::clone(&self.composer),
            scope: self.scope.clone(),
        });
    }

    /// What is in force, now and whenever it changes.
    #[must_use]
    pub fn in_force(&self) -> watched::Receiver<InForce> {
        self.in_force.subscribe()
    }

    /// Wraps every channel, as a rehearsal does to keep messages from leaving.
    pub fn map_channels(&mut self, wrap: impl Fn(&str, Arc<dyn Channel>) -> Arc<dyn Channel>) {
        let channels = std::mem::take(&mut self.channels);
        self.channels = channels
            .into_iter()
            .map(|(name, channel)| {
                let wrapped = wrap(&name, channel);
                (name, wrapped)
            })
            .collect();
    }

    /// Does what a service or a timer does at each wake-up: a pass, which is logged, shown to those who watch, and told
    /// to the outside watcher where it was good.
    ///
    /// # Errors
    /// When the store fails; what was done before is kept, what was not is done at the next pass.
    pub async fn run_once(&mut self) -> Result<Pass, DaemonError> {
        let result = self.pass(&mut ()).await;
        if let Err(error) = self.store.checkpoint().await {
            tracing::warn!(error = with_causes(&error), "a copy of the store's file alone is no backup");
        }
        let next = self.next_wake().await.ok();
        self.health.run(self.clock.now(), next, result.as_ref().err().map(|error| with_causes(error)));
        match &result {
            Ok(Pass { decided: 0, sent: 0, again: 0, dead: 0 }) => {}
            Ok(Pass { decided, sent, again, dead }) => tracing::info!(decided, sent, again, dead, "looked"),
            Err(error) => tracing::error!(error = with_causes(error), "the run failed"),
        }
        if result.is_ok()
            && let Some(address) = &self.agenda.school().settings.monitor.heartbeat
        {
            self.heartbeat.beat(address.clone());
        }
        result
    }

    /// Waits for the answer to the last heartbeat, where one is still to come, for a bounded time.
    pub async fn finish_heartbeat(&mut self, patience: Duration) {
        self.heartbeat.finish(patience).await;
    }

    /// Looks what is due and delivers everything that may go out now.
    ///
    /// # Errors
    /// When the store fails; what was done before is kept, what was not is done at the next pass.
    pub async fn pass(&mut self, observer: &mut dyn DeliveryObserver) -> Result<Pass, DaemonError> {
        if self.unsettled {
            let left = self.store.release_leases(&self.scope.organisation).await?;
            tracing::warn!(messages = left, "taking up messages that the failed run left half done");
        }
        self.unsettled = true;
        let pass = self.look_and_deliver(observer).await;
        join_all(self.channels.values().map(|channel| channel.close())).await;
        self.unsettled = pass.is_err();
        pass
    }

    async fn look_and_deliver(&mut self, observer: &mut dyn DeliveryObserver) -> Result<Pass, DaemonError> {
        self.bring_into_force().await?;
        let decided = self.look().await?;
        self.pace.remember(&self.store, &self.scope.organisation, &self.channels, self.clock.now()).await?;
        let mut counts = Counts::default();
        let mut given_up = Vec::new();
        self.deliver(observer, &mut counts, &mut given_up).await?;
        let mut alerts: Vec<Alert> = std::mem::take(&mut self.failed)
            .into_iter()
            .map(|(channel, reason)| Alert::ChannelFailed { channel, reason })
            .collect();
        if !given_up.is_empty() {
            alerts.push(Alert::Undeliverable { messages: given_up });
        }
        for alert in &alerts {
            self.alert(alert).await?;
        }
        if !alerts.is_empty() {
            // They go out now and not a minute later; what fails with them makes no further alert.
            self.deliver(observer, &mut counts, &mut Vec::new()).await?;
            self.failed.clear();
        }
        Ok(Pass { decided, sent: counts.sent, again: counts.again, dead: counts.dead })
    }

    async fn deliver(
        &mut self,
        observer: &mut dyn DeliveryObserver,
        counts: &mut Counts,
        given_up: &mut Vec<UndeliveredMessage>,
    ) -> Result<(), DeliveryError> {
        let delivery = Delivery {
            store: &self.store,
            clock: &self.clock,
            agenda: &self.agenda,
            composer: &self.composer,
            channels: &self.channels,
            paused: &mut self.paused,
            failed: &mut self.failed,
            pace: &mut self.pace,
        };
        let mut observer = Monitored { observer, health: &self.health };
        engine::deliver(delivery, &mut observer, counts, given_up).await
    }

    /// Brings the plan into force, where it is new, was accepted, or another due date was agreed.
    ///
    /// # Errors
    /// When the store fails; then what was in force stays so.
    pub async fn bring_into_force(&mut self) -> Result<(), DaemonError> {
        let agreed = accepted(self.store.time_requests(&self.scope).await?);
        let is_same = self.agreed.as_ref() == Some(&agreed);
        if is_same && self.waiting.is_none() {
            return Ok(());
        }
        let PlanInForce { school, waiting } =
            bring_into_force(&self.store, School::clone(&self.written), self.clock.now()).await?;
        if is_same && waiting == self.waiting {
            return Ok(());
        }
        if let Some(waiting) = &waiting {
            tracing::warn!("{waiting}");
        }
        self.waiting = waiting;
        self.agenda = Arc::new(Agenda::new(school));
        self.agreed = Some(agreed);
        self.next_look = None;
        self.show();
        Ok(())
    }

    /// Decides what is due, where anything can be.
    async fn look(&mut self) -> Result<usize, DaemonError> {
        let now = self.clock.now();
        let set_back = now < self.last_look;
        if !set_back && self.next_look.is_some_and(|next| now < next) {
            self.last_look = now;
            return Ok(0);
        }
        if set_back {
            tracing::warn!(now = %now, before = %self.last_look, "the clock was set back");
        }
        let looked = decide_due(&self.store, &self.agenda, now).await?;
        self.last_look = now;
        self.next_look = Some(self.agenda.next_look(now));
        if looked.messages + looked.skipped > 0 {
            tracing::info!(messages = looked.messages, skipped = looked.skipped, "decided what is due");
        }
        Ok(looked.messages)
    }

    /// Tells the admin of a failure; the same failure once a day.
    async fn alert(&self, alert: &Alert) -> Result<(), DaemonError> {
        let now = self.clock.now();
        let settings = &self.agenda.school().settings;
        let today = settings.date_of(now);
        let alerts = daily_alerts(self.agenda.school(), alert, today);
        Ok(self.store.put_alerts(&self.scope, &alerts, now).await?)
    }

    /// The next instant at which there is anything to do, as far as it is known now.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn next_wake(&self) -> Result<Timestamp, DaemonError> {
        let now = self.clock.now();
        let look = self.agenda.next_look(now);
        let delivery = self.store.next_delivery(&self.scope.organisation).await?;
        // What waits although its time has come waits for a channel.
        let soon = now.saturating_add(SignedDuration::from_mins(1)).unwrap_or(Timestamp::MAX);
        Ok(delivery.map_or(look, |delivery| look.min(delivery.max(soon))))
    }

    /// The plan and settings in force.
    #[must_use]
    pub fn agenda(&self) -> &Agenda {
        &self.agenda
    }

    /// The plan and settings as they were read.
    #[must_use]
    pub fn written(&self) -> &School {
        &self.written
    }

    /// Somebody who reads the answers of owners for this daemon.
    #[must_use]
    pub fn reader(&self) -> MailboxReader {
        MailboxReader::new(self.store.clone(), self.clock.clone())
    }

    /// Whose rows of the store are this daemon's.
    #[must_use]
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Its store.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }
}

/// Whoever observes deliveries, and those who watch the service.
struct Monitored<'a> {
    observer: &'a mut dyn DeliveryObserver,
    health: &'a ServiceHealth,
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
