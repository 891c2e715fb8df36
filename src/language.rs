//! The languages in which the program speaks to its admin, and what the catalogue of each must have.
//!
//! What is said is a value: a variant of an enum with the facts in it, defined in the room that says it. It knows no words.
//! The catalogue of a language, a folder of `catalogue`, has the words: it implements [`Says`] for what is
//! told as it is and [`Explains`] for what is to be mended, each by a `match` over all variants. Whoever says something
//! that a catalogue lacks is told so by the compiler.
//!
//! ```
//! use nhacviec::language::Language;
//!
//! assert_eq!(Language::of_locale("vi_VN.UTF-8"), Some(Language::Vietnamese));
//! assert_eq!(Language::of_locale("C.UTF-8"), None);
//! ```

use crate::closed_set::{ClosedSet, closed_set};

/// What is wrong, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What is wrong: a fragment that begins in lower case.
    pub message: String,
    /// What to write or do instead; `None` where the message says it.
    pub help: Option<String>,
}

impl Explanation {
    /// What is wrong, and what to do.
    #[must_use]
    pub fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: Some(help.into()) }
    }
}

/// A language that has words for `T`.
pub trait Says<T: ?Sized> {
    /// The words.
    fn say(&self, said: &T) -> String;
}

/// A language that can explain the mistakes `T`.
pub trait Explains<T: ?Sized> {
    /// What is wrong and what to do.
    fn explain(&self, mistake: &T) -> Explanation;
}

/// What every language has words for. Never implemented by hand: see [`Says`].
pub trait Said {
    /// The words in a language.
    fn said_in(&self, language: Language) -> String;
}

/// What every language can explain. Never implemented by hand: see [`Explains`].
pub trait Explained {
    /// What is wrong and what to do, in a language.
    fn explained_in(&self, language: Language) -> Explanation;
}

/// Defines the languages: the one place that lists them.
macro_rules! languages {
    ($($(#[$doc:meta])* $language:ident = $tag:literal,)+) => {
        closed_set! {
            /// A language, by its IETF tag.
            pub enum Language {
                $($(#[$doc])* $language = $tag,)+
            }
        }

        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug)]
            pub struct $language;
        )+

        impl<T: ?Sized> Said for T
        where
            $($language: Says<T>,)+
        {
            fn said_in(&self, language: Language) -> String {
                match language {
                    $(Language::$language => $language.say(self),)+
                }
            }
        }

        impl<T: ?Sized> Explained for T
        where
            $($language: Explains<T>,)+
        {
            fn explained_in(&self, language: Language) -> Explanation {
                match language {
                    $(Language::$language => $language.explain(self),)+
                }
            }
        }
    };
}

languages! {
    /// English: where nothing says otherwise.
    English = "en",
    /// Vietnamese.
    Vietnamese = "vi",
}

impl Language {
    /// The language of a locale of the system: `vi_VN.UTF-8`, `en_GB`. `None` for `C`, and where there is no catalogue.
    #[must_use]
    pub fn of_locale(locale: &str) -> Option<Self> {
        Self::of_word(locale.split(['_', '.', '@', '-']).next().unwrap_or_default())
    }
}
