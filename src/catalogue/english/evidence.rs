use crate::cli::evidence::EvidenceText;
use crate::language::{English, Says};

use super::counted;

impl Says<EvidenceText<'_>> for English {
    fn say(&self, said: &EvidenceText<'_>) -> String {
        match said {
            EvidenceText::Nothing => "no evidence yet".to_owned(),
            EvidenceText::Code => "code".to_owned(),
            EvidenceText::Task => "task".to_owned(),
            EvidenceText::When => "when".to_owned(),
            EvidenceText::By => "by".to_owned(),
            EvidenceText::What => "what".to_owned(),
            EvidenceText::Exported { pieces, folder } => {
                format!("{} of evidence in {}", counted(*pieces, "piece", "pieces"), folder.display())
            }
        }
    }
}
