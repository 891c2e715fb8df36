//! The processes that can work for a school over one database of PostgreSQL, and which of them does.
//!
//! Each of them is a *worker*: a row with a heartbeat, by the clock of the database. One has the *lease* of the school, until
//! it gives that back or has shown no heartbeat for a minute; whoever takes it then begins a new *epoch* of the school, and
//! what belongs to an older one writes nothing any more ([`Store::holding`]). A worker that was silent for a minute begins anew
//! under another id, so that nothing that it once held is taken for its own.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use tokio::time::Instant;

use super::database::OpenTransaction;
use super::dialect::Dialect;
use super::worker_connection::{WorkerConnection, WorkerDatabase, of_server};
use super::{Doing, Result, Store, StoreError, StoreStep, instant, number, optional_text, process, query, text};

/// How long the database may take to answer a worker.
const PATIENCE: Duration = Duration::from_secs(10);
/// A worker that the database has not answered for so long hands nothing over: in as long again others may take its work.
const HAND_OVER_WITHIN: Duration = Duration::from_secs(30);
/// What is being done where that fails.
const LOOKING: StoreStep = StoreStep::LookWhoWorks;
/// The channel of PostgreSQL on which processes tell each other that something is new.
pub(super) const CHANNEL: &str = "nhacviec";

/// Whether the worker `w` lives: a clock that was set back has left no heartbeat that never grows old. `{now}` stands for the
/// present by the clock of the database, in milliseconds since 1970, here and in what follows.
macro_rules! lives {
    () => {
        "w.seen BETWEEN {now} - 60000 AND {now} + 60000"
    };
}

const REGISTER: &str = "INSERT INTO worker (id, node, version, seen) VALUES ($1, $2, $3, {now}) RETURNING seen";
const BEAT: &str = "UPDATE worker SET seen = {now} WHERE id = $1 AND seen > {now} - 60000 RETURNING seen";
const FORGET: &str = "DELETE FROM worker WHERE id = $1";
const FORGET_OLD: &str = "DELETE FROM worker WHERE seen < {now} - 86400000";
/// Takes the lease of a school that nobody works for. What it had written when its first epoch began is from the same
/// moment on.
const TAKE: &str = concat!(
    "INSERT INTO organisation (id, since, epoch, owner) VALUES ($1, {now}, 1, $2) \
     ON CONFLICT (id) DO UPDATE SET epoch = organisation.epoch + 1, owner = excluded.owner \
     WHERE organisation.owner IS NULL OR organisation.owner = $2 \
     OR NOT EXISTS (SELECT w.id FROM worker w WHERE w.id = organisation.owner AND ",
    lives!(),
    ") RETURNING epoch"
);
const TELL: &str = "SELECT pg_notify('nhacviec', current_schema() || '.' || $1)";
const WORKERS: &str = concat!(
    "SELECT w.id AS id, w.node AS node, w.version AS version, w.seen AS seen, \
     CAST(CASE WHEN o.id IS NULL THEN 0 ELSE 1 END AS BIGINT) AS works \
     FROM worker w LEFT JOIN organisation o ON o.owner = w.id AND o.id = $1 WHERE ",
    lives!(),
    " ORDER BY works DESC, w.node, w.id"
);

/// A process that can work for a school.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkerSeen {
    /// What people call it: "nhacviec on server-1, process 4711".
    pub node: String,
    /// Its version.
    pub version: String,
    /// Its last heartbeat.
    pub seen: Timestamp,
    /// Whether it works for the school; it stands by otherwise.
    pub is_at_work: bool,
}

/// A worker from one silence to the next.
#[derive(Debug)]
struct Worker {
    id: String,
    /// When the last heartbeat began that the database has answered.
    last_beat: Mutex<Instant>,
    is_lost: AtomicBool,
}

impl Worker {
    fn last_beat(&self) -> Instant {
        *self.last_beat.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to work for a school, until another process has it.
#[derive(Clone, Debug)]
pub struct Lease {
    worker: Arc<Worker>,
    organisation: Arc<str>,
    epoch: i64,
}

impl Lease {
    /// Whether it may still hold: its worker has not found itself taken for gone.
    #[must_use]
    pub fn is_held(&self) -> bool {
        !self.worker.is_lost.load(Ordering::Relaxed)
    }

    /// The organisation that it is of.
    #[must_use]
    pub fn organisation(&self) -> &str {
        &self.organisation
    }

    /// A lease whose last heartbeat is now, of which no database knows.
    #[cfg(test)]
    pub(crate) fn for_tests(organisation: &str) -> Self {
        let (last_beat, is_lost) = (Mutex::new(Instant::now()), AtomicBool::new(false));
        let worker = Arc::new(Worker { id: "a worker".to_owned(), last_beat, is_lost });
        Self { worker, organisation: organisation.into(), epoch: 1 }
    }

    /// How long the database has answered no heartbeat.
    fn silence(&self) -> Duration {
        self.worker.last_beat().elapsed()
    }

    /// Makes sure that a transaction belongs to the present epoch of the school.
    pub(super) async fn check(&self, transaction: &mut OpenTransaction, organisation: &str) -> Result<()> {
        if *self.organisation != *organisation {
            let (held, wanted) = (self.organisation.to_string(), organisation.to_owned());
            return Err(StoreError::OtherSchool { held, wanted });
        }
        let doing = StoreStep::Begin;
        let present = query(
            "SELECT o.epoch AS epoch, w.node AS node FROM organisation o LEFT JOIN worker w ON w.id = o.owner WHERE o.id = $1",
        )
        .bind(organisation)
        .fetch_optional(transaction)
        .await
        .doing(doing)?;
        match present {
            Some(row) if number(&row, "epoch")? == self.epoch => Ok(()),
            Some(row) => Err(StoreError::TakenOver { who: optional_text(&row, "node")? }),
            None => Err(StoreError::TakenOver { who: None }),
        }
    }
}

/// This process among the workers of a database: a connection of its own, on which it shows that it lives.
#[derive(Debug)]
pub struct WorkerSession {
    database: WorkerDatabase,
    connection: Option<WorkerConnection>,
    worker: Option<Arc<Worker>>,
    /// How many workers it was.
    workers: u64,
}

impl WorkerSession {
    /// A process that the database knows nothing of yet.
    #[must_use]
    pub fn new(database: impl Into<WorkerDatabase>) -> Self {
        Self { database: database.into(), connection: None, worker: None, workers: 0 }
    }

    /// Waits until the next heartbeat is due, of which one is to come every so often.
    #[must_use]
    pub fn rest(&self, every: Duration) -> BoxFuture<'static, ()> {
        self.database.rest(every)
    }

    /// Shows that it lives, and returns what time it is by the clock of the database. One that was silent for a minute loses
    /// what it held, and is another worker from then on.
    ///
    /// # Errors
    /// When the database fails, or says nothing for ten seconds.
    pub async fn beat(&mut self) -> Result<Timestamp> {
        let beaten = tokio::time::timeout(PATIENCE, self.try_to_beat()).await;
        self.settle(beaten.unwrap_or_else(|_| Err(out_of_time(StoreStep::ShowLife))))
    }

    async fn try_to_beat(&mut self) -> Result<Timestamp> {
        let doing = StoreStep::ShowLife;
        let began = Instant::now();
        if let Some(worker) = self.worker.clone() {
            let connection = self.connection().await?;
            let seen = connection.statement(BEAT, &[&worker.id]).fetch_optional(connection).await;
            if let Some(row) = seen.doing(doing)? {
                *worker.last_beat.lock().unwrap_or_else(PoisonError::into_inner) = began;
                return instant(&row, "seen");
            }
            worker.is_lost.store(true, Ordering::Relaxed);
            self.worker = None;
        }
        self.workers += 1;
        let (id, node) = (self.database.new_id(self.workers)?, self.database.node());
        let connection = self.connection().await?;
        connection.statement(FORGET_OLD, &[]).execute(&mut *connection).await.doing(doing)?;
        let registered = connection.statement(REGISTER, &[&id, &node, env!("CARGO_PKG_VERSION")]);
        let row = registered.fetch_one(connection).await.doing(doing)?;
        let (last_beat, is_lost) = (Mutex::new(began), AtomicBool::new(false));
        self.worker = Some(Arc::new(Worker { id, last_beat, is_lost }));
        instant(&row, "seen")
    }

    /// Takes the lease of a school where nobody works for it. Whoever has certainly ended, or has shown no heartbeat for a
    /// minute, does not. Waits for the transactions that are open.
    ///
    /// # Errors
    /// When the database fails, or says nothing for ten seconds.
    pub async fn take(&mut self, organisation: &str) -> Result<Option<Lease>> {
        let taken = tokio::time::timeout(PATIENCE, self.try_to_take(organisation)).await;
        self.settle(taken.unwrap_or_else(|_| Err(out_of_time(StoreStep::TakeOverWork))))
    }

    async fn try_to_take(&mut self, organisation: &str) -> Result<Option<Lease>> {
        let doing = StoreStep::TakeOverWork;
        let Some(worker) = self.worker.clone() else { return Ok(None) };
        let database = self.database.clone();
        let connection = self.connection().await?;
        for row in query("SELECT id FROM worker").fetch_all(&mut *connection).await.doing(doing)? {
            let id = text(&row, "id")?;
            if database.has_ended(&id) {
                query(FORGET).bind(id).execute(&mut *connection).await.doing(doing)?;
            }
        }
        let taken = connection.take(TAKE, organisation, &worker.id).await.doing(doing)?;
        let epoch = taken.map(|row| number(&row, "epoch")).transpose()?;
        Ok(epoch.map(|epoch| Lease { worker, organisation: organisation.into(), epoch }))
    }

    /// Who works for a school, as people call it.
    ///
    /// # Errors
    /// When the database fails, or says nothing for ten seconds.
    pub async fn who_works(&mut self, organisation: &str) -> Result<Option<String>> {
        let found = tokio::time::timeout(PATIENCE, self.try_to_find(organisation)).await;
        self.settle(found.unwrap_or_else(|_| Err(out_of_time(LOOKING))))
    }

    async fn try_to_find(&mut self, organisation: &str) -> Result<Option<String>> {
        let connection = self.connection().await?;
        let found = connection.statement(WORKERS, &[organisation]).fetch_all(connection).await.doing(LOOKING)?;
        let at_work = found.iter().find(|row| number(row, "works").is_ok_and(|works| works == 1));
        at_work.map(|row| text(row, "node")).transpose()
    }

    /// Gives back what it holds, so that another process takes it at once, and is no worker any more.
    ///
    /// # Errors
    /// When the database fails, or says nothing for ten seconds: others take over a minute later then.
    pub async fn leave(&mut self) -> Result<()> {
        let left = tokio::time::timeout(PATIENCE, self.try_to_leave()).await;
        self.settle(left.unwrap_or_else(|_| Err(out_of_time(StoreStep::GiveBackWork))))
    }

    async fn try_to_leave(&mut self) -> Result<()> {
        let doing = StoreStep::GiveBackWork;
        let Some(worker) = self.worker.take() else { return Ok(()) };
        worker.is_lost.store(true, Ordering::Relaxed);
        let connection = self.connection().await?;
        connection.give_back(&worker.id).await.doing(doing)?;
        query(FORGET).bind(worker.id.as_str()).execute(connection).await.doing(doing)?;
        Ok(())
    }

    /// Begins with a connection of its own again at the next word: the present one was left in the middle of something.
    pub fn disconnect(&mut self) {
        self.connection = None;
    }

    fn settle<T>(&mut self, result: Result<T>) -> Result<T> {
        if result.is_err() {
            self.disconnect();
        }
        result
    }

    async fn connection(&mut self) -> Result<&mut WorkerConnection> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.database.connect().await?,
        };
        Ok(self.connection.insert(connection))
    }
}

impl Store {
    /// The store as the process sees it that has a lease: it writes nothing any more once another process has that, and what
    /// it claims it claims under another name than before.
    #[must_use]
    pub fn holding(&self, lease: Lease) -> Self {
        let holder = format!("{}/{}", self.holder, lease.epoch).into();
        Self { lease: Some(lease), holder, ..self.clone() }
    }

    /// Makes sure that nobody else can have begun to send what this process holds.
    ///
    /// # Errors
    /// [`StoreError::TakenOver`] where that is so, [`StoreError::Silent`] where it soon may be.
    pub(crate) fn check_lease(&self) -> Result<()> {
        match &self.lease {
            Some(lease) if !lease.is_held() => Err(StoreError::TakenOver { who: None }),
            Some(lease) if lease.silence() > HAND_OVER_WITHIN => {
                Err(StoreError::Silent { seconds: lease.silence().as_secs() })
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Whether another process may take over its work.
    pub(crate) fn is_leased(&self) -> bool {
        self.lease.is_some()
    }

    /// The processes that can work for a school over a database, the one that does first; none where the store is a file.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn workers(&self, organisation: &str) -> Result<Vec<WorkerSeen>> {
        if self.database.dialect() != Dialect::Postgres {
            return Ok(Vec::new());
        }
        let rows = query(of_server(WORKERS)).bind(organisation).fetch_all(&self.database).await.doing(LOOKING)?;
        let mut workers = Vec::with_capacity(rows.len());
        for row in &rows {
            let seen = WorkerSeen {
                node: text(row, "node")?,
                version: text(row, "version")?,
                seen: instant(row, "seen")?,
                is_at_work: number(row, "works")? == 1,
            };
            if !process::has_ended(&text(row, "id")?) {
                workers.push(seen);
            }
        }
        Ok(workers)
    }
}

/// Tells the other processes, when the transaction is there, that something is new for a school.
pub(super) async fn tell_others(transaction: &mut OpenTransaction, organisation: &str) -> Result<(), sqlx::Error> {
    if let OpenTransaction::Simulated(transaction) = transaction {
        transaction.tell_others();
        return Ok(());
    }
    query(TELL).bind(organisation).execute(transaction).await.map(drop)
}

fn out_of_time(doing: StoreStep) -> StoreError {
    StoreError::Database { doing, source: sqlx::Error::Io(std::io::ErrorKind::TimedOut.into()) }
}
