//! When a task that several lead is done.

use crate::toml_file::TomlValue;

use super::PlanMistake;

/// When a task is done that several people lead (rules of time, 9).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Closes {
    /// When every lead has reported their part done.
    #[default]
    All,
    /// When the first lead has.
    Any,
}

impl Closes {
    const ALL: [Self; 2] = [Self::All, Self::Any];

    /// The word of the plan and the configuration.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Any => "any",
        }
    }

    /// What the key `closes` says; any other word is noted.
    pub(crate) fn read(value: &TomlValue<'_>) -> Option<Self> {
        let word = value.text()?;
        let known = Self::ALL.into_iter().find(|known| known.as_str() == word);
        if known.is_none() {
            let known = Self::ALL.into_iter().map(Self::as_str).collect();
            value.error(PlanMistake::NotClosedBy { written: word.to_owned(), known });
        }
        known
    }
}
