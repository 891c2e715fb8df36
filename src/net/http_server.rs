//! A small HTTP server: how many connections there may be, and how long anybody may take. Knows nothing of what is served.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
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
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Connections at once in all.
const MAX_CONNECTIONS: usize = 512;
/// How long to wait after a connection could not be taken: files have run out, as a rule.
const RECOVERY: Duration = Duration::from_millis(200);
/// The largest head of a request, in bytes.
const MAX_HEAD: usize = 16 << 10;

/// How long a connection may take, and how many a client may have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ConnectionLimits {
    /// For the head of a request, and until the next one on the same connection.
    pub(crate) head: Duration,
    /// For a connection in all: a large file over a slow line.
    pub(crate) whole: Duration,
    /// Connections of one client at once.
    pub(crate) per_client: usize,
}

impl Default for ConnectionLimits {
    fn default() -> Self {
        Self { head: Duration::from_secs(10), whole: Duration::from_mins(10), per_client: 64 }
    }
}

/// The address at the other end of the connection that a request came over.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PeerAddress(pub(crate) IpAddr);

/// Takes connections and answers on them until `stop`; then each ends with the answer it is at, and all are awaited.
pub(crate) async fn serve(listener: TcpListener, router: Router, limits: ConnectionLimits, stop: CancellationToken) {
    let mut connections = Connections::new(router, limits);
    while stop.run_until_cancelled(connections.take(&listener)).await.is_some() {}
    drop(listener);
    connections.finish().await;
}

/// The connections of a server, a task each; dropped, they are broken off.
#[derive(Debug)]
pub(crate) struct Connections {
    router: Router,
    limits: ConnectionLimits,
    free: Arc<Semaphore>,
    per_client: ClientCounts,
    tasks: JoinSet<()>,
    stop: CancellationToken,
}

impl Connections {
    /// None yet; all of them are answered by `router`.
    pub(crate) fn new(router: Router, limits: ConnectionLimits) -> Self {
        Self {
            router,
            limits,
            free: Arc::new(Semaphore::new(MAX_CONNECTIONS)),
            per_client: ClientCounts::default(),
            tasks: JoinSet::new(),
            stop: CancellationToken::new(),
        }
    }

    /// Takes the next connection and begins to serve it. Nothing is lost when this is not awaited to its end.
    pub(crate) async fn take(&mut self, listener: &TcpListener) {
        while self.tasks.try_join_next().is_some() {}
        // Who is not served yet waits in the queue of the operating system.
        let Ok(permit) = Arc::clone(&self.free).acquire_owned().await else { return };
        let (stream, address) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(RECOVERY).await;
                return;
            }
        };
        let Some(counted) = self.per_client.enter(address, self.limits.per_client) else { return };
        let (router, limits, stop) = (self.router.clone(), self.limits, self.stop.clone());
        self.tasks.spawn(async move {
            let served = tokio::time::timeout(limits.whole, answer(stream, address, router, limits, stop));
            // What goes wrong on a connection is its other end's to know.
            let _ = served.await;
            drop((permit, counted));
        });
    }

    /// Lets each connection end with the answer it is at, and waits for all.
    pub(crate) async fn finish(mut self) {
        self.stop.cancel();
        while self.tasks.join_next().await.is_some() {}
    }
}

/// Answers the requests of one connection until it ends, or until the first answer after `stop`.
async fn answer(
    stream: TcpStream,
    address: SocketAddr,
    router: Router,
    limits: ConnectionLimits,
    stop: CancellationToken,
) -> Result<(), hyper::Error> {
    // Answers are small; none waits for another packet.
    let _ = stream.set_nodelay(true);
    let pages = TowerToHyperService::new(router);
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(PeerAddress(address.ip()));
        let answer = hyper::service::Service::call(&pages, request);
        async move {
            let answer: Result<_, Infallible> = answer.await;
            answer
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_buf_size(MAX_HEAD)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        served = connection.as_mut() => served,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    }
}

/// How many connections each client has.
#[derive(Clone, Debug, Default)]
struct ClientCounts(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// A connection that counts for its client until this is dropped.
#[derive(Debug)]
struct Counted {
    counts: ClientCounts,
    client: IpAddr,
}

impl ClientCounts {
    /// Counts one more connection; `None` where its client has too many. This machine itself, where a reverse proxy runs,
    /// has as many as it likes.
    fn enter(&self, address: SocketAddr, most: usize) -> Option<Counted> {
        let client = client_network(address.ip());
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(client).or_default();
        if *count >= most && !client.is_loopback() {
            return None;
        }
        *count += 1;
        Some(Counted { counts: self.clone(), client })
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut counts = self.counts.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.client) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.client);
            }
        }
    }
}

/// The client that an address stands for: the address itself, or of IPv6 its first 64 bits, behind which one household has
/// as many addresses as it likes.
pub(crate) fn client_network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::sync::Notify;

    use super::*;

    /// A server with the usual limits, which stands until the test ends.
    async fn start(router: Router, stop: CancellationToken) -> (SocketAddr, JoinSet<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut server = JoinSet::new();
        server.spawn(serve(listener, router, ConnectionLimits::default(), stop));
        (address, server)
    }

    fn echo() -> Router {
        Router::new().route("/", get(|| async { "well" }).post(|body: String| async move { body }))
    }

    /// What comes back after these bytes, until the server ends the connection.
    async fn answer(address: SocketAddr, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer).await;
        answer
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_takes_too_long_is_left() {
        let (address, _server) = start(echo(), CancellationToken::new()).await;
        assert_eq!(answer(address, b"").await, "");
        assert_eq!(answer(address, b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ").await, "");
        assert_eq!(answer(address, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nslow").await, "");
    }

    #[tokio::test]
    async fn heads_are_bounded() {
        let (address, _server) = start(echo(), CancellationToken::new()).await;
        let whole = answer(address, b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
        assert!(whole.starts_with("HTTP/1.1 200") && whole.ends_with("well"), "{whole}");
        let long = format!("GET / HTTP/1.1\r\nHost: x\r\nX-Long: {}\r\n\r\n", "x".repeat(MAX_HEAD));
        assert!(answer(address, long.as_bytes()).await.starts_with("HTTP/1.1 431"));
    }

    #[tokio::test]
    async fn a_server_that_stops_takes_nobody_more_and_ends_with_the_answer_it_is_at() {
        let (asked, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (here, there) = (Arc::clone(&asked), Arc::clone(&go_on));
        let slow = get(move || async move {
            here.notify_one();
            there.notified().await;
            "at last"
        });
        let stop = CancellationToken::new();
        let (address, mut server) = start(Router::new().route("/", slow), stop.clone()).await;
        let mut idle = TcpStream::connect(address).await.unwrap();
        let mut answers = JoinSet::new();
        answers.spawn(async move { answer(address, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await });
        asked.notified().await;
        stop.cancel();
        // Who has asked for nothing is let go at once, and with the listener nobody else comes in.
        assert_eq!(idle.read(&mut [0]).await.unwrap(), 0);
        assert!(TcpStream::connect(address).await.is_err());
        assert!(server.try_join_next().is_none(), "it waits for the answer");
        go_on.notify_one();
        assert!(answers.join_next().await.unwrap().unwrap().ends_with("at last"));
        server.join_next().await.unwrap().unwrap();
    }

    #[test]
    fn a_client_has_so_many_connections_and_no_more() {
        let counts = ClientCounts::default();
        let address = |text: &str| -> SocketAddr { text.parse().unwrap() };
        let first = counts.enter(address("192.0.2.1:1"), 2).unwrap();
        let _second = counts.enter(address("192.0.2.1:2"), 2).unwrap();
        assert!(counts.enter(address("192.0.2.1:3"), 2).is_none());
        assert!(counts.enter(address("192.0.2.2:1"), 2).is_some());
        drop(first);
        assert!(counts.enter(address("192.0.2.1:3"), 2).is_some());
        let _proxy: Vec<Counted> = (0..9).map(|_| counts.enter(address("127.0.0.1:1"), 2).unwrap()).collect();
    }

    #[test]
    fn a_household_is_one_client() {
        let client = |text: &str| text.parse().map(client_network).ok();
        assert_eq!(client("2001:db8:1:2:3:4:5:6"), client("2001:db8:1:2::1"));
        assert_ne!(client("2001:db8:1:2::1"), client("2001:db8:1:3::1"));
        assert_eq!(client("::ffff:192.0.2.1"), client("192.0.2.1"));
        assert_ne!(client("192.0.2.1"), client("192.0.2.2"));
    }
}
