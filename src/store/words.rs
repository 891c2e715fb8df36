//! Words of closed sets as the store writes them: here alone they become values and back. A word that is not known is an
//! error: somebody newer has written it, or somebody else.

use sqlx::any::AnyRow;

use crate::progress::How;

use super::{Result, damaged, optional_text, text};

/// A value of a closed set, which the store has as a word.
pub(super) trait StoredWord: Copy + 'static {
    /// What a word of the set is, for the error that tells of another one.
    const WHAT: &'static str;
    /// The whole set.
    const ALL: &'static [Self];

    /// The word.
    fn word(self) -> &'static str;
}

/// Defines a closed set with its words: an enum with `as_str` that the store can write and read, and that JSON shows so.
macro_rules! closed_set {
    (
        $(#[$doc:meta])*
        pub enum $name:ident ($what:literal) {
            $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
        }

        impl $name {
            /// The word of the store and of the JSON output.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }

        impl $crate::store::words::StoredWord for $name {
            const WHAT: &'static str = $what;
            const ALL: &'static [Self] = &[$(Self::$variant,)+];

            fn word(self) -> &'static str {
                self.as_str()
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}

pub(super) use closed_set;

impl StoredWord for How {
    const WHAT: &'static str = "a way to report";
    const ALL: &'static [Self] = &Self::ALL;

    fn word(self) -> &'static str {
        self.as_str()
    }
}

/// The value that a column's word means.
pub(super) fn word<T: StoredWord>(row: &AnyRow, column: &'static str) -> Result<T> {
    value(column, text(row, column)?)
}

/// The value that a column's word means, where there is one.
pub(super) fn optional_word<T: StoredWord>(row: &AnyRow, column: &'static str) -> Result<Option<T>> {
    optional_text(row, column)?.map(|word| value(column, word)).transpose()
}

fn value<T: StoredWord>(column: &'static str, word: String) -> Result<T> {
    let known = T::ALL.iter().find(|value| value.word() == word);
    known.copied().ok_or_else(|| damaged(column, T::WHAT, word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoreError;
    use crate::store::outbox::{AttemptOutcome, MessageState};

    #[test]
    fn a_word_that_is_not_known_is_an_error_and_no_value() {
        assert!(matches!(value("state", "dead".to_owned()), Ok(MessageState::Dead)));
        let unknown = value::<AttemptOutcome>("outcome", "postponed".to_owned());
        assert!(matches!(unknown, Err(StoreError::Damaged { value, .. }) if value == "postponed"));
    }
}
