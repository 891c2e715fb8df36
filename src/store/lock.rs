//! Who works on a store as its service: one process at a time.
//!
//! Of a file the operating system knows who that is, by a lock that ends with the process. Of a database it is who holds a
//! lock of PostgreSQL in a session of its own. That session may end while the process goes on, and another may be at work by
//! then; so each holder begins a new *epoch* of a school, and a transaction of an older one writes nothing. A new epoch waits
//! for the transactions that are open.

use std::collections::HashMap;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sqlx::{AnyConnection, Connection, Row};
use tokio::sync::Mutex;

use crate::config::{ServerAddress, StoreAddress};
use crate::private_files;

use super::database::OpenTransaction;
use super::{Doing, OpenError, Result, Store, StoreError, number, query, server};

/// How long the session may take to show that it lives.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often the lock is tried, and how long after each time: the server takes a moment to end the session of a process that
/// has just ended.
const TRIES: usize = 10;
const BETWEEN_TRIES: Duration = Duration::from_millis(100);
/// Where Linux keeps the name of the machine.
const HOSTNAME: &str = "/proc/sys/kernel/hostname";
/// The longest name of a program that PostgreSQL keeps, in bytes.
const MAX_NAME: usize = 63;

/// Takes the lock, where it is free.
const TAKE: &str =
    "SELECT pg_try_advisory_lock(hashtextextended('nhacviec.service.' || current_schema(), 0)) AS is_taken";
/// Who holds it, as far as the server tells.
const WHO: &str = "SELECT CAST(a.application_name AS TEXT) AS name FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid, \
     (SELECT hashtextextended('nhacviec.service.' || current_schema(), 0) AS key) k \
     WHERE l.locktype = 'advisory' AND l.granted AND a.datname = current_database() AND l.objsubid = 1 \
     AND CAST(l.classid AS BIGINT) = ((k.key >> 32) & 4294967295) AND CAST(l.objid AS BIGINT) = (k.key & 4294967295)";
/// Begins another epoch of a school; what it had written when it began is from the same moment on.
const BEGIN_EPOCH: &str = "INSERT INTO organisation (id, since, epoch, owner) \
     VALUES ($1, CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT), 1, $2) \
     ON CONFLICT (id) DO UPDATE SET epoch = organisation.epoch + 1, owner = excluded.owner RETURNING epoch";

/// The right of this process to work on a store as its service, until it is dropped or the process ends.
#[derive(Debug)]
pub struct StoreLock(Held);

#[derive(Debug)]
enum Held {
    /// Nobody else can reach a store in memory.
    Memory,
    File {
        _locked: File,
    },
    Session(Box<Session>),
}

/// A session of PostgreSQL that holds the lock.
#[derive(Debug)]
struct Session {
    server: ServerAddress,
    connection: Mutex<Option<AnyConnection>>,
    /// The epoch of each school that this process has begun.
    epochs: Mutex<HashMap<Box<str>, i64>>,
}

impl StoreLock {
    /// Takes the right to work on a store.
    ///
    /// # Errors
    /// [`StoreError::AtWork`] where another process has it, and when the store cannot be opened.
    pub async fn take(address: &StoreAddress) -> Result<Self> {
        let held = match address {
            StoreAddress::Memory => Held::Memory,
            StoreAddress::File(path) => Held::File { _locked: lock_file(path)? },
            StoreAddress::Server(server) => {
                let mut connection = server::look(server).await?.connection;
                lock_session(&mut connection, server).await?;
                let (connection, epochs) = (Mutex::new(Some(connection)), Mutex::default());
                Held::Session(Box::new(Session { server: server.clone(), connection, epochs }))
            }
        };
        Ok(Self(held))
    }
}

impl Session {
    /// Ends the session, and the lock with it.
    async fn end(&self) {
        if let Some(connection) = self.connection.lock().await.take() {
            // Where the server is away it has ended it already, or will.
            let _ = connection.close().await;
        }
    }

    /// Makes sure that the lock is held, and takes it again where its session has ended.
    async fn keep(&self) -> Result<()> {
        let mut held = self.connection.lock().await;
        if let Some(connection) = held.as_mut()
            && let Ok(Ok(())) = tokio::time::timeout(PATIENCE, connection.ping()).await
        {
            return Ok(());
        }
        *held = None;
        let mut connection = server::connect(&self.server).await?;
        lock_session(&mut connection, &self.server).await?;
        tracing::warn!(
            "the session that keeps other services from the store had ended; another one keeps them from it now"
        );
        *held = Some(connection);
        Ok(())
    }
}

impl Store {
    /// Lets another process work on the store.
    pub(super) async fn give_up_lock(&self) {
        if let Some(session) = self.session() {
            session.end().await;
        }
    }

    /// The store of the process that has the right to work on it as its service.
    #[must_use]
    pub fn locked_by(self, lock: StoreLock) -> Self {
        Self { lock: Some(Arc::new(lock)), ..self }
    }

    /// Makes sure that this process may still work on the store as its service. For a file that cannot change.
    ///
    /// # Errors
    /// [`StoreError::AtWork`] where another process works on it, and when the database fails.
    pub async fn keep_lock(&self) -> Result<()> {
        match self.session() {
            Some(session) => session.keep().await,
            None => Ok(()),
        }
    }

    fn session(&self) -> Option<&Session> {
        match &self.lock.as_ref()?.0 {
            Held::Session(session) => Some(session),
            Held::Memory | Held::File { .. } => None,
        }
    }

    /// The epoch in which this process works for a school, where it does so as a service; begins one where it has none.
    pub(super) async fn epoch(&self, organisation: &str) -> Result<Option<i64>> {
        let Some(session) = self.session() else { return Ok(None) };
        let mut epochs = session.epochs.lock().await;
        if let Some(epoch) = epochs.get(organisation) {
            return Ok(Some(*epoch));
        }
        session.keep().await?;
        let doing = "beginning to work for a school";
        let mut transaction = self.database.begin(organisation).await.doing(doing)?;
        let row =
            query(BEGIN_EPOCH).bind(organisation).bind(own_name()).fetch_one(&mut transaction).await.doing(doing)?;
        let epoch = number(&row, "epoch")?;
        transaction.commit().await.doing(doing)?;
        epochs.insert(organisation.into(), epoch);
        Ok(Some(epoch))
    }
}

/// Makes sure that a transaction belongs to the present epoch of a school.
///
/// # Errors
/// [`StoreError::TakenOver`] where another process has begun one since.
pub(super) async fn check_epoch(transaction: &mut OpenTransaction, organisation: &str, epoch: i64) -> Result<()> {
    let doing = "beginning a transaction";
    let present = query("SELECT owner, epoch FROM organisation WHERE id = $1")
        .bind(organisation)
        .fetch_optional(transaction)
        .await
        .doing(doing)?;
    let Some(row) = present else { return Err(StoreError::TakenOver { who: None }) };
    if number(&row, "epoch")? == epoch {
        return Ok(());
    }
    Err(StoreError::TakenOver { who: row.try_get("owner").doing(doing)? })
}

/// The lock on a file beside that of the store.
fn lock_file(store: &Path) -> Result<File> {
    let mut name = store.as_os_str().to_owned();
    name.push(".lock");
    let path = Path::new(&name);
    let file = private_files::open(path).map_err(|error| OpenError::of_file(store, error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => {
            Err(StoreError::AtWork { store: store.display().to_string(), who: None })
        }
        Err(std::fs::TryLockError::Error(source)) => Err(OpenError::of_file(path, source).into()),
    }
}

/// The lock of PostgreSQL in a session, which bears the name of this process from then on.
async fn lock_session(connection: &mut AnyConnection, server: &ServerAddress) -> Result<()> {
    let failed = |error| OpenError::of_server(server, error);
    query("SELECT set_config('application_name', $1, FALSE)")
        .bind(own_name())
        .execute(&mut *connection)
        .await
        .map_err(failed)?;
    for _ in 0..TRIES {
        let row = query(TAKE).fetch_one(&mut *connection).await.map_err(failed)?;
        if row.try_get::<bool, _>("is_taken").map_err(failed)? {
            return Ok(());
        }
        tokio::time::sleep(BETWEEN_TRIES).await;
    }
    let who = query(WHO).fetch_optional(&mut *connection).await.map_err(failed)?;
    let who = who.map(|row| row.try_get::<Option<String>, _>("name")).transpose().map_err(failed)?.flatten();
    Err(StoreError::AtWork { store: server.to_string(), who })
}

/// What this process is called where several could be at work: "nhacviec on server-1, process 4711".
fn own_name() -> String {
    let host = std::fs::read_to_string(HOSTNAME).unwrap_or_default();
    let process = format!(", process {}", std::process::id());
    let mut name = format!("nhacviec on {}", host.trim());
    let room = MAX_NAME.saturating_sub(process.len());
    name.truncate(name.floor_char_boundary(room));
    name + &process
}
