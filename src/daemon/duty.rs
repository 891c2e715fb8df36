//! Whether the service works for its school or stands by, and the change from one to the other.
//!
//! Over a file it always works. Over a database it does while it has the lease: whatever it does for the school it does with a
//! store that writes nothing once another process has taken over, and what it had in hand ends with the lease. While it stands
//! by it serves the pages, sends nothing and reads no mailbox.

use std::sync::Arc;

use tokio::sync::watch;

use crate::app::plan_in_force::{PlanInForce, accepted, in_force};
use crate::school::School;
use crate::store::{Lease, Store, StoreError};
use crate::with_causes;

use super::owned_task::OwnedTask;
use super::stop::{STOP_PATIENCE, stop_deliveries};
use super::trouble::{Trouble, TroubleKind};
use super::wake_ups::WakeUps;
use super::worker::{Standing, Worker};
use super::{Daemon, DaemonError, mailbox, systemd};

/// What the service does for its school.
pub struct Duty<'w> {
    /// This process among others; `None` where it is the only one.
    worker: Option<&'w Worker>,
    /// The store of whoever stands by.
    store: Store,
    /// The lease by which it works.
    lease: Option<Lease>,
    mailbox: Option<Mailbox>,
    wake_ups: WakeUps,
}

/// The answers by mail, read beside the working loop.
struct Mailbox {
    reading: OwnedTask,
    /// The school whose answers they are.
    school: watch::Sender<Arc<School>>,
}

impl<'w> Duty<'w> {
    /// Takes up the work, or stands by.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn begin(
        daemon: &mut Daemon,
        worker: Option<&'w Worker>,
        wake_ups: WakeUps,
    ) -> Result<Self, DaemonError> {
        let store = daemon.store().clone();
        let mut duty = Self { worker, store, lease: None, mailbox: None, wake_ups };
        if let Some(Standing::AtWork(lease)) = worker.map(Worker::standing) {
            duty.take_up(daemon, lease).await?;
        }
        // Pages know tasks by the identities that they have in force.
        if duty.is_at_work() {
            daemon.bring_into_force().await?;
        } else {
            daemon.look_what_is_in_force().await?;
        }
        Ok(duty)
    }

    /// The store of the pages: what people answer counts whoever works for the school.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Whether it works for the school.
    #[must_use]
    pub fn is_at_work(&self) -> bool {
        self.worker.is_none() || self.lease.is_some()
    }

    /// Who does, where it stands by.
    #[must_use]
    pub fn at_work_elsewhere(&self) -> Option<String> {
        match self.worker?.standing() {
            Standing::StandsBy(who) => who,
            Standing::AtWork(_) => None,
        }
    }

    /// Whether it has the work by the store's word, and has not taken it up.
    #[must_use]
    pub fn has_work_to_take_up(&self) -> bool {
        let is_its = self.worker.is_some_and(|worker| matches!(worker.standing(), Standing::AtWork(_)));
        is_its && !self.is_at_work()
    }

    /// Begins to read the mailbox, where it works for the school and does not read it yet.
    pub(super) fn read_answers(&mut self, daemon: &Daemon) {
        if self.mailbox.is_some() || !self.is_at_work() {
            return;
        }
        let (school, in_force) = watch::channel(Arc::clone(&daemon.school.written));
        let (reader, answered) = (daemon.reader(), self.wake_ups.clone());
        let reading = OwnedTask::begin("mailbox", |stop| mailbox::read_answers(reader, in_force, answered, stop));
        self.mailbox = Some(Mailbox { reading, school });
    }

    /// Another version of the school is in force.
    pub(super) fn show(&self, daemon: &Daemon) {
        if let Some(Mailbox { school, .. }) = &self.mailbox {
            school.send_replace(Arc::clone(&daemon.school.written));
        }
    }

    /// Does what follows from who works for the school by now.
    pub async fn settle(&mut self, daemon: &mut Daemon) {
        let Some(worker) = self.worker else { return };
        if self.lease.as_ref().is_some_and(|lease| !lease.is_held()) {
            tracing::warn!("the store has not heard from this service for a minute: it lays down its work");
            self.lay_down(daemon).await;
        }
        if self.lease.is_some() {
            return;
        }
        if let Standing::AtWork(lease) = worker.standing()
            && lease.is_held()
            && let Err(error) = self.take_up(daemon, lease).await
        {
            tracing::error!(error = with_causes(&error), "the work cannot be taken up yet");
        }
    }

    async fn take_up(&mut self, daemon: &mut Daemon, lease: Lease) -> Result<(), StoreError> {
        daemon.take_up_work(self.store.holding(lease.clone())).await?;
        self.lease = Some(lease);
        Ok(())
    }

    /// Ends all that it does for the school: what was sent is recorded.
    async fn lay_down(&mut self, daemon: &mut Daemon) {
        tokio::join!(self.end_reading(), stop_deliveries(daemon));
        daemon.work_with(self.store.clone());
        self.lease = None;
    }

    /// Ends reading the mailbox.
    pub(super) async fn end_reading(&mut self) {
        if let Some(Mailbox { reading, .. }) = self.mailbox.take() {
            reading.stop(STOP_PATIENCE).await;
        }
    }
}

impl Daemon {
    /// Takes up the work for the school with a store that has the lease: what a process that is gone had claimed waits again.
    ///
    /// # Errors
    /// When the store fails, or another process has the work by now.
    pub async fn take_up_work(&mut self, store: Store) -> Result<(), StoreError> {
        self.release_claims(&store).await?;
        tracing::info!("this service works for the school");
        self.work_with(store);
        Ok(())
    }

    /// Has what a process that is gone had claimed in the store wait again. Nobody else may be at work on it.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn release_claims(&self, store: &Store) -> Result<(), StoreError> {
        let left = store.release_leases(&self.scope().organisation).await?;
        if left > 0 {
            tracing::warn!(messages = left, "taking up messages that another process left half done");
        }
        Ok(())
    }

    /// Takes up the plan as it is in force, and writes nothing.
    ///
    /// # Errors
    /// When the store fails; then what was in force stays so.
    pub(super) async fn look_what_is_in_force(&mut self) -> Result<(), StoreError> {
        let agreed = accepted(self.process.store.time_requests(self.scope()).await?);
        let written = School::clone(&self.school.written);
        let PlanInForce { school, waiting } = in_force(&self.process.store, written).await?;
        let is_same = self.school.agreed.as_ref() == Some(&agreed) && self.agenda().school().plan == school.plan;
        self.school.waiting = waiting;
        if !is_same {
            self.school.take_up(school, agreed);
            self.show();
        }
        Ok(())
    }

    /// Looks what is in force, and shows those who watch that the service stands by, and for whom.
    pub async fn stand_by(&mut self, who: Option<&str>) {
        let failure = self.look_what_is_in_force().await.err();
        let failure = failure.map(|error| Trouble::new(TroubleKind::RunFailed, with_causes(&error)));
        let troubles: Vec<Trouble> = failure.into_iter().collect();
        let said = who.map_or_else(|| "nobody is at work yet".to_owned(), |who| format!("{who} is at work"));
        systemd::standing_by(&said, &troubles);
        if self.process.health.stand_by(&said, &troubles) {
            tracing::info!("standing by: {said}");
        }
        for trouble in troubles.iter().filter(|trouble| !self.process.troubles.contains(trouble)) {
            tracing::warn!(trouble = trouble.to_string(), "something is wrong");
        }
        self.process.troubles = troubles;
    }
}
