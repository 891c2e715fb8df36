//! Who works on a store that is a file as its service: one process at a time, by a lock that ends with the process. Over a
//! database several processes share the work (`worker`).

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use crate::config::StoreAddress;
use crate::private_files;

use super::{OpenError, Result, Store, StoreError};

/// The right of this process to work on a file as its service, until it is dropped or the process ends. For any other store
/// it says nothing.
#[derive(Debug)]
pub struct StoreLock {
    _locked: Option<File>,
}

impl StoreLock {
    /// Takes the right to work on a store.
    ///
    /// # Errors
    /// [`StoreError::AtWork`] where another process has it, and when the lock cannot be had.
    pub fn take(address: &StoreAddress) -> Result<Self> {
        let locked = address.file().map(lock_file).transpose()?;
        Ok(Self { _locked: locked })
    }
}

impl Store {
    /// The store of the process that has the right to work on it as its service.
    #[must_use]
    pub fn locked_by(self, lock: StoreLock) -> Self {
        Self { _lock: Some(Arc::new(lock)), ..self }
    }
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
