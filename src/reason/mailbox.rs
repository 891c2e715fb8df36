//! What came of a conversation with the server of the mailbox (IMAP).

use serde::{Deserialize, Serialize};

use super::SystemReason;

/// What came of the conversation. A server is named with its port.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailboxReason {
    /// A step did not lead on.
    Failed {
        /// The step.
        step: MailboxStep,
        /// Why.
        fault: MailboxFault,
    },
    /// The server lets anybody in without encryption.
    LetsAnybodyIn {
        /// The server.
        server: String,
    },
    /// The server takes nobody in now.
    TakesNobodyIn {
        /// The server.
        server: String,
        /// Its words.
        said: String,
    },
    /// The server does not greet as one of IMAP does.
    NoGreeting {
        /// The server.
        server: String,
    },
    /// The server did not greet in time.
    GreetsTooLate {
        /// The server.
        server: String,
    },
    /// The server closed the connection.
    Closed {
        /// The server.
        server: String,
    },
    /// The server spoke on after it had agreed to encrypt.
    SpokeOn {
        /// The server.
        server: String,
    },
    /// The server refused the login.
    LoginRefused {
        /// Its words.
        said: String,
    },
    /// The server gives mails no lasting numbers.
    NoLastingNumbers,
    /// A mail that was written into the folder is not there.
    OwnMailLost,
}

/// A step of the conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailboxStep {
    /// Waiting for the greeting of a server.
    Greeting(String),
    /// Asking what the server can do.
    Capabilities,
    /// Having a server begin encryption.
    Encryption(String),
    /// Logging in.
    LogIn,
    /// Opening a folder.
    Open(String),
    /// Looking for mail.
    Search,
    /// Asking how large a mail is.
    Size,
    /// Reading a mail.
    Read,
    /// Reading the header of a mail.
    Header,
    /// Asking what a mail is.
    Envelope,
    /// Marking an answer as read.
    Mark,
    /// Moving an answer to `done_folder`.
    Move,
    /// Making `done_folder`.
    MakeFolder,
    /// Removing a mail.
    Remove,
    /// Writing a mail.
    Write,
    /// Waiting for new mail.
    Wait,
}

/// Why a step did not lead on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailboxFault {
    /// The server refused it, in these words.
    Refused(String),
    /// The connection was lost.
    Lost,
    /// The server ended the connection, with these words.
    Ended(String),
    /// Nothing came in time.
    TooSlow,
    /// The server sends more than was asked for.
    TooMuch,
    /// The answer is not understood.
    NotUnderstood,
    /// The network failed.
    System(SystemReason),
    /// The server has the mail and gives nothing of it.
    Withheld,
    /// The server does not say what it was asked.
    NotSaid,
}
