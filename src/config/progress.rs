//! `[progress]`: how reports of several leads come together.

use crate::plan::Closes;
use crate::toml_file::TomlTable;

/// How reports of several leads come together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProgressSettings {
    /// When a task is done that says nothing of its own.
    pub closes: Closes,
}

pub(super) fn read(table: TomlTable<'_>) -> ProgressSettings {
    let closes = table.get("closes").as_ref().and_then(Closes::read).unwrap_or_default();
    table.close();
    ProgressSettings { closes }
}
