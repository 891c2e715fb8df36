//! `diff`: what a changed plan does to the messages to come, told before it takes effect: cancelled, added, moved, and for
//! whom.

use std::collections::{HashMap, HashSet};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;

use crate::app::load_school::import_plan;
use crate::app::plan_in_force;
use crate::clock::Clock;
use crate::files::Files;
use crate::people::{Directory, RecipientId};
use crate::plan::{Plan, TaskId};
use crate::progress::Progress;
use crate::schedule::{Agenda, NoticeKind};
use crate::school::School;
use crate::store::{Store, plans};

use super::notice::ShownKind;
use super::table::{Align, TextTable};
use super::{CommandError, Findings, Format, block_on, load};

/// How far ahead messages are compared: no plan reaches further.
const HORIZON_DAYS: i32 = 800;

#[derive(Debug, clap::Args)]
pub(super) struct DiffArgs {
    /// The plan as it was [default: as the service has last seen it]
    #[arg(value_name = "OLD-PLAN")]
    old: Option<PathBuf>,
}

/// A notice to come, whatever its date and number in the plan.
type ComingNotice = (TaskId, NoticeKind, RecipientId);

/// What a change does to a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Difference {
    Moved,
    Cancelled,
    Added,
}

impl Difference {
    fn as_str(self) -> &'static str {
        match self {
            Self::Moved => "moved",
            Self::Cancelled => "cancelled",
            Self::Added => "added",
        }
    }
}

/// A difference, as a line of the JSON output.
#[derive(Serialize)]
struct DifferenceLine<'a> {
    r#type: Difference,
    task: &'a str,
    #[serde(flatten)]
    kind: ShownKind,
    to: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    on: Option<Date>,
}

pub(super) fn run(config: &Path, args: &DiffArgs, format: Format) -> Result<Findings, CommandError> {
    let new = load(config)?.school;
    let scope = new.scope();
    let (new, seen, progress) = block_on(async {
        let store = Store::open_to_read(&new.settings.store).await?;
        let new = plan_in_force::in_force(&store, new).await?;
        let read = (new, store.newest_plan(&scope).await?, store.progress(&scope).await?);
        store.close().await;
        Ok(read)
    })?;
    let old = match (&args.old, seen) {
        (Some(path), _) => {
            let mut old = old_plan(config, path)?;
            // Nobody has seen it, so it is compared with the plan in force, which has the identities.
            old.identify(&new.plan.known(), 0);
            old
        }
        (None, Some(seen)) => plans::plan_of(&seen, &new),
        (None, None) => return Err(CommandError::NothingSeen),
    };
    let old_names: Vec<_> = old.tasks.iter().map(|task| (task.id.clone(), task.name.clone())).collect();
    let old = School { plan: old, ..new.clone() };
    let today = new.settings.date_of(Clock::System.now());
    let before = to_come(old, &progress, today);
    let after = to_come(new.clone(), &progress, today);
    let tasks = old_names.into_iter().chain(new.plan.tasks.iter().map(|task| (task.id.clone(), task.name.clone())));
    let names: HashMap<TaskId, String> = tasks.collect();
    let lines = differences(&before, &after, &names, &new.settings.people);
    let mut out = io::BufWriter::new(anstream::stdout());
    match format {
        Format::Json => {
            for line in &lines {
                writeln!(out, "{}", serde_json::to_string(line).map_err(io::Error::from)?)?;
            }
        }
        Format::Text => print(&mut out, &lines)?,
    }
    out.flush()?;
    Ok(Findings::Fine)
}

/// What becomes of each notice whose date is not the same before and after, by date.
fn differences<'a>(
    before: &'a HashMap<ComingNotice, Date>,
    after: &'a HashMap<ComingNotice, Date>,
    names: &'a HashMap<TaskId, String>,
    people: &'a Directory,
) -> Vec<DifferenceLine<'a>> {
    let mut lines = Vec::new();
    let keys: HashSet<&ComingNotice> = before.keys().chain(after.keys()).collect();
    for key in keys {
        let (from, on) = (before.get(key).copied(), after.get(key).copied());
        let change = match (from, on) {
            (Some(from), Some(on)) if from == on => continue,
            (Some(_), Some(_)) => Difference::Moved,
            (Some(_), None) => Difference::Cancelled,
            (None, _) => Difference::Added,
        };
        let (task, kind, recipient) = key;
        lines.push(DifferenceLine {
            r#type: change,
            task: names.get(task).map_or(task.as_str(), String::as_str),
            kind: (*kind).into(),
            to: &people.get(*recipient).name,
            from,
            on,
        });
    }
    lines.sort_by(|one, other| {
        let order = |line: &DifferenceLine<'_>| (line.on.or(line.from), line.kind.kind, line.kind.days);
        order(one).cmp(&order(other)).then_with(|| (one.to, one.task).cmp(&(other.to, other.task)))
    });
    lines
}

/// The plan of a file, as the configuration reads it. What the configuration settles of tasks that it does not have yet
/// or has no longer is no mistake here.
fn old_plan(config: &Path, path: &Path) -> Result<Plan, CommandError> {
    match import_plan(&Files::Disk, config, path) {
        Ok(imported) => Ok(imported.plan),
        Err(found) => {
            anstream::eprint!("{}", crate::diagnostic::text(&found.into_sorted()));
            Err(CommandError::Mistakes)
        }
    }
}

/// Everything that is to be told from today on, and when.
fn to_come(school: School, progress: &Progress, today: Date) -> HashMap<ComingNotice, Date> {
    let agenda = Agenda::new(school);
    let tasks = &agenda.school().plan.tasks;
    let status = |task: usize| progress.status(&tasks[task].id);
    let notices = agenda.notices(today, today.saturating_add(HORIZON_DAYS.days()), status);
    let told = notices.iter().filter_map(|notice| {
        let task = &tasks[notice.task? as usize];
        Some(((task.id.clone(), notice.kind, notice.recipient), notice.on))
    });
    told.collect()
}

fn print(out: &mut impl Write, lines: &[DifferenceLine<'_>]) -> io::Result<()> {
    if lines.is_empty() {
        return writeln!(out, "the change does nothing to the messages to come");
    }
    let left = |heading: &str| (heading.to_owned(), Align::Left);
    let mut table =
        TextTable::new([left("what"), left("task"), left("notice"), left("to"), left("was on"), left("is on")]);
    let date = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
    for line in lines {
        table.row([
            line.r#type.as_str().to_owned(),
            line.task.to_owned(),
            line.kind.to_string(),
            line.to.to_owned(),
            date(line.from),
            date(line.on),
        ]);
    }
    write!(out, "{table}")?;
    let count = |kind: Difference| lines.iter().filter(|line| line.r#type == kind).count();
    writeln!(
        out,
        "\n{} moved, {} cancelled, {} added",
        count(Difference::Moved),
        count(Difference::Cancelled),
        count(Difference::Added)
    )
}
