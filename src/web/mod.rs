//! The pages on which people answer without an account: each behind a signed link, in the school's language, without
//! scripts. To look at a page changes nothing; only what a form posts does.
//!
//! - [`serve`]: binds and serves while the daemon runs; [`key`] keeps what links are signed with.
//! - `server`: connections and their time; `limit`: how often somebody may ask; `guard`: what holds for every answer.
//! - `visit`: whom a link is for and what it may see.
//! - [`form`]: forms as browsers post them; `room`: the memory that they may take up.
//! - `answer`, `decide`, `overview`, `status`, `calendar`: a page each.
//!
//! What pages say is `message`'s; what follows from an answer is `daemon::intake`'s.

mod answer;
mod calendar;
mod decide;
pub mod form;
mod guard;
pub mod key;
mod limit;
mod overview;
mod server;
mod session;
mod status;
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
use tokio::sync::{mpsc, watch};

use crate::clock::Clock;
use crate::compose::{ComposeError, Page, Said};
use crate::daemon::InForce;
use crate::store::{Store, StoreError};
use crate::with_causes;

use limit::{Buckets, Rule};
use server::Patience;
use session::Ground;
pub(crate) use session::oversees;
use upload_memory::{Full, Room};

/// What one address may ask: a whole school often has one.
const PER_ADDRESS: Rule = Rule { most: 240, refill: Duration::from_millis(500) };
/// What may be asked with one link.
const PER_LINK: Rule = Rule { most: 60, refill: Duration::from_secs(2) };
/// A link that does not hold counts as so many requests.
const COST_OF_A_MISS: u32 = 8;

/// The pages cannot be served.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {listen}, the `listen` of [web]; does another program?")]
pub struct WebError {
    listen: SocketAddr,
    #[source]
    source: std::io::Error,
}

/// What the pages work with.
#[derive(Debug)]
struct Desk {
    /// The plan and settings in force, replaced by the daemon.
    in_force: watch::Receiver<InForce>,
    /// The same with everybody's tags, made anew when it was replaced.
    ground: Mutex<Option<Arc<Ground>>>,
    store: Store,
    clock: Clock,
    /// Wakes the daemon, so that what follows from an answer goes out at once.
    wake: mpsc::Sender<()>,
    addresses: Mutex<Buckets<IpAddr>>,
    links: Mutex<Buckets<String>>,
    room: Room,
}

type Web = Arc<Desk>;

/// Serves the pages where the settings in force ask for them, and goes on as they change. Returns what it listens on;
/// serving ends with the runtime.
///
/// # Errors
/// When the address cannot be had.
pub async fn serve(
    in_force: watch::Receiver<InForce>,
    store: Store,
    clock: Clock,
    wake: mpsc::Sender<()>,
) -> Result<Option<SocketAddr>, WebError> {
    let desk = Arc::new(Desk {
        ground: Mutex::default(),
        store,
        clock,
        wake,
        addresses: Mutex::new(Buckets::new(PER_ADDRESS)),
        links: Mutex::new(Buckets::new(PER_LINK)),
        room: Room::default(),
        in_force: in_force.clone(),
    });
    let wanted = wanted(&in_force);
    let listener = match wanted {
        Some(listen) => Some(bind(listen).await?),
        None => None,
    };
    let address = listener.as_ref().and_then(|listener| listener.local_addr().ok());
    tokio::spawn(keep_serving(in_force, router(desk), listener, wanted));
    Ok(address)
}

fn wanted(in_force: &watch::Receiver<InForce>) -> Option<SocketAddr> {
    in_force.borrow().agenda.school().settings.site.as_ref().map(|site| site.listen)
}

async fn bind(listen: SocketAddr) -> Result<TcpListener, WebError> {
    let listener = TcpListener::bind(listen).await.map_err(|source| WebError { listen, source })?;
    if let Ok(address) = listener.local_addr() {
        tracing::info!(%address, "serving the pages");
    }
    Ok(listener)
}

/// Serves on what the settings in force name, and moves when they name another address.
async fn keep_serving(
    mut in_force: watch::Receiver<InForce>,
    router: Router,
    mut listener: Option<TcpListener>,
    mut listening: Option<SocketAddr>,
) {
    let mut serving: Option<tokio::task::JoinHandle<()>> = None;
    loop {
        if let Some(listener) = listener.take() {
            serving = Some(tokio::spawn(server::serve(listener, router.clone(), Patience::default())));
        }
        if in_force.changed().await.is_err() {
            // The daemon is gone, and this with it.
            return;
        }
        let wanted = wanted(&in_force);
        if wanted == listening {
            continue;
        }
        if let Some(serving) = serving.take() {
            serving.abort();
        }
        listening = wanted;
        if let Some(listen) = wanted {
            match bind(listen).await {
                Ok(bound) => listener = Some(bound),
                Err(error) => tracing::error!(error = with_causes(&error), "the pages are not served"),
            }
        }
    }
}

fn router(desk: Web) -> Router {
    Router::new()
        .route("/", get(home))
        .route("/favicon.ico", get(StatusCode::NO_CONTENT))
        .route("/robots.txt", get(robots))
        .route("/a/{token}", get(answer::show).post(answer::take))
        .route("/a/{token}/time", post(answer::take_time).get(answer::back))
        .route("/a/{token}/{form}", get(answer::taken))
        .route("/m/{token}", get(overview::show))
        .route("/d/{token}", get(decide::show).post(decide::take))
        .route("/s/{token}", get(status::show))
        .route("/s/{token}/{code}", get(status::download))
        .route("/calendar/{file}", get(calendar::feed))
        .fallback(nowhere)
        .method_not_allowed_fallback(not_so)
        .layer(middleware::from_fn_with_state(Arc::clone(&desk), guard::admit))
        .with_state(desk)
}

async fn home(State(web): State<Web>) -> Response {
    web.said(Said::Home, StatusCode::OK)
}

async fn robots() -> Response {
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], "User-agent: *\nDisallow: /\n").into_response()
}

async fn nowhere(State(web): State<Web>) -> Response {
    web.respond(Err(Refusal::Gone))
}

async fn not_so(State(web): State<Web>) -> Response {
    web.said(Said::Method, StatusCode::METHOD_NOT_ALLOWED)
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

impl From<Full> for Refusal {
    fn from(_: Full) -> Self {
        Self::Busy(Full::WAIT)
    }
}

impl From<ComposeError> for Refusal {
    fn from(error: ComposeError) -> Self {
        Self::Broken(with_causes(&error))
    }
}

impl Desk {
    /// The plan and settings in force with everybody's tags; `None` where links are not made.
    fn ground(&self) -> Option<Arc<Ground>> {
        let in_force = self.in_force.borrow().clone();
        let mut kept = self.ground.lock().unwrap_or_else(PoisonError::into_inner);
        match kept.as_ref() {
            Some(ground) if ground.is_of(&in_force) => {}
            _ => *kept = Ground::new(in_force).map(Arc::new),
        }
        kept.clone()
    }

    /// Lets the daemon look at once.
    fn wake(&self) {
        // A wake-up that nobody has taken yet is as good as two.
        let _ = self.wake.try_send(());
    }

    /// A page or what is said instead.
    fn respond(&self, result: Result<Response, Refusal>) -> Response {
        match result {
            Ok(response) => response,
            Err(Refusal::Gone) => self.said(Said::Gone, StatusCode::NOT_FOUND),
            Err(Refusal::Busy(wait)) => {
                let seconds = (wait.as_secs() + 1).to_string();
                let said = self.said(Said::Busy, StatusCode::TOO_MANY_REQUESTS);
                ([(header::RETRY_AFTER, seconds)], said).into_response()
            }
            Err(Refusal::Broken(error)) => {
                tracing::error!(error, "a page could not be shown");
                self.said(Said::Broken, StatusCode::SERVICE_UNAVAILABLE)
            }
        }
    }

    fn said(&self, said: Said, status: StatusCode) -> Response {
        let in_force = self.in_force.borrow().clone();
        let school = in_force.agenda.school();
        let now = self.clock.now().to_zoned_datetime(school.settings.time_zone.clone());
        match in_force.composer.page(&Page::said(school, said, &now)) {
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

/// The token in a path, and what may stand behind it.
type Token = Path<String>;
