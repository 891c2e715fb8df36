use crate::cli::console::UnknownLanguage;
use crate::closed_set::ClosedSet;
use crate::language::{Language, Says, Vietnamese};

impl Says<UnknownLanguage> for Vietnamese {
    fn say(&self, UnknownLanguage { variable, written }: &UnknownLanguage) -> String {
        let known: Vec<&str> = Language::ALL.iter().map(|known| known.as_str()).collect();
        format!("{variable} là `{written}`: viết {}", known.join(" hoặc "))
    }
}
