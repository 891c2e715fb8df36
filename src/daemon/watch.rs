//! Whether a file that the daemon lives by has changed since it was last read.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::config::Settings;

/// What a look at a file shows without reading it; `None` for a file that is not there.
type Trace = Option<(SystemTime, u64)>;

/// The files of a configuration as they were.
#[derive(Debug)]
pub(super) struct Watch {
    files: Vec<(PathBuf, Trace)>,
}

impl Watch {
    /// Remembers the files that `settings` were read from.
    pub(super) fn new(settings: &Settings) -> Self {
        let named = [Some(&settings.file), Some(&settings.plan), settings.holidays.as_ref()];
        let templates = settings.templates.iter().flat_map(|folder| files_below(folder));
        let files = named.into_iter().flatten().cloned().chain(templates);
        Self { files: files.map(|file| (file.clone(), trace(&file))).collect() }
    }

    /// Whether any of them differs now; asked again, only what changed since then counts.
    pub(super) fn has_changed(&mut self) -> bool {
        let mut changed = false;
        for (file, before) in &mut self.files {
            let now = trace(file);
            changed |= now != *before;
            *before = now;
        }
        changed
    }
}

fn trace(file: &Path) -> Trace {
    let metadata = std::fs::metadata(file).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

/// The files of a folder of templates and of the folders in it.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files = vec![folder.to_owned()];
    for path in entries.map(|entry| entry.path()) {
        if path.is_dir() {
            files.extend(std::fs::read_dir(&path).into_iter().flatten().flatten().map(|entry| entry.path()));
        }
        files.push(path);
    }
    files
}
