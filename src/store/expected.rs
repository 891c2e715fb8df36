//! What should stand in the store where something else does.

use std::fmt;

use crate::language::{Language, Said};

/// What should stand in a place of the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExpectedValue {
    /// A number.
    Number,
    /// A date.
    Date,
    /// Two dates.
    TwoDates,
    /// Two numbers.
    TwoNumbers,
    /// An instant.
    Instant,
    /// A number of milliseconds.
    Milliseconds,
    /// What a plan says.
    PlanText,
    /// A list of evidence.
    EvidenceList,
    /// A list of leads.
    LeadList,
    /// What a report changes.
    ReportEffect,
    /// A list of tasks.
    TaskList,
    /// The place of a channel.
    ChannelPlace,
    /// A size.
    Size,
    /// A letter.
    Letter,
    /// A number, a text or bytes.
    SqlValue,
    /// A kind of notice.
    NoticeKind,
    /// A status.
    Status,
    /// A period.
    Period,
    /// The name of a review.
    ReviewName,
    /// One of these words.
    OneOf(Vec<&'static str>),
}

impl fmt::Display for ExpectedValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said_in(Language::English))
    }
}
