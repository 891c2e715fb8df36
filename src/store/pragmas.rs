//! How SQLite is set for each connection.

/// Where nothing is said of the journal: a store that lives in memory alone.
pub(super) const MEMORY: &str = "sqlite::memory:";

/// What each connection is told first, in this order.
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
