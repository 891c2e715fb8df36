//! What this side knows without asking anybody.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::SystemReason;

/// What this side knows without asking anybody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LocalReason {
    /// The recipient has no address of electronic mail.
    NoAddress,
    /// What is written as address is none.
    BadAddress {
        /// What is written.
        address: String,
    },
    /// Neither the recipient nor the channel has a conversation to write to.
    NoConversation {
        /// The channel's name.
        channel: String,
        /// How the id of one is found.
        help: ConversationHelp,
    },
    /// The message cannot be put together.
    NotComposed {
        /// Why, in the words of whatever failed.
        words: String,
    },
    /// A file was written.
    Written {
        /// The file.
        path: PathBuf,
    },
    /// A file cannot be written.
    NotWritten {
        /// The file, or the folder for it.
        path: PathBuf,
        /// What the system says.
        why: SystemReason,
    },
    /// The work broke off.
    BrokenOff {
        /// Why, in the words of whatever failed.
        words: String,
    },
    /// The service was stopped before the answer came.
    Stopped,
    /// The recipient has no further channel.
    NoFurtherChannel {
        /// The recipient's name.
        recipient: String,
    },
    /// The configuration has no channel of this name.
    NoChannel {
        /// The name.
        channel: String,
    },
    /// The channel has not answered for long.
    Silent {
        /// For how many minutes.
        minutes: i64,
    },
}

/// How the id of a conversation is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConversationHelp {
    /// A command finds it.
    Pair,
    /// The settings of the room show it.
    RoomSettings,
}
