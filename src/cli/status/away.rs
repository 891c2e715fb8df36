//! What can be told while the server of the store is away: the plan as it is written. How far its tasks are is not known.

use std::io::{self, Write};

use serde::Serialize;

use crate::cli::{Console, Format};
use crate::language::Said;
use crate::plan::Period;
use crate::school::School;
use crate::store::OpenError;
use crate::text_table::{Align, TextTable};
use crate::with_causes;

use super::json::PlannedTask;
use super::text::StatusText;

/// A line of the JSON output.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum AwayLine<'a> {
    /// The store, and why it cannot be read.
    Store { reachable: bool, reason: String },
    /// A task of which nothing but what the plan says is known.
    Planned(PlannedTask<'a>),
}

/// Says that the store is away, and prints what the plan says.
pub(super) fn print(out: &mut impl Write, school: &School, why: &OpenError, console: Console) -> io::Result<()> {
    let tasks = &school.plan.tasks;
    if console.format == Format::Json {
        let store = AwayLine::Store { reachable: false, reason: with_causes(why) };
        for line in std::iter::once(store).chain(tasks.iter().map(|task| AwayLine::Planned(PlannedTask::of(task)))) {
            serde_json::to_writer(&mut *out, &line)?;
            out.write_all(b"\n")?;
        }
        return Ok(());
    }
    let said = |text: StatusText<'_>| text.said_in(console.language);
    writeln!(out, "{} – {}", school.plan.title, school.settings.organisation.name)?;
    writeln!(out, "{}\n", said(StatusText::NotKnown(why)))?;
    let headings = [StatusText::Task, StatusText::DueInPlan, StatusText::Lead];
    let mut table = TextTable::new(headings.map(|heading| (said(heading), Align::Left)));
    for task in tasks {
        let due = StatusText::DueDate { due: task.period().map(|Period { due, .. }| due), written: None };
        table.row([task.name.clone(), said(due), task.lead.join(", ")]);
    }
    writeln!(out, "{table}")
}
