//! Notices as people and the JSON output read them.

use std::fmt;

use jiff::civil::Date;
use serde::Serialize;

use crate::plan::Task;
use crate::schedule::{Notice, NoticeKind};

/// A kind of notice: the fields of the JSON output, and words for people.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ShownKind {
    pub(super) kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) days: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    review: Option<String>,
}

impl From<NoticeKind> for ShownKind {
    fn from(kind: NoticeKind) -> Self {
        Self { kind: kind.as_str(), days: kind.days(), review: kind.review().map(|review| review.to_string()) }
    }
}

/// "before, 7 days", "self-check of 2023-10".
impl fmt::Display for ShownKind {
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

/// A notice as JSON; what does not apply is absent (design, commands).
#[derive(Serialize)]
pub(super) struct ShownNotice<'a> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    task: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    days: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    review: Option<String>,
    on: Date,
}

impl<'a> ShownNotice<'a> {
    /// A notice about one of `tasks`.
    pub(super) fn new(notice: &Notice, tasks: &'a [Task]) -> Self {
        let task = notice.task.map(|task| &tasks[task as usize]);
        Self {
            kind: notice.kind.as_str(),
            task: task.map(|task| task.name.as_str()),
            due: task.and_then(Task::period).map(|period| period.due),
            days: notice.kind.days(),
            review: notice.kind.review().map(|review| review.to_string()),
            on: notice.on,
        }
    }
}
