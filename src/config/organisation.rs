//! `[organisation]`: the school.

use super::Signing;
use crate::toml_file::Table;

/// The school, or another body that has a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    /// What the store calls it: `id`, or the name where that is not given. Stays when the name changes.
    pub id: String,
    /// Its name as it stands in messages.
    pub name: String,
    /// The body above it, as it stands in the letterhead.
    pub authority: Option<String>,
    /// The place that dates a report.
    pub place: Option<String>,
    /// What stands for it in the numbers of its documents: `TrTH`.
    pub symbol: Option<String>,
    /// How its reports end.
    pub signing: Signing,
}

pub(super) fn read(table: Table<'_>) -> Option<Organisation> {
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
