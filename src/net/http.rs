//! An HTTP client with time limits that follows no redirection and repeats nothing.

use std::io;
use std::iter;
use std::time::Duration;

use reqwest::Client;
use reqwest::redirect::Policy;
use secrecy::{ExposeSecret, SecretString};

use crate::reason::{ConnectionReason, SystemReason};

use super::tls;

/// The time limit for opening a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);
/// The time limit for a request as a whole.
pub(crate) const ANSWER_TIMEOUT: Duration = Duration::from_mins(1);

/// A client with at most `connections` idle connections to a host.
pub(crate) fn client(connections: usize, proxy: Option<&SecretString>) -> Result<Client, ConnectionReason> {
    let encryption = tls::client().map_err(|error| ConnectionReason::NoTls { words: error.to_string() })?;
    let mut builder = Client::builder();
    if let Some(proxy) = proxy {
        // The cause is dropped: it may quote the proxy's password.
        let proxy = reqwest::Proxy::all(proxy.expose_secret()).map_err(|_| ConnectionReason::NoProxy)?;
        builder = builder.proxy(proxy);
    }
    builder
        .tls_backend_preconfigured(encryption)
        .redirect(Policy::none())
        // Repetition is decided by the outbox.
        .retry(reqwest::retry::never())
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(ANSWER_TIMEOUT)
        .pool_max_idle_per_host(connections)
        .user_agent(concat!("nhacviec/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| ConnectionReason::NoHttp { words: error.to_string() })
}

/// Why a request was not answered.
pub(crate) enum LostRequest {
    /// The other side is not the one that was meant, for all that can be known.
    Untrusted(ConnectionReason),
    /// Nobody knows the host.
    NameNotFound(ConnectionReason),
    /// No connection came about: the other side has heard nothing.
    NotConnected(ConnectionReason),
    /// The other side may have heard the request.
    Unanswered(ConnectionReason),
}

impl LostRequest {
    /// What an error means that a request to `host` ended with. Its address is not told: it may be a key.
    pub(crate) fn of(error: reqwest::Error, host: &str) -> Self {
        let error = error.without_url();
        let (connecting, late) = (error.is_connect(), error.is_timeout());
        let causes: Vec<&(dyn std::error::Error + 'static)> =
            iter::successors(Some(&error as &(dyn std::error::Error + 'static)), |error| error.source()).collect();
        let system = causes.iter().rev().find_map(|cause| cause.downcast_ref::<io::Error>());
        let distrusted = causes.iter().find_map(|cause| {
            let cause = cause.downcast_ref::<io::Error>().and_then(wrapped).unwrap_or(*cause);
            cause.downcast_ref().and_then(tls::certificate_fault)
        });
        let words = causes.iter().map(ToString::to_string).collect::<Vec<_>>().join(": ");
        let host = host.to_owned();
        if let Some(fault) = distrusted {
            return Self::Untrusted(ConnectionReason::Untrusted { host, fault, words });
        }
        let is_unknown = words.contains("dns error");
        let why = SystemReason::new(system, words);
        match (connecting, late) {
            (true, _) if is_unknown => Self::NameNotFound(ConnectionReason::NameNotFound { host, why }),
            (true, _) => Self::NotConnected(ConnectionReason::NotConnected { to: host, why }),
            (false, true) => Self::Unanswered(ConnectionReason::TooSlow { host, why }),
            (false, false) => Self::Unanswered(ConnectionReason::BrokeOff { host, why }),
        }
    }

    /// The reason alone.
    pub(crate) fn reason(self) -> ConnectionReason {
        match self {
            Self::Untrusted(reason)
            | Self::NameNotFound(reason)
            | Self::NotConnected(reason)
            | Self::Unanswered(reason) => reason,
        }
    }
}

/// The innermost error within an I/O error, whose own `source` skips the error that it wraps.
fn wrapped(error: &io::Error) -> Option<&(dyn std::error::Error + 'static)> {
    let inner = error.get_ref()?;
    inner.downcast_ref::<io::Error>().and_then(wrapped).or(Some(inner))
}
