//! Why the other side cannot be reached, or not be trusted.

use std::io;

use serde::{Deserialize, Serialize};

/// Why the other side cannot be reached, or not be trusted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionReason {
    /// Nobody knows the name of the host.
    NameNotFound {
        /// The host.
        host: String,
        /// What the system says.
        why: SystemReason,
    },
    /// Nobody takes the connection.
    NotConnected {
        /// The host, with its port where that is written apart.
        to: String,
        /// What the system says.
        why: SystemReason,
    },
    /// The certificate is not to be trusted.
    Untrusted {
        /// The host.
        host: String,
        /// What is wrong with it.
        fault: CertificateFault,
        /// What the library says of it.
        words: String,
    },
    /// No certificate can bear the name of the host.
    NoCertificateName {
        /// The host.
        host: String,
    },
    /// Both sides do not agree how to encrypt.
    NotEncrypted {
        /// The host.
        host: String,
        /// What the system or the library says.
        why: SystemReason,
    },
    /// The other side does not come to an end with it.
    EncryptionTooSlow {
        /// The host.
        host: String,
    },
    /// This machine cannot encrypt.
    NoTls {
        /// What the library says.
        words: String,
    },
    /// This machine cannot speak HTTP.
    NoHttp {
        /// What the library says.
        words: String,
    },
    /// The proxy cannot be used; its address may hold a password and is not told.
    NoProxy,
    /// The address is none; it may be a key and is not told.
    BrokenAddress {
        /// The host.
        host: String,
    },
    /// The other side did not answer a request in time.
    TooSlow {
        /// The host.
        host: String,
        /// What the library says.
        why: SystemReason,
    },
    /// The connection ended before a request was answered.
    BrokeOff {
        /// The host.
        host: String,
        /// What the library says.
        why: SystemReason,
    },
}

/// What the system says of a file or a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SystemReason {
    /// What it is about.
    pub fault: SystemFault,
    /// Its words, with those of whoever called it.
    pub words: String,
}

/// What the system says of a file or a connection, by its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SystemFault {
    /// Nobody listens there.
    Refused,
    /// No answer came in time.
    TimedOut,
    /// There is no way to the machine, or to any network.
    Unreachable,
    /// The other side broke the connection.
    Reset,
    /// The other side closed the connection.
    Closed,
    /// The system does not allow it.
    NotAllowed,
    /// There is no such file or folder.
    Missing,
    /// The disk is full.
    Full,
    /// The disk may not be written to.
    ReadOnly,
    /// Something unusual.
    Other,
}

impl SystemFault {
    fn of(kind: io::ErrorKind) -> Self {
        use io::ErrorKind as K;
        match kind {
            K::ConnectionRefused => Self::Refused,
            K::TimedOut | K::WouldBlock => Self::TimedOut,
            K::HostUnreachable | K::NetworkUnreachable | K::NetworkDown | K::AddrNotAvailable => Self::Unreachable,
            K::ConnectionReset | K::ConnectionAborted | K::BrokenPipe | K::NotConnected => Self::Reset,
            K::UnexpectedEof => Self::Closed,
            K::PermissionDenied => Self::NotAllowed,
            K::NotFound => Self::Missing,
            K::StorageFull | K::QuotaExceeded => Self::Full,
            K::ReadOnlyFilesystem => Self::ReadOnly,
            _ => Self::Other,
        }
    }
}

impl SystemReason {
    /// What an error says that may wrap one of the system, in these words.
    pub(crate) fn new(system: Option<&io::Error>, words: impl Into<String>) -> Self {
        let fault = system.map_or(SystemFault::Other, |error| SystemFault::of(error.kind()));
        Self { fault, words: words.into() }
    }

    /// The other side closed the connection.
    #[cfg(test)]
    pub(super) fn closed() -> Self {
        Self::from(&io::Error::from(io::ErrorKind::UnexpectedEof))
    }
}

impl From<&io::Error> for SystemReason {
    fn from(error: &io::Error) -> Self {
        Self::new(Some(error), error.to_string())
    }
}

/// What is wrong with a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CertificateFault {
    /// It bears another name.
    OtherName,
    /// Its time is over.
    Expired,
    /// Its time has not begun.
    NotYetValid,
    /// Nobody whom this machine trusts has signed it.
    UnknownIssuer,
    /// Something else.
    Other,
}
