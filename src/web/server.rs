//! Connections: how many there may be, and how long anybody may take. Knows nothing of pages.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use super::limit::household;

/// Connections at once in all.
const CONNECTIONS: usize = 512;
/// After a failure to take a connection: files have run out, as a rule.
const RECOVERY: Duration = Duration::from_millis(200);
/// No head of a request is larger, in bytes.
const LARGEST_HEAD: usize = 16 << 10;

/// How long anybody may take, and how many connections they may have.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// For the head of a request, and until the next one on the same connection.
    pub(super) head: Duration,
    /// For a connection in all: a large file over a slow line.
    pub(super) whole: Duration,
    /// Connections of one household.
    pub(super) connections: usize,
}

impl Default for Patience {
    fn default() -> Self {
        Self { head: Duration::from_secs(10), whole: Duration::from_mins(10), connections: 64 }
    }
}

/// The other end of the connection that a request came over.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(pub(super) IpAddr);

/// Takes connections and answers on them until it is dropped.
pub(super) async fn serve(listener: TcpListener, router: Router, patience: Patience) {
    let all = Arc::new(Semaphore::new(CONNECTIONS));
    let open = Open::default();
    loop {
        // Who is not served yet waits in the queue of the operating system.
        let Ok(permit) = Arc::clone(&all).acquire_owned().await else { return };
        let (stream, address) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(RECOVERY).await;
                continue;
            }
        };
        let Some(place) = open.enter(address, patience.connections) else { continue };
        let router = router.clone();
        tokio::spawn(async move {
            let served = tokio::time::timeout(patience.whole, converse(stream, address, router, patience));
            // What goes wrong on a connection is its other end's to know.
            let _ = served.await;
            drop((permit, place));
        });
    }
}

async fn converse(
    stream: TcpStream,
    address: SocketAddr,
    router: Router,
    patience: Patience,
) -> Result<(), hyper::Error> {
    // Answers are small; none waits for another packet.
    let _ = stream.set_nodelay(true);
    let pages = TowerToHyperService::new(router);
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Peer(address.ip()));
        let answer = hyper::service::Service::call(&pages, request);
        async move {
            let answer: Result<_, Infallible> = answer.await;
            answer
        }
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience.head)
        .max_buf_size(LARGEST_HEAD)
        .serve_connection(TokioIo::new(stream), service)
        .await
}

/// How many connections each household has.
#[derive(Clone, Debug, Default)]
struct Open(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// A connection of a household; gone with it.
#[derive(Debug)]
struct Place {
    open: Open,
    household: IpAddr,
}

impl Open {
    /// A place for one more connection. This machine itself, where a reverse proxy runs, has as many as it likes.
    fn enter(&self, address: SocketAddr, most: usize) -> Option<Place> {
        let household = household(address.ip());
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(household).or_default();
        if *count >= most && !household.is_loopback() {
            return None;
        }
        *count += 1;
        Some(Place { open: self.clone(), household })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.open.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.household) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.household);
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    async fn start(patience: Patience) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/", get(|| async { "well" }).post(|body: String| async move { body }));
        tokio::spawn(serve(listener, router, patience));
        address
    }

    /// What comes back after these bytes, until the server ends the connection.
    async fn answer(address: SocketAddr, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer).await;
        answer
    }

    const SHORT: Duration = Duration::from_millis(50);

    #[tokio::test]
    async fn whoever_takes_too_long_is_left() {
        let address = start(Patience { head: SHORT, ..Patience::default() }).await;
        assert_eq!(answer(address, b"").await, "");
        assert_eq!(answer(address, b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ").await, "");
        let whole = answer(address, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await;
        assert!(whole.starts_with("HTTP/1.1 200") && whole.ends_with("well"), "{whole}");

        let address = start(Patience { whole: SHORT, ..Patience::default() }).await;
        assert_eq!(answer(address, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nslow").await, "");
    }

    #[tokio::test]
    async fn heads_are_bounded() {
        let address = start(Patience::default()).await;
        let long = format!("GET / HTTP/1.1\r\nHost: x\r\nX-Long: {}\r\n\r\n", "x".repeat(LARGEST_HEAD));
        assert!(answer(address, long.as_bytes()).await.starts_with("HTTP/1.1 431"));
    }

    #[test]
    fn a_household_has_so_many_connections_and_no_more() {
        let open = Open::default();
        let address = |text: &str| -> SocketAddr { text.parse().unwrap() };
        let first = open.enter(address("192.0.2.1:1"), 2).unwrap();
        let _second = open.enter(address("192.0.2.1:2"), 2).unwrap();
        assert!(open.enter(address("192.0.2.1:3"), 2).is_none());
        assert!(open.enter(address("192.0.2.2:1"), 2).is_some());
        drop(first);
        assert!(open.enter(address("192.0.2.1:3"), 2).is_some());
        let _proxy: Vec<Place> = (0..9).map(|_| open.enter(address("127.0.0.1:1"), 2).unwrap()).collect();
    }
}
