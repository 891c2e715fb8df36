//! The few words in which the two engines differ: how a transaction begins, and how each is set.

/// The engine of a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Sqlite,
    Postgres,
}

/// Keeps other writers of an organisation waiting until the transaction ends, as SQLite's one writer does: what a transaction
/// has read holds until it writes, and the next number of a row is nobody else's. Statements behind it see all that was
/// committed before it was there.
pub(super) const LOCK_ORGANISATION: &str =
    "SELECT pg_advisory_xact_lock(hashtextextended('nhacviec.organisation.' || current_schema() || '.' || $1, 0))";

impl Dialect {
    /// Begins a transaction that may write.
    pub(super) const fn begin(self) -> &'static str {
        match self {
            // A transaction that begins by reading and writes later would fail where another process wrote between.
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::Postgres => "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
        }
    }

    /// Begins a transaction that only reads, all of it as of one moment.
    pub(super) const fn begin_to_read(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN",
            Self::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        }
    }

    /// How many connections a process has. SQLite has one writer; one connection also keeps a store in memory in one piece.
    pub(super) const fn connections(self) -> u32 {
        match self {
            Self::Sqlite => 1,
            Self::Postgres => 8,
        }
    }
}

/// What each connection to SQLite is told first, in this order.
pub(super) const PRAGMAS: &[&str] = &[
    // A message as it was sent takes one page and not two; holds for a database that is made now, so it comes first.
    "PRAGMA page_size = 8192",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    // A morning's messages touch more pages than the 2 MB that are usual hold, and each that is put out is read again.
    "PRAGMA cache_size = -4096",
    // Pages that change with every commit are copied out of the log once for many.
    "PRAGMA wal_autocheckpoint = 2000",
    // What a statement may have to take back needs no file.
    "PRAGMA temp_store = MEMORY",
    "PRAGMA busy_timeout = 30000",
];

/// What each connection to PostgreSQL is told first. What is committed is on the disk, and nobody is waited for without end.
pub(super) const SETTINGS: &[&str] = &[
    "SELECT set_config('synchronous_commit', 'on', FALSE) \
     WHERE current_setting('synchronous_commit') NOT IN ('on', 'remote_apply')",
    "SET statement_timeout = '30s'",
    "SET lock_timeout = '30s'",
    "SET idle_in_transaction_session_timeout = '60s'",
];
