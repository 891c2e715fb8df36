//! A pass: what is due is decided and delivered, and the admin told of what went wrong.

use std::sync::Arc;

use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};

use crate::app::decide_due::decide_due;
use crate::app::notes::daily_alerts;
use crate::app::plan_in_force::{PlanInForce, accepted, bring_into_force};
use crate::compose::Alert;
use crate::delivery::{Counts, DeliveryObserver, DeliveryReport};
use crate::school::School;

use super::monitor::Monitored;
use super::{Daemon, DaemonError};

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

impl Daemon {
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
    pub(super) async fn begin(&mut self, observer: &mut dyn DeliveryObserver) -> Result<(), DaemonError> {
        let now = self.process.clock.now();
        let mut observer = Monitored { observer, health: Arc::clone(&self.process.health) };
        self.process.engine.begin(now, &mut observer).await?;
        self.bring_into_force_at(now).await?;
        self.process.pass.decided += self.look(now).await?;
        Ok(())
    }

    /// Delivers everything that may go out now, and tells the admin of what went wrong.
    pub(super) async fn finish(&mut self, observer: &mut dyn DeliveryObserver) -> Result<Pass, DaemonError> {
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
        let DeliveryReport { counts, failed, given_up } = self.process.engine.report().clone();
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
    pub(super) async fn alert(&self, alert: &Alert) -> Result<(), DaemonError> {
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
}
