//! Why something reached the other side or did not, as values: what happened, what the other side said, and what the admin
//! can do. The catalogue of each language has the words.
//!
//! The store keeps a reason as text: words of the other side as they were said, anything else as JSON. So whoever looks reads
//! it in their own language, whatever was spoken when it happened, and the journal and the JSON output in English.

mod advice;
mod connection;
mod http;
mod local;
mod mail;
mod mailbox;

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};

use crate::language::{Language, Said};

pub use advice::Advice;
pub use connection::{CertificateFault, ConnectionReason, SystemFault, SystemReason};
pub use http::HttpReason;
pub use local::{ConversationHelp, LocalReason};
pub use mail::{MailReason, Step};
pub use mailbox::{MailboxFault, MailboxReason, MailboxStep};

/// Why an attempt ended as it did. Holds no secret. As text it is in English.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The words of the other side, as they stand.
    Said(String),
    /// A reason, and what the admin can do about it.
    Advised {
        /// The reason.
        reason: Box<Reason>,
        /// What can be done.
        advice: Advice,
    },
    /// The other side cannot be reached, or not be trusted.
    Connection(ConnectionReason),
    /// What came of a conversation with a server that mail is handed to.
    Mail(MailReason),
    /// What a service answered over HTTP.
    Http(HttpReason),
    /// What came of a conversation with the server of the mailbox.
    Mailbox(MailboxReason),
    /// What this side knows without asking anybody.
    Local(LocalReason),
}

impl Reason {
    /// The reason with what the admin can do about it, where that is known.
    #[must_use]
    pub fn with(self, advice: Option<Advice>) -> Self {
        match advice {
            Some(advice) => Self::Advised { reason: Box::new(self), advice },
            None => self,
        }
    }

    /// The text that the store keeps.
    #[must_use]
    pub fn stored(&self) -> String {
        match self {
            // Words that would be read as something else are kept as a value too.
            Self::Said(words) if Self::read(words) == *self => words.clone(),
            // A reason is made of texts and numbers, which JSON takes.
            value => serde_json::to_string(value).unwrap_or_else(|_| value.to_string()),
        }
    }

    /// The reason of a text that the store kept. What is no value of this version are words.
    #[must_use]
    pub fn read(stored: &str) -> Self {
        let value = if stored.starts_with('{') { serde_json::from_str(stored).ok() } else { None };
        value.unwrap_or_else(|| Self::Said(stored.to_owned()))
    }
}

impl Default for Reason {
    /// Nothing was said.
    fn default() -> Self {
        Self::Said(String::new())
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said_in(Language::English))
    }
}

impl From<&str> for Reason {
    /// Words of the other side.
    fn from(words: &str) -> Self {
        Self::Said(words.to_owned())
    }
}

impl From<String> for Reason {
    /// Words of the other side.
    fn from(words: String) -> Self {
        Self::Said(words)
    }
}

/// Makes each kind of reason a [`Reason`].
macro_rules! kinds {
    ($($kind:ident($reason:ident),)+) => {
        $(
            impl From<$reason> for Reason {
                fn from(reason: $reason) -> Self {
                    Self::$kind(reason)
                }
            }
        )+
    };
}

kinds! {
    Connection(ConnectionReason),
    Mail(MailReason),
    Http(HttpReason),
    Mailbox(MailboxReason),
    Local(LocalReason),
}

/// A reason within a value that is put into JSON for other programs: in English.
pub(crate) fn in_english<R: fmt::Display, S: Serializer>(reason: &R, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(reason)
}

/// A reason within a value that is kept as JSON: as the text that the store keeps.
pub(crate) mod as_text {
    use serde::{Deserialize, Deserializer, Serializer};

    use super::Reason;

    pub(crate) fn serialize<S: Serializer>(reason: &Reason, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&reason.stored())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Reason, D::Error> {
        String::deserialize(deserializer).map(|stored| Reason::read(&stored))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_store_keeps_is_read_as_it_was_whatever_anybody_said() {
        let lost = MailReason::Lost { step: Step::Data, why: SystemReason::closed() };
        let value = Reason::from(lost).with(Some(Advice::SetHello));
        let imitation = value.stored();
        assert!(imitation.starts_with('{'));
        let reasons = [
            value,
            "250 2.0.0 ok".into(),
            "".into(),
            "{\"ok\":false}".into(),
            "{".into(),
            Reason::Said(imitation),
            "{\"said\":\"250 ok\"}".into(),
        ];
        for reason in reasons {
            assert_eq!(Reason::read(&reason.stored()), reason);
        }
        // What the other side says stands in the store as it is.
        assert_eq!(Reason::from("{\"ok\":false}").stored(), "{\"ok\":false}");
    }

    #[test]
    fn what_only_another_version_knows_is_shown_as_it_stands() {
        let unknown = "{\"pigeon\":{\"lost\":true}}";
        assert_eq!(Reason::read(unknown).to_string(), unknown);
    }
}
