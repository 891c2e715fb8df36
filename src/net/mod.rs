//! How this program speaks with other machines: encryption, tokens that stand for a password, and an HTTP client, shared by
//! the channels and the mailbox.

pub(crate) mod http;
pub(crate) mod oauth;
pub(crate) mod tls;
