//! `progress` and `done`: reports on a task.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use jiff::civil::Date;

use crate::app::Reach;
use crate::app::recurring_work::work_periods;
use crate::app::report_progress::report_by_command;
use crate::app::take_answer::TaskReport;
use crate::clock::Clock;
use crate::evidence_store::{self, EvidenceStore, ExaminedFile};
use crate::language::{Language, Said};
use crate::plan::{Status, WorkPeriod};
use crate::progress::evidence::{self, Proof};
use crate::progress::{Effect, How, ProgressEntry};
use crate::school::School;
use crate::store::Store;

use super::plan::bring_into_force;
use super::{CommandError, Console, Findings, block_on, load, task};

#[derive(Debug, clap::Args)]
pub(super) struct ProgressArgs {
    /// The task, as the plan calls it: 1.4, M4.1
    task: String,
    /// How far it is: `not_started`, `in_progress`, `blocked`, `done` or `cancelled`
    #[arg(long)]
    status: Status,
    /// How much of it is done, 0 to 100
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=100))]
    percent: Option<u8>,
    /// Of every lead's part; otherwise, without `--by`, of those that are not done
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    details: ReportDetails,
}

#[derive(Debug, clap::Args)]
pub(super) struct DoneArgs {
    /// The task, as the plan calls it: 1.4, M4.1
    task: String,
    /// Of recurring work, the period for which it was done: 2023-10, term-1
    #[arg(long = "for", value_name = "PERIOD")]
    period: Option<WorkPeriod>,
    #[command(flatten)]
    details: ReportDetails,
}

#[derive(Debug, clap::Args)]
struct ReportDetails {
    /// A sentence about it
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// A file or an address that proves it; may be given several times
    #[arg(long, value_name = "FILE-OR-URL")]
    evidence: Vec<String>,
    /// Who reports it: a lead's word is about their part, without a name it is about the task
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// The day on which it was done, if that was before today
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
}

/// What is said of a report that was made.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ReportText<'t> {
    /// Recurring work was reported for a period.
    ForPeriod { task: &'t str, status: Status, period: WorkPeriod },
    /// A task was reported, and what that has changed.
    Reported {
        task: &'t str,
        status: Status,
        percent: Option<u8>,
        effect: &'t Effect,
        /// Who reports it, where that is to be told: they have a part among others, or lead nothing of it.
        by: Option<&'t str>,
    },
}

pub(super) fn run(config: &Path, args: &ProgressArgs, console: Console) -> Result<Findings, CommandError> {
    let reach = if args.all { Reach::Everybody } else { Reach::Own };
    let school = (load(config, console)?.school, console.language);
    report(school, &args.task, (args.status, args.percent, reach), None, &args.details)
}

pub(super) fn done(config: &Path, args: &DoneArgs, console: Console) -> Result<Findings, CommandError> {
    let school = (load(config, console)?.school, console.language);
    report(school, &args.task, (Status::Done, Some(100), Reach::Own), args.period, &args.details)
}

fn report(
    (school, language): (School, Language),
    name: &str,
    (status, percent, reach): (Status, Option<u8>, Reach),
    period: Option<WorkPeriod>,
    details: &ReportDetails,
) -> Result<Findings, CommandError> {
    let now = Clock::System.now();
    if let Some(day) = details.on.filter(|day| *day > school.settings.date_of(now)) {
        return Err(CommandError::NotYet(day));
    }
    let proofs = keep(&EvidenceStore::open(&school.settings.evidence), &details.evidence)?;
    let entry = ProgressEntry {
        at: now,
        status,
        percent,
        note: details.note.clone(),
        evidence: Vec::new(),
        by: details.by.clone(),
        how: How::Command,
    };
    let (name, is_shared, codes, effect) = block_on(async {
        let store = Store::open(&school.settings.store).await?;
        let school = bring_into_force(&store, school, entry.at, language).await?;
        let task = task(&school, name)?;
        if let Some(period) = period {
            let known = work_periods(&school, task);
            if !known.contains(&period) {
                let (task, known) = (task.name.clone(), known.iter().map(WorkPeriod::to_string).collect());
                return Err(CommandError::NoSuchPeriod { task, asked: period.to_string(), known });
            }
        }
        let report = TaskReport { reach, done_on: details.on, ..TaskReport::new(task, entry, &proofs) };
        let (codes, effect) = report_by_command(&store, &school, report, period).await?;
        store.close().await;
        Ok((task.name.clone(), task.leads.len() > 1, codes, effect))
    })?;
    let tell = |text: ReportText<'_>| anstream::println!("{}", text.said_in(language));
    if let Some(period) = period {
        tell(ReportText::ForPeriod { task: &name, status, period });
        return Ok(Findings::Fine);
    }
    let by = details.by.as_deref().filter(|_| is_shared || effect == Effect::Note);
    tell(ReportText::Reported { task: &name, status, percent, effect: &effect, by });
    for (code, proof) in codes.iter().zip(&proofs) {
        anstream::println!("  [{code}] {}", proof.name());
    }
    Ok(Findings::Fine)
}

/// Evidence as it is kept: addresses as written, files in the store of evidence, all of them or none.
fn keep(store: &EvidenceStore, evidence: &[String]) -> Result<Vec<Proof>, CommandError> {
    let links = evidence.iter().map(|named| link(named)).collect::<Result<Vec<_>, _>>()?;
    let files = evidence.iter().zip(&links).filter(|(_, link)| link.is_none()).map(|(named, _)| examine(named));
    let mut kept = store.keep(&files.collect::<Result<Vec<_>, _>>()?)?.into_iter();
    Ok(links.into_iter().filter_map(|link| link.or_else(|| kept.next())).collect())
}

/// An address of the web; `None` for what names a file.
fn link(named: &str) -> Result<Option<Proof>, CommandError> {
    if !named.starts_with("https://") && !named.starts_with("http://") {
        return Ok(None);
    }
    if evidence::link(named).is_some() { Ok(Some(Proof::Link(named.to_owned()))) } else { Err(CommandError::BadLink) }
}

/// Looks at a file that is named as evidence.
fn examine(named: &str) -> Result<ExaminedFile, CommandError> {
    let path = Path::new(named);
    if !path.is_file() {
        return Err(CommandError::NoEvidence(named.to_owned()));
    }
    let mut bytes = Vec::new();
    let limit = u64::try_from(evidence_store::MAX_FILE_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    let read = File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes));
    read.map_err(|source| CommandError::File { path: path.to_owned(), source })?;
    Ok(ExaminedFile::of(bytes, &path.file_name().unwrap_or_default().to_string_lossy())?)
}
