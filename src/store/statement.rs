//! Statements and their values. All statements of the store that have values are made here, so that no text reaches the
//! database with a NUL in it: PostgreSQL takes none, and what a server answers may have one.

use std::borrow::Cow;
use std::sync::OnceLock;

use sqlx::any::{AnyArguments, AnyQueryResult, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, AssertSqlSafe, Executor, SqlSafeStr};

/// A statement of the driver.
type Bound = Query<'static, Any, AnyArguments>;

/// What stands in the place of a NUL: the sign for what cannot be shown.
const REPLACEMENT: &str = "\u{fffd}";

/// A statement with the values for its places, in their order.
pub(super) struct Statement(Bound);

/// A statement of this text.
pub(super) fn query(sql: impl SqlSafeStr) -> Statement {
    Statement(sqlx::query(sql))
}

impl Statement {
    /// Gives the next place its value.
    pub(super) fn bind(self, value: impl StatementValue) -> Self {
        Self(value.bind_to(self.0))
    }

    /// Runs it; tells how many rows it changed.
    pub(super) async fn execute<'e>(
        self,
        executor: impl Executor<'e, Database = Any>,
    ) -> Result<AnyQueryResult, sqlx::Error> {
        self.0.execute(executor).await
    }

    /// Runs it; every row that it gives.
    pub(super) async fn fetch_all<'e>(
        self,
        executor: impl Executor<'e, Database = Any>,
    ) -> Result<Vec<AnyRow>, sqlx::Error> {
        self.0.fetch_all(executor).await
    }

    /// Runs it; its only row.
    pub(super) async fn fetch_one<'e>(
        self,
        executor: impl Executor<'e, Database = Any>,
    ) -> Result<AnyRow, sqlx::Error> {
        self.0.fetch_one(executor).await
    }

    /// Runs it; its first row, where it gives any.
    pub(super) async fn fetch_optional<'e>(
        self,
        executor: impl Executor<'e, Database = Any>,
    ) -> Result<Option<AnyRow>, sqlx::Error> {
        self.0.fetch_optional(executor).await
    }
}

/// A value of a statement.
pub(super) trait StatementValue {
    /// Gives it to a statement.
    fn bind_to(self, statement: Bound) -> Bound;
}

impl StatementValue for &str {
    fn bind_to(self, statement: Bound) -> Bound {
        match without_nul(self) {
            Cow::Borrowed(text) => statement.bind(text),
            Cow::Owned(text) => statement.bind(text),
        }
    }
}

impl StatementValue for String {
    fn bind_to(self, statement: Bound) -> Bound {
        match without_nul(&self) {
            Cow::Borrowed(_) => statement.bind(self),
            Cow::Owned(text) => statement.bind(text),
        }
    }
}

impl StatementValue for Option<&str> {
    fn bind_to(self, statement: Bound) -> Bound {
        match self {
            Some(text) => text.bind_to(statement),
            None => statement.bind(self),
        }
    }
}

impl StatementValue for Option<String> {
    fn bind_to(self, statement: Bound) -> Bound {
        match self {
            Some(text) => text.bind_to(statement),
            None => statement.bind(self),
        }
    }
}

impl StatementValue for i64 {
    fn bind_to(self, statement: Bound) -> Bound {
        statement.bind(self)
    }
}

impl StatementValue for Option<i64> {
    fn bind_to(self, statement: Bound) -> Bound {
        statement.bind(self)
    }
}

impl StatementValue for Option<Vec<u8>> {
    fn bind_to(self, statement: Bound) -> Bound {
        statement.bind(self)
    }
}

impl StatementValue for &[u8] {
    fn bind_to(self, statement: Bound) -> Bound {
        statement.bind(self)
    }
}

/// A text in which every NUL is replaced.
pub(super) fn without_nul(text: &str) -> Cow<'_, str> {
    match memchr::memchr(0, text.as_bytes()) {
        None => Cow::Borrowed(text),
        Some(_) => Cow::Owned(text.replace('\0', REPLACEMENT)),
    }
}

/// How many rows one statement writes or names: a trip to the database costs more than a row, and the driver looks up
/// each place among all the others.
pub(crate) const ROWS: usize = 16;

/// A statement that writes or names several rows of values. Its text for [`ROWS`] of them, which nearly all have, is
/// made once.
pub(super) struct ForRows {
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
    pub(super) const fn new(before: &'static str, after: &'static str, first: usize, columns: usize) -> Self {
        Self { before, after, first, columns, full: OnceLock::new() }
    }

    /// The statement for so many rows.
    pub(super) fn text(&'static self, rows: usize) -> AssertSqlSafe<Cow<'static, str>> {
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
