//! What was ever decided about a task.

use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::any::AnyRow;

use crate::plan::TaskId;
use crate::schedule::NoticeKind;

use super::outbox::{NoticeState, Why};
use super::{
    Doing, ExpectedValue, Result, Scope, Store, StoreStep, date, instant, optional_instant, optional_text,
    optional_word, parsed, query, text, word,
};

/// A notice as the store has it, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastNotice {
    /// When it was decided.
    pub decided_at: Timestamp,
    /// What it tells.
    pub kind: NoticeKind,
    /// Whom.
    pub recipient: String,
    /// The date that the rules gave, before it was moved to a working day.
    pub day: Date,
    /// The date on which it was to go out.
    pub on: Date,
    /// What became of it.
    pub state: NoticeState,
    /// Why it was skipped or withdrawn, where it was and that was kept.
    pub why: Option<Why>,
    /// When it was skipped or withdrawn.
    pub ended_at: Option<Timestamp>,
    /// The message that tells it.
    pub message: Option<String>,
}

impl Store {
    /// Every notice about a task, in the order of decision.
    ///
    /// # Errors
    /// When the database fails or holds what the program never writes.
    pub async fn notices_about(&self, scope: &Scope, task: &TaskId) -> Result<Vec<PastNotice>> {
        let rows = query(
            "SELECT decided_at, kind, recipient, day, on_date, state, why, ended_at, message FROM notice \
             WHERE organisation = $1 AND plan = $2 AND subject = $3 AND kind NOT LIKE 'review:%' \
             ORDER BY decided_at, on_date, recipient, kind",
        )
        .bind(scope.organisation.as_str())
        .bind(scope.plan.as_str())
        .bind(task.as_str())
        .fetch_all(&self.database)
        .await
        .doing(StoreStep::ReadHistory)?;
        rows.iter().map(past_notice).collect()
    }
}

fn past_notice(row: &AnyRow) -> Result<PastNotice> {
    Ok(PastNotice {
        decided_at: instant(row, "decided_at")?,
        kind: parsed("notice", ExpectedValue::NoticeKind, text(row, "kind")?)?,
        recipient: text(row, "recipient")?,
        day: date(row, "day")?,
        on: date(row, "on_date")?,
        state: word(row, "state")?,
        why: optional_word(row, "why")?,
        ended_at: optional_instant(row, "ended_at")?,
        message: optional_text(row, "message")?,
    })
}
