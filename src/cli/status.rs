//! `status`: the tasks and how far they are, what goes out next and to whom, what failed.

mod away;
mod json;
pub(crate) mod text;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use jiff::{Timestamp, ZonedDateTime};

use crate::app::first_look::{FirstLook, first_look};
use crate::app::load_school::Loaded;
use crate::app::plan_in_force::{self, PlanInForce, WaitingPlan};
use crate::clock::Clock;
use crate::compose::{Composer, Filter, Page, PageContext};
use crate::config::StoreAddress;
use crate::language::Language;
use crate::people::Recipient;
use crate::plan::Task;
use crate::progress::{Progress, TimeRequest};
use crate::review::{TaskState, days_late};
use crate::schedule::{Agenda, DueMessage, Notice, ReportedStates};
use crate::school::School;
use crate::store::mail::FailingAddress;
use crate::store::open_answers::OpenAnswer;
use crate::store::outbox::{Dead, Waiting};
use crate::store::task_names::TaskNames;
use crate::store::{OpenError, Store, StoreError, WorkerSeen};

use super::{CommandError, Console, Findings, Format, block_on, load, lost_store};

/// How far ahead the next message of a recipient is looked for.
const HORIZON_DAYS: i32 = 400;

#[derive(Debug, clap::Args)]
pub(super) struct StatusArgs {
    /// Write the page with the plan at a glance into a file (HTML) instead: the timeline, what waits to be decided, every task
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(super) fn run(config: &Path, console: Console, args: &StatusArgs) -> Result<Findings, CommandError> {
    let Loaded { school, composer, .. } = load(config, console)?;
    if let Some(path) = &args.out {
        let page = block_on(page(school, &composer, console.language))?;
        std::fs::write(path, page).map_err(|source| CommandError::File { path: path.clone(), source })?;
        return Ok(Findings::Fine);
    }
    let mut out = io::BufWriter::new(anstream::AutoStream::auto(io::stdout().lock()));
    // What the plan says is worth something without what the store knows.
    let written = matches!(school.settings.store, StoreAddress::Server(_)).then(|| school.clone());
    let findings = match (read(school, console.language), written) {
        (Err(CommandError::Store(StoreError::Open(away @ OpenError::Unreachable { .. }))), Some(written)) => {
            away::print(&mut out, &written, &away, console)?;
            Findings::Problems
        }
        (status, _) => {
            match console.format {
                Format::Json => json::print(&mut out, &status?)?,
                Format::Text => text::print(&mut out, &status?, console.language)?,
            }
            Findings::Fine
        }
    };
    out.flush()?;
    Ok(findings)
}

/// `run --dry`: what goes out first, and to whom; nothing is sent or written.
pub(super) fn dry_run(config: &Path, console: Console) -> Result<Findings, CommandError> {
    let status = read(load(config, console)?.school, console.language)?;
    let mut out = io::BufWriter::new(anstream::AutoStream::auto(io::stdout().lock()));
    match console.format {
        Format::Json => json::print_first(&mut out, &status)?,
        Format::Text => text::print_first(&mut out, &status, console.language)?,
    }
    out.flush()?;
    Ok(Findings::Fine)
}

fn read(school: School, language: Language) -> Result<StatusReport, CommandError> {
    block_on(async {
        let store = open(&school, language).await?;
        let status = StatusReport::read(&store, school).await?;
        store.close().await;
        Ok(status)
    })
}

/// Opens the store to be read; a new one beside what an old one has left behind is told of.
async fn open(school: &School, language: Language) -> Result<Store, CommandError> {
    let store = Store::open_to_read(&school.settings.store).await?;
    if let Some(lost) = lost_store::of(&school.settings)
        && store.is_new().await?
    {
        anstream::eprintln!("nhacviec: {}", lost.told_in(language));
    }
    Ok(store)
}

/// The page with the plan at a glance, as it is on the web but without what only links can do.
async fn page(school: School, composer: &Composer, language: Language) -> Result<String, CommandError> {
    let store = open(&school, language).await?;
    let scope = school.scope();
    let PlanInForce { school, .. } = plan_in_force::in_force(&store, school).await?;
    let progress = store.progress(&school).await?;
    let (evidence, requests) = (store.evidence(&scope).await?, store.time_requests(&scope).await?);
    store.close().await;
    let now = school.settings.local(Clock::System.now());
    let context = PageContext {
        school: &school,
        progress: &progress,
        evidence: &evidence,
        requests: &requests,
        reader: school.settings.impersonal_reader(),
        token: "",
        now: &now,
    };
    Ok(composer.page(&Page::status(&context, Filter::default()))?)
}

/// How things stand.
struct StatusReport {
    /// The plan that is written, where it is not taken.
    waiting: Option<WaitingPlan>,
    agenda: Agenda,
    progress: Progress,
    /// Requests for time that wait to be decided.
    requests: Vec<TimeRequest>,
    /// What tasks are called, those that are gone too.
    names: TaskNames,
    /// When anything goes out first, and how many of `next` do then.
    first: FirstMessages,
    next: Vec<DueMessage>,
    dead: Vec<Dead>,
    /// Answers that wait for a person.
    answers: Vec<OpenAnswer>,
    /// Addresses that take no mail.
    failing: Vec<FailingAddress>,
    /// The services over a database: the one at work, and those that stand by.
    workers: Vec<WorkerSeen>,
    today: Date,
}

impl StatusReport {
    async fn read(store: &Store, school: School) -> Result<Self, CommandError> {
        let scope = school.scope();
        let PlanInForce { school, waiting } = plan_in_force::in_force(store, school).await?;
        let progress = store.progress(&school).await?;
        let mut requests = store.time_requests(&scope).await?;
        requests.retain(TimeRequest::is_open);
        let dead = store.dead(&scope, Timestamp::MIN, Timestamp::MAX).await?;
        let queued = store.waiting(&scope).await?;
        let mut failing = store.failing_addresses(&scope.organisation).await?;
        let answers = store.open_answers(&scope.organisation).await?;
        let workers = store.workers(&scope.organisation).await?;
        let people = &school.settings.people;
        failing.retain(|failing| people.iter().any(|(_, recipient)| is_of(failing, recipient)));
        let now = school.settings.local(Clock::System.now());
        let names = store.task_names(&scope, now.timestamp()).await?;
        let agenda = Agenda::new(school);
        let first = first_look(store, &agenda, &progress, now.timestamp()).await?;
        let (first, next) = next_messages(&agenda, &progress, queued, (&now, first));
        let today = now.date();
        Ok(Self { waiting, agenda, progress, requests, names, first, next, dead, answers, failing, workers, today })
    }

    /// How many days a task is late; `None` where it is not, or is done or cancelled.
    fn overdue_days(&self, task: &Task) -> Option<i32> {
        days_late(task, self.progress.status(&task.id), self.agenda.school().plan.issued, self.today)
    }

    /// What goes out first.
    fn first_messages(&self) -> impl Iterator<Item = &DueMessage> {
        self.next.iter().filter(|message| message.not_before <= self.first.at).take(self.first.count)
    }

    /// The state of a task, from which every figure follows.
    fn state(&self, task: &Task) -> TaskState {
        TaskState::of(task, self.progress.status(&task.id), self.agenda.school().plan.issued, self.today)
    }
}

/// Whether an address that failed is still somebody's.
fn is_of(failing: &FailingAddress, recipient: &Recipient) -> bool {
    recipient.email.as_ref().is_some_and(|email| email.to_lowercase() == failing.address)
}

/// What goes out first.
#[derive(Clone, Copy, Debug)]
struct FirstMessages {
    at: Timestamp,
    count: usize,
}

/// What waits in the outbox and what the first look adds to it, then the next message of each recipient, by time, as long as
/// nothing is reported.
fn next_messages(
    agenda: &Agenda,
    progress: &Progress,
    waiting: Vec<Waiting>,
    (now, first): (&ZonedDateTime, FirstLook),
) -> (FirstMessages, Vec<DueMessage>) {
    let waiting = waiting.into_iter().filter_map(|message| {
        let recipient = agenda.school().settings.people.by_name(&message.recipient)?;
        let notices = message.notices.into_iter().filter_map(|notice| {
            let task = match &notice.task {
                Some(task) => Some(u32::try_from(agenda.position(task)?).ok()?),
                None => None,
            };
            Some(Notice { task, kind: notice.kind, recipient, day: notice.day, on: notice.on })
        });
        let not_before = message.not_before.max(now.timestamp());
        Some(DueMessage { recipient, not_before, notices: notices.collect() })
    });
    let states = ReportedStates { school: agenda.school(), progress };
    let FirstLook { at, messages } = first;
    let upcoming = agenda.upcoming(at, HORIZON_DAYS, states);
    let mut next: Vec<DueMessage> = waiting.chain(messages).collect();
    let count = next.iter().filter(|message| message.not_before <= at).count();
    next.extend(upcoming);
    (FirstMessages { at, count }, next)
}
