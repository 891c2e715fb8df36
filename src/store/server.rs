//! Opening a store that is a database of PostgreSQL: one connection looks first whether it can keep the program's tables as
//! SQLite does, and brings them up to date; then the pool opens.

use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyConnection, AnyPool, ConnectOptions, Executor, Row};

use crate::config::ServerAddress;

use super::dialect::{Dialect, SETTINGS};
use super::{Doing, OpenError, Result, StoreError, StoreStep, migrations, number};

/// How long the server may take to answer whoever opens a store.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a statement waits for a connection of the pool.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(30);
/// What a connection is told that only reads.
const READING: &str = "SET default_transaction_read_only = on";

/// What the server says of itself and of the database. Order is looked at as it is, whoever provides it: texts must be
/// ordered by their bytes, as SQLite does.
const LOOK: &str = "SELECT current_setting('server_encoding') AS encoding, \
     (SELECT CAST(datcollate AS TEXT) FROM pg_database WHERE datname = current_database()) AS collation, \
     'B' < 'a' AND 'z' < 'đ' AND 'Z' < '_' AND 'a-c' < 'ab' AS is_bytewise, \
     CAST(current_schema() AS TEXT) AS schema, \
     pg_is_in_recovery() AS is_standby, \
     current_setting('fsync') = 'on' AS is_synced, \
     current_setting('synchronous_standby_names') = '' AND EXISTS (SELECT 1 FROM pg_stat_replication) AS may_lose";

/// The tables of the schema, and whether ours are among them.
const TABLES: &str = "SELECT COUNT(*) AS tables, COUNT(*) FILTER (WHERE relname = '_sqlx_migrations') AS ours \
     FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = to_regnamespace(quote_ident(current_schema()))";

/// Of which version the tables of a database are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    /// It has no tables yet.
    None,
    Older(i64),
    Present,
}

/// A connection to a database that can be used.
pub(super) struct Found {
    pub(super) connection: AnyConnection,
    /// It can only be read.
    pub(super) is_standby: bool,
    /// What it confirms is on its disk.
    is_synced: bool,
    /// A standby that may take over lacks what was confirmed last.
    may_lose: bool,
}

/// A connection to the server, once.
pub(super) async fn connect(server: &ServerAddress) -> Result<AnyConnection, OpenError> {
    let failed = |error| OpenError::of_server(server, error);
    let options = options(server).map_err(failed)?;
    let connected = async {
        let mut connection = options.connect().await?;
        for setting in SETTINGS {
            (&mut connection).execute(*setting).await?;
        }
        Ok(connection)
    };
    let out_of_time = || sqlx::Error::Io(std::io::ErrorKind::TimedOut.into());
    tokio::time::timeout(PATIENCE, connected).await.unwrap_or_else(|_| Err(out_of_time())).map_err(failed)
}

/// The first connection, which tells at once what is wrong.
pub(super) async fn look(server: &ServerAddress) -> Result<Found, OpenError> {
    let failed = |error| OpenError::of_server(server, error);
    let mut connection = connect(server).await?;
    let row = sqlx::query(LOOK).fetch_one(&mut connection).await.map_err(failed)?;
    let text = |column: &str| row.try_get::<Option<String>, _>(column).map(Option::unwrap_or_default).map_err(failed);
    let is = |column: &str| row.try_get::<bool, _>(column).map_err(failed);
    let name = || server.to_string();
    let encoding = text("encoding")?;
    if encoding != "UTF8" {
        return Err(OpenError::Encoding { server: name(), encoding });
    }
    if !is("is_bytewise")? {
        return Err(OpenError::Collation { server: name(), collation: text("collation")? });
    }
    if text("schema")?.is_empty() {
        return Err(OpenError::NoSchema { server: name() });
    }
    let (is_standby, is_synced, may_lose) = (is("is_standby")?, is("is_synced")?, is("may_lose")?);
    Ok(Found { connection, is_standby, is_synced, may_lose })
}

impl Found {
    /// Warns of a server that can lose what it has confirmed.
    pub(super) fn warn(&self) {
        if !self.is_synced {
            tracing::warn!("the store's server runs with fsync off: a power cut can lose all of it");
        }
        if self.may_lose {
            tracing::warn!(
                "the store's server has a standby that it does not wait for: when that takes over, what was written last is \
                 lost (set synchronous_standby_names)"
            );
        }
    }
}

/// Of which version the tables are.
pub(super) async fn version(connection: &mut AnyConnection, server: &ServerAddress) -> Result<Version> {
    let failed = |error| OpenError::of_server(server, error);
    let found = sqlx::query(TABLES).fetch_one(&mut *connection).await.map_err(failed)?;
    if number(&found, "ours")? == 0 {
        return match number(&found, "tables")? {
            0 => Ok(Version::None),
            _ => Err(OpenError::ForeignServer { server: server.to_string() }.into()),
        };
    }
    let steps = sqlx::query(migrations::APPLIED).fetch_one(&mut *connection).await.map_err(failed)?;
    let (version, known) = (number(&steps, "version")?, migrations::newest());
    match version {
        _ if version > known => Err(OpenError::NewerServer { server: server.to_string(), version, known }.into()),
        _ if version == known => Ok(Version::Present),
        0 => Ok(Version::None),
        _ => Ok(Version::Older(version)),
    }
}

/// Brings the tables up to date.
pub(super) async fn upgrade(found: &mut Found, server: &ServerAddress) -> Result<()> {
    use sqlx::migrate::MigrateError;

    if found.is_standby {
        return Err(OpenError::Standby { server: server.to_string() }.into());
    }
    migrations::run(&mut found.connection).await.map_err(|error| match error {
        MigrateError::Execute(source) | MigrateError::ExecuteMigration(source, _) => {
            OpenError::of_server(server, source).into()
        }
        error => StoreError::Migration(error),
    })
}

/// The connections of a process; to read alone, where that is asked for.
pub(super) async fn pool(server: &ServerAddress, only_reads: bool) -> Result<AnyPool> {
    let options = options(server).doing(StoreStep::ReadAddress)?;
    AnyPoolOptions::new()
        .max_connections(Dialect::Postgres.connections())
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .after_connect(move |connection, _| {
            Box::pin(async move {
                for setting in SETTINGS.iter().chain(only_reads.then_some(&READING)) {
                    (&mut *connection).execute(*setting).await?;
                }
                Ok(())
            })
        })
        .connect_with(options)
        .await
        .doing(StoreStep::Open)
}

fn options(server: &ServerAddress) -> Result<AnyConnectOptions, sqlx::Error> {
    sqlx::any::install_default_drivers();
    AnyConnectOptions::from_url(&server.with_password())
}
