//! How others see that the service is well: `/healthz`, `/metrics` in the text format of Prometheus (`OpenMetrics` 1.0), and
//! a heartbeat to an outside watcher.

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
use secrecy::{ExposeSecret, SecretString};
use tokio::net::TcpListener;

use crate::net::http;
use crate::store::Store;
use crate::store::outbox::MessageState;
use crate::with_causes;

/// Without a sign of life for so long the working loop hangs. It is also the patience of the service manager.
const PATIENCE: Duration = Duration::from_mins(40);
/// How long the outside watcher may take to answer.
const HEARTBEAT: Duration = Duration::from_secs(10);

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Delivery {
    channel: String,
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Run {
    result: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Queue {
    state: &'static str,
}

type Seconds = Gauge<f64, AtomicU64>;

/// What the working loop shows of itself.
#[derive(Debug, Default)]
pub(super) struct Monitor {
    deliveries: Family<Delivery, Counter>,
    runs: Family<Run, Counter>,
    last_run: Seconds,
    next_run: Seconds,
    life: Mutex<Life>,
}

/// Whether the loop lives, and how its last run ended.
#[derive(Debug, Default)]
struct Life {
    /// When it last showed that it lives.
    sign: Option<Instant>,
    /// What went wrong in the last run.
    trouble: Option<String>,
}

impl Monitor {
    /// The working loop is alive.
    pub(super) fn alive(&self) {
        self.life.lock().unwrap_or_else(PoisonError::into_inner).sign = Some(Instant::now());
    }

    /// A channel was given a message, and this came of it.
    pub(super) fn delivery(&self, channel: &str, outcome: &'static str) {
        self.deliveries.get_or_create(&Delivery { channel: channel.to_owned(), outcome }).inc();
    }

    /// A run has ended; the next is at `next`, as far as it is known.
    pub(super) fn run(&self, now: Timestamp, next: Option<Timestamp>, trouble: Option<String>) {
        let result = if trouble.is_none() { "good" } else { "failed" };
        self.runs.get_or_create(&Run { result }).inc();
        self.last_run.set(seconds(now));
        if let Some(next) = next {
            self.next_run.set(seconds(next));
        }
        let mut life = self.life.lock().unwrap_or_else(PoisonError::into_inner);
        life.sign = Some(Instant::now());
        life.trouble = trouble;
    }

    /// What is wrong, where anything is.
    fn trouble(&self) -> Option<String> {
        let life = self.life.lock().unwrap_or_else(PoisonError::into_inner);
        match life.sign {
            None => Some("no run has ended yet".to_owned()),
            Some(sign) if sign.elapsed() > PATIENCE => {
                Some(format!("no sign of life for {} minutes", sign.elapsed().as_secs() / 60))
            }
            Some(_) => life.trouble.clone(),
        }
    }
}

fn seconds(at: Timestamp) -> f64 {
    at.as_duration().as_secs_f64()
}

/// What the pages are made of.
#[derive(Clone)]
struct Pages {
    monitor: Arc<Monitor>,
    store: Store,
    organisation: String,
}

/// Serves `/healthz` and `/metrics` until the runtime ends.
///
/// # Errors
/// When the address cannot be had.
pub(super) async fn serve(
    listen: SocketAddr,
    monitor: Arc<Monitor>,
    store: Store,
    organisation: String,
) -> std::io::Result<()> {
    let listener = TcpListener::bind(listen).await?;
    let pages = Pages { monitor, store, organisation };
    let router = Router::new().route("/healthz", get(healthz)).route("/metrics", get(metrics)).with_state(pages);
    tracing::info!(address = %listener.local_addr()?, "serving /healthz and /metrics");
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router).await {
            tracing::error!(error = with_causes(&error), "the pages for watchers have ended");
        }
    });
    Ok(())
}

async fn healthz(State(pages): State<Pages>) -> Response {
    match pages.monitor.trouble() {
        None => (StatusCode::OK, "ok\n").into_response(),
        Some(trouble) => (StatusCode::SERVICE_UNAVAILABLE, format!("{trouble}\n")).into_response(),
    }
}

async fn metrics(State(pages): State<Pages>) -> Response {
    let Pages { monitor, store, organisation } = pages;
    let counted = match store.queue(&organisation).await {
        Ok(counted) => counted,
        Err(error) => return (StatusCode::SERVICE_UNAVAILABLE, format!("{}\n", with_causes(&error))).into_response(),
    };
    let messages: Family<Queue, Gauge> = Family::default();
    let waiting = Seconds::default();
    for state in &counted {
        let queue = Queue { state: state.state.as_str() };
        messages.get_or_create(&queue).set(state.messages);
        if state.state != MessageState::Dead {
            let age = Timestamp::now().duration_since(state.oldest).as_secs_f64();
            waiting.set(waiting.get().max(age));
        }
    }
    let mut registry = Registry::with_prefix("nhacviec");
    registry.register("messages", "Messages in the outbox that are not over, by state", messages);
    registry.register_with_unit(
        "oldest_waiting",
        "How long the oldest message that is not sent yet has waited",
        Unit::Seconds,
        waiting,
    );
    registry.register("deliveries", "Attempts to deliver by channel and outcome", monitor.deliveries.clone());
    registry.register("runs", "Runs of the working loop by result", monitor.runs.clone());
    registry.register_with_unit(
        "last_run_timestamp",
        "When the last run ended",
        Unit::Seconds,
        monitor.last_run.clone(),
    );
    registry.register_with_unit(
        "next_run_timestamp",
        "When there is next anything to do, as far as it is known",
        Unit::Seconds,
        monitor.next_run.clone(),
    );
    let mut text = String::new();
    if let Err(error) = encode(&mut text, &registry) {
        return (StatusCode::INTERNAL_SERVER_ERROR, format!("{error}\n")).into_response();
    }
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

/// Tells an outside watcher that a run was good. That it did not come is the watcher's to notice; this side only logs it.
pub(super) async fn heartbeat(address: SecretString) {
    let asked = async {
        let client = http::client(0, None)?;
        let answer = client.get(address.expose_secret()).timeout(HEARTBEAT).send().await;
        let answer = answer.and_then(reqwest::Response::error_for_status);
        answer.map(drop).map_err(|error| with_causes(&error.without_url()))
    };
    if let Err(reason) = asked.await {
        tracing::warn!(reason, "the outside watcher did not take the heartbeat");
    }
}
