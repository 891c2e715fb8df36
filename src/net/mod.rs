//! How this program speaks with other machines: encryption, tokens that stand for a password, an HTTP client, shared by the
//! channels and the mailbox, and an HTTP server, shared by the pages and the monitor.

pub(crate) mod http;
pub(crate) mod http_server;
pub(crate) mod oauth;
pub(crate) mod tls;
