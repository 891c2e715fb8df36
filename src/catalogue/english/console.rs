use crate::cli::console::UnknownLanguage;
use crate::closed_set::ClosedSet;
use crate::language::{English, Language, Says};

impl Says<UnknownLanguage> for English {
    fn say(&self, UnknownLanguage { variable, written }: &UnknownLanguage) -> String {
        let known: Vec<&str> = Language::ALL.iter().map(|known| known.as_str()).collect();
        format!("{variable} is `{written}`: write {}", known.join(" or "))
    }
}
