//! How the program speaks to whoever called it: in which form, and in which language.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::app::init;
use crate::closed_set::ClosedSet;
use crate::config;
use crate::language::Language;

use super::{CONFIG_VARIABLE, Cli, Command, Format, NEAR_CONFIG, default_config, present_config};

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
    /// This one where there is no configuration; `None` where the system names none that there is a catalogue of.
    Locale(Option<Language>),
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

/// The language of the system; `None` where it names none that there is a catalogue of.
pub(super) fn language_of_system() -> Option<Language> {
    let locale = LOCALE_VARIABLES.into_iter().find_map(said);
    locale.and_then(|locale| Language::of_locale(&locale))
}

/// What a variable says, where it says anything.
fn said(variable: &str) -> Option<String> {
    std::env::var(variable).ok().filter(|value| !value.is_empty())
}

impl AskedLanguage {
    /// The language beside configurations, of which the first counts that can be read.
    fn beside(self, configs: impl IntoIterator<Item = PathBuf>) -> Option<Language> {
        match self {
            Self::Always(language) => Some(language),
            Self::Locale(locale) => configs.into_iter().find_map(|config| config::language_of(&config)).or(locale),
        }
    }

    /// The language in which a command speaks: as its line says, else the environment, else the configuration that it is
    /// about or that is in reach, else the system.
    pub(super) fn of_command(self, cli: &Cli) -> Language {
        let (written, own, fallback) = match &cli.command {
            // What it writes is Vietnamese where nothing says otherwise.
            Command::Init(args) => (args.language(), Some(args.config()), Language::Vietnamese),
            _ => (None, super::config(cli).ok(), Language::English),
        };
        let configs = own.into_iter().chain(present_config(cli)).chain(usual_configs());
        written.or_else(|| self.beside(configs)).unwrap_or(fallback)
    }

    /// The language in which is told that a command line is not understood.
    pub(super) fn of_unread_line(self) -> Language {
        let written = value_of(&["--language"]).and_then(|word| Language::of_word(word.to_str()?));
        let new = value_of(&["--dir"]).map(|dir| Path::new(&dir).join(init::CONFIG));
        let named = value_of(&["--config", "-c"]).or_else(|| std::env::var_os(CONFIG_VARIABLE)).map(PathBuf::from);
        let configs = new.into_iter().chain(named).chain(usual_configs());
        written.or_else(|| self.beside(configs)).unwrap_or(Language::English)
    }
}

/// The configurations that a person may mean who names none, whether or not they are there.
fn usual_configs() -> impl Iterator<Item = PathBuf> {
    default_config().into_iter().chain([Path::new(NEAR_CONFIG)]).map(Path::to_owned)
}

/// The value of an option that has these names, as far as that can be known before the command line is understood.
fn value_of(names: &[&str]) -> Option<OsString> {
    let mut arguments = std::env::args_os().skip(1);
    while let Some(argument) = arguments.next() {
        if names.iter().any(|name| argument == *name) {
            return arguments.next();
        }
        let joined = names.iter().find_map(|name| argument.to_str()?.strip_prefix(name)?.strip_prefix('='));
        if let Some(value) = joined {
            return Some(value.into());
        }
    }
    None
}
