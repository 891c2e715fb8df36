//! Evidence in a folder of this machine: a file for each content, in folders by the first two digits of its hash.

use std::io::{self, Write};
use std::path::PathBuf;

use async_trait::async_trait;

use crate::private_files;

use super::{Keeper, KeptFile};

/// A folder that keeps files by hash.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
}

impl Folder {
    /// The folder at `path`, which is made when the first file is kept.
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path }
    }

    fn file(&self, hash: &str) -> PathBuf {
        self.path.join(hash.get(..2).unwrap_or_default()).join(hash)
    }
}

#[async_trait]
impl Keeper for Folder {
    fn keep(&self, hash: &str, bytes: &[u8]) -> io::Result<()> {
        let path = self.file(hash);
        if path.is_file() {
            return Ok(());
        }
        let folder = path.parent().unwrap_or(&self.path);
        private_files::create_folder(folder)?;
        private_files::take_from_others(&self.path)?;
        // Under a temporary name until it is whole: a file with a hash for a name must hold that content.
        let mut file = private_files::temporary_in(folder)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(&path).map_err(|error| error.error)?;
        private_files::sync_folder(folder)
    }

    async fn get(&self, hash: &str) -> io::Result<KeptFile> {
        let file = tokio::fs::File::open(self.file(hash)).await?;
        let size = file.metadata().await?.len();
        Ok(KeptFile { size, content: Box::pin(file) })
    }

    fn has(&self, hash: &str) -> bool {
        self.file(hash).is_file()
    }

    fn is_empty(&self) -> bool {
        std::fs::read_dir(&self.path).map_or(true, |mut files| files.next().is_none())
    }
}
