//! An HTTP client with limits of time, which follows no redirection and tries nothing twice.

use std::time::Duration;

use reqwest::Client;
use reqwest::redirect::Policy;
use secrecy::{ExposeSecret, SecretString};

use super::tls;

/// How long a connection may take to open.
const CONNECT: Duration = Duration::from_secs(30);
/// How long a request may take as a whole.
pub(crate) const ANSWER: Duration = Duration::from_mins(1);

/// A client that follows nobody anywhere and waits no longer than it should.
pub(crate) fn client(connections: usize, proxy: Option<&SecretString>) -> Result<Client, String> {
    let encryption = tls::client().map_err(|error| format!("TLS cannot be used: {error}"))?;
    let mut builder = Client::builder();
    if let Some(proxy) = proxy {
        // What the error says of it may quote it.
        let proxy = reqwest::Proxy::all(proxy.expose_secret()).map_err(|_| "the proxy cannot be used".to_owned())?;
        builder = builder.proxy(proxy);
    }
    builder
        .tls_backend_preconfigured(encryption)
        .redirect(Policy::none())
        // What is tried again, and when, is for the outbox to say.
        .retry(reqwest::retry::never())
        .connect_timeout(CONNECT)
        .timeout(ANSWER)
        .pool_max_idle_per_host(connections)
        .user_agent(concat!("nhacviec/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| format!("HTTP cannot be used: {error}"))
}
