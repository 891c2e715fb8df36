//! Moving a store: every row of one is written into another that has nothing in it, in one transaction, read back there and
//! compared.

use futures_util::TryStreamExt;
use sha2::{Digest, Sha256};
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use crate::config::StoreAddress;

use super::database::OpenTransaction;
use super::dialect::Dialect;
use super::statement::without_nul;
use super::{Doing, ExpectedValue, Result, Store, StoreError, StoreLock, StoreStep, damaged, query, text};

/// What is being done where a store fails.
const DOING: StoreStep = StoreStep::CopyFile;

/// The table of the processes at work, which says nothing of the school.
const WORKERS: &str = "worker";

/// Why a store was not copied. Nothing was written then.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// There is nothing to be copied.
    #[error("there is nothing in the store {0}")]
    NoStore(String),
    /// Both are the same store.
    #[error("{0} is the store that is to be copied itself: name another one to copy it into")]
    Itself(String),
    /// Something is there already.
    #[error("the store {0} is not new: copy into one in which nothing has begun yet")]
    NotEmpty(String),
    /// The copy is not what it is a copy of.
    #[error("the rows of `{0}` are not the same in the copy as they were read; nothing was kept of it")]
    Differs(String),
    /// A store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What was copied of one table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopiedTable {
    /// Its name.
    pub table: String,
    /// How many rows it has.
    pub rows: u64,
}

/// Copies all that a store holds into a new one of either engine, while no service works on either.
///
/// # Errors
/// When both are the same, a service is at work, the first has nothing in it, the second has something, or one of them fails.
pub async fn copy(from: &StoreAddress, to: &StoreAddress) -> Result<Vec<CopiedTable>, CopyError> {
    // Whoever looks for a service makes a file beside the store.
    if from.file().is_some_and(|path| !path.exists()) {
        return Err(CopyError::NoStore(from.to_string()));
    }
    if are_the_same(from, to) {
        return Err(CopyError::Itself(to.to_string()));
    }
    let _locks = (StoreLock::take(from)?, StoreLock::take(to)?);
    let source = Store::open_to_read(from).await?;
    if source.is_new().await? {
        return Err(CopyError::NoStore(from.to_string()));
    }
    let target = Store::open(to).await?;
    let stores = [(&source, from), (&target, to)];
    let are_idle = async || {
        for (store, address) in stores {
            is_idle(store, address).await?;
        }
        Ok::<_, CopyError>(())
    };
    are_idle().await?;
    let tables = tables(&source).await?;
    let mut reading = source.database.begin_to_read().await.doing(DOING)?;
    let mut writing = target.database.begin("").await.doing(DOING)?;
    for (store, transaction) in [(&source, &mut reading), (&target, &mut writing)] {
        if store.database.dialect() == Dialect::Postgres {
            wait_without_end(transaction).await?;
        }
    }
    for table in &tables {
        if !table.is_empty(&mut writing).await? {
            return Err(CopyError::NotEmpty(to.to_string()));
        }
    }
    let mut copied = Vec::with_capacity(tables.len());
    for table in tables {
        let read = table.copy(&mut reading, &mut writing).await?;
        if table.digest(&mut writing).await? != read {
            return Err(CopyError::Differs(table.name));
        }
        copied.push(CopiedTable { table: table.name, rows: read.rows });
    }
    // Whoever has begun meanwhile may have told what the copy does not know.
    are_idle().await?;
    writing.commit().await.doing(DOING)?;
    target.checkpoint().await?;
    drop(reading);
    source.close().await;
    target.close().await;
    Ok(copied)
}

/// Whether two addresses name one store, however they are written.
fn are_the_same(one: &StoreAddress, other: &StoreAddress) -> bool {
    match (one.file(), other.file()) {
        (Some(one), Some(other)) => {
            one == other || one.canonicalize().is_ok_and(|one| other.canonicalize().is_ok_and(|other| one == other))
        }
        _ => one.to_string() == other.to_string(),
    }
}

/// Makes sure that no process works for a school of a database, or waits to.
async fn is_idle(store: &Store, address: &StoreAddress) -> Result<()> {
    match store.workers("").await?.into_iter().next() {
        Some(worker) => Err(StoreError::AtWork { store: address.to_string(), who: Some(worker.node) }),
        None => Ok(()),
    }
}

/// Lets a transaction of PostgreSQL take as long as it needs, also while the other store is at it.
async fn wait_without_end(transaction: &mut OpenTransaction) -> Result<()> {
    for setting in ["SET LOCAL statement_timeout = 0", "SET LOCAL idle_in_transaction_session_timeout = 0"] {
        query(setting).execute(&mut *transaction).await.doing(DOING)?;
    }
    Ok(())
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ColumnType {
    Number,
    Text,
    Bytes,
}

/// A value of a row.
#[derive(Clone, Debug)]
enum CopiedValue {
    Number(Option<i64>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
}

/// A table, with its columns by name.
#[derive(Debug)]
struct Table {
    name: String,
    columns: Vec<(String, ColumnType)>,
}

/// So many rows, and a sum of all that they hold, whatever their order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct TableDigest {
    rows: u64,
    sum: u128,
}

/// The tables of the program, as their database tells them.
async fn tables(store: &Store) -> Result<Vec<Table>> {
    let columns = match store.database.dialect() {
        Dialect::Sqlite => {
            "SELECT t.name AS table_name, c.name AS column_name, c.type AS kind \
             FROM sqlite_master t, pragma_table_info(t.name) c \
             WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' ORDER BY t.name, c.name"
        }
        Dialect::Postgres => {
            "SELECT CAST(table_name AS TEXT) AS table_name, CAST(column_name AS TEXT) AS column_name, \
             CAST(data_type AS TEXT) AS kind FROM information_schema.columns WHERE table_schema = current_schema() \
             ORDER BY 1, 2"
        }
    };
    let mut tables: Vec<Table> = Vec::new();
    for row in query(columns).fetch_all(&store.database).await.doing(StoreStep::FindTables)? {
        let (name, column, kind) = (text(&row, "table_name")?, text(&row, "column_name")?, text(&row, "kind")?);
        if name == super::migrations::TABLE || name == WORKERS {
            continue;
        }
        let kind = match kind.to_lowercase().as_str() {
            "bigint" => ColumnType::Number,
            "text" => ColumnType::Text,
            "blob" | "bytea" => ColumnType::Bytes,
            _ => return Err(damaged("a column", ExpectedValue::SqlValue, kind)),
        };
        match tables.last_mut().filter(|table| table.name == name) {
            Some(table) => table.columns.push((column, kind)),
            None => tables.push(Table { name, columns: vec![(column, kind)] }),
        }
    }
    Ok(tables)
}

impl Table {
    fn select(&self) -> String {
        format!("SELECT {} FROM \"{}\"", self.names(), self.name)
    }

    /// Whether it has no row.
    async fn is_empty(&self, database: &mut OpenTransaction) -> Result<bool> {
        let first = query(AssertSqlSafe(self.select() + " LIMIT 1")).fetch_optional(database).await;
        Ok(first.doing(StoreStep::LookWhetherNew)?.is_none())
    }

    fn insert(&self) -> String {
        let places: Vec<String> = (1..=self.columns.len()).map(|place| format!("${place}")).collect();
        format!("INSERT INTO \"{}\" ({}) VALUES ({})", self.name, self.names(), places.join(", "))
    }

    fn names(&self) -> String {
        let names: Vec<String> = self.columns.iter().map(|(name, _)| format!("\"{name}\"")).collect();
        names.join(", ")
    }

    /// Writes every row of one database into another; returns what was read.
    async fn copy(&self, from: &mut OpenTransaction, to: &mut OpenTransaction) -> Result<TableDigest> {
        let insert = self.insert();
        let mut digest = TableDigest::default();
        let mut rows = sqlx::query(AssertSqlSafe(self.select())).fetch(from);
        while let Some(row) = rows.try_next().await.doing(StoreStep::ReadForCopy)? {
            let values = self.values(&row)?;
            digest.add(&values);
            // A row at a time: letters are large, and this is done once.
            let written = values.into_iter().fold(query(AssertSqlSafe(insert.clone())), |written, value| match value {
                CopiedValue::Number(number) => written.bind(number),
                CopiedValue::Text(text) => written.bind(text),
                CopiedValue::Bytes(bytes) => written.bind(bytes),
            });
            written.execute(&mut *to).await.doing(StoreStep::WriteCopy)?;
        }
        Ok(digest)
    }

    async fn digest(&self, database: &mut OpenTransaction) -> Result<TableDigest> {
        let mut digest = TableDigest::default();
        let mut rows = sqlx::query(AssertSqlSafe(self.select())).fetch(database);
        while let Some(row) = rows.try_next().await.doing(StoreStep::ReadCopy)? {
            digest.add(&self.values(&row)?);
        }
        Ok(digest)
    }

    fn values(&self, row: &AnyRow) -> Result<Vec<CopiedValue>> {
        let values = self.columns.iter().map(|(name, kind)| {
            let name = name.as_str();
            Ok(match kind {
                ColumnType::Number => CopiedValue::Number(row.try_get(name)?),
                // Where one is left from a time before they were taken out of texts, the copy has none.
                ColumnType::Text => {
                    let text: Option<String> = row.try_get(name)?;
                    CopiedValue::Text(text.map(|text| without_nul(&text).into_owned()))
                }
                ColumnType::Bytes => CopiedValue::Bytes(row.try_get(name)?),
            })
        });
        values.collect::<Result<_, sqlx::Error>>().doing(StoreStep::ReadRow)
    }
}

impl TableDigest {
    fn add(&mut self, values: &[CopiedValue]) {
        let mut hash = Sha256::new();
        let mut put = |sign: u8, bytes: &[u8]| {
            hash.update([sign]);
            hash.update(bytes.len().to_be_bytes());
            hash.update(bytes);
        };
        for value in values {
            match value {
                CopiedValue::Number(None) | CopiedValue::Text(None) | CopiedValue::Bytes(None) => put(0, &[]),
                CopiedValue::Number(Some(number)) => put(1, &number.to_be_bytes()),
                CopiedValue::Text(Some(text)) => put(2, text.as_bytes()),
                CopiedValue::Bytes(Some(bytes)) => put(3, bytes),
            }
        }
        let hash = hash.finalize();
        let sum = hash.iter().take(16).fold(0_u128, |sum, byte| sum << 8 | u128::from(*byte));
        self.rows += 1;
        self.sum = self.sum.wrapping_add(sum);
    }
}
