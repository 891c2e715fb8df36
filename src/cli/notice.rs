//! What kind a notice is, as people and the JSON output read it.

use std::fmt;

use serde::Serialize;

use crate::schedule::NoticeKind;

/// A kind of notice.
#[derive(Clone, Debug, Serialize)]
pub(super) struct NoticeJson {
    pub(super) kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) days: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    review: Option<String>,
}

impl From<NoticeKind> for NoticeJson {
    fn from(kind: NoticeKind) -> Self {
        Self { kind: kind.as_str(), days: kind.days(), review: kind.review().map(|review| review.to_string()) }
    }
}

/// "before, 7 days", "self-check of 2023-10".
impl fmt::Display for NoticeJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.kind.replace('_', "-"))?;
        if let Some(review) = &self.review {
            write!(f, " of {review}")?;
        }
        match self.days {
            Some(1) => f.write_str(", 1 day"),
            Some(days) => write!(f, ", {days} days"),
            None => Ok(()),
        }
    }
}
