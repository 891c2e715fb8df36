//! `[evidence]`: where files of evidence are kept.

use std::path::{Path, PathBuf};

use crate::toml_file::TomlTable;

/// The folder beside the store, where `directory` is left out.
const DEFAULT_DIRECTORY: &str = "evidence";

/// Where files of evidence are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceSettings {
    /// The folder, which the program makes; by default `evidence` in the state directory.
    pub directory: PathBuf,
}

/// Reads the table, where there is one.
pub(super) fn read(table: Option<TomlTable<'_>>, base: &Path, state: &Path) -> EvidenceSettings {
    let directory = table.and_then(|table| {
        let directory = table.get("directory").and_then(|value| value.text().map(|text| base.join(text)));
        table.close();
        directory
    });
    EvidenceSettings { directory: directory.unwrap_or_else(|| state.join(DEFAULT_DIRECTORY)) }
}
