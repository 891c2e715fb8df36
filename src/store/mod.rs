//! What must outlive the process: notices, the outbox, progress, plan versions, marks.
//!
//! SQL lives in this folder alone, as short named functions. One text serves SQLite and PostgreSQL (`$1`
//! placeholders, `ON CONFLICT`, `RETURNING`); this build embeds SQLite. Every table has the organisation in its
//! key, so that one store can serve many schools. A step either is in the store or did not happen (rules of
//! delivery, 6): what belongs together is one transaction, visible where it begins and ends.

mod backup;
pub mod evidence;
pub mod history;
pub mod links;
pub mod look;
pub mod mail;
mod migrations;
mod open;
pub mod outbox;
pub mod plans;
pub mod progress;
mod renumber;
pub mod time_requests;

use std::borrow::Cow;
use std::str::FromStr;
use std::sync::OnceLock;

use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::any::AnyRow;
use sqlx::{Any, AnyPool, AssertSqlSafe, Row, Transaction};

pub use backup::{BackupError, backup};
pub use open::{OpenError, file};

/// What the store could not do.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database refused, is locked, full or unreachable.
    #[error("the store failed while {doing}")]
    Database {
        /// What was being done, as a fragment that follows "while".
        doing: &'static str,
        /// What the database said.
        #[source]
        source: sqlx::Error,
    },
    /// Its tables were changed by hand, or the disk is full.
    #[error("the store cannot be brought up to date (put a backup in its place, or ask for help with what follows)")]
    Migration(#[source] sqlx::migrate::MigrateError),
    /// A value in the store is not what the program writes.
    #[error("the store holds `{value}` where {expected} should stand ({table})")]
    Damaged {
        /// The table.
        table: &'static str,
        /// What should stand there.
        expected: &'static str,
        /// What stands there.
        value: String,
    },
}

pub(crate) type Result<T, E = StoreError> = std::result::Result<T, E>;
type Tx = Transaction<'static, Any>;

/// Says what was being done when the database failed.
trait Doing<T> {
    fn doing(self, doing: &'static str) -> Result<T>;
}

impl<T> Doing<T> for std::result::Result<T, sqlx::Error> {
    fn doing(self, doing: &'static str) -> Result<T> {
        self.map_err(|source| StoreError::Database { doing, source })
    }
}

/// Whose rows: one organisation, and one plan of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Scope {
    /// The organisation's id.
    pub organisation: String,
    /// The plan's number.
    pub plan: String,
}

/// The database.
#[derive(Clone, Debug)]
pub struct Store {
    pool: AnyPool,
}

impl Store {
    /// Writes what is pending and closes the database.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// When the store began for an organisation; now, where it has not begun yet.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn since(&self, organisation: &str, now: Timestamp) -> Result<Timestamp> {
        let doing = "noting when it began";
        sqlx::query("INSERT INTO organisation (id, since) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING")
            .bind(organisation)
            .bind(now.as_millisecond())
            .execute(&self.pool)
            .await
            .doing(doing)?;
        let row = sqlx::query("SELECT since FROM organisation WHERE id = $1")
            .bind(organisation)
            .fetch_one(&self.pool)
            .await
            .doing(doing)?;
        instant(&row, "since")
    }

    /// Begins a transaction that may write.
    async fn begin(&self) -> Result<Tx> {
        // A transaction that begins by reading and writes later would fail where another process wrote between.
        const BEGIN: &str = "BEGIN IMMEDIATE";
        let doing = "beginning a transaction";
        match self.pool.begin_with(BEGIN).await {
            // After a full disk SQLite has rolled back by itself, which the driver does not see: its connection believes
            // itself in a transaction for good. Another one does not.
            Err(sqlx::Error::InvalidSavePointStatement) => {
                self.pool.acquire().await.doing(doing)?.close().await.doing(doing)?;
                self.pool.begin_with(BEGIN).await.doing(doing)
            }
            begun => begun.doing(doing),
        }
    }
}

/// How many rows one statement writes or names: a trip to the database costs more than a row, and the driver looks up
/// each place among all the others.
const ROWS: usize = 16;

/// A statement that writes or names several rows of values. Its text for [`ROWS`] of them, which nearly all have, is
/// made once.
struct ForRows {
    before: &'static str,
    after: &'static str,
    /// The number of the first place, behind those that all rows share.
    first: usize,
    /// How many places a row has.
    columns: usize,
    full: OnceLock<String>,
}

impl ForRows {
    /// A statement in which the places of the rows stand between `before` and `after`.
    const fn new(before: &'static str, after: &'static str, first: usize, columns: usize) -> Self {
        Self { before, after, first, columns, full: OnceLock::new() }
    }

    /// The statement for so many rows.
    fn text(&'static self, rows: usize) -> AssertSqlSafe<Cow<'static, str>> {
        let text = || [self.before, &places(self.first, self.columns, rows), self.after].concat();
        AssertSqlSafe(if rows == ROWS { Cow::Borrowed(self.full.get_or_init(text)) } else { Cow::Owned(text()) })
    }
}

/// The places of so many rows of values in a statement, the first of which has this number: `($2, $3), ($4, $5)`.
fn places(first: usize, columns: usize, rows: usize) -> String {
    let row = |row: usize| {
        let numbers = (0..columns).map(|column| format!("${}", first + row * columns + column));
        format!("({})", numbers.collect::<Vec<_>>().join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

fn text(row: &AnyRow, column: &'static str) -> Result<String> {
    row.try_get::<String, _>(column).doing("reading a text")
}

fn optional_text(row: &AnyRow, column: &'static str) -> Result<Option<String>> {
    row.try_get::<Option<String>, _>(column).doing("reading a text")
}

fn number(row: &AnyRow, column: &'static str) -> Result<i64> {
    row.try_get::<i64, _>(column).doing("reading a number")
}

fn optional_number(row: &AnyRow, column: &'static str) -> Result<Option<i64>> {
    row.try_get::<Option<i64>, _>(column).doing("reading a number")
}

fn instant(row: &AnyRow, column: &'static str) -> Result<Timestamp> {
    let value = number(row, column)?;
    Timestamp::from_millisecond(value).map_err(|_| damaged(column, "an instant", value.to_string()))
}

fn optional_date(row: &AnyRow, column: &'static str) -> Result<Option<Date>> {
    optional_text(row, column)?.map(|value| parsed(column, "a date", value)).transpose()
}

fn date(row: &AnyRow, column: &'static str) -> Result<Date> {
    parsed(column, "a date", text(row, column)?)
}

fn parsed<T: FromStr>(column: &'static str, expected: &'static str, value: String) -> Result<T> {
    value.parse().map_err(|_| damaged(column, expected, value))
}

fn damaged(table: &'static str, expected: &'static str, value: String) -> StoreError {
    StoreError::Damaged { table, expected, value }
}
