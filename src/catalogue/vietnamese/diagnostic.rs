use crate::diagnostic::{RenderText, Severity};
use crate::language::{Says, Vietnamese};

impl Says<RenderText<'_>> for Vietnamese {
    fn say(&self, said: &RenderText<'_>) -> String {
        match said {
            RenderText::Severity(Severity::Error) => "lỗi".to_owned(),
            RenderText::Severity(Severity::Warning) => "cần xem".to_owned(),
            RenderText::Place => "vị trí".to_owned(),
            RenderText::Help => "cách sửa".to_owned(),
            RenderText::Cell { table, row, heading, text } => {
                let column = heading.map(|heading| format!(", cột '{heading}'")).unwrap_or_default();
                let quoted = if text.is_empty() { "(trống)".to_owned() } else { format!("\"{text}\"") };
                format!("{table}, dòng {row}{column}: {quoted}")
            }
        }
    }
}
