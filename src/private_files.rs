//! Files and folders that their owner alone may read, whatever the umask: what the program keeps and writes names people
//! and tells what they have done.

use std::fs::{self, DirBuilder, File, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use tempfile::{NamedTempFile, TempDir};

/// Read and written by the owner.
const FILE: u32 = 0o600;
/// Looked into and written to by the owner.
const FOLDER: u32 = 0o700;
/// What others may do with a file or folder.
const OTHERS: u32 = 0o077;

/// Makes a folder and the folders above it where they are missing. One that is there keeps its mode: somebody may share
/// it on purpose.
pub(crate) fn create_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(FOLDER).create(path)
}

/// Opens an empty file for writing; what was there is gone.
pub(crate) fn create(path: &Path) -> io::Result<File> {
    let file = File::options().write(true).create(true).truncate(true).mode(FILE).open(path)?;
    // A file that was there before has the mode of before.
    file.set_permissions(Permissions::from_mode(FILE))?;
    Ok(file)
}

/// Opens a file for reading and writing, with what it holds; makes it where it is missing.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    File::options().read(true).write(true).create(true).truncate(false).mode(FILE).open(path)
}

/// What the name of a file that is not whole yet begins and ends with: hidden, so that nobody takes it for a whole one.
const UNFINISHED: (&str, &str) = (".", ".part");

/// A file under another, hidden name until it is whole; gone when it is dropped before.
pub(crate) fn temporary_in(folder: &Path) -> io::Result<NamedTempFile> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    tempfile::Builder::new()
        .prefix(UNFINISHED.0)
        .suffix(UNFINISHED.1)
        .permissions(Permissions::from_mode(FILE))
        .tempfile_in(folder)
}

/// A folder under a hidden name; gone with what it holds when it is dropped.
pub(crate) fn temporary_folder_in(folder: &Path) -> io::Result<TempDir> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    tempfile::Builder::new()
        .prefix(UNFINISHED.0)
        .suffix(UNFINISHED.1)
        .permissions(Permissions::from_mode(FOLDER))
        .tempdir_in(folder)
}

/// Writes a file so that it is there whole or not at all, also after a power cut. Its folder is made where it is missing.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new(""));
    create_folder(folder)?;
    let mut file = temporary_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    sync_folder(folder)
}

/// Writes a file whole that whoever may read another one may read, and that has the owner of that: what belongs to the admin
/// stays the admin's, whoever runs the command. Its folder is made where it is missing, and may be looked into by all.
pub(crate) fn replace(path: &Path, bytes: &[u8], like: &Path) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new(""));
    fs::create_dir_all(folder)?;
    let mut file = temporary_in(folder)?;
    file.write_all(bytes)?;
    let metadata = fs::metadata(like)?;
    let own = file.as_file().metadata()?;
    if (own.uid(), own.gid()) != (metadata.uid(), metadata.gid()) {
        std::os::unix::fs::fchown(file.as_file(), Some(metadata.uid()), Some(metadata.gid()))?;
    }
    file.as_file().set_permissions(Permissions::from_mode(metadata.permissions().mode() & 0o7777))?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    sync_folder(folder)
}

/// Whether a file of this name is not whole yet.
pub(crate) fn is_unfinished(name: &str) -> bool {
    name.starts_with(UNFINISHED.0) && name.ends_with(UNFINISHED.1)
}

/// Removes from a folder what a process that was killed had not finished writing. Returns how many files; a folder that is
/// missing has none. Only while nobody else writes there.
pub(crate) fn remove_unfinished(folder: &Path) -> io::Result<usize> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        entries => entries?,
    };
    let mut removed = 0;
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        if name.to_str().is_some_and(is_unfinished) && entry.file_type()?.is_file() {
            fs::remove_file(entry.path())?;
            removed += 1;
        }
    }
    Ok(removed)
}

/// Waits until the disk has the names of a folder's files.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    File::open(folder)?.sync_all()
}

/// Takes from others what they may do with a file or folder of an earlier version, where it is there and they may.
pub(crate) fn take_from_others(path: &Path) -> io::Result<()> {
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let mode = metadata.permissions().mode();
    if mode & OTHERS == 0 {
        return Ok(());
    }
    fs::set_permissions(path, Permissions::from_mode(mode & !OTHERS & 0o7777))
}
