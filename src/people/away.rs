//! `away` of `[[person]]`: days on which somebody else is told.

use std::ops::Range;

use jiff::civil::Date;

use crate::toml_file::{TomlDocument, TomlTable};

use super::mistake::PeopleMistake;
use super::names::NameResolver;
use super::{Away, RecipientId};

/// Days away as they are written.
pub(super) struct AwayTable {
    from: Option<Date>,
    to: Option<Date>,
    /// The deputy's name, and where it stands.
    deputy: Option<(String, Range<usize>)>,
}

impl AwayTable {
    /// Reads a table; mistakes are noted.
    pub(super) fn new(table: TomlTable<'_>) -> Self {
        let date = |key| table.require(key).and_then(|value| Some((value.date()?, value)));
        let (from, to) = (date("from"), date("to"));
        if let (Some((from, _)), Some((to, value))) = (&from, &to)
            && to < from
        {
            value.error(PeopleMistake::AwayEndsBeforeStart { from: *from, to: *to });
        }
        let deputy = table.require("deputy").and_then(|value| Some((value.name()?, value.span())));
        table.close();
        Self { from: from.map(|(date, _)| date), to: to.map(|(date, _)| date), deputy }
    }

    /// The days away of a recipient, once every name is known; `None` where they cannot be read.
    pub(super) fn read(self, id: RecipientId, names: &NameResolver, document: &TomlDocument) -> Option<Away> {
        let deputies = self.deputy.as_ref().map(|(name, span)| names.resolve_at(name, span, document));
        if let Some((_, span)) = self.deputy.filter(|_| deputies.as_deref() == Some(&[id])) {
            document.error(span, PeopleMistake::OwnDeputy);
        }
        let deputies = deputies.into_iter().flatten().filter(|deputy| *deputy != id).collect();
        Some(Away { from: self.from?, to: self.to?, deputies })
    }
}
