//! What must outlive the process: notices, the outbox, progress, plan versions, marks.
//!
//! SQL lives in this folder alone, as short named functions. One text serves SQLite and PostgreSQL (`$1`
//! placeholders, `ON CONFLICT`, `RETURNING`); this build embeds SQLite. Every table has the organisation in its
//! key, so that one store can serve many schools. A step either is in the store or did not happen (rules of
//! delivery, 6): what belongs together is one transaction, visible where it begins and ends.

pub mod evidence;
pub mod history;
pub mod links;
pub mod mail;
mod migrations;
pub(crate) mod notices;
pub mod outbox;
pub mod plans;
pub mod progress;
mod renumber;
pub mod time_requests;
mod transaction;

use std::borrow::Cow;
use std::path::Path;
use std::str::FromStr;
use std::sync::OnceLock;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::any::{AnyConnectOptions, AnyPoolOptions, AnyRow};
use sqlx::{AnyPool, AssertSqlSafe, Row};

use crate::school::Scope;

pub(crate) use transaction::Tx;

/// How long a statement waits for another process that writes.
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);

/// What the store could not do.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused, is locked, full or unreachable.
    #[error("the store failed while {doing}")]
    Database {
        /// What was being done, as a fragment that follows "while".
        doing: &'static str,
        /// What the database said.
        #[source]
        source: sqlx::Error,
    },
    /// The database is newer than the program, or was changed by hand.
    #[error("the store cannot be brought up to date; is it of a newer version of nhacviec?")]
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

/// Says what was being done when the database failed.
trait Doing<T> {
    fn doing(self, doing: &'static str) -> Result<T>;
}

impl<T> Doing<T> for std::result::Result<T, sqlx::Error> {
    fn doing(self, doing: &'static str) -> Result<T> {
        self.map_err(|source| StoreError::Database { doing, source })
    }
}

/// The database.
#[derive(Clone, Debug)]
pub struct Store {
    pool: AnyPool,
}

impl Store {
    /// Opens the database at `url` ("sqlite:PATH", "`sqlite::memory`:"), makes it where it is missing and brings its
    /// tables up to date.
    ///
    /// # Errors
    /// When it cannot be opened, read or migrated.
    pub async fn open(url: &str) -> Result<Self> {
        sqlx::any::install_default_drivers();
        let options = AnyConnectOptions::from_str(&connection_url(url)).doing("reading its address")?;
        let pool = AnyPoolOptions::new()
            // SQLite has one writer. One connection also keeps an in-memory store in one piece.
            .max_connections(1)
            .acquire_timeout(BUSY_TIMEOUT)
            .after_connect(|connection, _| {
                Box::pin(async move {
                    for pragma in PRAGMAS {
                        sqlx::query(*pragma).execute(&mut *connection).await?;
                    }
                    Ok(())
                })
            })
            .connect_with(options)
            .await
            .doing("opening it")?;
        migrations::run(&pool).await.map_err(StoreError::Migration)?;
        Ok(Self { pool })
    }

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
}

const PRAGMAS: &[&str] = &[
    // A message as it was sent takes one page and not two; holds for a database that is made now, so it comes first.
    "PRAGMA page_size = 8192",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 30000",
    // A morning's messages touch more pages than the 2 MB that are usual hold, and each that is put out is read again.
    "PRAGMA cache_size = -4096",
    // Pages that change with every commit are copied out of the log once for many.
    "PRAGMA wal_autocheckpoint = 2000",
    // What a statement may have to take back needs no file.
    "PRAGMA temp_store = MEMORY",
];

/// The address as the driver reads it: it makes missing files only when asked, and takes `?` and `%` in paths for
/// signs of its own.
fn connection_url(url: &str) -> String {
    match url.strip_prefix("sqlite:") {
        Some(":memory:") | None => url.to_owned(),
        Some(path) => {
            let path = path.strip_prefix("//").unwrap_or(path).replace('%', "%25").replace('?', "%3F");
            format!("sqlite://{path}?mode=rwc")
        }
    }
}

/// The file of a store, where it is one.
#[must_use]
pub fn file(url: &str) -> Option<&Path> {
    let path = url.strip_prefix("sqlite:")?;
    (path != ":memory:").then(|| Path::new(path.strip_prefix("//").unwrap_or(path)))
}

/// How many rows one statement writes or names: a trip to the database costs more than a row, and the driver looks up
/// each place among all the others.
pub(crate) const ROWS: usize = 16;

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
