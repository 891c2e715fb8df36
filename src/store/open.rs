//! Opening a store: one plain connection looks first, so that what is wrong is told at once and in words; only then
//! does the pool open, whose own errors are a time-out.
//!
//! To write, missing files are made and tables are brought up to date. To read, nothing is written where nothing may be.

use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyConnection, AnyPool, Connection};

use crate::config::{ServerAddress, StoreAddress};
use crate::private_files;

use super::database::Database;
use super::dialect::{Dialect, PRAGMAS};
use super::open_error::{OpenError, SQLITE_BUSY, SQLITE_FULL, SQLITE_LOCKED, SQLITE_READONLY, primary_code};
use super::server::{self, Version};
use super::simulated::{SimulatedDatabase, StoreHook};
use super::{Doing, Result, Store, StoreError, StoreStep, migrations, number, text};

/// A store that lives in memory alone.
pub(super) const MEMORY: &str = "sqlite::memory:";

/// How long a statement waits for another process that writes.
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);
/// The same for a connection that only reads.
const READING: &[&str] = &[
    "PRAGMA query_only = ON",
    "PRAGMA cache_size = -4096",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA busy_timeout = 30000",
];
/// The patience of the connection that looks first: whoever starts the program hears within a second what is wrong.
const SHORT_PATIENCE: &str = "PRAGMA busy_timeout = 500";

impl Store {
    /// Opens a store to read and write, makes a file where it is missing and brings the tables up to date. Its files are for
    /// their owner alone from then on.
    ///
    /// # Errors
    /// When it cannot be opened, read or brought up to date: of a file within a second, of a server within ten.
    pub async fn open(address: &StoreAddress) -> Result<Self> {
        let path = match address {
            StoreAddress::Memory => return Self::in_memory().await,
            StoreAddress::File(path) => path,
            StoreAddress::Server(server) => return Self::open_server(server).await,
        };
        private_files::open(path).map_err(|error| OpenError::of_file(path, error))?;
        keep_from_others(path);
        let mut first = look(path, Access::Write).await?;
        match version(&mut first, path).await? {
            Version::Present => {}
            Version::None | Version::Older(_) => upgrade(&mut first, path).await?,
        }
        let store = Self::connect(&file_url(path, Access::Write), PRAGMAS).await?;
        // What is wrong with closing is wrong with using it, and shows there.
        let _ = first.close().await;
        Ok(store)
    }

    /// Opens a store for a command that only reads. Where nothing can be written it writes nothing; where there is no store
    /// yet it is as one that has nothing in it, and none is made.
    ///
    /// # Errors
    /// When it cannot be opened or read, or is of an older version and nothing can be written: of a file within a second, of
    /// a server within ten.
    pub async fn open_to_read(address: &StoreAddress) -> Result<Self> {
        let path = match address {
            StoreAddress::Memory => return Self::in_memory().await,
            StoreAddress::File(path) => path,
            StoreAddress::Server(server) => return Self::open_server_to_read(server).await,
        };
        let writable = match std::fs::File::options().read(true).write(true).open(path) {
            Ok(_) => true,
            Err(error) if error.kind() == io::ErrorKind::NotFound && has_folder(path) => {
                return Self::in_memory().await;
            }
            Err(error)
                if matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem) =>
            {
                std::fs::File::open(path).map_err(|error| OpenError::of_file(path, error))?;
                false
            }
            Err(error) => return Err(OpenError::of_file(path, error).into()),
        };
        match if writable { Some(Self::open(address).await) } else { None } {
            Some(Err(StoreError::Open(OpenError::NoPermission { .. } | OpenError::ReadOnly { .. }))) | None => {
                Self::open_unchanged(path).await
            }
            Some(opened) => opened,
        }
    }

    /// Opens a store where nothing can be written.
    async fn open_unchanged(path: &Path) -> Result<Self> {
        let access = reading_access(path)?;
        let mut first = look(path, access).await?;
        match version(&mut first, path).await? {
            Version::Present => {}
            Version::None => return Err(older(path, 0).into()),
            Version::Older(version) => return Err(older(path, version).into()),
        }
        let store = Self::connect(&file_url(path, access), READING).await?;
        // What is wrong with closing is wrong with using it, and shows there.
        let _ = first.close().await;
        Ok(store)
    }

    /// Opens a database to read and write, and brings its tables up to date.
    async fn open_server(server: &ServerAddress) -> Result<Self> {
        let mut found = server::look(server).await?;
        if found.is_standby {
            return Err(OpenError::Standby { server: server.to_string() }.into());
        }
        found.warn();
        match server::version(&mut found.connection, server).await? {
            Version::Present => {}
            Version::None | Version::Older(_) => server::upgrade(&mut found, server).await?,
        }
        let pool = server::pool(server, false).await?;
        // What is wrong with closing is wrong with using it, and shows there.
        let _ = found.connection.close().await;
        Self::over(pool, Dialect::Postgres)
    }

    /// Opens a database for a command that only reads.
    async fn open_server_to_read(server: &ServerAddress) -> Result<Self> {
        let mut found = server::look(server).await?;
        match server::version(&mut found.connection, server).await? {
            Version::Present => {}
            Version::None => return Self::in_memory().await,
            Version::Older(_) => server::upgrade(&mut found, server).await?,
        }
        let pool = server::pool(server, true).await?;
        // What is wrong with closing is wrong with using it, and shows there.
        let _ = found.connection.close().await;
        Self::over(pool, Dialect::Postgres)
    }

    /// A store that ends with the process.
    async fn in_memory() -> Result<Self> {
        let pool = Self::pool(MEMORY, PRAGMAS).await?;
        let mut connection = pool.acquire().await.doing(StoreStep::Open)?;
        migrations::run(&mut connection).await.map_err(StoreError::Migration)?;
        drop(connection);
        Self::over(pool, Dialect::Sqlite)
    }

    async fn connect(address: &str, pragmas: &'static [&'static str]) -> Result<Self> {
        Self::over(Self::pool(address, pragmas).await?, Dialect::Sqlite)
    }

    async fn pool(address: &str, pragmas: &'static [&'static str]) -> Result<AnyPool> {
        sqlx::any::install_default_drivers();
        let options = AnyConnectOptions::from_str(address).doing(StoreStep::ReadAddress)?;
        AnyPoolOptions::new()
            .max_connections(Dialect::Sqlite.connections())
            .acquire_timeout(BUSY_TIMEOUT)
            .after_connect(move |connection, _| {
                Box::pin(async move {
                    for pragma in pragmas {
                        sqlx::query(*pragma).execute(&mut *connection).await?;
                    }
                    Ok(())
                })
            })
            .connect_with(options)
            .await
            .doing(StoreStep::Open)
    }

    /// The store of a simulation, as a process called `holder` sees it, to which `hook` may do something at each step.
    #[must_use]
    pub fn simulated(database: &SimulatedDatabase, holder: &str, hook: Arc<dyn StoreHook>) -> Self {
        Self {
            database: Database::Simulated(database.connection(hook)),
            holder: holder.into(),
            _lock: None,
            lease: None,
        }
    }

    /// The store of this process over a pool.
    fn over(pool: AnyPool, dialect: Dialect) -> Result<Self> {
        let mut name = [0; 8];
        getrandom::fill(&mut name).map_err(|error| sqlx::Error::Io(io::Error::other(error))).doing(StoreStep::Open)?;
        Ok(Self { database: Database::Pool(pool, dialect), holder: crate::hex(&name).into(), _lock: None, lease: None })
    }

    /// Whether no service has begun its work on it yet.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_new(&self) -> Result<bool> {
        let row = sqlx::query("SELECT id FROM organisation LIMIT 1").fetch_optional(&self.database).await;
        Ok(row.doing(StoreStep::LookWhetherNew)?.is_none())
    }
}

/// What a connection may do with the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// Read and write.
    Write,
    /// Read; others may write meanwhile.
    Read,
    /// Read; nobody writes, so that no lock and no log is needed.
    ReadUnchanging,
}

/// How a file can be read where nothing can be written.
pub(super) fn reading_access(path: &Path) -> Result<Access, OpenError> {
    if beside(path, "-shm").exists() {
        // Somebody has it open, or had when the power went, and shares with readers what is not in the file yet.
        Ok(Access::Read)
    } else if std::fs::metadata(beside(path, "-wal")).is_ok_and(|log| log.len() > 0) {
        Err(OpenError::Unfinished(path.to_owned()))
    } else {
        Ok(Access::ReadUnchanging)
    }
}

/// A file as the driver wants it named, which takes `?` and `%` in paths for signs of its own.
fn file_url(path: &Path, access: Access) -> String {
    let path = path.to_string_lossy().replace('%', "%25").replace('?', "%3F");
    let parameters = match access {
        Access::Write => "mode=rw",
        Access::Read => "mode=ro",
        Access::ReadUnchanging => "mode=ro&immutable=true",
    };
    format!("sqlite://{path}?{parameters}")
}

/// The first connection, which tells at once what is wrong.
pub(super) async fn look(path: &Path, access: Access) -> Result<AnyConnection, OpenError> {
    sqlx::any::install_default_drivers();
    let failed = |error| OpenError::of_database(path, error);
    let mut connection = AnyConnection::connect(&file_url(path, access)).await.map_err(failed)?;
    let usual = if access == Access::Write { PRAGMAS } else { &[] };
    // Last, so that it holds.
    for pragma in [SHORT_PATIENCE].iter().chain(usual).chain(&[SHORT_PATIENCE]) {
        sqlx::query(*pragma).execute(&mut connection).await.map_err(failed)?;
    }
    Ok(connection)
}

async fn version(connection: &mut AnyConnection, path: &Path) -> Result<Version> {
    let failed = |error| OpenError::of_database(path, error);
    let tables = sqlx::query("SELECT name FROM sqlite_master WHERE type = 'table'")
        .fetch_all(&mut *connection)
        .await
        .map_err(failed)?;
    let tables: Vec<String> = tables.iter().map(|row| text(row, "name")).collect::<Result<_>>()?;
    if tables.is_empty() {
        return Ok(Version::None);
    }
    if !tables.iter().any(|table| table == migrations::TABLE) {
        return Err(OpenError::Foreign(path.to_owned()).into());
    }
    let steps = sqlx::query(migrations::APPLIED).fetch_one(&mut *connection).await.map_err(failed)?;
    let (version, known) = (number(&steps, "version")?, migrations::newest());
    if version > known {
        return Err(OpenError::Newer { path: path.to_owned(), version, known }.into());
    }
    Ok(if version == known { Version::Present } else { Version::Older(version) })
}

fn older(path: &Path, version: i64) -> OpenError {
    OpenError::Older { path: path.to_owned(), version, known: migrations::newest() }
}

/// Brings the tables up to date.
async fn upgrade(connection: &mut AnyConnection, path: &Path) -> Result<()> {
    use sqlx::migrate::MigrateError;

    migrations::run(connection).await.map_err(|error| match error {
        MigrateError::Execute(source) | MigrateError::ExecuteMigration(source, _)
            if matches!(primary_code(&source), Some(SQLITE_BUSY | SQLITE_LOCKED | SQLITE_READONLY | SQLITE_FULL)) =>
        {
            OpenError::of_database(path, source).into()
        }
        error => StoreError::Migration(error),
    })
}

/// Takes from others what they may do with the files of a store of before.
fn keep_from_others(path: &Path) {
    for file in [path.to_owned(), beside(path, "-wal"), beside(path, "-shm")] {
        if let Err(error) = private_files::take_from_others(&file) {
            tracing::warn!(file = %file.display(), %error, "others may read the store and it cannot be kept from them: chmod 600 it");
        }
    }
}

/// A file beside a store, by what is added to its name.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Whether the folder of a file is there.
fn has_folder(path: &Path) -> bool {
    path.parent().is_some_and(|folder| folder.as_os_str().is_empty() || folder.is_dir())
}
