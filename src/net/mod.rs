//! Connections to other machines: TLS, tokens in place of passwords, secrets that others repeat, an HTTP client, shared by
//! channels and mailbox; and an HTTP server, shared by the pages and the monitor.

pub(crate) mod http;
pub(crate) mod http_server;
pub(crate) mod oauth;
pub(crate) mod secrets;
pub(crate) mod tls;
pub(crate) mod trust;

use tokio::io::{AsyncRead, AsyncWrite};

/// A stream of bytes in both directions, encrypted or not.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Sync + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Sync + Unpin> Stream for S {}
