//! `[organisation]`: the school.

use super::Signing;
use crate::toml_file::TomlTable;

/// The school, or another body with a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    /// The name in the store: `id`, or `name` where that is left out. It stays when the name changes.
    pub id: String,
    /// The name in messages.
    pub name: String,
    /// The superior body, for the letterhead.
    pub authority: Option<String>,
    /// The place before the date of a report.
    pub place: Option<String>,
    /// The symbol in the numbers of its documents: `TrTH`.
    pub symbol: Option<String>,
    /// The end of its reports.
    pub signing: Signing,
}

pub(super) fn read(table: TomlTable<'_>) -> Option<Organisation> {
    let name = table.require("name").and_then(|value| value.name());
    let id = table.get("id").and_then(|value| value.name());
    let authority = table.get("authority").and_then(|value| value.name());
    let place = table.get("place").and_then(|value| value.name());
    let symbol = table.get("symbol").and_then(|value| value.name());
    let signing = Signing::read(&table);
    table.close();
    let name = name?;
    Some(Organisation { id: id.unwrap_or_else(|| name.clone()), name, authority, place, symbol, signing })
}
