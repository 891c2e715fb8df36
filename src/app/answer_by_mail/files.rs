//! Files of an answer: those that are kept, and those that are not, of which its writer hears.

use crate::app::evidence_room::tell_no_room;
use crate::blocking::blocking;
use crate::config::EvidenceSettings;
use crate::evidence_store::{EvidenceError, EvidenceStore, ExaminedFile};
use crate::progress::evidence::Proof;
use crate::reply::Attachment;

use super::{MailContext, MailError};

/// Files of an answer.
#[derive(Default)]
pub(super) struct AnswerFiles {
    /// Those that are kept.
    pub(super) proofs: Vec<Proof>,
    /// Those that are not.
    pub(super) refused: RefusedFiles,
}

/// The names of files that are not kept, by the reason.
#[derive(Debug, Default)]
pub(super) struct RefusedFiles {
    /// They are too large, or of no kind that is kept.
    pub(super) unfit: Vec<String>,
    /// There are too many in the mail.
    pub(super) left_out: Vec<String>,
    /// The school has no room for them.
    pub(super) no_room: Vec<String>,
}

impl RefusedFiles {
    pub(super) fn is_empty(&self) -> bool {
        self.unfit.is_empty() && self.left_out.is_empty() && self.no_room.is_empty()
    }
}

impl AnswerFiles {
    /// Takes up files of an earlier answer; those for which its writer was waited for too long are no longer there.
    pub(super) fn take_up<'p>(&mut self, waiting: impl Iterator<Item = &'p Proof>, settings: &EvidenceSettings) {
        let evidence = EvidenceStore::open(settings);
        for proof in waiting {
            if proof.hash().is_none_or(|hash| evidence.has(hash)) {
                self.proofs.push(proof.clone());
            } else {
                self.refused.unfit.push(proof.name().to_owned());
            }
        }
    }

    /// The names of those that are kept.
    pub(super) fn names(&self) -> Vec<String> {
        self.proofs.iter().map(|proof| proof.name().to_owned()).collect()
    }
}

impl MailContext<'_> {
    /// Keeps files as evidence, and names those that are none or for which there is no room; the admin hears of the latter.
    pub(super) async fn keep(&self, attachments: Vec<Attachment>) -> Result<AnswerFiles, MailError> {
        let evidence = EvidenceStore::open(&self.school.settings.evidence);
        let names = attachments.iter().map(|file| file.name.clone()).collect();
        let kept = blocking(move || examine_and_keep(&evidence, attachments)).await;
        let (files, full) = match kept {
            Ok(kept) => kept?,
            Err(error) => {
                // What broke off has kept nothing that counts, and the writer hears so.
                tracing::error!(%error, "the keeping of evidence broke off");
                return Ok(AnswerFiles {
                    refused: RefusedFiles { unfit: names, ..RefusedFiles::default() },
                    ..AnswerFiles::default()
                });
            }
        };
        if let Some(full) = full {
            tell_no_room(self.store, self.school, &full, self.now).await?;
        }
        Ok(files)
    }
}

/// Looks at all files, and then keeps those that are evidence: all of them, or none where there is no room.
fn examine_and_keep(
    evidence: &EvidenceStore,
    attachments: Vec<Attachment>,
) -> Result<(AnswerFiles, Option<EvidenceError>), EvidenceError> {
    let (mut files, mut examined) = (AnswerFiles::default(), Vec::new());
    for Attachment { name, bytes } in attachments {
        match ExaminedFile::of(bytes, &name) {
            Ok(file) => examined.push(file),
            Err(error) => files.refused.unfit.push(error.name().to_owned()),
        }
    }
    match evidence.keep(&examined) {
        Ok(proofs) => files.proofs = proofs,
        Err(full @ EvidenceError::NoRoom { .. }) => {
            files.refused.no_room = examined.iter().map(|file| file.name().to_owned()).collect();
            return Ok((files, Some(full)));
        }
        // The answer is read again when it can be written.
        Err(error) => return Err(error),
    }
    Ok((files, None))
}
