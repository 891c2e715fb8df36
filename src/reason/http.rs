//! What a service answered over HTTP.

use serde::{Deserialize, Serialize};

use super::Reason;

/// What a service answered over HTTP.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HttpReason {
    /// Its answer.
    Answered {
        /// The code and its name: "404 Not Found".
        status: String,
        /// The beginning of the body on one line; empty where there is none.
        said: String,
    },
    /// The answer broke off.
    CutOff {
        /// What had come.
        answer: Box<Reason>,
    },
    /// The group has another id since.
    GroupMoved {
        /// The answer.
        answer: Box<Reason>,
        /// The id.
        chat: String,
    },
    /// The message was taken in a shorter form.
    Shortened {
        /// The answer.
        answer: Box<Reason>,
    },
    /// A service gives no token.
    NoToken {
        /// The host.
        host: String,
        /// Its words.
        said: String,
    },
    /// A service grants a token and gives none.
    AnswerWithoutToken {
        /// The host.
        host: String,
        /// The code and its name.
        status: String,
    },
    /// The token that is to be sent holds signs that no token has.
    BadToken,
}
