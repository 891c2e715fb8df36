//! `[task."2.3"]`: what the admin settles of a task, so that the school's document stays the source.

use std::ops::Range;

use crate::plan::overrides::{self, Override};
use crate::plan::{Closes, PlanMistake};
use crate::text;

use crate::people::NameResolver;
use crate::toml_file::{TomlTable, TomlValue};

pub(super) fn read(root: &TomlTable<'_>, names: &NameResolver) -> Vec<Override> {
    let Some(tables) = root.get("task").and_then(|value| value.table("[task]")) else { return Vec::new() };
    let table = |(task, span, value): (&str, Range<usize>, TomlValue<'_>)| {
        let table = value.table(format!("[task.\"{task}\"]"))?;
        let people = |value: TomlValue<'_>| {
            let written = value.list().iter().filter_map(TomlValue::name).collect();
            (written, names.resolve_list(&value))
        };
        let due = table.get("due");
        let time = table.get("time");
        if let (Some(_), Some(time)) = (&due, &time) {
            time.error(PlanMistake::DoubledTime);
        }
        let start = table.get("start");
        if let (Some(start), None) = (&start, &due) {
            start.error(PlanMistake::StartWithoutDue);
        }
        let (first, last) = (start.as_ref().and_then(TomlValue::date), due.as_ref().and_then(TomlValue::date));
        if let (Some(start), Some(first), Some(last)) = (&start, first, last)
            && first > last
        {
            start.error(PlanMistake::StartsAfterDue { start: first, due: last });
        }
        let settled = Override {
            task: text::nfc(task),
            span,
            id: table.get("id").and_then(|value| value.name()),
            criterion: table.get("criterion").and_then(|value| value.name()),
            start: first,
            due: last,
            time: time.and_then(|value| Some((value.name()?, value.span()))),
            recurrence: table.get("recurring").as_ref().and_then(overrides::recurrence),
            closes: table.get("closes").as_ref().and_then(Closes::read),
            lead: table.get("lead").map(people),
            with: table.get("with").map(people),
        };
        table.close();
        Some(settled)
    };
    tables.entries().into_iter().filter_map(table).collect()
}
