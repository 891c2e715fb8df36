//! How a worker reaches the database over which it works: a connection of its own, apart from the pool of its process; and who
//! it is there. A simulation has its own.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use sqlx::any::{AnyRow, AnyStatement, AnyTypeInfo};
use sqlx::{Any, AnyConnection, AssertSqlSafe, Error, Execute, Executor, SqlStr};

use crate::clock::Clock;
use crate::config::ServerAddress;

use super::database::not_prepared;
use super::dialect::{Dialect, LOCK_ORGANISATION};
use super::simulated::{SimulatedConnection, SimulatedDatabase, StatementResult, StoreHook};
use super::statement::Statement;
use super::{Doing, OpenError, Result, StoreStep, process, query, server};

/// The longest name of a program that PostgreSQL keeps, in bytes.
const MAX_NAME: usize = 63;
/// What stands in a statement for the present by the clock of the database, in milliseconds since 1970.
const NOW: &str = "{now}";
/// The same in the words of PostgreSQL.
const NOW_OF_SERVER: &str = "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";
/// Gives back what a worker holds, and tells who waits for it.
const GIVE_BACK: &str = "WITH given AS (UPDATE organisation SET owner = NULL WHERE owner = $1 RETURNING id) \
     SELECT CAST(pg_notify('nhacviec', current_schema() || '.' || id) AS TEXT) FROM given";
/// The same where others are told otherwise.
const GIVE_BACK_UNTOLD: &str = "UPDATE organisation SET owner = NULL WHERE owner = $1";

/// The database over which processes share the work, as one of them reaches it.
#[derive(Clone, Debug)]
pub struct WorkerDatabase(Reached);

#[derive(Clone, Debug)]
enum Reached {
    Server(ServerAddress),
    Simulated(SimulatedWorker),
}

/// A process of a simulation.
#[derive(Clone, Debug)]
pub(super) struct SimulatedWorker {
    connection: SimulatedConnection,
    /// What people call it.
    node: Arc<str>,
    /// The clock of the database.
    clock: Clock,
}

impl From<ServerAddress> for WorkerDatabase {
    fn from(server: ServerAddress) -> Self {
        Self(Reached::Server(server))
    }
}

impl WorkerDatabase {
    /// A simulation's, as the process called `node` reaches it, to which `hook` may do something at each step. `clock` is the
    /// database's. No other process may have had that name.
    #[must_use]
    pub fn simulated(database: &SimulatedDatabase, node: &str, hook: Arc<dyn StoreHook>, clock: Clock) -> Self {
        Self(Reached::Simulated(SimulatedWorker { connection: database.connection(hook), node: node.into(), clock }))
    }

    /// Where the server is; `None` for a simulation's.
    pub(super) fn reached(&self) -> Result<&ServerAddress, &SimulatedConnection> {
        match &self.0 {
            Reached::Server(server) => Ok(server),
            Reached::Simulated(worker) => Err(&worker.connection),
        }
    }

    /// Waits between two heartbeats, of which one is to come every so often.
    pub(super) fn rest(&self, every: Duration) -> BoxFuture<'static, ()> {
        match &self.0 {
            Reached::Server(_) => Box::pin(tokio::time::sleep(every)),
            Reached::Simulated(worker) => worker.connection.rest(every),
        }
    }

    /// What people call this process.
    pub(super) fn node(&self) -> String {
        match &self.0 {
            Reached::Server(_) => process::shown_name(),
            Reached::Simulated(worker) => worker.node.to_string(),
        }
    }

    /// An id that no worker has or had: which process it is, as far as the system tells, and which of its workers, of which it
    /// is the `number`th.
    pub(super) fn new_id(&self, number: u64) -> Result<String> {
        if let Reached::Simulated(worker) = &self.0 {
            return Ok(format!("{}/{number}", worker.node));
        }
        let mut worker = [0; 8];
        getrandom::fill(&mut worker)
            .map_err(|error| Error::Io(std::io::Error::other(error)))
            .doing(StoreStep::ShowLife)?;
        Ok(format!("{}/{}", process::unique_name().unwrap_or_default(), crate::hex(&worker)))
    }

    /// Whether the process of a worker has certainly ended, as far as this machine knows.
    pub(super) fn has_ended(&self, worker: &str) -> bool {
        match &self.0 {
            Reached::Server(_) => process::has_ended(worker),
            Reached::Simulated(_) => false,
        }
    }

    /// A connection to it, which bears the name of this process.
    pub(super) async fn connect(&self) -> Result<WorkerConnection> {
        let server = match &self.0 {
            Reached::Server(server) => server,
            Reached::Simulated(worker) => return Ok(WorkerConnection::Simulated(worker.clone())),
        };
        let mut connection = server::connect(server).await?;
        let mut name = process::shown_name();
        name.truncate(name.floor_char_boundary(MAX_NAME));
        query("SELECT set_config('application_name', $1, FALSE)")
            .bind(name)
            .execute(&mut connection)
            .await
            .map_err(|error| OpenError::of_server(server, error))?;
        Ok(WorkerConnection::Server(connection))
    }
}

/// The connection of a worker.
#[derive(Debug)]
pub(super) enum WorkerConnection {
    /// To a server.
    Server(AnyConnection),
    /// To a simulation's database.
    Simulated(SimulatedWorker),
}

/// A statement in the words of PostgreSQL.
pub(super) fn of_server(text: &str) -> AssertSqlSafe<String> {
    AssertSqlSafe(text.replace(NOW, NOW_OF_SERVER))
}

impl WorkerConnection {
    /// A statement with the values for its places, in their order; `{now}` in its text is the present by the clock of the
    /// database.
    pub(super) fn statement(&self, text: &str, values: &[&str]) -> Statement {
        let (statement, now) = match self {
            Self::Server(_) => (query(of_server(text)), None),
            Self::Simulated(worker) => {
                let place = format!("${}", values.len() + 1);
                let now = text.contains(NOW).then(|| worker.clock.now().as_millisecond());
                (query(AssertSqlSafe(text.replace(NOW, &place))), now)
            }
        };
        let statement = values.iter().fold(statement, |statement, value| statement.bind(*value));
        now.into_iter().fold(statement, Statement::bind)
    }

    /// Runs the statement by which a worker takes the lease of a school, when no transaction of the school is open: its row,
    /// where it did.
    pub(super) async fn take(&mut self, text: &str, organisation: &str, worker: &str) -> Result<Option<AnyRow>, Error> {
        let statement = self.statement(text, &[organisation, worker]);
        let Self::Server(connection) = self else { return statement.fetch_optional(self).await };
        let mut transaction = sqlx::Connection::begin_with(connection, Dialect::Postgres.begin()).await?;
        query(LOCK_ORGANISATION).bind(organisation).execute(&mut *transaction).await?;
        let taken = statement.fetch_optional(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(taken)
    }

    /// Gives back what a worker holds, and tells the others.
    pub(super) async fn give_back(&mut self, worker: &str) -> Result<(), Error> {
        let text = match self {
            Self::Server(_) => GIVE_BACK,
            Self::Simulated(_) => GIVE_BACK_UNTOLD,
        };
        self.statement(text, &[worker]).execute(&mut *self).await?;
        if let Self::Simulated(worker) = self {
            worker.connection.tell_others();
        }
        Ok(())
    }
}

impl<'c> Executor<'c> for &'c mut WorkerConnection {
    type Database = Any;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, StatementResult>
    where
        'c: 'e,
        E: 'q + Execute<'q, Any>,
    {
        match self {
            WorkerConnection::Server(connection) => connection.fetch_many(query),
            WorkerConnection::Simulated(worker) => worker.connection.fetch_many(query),
        }
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<AnyRow>, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Any>,
    {
        match self {
            WorkerConnection::Server(connection) => connection.fetch_optional(query),
            WorkerConnection::Simulated(worker) => worker.connection.fetch_optional(query),
        }
    }

    fn prepare_with<'e>(self, sql: SqlStr, parameters: &'e [AnyTypeInfo]) -> BoxFuture<'e, Result<AnyStatement, Error>>
    where
        'c: 'e,
    {
        match self {
            WorkerConnection::Server(connection) => connection.prepare_with(sql, parameters),
            WorkerConnection::Simulated(_) => not_prepared(),
        }
    }
}
