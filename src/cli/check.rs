//! `check`: every mistake and doubt of the configuration and all it names, in one run.

use std::io::Write;
use std::path::Path;

use crate::app::load_school::{Loaded, load_school};
use crate::diagnostic::{self, Severity};
use crate::files::Files;

use super::{CommandError, Findings, Format, lost_store};

pub(super) fn run(config: &Path, format: Format) -> Result<Findings, CommandError> {
    let (school, found) = match load_school(&Files::Disk, config) {
        Ok(Loaded { school, mut doubts, .. }) => {
            lost_store::warn(&school.settings, &mut doubts);
            (Some(school), doubts.into_sorted())
        }
        Err(found) => (None, found.into_sorted()),
    };
    let errors = found.iter().filter(|found| found.severity == Severity::Error).count();
    let warnings = found.len() - errors;
    let mut out = anstream::stdout().lock();
    match format {
        Format::Json => {
            for found in &found {
                writeln!(out, "{}", diagnostic::json_line(found))?;
            }
        }
        Format::Text => {
            write!(out, "{}", diagnostic::text(&found))?;
            let counted = [count(errors, "error"), count(warnings, "warning")];
            let counted: Vec<String> = counted.into_iter().flatten().collect();
            let summary = if counted.is_empty() { "nothing to mend".to_owned() } else { counted.join(", ") };
            let read = school.as_ref().map(|school| {
                let (tasks, people) = (school.plan.tasks.len(), school.settings.people.len());
                format!(" in {tasks} tasks and {people} people")
            });
            writeln!(out, "{summary}{}", read.unwrap_or_default())?;
        }
    }
    Ok(if school.is_some() { Findings::Fine } else { Findings::Problems })
}

fn count(number: usize, what: &str) -> Option<String> {
    match number {
        0 => None,
        1 => Some(format!("1 {what}")),
        _ => Some(format!("{number} {what}s")),
    }
}
