//! Where a channel writes that knows people by conversations: to a recipient's own, else to the room of the channel.

use crate::compose::Content;
use crate::people::Recipient;
use crate::reason::{ConversationHelp, LocalReason};
use crate::toml_file::{IntegerOrText, TomlTable};

use super::chat_text::ChatText;
use super::{Failure, Outgoing};

/// The conversations of a channel.
#[derive(Debug)]
pub(super) struct Conversations {
    /// The channel's name, by which a recipient has a conversation of their own.
    channel: String,
    /// The conversation for recipients without one: `chat` of the channel's table.
    room: Option<String>,
    /// How the id of a conversation is found.
    help: ConversationHelp,
}

impl Conversations {
    /// The conversations of the channel of this name; reads `chat` of its table.
    pub(super) fn read(table: &TomlTable<'_>, channel: &str, help: ConversationHelp) -> Self {
        let room = table.get("chat").and_then(|value| match value.integer_or_text()? {
            IntegerOrText::Integer(number) => Some(number.to_string()),
            IntegerOrText::Text(_) => value.name(),
        });
        Self { channel: channel.to_owned(), room, help }
    }

    fn own<'r>(&self, recipient: &'r Recipient) -> Option<&'r str> {
        recipient.chats.get(&self.channel).map(String::as_str)
    }

    /// The conversation with a recipient.
    ///
    /// # Errors
    /// [`Failure::Recipient`] where there is none.
    pub(super) fn with<'a>(&'a self, recipient: &'a Recipient) -> Result<&'a str, Failure> {
        let missing = || LocalReason::NoConversation { channel: self.channel.clone(), help: self.help };
        self.own(recipient).or(self.room.as_deref()).ok_or_else(|| Failure::of_recipient(missing()))
    }

    /// The recipient's own conversation. The room is the channel's, not theirs: an attempt then names no address.
    ///
    /// # Errors
    /// [`Failure::Recipient`] where there is neither.
    pub(super) fn address<'r>(&self, recipient: &'r Recipient) -> Result<Option<&'r str>, Failure> {
        self.with(recipient).map(drop)?;
        Ok(self.own(recipient))
    }

    /// The text of a message. In a conversation of the recipient's own the heading does not name them.
    pub(super) fn words(&self, message: &Outgoing<'_>, content: &Content) -> ChatText {
        let mut words = ChatText::of(message, content);
        if self.own(message.recipient).is_some() {
            words.heading.clone_from(&content.subject);
        }
        words
    }
}
