//! What must outlive the process: notices, the outbox, progress, plan versions, marks.
//!
//! SQL lives in this folder alone, as short named functions. One text serves SQLite, which is embedded, and PostgreSQL (`$1`
//! placeholders, `ON CONFLICT`, `RETURNING`). Every table has the organisation in its key, so that one store can serve many
//! schools. A step either is in the store or did not happen (rules of
//! delivery, 9): what belongs together is one transaction, visible where it begins and ends.
//!
//! - `open`, `backup`: the file; `copy`: a store written into another; `server`: the database of PostgreSQL; `lock`: who works on a file as its service; `transaction`: a step that is there as a whole or did not happen.
//! - `worker`: which of several processes works for a school over a database, `worker_connection`: how each reaches it, `process`: whether one has ended, `listener`: what they tell each other.
//! - `database`: where statements are run; [`SimulatedDatabase`]: one whose every step may fail, for simulations.
//! - `dialect`: the words in which the engines differ, and how each is set; `removal`: by which day it is judged what need no longer be kept.
//! - `statement`: how statements get their values; `words`: closed sets as words; `marks`: one value under a name.
//! - [`outbox`], `notices`: messages and notices on their way; `sent`: those that were sent; `set_back`: what a wrong clock decided.
//! - [`plans`], `task_names`: versions of a plan, and what each calls its tasks; [`progress`], [`evidence`], [`time_requests`]: what people told.
//! - [`mail`], [`links`]: what was read and taken, once; [`open_answers`]: what a person must read; [`history`]: all of a task.

pub(crate) mod attestations;
mod backup;
mod copy;
mod database;
mod dialect;
pub mod evidence;
mod expected;
pub mod history;
mod letter;
pub mod links;
mod listener;
mod lock;
pub mod mail;
mod marks;
mod migrations;
pub(crate) mod notices;
mod open;
pub mod open_answers;
mod open_error;
pub mod outbox;
pub mod plans;
mod process;
pub mod progress;
pub(crate) mod removal;
pub mod reviews;
pub mod sent;
mod server;
pub(crate) mod set_back;
mod simulated;
mod statement;
mod step;
pub mod task_names;
pub mod time_requests;
mod transaction;
pub mod unread_mail;
mod words;
mod worker;
mod worker_connection;

use std::str::FromStr;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::reason::Reason;
use crate::school::Scope;

use database::Database;
pub(crate) use statement::ROWS;
use statement::{ForRows, query};
pub(crate) use transaction::Tx;
use words::{optional_word, word};

pub use backup::{BackupError, backup};
pub use copy::{CopiedTable, CopyError, copy};
pub use expected::ExpectedValue;
pub use listener::StoreListener;
pub use lock::StoreLock;
pub use open_error::OpenError;
pub use simulated::{SimulatedDatabase, StoreHook, StorePoint};
pub use step::StoreStep;
pub use worker::{Lease, WorkerSeen, WorkerSession};
pub use worker_connection::WorkerDatabase;

/// What the store could not do.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database refused, is locked, full or unreachable.
    #[error("the store failed while {doing}")]
    Database {
        /// What was being done.
        doing: StoreStep,
        /// What the database said.
        #[source]
        source: sqlx::Error,
    },
    /// Another process works on it as its service.
    #[error("another nhacviec is at work on {store}{}; stop it first", .who.as_ref().map(|who| format!(" ({who})")).unwrap_or_default())]
    AtWork {
        /// The store.
        store: String,
        /// The other process, where it is known.
        who: Option<String>,
    },
    /// Another process works for the school by now.
    #[error("another nhacviec has taken over the work for the school{}", .who.as_ref().map(|who| format!(": {who}")).unwrap_or_default())]
    TakenOver {
        /// The other process, where it is known.
        who: Option<String>,
    },
    /// The database has answered this process for so long nothing that another may soon take over.
    #[error(
        "the store has answered nothing for {seconds} seconds: nothing more is sent, since another nhacviec may take over"
    )]
    Silent {
        /// For how long.
        seconds: u64,
    },
    /// This process works for another school.
    #[error("this nhacviec works for the organisation `{held}` and not for `{wanted}`; restart it")]
    OtherSchool {
        /// The organisation for which it works.
        held: String,
        /// The other one.
        wanted: String,
    },
    /// Its tables are not what an earlier version made: they were changed by hand.
    #[error("the store cannot be brought up to date (put a backup in its place)")]
    Migration(#[source] sqlx::migrate::MigrateError),
    /// A value in the store is not what the program writes.
    #[error("the store holds `{value}` where {expected} should stand ({table})")]
    Damaged {
        /// The table.
        table: &'static str,
        /// What should stand there.
        expected: ExpectedValue,
        /// What stands there.
        value: String,
    },
}

pub(crate) type Result<T, E = StoreError> = std::result::Result<T, E>;

/// Says what was being done when the database failed.
trait Doing<T> {
    fn doing(self, doing: StoreStep) -> Result<T>;
}

impl<T> Doing<T> for std::result::Result<T, sqlx::Error> {
    fn doing(self, doing: StoreStep) -> Result<T> {
        self.map_err(|source| StoreError::Database { doing, source })
    }
}

/// The database.
#[derive(Clone, Debug)]
pub struct Store {
    database: Database,
    /// What this process is called in the messages that it has claimed; another at each opening.
    holder: Arc<str>,
    /// The right to work on a file as its service, where this process has it; held as long as the store is.
    _lock: Option<Arc<StoreLock>>,
    /// The right to work for a school over a database, where this process has it.
    lease: Option<Lease>,
}

impl Store {
    /// Writes what is pending and closes the database.
    pub async fn close(&self) {
        self.database.close().await;
    }

    /// When the store began for an organisation; `None` where it has not begun yet.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn began(&self, organisation: &str) -> Result<Option<Timestamp>> {
        let row = query("SELECT since FROM organisation WHERE id = $1")
            .bind(organisation)
            .fetch_optional(&self.database)
            .await
            .doing(StoreStep::ReadBeginning)?;
        row.map(|row| instant(&row, "since")).transpose()
    }

    /// When the store began for an organisation: now, where it has not begun yet, or a clock that ran ahead says that it
    /// will.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn since(&self, organisation: &str, now: Timestamp) -> Result<Timestamp> {
        let doing = StoreStep::NoteBeginning;
        let mut tx = self.begin(organisation).await?;
        query(
            "INSERT INTO organisation (id, since) VALUES ($1, $2) ON CONFLICT (id) \
               DO UPDATE SET since = excluded.since WHERE excluded.since < organisation.since",
        )
        .bind(tx.organisation())
        .bind(now.as_millisecond())
        .execute(&mut *tx)
        .await
        .doing(doing)?;
        let row = query("SELECT since FROM organisation WHERE id = $1")
            .bind(tx.organisation())
            .fetch_one(&mut *tx)
            .await
            .doing(doing)?;
        tx.commit(doing).await?;
        instant(&row, "since")
    }
}

fn text(row: &AnyRow, column: &'static str) -> Result<String> {
    row.try_get::<String, _>(column).doing(StoreStep::ReadText)
}

fn optional_text(row: &AnyRow, column: &'static str) -> Result<Option<String>> {
    row.try_get::<Option<String>, _>(column).doing(StoreStep::ReadText)
}

/// Why something ended as it did; earlier versions kept words alone.
fn reason(row: &AnyRow, column: &'static str) -> Result<Reason> {
    Ok(Reason::read(&text(row, column)?))
}

fn optional_reason(row: &AnyRow, column: &'static str) -> Result<Option<Reason>> {
    Ok(optional_text(row, column)?.as_deref().map(Reason::read))
}

fn number(row: &AnyRow, column: &'static str) -> Result<i64> {
    row.try_get::<i64, _>(column).doing(StoreStep::ReadNumber)
}

/// Which of the recipient's channels a row is about, from 0.
fn channel_index(row: &AnyRow) -> Result<usize> {
    let index = number(row, "channel_index")?;
    usize::try_from(index).map_err(|_| damaged("message", ExpectedValue::ChannelPlace, index.to_string()))
}

fn optional_number(row: &AnyRow, column: &'static str) -> Result<Option<i64>> {
    row.try_get::<Option<i64>, _>(column).doing(StoreStep::ReadNumber)
}

fn instant(row: &AnyRow, column: &'static str) -> Result<Timestamp> {
    let value = number(row, column)?;
    Timestamp::from_millisecond(value).map_err(|_| damaged(column, ExpectedValue::Instant, value.to_string()))
}

fn optional_instant(row: &AnyRow, column: &'static str) -> Result<Option<Timestamp>> {
    let read =
        |at| Timestamp::from_millisecond(at).map_err(|_| damaged(column, ExpectedValue::Instant, at.to_string()));
    optional_number(row, column)?.map(read).transpose()
}

fn optional_date(row: &AnyRow, column: &'static str) -> Result<Option<Date>> {
    optional_text(row, column)?.map(|value| parsed(column, ExpectedValue::Date, value)).transpose()
}

fn date(row: &AnyRow, column: &'static str) -> Result<Date> {
    parsed(column, ExpectedValue::Date, text(row, column)?)
}

fn parsed<T: FromStr>(column: &'static str, expected: ExpectedValue, value: String) -> Result<T> {
    value.parse().map_err(|_| damaged(column, expected, value))
}

fn damaged(table: &'static str, expected: ExpectedValue, value: String) -> StoreError {
    StoreError::Damaged { table, expected, value }
}
