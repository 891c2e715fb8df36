//! The pages on which people answer without an account: each behind a signed link, in the school's language, without
//! scripts. To look at a page changes nothing; only what a form posts does.
//!
//! - [`serve`]: binds and serves while the daemon runs; the key of the links is [`link::key`](crate::link::key)'s.
//! - `limit`: how often somebody may ask; `guard`: what holds for every request and every answer.
//! - `session`: whom a link is for and what it may see.
//! - [`form`]: forms as browsers post them; `upload_memory`: the memory that they may take up.
//! - `answer`, `decide`, `overview`, `status`, `calendar`: a page each.
//!
//! Connections are [`net`](crate::net)'s, what pages say is [`compose`](crate::compose)'s, and what follows from an answer
//! is [`app`](crate::app)'s.

mod answer;
mod calendar;
mod decide;
mod direct;
pub mod form;
mod guard;
mod limit;
mod overview;
mod session;
mod status;
mod time_form;
mod upload_memory;

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::app::try_connections::ROBOTS;
use crate::clock::Clock;
use crate::compose::{ComposeError, NoticePage, Page};
use crate::daemon::{InForce, OwnedTask, WakeUps};
use crate::net::http_server::{ConnectionLimits, Connections};
use crate::store::{Store, StoreError};
use crate::with_causes;

use limit::{Buckets, RateLimit};
use session::LinkIndex;
use upload_memory::{MemoryFull, UploadMemory};

/// What one address may ask without a link that holds.
const PER_ADDRESS: RateLimit = RateLimit { most: 240, refill: Duration::from_millis(500) };
/// What may be asked with one link.
const PER_LINK: RateLimit = RateLimit { most: 60, refill: Duration::from_secs(2) };
/// A request with a link that does not hold counts as this many.
const COST_OF_A_MISS: u32 = 8;

/// The pages cannot be served.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {listen}, the `listen` of [web]; does another program?")]
pub struct WebError {
    listen: SocketAddr,
    #[source]
    source: std::io::Error,
}

/// What all pages share.
#[derive(Debug)]
struct WebState {
    /// The plan and settings in force, replaced by the daemon.
    in_force: watch::Receiver<InForce>,
    /// Whom and what links stand for, made anew when the plan or the settings were replaced.
    index: Mutex<Option<Arc<LinkIndex>>>,
    store: Store,
    clock: Clock,
    /// Wakes the daemon, so that what follows from an answer goes out at once.
    wake_ups: WakeUps,
    addresses: Mutex<Buckets<IpAddr>>,
    links: Mutex<Buckets<String>>,
    upload_memory: UploadMemory,
}

/// Begins to serve the pages where the settings in force ask for them, and goes on as they change.
///
/// # Errors
/// When the address cannot be had.
pub async fn serve(
    in_force: watch::Receiver<InForce>,
    store: Store,
    clock: Clock,
    wake_ups: WakeUps,
) -> Result<OwnedTask, WebError> {
    let listening = match wanted(&in_force) {
        Some(wanted) => Some(Listening::at(wanted).await?),
        None => None,
    };
    let state = Arc::new(WebState {
        in_force: in_force.clone(),
        index: Mutex::default(),
        store,
        clock,
        wake_ups,
        addresses: Mutex::new(Buckets::new(PER_ADDRESS)),
        links: Mutex::new(Buckets::new(PER_LINK)),
        upload_memory: UploadMemory::default(),
    });
    let connections = Connections::new(router(state), ConnectionLimits::default());
    Ok(OwnedTask::begin("pages", |stop| keep_serving(in_force, listening, connections, stop)))
}

/// Where the settings in force ask for pages.
fn wanted(in_force: &watch::Receiver<InForce>) -> Option<SocketAddr> {
    in_force.borrow().agenda.school().settings.site.as_ref().map(|site| site.listen)
}

/// An address that is listened on.
struct Listening {
    /// As the settings name it.
    address: SocketAddr,
    listener: TcpListener,
}

impl Listening {
    async fn at(address: SocketAddr) -> Result<Self, WebError> {
        let failed = |source| WebError { listen: address, source };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        tracing::info!(address = %listener.local_addr().map_err(failed)?, "serving the pages");
        Ok(Self { address, listener })
    }
}

/// Serves on what the settings in force name, and moves when they name another address, until `stop`. Connections outlast
/// a move: whoever is sending a form goes on.
async fn keep_serving(
    mut in_force: watch::Receiver<InForce>,
    mut listening: Option<Listening>,
    mut connections: Connections,
    stop: CancellationToken,
) {
    loop {
        let next_connection = async {
            match &listening {
                Some(Listening { listener, .. }) => connections.take(listener).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = stop.cancelled() => break,
            changed = in_force.changed() => if changed.is_err() { break },
            () = next_connection => continue,
        }
        let wanted = wanted(&in_force);
        if wanted == listening.as_ref().map(|listening| listening.address) {
            continue;
        }
        // Closed before the next is opened: both may be of one port.
        drop(listening.take());
        if let Some(wanted) = wanted {
            match Listening::at(wanted).await {
                Ok(bound) => listening = Some(bound),
                Err(error) => tracing::error!(error = with_causes(&error), "the pages are not served"),
            }
        }
    }
    drop(listening);
    connections.finish().await;
}

fn router(state: Arc<WebState>) -> Router {
    Router::new()
        .route("/", get(home))
        .route("/favicon.ico", get(StatusCode::NO_CONTENT))
        .route("/robots.txt", get(robots))
        .route("/a/{token}", get(answer::show).post(answer::take_report))
        .route("/a/{token}/time", post(answer::take_time_request).get(answer::back))
        .route("/a/{token}/direct", post(direct::take).get(answer::back))
        .route("/a/{token}/{form}", get(answer::taken))
        .route("/m/{token}", get(overview::show))
        .route("/d/{token}", get(decide::show).post(decide::take))
        .route("/s/{token}", get(status::show))
        .route("/s/{token}/{code}", get(status::download))
        .route("/calendar/{file}", get(calendar::feed))
        .fallback(no_such_page)
        .method_not_allowed_fallback(no_such_method)
        .layer(middleware::from_fn_with_state(Arc::clone(&state), guard::admit))
        .with_state(state)
}

async fn home(State(web): State<Arc<WebState>>) -> Response {
    web.notice(NoticePage::Home, StatusCode::OK)
}

async fn robots() -> Response {
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], ROBOTS).into_response()
}

async fn no_such_page(State(web): State<Arc<WebState>>) -> Response {
    web.respond(Err(Refusal::Gone))
}

async fn no_such_method(State(web): State<Arc<WebState>>) -> Response {
    web.notice(NoticePage::Method, StatusCode::METHOD_NOT_ALLOWED)
}

/// Why a page is not shown.
#[derive(Debug)]
enum Refusal {
    /// The link does not hold.
    Gone,
    /// It was asked too often.
    Busy(Duration),
    /// The program failed.
    Broken(String),
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Broken(with_causes(&error))
    }
}

impl From<MemoryFull> for Refusal {
    fn from(_: MemoryFull) -> Self {
        Self::Busy(MemoryFull::WAIT)
    }
}

impl From<ComposeError> for Refusal {
    fn from(error: ComposeError) -> Self {
        Self::Broken(with_causes(&error))
    }
}

impl WebState {
    /// Whom and what links stand for, by the plan and settings in force; `None` where links are not made.
    fn index(&self) -> Option<Arc<LinkIndex>> {
        let in_force = self.in_force.borrow().clone();
        let mut kept = self.index.lock().unwrap_or_else(PoisonError::into_inner);
        match kept.as_ref() {
            Some(index) if index.is_of(&in_force) => {}
            _ => *kept = LinkIndex::new(in_force).map(Arc::new),
        }
        kept.clone()
    }

    /// A page, or a notice in its place.
    fn respond(&self, result: Result<Response, Refusal>) -> Response {
        match result {
            Ok(response) => response,
            Err(Refusal::Gone) => self.notice(NoticePage::Gone, StatusCode::NOT_FOUND),
            Err(Refusal::Busy(wait)) => {
                let seconds = (wait.as_secs() + 1).to_string();
                let notice = self.notice(NoticePage::Busy, StatusCode::TOO_MANY_REQUESTS);
                ([(header::RETRY_AFTER, seconds)], notice).into_response()
            }
            Err(Refusal::Broken(error)) => {
                tracing::error!(error, "a page could not be shown");
                self.notice(NoticePage::Broken, StatusCode::SERVICE_UNAVAILABLE)
            }
        }
    }

    /// A few words to whoever has no link that holds.
    fn notice(&self, notice: NoticePage, status: StatusCode) -> Response {
        let in_force = self.in_force.borrow().clone();
        let school = in_force.agenda.school();
        let now = school.settings.local(self.clock.now());
        match in_force.composer.page(&Page::notice(school, notice, &now)) {
            Ok(html) => page(status, html),
            Err(error) => {
                tracing::error!(error = with_causes(&error), "a page could not be shown");
                StatusCode::SERVICE_UNAVAILABLE.into_response()
            }
        }
    }
}

/// A page as a response.
fn page(status: StatusCode, html: String) -> Response {
    (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response()
}

/// Sends a browser on to a page of ours, which it asks for with GET.
fn see_other(path: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, path)]).into_response()
}

/// The words of a query by name; of two with one name the first counts.
fn query(raw: Option<&str>) -> HashMap<String, String> {
    let mut words = HashMap::new();
    for (name, value) in url::form_urlencoded::parse(raw.unwrap_or_default().as_bytes()) {
        words.entry(name.into_owned()).or_insert_with(|| value.into_owned());
    }
    words
}

/// The token in a path, as it was written.
type TokenPath = Path<String>;
