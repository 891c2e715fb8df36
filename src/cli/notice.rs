//! Notices as the JSON output shows them.

use jiff::civil::Date;
use serde::Serialize;

use crate::plan::Task;
use crate::schedule::Notice;

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
