//! How others see that the service is well: `/healthz`, and `/metrics` in the text format of Prometheus (`OpenMetrics` 1.0).

use std::net::SocketAddr;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jiff::Timestamp;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};
use tokio::net::TcpListener;

use crate::clock::Clock;
use crate::delivery::{Delivered, DeliveryObserver};
use crate::net::http_server::{self, ConnectionLimits};
use crate::store::outbox::MessageState;
use crate::store::{Store, StoreError};
use crate::with_causes;

use super::owned_task::OwnedTask;
use super::systemd;
use super::trouble::{Trouble, TroubleKind};

/// Without a sign of life for so long the working loop hangs. It is also the patience of the service manager.
const PATIENCE: Duration = Duration::from_mins(40);

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct DeliveryLabels {
    channel: String,
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RunLabels {
    result: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct QueueLabels {
    state: &'static str,
}

type Seconds = Gauge<f64, AtomicU64>;

/// How the working loop is doing, for those who watch it.
#[derive(Debug, Default)]
pub(super) struct ServiceHealth {
    deliveries: Family<DeliveryLabels, Counter>,
    runs: Family<RunLabels, Counter>,
    last_run: Seconds,
    next_run: Seconds,
    liveness: Mutex<Liveness>,
}

/// Whether the loop lives, and how its last run ended.
#[derive(Debug, Default)]
struct Liveness {
    /// When it last showed that it lives.
    sign: Option<Instant>,
    /// What was wrong when the last run ended.
    troubles: Vec<Trouble>,
    /// Who works for the school, where this service stands by.
    standing_by: Option<String>,
}

impl ServiceHealth {
    /// The working loop is alive.
    pub(super) fn alive(&self) {
        self.liveness.lock().unwrap_or_else(PoisonError::into_inner).sign = Some(Instant::now());
    }

    /// A channel was given a message, and this came of it.
    pub(super) fn delivery(&self, channel: &str, outcome: &'static str) {
        self.deliveries.get_or_create(&DeliveryLabels { channel: channel.to_owned(), outcome }).inc();
    }

    /// A run has ended; the next is at `next`, as far as it is known.
    pub(super) fn run(&self, now: Timestamp, next: Option<Timestamp>, troubles: &[Trouble]) {
        let result = if troubles.is_empty() { "good" } else { "bad" };
        self.runs.get_or_create(&RunLabels { result }).inc();
        self.last_run.set(seconds(now));
        if let Some(next) = next {
            self.next_run.set(seconds(next));
        }
        let mut liveness = self.liveness.lock().unwrap_or_else(PoisonError::into_inner);
        liveness.sign = Some(Instant::now());
        liveness.troubles = troubles.to_vec();
        liveness.standing_by = None;
    }

    /// The service stands by, for whom that says. Returns whether that is news.
    pub(super) fn stand_by(&self, who: &str, troubles: &[Trouble]) -> bool {
        let mut liveness = self.liveness.lock().unwrap_or_else(PoisonError::into_inner);
        liveness.sign = Some(Instant::now());
        liveness.troubles = troubles.to_vec();
        liveness.standing_by.replace(who.to_owned()).is_none_or(|before| before != who)
    }

    /// Who works for the school, where this service stands by.
    fn standing_by(&self) -> Option<String> {
        self.liveness.lock().unwrap_or_else(PoisonError::into_inner).standing_by.clone()
    }

    /// What is wrong now.
    fn troubles(&self) -> Vec<Trouble> {
        let liveness = self.liveness.lock().unwrap_or_else(PoisonError::into_inner);
        match liveness.sign {
            None => vec![Trouble::new(TroubleKind::Starting, "no run has ended yet")],
            Some(sign) if sign.elapsed() > PATIENCE => {
                let detail = format!("no sign of life for {} minutes", sign.elapsed().as_secs() / 60);
                vec![Trouble::new(TroubleKind::Hangs, detail)]
            }
            Some(_) => liveness.troubles.clone(),
        }
    }
}

fn seconds(at: Timestamp) -> f64 {
    at.as_duration().as_secs_f64()
}

/// Whoever observes deliveries, and those who watch the service.
pub(super) struct Monitored<'a> {
    pub(super) observer: &'a mut dyn DeliveryObserver,
    pub(super) health: Arc<ServiceHealth>,
}

impl DeliveryObserver for Monitored<'_> {
    fn delivered(&mut self, delivered: &Delivered<'_>) -> std::io::Result<()> {
        self.observer.delivered(delivered)
    }

    fn attempted(&mut self, channel: &str, outcome: &'static str) {
        self.health.delivery(channel, outcome);
        self.observer.attempted(channel, outcome);
    }

    fn recorded(&mut self) {
        systemd::alive();
        self.health.alive();
        self.observer.recorded();
    }
}

/// Where the monitor's answers come from.
#[derive(Clone)]
struct MonitorState {
    health: Arc<ServiceHealth>,
    store: Store,
    organisation: String,
}

/// Begins to serve `/healthz` and `/metrics`.
///
/// # Errors
/// When the address cannot be had.
pub(super) async fn serve(
    listen: SocketAddr,
    health: Arc<ServiceHealth>,
    store: Store,
    organisation: String,
) -> std::io::Result<OwnedTask> {
    let listener = TcpListener::bind(listen).await?;
    tracing::info!(address = %listener.local_addr()?, "serving /healthz and /metrics");
    let state = MonitorState { health, store, organisation };
    let router = Router::new().route("/healthz", get(healthz)).route("/metrics", get(metrics)).with_state(state);
    let limits = ConnectionLimits::default();
    Ok(OwnedTask::begin("monitor", |stop| http_server::serve(listener, router, limits, stop)))
}

async fn healthz(State(state): State<MonitorState>) -> Response {
    let troubles = state.health.troubles();
    if troubles.is_empty() {
        let standing_by = state.health.standing_by();
        let said = standing_by.map_or_else(|| "ok\n".to_owned(), |who| format!("ok, standing by: {who}\n"));
        return (StatusCode::OK, said).into_response();
    }
    let lines: Vec<String> = troubles.iter().map(Trouble::to_string).collect();
    (StatusCode::SERVICE_UNAVAILABLE, lines.join("\n") + "\n").into_response()
}

async fn metrics(State(state): State<MonitorState>) -> Response {
    let queue = match QueueGauges::read(&state.store, &state.organisation).await {
        Ok(queue) => queue,
        Err(error) => return (StatusCode::SERVICE_UNAVAILABLE, format!("{}\n", with_causes(&error))).into_response(),
    };
    let mut text = String::new();
    if let Err(error) = encode(&mut text, &registry(&state.health, queue)) {
        return (StatusCode::INTERNAL_SERVER_ERROR, format!("{error}\n")).into_response();
    }
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

/// The outbox in figures, as it is now.
#[derive(Default)]
struct QueueGauges {
    /// How many messages are in each state.
    messages: Family<QueueLabels, Gauge>,
    /// How long the oldest message that is not sent yet has waited.
    oldest_waiting: Seconds,
    /// How many messages wait for more than an hour beyond their time.
    late: Gauge,
}

impl QueueGauges {
    async fn read(store: &Store, organisation: &str) -> Result<Self, StoreError> {
        let gauges = Self::default();
        gauges.late.set(store.late(organisation, Clock::System.now()).await?);
        for counted in store.queue(organisation).await? {
            if counted.state != MessageState::Dead {
                let age = Clock::System.now().duration_since(counted.oldest).as_secs_f64();
                gauges.oldest_waiting.set(gauges.oldest_waiting.get().max(age));
            }
            gauges.messages.get_or_create(&QueueLabels { state: counted.state.as_str() }).set(counted.messages);
        }
        Ok(gauges)
    }
}

/// Everything that `/metrics` shows, with its name, its help and its unit.
fn registry(health: &ServiceHealth, queue: QueueGauges) -> Registry {
    let mut registry = Registry::with_prefix("nhacviec");
    registry.register("messages", "Messages in the outbox that are not over, by state", queue.messages);
    registry.register_with_unit(
        "oldest_waiting",
        "How long the oldest message that is not sent yet has waited",
        Unit::Seconds,
        queue.oldest_waiting,
    );
    registry.register("late_messages", "Messages that wait for more than an hour beyond their time", queue.late);
    registry.register("deliveries", "Attempts to deliver by channel and outcome", health.deliveries.clone());
    registry.register("runs", "Runs of the working loop by result", health.runs.clone());
    registry.register_with_unit(
        "last_run_timestamp",
        "When the last run ended",
        Unit::Seconds,
        health.last_run.clone(),
    );
    registry.register_with_unit(
        "next_run_timestamp",
        "When there is next anything to do, as far as it is known",
        Unit::Seconds,
        health.next_run.clone(),
    );
    registry
}
