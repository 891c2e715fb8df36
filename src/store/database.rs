//! The database as statements reach it: the pool of the program, or one that a simulation has.

use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use sqlx::any::{AnyRow, AnyStatement, AnyTypeInfo};
use sqlx::{Any, AnyPool, Error, Execute, Executor, SqlStr, Transaction};

use super::dialect::{Dialect, LOCK_ORGANISATION};
use super::query;
use super::simulated::{SimulatedConnection, SimulatedTransaction, StatementResult};

/// The database of a store.
#[derive(Clone, Debug)]
pub(super) enum Database {
    /// The program's.
    Pool(AnyPool, Dialect),
    /// A simulation's.
    Simulated(SimulatedConnection),
}

/// A transaction that is open; dropped, it leaves no trace.
#[derive(Debug)]
pub(crate) enum OpenTransaction {
    /// On the program's database.
    Pool(Transaction<'static, Any>),
    /// On a simulation's.
    Simulated(SimulatedTransaction),
}

impl Database {
    /// Begins a transaction that may write the rows of an organisation: no other does until it ends.
    pub(super) async fn begin(&self, organisation: &str) -> Result<OpenTransaction, Error> {
        let dialect = self.dialect();
        let mut transaction = self.begin_with(dialect.begin()).await?;
        if dialect == Dialect::Postgres {
            query(LOCK_ORGANISATION).bind(organisation).execute(&mut transaction).await?;
        }
        Ok(transaction)
    }

    /// Begins a transaction that only reads, as is allowed where nothing can be written.
    pub(super) async fn begin_to_read(&self) -> Result<OpenTransaction, Error> {
        self.begin_with(self.dialect().begin_to_read()).await
    }

    /// The engine behind it.
    pub(super) fn dialect(&self) -> Dialect {
        match self {
            Self::Pool(_, dialect) => *dialect,
            Self::Simulated(_) => Dialect::Sqlite,
        }
    }

    /// Whether other processes may wait for what is written here.
    pub(super) fn is_shared(&self) -> bool {
        matches!(self, Self::Pool(_, Dialect::Postgres) | Self::Simulated(_))
    }

    async fn begin_with(&self, statement: &'static str) -> Result<OpenTransaction, Error> {
        let pool = match self {
            Self::Pool(pool, _) => pool,
            Self::Simulated(simulated) => return simulated.begin(statement).await.map(OpenTransaction::Simulated),
        };
        let begun = match pool.begin_with(statement).await {
            // After a full disk SQLite has rolled back by itself, which the driver does not see: its connection believes
            // itself in a transaction for good. Another one does not.
            Err(Error::InvalidSavePointStatement) => {
                pool.acquire().await?.close().await?;
                pool.begin_with(statement).await?
            }
            begun => begun?,
        };
        Ok(OpenTransaction::Pool(begun))
    }

    /// Writes what is pending and closes it.
    pub(super) async fn close(&self) {
        match self {
            Self::Pool(pool, _) => pool.close().await,
            // It belongs to the simulation, and others may use it.
            Self::Simulated(_) => {}
        }
    }
}

impl OpenTransaction {
    /// Keeps what was written.
    pub(super) async fn commit(self) -> Result<(), Error> {
        match self {
            Self::Pool(transaction) => transaction.commit().await,
            Self::Simulated(transaction) => transaction.commit().await,
        }
    }
}

impl<'c> Executor<'c> for &'c Database {
    type Database = Any;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, StatementResult>
    where
        'c: 'e,
        E: 'q + Execute<'q, Any>,
    {
        match self {
            Database::Pool(pool, _) => pool.fetch_many(query),
            Database::Simulated(simulated) => simulated.fetch_many(query),
        }
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<AnyRow>, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Any>,
    {
        match self {
            Database::Pool(pool, _) => pool.fetch_optional(query),
            Database::Simulated(simulated) => simulated.fetch_optional(query),
        }
    }

    fn prepare_with<'e>(self, sql: SqlStr, parameters: &'e [AnyTypeInfo]) -> BoxFuture<'e, Result<AnyStatement, Error>>
    where
        'c: 'e,
    {
        match self {
            Database::Pool(pool, _) => pool.prepare_with(sql, parameters),
            Database::Simulated(_) => not_prepared(),
        }
    }
}

impl<'c> Executor<'c> for &'c mut OpenTransaction {
    type Database = Any;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, StatementResult>
    where
        'c: 'e,
        E: 'q + Execute<'q, Any>,
    {
        match self {
            OpenTransaction::Pool(transaction) => (**transaction).fetch_many(query),
            OpenTransaction::Simulated(transaction) => transaction.fetch_many(query),
        }
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<AnyRow>, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Any>,
    {
        match self {
            OpenTransaction::Pool(transaction) => (**transaction).fetch_optional(query),
            OpenTransaction::Simulated(transaction) => transaction.fetch_optional(query),
        }
    }

    fn prepare_with<'e>(self, sql: SqlStr, parameters: &'e [AnyTypeInfo]) -> BoxFuture<'e, Result<AnyStatement, Error>>
    where
        'c: 'e,
    {
        match self {
            OpenTransaction::Pool(transaction) => (**transaction).prepare_with(sql, parameters),
            OpenTransaction::Simulated(_) => not_prepared(),
        }
    }
}

/// The store prepares no statement apart from running it.
pub(super) fn not_prepared<'e>() -> BoxFuture<'e, Result<AnyStatement, Error>> {
    Box::pin(std::future::ready(Err(Error::PoolClosed)))
}
