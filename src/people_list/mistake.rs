//! What is wrong in a list of people.

use crate::diagnostic::mistakes;

mistakes! {
    /// What is wrong in a list of people, or doubtful about it.
    pub(crate) enum ListMistake {
        /// With the headings that were seen.
        "no-people" => NoHeadings { seen: Vec<String> },
        "unread-column" => UnannouncedAddresses,
        "unread-column" => SecondColumnOfAddresses { first: String },
        "unread-column" => UnreadColumns { columns: Vec<UnreadColumn> },
        "unread-row" => NobodyInRow,
        "doubled-name" => DoubledName { name: String },
        "several-addresses" => SeveralAddresses { first: String },
        "bad-address" => NoAddress { written: String, meant: Option<String> },
        "bad-phone" => NoNumber { written: String },
        "bad-form-of-address" => NoFormOfAddress { written: String },
        "no-conversation" => NumberForConversation,
    }
}

/// A column that is not read.
#[derive(Clone, Debug)]
pub(crate) enum UnreadColumn {
    /// By its heading.
    Called(String),
    /// Without a heading, as a person counts, from 1.
    Numbered(usize),
}
