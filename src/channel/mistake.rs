//! What is wrong in the table of a channel.

use crate::diagnostic::mistakes;

mistakes! {
    /// What is wrong in the table of a channel, or doubtful about it.
    pub(crate) enum ChannelMistake {
        "unknown-kind" => NoKind { written: String, near: Option<String>, known: Vec<&'static str> },
        "unread-answers" => AnswersElsewhere { address: String, inbox: String },
        "missing-key" => NoUrl,
        /// Of a service whose address is itself the key.
        "missing-key" => NoSecretUrl,
        "bad-url" => NoProxy,
        "missing-key" => NoToken,
        "missing-key" => NothingToSignWith,
        "bad-secret" => BadSigningSecret,
        "missing-key" => UserWithoutPassword,
        "bad-address" => NoSender { written: String },
        "bad-name" => NoMachineName { written: String },
    }
}
