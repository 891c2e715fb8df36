//! Connections to other machines: TLS, tokens in place of passwords, an HTTP client; shared by channels and mailbox.

pub(crate) mod http;
pub(crate) mod oauth;
pub(crate) mod tls;
