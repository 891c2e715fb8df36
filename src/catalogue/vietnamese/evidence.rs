use crate::cli::evidence::EvidenceText;
use crate::language::{Says, Vietnamese};

impl Says<EvidenceText<'_>> for Vietnamese {
    fn say(&self, said: &EvidenceText<'_>) -> String {
        match said {
            EvidenceText::Nothing => "chưa có minh chứng nào".to_owned(),
            EvidenceText::Code => "mã".to_owned(),
            EvidenceText::Task => "việc".to_owned(),
            EvidenceText::When => "nộp lúc".to_owned(),
            EvidenceText::By => "người nộp".to_owned(),
            EvidenceText::What => "minh chứng".to_owned(),
            EvidenceText::Exported { pieces, folder } => {
                format!("đã xuất {pieces} minh chứng vào {}", folder.display())
            }
        }
    }
}
