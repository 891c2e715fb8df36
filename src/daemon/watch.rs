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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn watch(files: &[&Path]) -> Watch {
        Watch { files: files.iter().map(|file| (file.to_path_buf(), trace(file))).collect() }
    }

    #[test]
    fn a_file_that_is_written_made_or_taken_away_has_changed_once() {
        let folder = tempfile::tempdir().unwrap();
        let (plan, template) = (folder.path().join("plan.toml"), folder.path().join("vi/reminder.txt"));
        std::fs::write(&plan, "a").unwrap();
        let mut watch = watch(&[&plan, &template]);
        assert!(!watch.has_changed());
        std::fs::write(&plan, "ab").unwrap();
        assert!(watch.has_changed());
        assert!(!watch.has_changed());
        std::fs::create_dir(template.parent().unwrap()).unwrap();
        std::fs::write(&template, "x").unwrap();
        assert!(watch.has_changed());
        std::fs::remove_file(&plan).unwrap();
        assert!(watch.has_changed());
        assert!(!watch.has_changed());
    }

    #[test]
    fn a_folder_of_templates_is_watched_file_by_file() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("vi")).unwrap();
        std::fs::write(folder.path().join("vi/reminder.txt"), "x").unwrap();
        assert!(files_below(folder.path()).contains(&folder.path().join("vi/reminder.txt")));
    }
}
