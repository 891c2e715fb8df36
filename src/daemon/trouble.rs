//! What keeps the service from being well, as those who watch it hear it (rules of delivery, 8).

use std::fmt;

use crate::closed_set::closed_set;
use crate::text;

closed_set! {
    /// What is wrong, in a word that the guides explain.
    pub enum TroubleKind {
        /// No run has ended since the service began.
        Starting = "starting",
        /// The working loop has shown no sign of life for long.
        Hangs = "hangs",
        /// The last run failed: the store did, as a rule.
        RunFailed = "run-failed",
        /// A channel has failed as a whole and taken nothing since.
        ChannelFailed = "channel-failed",
        /// A channel takes messages and answers nothing.
        ChannelSilent = "channel-silent",
        /// Messages wait for longer than an hour beyond their time.
        MessagesLate = "messages-late",
    }
}

/// Something that is wrong. As text, one line that begins with its word and names no address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What it is.
    pub kind: TroubleKind,
    detail: String,
}

impl Trouble {
    pub(super) fn new(kind: TroubleKind, detail: impl AsRef<str>) -> Self {
        let detail: Vec<&str> = detail.as_ref().split_whitespace().collect();
        Self { kind, detail: text::without_addresses(&detail.join(" ")) }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.as_str(), self.detail)
    }
}
