use crate::cli::postpone::PostponeText;
use crate::language::{Says, Vietnamese};

use super::day;

impl Says<PostponeText<'_>> for Vietnamese {
    fn say(&self, said: &PostponeText<'_>) -> String {
        match said {
            PostponeText::Moved { task, due, old } => {
                let old = old.map_or_else(|| "chưa rõ".to_owned(), day);
                format!("{task}: hạn mới {}, hạn cũ {old}", day(*due))
            }
            PostponeText::NotMoved { task, due } => format!("{task}: không lùi hạn đến {}", day(*due)),
        }
    }
}
