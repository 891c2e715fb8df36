//! How the program speaks to whoever called it: in which form, and in which language.

use std::path::Path;

use crate::closed_set::ClosedSet;
use crate::config;
use crate::language::Language;

use super::Format;

/// The variable that says in which language the program speaks, whatever the configuration says.
const OWN_VARIABLE: &str = "NHACVIEC_LANGUAGE";
/// The variables of the system that say so where there is no configuration, the first that says anything counting (POSIX,
/// environment variables).
const LOCALE_VARIABLES: [&str; 3] = ["LC_ALL", "LC_MESSAGES", "LANG"];

/// How the program speaks to whoever called it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Console {
    pub(super) format: Format,
    pub(super) language: Language,
}

/// A language that there is no catalogue of.
#[derive(Debug)]
pub(crate) struct UnknownLanguage {
    /// The variable that asks for it.
    pub(crate) variable: &'static str,
    /// What is written there.
    pub(crate) written: String,
}

/// What the environment says of the language.
#[derive(Clone, Copy, Debug)]
pub(super) enum AskedLanguage {
    /// This one, whatever the configuration says.
    Always(Language),
    /// This one where there is no configuration.
    Locale(Language),
}

/// The language that the environment asks for.
///
/// # Errors
/// Where it asks for one that there is no catalogue of.
pub(super) fn language_of_environment() -> Result<AskedLanguage, UnknownLanguage> {
    if let Some(tag) = said(OWN_VARIABLE) {
        let unknown = UnknownLanguage { variable: OWN_VARIABLE, written: tag.clone() };
        return Language::of_word(&tag).map(AskedLanguage::Always).ok_or(unknown);
    }
    Ok(AskedLanguage::Locale(language_of_system()))
}

/// The language of the system; English where there is no catalogue of it.
pub(super) fn language_of_system() -> Language {
    let locale = LOCALE_VARIABLES.into_iter().find_map(said);
    locale.and_then(|locale| Language::of_locale(&locale)).unwrap_or(Language::English)
}

/// What a variable says, where it says anything.
fn said(variable: &str) -> Option<String> {
    std::env::var(variable).ok().filter(|value| !value.is_empty())
}

impl AskedLanguage {
    /// The language beside a configuration, where there is one that can be read.
    pub(super) fn beside(self, config: Option<&Path>) -> Language {
        match self {
            Self::Always(language) => language,
            Self::Locale(language) => config.and_then(config::language_of).unwrap_or(language),
        }
    }
}
