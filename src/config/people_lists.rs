//! `people`: the lists of its people that the school keeps as spreadsheets.

use std::path::{Path, PathBuf};

use crate::diagnostic::Diagnostics;
use crate::people::ListedPerson;
use crate::people_list;
use crate::toml_file::TomlValue;

/// The lists that the configuration names, and the people in them.
#[derive(Debug, Default)]
pub(super) struct PeopleLists {
    pub(super) paths: Vec<PathBuf>,
    pub(super) people: Vec<ListedPerson>,
    /// Whether one could not be read, which is told.
    pub(super) lacks_list: bool,
}

/// Reads `people`, the name of a file or a list of names. Somebody who is in two lists holds the roles of both.
pub(super) fn read(value: &TomlValue<'_>, base: &Path) -> PeopleLists {
    let names = if value.is_list() { value.list() } else { vec![*value] };
    let mut paths = Vec::new();
    let mut rows = Vec::new();
    let mut lacks_list = false;
    let mut found = Diagnostics::default();
    for name in names {
        let Some(path) = name.text().map(|name| base.join(name)) else { continue };
        match bytes(&name, &path).and_then(|bytes| people_list::rows(&path, &bytes, &mut found)) {
            Some(people) => rows.extend(people),
            None => lacks_list = true,
        }
        paths.push(path);
    }
    let people = people_list::people(rows, &mut found);
    value.document().append(found);
    PeopleLists { paths, people, lacks_list }
}

fn bytes(name: &TomlValue<'_>, path: &Path) -> Option<Vec<u8>> {
    let files = name.document().files();
    let read = files.read(path, people_list::MAX_SIZE);
    read.inspect_err(|error| {
        name.error(files.explain(path, people_list::MAX_SIZE, error));
    })
    .ok()
}
