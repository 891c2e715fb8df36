//! `status`: the tasks and how far they are, what goes out next and to whom, what failed.

mod json;
mod text;

use std::io::{self, Write};
use std::path::Path;

use jiff::civil::Date;
use jiff::{Timestamp, ZonedDateTime};

use crate::app::plan_in_force::{self, PlanInForce, WaitingPlan};
use crate::clock::Clock;
use crate::people::Recipient;
use crate::plan::Task;
use crate::progress::{Progress, TimeRequest};
use crate::review::{TaskState, days_late};
use crate::schedule::{Agenda, DueMessage, Notice, ReportedStates};
use crate::school::School;
use crate::store::Store;
use crate::store::mail::FailingAddress;
use crate::store::open_answers::OpenAnswer;
use crate::store::outbox::{Dead, Waiting};
use crate::store::task_names::TaskNames;

use super::{CommandError, Findings, Format, block_on, load, lost_store};

/// How far ahead the next message of a recipient is looked for.
const HORIZON_DAYS: i32 = 400;

pub(super) fn run(config: &Path, format: Format) -> Result<Findings, CommandError> {
    let school = load(config)?.school;
    let status = block_on(async {
        let store = Store::open_to_read(&school.settings.store).await?;
        if let Some(lost) = lost_store::of(&school.settings)
            && store.is_new().await?
        {
            anstream::eprintln!("nhacviec: {lost:#}");
        }
        let status = StatusReport::read(&store, school).await?;
        store.close().await;
        Ok(status)
    })?;
    let mut out = io::BufWriter::new(anstream::AutoStream::auto(io::stdout().lock()));
    match format {
        Format::Json => json::print(&mut out, &status)?,
        Format::Text => text::print(&mut out, &status)?,
    }
    out.flush()?;
    Ok(Findings::Fine)
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
    next: Vec<DueMessage>,
    dead: Vec<Dead>,
    /// Answers that wait for a person.
    answers: Vec<OpenAnswer>,
    /// Addresses that take no mail.
    failing: Vec<FailingAddress>,
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
        let people = &school.settings.people;
        failing.retain(|failing| people.iter().any(|(_, recipient)| is_of(failing, recipient)));
        let now = school.settings.local(Clock::System.now());
        let names = store.task_names(&scope, now.timestamp()).await?;
        let agenda = Agenda::new(school);
        let next = next_messages(&agenda, &progress, queued, &now);
        let today = now.date();
        Ok(Self { waiting, agenda, progress, requests, names, next, dead, answers, failing, today })
    }

    /// How many days a task is late; `None` where it is not, or is done or cancelled.
    fn overdue_days(&self, task: &Task) -> Option<i32> {
        days_late(task, self.progress.status(&task.id), self.agenda.school().plan.issued, self.today)
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

/// What waits in the outbox, then the next message of each recipient, by time, as long as nothing is reported.
fn next_messages(agenda: &Agenda, progress: &Progress, waiting: Vec<Waiting>, now: &ZonedDateTime) -> Vec<DueMessage> {
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
    let upcoming = agenda.upcoming(now.timestamp(), HORIZON_DAYS, states);
    waiting.chain(upcoming).collect()
}
