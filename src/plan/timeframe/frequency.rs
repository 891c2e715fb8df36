//! How often work recurs.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How often work recurs: by which period it is attested (rules of time, 14).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recurrence {
    /// Every month or more often: "hằng tháng", "2 lần/tuần".
    Month,
    /// Every term or quarter: "mỗi học kỳ", "hằng quý".
    Term,
}

impl Recurrence {
    /// Every recurrence.
    pub const ALL: [Self; 2] = [Self::Month, Self::Term];

    /// The word of plans, of the configuration and of the JSON output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Term => "term",
        }
    }
}

impl fmt::Display for Recurrence {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(self.as_str())
    }
}
