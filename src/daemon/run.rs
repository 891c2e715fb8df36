//! A run: a pass that is logged, and shown to those who watch the service.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::delivery::DeliveryObserver;
use crate::with_causes;

use super::monitor::Monitored;
use super::trouble::{Trouble, TroubleKind};
use super::{Daemon, DaemonError, Pass, systemd};

/// A run that lasts longer looks again after so long.
const TURN: Duration = Duration::from_mins(1);

impl Daemon {
    /// One step of the service: looks what is due and delivers what may go out, for a minute at most; what is slower goes
    /// on in the next step. Returns when that is to be, unless something happens before.
    ///
    /// # Errors
    /// When the store fails; what was done before is kept, what was not is done at the next step.
    pub async fn step(&mut self, observer: &mut dyn DeliveryObserver) -> Result<Timestamp, DaemonError> {
        self.begin(observer).await?;
        match tokio::time::timeout(TURN, self.finish(observer)).await {
            Ok(finished) => {
                finished?;
                self.next_wake().await
            }
            Err(_) => Ok(self.process.clock.now()),
        }
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
    pub(super) async fn begin_run(&mut self) -> bool {
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
    pub(super) async fn finish_run(&mut self) {
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
            self.keep_in_order().await;
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
        let troubles = self.find_troubles(failure).await;
        self.process.health.run(self.process.clock.now(), next, &troubles);
        systemd::status(&troubles);
        for trouble in troubles.iter().filter(|trouble| !self.process.troubles.contains(trouble)) {
            tracing::warn!(trouble = trouble.to_string(), "something is wrong");
        }
        if troubles.is_empty()
            && let Some(address) = self.agenda().school().settings.monitor.heartbeat.clone()
        {
            self.process.heartbeat.beat(address);
        }
        self.process.troubles = troubles;
    }

    /// What is wrong by now, as those who watch hear it after a run; `failure` is why that failed.
    pub async fn find_troubles(&self, failure: Option<String>) -> Vec<Trouble> {
        let engine = &self.process.engine;
        let failed = engine.failing_channels().map(|(channel, reason)| {
            Trouble::new(TroubleKind::ChannelFailed, format!("the channel `{channel}` cannot deliver: {reason}"))
        });
        let silent = engine.silent_channels().map(|channel| {
            let detail = format!("the channel `{channel}` takes messages and answers nothing");
            Trouble::new(TroubleKind::ChannelSilent, detail)
        });
        let now = self.process.clock.now();
        let (late, failure) = match self.process.store.late(&self.scope().organisation, now).await {
            Ok(late) => (late, failure),
            // Where the run went well before the store failed, that is what is wrong; nobody can count what is late then.
            Err(error) => (0, failure.or_else(|| Some(with_causes(&error)))),
        };
        let detail = "messages wait for more than an hour beyond their time; `outbox list --why` tells which";
        let late = (late > 0).then(|| Trouble::new(TroubleKind::MessagesLate, detail));
        let failure = failure.map(|failure| Trouble::new(TroubleKind::RunFailed, failure));
        failure.into_iter().chain(failed).chain(silent).chain(late).collect()
    }

    /// What was wrong when the last run ended.
    #[must_use]
    pub fn troubles(&self) -> &[Trouble] {
        &self.process.troubles
    }

    /// Waits for the answer to the last heartbeat, where one is still to come, for a bounded time.
    pub async fn finish_heartbeat(&mut self, patience: Duration) {
        self.process.heartbeat.finish(patience).await;
    }
}
