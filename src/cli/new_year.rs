//! `new-year`: the next school year. It first shows what is carried over, then asks; nothing is written before.

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::app::init::SchoolYearDates;
use crate::app::load_school::{Loaded, MAX_PLAN_SIZE};
use crate::app::new_year::{self, NewYear, NewYearError, YearEnd};
use crate::clock::Clock;
use crate::diagnostic;
use crate::language::{Language, Said};
use crate::private_files;
use crate::school::School;
use crate::store::Store;

use super::init::FileText;
use super::plan::in_force;
use super::{CommandError, Console, Findings, block_on, evidence, init, load, review};

/// How many tasks of a kind are named.
const MAX_NAMED: usize = 60;
/// How much of a task is shown, in letters.
const MAX_SHOWN: usize = 70;

#[derive(Debug, clap::Args)]
pub(super) struct NewYearArgs {
    /// The plan of the new school year (.docx, .xlsx, .csv, .toml)
    #[arg(value_name = "PLAN")]
    plan: PathBuf,
    /// Do it without asking
    #[arg(long)]
    yes: bool,
}

/// What is said.
#[derive(Clone, Copy, Debug)]
pub(crate) enum NewYearText<'t> {
    /// The configuration is of this year and has this plan.
    DoneBefore,
    /// From which school year to which.
    Head { old: &'t str, new: &'t str },
    /// The first day, the last days of the terms and of the year.
    Dates(&'t SchoolYearDates),
    /// The year that ends has not ended.
    NotOver { old: &'t str },
    /// So many tasks are over.
    Closed(usize),
    /// The heading of so many tasks that are carried over.
    Carried(usize),
    /// The heading of so many tasks that are not.
    Left(usize),
    /// Tables of the configuration that are left out.
    Unsettled(&'t [String]),
    /// Years of which days off are added.
    DaysOff(&'t [i16]),
    /// What the plan is called, as its number is another plan's.
    Number(&'t str),
    /// Where the old year is kept.
    Files { folder: &'t Path, config: &'t Path },
    /// Whether it is to be done.
    Question,
    /// What says yes to that, in lower case, between spaces.
    Yes,
    /// Nobody has agreed.
    NotDone,
    /// The year has no report.
    NoReview,
    /// It is done.
    Done { old: &'t str },
    /// The name of the year's report.
    ReportFile,
    /// The name of the folder of evidence.
    EvidenceFolder,
    /// What a report says that was carried over.
    Note { old: &'t str },
}

pub(super) fn run(config: &Path, args: &NewYearArgs, console: Console) -> Result<Findings, CommandError> {
    let old = load(config, console)?;
    let language = console.language;
    let told = |error| told(error, language);
    let plan = init::given(&args.plan, MAX_PLAN_SIZE)?;
    let mut out = anstream::stdout().lock();
    if new_year::is_done(config, &old, &plan) {
        writeln!(out, "{}", NewYearText::DoneBefore.said_in(language))?;
        return Ok(Findings::Fine);
    }
    let today = old.school.settings.date_of(Clock::System.now());
    let prepare = |number| new_year::prepare(config, &old, &plan, number, today).map_err(told);
    let mut year = prepare(None)?;
    let is_known = block_on(is_known(&old.school, &year))?;
    if let Some(number) = year.other_number(&old.school.scope(), is_known).map_err(told)? {
        year = prepare(Some(number))?;
        year.other_number(&old.school.scope(), false).map_err(told)?;
    }
    let (school, end) = block_on(look(old.school.clone(), &year, language))?;
    show(&mut out, language, &year, &end, school.settings.school_year.end() >= today)?;
    if !args.yes && !agreed(&mut out, language)? {
        writeln!(out, "{}", NewYearText::NotDone.said_in(language))?;
        return Ok(Findings::Problems);
    }
    carry_out(&mut out, language, (&old, &school), &year, &end)?;
    Ok(Findings::Fine)
}

/// Mistakes of what is going to be are printed like those of what is.
fn told(error: NewYearError, language: Language) -> CommandError {
    match error {
        NewYearError::Unreadable(found) => {
            anstream::eprint!("{}", diagnostic::text(&found.into_sorted(), language));
            CommandError::NewYear(Box::new(NewYearError::Unreadable(diagnostic::Diagnostics::default())))
        }
        error => CommandError::NewYear(Box::new(error)),
    }
}

/// Whether the store knows the number of the new plan as that of another plan.
async fn is_known(old: &School, year: &NewYear) -> Result<bool, CommandError> {
    let store = Store::open_to_read(&old.settings.store).await?;
    let seen = store.newest_plan_version(&year.next.school.scope()).await?;
    store.close().await;
    Ok(seen.is_some_and(|(_, hash)| hash != year.next.school.plan_hash))
}

/// The school as it is in force in the year that ends, and what becomes of its tasks.
async fn look(old: School, year: &NewYear, language: Language) -> Result<(Arc<School>, YearEnd), CommandError> {
    let store = Store::open_to_read(&old.settings.store).await?;
    let old = in_force(&store, old, language).await?;
    let progress = store.progress(&old).await?;
    store.close().await;
    let end = new_year::year_end(&old, &progress, &year.next.school);
    Ok((old, end))
}

fn show(
    out: &mut impl Write,
    language: Language,
    year: &NewYear,
    end: &YearEnd,
    is_going_on: bool,
) -> Result<(), CommandError> {
    let said = |text: NewYearText<'_>| text.said_in(language);
    let old = year.old_year.as_str();
    writeln!(out, "{}", said(NewYearText::Head { old, new: &year.new_year }))?;
    writeln!(out, "{}", said(NewYearText::Dates(&year.dates)))?;
    if is_going_on {
        writeln!(out, "{}", said(NewYearText::NotOver { old }))?;
    }
    writeln!(out, "\n{}", said(NewYearText::Closed(end.closed)))?;
    writeln!(out, "{}", said(NewYearText::Carried(end.carried.len())))?;
    for task in end.carried.iter().take(MAX_NAMED) {
        let name = if task.old == task.new { task.new.clone() } else { format!("{} → {}", task.old, task.new) };
        writeln!(out, "  {name}  {} %  {}", task.percent, short(&task.remedy))?;
    }
    more(out, end.carried.len())?;
    writeln!(out, "{}", said(NewYearText::Left(end.left.len())))?;
    for (name, remedy) in end.left.iter().take(MAX_NAMED) {
        writeln!(out, "  {name}  {}", short(remedy))?;
    }
    more(out, end.left.len())?;
    if !year.unsettled.is_empty() {
        writeln!(out, "{}", said(NewYearText::Unsettled(&year.unsettled)))?;
    }
    if !year.days_off.is_empty() {
        writeln!(out, "{}", said(NewYearText::DaysOff(&year.days_off)))?;
    }
    if let Some(number) = &year.number {
        writeln!(out, "{}", said(NewYearText::Number(number)))?;
    }
    let files = NewYearText::Files { folder: &year.folder, config: &year.old_config };
    writeln!(out, "{}\n", said(files))?;
    Ok(())
}

fn more(out: &mut impl Write, count: usize) -> io::Result<()> {
    if count > MAX_NAMED { writeln!(out, "  …") } else { Ok(()) }
}

fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= MAX_SHOWN {
        return line;
    }
    line.chars().take(MAX_SHOWN).chain(['…']).collect()
}

/// Asks on a terminal; without one nobody has agreed.
fn agreed(out: &mut impl Write, language: Language) -> io::Result<bool> {
    if !io::stdin().is_terminal() {
        return Ok(false);
    }
    write!(out, "{}", NewYearText::Question.said_in(language))?;
    out.flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    let answer = crate::text::nfc(answer.trim()).to_lowercase();
    Ok(NewYearText::Yes.said_in(language).split(' ').any(|yes| yes == answer))
}

/// Closes the year that ends and begins the next: the configuration last.
fn carry_out(
    out: &mut impl Write,
    language: Language,
    (old, in_force): (&Loaded, &School),
    year: &NewYear,
    end: &YearEnd,
) -> Result<(), CommandError> {
    let said = |text: NewYearText<'_>| text.said_in(language);
    let old_year = year.old_year.as_str();
    year.write_files().map_err(|error| told(error, language))?;
    for path in [&year.old_config, &year.plan] {
        writeln!(out, "{}", FileText::Written(path).said_in(language))?;
    }
    let report = year.folder.join(said(NewYearText::ReportFile));
    match block_on(review::year_report(in_force.clone(), &old.composer))? {
        Some(bytes) => {
            private_files::write_whole(&report, &bytes)
                .map_err(|source| CommandError::File { path: report.clone(), source })?;
            writeln!(out, "{}", FileText::Written(&report).said_in(language))?;
        }
        None => writeln!(out, "{}", said(NewYearText::NoReview))?,
    }
    let folder = year.folder.join(said(NewYearText::EvidenceFolder));
    let is_written = block_on(evidence::export_whole(in_force, &folder))?;
    writeln!(out, "{}", FileText::of(&folder, is_written).said_in(language))?;
    let note = said(NewYearText::Note { old: old_year });
    block_on(async {
        let store = Store::open(&in_force.settings.store).await?;
        let next = year.next.school.clone();
        new_year::carry_over(&store, next, end, &note, Clock::System.now()).await?;
        store.close().await;
        Ok(())
    })?;
    year.begin().map_err(|error| told(error, language))?;
    writeln!(out, "\n{}", said(NewYearText::Done { old: old_year }))?;
    Ok(())
}
