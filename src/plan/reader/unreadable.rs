//! Why a document cannot be read.

use std::fmt;

/// Why a document cannot be read, and what to do.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(super) struct Unreadable {
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) help: String,
}

impl Unreadable {
    pub(super) fn new(code: &'static str, message: impl fmt::Display, help: impl Into<String>) -> Self {
        Self { code, message: message.to_string(), help: help.into() }
    }
}

pub(super) type Result<T> = std::result::Result<T, Unreadable>;
