//! A database for simulations: in memory, shared by all the processes of a simulated world, each of which may be held up,
//! refused or killed at any statement and commit.
//!
//! Every statement is carried through in the poll that begins it, so that nothing is ever under way in a thread that tokio's
//! virtual time knows nothing of: the same seed gives the same run. SQLite itself is the real one.

use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream};
use sqlx::any::{AnyConnectOptions, AnyQueryResult, AnyRow};
use sqlx::{Any, AnyConnection, AssertSqlSafe, Connection, Either, Error, Execute, Executor};
use tokio::sync::{Mutex, OwnedMutexGuard, watch};

use super::dialect::PRAGMAS;
use super::open::MEMORY;
use super::{Doing, Result, StoreError, StoreStep, migrations};

/// What a statement gives, piece by piece: rows, and how many it changed.
pub(super) type StatementResult = std::result::Result<Either<AnyQueryResult, AnyRow>, Error>;

/// A moment at which something may befall a process at work on a simulated database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StorePoint {
    /// It is about to begin a transaction.
    Begin,
    /// It is about to run a statement of its transaction.
    Statement,
    /// It is about to commit.
    Commit,
    /// Its commit is there, and it does not know yet.
    Committed,
    /// It is about to run a statement outside a transaction.
    Alone,
    /// Such a statement is done, and it does not know yet.
    AloneDone,
}

/// What befalls a process: it may fail the step, hold it up, or never return, where the process is killed then.
pub trait StoreHook: fmt::Debug + Send + Sync {
    /// Is waited for at each such moment.
    fn at(&self, point: StorePoint) -> BoxFuture<'static, Result<(), Error>>;

    /// Is waited for between two heartbeats of a worker, of which one is to come every so often.
    fn rest(&self, every: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(every))
    }
}

/// A database that simulated processes share. A copy is cheap and is the same database.
#[derive(Clone, Debug)]
pub struct SimulatedDatabase {
    shared: Arc<Mutex<Shared>>,
    /// How often processes were told that something is new.
    told: watch::Sender<u64>,
}

/// The one connection to it.
#[derive(Debug)]
struct Shared {
    connection: AnyConnection,
    /// Whether a transaction was left in the middle, which whoever comes next rolls back.
    is_left_open: bool,
}

impl SimulatedDatabase {
    /// An empty database with all its tables.
    ///
    /// # Errors
    /// When SQLite fails.
    pub async fn open() -> Result<Self> {
        sqlx::any::install_default_drivers();
        let options: AnyConnectOptions = MEMORY.parse().doing(StoreStep::ReadAddress)?;
        let mut connection = AnyConnection::connect_with(&options).await.doing(StoreStep::Open)?;
        for pragma in PRAGMAS {
            sqlx::query(*pragma).execute(&mut connection).await.doing(StoreStep::Open)?;
        }
        migrations::run(&mut connection).await.map_err(StoreError::Migration)?;
        let shared = Arc::new(Mutex::new(Shared { connection, is_left_open: false }));
        Ok(Self { shared, told: watch::Sender::new(0) })
    }

    /// The database as a process sees it, to which `hook` may do something at each step.
    pub(super) fn connection(&self, hook: Arc<dyn StoreHook>) -> SimulatedConnection {
        SimulatedConnection { shared: Arc::clone(&self.shared), told: self.told.clone(), hook }
    }

    /// The first column of each row that a statement of a simulation gives, as text.
    ///
    /// # Errors
    /// When the database refuses the statement.
    pub async fn ask(&self, sql: &str) -> Result<Vec<String>> {
        use sqlx::Row;

        let mut shared = roll_back(Arc::clone(&self.shared).lock_owned().await);
        let rows = carry_through(sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut shared.connection));
        let rows = rows.doing(StoreStep::AnswerSimulation)?;
        rows.iter().map(|row| row.try_get::<String, _>(0).doing(StoreStep::AnswerSimulation)).collect()
    }
}

/// What a simulated process has of the database.
#[derive(Clone)]
pub(super) struct SimulatedConnection {
    shared: Arc<Mutex<Shared>>,
    told: watch::Sender<u64>,
    hook: Arc<dyn StoreHook>,
}

impl fmt::Debug for SimulatedConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimulatedConnection").field("hook", &self.hook).finish_non_exhaustive()
    }
}

impl SimulatedConnection {
    /// Begins a transaction, once no other process has one.
    pub(super) async fn begin(&self, begin: &'static str) -> Result<SimulatedTransaction, Error> {
        self.hook.at(StorePoint::Begin).await?;
        let mut shared = self.lock().await;
        carry_through(sqlx::raw_sql(begin).execute(&mut shared.connection))?;
        shared.is_left_open = true;
        let (told, hook) = (self.told.clone(), Arc::clone(&self.hook));
        Ok(SimulatedTransaction { shared, told, tells_others: false, hook })
    }

    /// Waits between two heartbeats.
    pub(super) fn rest(&self, every: Duration) -> BoxFuture<'static, ()> {
        self.hook.rest(every)
    }

    /// Tells the processes that something is new.
    pub(super) fn tell_others(&self) {
        self.told.send_modify(|told| *told += 1);
    }

    /// Begins to hear what processes are told.
    pub(super) async fn listen(&self) -> Result<SimulatedListener, Error> {
        self.hook.at(StorePoint::Alone).await?;
        Ok(SimulatedListener { told: self.told.subscribe(), hook: Arc::clone(&self.hook) })
    }

    async fn lock(&self) -> OwnedMutexGuard<Shared> {
        roll_back(Arc::clone(&self.shared).lock_owned().await)
    }

    pub(super) fn fetch_many<'e, 'q: 'e, E>(&'e self, query: E) -> BoxStream<'e, StatementResult>
    where
        E: 'q + Execute<'q, Any>,
    {
        let pieces = async move {
            if let Err(error) = self.hook.at(StorePoint::Alone).await {
                return vec![Err(error)];
            }
            let pieces = {
                let mut shared = self.lock().await;
                carry_through(shared.connection.fetch_many(query).collect::<Vec<StatementResult>>())
            };
            match self.hook.at(StorePoint::AloneDone).await {
                Ok(()) => pieces,
                Err(error) => vec![Err(error)],
            }
        };
        stream::once(pieces).flat_map(stream::iter).boxed()
    }

    pub(super) fn fetch_optional<'e, 'q: 'e, E>(&'e self, query: E) -> BoxFuture<'e, Result<Option<AnyRow>, Error>>
    where
        E: 'q + Execute<'q, Any>,
    {
        Box::pin(async move {
            self.hook.at(StorePoint::Alone).await?;
            let row = {
                let mut shared = self.lock().await;
                carry_through(shared.connection.fetch_optional(query))
            };
            self.hook.at(StorePoint::AloneDone).await?;
            row
        })
    }
}

/// A transaction of a simulated process. Dropped before its commit, it leaves no trace.
pub(crate) struct SimulatedTransaction {
    shared: OwnedMutexGuard<Shared>,
    told: watch::Sender<u64>,
    /// Whether the others are told when it is there.
    tells_others: bool,
    hook: Arc<dyn StoreHook>,
}

impl fmt::Debug for SimulatedTransaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimulatedTransaction").field("hook", &self.hook).finish_non_exhaustive()
    }
}

impl SimulatedTransaction {
    /// Keeps what was written.
    pub(super) async fn commit(mut self) -> Result<(), Error> {
        let hook = Arc::clone(&self.hook);
        hook.at(StorePoint::Commit).await?;
        carry_through(sqlx::raw_sql("COMMIT").execute(&mut self.shared.connection))?;
        self.shared.is_left_open = false;
        if self.tells_others {
            self.told.send_modify(|told| *told += 1);
        }
        drop(self);
        hook.at(StorePoint::Committed).await
    }

    /// Has the processes told, when it is there, that something is new.
    pub(super) fn tell_others(&mut self) {
        self.tells_others = true;
    }

    pub(super) fn fetch_many<'e, 'q: 'e, E>(&'e mut self, query: E) -> BoxStream<'e, StatementResult>
    where
        E: 'q + Execute<'q, Any>,
    {
        let pieces = async move {
            match self.hook.at(StorePoint::Statement).await {
                Ok(()) => carry_through(self.shared.connection.fetch_many(query).collect::<Vec<StatementResult>>()),
                Err(error) => vec![Err(error)],
            }
        };
        stream::once(pieces).flat_map(stream::iter).boxed()
    }

    pub(super) fn fetch_optional<'e, 'q: 'e, E>(&'e mut self, query: E) -> BoxFuture<'e, Result<Option<AnyRow>, Error>>
    where
        E: 'q + Execute<'q, Any>,
    {
        Box::pin(async move {
            self.hook.at(StorePoint::Statement).await?;
            carry_through(self.shared.connection.fetch_optional(query))
        })
    }
}

/// Hears what the processes over a simulated database are told.
#[derive(Debug)]
pub(super) struct SimulatedListener {
    told: watch::Receiver<u64>,
    hook: Arc<dyn StoreHook>,
}

impl SimulatedListener {
    /// Waits until something is new.
    pub(super) async fn next(&mut self) -> Result<(), Error> {
        if self.told.changed().await.is_err() {
            // The database is gone, and with it whoever could tell anything.
            std::future::pending::<()>().await;
        }
        self.hook.at(StorePoint::Alone).await
    }
}

/// Rolls back what a process that failed or was killed left in the middle.
fn roll_back(mut shared: OwnedMutexGuard<Shared>) -> OwnedMutexGuard<Shared> {
    if std::mem::take(&mut shared.is_left_open) {
        // Where SQLite has rolled back by itself there is nothing left to roll back.
        let _ = carry_through(sqlx::raw_sql("ROLLBACK").execute(&mut shared.connection));
    }
    shared
}

/// Wakes a thread that waits for the database's.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Waits on this thread until the database's own has answered.
fn carry_through<T>(work: impl Future<Output = T>) -> T {
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut work = pin!(work);
    loop {
        match work.as_mut().poll(&mut context) {
            Poll::Ready(done) => return done,
            Poll::Pending => std::thread::park(),
        }
    }
}
