use crate::cli::postpone::PostponeText;
use crate::language::{English, Says};

impl Says<PostponeText<'_>> for English {
    fn say(&self, said: &PostponeText<'_>) -> String {
        match said {
            PostponeText::Moved { task, due, old } => {
                let old = old.map_or_else(|| "an open time".to_owned(), |old| old.to_string());
                format!("{task}: {due} instead of {old}")
            }
            PostponeText::NotMoved { task, due } => format!("{task}: not postponed to {due}"),
        }
    }
}
