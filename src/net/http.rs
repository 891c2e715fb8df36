//! An HTTP client with time limits that follows no redirection and repeats nothing.

use std::time::Duration;

use reqwest::Client;
use reqwest::redirect::Policy;
use secrecy::{ExposeSecret, SecretString};

use super::tls;

/// The time limit for opening a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);
/// The time limit for a request as a whole.
pub(crate) const ANSWER_TIMEOUT: Duration = Duration::from_mins(1);

/// A client with at most `connections` idle connections to a host.
pub(crate) fn client(connections: usize, proxy: Option<&SecretString>) -> Result<Client, String> {
    let encryption = tls::client().map_err(|error| format!("TLS cannot be used: {error}"))?;
    let mut builder = Client::builder();
    if let Some(proxy) = proxy {
        // The cause is dropped: it may quote the proxy's password.
        let proxy = reqwest::Proxy::all(proxy.expose_secret()).map_err(|_| "the proxy cannot be used".to_owned())?;
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
        .map_err(|error| format!("HTTP cannot be used: {error}"))
}
