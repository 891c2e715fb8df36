use crate::diagnostic::{RenderText, Severity};
use crate::language::{English, Says};

impl Says<RenderText<'_>> for English {
    fn say(&self, said: &RenderText<'_>) -> String {
        match said {
            RenderText::Severity(Severity::Error) => "error".to_owned(),
            RenderText::Severity(Severity::Warning) => "warning".to_owned(),
            RenderText::Place => "note".to_owned(),
            RenderText::Help => "help".to_owned(),
            RenderText::Cell { table, row, heading, text } => {
                let column = heading.map(|heading| format!(", column '{heading}'")).unwrap_or_default();
                let quoted = if text.is_empty() { "(empty)".to_owned() } else { format!("\"{text}\"") };
                format!("{table}, row {row}{column}: {quoted}")
            }
        }
    }
}
