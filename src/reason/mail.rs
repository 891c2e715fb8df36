//! What came of a conversation with a server that mail is handed to (SMTP).

use std::fmt;

use serde::{Deserialize, Serialize};

use super::SystemReason;

/// A step of the conversation: what was said last, and is to be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// The connection was opened.
    Greeting,
    /// EHLO, or HELO.
    Ehlo,
    /// STARTTLS.
    StartTls,
    /// AUTH, or what it asked for.
    Auth,
    /// MAIL FROM.
    Mail,
    /// RCPT TO.
    Rcpt,
    /// DATA.
    Data,
    /// The message and the line that ends it.
    End,
    /// QUIT.
    Quit,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Greeting => "the connection",
            Self::Ehlo => "EHLO",
            Self::StartTls => "STARTTLS",
            Self::Auth => "AUTH",
            Self::Mail => "MAIL",
            Self::Rcpt => "RCPT",
            Self::Data => "DATA",
            Self::End => "the end of the message",
            Self::Quit => "QUIT",
        })
    }
}

/// What came of the conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailReason {
    /// The server said no.
    Refused {
        /// To what.
        step: Step,
        /// Its words, with the code.
        answer: String,
    },
    /// The server's answer is none to what was said.
    WrongAnswer {
        /// What was said.
        step: Step,
        /// Its words, with the code.
        answer: String,
    },
    /// What came is no answer of a mail server.
    NoAnswer {
        /// What was said.
        step: Step,
        /// What came.
        line: String,
    },
    /// The answer does not end.
    Endless {
        /// What was said.
        step: Step,
    },
    /// The server spoke before it was asked.
    Unasked {
        /// What was to be said.
        step: Step,
    },
    /// The connection broke.
    Lost {
        /// What was said.
        step: Step,
        /// What the system says.
        why: SystemReason,
    },
    /// Nothing came in time.
    TooSlow {
        /// What was said.
        step: Step,
    },
    /// The server does not offer to encrypt.
    NoStartTls,
    /// The server does not offer to log in.
    NoLogin,
    /// The server offers other ways to log in than the program knows.
    OtherLogins {
        /// Those that it offers.
        offered: Vec<String>,
    },
    /// An address has letters that the server does not carry.
    ForeignLetters {
        /// The address.
        address: String,
    },
    /// The message is larger than the server takes.
    TooLarge {
        /// Its size, in bytes.
        size: usize,
        /// How much the server takes, in bytes.
        largest: usize,
    },
}
