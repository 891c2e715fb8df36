//! A step of the program in the store: it is there as a whole, or it did not happen (rules of delivery, 9).

use std::ops::{Deref, DerefMut};

use super::database::OpenTransaction;
use super::worker::tell_others;
use super::{Doing, Result, Store, StoreStep};

/// A transaction that may write the rows of one organisation. Dropped before its [`commit`](Self::commit), it leaves no
/// trace.
#[derive(Debug)]
pub(crate) struct Tx {
    transaction: OpenTransaction,
    organisation: Box<str>,
    /// Whether other processes are told that something is new: whoever works for the organisation is not this one.
    tells_others: bool,
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
    pub(crate) async fn commit(mut self, doing: StoreStep) -> Result<()> {
        if self.tells_others {
            tell_others(&mut self.transaction, &self.organisation).await.doing(doing)?;
        }
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
    /// works for the organisation by a lease and another one does so by now.
    pub(crate) async fn begin(&self, organisation: &str) -> Result<Tx> {
        let mut tx = self.begin_late(organisation).await?;
        if let Some(lease) = &self.lease {
            lease.check(&mut tx, organisation).await?;
        }
        Ok(tx)
    }

    /// Begins a transaction although another process may work for the organisation by now: for what is true whoever does,
    /// and for statements that see for themselves whether what they are about is still this process's.
    ///
    /// # Errors
    /// When the database is unreachable, or another program writes for too long.
    pub(super) async fn begin_late(&self, organisation: &str) -> Result<Tx> {
        let transaction = self.database.begin(organisation).await.doing(StoreStep::Begin)?;
        let tells_others = self.lease.is_none() && self.database.is_shared();
        Ok(Tx { transaction, organisation: organisation.into(), tells_others })
    }

    /// Begins a transaction that only reads.
    ///
    /// # Errors
    /// When the database is unreachable.
    pub(crate) async fn begin_to_read(&self, organisation: &str) -> Result<Tx> {
        let transaction = self.database.begin_to_read().await.doing(StoreStep::BeginToRead)?;
        Ok(Tx { transaction, organisation: organisation.into(), tells_others: false })
    }
}
