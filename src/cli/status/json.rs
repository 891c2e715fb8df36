//! How things stand as JSON, an object a line (design, commands).

use std::io::{self, Write};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use crate::app::plan_in_force::WaitingPlan;
use crate::cli::answers::AnswerLine;
use crate::cli::local_time;
use crate::cli::notice::ShownNotice;
use crate::plan::{Recurrence, Status, Task};
use crate::progress::{Part, TimeRequest};
use crate::schedule::DueMessage;
use crate::school::School;
use crate::store::WorkerSeen;
use crate::store::mail::FailingAddress;
use crate::store::outbox::Dead;

use super::StatusReport;

/// A line of the output.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum StatusLine<'a> {
    Task {
        #[serde(flatten)]
        planned: PlannedTask<'a>,
        /// The due date of the plan, where another one was agreed since.
        #[serde(skip_serializing_if = "Option::is_none")]
        due_as_written: Option<Date>,
        #[serde(skip_serializing_if = "Option::is_none")]
        recurring: Option<Recurrence>,
        #[serde(skip_serializing_if = "Option::is_none")]
        attested: Option<Vec<String>>,
        status: Status,
        percent: u8,
        #[serde(skip_serializing_if = "Option::is_none")]
        overdue_days: Option<i32>,
        parts: Vec<PartLine>,
    },
    /// The plan that is written is not taken, because most tasks have vanished from it.
    PlanWaits {
        vanished: Vec<&'a str>,
        of: usize,
        new: usize,
    },
    /// Another due date is asked for, and waits to be decided.
    Request {
        task: &'a str,
        at: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        by: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        old: Option<Date>,
        due: Date,
        why: &'a str,
    },
    Next {
        at: String,
        to: &'a str,
        notices: Vec<ShownNotice<'a>>,
    },
    Failed {
        at: String,
        kind: &'static str,
        to: &'a str,
        message: &'a str,
        tasks: Vec<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        review: Option<String>,
        reason: String,
        /// Whether it may have arrived all the same.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        may_have_arrived: bool,
    },
    /// An answer waits for a person.
    Answer(AnswerLine<'a>),
    /// A service over a database, which works for the school or stands by.
    Worker {
        node: &'a str,
        version: &'a str,
        at_work: bool,
        seen: String,
    },
    FailingAddress {
        since: String,
        to: &'a str,
        address: &'a str,
        reason: &'a str,
    },
}

/// Prints how things stand.
pub(super) fn print(out: &mut impl Write, status: &StatusReport) -> io::Result<()> {
    let school = status.agenda.school();
    let tasks = school.plan.tasks.iter().map(|task| StatusLine::task(status, task));
    let requests = status.requests.iter().map(|request| StatusLine::request(status, request));
    let next = status.next.iter().map(|message| StatusLine::next(school, message));
    let failed = status.dead.iter().map(|message| StatusLine::failed(status, message));
    let answers = status
        .answers
        .iter()
        .map(|answer| StatusLine::Answer(AnswerLine::new(answer, &status.names, &school.settings)));
    let failing = status.failing.iter().map(|failing| StatusLine::failing_address(school, failing));
    let waiting = status.waiting.iter().map(StatusLine::plan_waits);
    let workers = status.workers.iter().map(|worker| StatusLine::worker(school, worker));
    let lines =
        waiting.chain(tasks).chain(requests).chain(next).chain(failed).chain(answers).chain(failing).chain(workers);
    for line in lines {
        serde_json::to_writer(&mut *out, &line)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// Prints what goes out first.
pub(super) fn print_first(out: &mut impl Write, status: &StatusReport) -> io::Result<()> {
    let school = status.agenda.school();
    for line in status.first_messages().map(|message| StatusLine::next(school, message)) {
        serde_json::to_writer(&mut *out, &line)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// The periods for which recurring work is attested, by time.
fn attested(status: &StatusReport, task: &Task) -> Vec<String> {
    status.progress.attested_periods(&task.id).iter().map(ToString::to_string).collect()
}

fn local(school: &School, at: Timestamp) -> String {
    local_time::with_offset(&school.settings, at)
}

/// What the plan says of a task.
#[derive(Serialize)]
pub(super) struct PlannedTask<'a> {
    task: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    criterion: Option<&'a str>,
    lead: &'a [String],
    with: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<Date>,
    unresolved: bool,
}

impl<'a> PlannedTask<'a> {
    pub(super) fn of(task: &'a Task) -> Self {
        let period = task.period();
        Self {
            task: &task.name,
            criterion: task.criterion.as_deref(),
            lead: &task.lead,
            with: &task.with,
            start: period.and_then(|period| period.start),
            due: period.map(|period| period.due),
            unresolved: period.is_none(),
        }
    }
}

/// A lead's part of a task.
#[derive(Serialize)]
struct PartLine {
    lead: String,
    status: Status,
    percent: u8,
    /// When that was told.
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<String>,
    /// Who told it.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
}

impl PartLine {
    fn all(status: &StatusReport, task: &Task) -> Vec<Self> {
        let school = status.agenda.school();
        let line = |(lead, part): (String, Part)| {
            let at = part.at.map(|at| local(school, at));
            Self { lead, status: part.status, percent: part.percent, at, by: part.by }
        };
        status.progress.parts(&task.id).into_iter().map(line).collect()
    }
}

impl<'a> StatusLine<'a> {
    fn task(status: &'a StatusReport, task: &'a Task) -> Self {
        Self::Task {
            planned: PlannedTask::of(task),
            due_as_written: task.postponed.as_ref().and_then(|moved| moved.written).map(|period| period.due),
            recurring: task.recurrence,
            attested: task.recurrence.map(|_| attested(status, task)),
            status: status.progress.status(&task.id),
            percent: status.progress.percent(&task.id),
            overdue_days: status.overdue_days(task),
            parts: PartLine::all(status, task),
        }
    }

    fn plan_waits(waiting: &'a WaitingPlan) -> Self {
        let vanished = waiting.vanished.iter().map(|task| task.name.as_str()).collect();
        Self::PlanWaits { vanished, of: waiting.of, new: waiting.new }
    }

    fn request(status: &'a StatusReport, request: &'a TimeRequest) -> Self {
        let school = status.agenda.school();
        Self::Request {
            task: status.names.of(&request.task),
            at: local(school, request.at),
            by: request.by.as_deref(),
            old: request.old,
            due: request.due,
            why: &request.why,
        }
    }

    fn next(school: &'a School, message: &DueMessage) -> Self {
        Self::Next {
            at: local(school, message.not_before),
            to: &school.settings.people.get(message.recipient).name,
            notices: message.notices.iter().map(|notice| ShownNotice::new(notice, &school.plan.tasks)).collect(),
        }
    }

    fn failed(status: &'a StatusReport, message: &'a Dead) -> Self {
        let school = status.agenda.school();
        Self::Failed {
            at: local(school, message.at),
            kind: message.class.as_str(),
            to: &message.recipient,
            message: &message.id,
            tasks: message.tasks.iter().map(|task| status.names.of(task)).collect(),
            review: message.review.map(|review| review.to_string()),
            reason: message.reason.to_string(),
            may_have_arrived: message.may_have_arrived,
        }
    }

    fn worker(school: &School, worker: &'a WorkerSeen) -> Self {
        let WorkerSeen { node, version, seen, is_at_work } = worker;
        Self::Worker { node, version, at_work: *is_at_work, seen: local(school, *seen) }
    }

    fn failing_address(school: &School, failing: &'a FailingAddress) -> Self {
        let FailingAddress { address, recipient, since, reason } = failing;
        Self::FailingAddress { since: local(school, *since), to: recipient, address, reason }
    }
}
