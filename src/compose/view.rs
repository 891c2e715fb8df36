//! What the templates see: plain values, dates as ISO text, people by name. The words are the templates'.

mod document;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};
use serde::Serialize;

use crate::calendar::date_of;
use crate::link::Issue;
use crate::people::{Recipient, RecipientId, RecipientKind};
use crate::plan::{Period, Postponed, Task, TaskId};
use crate::progress::{Entry, Progress, RequestState, TimeRequest};
use crate::review::{self, Change, Facts, PlanChange, Report, handed};
use crate::schedule::{Notice, NoticeKind, ReviewId};
use crate::school::School;

pub(super) use document::{DocumentView, TimelineView};

use super::{Alert, Urgency};

/// What every message says of the school, the plan and the recipient.
#[derive(Debug, Serialize)]
pub(super) struct Frame {
    school: String,
    authority: Option<String>,
    place: Option<String>,
    plan: PlanView,
    recipient: String,
    is_group: bool,
    /// Who can be asked.
    admin: String,
    /// Whether answers to messages are read.
    reads_answers: bool,
    today: Date,
}

#[derive(Debug, Serialize)]
struct PlanView {
    number: String,
    title: String,
    /// What the criteria mean, where the plan says so.
    framework: Option<String>,
    issued: Date,
    school_year: String,
}

impl Frame {
    pub(super) fn new(school: &School, to: &Recipient, today: Date) -> Self {
        let settings = &school.settings;
        let admins = settings.admin.iter().map(|admin| settings.people.get(*admin).name.as_str());
        let year = &settings.school_year;
        Self {
            school: settings.organisation.name.clone(),
            authority: settings.organisation.authority.clone(),
            place: settings.organisation.place.clone(),
            plan: PlanView {
                number: school.plan.number.clone(),
                title: school.plan.title.clone(),
                framework: school.plan.framework.clone(),
                issued: school.plan.issued,
                school_year: format!("{}-{}", year.start().year(), year.end().year()),
            },
            recipient: to.name.clone(),
            is_group: to.kind == RecipientKind::Group,
            admin: admins.collect::<Vec<_>>().join(", "),
            reads_answers: settings.inbox.is_some(),
            today,
        }
    }
}

/// A message about tasks.
#[derive(Debug, Serialize)]
pub(super) struct ReminderView {
    #[serde(flatten)]
    frame: Frame,
    /// The tasks by urgency, in the order of the message.
    sections: Vec<Section>,
    count: usize,
    /// The recipient's pages, where there are any.
    pages: Option<PagesView>,
}

/// Where a recipient finds their pages.
#[derive(Debug, Serialize)]
struct PagesView {
    /// All their tasks.
    overview: String,
    /// What their phone subscribes to.
    calendar: String,
}

/// The tasks of one urgency.
#[derive(Debug, Serialize)]
struct Section {
    urgency: Urgency,
    /// The review that progress is asked for.
    review: Option<ReviewName>,
    tasks: Vec<TaskView>,
}

/// A review as a template names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
struct ReviewName {
    /// `month`, `term` or `year`.
    kind: &'static str,
    month: Option<i8>,
    year: Option<i16>,
    term: Option<u8>,
}

impl From<ReviewId> for ReviewName {
    fn from(id: ReviewId) -> Self {
        match id {
            ReviewId::Month { year, month } => Self { kind: "month", month: Some(month), year: Some(year), term: None },
            ReviewId::Term(term) => Self { kind: "term", month: None, year: None, term: Some(term) },
            ReviewId::Year => Self { kind: "year", month: None, year: None, term: None },
        }
    }
}

/// A task as a template sees it.
#[derive(Debug, Serialize)]
pub(super) struct TaskView {
    id: String,
    criterion: Option<String>,
    /// What is to be done.
    title: String,
    current_state: Option<String>,
    lead: String,
    with: Option<String>,
    /// `lead`, `coordinator`, `superior`, or `deputy` for whoever stands in for somebody away.
    role: &'static str,
    start: Option<Date>,
    due: Option<Date>,
    /// Whether that date was moved, from which one, and why.
    postponed: Option<PostponedView>,
    /// Days from today to the due date; negative when it has passed.
    days: Option<i32>,
    /// The time column as written.
    time: Option<String>,
    budget: Option<String>,
    support: Option<String>,
    status: &'static str,
    percent: u8,
    /// When progress was last reported.
    reported: Option<Date>,
    /// Who reported it, where that is known.
    by: Option<String>,
    /// Whether the recipient did.
    by_you: bool,
    note: Option<String>,
    /// The last note that anybody made.
    why: Option<String>,
    /// Codes of what proves the reports on it.
    evidence: Vec<String>,
    /// Where the recipient reports on it, where there are pages.
    link: Option<String>,
}

impl TaskView {
    pub(super) fn id(&self) -> TaskId {
        TaskId::new(&self.id)
    }

    pub(super) fn link(&self) -> Option<String> {
        self.link.clone()
    }

    pub(super) fn due(&self) -> Option<Date> {
        self.due
    }

    pub(super) fn title(&self) -> &str {
        &self.title
    }

    pub(super) fn new(
        task: &Task,
        progress: &Progress,
        role: &'static str,
        reader: &Recipient,
        now: &ZonedDateTime,
    ) -> Self {
        let (today, zone) = (now.date(), now.time_zone());
        let period = task.period();
        let due = period.map(|period| period.due);
        let entry = progress.latest(&task.id);
        Self {
            id: task.name.clone(),
            criterion: task.criterion.clone(),
            title: task.remedy.clone(),
            current_state: task.current_state.clone(),
            lead: task.lead.join(", "),
            with: (!task.with.is_empty()).then(|| task.with.join(", ")),
            role,
            start: period.and_then(|period| period.start),
            due,
            postponed: task.postponed.as_ref().map(PostponedView::from),
            days: due.map(|due| (due - today).get_days()),
            time: task.time.clone(),
            budget: task.budget.clone(),
            support: task.support.clone(),
            status: progress.status(&task.id).as_str(),
            percent: progress.percent(&task.id),
            reported: entry.map(|entry| reported_on(entry, zone)),
            by: entry.and_then(|entry| entry.by.clone()),
            by_you: entry.is_some_and(|entry| entry.by.as_deref() == Some(reader.name.as_str())),
            note: entry.and_then(|entry| entry.note.clone()),
            why: progress.history(&task.id).iter().rev().find_map(|entry| entry.note.clone()),
            evidence: proof(progress, &task.id),
            link: None,
        }
    }
}

/// A due date that was moved, as a template sees it.
#[derive(Debug, Serialize)]
struct PostponedView {
    /// The due date as the plan has it.
    from: Option<Date>,
    why: String,
}

impl From<&Postponed> for PostponedView {
    fn from(postponed: &Postponed) -> Self {
        Self { from: postponed.written.map(|period| period.due), why: postponed.why.clone() }
    }
}

/// What was handed in with any report on a task, once each.
fn proof(progress: &Progress, task: &TaskId) -> Vec<String> {
    let mut proof: Vec<String> = Vec::new();
    for piece in progress.history(task).iter().flat_map(|entry| &entry.evidence) {
        if !proof.contains(piece) {
            proof.push(piece.clone());
        }
    }
    proof
}

fn reported_on(entry: &Entry, zone: &TimeZone) -> Date {
    date_of(zone, entry.at)
}

impl ReminderView {
    pub(super) fn new(
        school: &School,
        progress: &Progress,
        recipient: RecipientId,
        notices: &[Notice],
        now: &ZonedDateTime,
        issue: Option<Issue<'_>>,
    ) -> Self {
        let today = now.date();
        let reader = school.settings.people.get(recipient);
        let mut sections: Vec<Section> = Vec::new();
        for notice in notices {
            let Some(task) = notice.task.map(|task| &school.plan.tasks[task as usize]) else { continue };
            let urgency = urgency(notice, task, today);
            let review = notice.kind.review().map(ReviewName::from);
            let mut view = TaskView::new(task, progress, role(task, notice, recipient), reader, now);
            view.link = issue.map(|issue| issue.answer(&task.id));
            match sections.iter_mut().find(|section| section.urgency == urgency && section.review == review) {
                Some(section) => section.tasks.push(view),
                None => sections.push(Section { urgency, review, tasks: vec![view] }),
            }
        }
        sections.sort_by_key(|section| section.urgency);
        let count = sections.iter().map(|section| section.tasks.len()).sum();
        let pages = issue.map(|issue| PagesView { overview: issue.overview(), calendar: issue.calendar() });
        Self { frame: Frame::new(school, reader, today), sections, count, pages }
    }

    /// Its tasks, each with how pressing it is.
    pub(super) fn tasks(&self) -> impl Iterator<Item = (Urgency, &TaskView)> {
        self.sections.iter().flat_map(|section| section.tasks.iter().map(|task| (section.urgency, task)))
    }
}

/// A task alone, for templates that speak of one.
#[derive(Debug, Serialize)]
pub(super) struct OneTask<'a> {
    pub(super) task: &'a TaskView,
}

/// How pressing a notice is today: a reminder that was late in going out speaks of the task as it stands.
fn urgency(notice: &Notice, task: &Task, today: Date) -> Urgency {
    let is_overdue = task.period().is_some_and(|period| period.due < today);
    match notice.kind {
        NoticeKind::Escalation(_) => Urgency::Escalation,
        NoticeKind::SelfCheck(_) => Urgency::SelfCheck,
        _ if is_overdue => Urgency::Overdue,
        NoticeKind::Start => Urgency::Start,
        NoticeKind::Before(_) | NoticeKind::Overdue(_) | NoticeKind::Review(_) => Urgency::Due,
    }
}

fn role(task: &Task, notice: &Notice, recipient: RecipientId) -> &'static str {
    if matches!(notice.kind, NoticeKind::Escalation(_)) { "superior" } else { role_of(task, recipient) }
}

/// What somebody has to do with a task by the plan; whoever it does not name stands in for somebody.
pub(super) fn role_of(task: &Task, recipient: RecipientId) -> &'static str {
    if task.leads.contains(&recipient) {
        "lead"
    } else if task.coordinators.contains(&recipient) {
        "coordinator"
    } else {
        "deputy"
    }
}

/// A review.
#[derive(Debug, Serialize)]
pub(super) struct ReviewView {
    #[serde(flatten)]
    frame: Frame,
    review: ReviewName,
    from: Date,
    to: Date,
    next_to: Option<Date>,
    /// The file with the report to sign, where it goes with the message.
    attached: Option<String>,
    totals: TotalsView,
    standards: Vec<StandardView>,
    overdue: Vec<TaskView>,
    blocked: Vec<TaskView>,
    done: Vec<TaskView>,
    due_next: Vec<TaskView>,
    unresolved: Vec<TaskView>,
    changes: Vec<ChangeView>,
    /// Requests for time that were made or decided in the period, or still wait.
    time_requests: Vec<TimeRequestView>,
    undelivered: Vec<UndeliveredView>,
    /// Where the recipient sees the plan at a glance, where there are pages.
    status_link: Option<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct TotalsView {
    all: usize,
    done: usize,
    done_late: usize,
    overdue: usize,
    in_progress: usize,
    blocked: usize,
    not_started: usize,
    due_soon: usize,
    unresolved: usize,
    cancelled: usize,
    /// Done of all, in per cent.
    percent: u8,
}

#[derive(Debug, Serialize)]
struct StandardView {
    number: Option<String>,
    title: Option<String>,
    all: usize,
    done: usize,
    percent: u8,
}

#[derive(Debug, Serialize)]
struct ChangeView {
    at: Date,
    task: String,
    title: Option<String>,
    /// `added`, `removed`, `moved` or `reworded`.
    what: &'static str,
    from: Option<Date>,
    to: Option<Date>,
    /// Why, where somebody asked for it.
    why: Option<String>,
}

#[derive(Debug, Serialize)]
struct TimeRequestView {
    task: String,
    /// When it was asked, by whom, and why.
    on: Date,
    by: Option<String>,
    why: String,
    /// The due date then, and the one that is asked for.
    from: Option<Date>,
    to: Date,
    /// `open`, `accepted` or `refused`.
    outcome: &'static str,
    /// When it was decided, by whom, and with what words.
    decided_on: Option<Date>,
    decided_by: Option<String>,
    note: Option<String>,
}

impl TimeRequestView {
    /// `None` for one whose place another has taken.
    fn new(request: &TimeRequest, zone: &TimeZone) -> Option<Self> {
        let date = |at: Timestamp| date_of(zone, at);
        if request.outcome == RequestState::Replaced {
            return None;
        }
        let decision = request.outcome.decision();
        Some(Self {
            task: request.task.first_name().to_owned(),
            on: date(request.at),
            by: request.by.clone(),
            why: request.why.clone(),
            from: request.old,
            to: request.due,
            outcome: request.outcome.as_str(),
            decided_on: decision.map(|decision| date(decision.at)),
            decided_by: decision.and_then(|decision| decision.by.clone()),
            note: decision.and_then(|decision| decision.note.clone()),
        })
    }
}

#[derive(Debug, Serialize)]
struct UndeliveredView {
    on: Date,
    recipient: String,
    tasks: Vec<String>,
    reason: String,
    may_have_arrived: bool,
}

impl ReviewView {
    /// The review with a file.
    pub(super) fn attaching(self, file: &str) -> Self {
        Self { attached: Some(file.to_owned()), ..self }
    }

    pub(super) fn new(
        facts: &Facts<'_>,
        recipient: RecipientId,
        now: &ZonedDateTime,
        issue: Option<Issue<'_>>,
    ) -> Self {
        let report = review::report(facts);
        let reader = facts.school.settings.people.get(recipient);
        let view = |item: &review::Item<'_>| TaskView::new(item.task, facts.progress, "superior", reader, now);
        let list = |items: &[review::Item<'_>]| items.iter().map(view).collect();
        let requests = handed::requests(facts);
        Self {
            frame: Frame::new(facts.school, reader, facts.today),
            review: facts.id.into(),
            status_link: issue.map(|issue| issue.status()),
            from: facts.from,
            to: facts.to,
            next_to: facts.next_to,
            attached: None,
            totals: totals(&report),
            overdue: list(&report.overdue),
            blocked: list(&report.blocked),
            done: list(&report.done),
            due_next: list(&report.due_next),
            unresolved: list(&report.unresolved),
            standards: report.standards.into_iter().map(StandardView::from).collect(),
            changes: facts
                .changes
                .iter()
                .filter(|change| !is_told(change, &requests))
                .map(|change| ChangeView::new(change, facts.school))
                .collect(),
            time_requests: requests
                .into_iter()
                .filter_map(|request| TimeRequestView::new(request, now.time_zone()))
                .collect(),
            undelivered: facts
                .undelivered
                .iter()
                .map(|message| UndeliveredView {
                    on: message.on,
                    recipient: message.recipient.clone(),
                    tasks: message.tasks.iter().map(|task| task.first_name().to_owned()).collect(),
                    reason: message.reason.clone(),
                    may_have_arrived: message.may_have_arrived,
                })
                .collect(),
        }
    }
}

/// Whether a change is that of a due date about which a request says more.
fn is_told(change: &PlanChange, requests: &[&TimeRequest]) -> bool {
    let moved_it =
        |request: &&TimeRequest| request.task == change.task && matches!(request.outcome, RequestState::Accepted(_));
    change.why.is_some() && requests.iter().any(moved_it)
}

pub(super) fn totals(report: &Report<'_>) -> TotalsView {
    let totals = report.totals;
    TotalsView {
        all: totals.all,
        done: totals.done,
        done_late: totals.done_late,
        overdue: totals.overdue,
        in_progress: totals.in_progress,
        blocked: totals.blocked,
        not_started: totals.not_started,
        due_soon: totals.due_soon,
        unresolved: totals.unresolved,
        cancelled: totals.cancelled,
        percent: review::share(totals.done, totals.all),
    }
}

impl From<review::Standard> for StandardView {
    fn from(standard: review::Standard) -> Self {
        let review::Standard { number, title, all, done, percent } = standard;
        Self { number, title, all, done, percent }
    }
}

impl ChangeView {
    fn new(change: &PlanChange, school: &School) -> Self {
        let due = |period: Option<Period>| period.map(|period| period.due);
        let (what, from, to) = match change.what {
            Change::Added => ("added", None, None),
            Change::Removed => ("removed", None, None),
            Change::Moved { from, to } => ("moved", due(from), due(to)),
            Change::Reworded => ("reworded", None, None),
        };
        let task = school.plan.tasks.iter().find(|task| task.id == change.task);
        Self {
            at: change.at,
            task: change.name.clone(),
            title: task.map(|task| task.remedy.clone()),
            what,
            from,
            why: change.why.clone(),
            to: to
                .or_else(|| (what == "added").then(|| task.and_then(Task::period).map(|period| period.due)).flatten()),
        }
    }
}

/// An alert.
#[derive(Debug, Serialize)]
pub(super) struct AlertView<'a> {
    #[serde(flatten)]
    frame: Frame,
    #[serde(flatten)]
    alert: &'a Alert,
}

impl<'a> AlertView<'a> {
    pub(super) fn new(school: &School, alert: &'a Alert, recipient: RecipientId, now: &ZonedDateTime) -> Self {
        Self { frame: Frame::new(school, school.settings.people.get(recipient), now.date()), alert }
    }
}

/// A message that only shows whether messages arrive.
#[derive(Debug, Serialize)]
pub(super) struct TrialView<'a> {
    #[serde(flatten)]
    frame: Frame,
    channel: &'a str,
    at: String,
}

impl<'a> TrialView<'a> {
    pub(super) fn new(school: &School, channel: &'a str, recipient: &Recipient, now: &ZonedDateTime) -> Self {
        let frame = Frame::new(school, recipient, now.date());
        Self { frame, channel, at: now.strftime("%H:%M:%S").to_string() }
    }
}
