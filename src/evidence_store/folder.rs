//! Evidence in a folder of this machine: a file for each content, in folders by the first two digits of its hash. Until a
//! report names it, its name ends in [`UNNAMED`]: no other file is ever removed.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use async_trait::async_trait;

use crate::private_files;

use super::{Keeper, KeptFile, UnnamedFile, is_hash};

/// What the name of a file ends in that no report names yet.
const UNNAMED: &str = ".new";

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

    fn unnamed_file(&self, hash: &str) -> PathBuf {
        self.file(hash).with_extension(&UNNAMED[1..])
    }

    /// All files of evidence, whole or not.
    fn files(&self) -> io::Result<Vec<EvidenceFile>> {
        let mut files = Vec::new();
        for folder in entries(&self.path)? {
            if !folder.file_type()?.is_dir() {
                continue;
            }
            for file in entries(&folder.path())? {
                let (path, name) = (file.path(), file.file_name().to_string_lossy().into_owned());
                let hash = name.strip_suffix(UNNAMED).unwrap_or(&name);
                let is_ours = is_hash(hash) && self.file(hash).parent() == Some(&folder.path());
                if is_ours || private_files::is_unfinished(&name) {
                    let is_named = is_ours && hash.len() == name.len();
                    let hash = is_ours.then(|| hash.to_owned());
                    files.push(EvidenceFile { hash, is_named, path, metadata: file.metadata()? });
                }
            }
        }
        Ok(files)
    }
}

/// A file in the folder.
struct EvidenceFile {
    /// The hash of its content; `None` where it is not whole.
    hash: Option<String>,
    /// Whether a report names it.
    is_named: bool,
    path: PathBuf,
    metadata: fs::Metadata,
}

/// What lies in a folder; nothing where there is none.
fn entries(folder: &Path) -> io::Result<Vec<fs::DirEntry>> {
    match fs::read_dir(folder) {
        Ok(entries) => entries.collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

#[async_trait]
impl Keeper for Folder {
    fn keep(&self, hash: &str, bytes: &[u8]) -> io::Result<()> {
        let (named, unnamed) = (self.file(hash), self.unnamed_file(hash));
        if named.is_file() {
            return Ok(());
        }
        if unnamed.is_file() {
            // It waits for its report from now on.
            return fs::File::options().write(true).open(&unnamed)?.set_modified(SystemTime::now());
        }
        let folder = named.parent().unwrap_or(&self.path);
        private_files::create_folder(folder)?;
        private_files::take_from_others(&self.path)?;
        // Under a temporary name until it is whole: a file with a hash for a name must hold that content.
        let mut file = private_files::temporary_in(folder)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(&unnamed).map_err(|error| error.error)?;
        private_files::sync_folder(folder)
    }

    fn set_named(&self, hash: &str) -> io::Result<()> {
        match fs::rename(self.unnamed_file(hash), self.file(hash)) {
            // It was named before.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            renamed => renamed,
        }
    }

    fn unnamed(&self) -> io::Result<Vec<UnnamedFile>> {
        let unnamed = self.files()?.into_iter().filter(|file| !file.is_named);
        let unnamed = unnamed.map(|EvidenceFile { hash, path, metadata, .. }| {
            Ok(UnnamedFile { hash, path, since: metadata.modified()?.try_into().map_err(io::Error::other)? })
        });
        unnamed.collect()
    }

    fn total(&self) -> io::Result<u64> {
        Ok(self.files()?.iter().map(|file| file.metadata.len()).sum())
    }

    async fn get(&self, hash: &str) -> io::Result<KeptFile> {
        let mut opened = Err(io::ErrorKind::NotFound.into());
        // A report may come to name it meanwhile.
        for path in [self.file(hash), self.unnamed_file(hash), self.file(hash)] {
            opened = tokio::fs::File::open(path).await;
            if !opened.as_ref().is_err_and(|error: &io::Error| error.kind() == io::ErrorKind::NotFound) {
                break;
            }
        }
        let file = opened?;
        let size = file.metadata().await?.len();
        Ok(KeptFile { size, content: Box::pin(file) })
    }

    fn has(&self, hash: &str) -> bool {
        self.file(hash).is_file() || self.unnamed_file(hash).is_file()
    }

    fn is_empty(&self) -> bool {
        fs::read_dir(&self.path).map_or(true, |mut files| files.next().is_none())
    }
}
