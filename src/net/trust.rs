//! Which mail servers are trusted: those whose certificate this machine's authorities signed, and those that the admin names
//! in `ca_file`.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error, SignatureScheme};
use rustls_platform_verifier::Verifier;

use crate::reason::{Advice, CertificateFault};

use super::tls;

/// Encryption with servers whose certificate is signed by one that this machine trusts or by one of `more`, or is one of
/// `more` itself.
///
/// # Errors
/// When there is nothing to trust.
pub(crate) fn client(more: &[CertificateDer<'static>]) -> Result<ClientConfig, Error> {
    if more.is_empty() {
        return tls::client();
    }
    let provider = Arc::new(ring::default_provider());
    let usual = Verifier::new_with_extra_roots(more.iter().cloned(), Arc::clone(&provider))?;
    let verifier = Arc::new(NamedVerifier { usual, named: more.to_vec() });
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth())
}

/// Trusts the named certificates themselves besides what is usual: one that a server signed for itself is often marked
/// as an authority's, which no server's may be (RFC 5280, 4.2.1.9), bears another name or is over its time. Who shows it
/// has its key, and that key is the one that the admin trusts.
#[derive(Debug)]
struct NamedVerifier {
    usual: Verifier,
    named: Vec<CertificateDer<'static>>,
}

impl ServerCertVerifier for NamedVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if self.named.iter().any(|named| named == end_entity) {
            return Ok(ServerCertVerified::assertion());
        }
        self.usual.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.usual.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.usual.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.usual.supported_verify_schemes()
    }
}

/// What helps where encryption failed: `otherwise` where that is not because of the certificate.
pub(crate) fn advice(error: &Error, otherwise: Advice) -> Advice {
    match tls::certificate_fault(error) {
        Some(CertificateFault::OtherName) => Advice::CertificateName,
        Some(CertificateFault::Expired) => Advice::RenewCertificate,
        Some(CertificateFault::NotYetValid) => Advice::CheckClock,
        Some(CertificateFault::UnknownIssuer | CertificateFault::Other) => Advice::TrustCertificate,
        None => otherwise,
    }
}
