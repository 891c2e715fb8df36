//! Whether a file that the service has read has changed since.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::config::Settings;

/// When a file was last written, and its size in bytes; `None` for a file that is not there.
type FileStamp = Option<(SystemTime, u64)>;

/// The files that settings were read from, as they were then.
#[derive(Debug)]
pub(super) struct WatchedFiles(Vec<(PathBuf, FileStamp)>);

impl WatchedFiles {
    /// The files of `settings` as they are now.
    pub(super) fn new(settings: &Settings) -> Self {
        let named = [Some(&settings.file), Some(&settings.plan), settings.holidays.as_ref()];
        let templates = settings.templates.iter().flat_map(|folder| files_below(folder));
        let files = named.into_iter().flatten().cloned().chain(templates);
        Self(files.map(|file| (file.clone(), stamp(&file))).collect())
    }

    /// Watches the files of `settings` from now on; one that was watched already, as it was when last looked at: what was
    /// written while it was read counts as a change.
    pub(super) fn watch(&mut self, settings: &Settings) {
        let before: HashMap<PathBuf, FileStamp> = self.0.drain(..).collect();
        let now = Self::new(settings).0.into_iter();
        self.0 = now.map(|(file, now)| (file.clone(), before.get(&file).copied().unwrap_or(now))).collect();
    }

    /// Whether any of them differs now; asked again, only what changed since then counts.
    pub(super) fn have_changed(&mut self) -> bool {
        let mut changed = false;
        for (file, before) in &mut self.0 {
            let now = stamp(file);
            changed |= now != *before;
            *before = now;
        }
        changed
    }
}

fn stamp(file: &Path) -> FileStamp {
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

    fn watched(files: &[&Path]) -> WatchedFiles {
        WatchedFiles(files.iter().map(|file| (file.to_path_buf(), stamp(file))).collect())
    }

    #[test]
    fn a_file_that_is_written_made_or_taken_away_has_changed_once() {
        let folder = tempfile::tempdir().unwrap();
        let (plan, template) = (folder.path().join("plan.toml"), folder.path().join("vi/reminder.txt"));
        std::fs::write(&plan, "a").unwrap();
        let mut files = watched(&[&plan, &template]);
        assert!(!files.have_changed());
        std::fs::write(&plan, "ab").unwrap();
        assert!(files.have_changed());
        assert!(!files.have_changed());
        std::fs::create_dir(template.parent().unwrap()).unwrap();
        std::fs::write(&template, "x").unwrap();
        assert!(files.have_changed());
        std::fs::remove_file(&plan).unwrap();
        assert!(files.have_changed());
        assert!(!files.have_changed());
    }

    #[test]
    fn a_folder_of_templates_is_watched_file_by_file() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("vi")).unwrap();
        std::fs::write(folder.path().join("vi/reminder.txt"), "x").unwrap();
        assert!(files_below(folder.path()).contains(&folder.path().join("vi/reminder.txt")));
    }
}
