//! By which way something came to be known.

use std::fmt;

use serde::Serialize;

/// By which way a report, a piece of evidence or a request for time came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// On the command line.
    Command,
    /// On a page, behind a link.
    Link,
    /// In an answer by mail.
    Mail,
    /// In the plan's own document.
    Document,
    /// In a rehearsal.
    Rehearsal,
}

impl How {
    /// Every way.
    pub const ALL: [Self; 5] = [Self::Command, Self::Link, Self::Mail, Self::Document, Self::Rehearsal];

    /// The word of the store and of the JSON output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Command => "command",
            Self::Link => "link",
            Self::Mail => "mail",
            Self::Document => "document",
            Self::Rehearsal => "rehearsal",
        }
    }
}

impl fmt::Display for How {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
