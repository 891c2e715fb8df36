//! How things stand, for people.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use jiff::civil::Date;

use crate::cli::answers;
use crate::cli::local_time::{self, Minute};
use crate::cli::shown_id::shown_id;
use crate::language::{Language, Said};
use crate::plan::{Status, Task};
use crate::review::TaskState;
use crate::schedule::DueMessage;
use crate::school::School;
use crate::store::mail::FailingAddress;
use crate::store::outbox::Dead;
use crate::store::{OpenError, WorkerSeen};
use crate::text_table::{Align, TextTable};

use super::StatusReport;

/// How many of the next messages are shown.
const SHOWN_NEXT: usize = 12;

const LATE: Style = AnsiColor::Red.on_default();
const DONE: Style = AnsiColor::Green.on_default();
const PALE: Style = Style::new().dimmed();

/// What is said of how things stand.
#[derive(Clone, Copy, Debug)]
pub(crate) enum StatusText<'t> {
    /// The store is away, so how far tasks are is not known.
    NotKnown(&'t OpenError),
    /// The heading of tasks.
    Task,
    /// The heading of due dates.
    Due,
    /// The heading of due dates where only those of the plan are known.
    DueInPlan,
    /// The heading of how far tasks are.
    State,
    /// The heading of leads.
    Lead,
    /// How many tasks are in which state, of the plan of this number, on this day.
    Summary { number: &'t str, today: Date, counts: &'t TaskCounts },
    /// The heading of a plan that is not taken.
    PlanWaits,
    /// When a task is due, where that is known, and in the plan, where another date was agreed.
    DueDate { due: Option<Date>, written: Option<Date> },
    /// How far a task is.
    Reported(Status, u8),
    /// Behind it, how many leads of how many are done.
    LeadsDone { done: usize, of: usize },
    /// A task is late by so many days.
    DaysOverdue(i32),
    /// The heading of requests for time.
    Requests,
    /// The heading of answers that wait for a person.
    Answers,
    /// The heading of what goes out later.
    Next,
    /// So many messages go out first, at this moment.
    First(usize, &'t Minute),
    /// Nothing goes out first, at this moment.
    NothingFirst(&'t Minute),
    /// Nothing goes out at all.
    Nothing,
    /// So many messages more.
    MoreMessages(usize),
    /// Over which channel a message goes.
    Over(&'t str),
    /// A message that tells of no notice.
    Note,
    /// The heading of messages that were not delivered.
    NotDelivered,
    /// Behind one of them: it may have arrived.
    MayHaveArrived,
    /// The heading of addresses that take no mail.
    FailingAddresses,
    /// Since when one of them does.
    Since(Date),
    /// No service works for the school, although some stand by.
    NobodyAtWork,
    /// A service over a database, which works for the school or stands by.
    Worker(&'t WorkerSeen),
}

/// How many tasks there are in each state.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TaskCounts {
    pub(crate) done: usize,
    /// Those that are not cancelled.
    pub(crate) counted: usize,
    pub(crate) overdue: usize,
    pub(crate) blocked: usize,
    pub(crate) in_progress: usize,
    pub(crate) not_started: usize,
    pub(crate) not_due: usize,
    pub(crate) unresolved: usize,
}

impl TaskCounts {
    fn of(status: &StatusReport) -> Self {
        let tasks = &status.agenda.school().plan.tasks;
        let found: Vec<TaskState> = tasks.iter().map(|task| status.state(task)).collect();
        let count = |wanted: TaskState| found.iter().filter(|state| **state == wanted).count();
        Self {
            done: count(TaskState::Done),
            counted: found.len() - count(TaskState::Cancelled),
            overdue: count(TaskState::Overdue),
            blocked: count(TaskState::Blocked),
            in_progress: count(TaskState::InProgress),
            not_started: count(TaskState::NotStarted),
            not_due: count(TaskState::NotDue),
            unresolved: count(TaskState::Unresolved),
        }
    }
}

/// Prints how things stand.
pub(super) fn print(out: &mut impl Write, status: &StatusReport, language: Language) -> io::Result<()> {
    let printer = StatusPrinter { status, language };
    printer.summary(out)?;
    printer.tasks(out)?;
    printer.requests(out)?;
    printer.answers(out)?;
    printer.next(out)?;
    printer.not_delivered(out)?;
    printer.failing_addresses(out)?;
    printer.workers(out)
}

/// Prints all that goes out first, and to whom.
pub(super) fn print_first(out: &mut impl Write, status: &StatusReport, language: Language) -> io::Result<()> {
    StatusPrinter { status, language }.first_messages(out)
}

/// Prints how things stand in a language.
struct StatusPrinter<'s> {
    status: &'s StatusReport,
    language: Language,
}

impl StatusPrinter<'_> {
    fn said(&self, text: StatusText<'_>) -> String {
        text.said_in(self.language)
    }

    fn school(&self) -> &School {
        self.status.agenda.school()
    }

    /// The plan, and how many of its tasks are done and late.
    fn summary(&self, out: &mut impl Write) -> io::Result<()> {
        let plan = &self.school().plan;
        let counts = TaskCounts::of(self.status);
        writeln!(out, "{} – {}", plan.title, self.school().settings.organisation.name)?;
        let summary = StatusText::Summary { number: &plan.number, today: self.status.today, counts: &counts };
        writeln!(out, "{}\n", self.said(summary))?;
        let Some(waiting) = &self.status.waiting else { return Ok(()) };
        let heading = self.said(StatusText::PlanWaits);
        writeln!(out, "{LATE}{heading}{LATE:#} {}\n", waiting.said_in(self.language))
    }

    fn tasks(&self, out: &mut impl Write) -> io::Result<()> {
        let headings = [StatusText::Task, StatusText::Due, StatusText::State, StatusText::Lead];
        let mut table = TextTable::new(headings.map(|heading| (self.said(heading), Align::Left)));
        for task in &self.school().plan.tasks {
            let written = task.postponed.as_ref().and_then(|moved| moved.written).map(|written| written.due);
            let due = StatusText::DueDate { due: task.period().map(|period| period.due), written };
            table.row([task.name.clone(), self.said(due), self.state(task), task.lead.join(", ")]);
        }
        writeln!(out, "{table}")
    }

    /// How far a task is, in a few words.
    fn state(&self, task: &Task) -> String {
        let progress = &self.status.progress;
        let reported = progress.status(&task.id);
        let mut words = self.said(StatusText::Reported(reported, progress.percent(&task.id)));
        if reported == Status::Done {
            words = format!("{DONE}{words}{DONE:#}");
        }
        let parts = progress.parts(&task.id);
        let done = parts.iter().filter(|(_, part)| part.status == Status::Done).count();
        // Of several leads some have done their part.
        if (1..parts.len()).contains(&done) && !progress.is_closed(&task.id) {
            words = format!("{words}, {}", self.said(StatusText::LeadsDone { done, of: parts.len() }));
        }
        match self.status.overdue_days(task) {
            Some(days) => format!("{LATE}{}{LATE:#}, {words}", self.said(StatusText::DaysOverdue(days))),
            None => words,
        }
    }

    /// Requests for time that wait to be decided.
    fn requests(&self, out: &mut impl Write) -> io::Result<()> {
        if self.status.requests.is_empty() {
            return Ok(());
        }
        writeln!(out, "{}", self.said(StatusText::Requests))?;
        for request in &self.status.requests {
            let old = request.old.map(|old| format!("{} → ", old.said_in(self.language))).unwrap_or_default();
            let by = request.by.as_deref().map(|by| format!(" ({by})")).unwrap_or_default();
            let (task, due) = (self.status.names.of(&request.task), request.due.said_in(self.language));
            writeln!(out, "  {task}  {old}{due}: {}{by}", request.why)?;
        }
        writeln!(out)
    }

    /// Answers that wait for a person.
    fn answers(&self, out: &mut impl Write) -> io::Result<()> {
        if self.status.answers.is_empty() {
            return Ok(());
        }
        writeln!(out, "{}", self.said(StatusText::Answers))?;
        for answer in &self.status.answers {
            let tasks: Vec<&str> = answer.tasks.iter().map(|task| self.status.names.of(task)).collect();
            let text = answers::beginning(&answer.text);
            writeln!(out, "  {}  {} ({}): {text}", shown_id(&answer.id), answer.writer, tasks.join(", "))?;
        }
        writeln!(out)
    }

    /// When anything goes out first, and how much.
    fn first(&self) -> String {
        let at = Minute(self.school().settings.local(self.status.first.at));
        match self.status.first.count {
            0 => self.said(StatusText::Next),
            count => self.said(StatusText::First(count, &at)),
        }
    }

    fn first_messages(&self, out: &mut impl Write) -> io::Result<()> {
        if self.status.first.count == 0 {
            let at = Minute(self.school().settings.local(self.status.first.at));
            return writeln!(out, "{}", self.said(StatusText::NothingFirst(&at)));
        }
        writeln!(out, "{}", self.first())?;
        self.status.first_messages().try_for_each(|message| self.message(out, message))
    }

    /// A message to come: when it goes out, to whom, over which channel, and what it tells.
    fn message(&self, out: &mut impl Write, message: &DueMessage) -> io::Result<()> {
        let settings = &self.school().settings;
        let at = local_time::minute(settings, message.not_before, self.language);
        let recipient = settings.people.get(message.recipient);
        let address = recipient.email.as_deref().map(|address| format!(" <{address}>")).unwrap_or_default();
        let via = recipient.via.first().map(String::as_str).unwrap_or_default();
        let over = self.said(StatusText::Over(via));
        writeln!(out, "  {at}  {}{address} {over}: {PALE}{}{PALE:#}", recipient.name, self.about(message))
    }

    /// What goes out next.
    fn next(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "{}", self.first())?;
        for message in self.status.next.iter().take(SHOWN_NEXT) {
            self.message(out, message)?;
        }
        match self.status.next.len() {
            0 => writeln!(out, "  {}", self.said(StatusText::Nothing)),
            all if all > SHOWN_NEXT => {
                writeln!(out, "  {}", self.said(StatusText::MoreMessages(all - SHOWN_NEXT)))
            }
            _ => Ok(()),
        }
    }

    /// What a message tells: "1.4 (before, 7 days), review of 2023-10".
    fn about(&self, message: &DueMessage) -> String {
        let told = self.school().settings.date_of(message.not_before);
        let notices = message.notices.iter().map(|notice| {
            let kind = notice.kind.as_told_on(told, notice.day).said_in(self.language);
            match notice.task {
                Some(task) => format!("{} ({kind})", self.school().plan.tasks[task as usize].name),
                None => kind,
            }
        });
        let notices: Vec<String> = notices.collect();
        // Thanks, answers and alerts tell of no notice.
        if notices.is_empty() { self.said(StatusText::Note) } else { notices.join(", ") }
    }

    /// Messages that could not be delivered.
    fn not_delivered(&self, out: &mut impl Write) -> io::Result<()> {
        if !self.status.dead.is_empty() {
            writeln!(out, "\n{LATE}{}{LATE:#}", self.said(StatusText::NotDelivered))?;
        }
        for Dead { at, recipient, may_have_arrived, reason, .. } in &self.status.dead {
            let at = local_time::minute(&self.school().settings, *at, self.language);
            let perhaps =
                if *may_have_arrived { format!(" ({})", self.said(StatusText::MayHaveArrived)) } else { String::new() };
            writeln!(out, "  {at}  {recipient}{perhaps}: {}", reason.said_in(self.language))?;
        }
        Ok(())
    }

    /// Addresses that take no mail.
    fn failing_addresses(&self, out: &mut impl Write) -> io::Result<()> {
        if !self.status.failing.is_empty() {
            writeln!(out, "\n{LATE}{}{LATE:#}", self.said(StatusText::FailingAddresses))?;
        }
        for FailingAddress { address, recipient, since, reason } in &self.status.failing {
            let since = self.said(StatusText::Since(self.school().settings.date_of(*since)));
            writeln!(out, "  {recipient}, {address}, {since}: {reason}")?;
        }
        Ok(())
    }

    /// The services over a database, where there are any.
    fn workers(&self, out: &mut impl Write) -> io::Result<()> {
        let workers = &self.status.workers;
        if workers.is_empty() {
            return Ok(());
        }
        writeln!(out)?;
        if !workers.iter().any(|worker| worker.is_at_work) {
            writeln!(out, "{LATE}{}{LATE:#}", self.said(StatusText::NobodyAtWork))?;
        }
        for worker in workers {
            writeln!(out, "{}", self.said(StatusText::Worker(worker)))?;
        }
        Ok(())
    }
}
