//! `[[escalation]]`: when superiors are told of overdue tasks.

use jiff::civil::Weekday;

use super::reminders::Reminders;
use super::{ConfigMistake, calendar};
use crate::people::{NameResolver, RecipientId};
use crate::toml_file::TomlTable;
use crate::toml_file::values;

/// A rule by which superiors are told of overdue tasks (rules of time, 6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Escalation {
    /// Days after the due date.
    pub after: u16,
    /// The superiors.
    pub to: Vec<RecipientId>,
    /// The weekday on which they hear of what is late; `None` where any day will do.
    pub day: Option<Weekday>,
}

pub(super) fn read(table: TomlTable<'_>, names: &NameResolver, reminders: &Reminders) -> Option<Escalation> {
    let after = table.require("after");
    let to = table.require("to").map(|value| names.resolve_list(&value)).unwrap_or_default();
    let day = table.get("day").and_then(|value| calendar::weekday(&value));
    let days = after.as_ref().and_then(values::days);
    if let (Some(value), Some(days)) = (&after, days)
        && days > reminders.overdue.span
    {
        let span = reminders.overdue.span;
        value.warning(ConfigMistake::EscalationTooLate { span });
    }
    table.close();
    Some(Escalation { after: days?, to, day })
}
