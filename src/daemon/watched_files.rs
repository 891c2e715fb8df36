//! Whether a file that the service has read has changed since.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::config::Settings;
use crate::files::{FileStamp, ReadFiles, stamp};

/// The files that settings were read from, as they were before that.
#[derive(Debug)]
pub(super) struct WatchedFiles(Vec<(PathBuf, FileStamp)>);

impl WatchedFiles {
    /// The files of `settings`, as they were before they were read: what was written while they were counts as a change.
    pub(super) fn new(settings: &Settings, read: &ReadFiles) -> Self {
        let mut watched = Self(Vec::new());
        watched.watch(settings, read);
        watched
    }

    /// Watches the files of `settings` from now on. One that was not read this time, because of a mistake in another, is as it
    /// was when last looked at.
    pub(super) fn watch(&mut self, settings: &Settings, read: &ReadFiles) {
        let before: HashMap<PathBuf, FileStamp> = self.0.drain(..).collect();
        let known = |file: &Path| read.stamp_of(file).or_else(|| before.get(file).copied());
        let named = [Some(&settings.file), Some(&settings.plan), settings.holidays.as_ref()];
        let templates = settings.templates.iter().flat_map(|folder| files_below(folder));
        let files = named.into_iter().flatten().chain(&settings.people_lists).cloned().chain(templates);
        self.0 = files.map(|file| (file.clone(), known(&file).unwrap_or_else(|| stamp(&file)))).collect();
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
    use crate::app::load_school::load_school;
    use crate::files::Files;

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

    /// A school in a folder of its own, with templates, and its settings; what was read of it.
    fn school() -> (tempfile::TempDir, std::sync::Arc<Settings>, ReadFiles) {
        let folder = tempfile::tempdir().unwrap();
        for name in ["nhacviec.toml", "ke-hoach-2023-2024.toml", "holidays-vn.toml"] {
            std::fs::copy(Path::new("config").join(name), folder.path().join(name)).unwrap();
        }
        let config = folder.path().join("nhacviec.toml");
        let written = std::fs::read_to_string(&config).unwrap();
        std::fs::write(&config, format!("templates = \"words\"\n{written}")).unwrap();
        std::fs::create_dir_all(folder.path().join("words/vi")).unwrap();
        let (settings, read) = load(&config);
        (folder, settings, read)
    }

    fn load(config: &Path) -> (std::sync::Arc<Settings>, ReadFiles) {
        let read = ReadFiles::default();
        let loaded = load_school(&Files::noted_in(&read), config);
        (loaded.unwrap().school.settings, read)
    }

    fn append(file: &Path) {
        std::fs::write(file, std::fs::read_to_string(file).unwrap_or_default() + "\n").unwrap();
    }

    #[test]
    fn a_list_of_people_is_watched() {
        let (folder, ..) = school();
        let (config, list) = (folder.path().join("nhacviec.toml"), folder.path().join("danh-sach.csv"));
        std::fs::write(&list, "Họ và tên,Chức vụ,Email\nMai Văn Phúc,Bảo vệ,phuc@school.example\n").unwrap();
        let written = std::fs::read_to_string(&config).unwrap();
        std::fs::write(&config, format!("people = \"danh-sach.csv\"\n{written}")).unwrap();
        let (settings, read) = load(&config);
        let mut files = WatchedFiles::new(&settings, &read);
        assert!(!files.have_changed());
        append(&list);
        assert!(files.have_changed());
    }

    #[test]
    fn what_is_saved_after_it_was_read_and_before_it_is_watched_has_changed() {
        let (_folder, settings, read) = school();
        assert!(!WatchedFiles::new(&settings, &read).have_changed());
        for name in ["nhacviec.toml", "ke-hoach-2023-2024.toml", "holidays-vn.toml", "words/vi/reminder.subject.txt"] {
            let (folder, settings, read) = school();
            append(&folder.path().join(name));
            let mut files = WatchedFiles::new(&settings, &read);
            assert!(files.have_changed(), "{name}");
            assert!(!files.have_changed(), "{name}");
        }
    }

    #[test]
    fn what_is_saved_while_it_is_read_again_has_changed() {
        let (folder, settings, read) = school();
        let plan = folder.path().join("ke-hoach-2023-2024.toml");
        let mut files = WatchedFiles::new(&settings, &read);
        append(&plan);
        assert!(files.have_changed());
        let (settings, read) = load(&settings.file);
        append(&plan);
        files.watch(&settings, &read);
        assert!(files.have_changed(), "it was saved after it was read");

        // A mistake in the configuration keeps the plan from being read: it is as it was when last looked at.
        let read = ReadFiles::default();
        append(&plan);
        files.watch(&settings, &read);
        assert!(files.have_changed());
        files.watch(&settings, &read);
        assert!(!files.have_changed());
    }
}
