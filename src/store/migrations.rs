//! The tables, version by version.

use std::future::Future;
use std::pin::Pin;

use sqlx::migrate::{MigrateError, Migration, MigrationSource, MigrationType, Migrator};
use sqlx::{AnyConnection, AssertSqlSafe, Database, Postgres, SqlSafeStr, SqlStr};

use super::dialect::Dialect;

/// Every step from an empty database to the present tables. A step that has landed never changes; add another.
const STEPS: &[(i64, &str, &str)] = &[
    (1, "start", include_str!("migrations/0001_start.sql")),
    (2, "why", include_str!("migrations/0002_why.sql")),
    (3, "urgency", include_str!("migrations/0003_urgency.sql")),
    (4, "remedy", include_str!("migrations/0004_remedy.sql")),
    (5, "seen_tasks", include_str!("migrations/0005_seen_tasks.sql")),
    (6, "answers", include_str!("migrations/0006_answers.sql")),
    (7, "links", include_str!("migrations/0007_links.sql")),
    (8, "inbox", include_str!("migrations/0008_inbox.sql")),
    (9, "open_messages", include_str!("migrations/0009_open_messages.sql")),
    (10, "tasks_as_seen", include_str!("migrations/0010_tasks_as_seen.sql")),
    (11, "seen_again", include_str!("migrations/0011_seen_again.sql")),
    (12, "holder", include_str!("migrations/0012_holder.sql")),
    (13, "ways", include_str!("migrations/0013_ways.sql")),
    (14, "identity", include_str!("migrations/0014_identity.sql")),
    (15, "uncertain", include_str!("migrations/0015_uncertain.sql")),
    (16, "open_answers", include_str!("migrations/0016_open_answers.sql")),
    (17, "rendered_at", include_str!("migrations/0017_rendered_at.sql")),
    (18, "parts", include_str!("migrations/0018_parts.sql")),
    (19, "considered", include_str!("migrations/0019_considered.sql")),
    (20, "due_at", include_str!("migrations/0020_due_at.sql")),
    (21, "growth", include_str!("migrations/0021_growth.sql")),
    (22, "epoch", include_str!("migrations/0022_epoch.sql")),
    (23, "worker", include_str!("migrations/0023_worker.sql")),
    (24, "said before", include_str!("migrations/0024_said_before.sql")),
];

/// The table that notes which steps were done.
pub(super) const TABLE: &str = "_sqlx_migrations";
/// The newest step that was done; 0 where none was.
pub(super) const APPLIED: &str =
    "SELECT COALESCE(MAX(version), 0) AS version FROM _sqlx_migrations WHERE success = TRUE";

/// The newest step that this program knows.
pub(super) fn newest() -> i64 {
    STEPS.last().map_or(0, |(version, ..)| *version)
}

/// Brings the tables up to date.
pub(super) async fn run(connection: &mut AnyConnection) -> Result<(), MigrateError> {
    let dialect = if connection.backend_name() == Postgres::NAME { Dialect::Postgres } else { Dialect::Sqlite };
    Migrator::new(Embedded(dialect)).await?.run(connection).await
}

/// The steps that are compiled in, in the words of an engine.
#[derive(Debug)]
struct Embedded(Dialect);

impl Embedded {
    /// A step as its engine understands it. The text for SQLite never changes: a store knows its steps by their checksums.
    fn text(&self, sql: &'static str) -> SqlStr {
        match self.0 {
            Dialect::Sqlite => SqlStr::from_static(sql),
            Dialect::Postgres => AssertSqlSafe(sql.replace(" BLOB", " BYTEA")).into_sql_str(),
        }
    }
}

type Steps = Result<Vec<Migration>, Box<dyn std::error::Error + Send + Sync>>;

impl MigrationSource<'static> for Embedded {
    fn resolve(self) -> Pin<Box<dyn Future<Output = Steps> + Send>> {
        let steps = STEPS
            .iter()
            .map(|(version, name, sql)| {
                Migration::new(*version, (*name).into(), MigrationType::Simple, self.text(sql), false)
            })
            .collect();
        Box::pin(async move { Ok(steps) })
    }
}
