//! A review as its templates see it.

use jiff::civil::Date;
use serde::Serialize;

use crate::compose::PlanState;
use crate::people::{Away, Directory, Recipient};
use crate::plan::{Period, Task};
use crate::progress::{RequestState, TimeRequest};
use crate::review::compared::{Comparison, compare};
use crate::review::recurring::{WorkResult, recurring_work};
use crate::review::signing::signing;
use crate::review::{self, PlanChange, ReviewInput, ReviewReport, TaskChange, handed};
use crate::school::School;

use super::dated::Dated;
use super::{MessageFrame, ReviewName, TaskView, ViewContext};

/// A review for one recipient.
#[derive(Debug, Serialize)]
pub(in crate::compose) struct ReviewView {
    #[serde(flatten)]
    frame: MessageFrame,
    review: ReviewName,
    from: Date,
    to: Date,
    next_to: Option<Date>,
    /// Its day, in the figures of official documents.
    dated: Dated,
    /// The position of the signer, line by line; empty where it is not configured.
    signer: Vec<String>,
    signer_name: Option<String>,
    /// Who prepared it.
    prepared_by: Option<String>,
    /// The name of the attached file with the report to sign, where there is one.
    attached: Option<String>,
    totals: TotalsView,
    /// What is otherwise than in the review before.
    compared: Option<ComparisonView>,
    /// Who was away, and who stood in.
    away: Vec<AwayView>,
    standards: Vec<StandardView>,
    overdue: Vec<TaskView>,
    blocked: Vec<TaskView>,
    done: Vec<TaskView>,
    due_next: Vec<TaskView>,
    unresolved: Vec<TaskView>,
    /// Recurring work, period by period.
    recurring: Vec<WorkView>,
    changes: Vec<ChangeView>,
    /// Requests for time: made or decided in the period, or still open.
    time_requests: Vec<TimeRequestView>,
    undelivered: Vec<UndeliveredView>,
    /// How many answers wait for a person to read them.
    open_answers: usize,
    /// The page with the plan at a glance; `None` where the school has no pages.
    status_link: Option<String>,
}

#[derive(Debug, Serialize)]
pub(in crate::compose) struct TotalsView {
    all: usize,
    done: usize,
    done_late: usize,
    blocked: usize,
    blocked_late: usize,
    overdue: usize,
    in_progress: usize,
    not_started: usize,
    not_due: usize,
    unresolved: usize,
    due_soon: usize,
    cancelled: usize,
    /// Done of all, in per cent.
    percent: u8,
}

#[derive(Debug, Serialize)]
pub(super) struct StandardView {
    number: Option<String>,
    title: Option<String>,
    all: usize,
    done: usize,
    percent: u8,
}

/// What is otherwise than in the review before.
#[derive(Debug, Serialize)]
struct ComparisonView {
    since: Date,
    /// With its sign: "+2", "-1", "0".
    done: String,
    overdue: String,
    newly_overdue: Vec<TaskView>,
    settled: Vec<TaskView>,
}

impl ComparisonView {
    fn new(compared: &Comparison<'_>, view: impl Fn(&review::ReviewItem<'_>) -> TaskView) -> Self {
        let signed = |more: i64| if more > 0 { format!("+{more}") } else { more.to_string() };
        Self {
            since: compared.since,
            done: signed(compared.done),
            overdue: signed(compared.overdue),
            newly_overdue: compared.newly_overdue.iter().map(&view).collect(),
            settled: compared.settled.iter().map(&view).collect(),
        }
    }
}

/// Somebody who was away.
#[derive(Debug, Serialize)]
struct AwayView {
    name: String,
    from: Date,
    to: Date,
    deputies: String,
}

/// Who was away on any day of the period up to the moment of the review, in the order of the configuration.
fn away(facts: &ReviewInput<'_>) -> Vec<AwayView> {
    let people = &facts.school.settings.people;
    let (first, last) = (facts.from, facts.today.min(facts.to));
    let all = people.iter().flat_map(|(_, person)| person.away.iter().map(move |away| (person, away)));
    let within = all.filter(|(_, away)| away.from <= last && first <= away.to);
    let view = |(person, away): (&Recipient, &Away)| {
        let deputies: Vec<String> = away.deputies.iter().map(|deputy| people.shown(*deputy)).collect();
        AwayView { name: people.shown_name(&person.name), from: away.from, to: away.to, deputies: deputies.join(", ") }
    };
    within.map(view).collect()
}

/// Recurring work in one period.
#[derive(Debug, Serialize)]
struct WorkView {
    #[serde(flatten)]
    task: TaskView,
    period: ReviewName,
    is_attested: bool,
    /// Those who have told.
    told_by: String,
    /// Whether it is an earlier period, attested since the review before.
    is_late: bool,
}

impl WorkView {
    fn new(work: &WorkResult<'_>, people: &Directory, task: TaskView) -> Self {
        let told_by = work.by.iter().map(|by| people.shown_name(by)).collect::<Vec<_>>().join(", ");
        Self { task, period: work.period.into(), is_attested: work.is_attested, told_by, is_late: work.is_late }
    }
}

#[derive(Debug, Serialize)]
pub(super) struct ChangeView {
    at: Date,
    task: String,
    title: Option<String>,
    /// `added`, `removed`, `moved` or `reworded`.
    what: &'static str,
    from: Option<Date>,
    to: Option<Date>,
    /// The reason, where the change was asked for.
    why: Option<String>,
}

#[derive(Debug, Serialize)]
struct TimeRequestView {
    task: String,
    /// The date, the person and the reason of the request.
    on: Date,
    by: Option<String>,
    why: String,
    /// The due date at that time, and the date asked for.
    from: Option<Date>,
    to: Date,
    /// `open`, `accepted` or `refused`.
    outcome: &'static str,
    /// The date, the person and the words of the decision.
    decided_on: Option<Date>,
    decided_by: Option<String>,
    note: Option<String>,
}

impl TimeRequestView {
    /// The view of a request; `None` for one that a later request replaced.
    fn new(request: &TimeRequest, school: &School) -> Option<Self> {
        if request.outcome == RequestState::Replaced {
            return None;
        }
        let date = |at| school.settings.date_of(at);
        let shown = |name: &str| school.settings.people.shown_name(name);
        let decision = request.outcome.decision();
        Some(Self {
            task: school.plan.name_of(&request.task).to_owned(),
            on: date(request.at),
            by: request.by.as_deref().map(shown),
            why: request.why.clone(),
            from: request.old,
            to: request.due,
            outcome: request.outcome.as_str(),
            decided_on: decision.map(|decision| date(decision.at)),
            decided_by: decision.and_then(|decision| decision.by.as_deref().map(shown)),
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
    /// Whether it is not known that it did not arrive.
    may_have_arrived: bool,
}

impl ReviewView {
    /// The same review, with the name of its attached file.
    pub(in crate::compose) fn attaching(self, file: &str) -> Self {
        Self { attached: Some(file.to_owned()), ..self }
    }

    pub(in crate::compose) fn new(facts: &ReviewInput<'_>, context: ViewContext<'_>) -> Self {
        let report = review::report(facts);
        let now = context.now;
        let people = &facts.school.settings.people;
        let person = people.get(context.recipient);
        let state = PlanState { school: facts.school, progress: facts.progress };
        let view = |item: &review::ReviewItem<'_>| {
            let mut view = TaskView::new(state, item.task, "superior", context.recipient, now);
            view.set_reminded(facts.reminded.iter().find(|(task, _)| *task == item.task.id).map(|(_, told)| told));
            view
        };
        let list = |items: &[review::ReviewItem<'_>]| items.iter().map(view).collect();
        let requests = handed::requests(facts);
        let (signing, _) = signing(facts);
        Self {
            frame: MessageFrame::new(facts.school, person, facts.today),
            review: facts.id.into(),
            status_link: context.links.map(|links| links.status()),
            from: facts.from,
            to: facts.to,
            next_to: facts.next_to,
            dated: Dated::new(facts.today),
            signer: signing.signer.unwrap_or_default(),
            signer_name: signing.name,
            prepared_by: signing.prepared_by,
            attached: None,
            totals: totals(&report),
            compared: compare(&report, facts).map(|compared| ComparisonView::new(&compared, view)),
            away: away(facts),
            overdue: list(&report.overdue),
            blocked: list(&report.blocked),
            done: list(&report.done),
            due_next: list(&report.due_next),
            unresolved: list(&report.unresolved),
            recurring: recurring_work(facts).iter().map(|work| WorkView::new(work, people, view(&work.item))).collect(),
            standards: report.standards.into_iter().map(StandardView::from).collect(),
            changes: facts
                .changes
                .iter()
                .filter(|change| !is_in_requests(change, &requests))
                .map(|change| ChangeView::new(change, facts.school))
                .collect(),
            time_requests: requests
                .into_iter()
                .filter_map(|request| TimeRequestView::new(request, facts.school))
                .collect(),
            open_answers: facts.open_answers,
            undelivered: facts
                .undelivered
                .iter()
                .map(|message| UndeliveredView {
                    on: message.on,
                    recipient: people.shown_name(&message.recipient),
                    tasks: message.tasks.iter().map(|task| facts.school.plan.name_of(task).to_owned()).collect(),
                    reason: message.reason.clone(),
                    may_have_arrived: message.may_have_arrived,
                })
                .collect(),
        }
    }
}

/// Whether a change is a moved due date that one of `requests` tells of already.
fn is_in_requests(change: &PlanChange, requests: &[&TimeRequest]) -> bool {
    let accepted =
        |request: &&TimeRequest| request.task == change.task && matches!(request.outcome, RequestState::Accepted(_));
    change.why.is_some() && requests.iter().any(accepted)
}

pub(in crate::compose) fn totals(report: &ReviewReport<'_>) -> TotalsView {
    let totals = report.totals;
    TotalsView {
        all: totals.all,
        done: totals.done,
        done_late: totals.done_late,
        blocked: totals.blocked,
        blocked_late: totals.blocked_late,
        overdue: totals.overdue,
        in_progress: totals.in_progress,
        not_started: totals.not_started,
        not_due: totals.not_due,
        unresolved: totals.unresolved,
        due_soon: totals.due_soon,
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
    pub(super) fn new(change: &PlanChange, school: &School) -> Self {
        let due = |period: Option<Period>| period.map(|period| period.due);
        let (what, from, to) = match change.what {
            TaskChange::Added => ("added", None, None),
            TaskChange::Removed => ("removed", None, None),
            TaskChange::Moved { from, to } => ("moved", due(from), due(to)),
            TaskChange::Reworded => ("reworded", None, None),
        };
        let task = school.plan.task(&change.task);
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
