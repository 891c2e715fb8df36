//! `check`: every mistake and doubt of the configuration and all it names, in one run; and what the times are read as that
//! are not plain dates.

use std::collections::HashMap;
use std::io::{self, Write};
use std::path::Path;

use crate::app::load_school::load_school;
use crate::diagnostic::{self, Severity};
use crate::files::Files;
use crate::language::{Language, Said};
use crate::plan::{Period, Plan, Recurrence, Task};
use crate::text;

use super::{CommandError, Console, Findings, Format, lost_store, try_connections};

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

/// What `check` says beside the mistakes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum CheckText<'t> {
    /// The heading of the times that are no plain dates.
    UnusualTimes,
    /// One of them.
    ReadTime(&'t ReadTime<'t>),
    /// So many more of them.
    MoreTimes(usize),
    /// How many mistakes and doubts there are.
    Summary {
        errors: usize,
        warnings: usize,
        /// How many tasks and people were read, where all could be.
        read: Option<(usize, usize)>,
    },
}

pub(super) fn run(config: &Path, args: &CheckArgs, console: Console) -> Result<Findings, CommandError> {
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
    match console.format {
        Format::Json => {
            for found in &found {
                writeln!(out, "{}", diagnostic::json_line(found))?;
            }
        }
        Format::Text => {
            write!(out, "{}", diagnostic::text(&found, console.language))?;
            if let Some(school) = school {
                print_times(&mut out, &school.plan, console.language)?;
            }
            let read = school.map(|school| (school.plan.tasks.len(), school.settings.people.len()));
            writeln!(out, "{}", CheckText::Summary { errors, warnings, read }.said_in(console.language))?;
        }
    }
    let Some(loaded) = &loaded else { return Ok(Findings::Problems) };
    if args.online { try_connections::run(&mut out, loaded, console) } else { Ok(Findings::Fine) }
}

/// A time that is not a plain date, what it is read as, and the tasks that have it.
#[derive(Debug)]
pub(crate) struct ReadTime<'p> {
    /// As it is written; `None` where a task says only that it recurs.
    written: Option<&'p str>,
    pub(crate) period: Period,
    pub(crate) recurrence: Option<Recurrence>,
    tasks: Vec<&'p str>,
}

impl ReadTime<'_> {
    /// As it is written, in one line.
    pub(crate) fn written(&self) -> Option<String> {
        self.written.map(|written| written.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// The tasks that have it, as far as there is room for them.
    pub(crate) fn tasks(&self) -> String {
        let more = if self.tasks.len() > MAX_TASKS { ", …" } else { "" };
        self.tasks[..self.tasks.len().min(MAX_TASKS)].join(", ") + more
    }
}

/// Says what each time is read as that names more than days, months and years: what recurs, terms, weeks, "thường xuyên".
fn print_times(out: &mut impl Write, plan: &Plan, language: Language) -> io::Result<()> {
    let times = unusual_times(plan);
    if times.is_empty() {
        return Ok(());
    }
    writeln!(out, "{}", CheckText::UnusualTimes.said_in(language))?;
    for time in times.iter().take(MAX_TIMES) {
        writeln!(out, "  {}", CheckText::ReadTime(time).said_in(language))?;
    }
    if times.len() > MAX_TIMES {
        writeln!(out, "  {}", CheckText::MoreTimes(times.len() - MAX_TIMES).said_in(language))?;
    }
    writeln!(out)
}

/// The times that are not plain dates, in the order of the plan; those that are open are doubts, and told as such.
fn unusual_times(plan: &Plan) -> Vec<ReadTime<'_>> {
    let mut times: Vec<ReadTime<'_>> = Vec::new();
    let mut places: HashMap<(Option<&str>, Period, Option<Recurrence>), usize> = HashMap::new();
    for task in plan.tasks.iter().filter(|task| is_unusual(task)) {
        let Some(period) = task.period() else { continue };
        let (written, recurrence) = (task.time.as_deref(), task.recurrence);
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
