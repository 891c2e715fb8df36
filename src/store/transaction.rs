//! A step of the program in the store: it is there as a whole, or it did not happen (rules of delivery, 9).

use std::ops::{Deref, DerefMut};

use super::database::OpenTransaction;
use super::lock::check_epoch;
use super::{Doing, Result, Store};

/// A transaction that may write the rows of one organisation. Dropped before its [`commit`](Self::commit), it leaves no
/// trace.
#[derive(Debug)]
pub(crate) struct Tx {
    transaction: OpenTransaction,
    organisation: Box<str>,
}

impl Tx {
    /// The id of the organisation: statements take it from here, so that none names another.
    pub(super) fn organisation(&self) -> &str {
        &self.organisation
    }

    /// Keeps what was written; `doing` says what that is where it fails, as a fragment that follows "while".
    ///
    /// # Errors
    /// When the database fails: whether anything was kept is not known then.
    pub(crate) async fn commit(self, doing: &'static str) -> Result<()> {
        self.transaction.commit().await.doing(doing)
    }
}

impl Deref for Tx {
    type Target = OpenTransaction;

    fn deref(&self) -> &OpenTransaction {
        &self.transaction
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut OpenTransaction {
        &mut self.transaction
    }
}

impl Store {
    /// Begins a transaction on the rows of an organisation.
    ///
    /// # Errors
    /// When the database is unreachable, or another program writes for too long; [`StoreError::TakenOver`](super::StoreError::TakenOver) where this process
    /// works as a service and another one does so by now.
    pub(crate) async fn begin(&self, organisation: &str) -> Result<Tx> {
        let epoch = self.epoch(organisation).await?;
        let mut transaction = self.database.begin(organisation).await.doing("beginning a transaction")?;
        if let Some(epoch) = epoch {
            check_epoch(&mut transaction, organisation, epoch).await?;
        }
        Ok(Tx { transaction, organisation: organisation.into() })
    }

    /// Begins a transaction that only reads.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub(crate) async fn begin_to_read(&self, organisation: &str) -> Result<Tx> {
        let transaction = self.database.begin_to_read().await.doing("beginning to read")?;
        Ok(Tx { transaction, organisation: organisation.into() })
    }
}
