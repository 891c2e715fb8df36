//! Copies of a store: its log is written into the file after each pass, so that the file alone is a copy that can be
//! kept, and a consistent copy can be made at any moment.

use std::io;
use std::path::{Path, PathBuf};

use sqlx::Connection;

use crate::config::StoreAddress;
use crate::private_files;

use super::dialect::Dialect;
use super::open::{Access, look, reading_access};
use super::{Doing, OpenError, Result, Store, StoreError, StoreStep};

/// Why there is no backup.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// There is something of that name.
    #[error("{} is there already; name another file for the backup", .0.display())]
    Exists(PathBuf),
    /// There is no store that could be copied.
    #[error("there is no store {} yet", .0.display())]
    NoStore(PathBuf),
    /// The store is no file.
    #[error("a store in memory cannot be copied")]
    InMemory,
    /// The store is a database, whose server has a tool of its own.
    #[error("the store {0} is a database of PostgreSQL; copy it with its own tool: pg_dump --format=custom --file={file} '{0}'", file = .1.display())]
    Server(String, PathBuf),
    /// The file cannot be written.
    #[error("cannot write the backup {}", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Copies the file of a store into a new file, which only its owner may read: all that was written until now, whoever is at
/// work on it. Returns how many bytes the copy has. Nothing is left of a copy that fails.
///
/// # Errors
/// When the store cannot be read, or the file is there or cannot be written.
pub async fn backup(address: &StoreAddress, to: &Path) -> Result<u64, BackupError> {
    let path = match address {
        StoreAddress::Memory => return Err(BackupError::InMemory),
        StoreAddress::File(path) => path,
        StoreAddress::Server(server) => return Err(BackupError::Server(server.to_string(), to.to_owned())),
    };
    let failed = |source| BackupError::Unwritable { path: to.to_owned(), source };
    match path.metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(BackupError::NoStore(path.to_owned())),
        _ if to.symlink_metadata().is_ok() => return Err(BackupError::Exists(to.to_owned())),
        _ => {}
    }
    let folder = to.parent().unwrap_or(Path::new(""));
    let copy = private_files::temporary_in(folder).map_err(failed)?;
    copy_into(path, copy.path()).await?;
    copy.as_file().sync_all().map_err(failed)?;
    let bytes = copy.as_file().metadata().map_err(failed)?.len();
    copy.persist_noclobber(to).map_err(|error| match error.error.kind() {
        io::ErrorKind::AlreadyExists => BackupError::Exists(to.to_owned()),
        _ => failed(error.error),
    })?;
    private_files::sync_folder(folder).map_err(failed)?;
    Ok(bytes)
}

/// Copies all that a database holds into an empty file.
async fn copy_into(from: &Path, to: &Path) -> Result<()> {
    let mut connection = match look(from, Access::Write).await {
        Err(OpenError::NoPermission { .. } | OpenError::ReadOnly { .. }) => look(from, reading_access(from)?).await?,
        connection => connection?,
    };
    sqlx::query("VACUUM INTO $1")
        .bind(to.to_string_lossy().into_owned())
        .execute(&mut connection)
        .await
        .doing(StoreStep::CopyFile)?;
    connection.close().await.doing(StoreStep::CopyFile)
}

impl Store {
    /// Writes what stands in the log into the file, so that the file alone is a copy of the store. What a reader still
    /// needs stays in the log until the next time; nobody is waited for. A server does that by itself.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn checkpoint(&self) -> Result<()> {
        if self.database.dialect() == Dialect::Postgres {
            return Ok(());
        }
        sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").execute(&self.database).await.doing(StoreStep::WriteLog)?;
        Ok(())
    }
}
