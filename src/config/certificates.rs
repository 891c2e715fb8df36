//! `ca_file`: certificates of mail servers that are trusted beside those that this machine trusts.

use std::path::Path;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::diagnostic::IoReason;
use crate::toml_file::TomlTable;

use super::ConfigMistake;
use super::secret::Noted;

/// No file of certificates is larger, in bytes: there is room for all those that a system trusts.
const MAX_SIZE: u64 = 1 << 20;

/// The certificates in the file that `ca_file` names, relative to `base`; none where there is no such key.
///
/// # Errors
/// Where the file holds none that can be used.
pub(crate) fn read(table: &TomlTable<'_>, base: &Path) -> Result<Vec<CertificateDer<'static>>, Noted> {
    let Some(value) = table.get("ca_file") else { return Ok(Vec::new()) };
    let path = base.join(value.name().ok_or(Noted)?);
    let bytes = match table.document().files().read(&path, MAX_SIZE) {
        Ok(bytes) => bytes,
        Err(error) => {
            let reason = IoReason::from(&error);
            value.error(ConfigMistake::UnreadableCertificate { path, reason });
            return Err(Noted);
        }
    };
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&bytes).collect();
    let usable = |certificate: &CertificateDer<'static>| RootCertStore::empty().add(certificate.clone()).is_ok();
    match read {
        Ok(certificates) if !certificates.is_empty() && certificates.iter().all(usable) => Ok(certificates),
        _ => {
            value.error(ConfigMistake::NoCertificate { path });
            Err(Noted)
        }
    }
}
