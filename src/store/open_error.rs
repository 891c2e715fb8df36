//! Why a store cannot be opened: what is wrong, with which file, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};

use crate::config::ServerAddress;
use crate::private_files;

/// Why a store cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder that is to hold it does not exist.
    #[error("there is no folder for the store {} (make the folder, or mend `store` in the configuration)", .0.display())]
    NoFolder(PathBuf),
    /// Its name is that of a folder.
    #[error("the store {} is a folder (`store` in the configuration must name a file)", .0.display())]
    IsFolder(PathBuf),
    /// The user that runs the program may not use it, or its folder.
    #[error("may not use the store {} (run nhacviec as the user whom the file and its folder belong to, or give both to this user)", path.display())]
    NoPermission {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// The file, its folder or its disk cannot be written to.
    #[error("cannot write to the store {} (let the disk and the folder be written to; `status`, `history` and others that only read work meanwhile)", path.display())]
    ReadOnly {
        /// The file.
        path: PathBuf,
        /// What the operating system or the database said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// It is a file of another kind.
    #[error("{} is no store: the file is no SQLite database (mend `store` in the configuration, or put a backup in its place)", .0.display())]
    NotADatabase(PathBuf),
    /// It is a database with the tables of another program.
    #[error("{} is no store of nhacviec: the database belongs to another program (mend `store` in the configuration)", .0.display())]
    Foreign(PathBuf),
    /// What it holds is broken.
    #[error("the store {} is damaged (put a backup in its place; `sqlite3 FILE .recover` saves what can be read)", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What the database said.
        #[source]
        source: sqlx::Error,
    },
    /// Another program keeps everybody out of it.
    #[error("another program has locked the store {} (end it, or try again in a moment)", path.display())]
    Locked {
        /// The file.
        path: PathBuf,
        /// What the database said.
        #[source]
        source: sqlx::Error,
    },
    /// The disk, or what this user may fill of it, is full.
    #[error("there is no room for the store {} (make room on its disk)", path.display())]
    Full {
        /// The file.
        path: PathBuf,
        /// What the operating system or the database said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A newer version of the program made its tables what they are.
    #[error("the store {} is of a newer nhacviec: its tables have version {version}, and this one knows {known} (install the newer version again, or put a backup of before in its place)", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// The version of its tables.
        version: i64,
        /// The newest version that this program knows.
        known: i64,
    },
    /// Its tables are of an older version and cannot be changed.
    #[error("the store {} is of an older nhacviec: its tables have version {version} and would have to become {known}, but nothing can be written there (copy it to where it can be written to)", path.display())]
    Older {
        /// The file.
        path: PathBuf,
        /// The version of its tables.
        version: i64,
        /// The version that this program needs.
        known: i64,
    },
    /// Its last changes stand in the log beside it, which cannot be read where nothing can be written.
    #[error("the store {path} was not closed, and its last changes are in {path}-wal, which cannot be read where nothing can be written (copy both files to where they can be written to)", path = .0.display())]
    Unfinished(PathBuf),
    /// The server of its database does not answer, or does not take anybody for now.
    #[error(
        "cannot reach the server of the store {server} (is it running, and does the network let this machine through?)"
    )]
    Unreachable {
        /// The address, without a password.
        server: String,
        /// What was said.
        #[source]
        source: sqlx::Error,
    },
    /// The server does not let this user in.
    #[error(
        "the server of the store {server} refuses the login (mend the user in `store`, its password, or pg_hba.conf)"
    )]
    Login {
        /// The address, without a password.
        server: String,
        /// What the server said.
        #[source]
        source: sqlx::Error,
    },
    /// The user may not do what the program needs.
    #[error("may not use the store {server} (let the database belong to the user that `store` names)")]
    NoRight {
        /// The address, without a password.
        server: String,
        /// What the server said.
        #[source]
        source: sqlx::Error,
    },
    /// There is no such database.
    #[error(
        "there is no database of the store {server} (make it: createdb --owner=USER --encoding=UTF8 --locale=C --template=template0 NAME)"
    )]
    NoDatabase {
        /// The address, without a password.
        server: String,
        /// What the server said.
        #[source]
        source: sqlx::Error,
    },
    /// The schema that its tables are to be in does not exist.
    #[error("the database of the store {server} has no schema for its tables (make the one that search_path names)")]
    NoSchema {
        /// The address, without a password.
        server: String,
    },
    /// Its database cannot keep every text.
    #[error(
        "the database of the store {server} has the encoding {encoding} and needs UTF8 (make another: createdb --encoding=UTF8 --locale=C --template=template0 NAME)"
    )]
    Encoding {
        /// The address, without a password.
        server: String,
        /// The encoding.
        encoding: String,
    },
    /// Its database orders texts by the rules of a language.
    #[error(
        "the database of the store {server} orders texts as {collation} does, and must order them by their bytes (make another: createdb --encoding=UTF8 --locale=C --template=template0 NAME)"
    )]
    Collation {
        /// The address, without a password.
        server: String,
        /// The collation.
        collation: String,
    },
    /// Its server is a standby, which takes nothing.
    #[error(
        "the server of the store {server} is a standby, to which nothing can be written (name the primary server in `store`)"
    )]
    Standby {
        /// The address, without a password.
        server: String,
    },
    /// Its database has the tables of another program.
    #[error(
        "the database {server} belongs to another program: it has tables, and none of nhacviec's (mend `store` in the configuration)"
    )]
    ForeignServer {
        /// The address, without a password.
        server: String,
    },
    /// A newer version of the program made its tables what they are.
    #[error(
        "the store {server} is of a newer nhacviec: its tables have version {version}, and this one knows {known} (install the newer version again)"
    )]
    NewerServer {
        /// The address, without a password.
        server: String,
        /// The version of its tables.
        version: i64,
        /// The newest version that this program knows.
        known: i64,
    },
    /// The server refuses it for another reason.
    #[error("cannot open the store {server}")]
    Server {
        /// The address, without a password.
        server: String,
        /// What was said.
        #[source]
        source: sqlx::Error,
    },
    /// The operating system or the database refuses it for another reason.
    #[error("cannot open the store {}", path.display())]
    Other {
        /// The file.
        path: PathBuf,
        /// What was said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl OpenError {
    /// What it means for a store that the operating system refuses it, or a file beside it.
    pub(crate) fn of_file(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Self::NoFolder(path),
            io::ErrorKind::IsADirectory => Self::IsFolder(path),
            io::ErrorKind::PermissionDenied => Self::NoPermission { path, source },
            io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly { path, source: source.into() },
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full { path, source: source.into() },
            _ => Self::Other { path, source: source.into() },
        }
    }

    /// What it means for a store that the database refuses it.
    pub(super) fn of_database(path: &Path, source: sqlx::Error) -> Self {
        let owned = path.to_owned();
        match primary_code(&source) {
            Some(SQLITE_NOTADB) => Self::NotADatabase(owned),
            Some(SQLITE_FULL) => Self::Full { path: owned, source: source.into() },
            Some(SQLITE_CORRUPT) => Self::Damaged { path: owned, source },
            Some(SQLITE_BUSY | SQLITE_LOCKED) => Self::Locked { path: owned, source },
            // The file itself was opened before: what the database needs is to write beside it.
            Some(code @ (SQLITE_READONLY | SQLITE_CANTOPEN)) => {
                match private_files::temporary_in(path.parent().unwrap_or(Path::new(""))) {
                    Err(error) => Self::of_file(path, error.kind().into()),
                    Ok(_) if code == SQLITE_READONLY => Self::ReadOnly { path: owned, source: source.into() },
                    Ok(_) => Self::Other { path: owned, source: source.into() },
                }
            }
            _ => Self::Other { path: owned, source: source.into() },
        }
    }
}

impl OpenError {
    /// What it means for a store that the server of its database refuses it.
    pub(super) fn of_server(server: &ServerAddress, source: sqlx::Error) -> Self {
        let server = server.to_string();
        if matches!(source, sqlx::Error::Io(_)) {
            return Self::Unreachable { server, source };
        }
        let code = source.as_database_error().and_then(sqlx::error::DatabaseError::code).unwrap_or_default();
        match &*code {
            // cannot_connect_now, admin_shutdown, crash_shutdown, too_many_connections, and all of "connection exception"
            "57P03" | "57P01" | "57P02" | "53300" => Self::Unreachable { server, source },
            class if class.starts_with("08") => Self::Unreachable { server, source },
            class if class.starts_with("28") => Self::Login { server, source },
            "3D000" => Self::NoDatabase { server, source },
            "42501" => Self::NoRight { server, source },
            _ => Self::Server { server, source },
        }
    }
}

// Result codes of SQLite (https://www.sqlite.org/rescode.html).
pub(super) const SQLITE_BUSY: i64 = 5;
pub(super) const SQLITE_LOCKED: i64 = 6;
pub(super) const SQLITE_READONLY: i64 = 8;
const SQLITE_CORRUPT: i64 = 11;
pub(super) const SQLITE_FULL: i64 = 13;
const SQLITE_CANTOPEN: i64 = 14;
/// There is no room for what the connections to a database share.
const SQLITE_IOERR_SHMSIZE: i64 = 4874;
const SQLITE_NOTADB: i64 = 26;

/// The kind of failure that SQLite tells, without what it adds to it.
pub(super) fn primary_code(error: &sqlx::Error) -> Option<i64> {
    match error.as_database_error()?.code()?.parse().ok()? {
        SQLITE_IOERR_SHMSIZE => Some(SQLITE_FULL),
        code => Some(code & 0xff),
    }
}
