//! Messages that are put aside: refused for good, and it is not known yet whether that is about the recipient or the
//! channel (rules of delivery, 4). Pure.
//!
//! What is known ends with the process, and the next one learns it from the attempts in the store.

use std::collections::BTreeMap;

use crate::reason::Reason;

/// A message that is put aside.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Aside {
    id: String,
    recipient: String,
    reason: Reason,
}

/// What a refusal that could be about either turns out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RefusalOrigin {
    /// That is not known yet.
    Unknown,
    /// The channel: it refuses another recipient alike.
    Channel,
}

/// The messages that are put aside, and those of which it is known by now that their recipient was refused.
#[derive(Debug, Default)]
pub(super) struct PutAside {
    /// By channel.
    aside: BTreeMap<String, Vec<Aside>>,
    /// Why each was refused, by message.
    of_recipient: BTreeMap<String, Reason>,
}

impl PutAside {
    /// Notes that a channel has refused a message.
    pub(super) fn refused(&mut self, channel: &str, id: &str, recipient: &str, reason: &Reason) -> RefusalOrigin {
        let aside = self.aside.entry(channel.to_owned()).or_default();
        let is_known = aside.iter().any(|aside| aside.recipient == recipient);
        let is_first = aside.is_empty();
        aside.retain(|aside| aside.id != id);
        aside.push(Aside { id: id.to_owned(), recipient: recipient.to_owned(), reason: reason.clone() });
        // That one who was refused before is refused again says nothing new.
        if is_first || is_known { RefusalOrigin::Unknown } else { RefusalOrigin::Channel }
    }

    /// Notes that a channel has taken a message: whom it refused before, it refused for their own sake. Returns whether
    /// anybody was.
    pub(super) fn taken(&mut self, channel: &str, recipient: &str) -> bool {
        let aside = self.aside.remove(channel).unwrap_or_default();
        // Somebody who gets one message is not refused: the other one is tried again.
        let others: Vec<Aside> = aside.into_iter().filter(|aside| aside.recipient != recipient).collect();
        let any = !others.is_empty();
        self.of_recipient.extend(others.into_iter().map(|aside| (aside.id, aside.reason)));
        any
    }

    /// The messages of which it is known that their recipient was refused.
    pub(super) fn of_recipient(&self) -> Vec<String> {
        self.of_recipient.keys().cloned().collect()
    }

    /// Why the recipient of a message was refused, where that is known; it is told once.
    pub(super) fn take_reason(&mut self, id: &str) -> Option<Reason> {
        self.of_recipient.remove(id)
    }

    /// Has everything tried again.
    pub(super) fn clear(&mut self) {
        self.aside.clear();
        self.of_recipient.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_recipients_once_somebody_else_got_something_and_the_channels_once_two_are_refused() {
        let mut aside = PutAside::default();
        assert_eq!(aside.refused("email", "1", "Hương", &"550".into()), RefusalOrigin::Unknown);
        assert_eq!(
            aside.refused("email", "2", "Hương", &"550".into()),
            RefusalOrigin::Unknown,
            "the same person says nothing new"
        );
        assert!(!aside.taken("chat", "Lan"), "another channel says nothing");
        assert_eq!(aside.refused("email", "3", "Lan", &"554".into()), RefusalOrigin::Channel);
        assert_eq!(aside.refused("email", "1", "Hương", &"550".into()), RefusalOrigin::Unknown);
        assert!(aside.taken("email", "Minh"));
        assert_eq!(aside.of_recipient(), ["1", "2", "3"]);
        assert_eq!(aside.take_reason("3"), Some("554".into()));
        assert_eq!(aside.take_reason("3"), None);
        assert_eq!(aside.refused("email", "4", "Lan", &"554".into()), RefusalOrigin::Unknown, "the channel works");
    }

    #[test]
    fn who_gets_one_message_was_not_refused() {
        let mut aside = PutAside::default();
        aside.refused("email", "1", "Hương", &"550 looks like spam".into());
        assert!(!aside.taken("email", "Hương"));
        assert_eq!(aside.take_reason("1"), None);
    }
}
