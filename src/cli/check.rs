//! `check`: every mistake and doubt of the configuration and all it names, in one run; and what the times are read as that
//! are not plain dates.

use std::collections::HashMap;
use std::io::{self, Write};
use std::path::Path;

use crate::app::load_school::load_school;
use crate::diagnostic::{self, Severity};
use crate::files::Files;
use crate::plan::{Period, Plan, Recurrence, Task};
use crate::text;

use super::{CommandError, Findings, Format, lost_store, try_connections};

/// How many times are printed at most.
const MAX_TIMES: usize = 100;
/// How many tasks are named at most that have a time.
const MAX_TASKS: usize = 12;

#[derive(Debug, clap::Args)]
pub(super) struct CheckArgs {
    /// Try mail server, mailbox, chat and pages too, without sending anything
    #[arg(long)]
    online: bool,
}

pub(super) fn run(config: &Path, args: &CheckArgs, format: Format) -> Result<Findings, CommandError> {
    let (loaded, found) = match load_school(&Files::Disk, config) {
        Ok(mut loaded) => {
            let mut doubts = std::mem::take(&mut loaded.doubts);
            lost_store::warn(&loaded.school.settings, &mut doubts);
            (Some(loaded), doubts.into_sorted())
        }
        Err(found) => (None, found.into_sorted()),
    };
    let school = loaded.as_ref().map(|loaded| &loaded.school);
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
            if let Some(school) = school {
                print_times(&mut out, &school.plan)?;
            }
            let counted = [count(errors, "error"), count(warnings, "warning")];
            let counted: Vec<String> = counted.into_iter().flatten().collect();
            let summary = if counted.is_empty() { "nothing to mend".to_owned() } else { counted.join(", ") };
            let read = school.map(|school| {
                let (tasks, people) = (school.plan.tasks.len(), school.settings.people.len());
                format!(" in {tasks} tasks and {people} people")
            });
            writeln!(out, "{summary}{}", read.unwrap_or_default())?;
        }
    }
    let Some(loaded) = &loaded else { return Ok(Findings::Problems) };
    if args.online { try_connections::run(&mut out, loaded, format) } else { Ok(Findings::Fine) }
}

/// A time that is not a plain date, what it is read as, and the tasks that have it.
struct ReadTime<'p> {
    written: &'p str,
    period: Period,
    recurrence: Option<Recurrence>,
    tasks: Vec<&'p str>,
}

/// Says what each time is read as that names more than days, months and years: what recurs, terms, weeks, "thường xuyên".
fn print_times(out: &mut impl Write, plan: &Plan) -> io::Result<()> {
    let times = unusual_times(plan);
    if times.is_empty() {
        return Ok(());
    }
    writeln!(out, "times that are no plain dates")?;
    for ReadTime { written, period, recurrence, tasks } in times.iter().take(MAX_TIMES) {
        let often = recurrence.map(|recurrence| format!(", each {recurrence}")).unwrap_or_default();
        let more = if tasks.len() > MAX_TASKS { ", …" } else { "" };
        let tasks = &tasks[..tasks.len().min(MAX_TASKS)];
        let written = written.split_whitespace().collect::<Vec<_>>().join(" ");
        writeln!(out, "  \"{written}\" is read as {period}{often} ({}{more})", tasks.join(", "))?;
    }
    if times.len() > MAX_TIMES {
        writeln!(out, "  and {} more", times.len() - MAX_TIMES)?;
    }
    writeln!(out)
}

/// The times that are not plain dates, in the order of the plan; those that are open are doubts, and told as such.
fn unusual_times(plan: &Plan) -> Vec<ReadTime<'_>> {
    let mut times: Vec<ReadTime<'_>> = Vec::new();
    let mut places: HashMap<(&str, Period, Option<Recurrence>), usize> = HashMap::new();
    for task in plan.tasks.iter().filter(|task| is_unusual(task)) {
        let Some(period) = task.period() else { continue };
        let (written, recurrence) = (task.time.as_deref().unwrap_or("recurring"), task.recurrence);
        let place = *places.entry((written, period, recurrence)).or_insert_with(|| {
            times.push(ReadTime { written, period, recurrence, tasks: Vec::new() });
            times.len() - 1
        });
        times[place].tasks.push(&task.name);
    }
    times
}

/// Whether a task's time says more than days, months and years in figures.
fn is_unusual(task: &Task) -> bool {
    let Some(written) = &task.time else { return task.recurrence.is_some() };
    let folded = text::fold(written);
    let mut words = folded.split([' ', '\n', '/', '-', '–', '.']).filter(|word| !word.is_empty());
    let is_plain = |word: &str| {
        let figures = word.strip_prefix('t').unwrap_or(word);
        matches!(word, "ngay" | "thang" | "nam")
            || (!figures.is_empty() && figures.bytes().all(|byte| byte.is_ascii_digit()))
    };
    task.recurrence.is_some() || !words.all(is_plain)
}

fn count(number: usize, what: &str) -> Option<String> {
    match number {
        0 => None,
        1 => Some(format!("1 {what}")),
        _ => Some(format!("{number} {what}s")),
    }
}
