//! `[evidence]`: where files of evidence are kept, and how much of it.

use std::path::{Path, PathBuf};

use crate::toml_file::{TomlTable, values};

/// The folder beside the store, where `directory` is left out.
const DEFAULT_DIRECTORY: &str = "evidence";
/// The most that is kept where `max_total` is left out, in bytes: 20 GB, some thousand scans and films of a school.
pub(crate) const DEFAULT_MAX_TOTAL: u64 = 20 << 30;

/// Where files of evidence are kept, and how much.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceSettings {
    /// The folder, which the program makes; by default `evidence` in the state directory.
    pub directory: PathBuf,
    /// The most that is kept in all, in bytes.
    pub max_total: u64,
}

/// Reads the table, where there is one.
pub(super) fn read(table: Option<TomlTable<'_>>, base: &Path, state: &Path) -> EvidenceSettings {
    let (mut directory, mut max_total) = (None, None);
    if let Some(table) = table {
        directory = table.get("directory").and_then(|value| value.text().map(|text| base.join(text)));
        max_total = table.get("max_total").and_then(|value| values::size(&value));
        table.close();
    }
    EvidenceSettings {
        directory: directory.unwrap_or_else(|| state.join(DEFAULT_DIRECTORY)),
        max_total: max_total.unwrap_or(DEFAULT_MAX_TOTAL),
    }
}
