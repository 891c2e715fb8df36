//! TLS for every connection: certificates are checked against those that this machine trusts.

use std::io;
use std::sync::Arc;

use rustls::crypto::ring;
use rustls::{CertificateError, ClientConfig};
use rustls_platform_verifier::BuilderVerifierExt;

use crate::reason::{CertificateFault, ConnectionReason, SystemReason};

/// The settings of a TLS client.
///
/// # Errors
/// If this machine has no trusted certificates.
pub(crate) fn client() -> Result<ClientConfig, rustls::Error> {
    Ok(ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(BuilderVerifierExt::with_platform_verifier)?
        .with_no_client_auth())
}

/// What the library says, where it and not the network ended a connection.
pub(crate) fn cause(error: &io::Error) -> Option<&rustls::Error> {
    error.get_ref().and_then(|cause| cause.downcast_ref())
}

/// Why encryption with a host failed.
pub(crate) fn not_encrypted(host: String, error: &io::Error) -> ConnectionReason {
    let Some(cause) = cause(error) else {
        return ConnectionReason::NotEncrypted { host, why: SystemReason::from(error) };
    };
    let words = cause.to_string();
    match certificate_fault(cause) {
        Some(fault) => ConnectionReason::Untrusted { host, fault, words },
        None => ConnectionReason::NotEncrypted { host, why: SystemReason::new(None, words) },
    }
}

/// What an error says of a certificate; `None` where it is about something else.
pub(crate) fn certificate_fault(error: &rustls::Error) -> Option<CertificateFault> {
    use CertificateError as E;
    let rustls::Error::InvalidCertificate(error) = error else { return None };
    Some(match error {
        E::NotValidForName | E::NotValidForNameContext { .. } => CertificateFault::OtherName,
        E::Expired | E::ExpiredContext { .. } => CertificateFault::Expired,
        E::NotValidYet | E::NotValidYetContext { .. } => CertificateFault::NotYetValid,
        E::UnknownIssuer => CertificateFault::UnknownIssuer,
        _ => CertificateFault::Other,
    })
}
