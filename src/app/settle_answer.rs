//! Settling an answer that a person had to read: it is closed, and what it says of tasks is reported in its writer's name.

use jiff::Timestamp;

use crate::plan::{Status, Task};
use crate::progress::{How, ProgressEntry};
use crate::school::School;
use crate::store::open_answers::OpenAnswer;
use crate::store::{Store, StoreError};

use super::take_answer::{AnswerSource, NewAnswer, TaskReport, take_answer};

/// What a person made of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// When.
    pub at: Timestamp,
    /// Who settles it.
    pub by: Option<String>,
    /// How far the tasks are by it; `None` where it says nothing of that.
    pub report: Option<SettledReport>,
}

/// How far tasks are by an answer that a person has read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettledReport {
    /// The status.
    pub status: Status,
    /// The per cent done, where it is told.
    pub percent: Option<u8>,
    /// A sentence about it; where there is none and something is in the way, the answer's own words.
    pub note: Option<String>,
}

/// Settles an answer and reports what it says of these tasks, in its writer's name. Returns `false` where it was settled
/// before: then nothing is written.
///
/// # Errors
/// When the store fails; then nothing is written.
pub async fn settle_answer(
    store: &Store,
    school: &School,
    open: &OpenAnswer,
    tasks: &[&Task],
    settlement: Settlement,
) -> Result<bool, StoreError> {
    let Settlement { at, by, report } = settlement;
    let mut answer = NewAnswer::new(AnswerSource::Reader { id: &open.id, by: by.as_deref() }, at);
    if let Some(SettledReport { status, percent, note }) = report {
        let words = || (status == Status::Blocked && !open.text.is_empty()).then(|| open.text.clone());
        let entry = ProgressEntry {
            at,
            status,
            percent,
            note: note.or_else(words),
            evidence: Vec::new(),
            by: Some(open.writer.clone()),
            how: How::Mail,
        };
        answer.reports = tasks.iter().map(|task| TaskReport::new(task, entry.clone(), &[])).collect();
    }
    Ok(take_answer(store, school, answer).await?.is_some())
}
