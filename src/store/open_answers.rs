//! Answers that a person must read: kept until somebody settles them.

use jiff::Timestamp;
use sqlx::any::AnyRow;

use crate::plan::TaskId;

use super::{
    Doing, ExpectedValue, Result, Scope, Store, StoreStep, Tx, damaged, instant, number, optional_instant,
    optional_text, query, text, word,
};
use crate::closed_set::closed_set;

closed_set! {
    /// Why a person must read an answer.
    pub enum OpenReason {
        /// It is not understood, and a question has gone back before.
        Unclear = "unclear",
        /// It asks something.
        Question = "question",
        /// Its writer says that the work is not theirs, or wants to hand it over.
        HandOver = "hand_over",
    }
}

/// An answer that a person must read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenAnswer {
    /// Its name for life, in hexadecimal digits.
    pub id: String,
    /// When it was read by the program.
    pub at: Timestamp,
    /// The name of its writer in the configuration.
    pub writer: String,
    /// The message of ours that began the conversation.
    pub message: String,
    /// The tasks that it may be about.
    pub tasks: Vec<TaskId>,
    /// What it says.
    pub text: String,
    /// Why a person must read it.
    pub why: OpenReason,
    /// When it was settled, and by whom where that was told; `None` while it is open.
    pub settled: Option<(Timestamp, Option<String>)>,
}

const COLUMNS: &str = "SELECT id, at, writer, message, tasks, words, why, settled_at, settled_by FROM open_answer";

impl Store {
    /// The answers that wait for a person, of every plan, the oldest first.
    ///
    /// # Errors
    /// When the database fails or holds what the program never writes.
    pub async fn open_answers(&self, organisation: &str) -> Result<Vec<OpenAnswer>> {
        let rows = query(sqlx::AssertSqlSafe(format!(
            "{COLUMNS} WHERE organisation = $1 AND settled_at IS NULL ORDER BY at, id"
        )))
        .bind(organisation)
        .fetch_all(&self.database)
        .await
        .doing(StoreStep::ReadOpenAnswers)?;
        rows.iter().map(answer).collect()
    }

    /// How many answers waited for a person at an instant.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open_answers_at(&self, organisation: &str, at: Timestamp) -> Result<usize> {
        let row = query(
            "SELECT COUNT(*) AS count FROM open_answer WHERE organisation = $1 AND at <= $2 \
             AND (settled_at IS NULL OR settled_at > $2)",
        )
        .bind(organisation)
        .bind(at.as_millisecond())
        .fetch_one(&self.database)
        .await
        .doing(StoreStep::CountOpenAnswers)?;
        Ok(usize::try_from(number(&row, "count")?).unwrap_or(0))
    }

    /// The answers, open or settled, whose id begins so; two at most. `start` has no sign but hexadecimal digits.
    ///
    /// # Errors
    /// When the database fails or holds what the program never writes.
    pub async fn find_open_answers(&self, organisation: &str, start: &str) -> Result<Vec<OpenAnswer>> {
        let rows =
            query(sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE organisation = $1 AND id LIKE $2 ORDER BY id LIMIT 2")))
                .bind(organisation)
                .bind(format!("{start}%"))
                .fetch_all(&self.database)
                .await
                .doing(StoreStep::FindAnswer)?;
        rows.iter().map(answer).collect()
    }
}

/// Keeps an answer until a person has read it.
pub(crate) async fn put(tx: &mut Tx, scope: &Scope, answer: &OpenAnswer) -> Result<()> {
    let tasks: Vec<&str> = answer.tasks.iter().map(TaskId::as_str).collect();
    query(
        "INSERT INTO open_answer (organisation, id, plan, at, writer, message, tasks, words, why) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (organisation, id) DO NOTHING",
    )
    .bind(tx.organisation())
    .bind(answer.id.as_str())
    .bind(scope.plan.as_str())
    .bind(answer.at.as_millisecond())
    .bind(answer.writer.as_str())
    .bind(answer.message.as_str())
    .bind(serde_json::Value::from(tasks).to_string())
    .bind(answer.text.as_str())
    .bind(answer.why.as_str())
    .execute(&mut **tx)
    .await
    .doing(StoreStep::KeepOpenAnswer)?;
    Ok(())
}

/// Settles an answer. Returns whether it was open.
pub(crate) async fn settle(tx: &mut Tx, id: &str, at: Timestamp, by: Option<&str>) -> Result<bool> {
    let settled = query(
        "UPDATE open_answer SET settled_at = $3, settled_by = $4 \
         WHERE organisation = $1 AND id = $2 AND settled_at IS NULL",
    )
    .bind(tx.organisation())
    .bind(id)
    .bind(at.as_millisecond())
    .bind(by)
    .execute(&mut **tx)
    .await
    .doing(StoreStep::SettleAnswer)?;
    Ok(settled.rows_affected() > 0)
}

fn answer(row: &AnyRow) -> Result<OpenAnswer> {
    let tasks = text(row, "tasks")?;
    let tasks: Vec<String> =
        serde_json::from_str(&tasks).map_err(|_| damaged("open_answer", ExpectedValue::TaskList, tasks.clone()))?;
    let settled_at = optional_instant(row, "settled_at")?;
    let settled_by = optional_text(row, "settled_by")?;
    Ok(OpenAnswer {
        id: text(row, "id")?,
        at: instant(row, "at")?,
        writer: text(row, "writer")?,
        message: text(row, "message")?,
        tasks: tasks.iter().map(|task| TaskId::new(task)).collect(),
        text: text(row, "words")?,
        why: word(row, "why")?,
        settled: settled_at.map(|at| (at, settled_by)),
    })
}
