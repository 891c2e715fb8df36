//! `check`: every mistake and doubt of the configuration and all it names, in one run.

use std::io::Write;
use std::path::Path;

use crate::app::load_school::load;
use crate::diagnostic::{self, Diagnostics, Severity};

use super::{CommandError, Format, Verdict, lost_store};

pub(super) fn run(config: &Path, format: Format) -> Result<Verdict, CommandError> {
    let mut diagnostics = Diagnostics::default();
    let loaded = load(config, &mut diagnostics);
    if let Some(loaded) = &loaded {
        lost_store::warn(&loaded.school.settings, &mut diagnostics);
    }
    let found = diagnostics.into_sorted();
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
            let school = loaded.as_ref().filter(|_| errors == 0).map(|loaded| &loaded.school);
            let read = school.map(|school| {
                let (tasks, people) = (school.plan.tasks.len(), school.settings.people.len());
                format!(" in {tasks} tasks and {people} people")
            });
            writeln!(out, "{summary}{}", read.unwrap_or_default())?;
        }
    }
    Ok(if errors == 0 && loaded.is_some() { Verdict::Fine } else { Verdict::Problems })
}

fn count(number: usize, what: &str) -> Option<String> {
    match number {
        0 => None,
        1 => Some(format!("1 {what}")),
        _ => Some(format!("{number} {what}s")),
    }
}
