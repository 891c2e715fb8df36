//! Pages that list tasks: those of one person, and the plan at a glance.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use crate::compose::view::{ChartView, TotalsView, totals};
use crate::plan::{Status, Task};
use crate::review::{self, ReviewInput, TaskState, settled_period};
use crate::schedule::ReviewId;

use super::{
    Page, PageContext, PageEvidence, PersonalFrame, RequestView, TaskView, evidence_of, open_request, task_view,
};

/// All tasks of one person.
#[derive(Debug, Serialize)]
pub struct OverviewPage {
    #[serde(flatten)]
    own: PersonalFrame,
    tasks: Vec<LinkedPageTask>,
    open: usize,
}

#[derive(Debug, Serialize)]
struct LinkedPageTask {
    #[serde(flatten)]
    row: PageTask,
    link: String,
}

/// A task in a list.
#[derive(Debug, Serialize)]
struct PageTask {
    task: TaskView,
    /// The state: a word of [`TaskState`].
    state: &'static str,
    is_open: bool,
    evidence: Vec<PageEvidence>,
    request: Option<RequestView>,
}

impl PageTask {
    fn new(context: &PageContext<'_>, task: &Task, status: Status) -> Self {
        Self {
            task: task_view(context, task),
            state: TaskState::of(task, status, context.school.plan.issued, context.now.date()).as_str(),
            is_open: !status.is_closed(),
            evidence: evidence_of(context, task).map(PageEvidence::new).collect(),
            request: open_request(context, task),
        }
    }
}

/// How far the reader's part of a task is, where they lead it; else how far the task is.
fn own_status(context: &PageContext<'_>, task: &Task) -> Status {
    let status = context.progress.status(&task.id);
    if status.is_closed() || !task.leads.contains(&context.reader) {
        return status;
    }
    context.progress.part(&task.id, &context.school.settings.people.get(context.reader).name).status
}

/// Which tasks the plan at a glance shows. An empty field restricts nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Filter {
    /// A word of [`TaskState`].
    pub state: String,
    /// A standard's number; `-` for tasks of none.
    pub standard: String,
    /// A lead as the plan names it.
    pub lead: String,
    /// `7` or `30` days from today, `past`, or `none` for tasks whose due date is not clear.
    pub due: String,
    any: bool,
}

impl Filter {
    /// A filter of the words of a form; unknown words for `due` restrict nothing.
    #[must_use]
    pub fn new(state: &str, standard: &str, lead: &str, due: &str) -> Self {
        let any = [state, standard, lead, due].iter().any(|word| !word.is_empty());
        Self { state: state.to_owned(), standard: standard.to_owned(), lead: lead.to_owned(), due: due.to_owned(), any }
    }

    fn keeps(&self, task: &Task, state: &str, issued: Date, today: Date) -> bool {
        let due = settled_period(task, issued).map(|period| (period.due - today).get_days());
        let standard = task.standard().unwrap_or("-");
        (self.state.is_empty() || self.state == state)
            && (self.standard.is_empty() || self.standard == standard)
            && (self.lead.is_empty() || task.lead.contains(&self.lead))
            && match self.due.as_str() {
                "7" => due.is_some_and(|days| (0..=7).contains(&days)),
                "30" => due.is_some_and(|days| (0..=30).contains(&days)),
                "past" => due.is_some_and(|days| days < 0),
                "none" => due.is_none(),
                _ => true,
            }
    }
}

/// The plan at a glance.
#[derive(Debug, Serialize)]
pub struct StatusPage {
    #[serde(flatten)]
    own: PersonalFrame,
    /// The time of day at which it was made: "07:05".
    made: String,
    totals: TotalsView,
    #[serde(flatten)]
    chart: ChartView,
    /// Open tasks that wait for a decision: requests for time, what stands in the way, times that are not clear.
    decide: Vec<PageTask>,
    /// Open tasks that are due in this calendar month, by day.
    due_this_month: Vec<PageTask>,
    standards: Vec<StandardRows>,
    filter: Filter,
    choices: Choices,
}

/// A standard with its figures, and its tasks as far as the filter keeps them.
#[derive(Debug, Serialize)]
struct StandardRows {
    number: Option<String>,
    title: Option<String>,
    all: usize,
    done: usize,
    percent: u8,
    tasks: Vec<PageTask>,
}

/// The choices of the filter.
#[derive(Debug, Serialize)]
struct Choices {
    standards: Vec<StandardChoice>,
    leads: Vec<String>,
}

#[derive(Debug, Serialize)]
struct StandardChoice {
    number: Option<String>,
}

/// Open tasks that wait for a decision, in the plan's order.
fn to_decide(context: &PageContext<'_>) -> Vec<PageTask> {
    let waits = |task: &Task, state| {
        matches!(state, TaskState::Blocked | TaskState::Unresolved) || open_request(context, task).is_some()
    };
    open_tasks(context, waits)
}

/// Open tasks that are due in this calendar month, by day.
fn due_this_month(context: &PageContext<'_>) -> Vec<PageTask> {
    let month = context.now.date().first_of_month();
    let issued = context.school.plan.issued;
    let is_due =
        |task: &Task, _| settled_period(task, issued).is_some_and(|period| period.due.first_of_month() == month);
    let mut due = open_tasks(context, is_due);
    due.sort_by_key(|row| row.task.due());
    due
}

/// The open tasks that `keeps` keeps, in the plan's order.
fn open_tasks(context: &PageContext<'_>, keeps: impl Fn(&Task, TaskState) -> bool) -> Vec<PageTask> {
    let (issued, today) = (context.school.plan.issued, context.now.date());
    let tasks = context.school.plan.tasks.iter().map(|task| (task, context.progress.status(&task.id)));
    let kept = |(task, status): &(&Task, Status)| {
        !status.is_closed() && keeps(task, TaskState::of(task, *status, issued, today))
    };
    tasks.filter(kept).map(|(task, status)| PageTask::new(context, task, status)).collect()
}

impl StatusPage {
    fn new(context: &PageContext<'_>, filter: Filter) -> Self {
        let school = context.school;
        let today = context.now.date();
        let facts = ReviewInput {
            school,
            progress: context.progress,
            changes: &[],
            undelivered: &[],
            evidence: context.evidence,
            requests: context.requests,
            open_answers: 0,
            id: ReviewId::Year,
            from: school.plan.issued,
            to: today,
            next_to: None,
            after: Timestamp::MIN,
            before: None,
            reminded: &[],
            moment: context.now.timestamp(),
            today,
        };
        let report = review::report(&facts);
        // By standard; under "" tasks without a standard.
        let mut rows: BTreeMap<&str, Vec<PageTask>> = BTreeMap::new();
        for task in &school.plan.tasks {
            let state = TaskState::of(task, context.progress.status(&task.id), school.plan.issued, today).as_str();
            if filter.keeps(task, state, school.plan.issued, today) {
                let row = PageTask::new(context, task, context.progress.status(&task.id));
                rows.entry(task.standard().unwrap_or_default()).or_default().push(row);
            }
        }
        let mut leads: Vec<String> = school.plan.tasks.iter().flat_map(|task| task.lead.iter().cloned()).collect();
        leads.sort();
        leads.dedup();
        let totals = totals(&report);
        let choices = report.standards.iter().map(|standard| StandardChoice { number: standard.number.clone() });
        let choices = Choices { standards: choices.collect(), leads };
        let mut standards = Vec::new();
        for standard in report.standards {
            let review::Standard { number, title, all, done, percent } = standard;
            let Some(tasks) = rows.remove(number.as_deref().unwrap_or_default()) else { continue };
            standards.push(StandardRows { number, title, all, done, percent, tasks });
        }
        // The rest are standards all of whose tasks are cancelled.
        for (number, tasks) in rows {
            let title = school.plan.standards.get(number).cloned();
            let number = (!number.is_empty()).then(|| number.to_owned());
            standards.push(StandardRows { number, title, all: 0, done: 0, percent: 0, tasks });
        }
        Self {
            own: PersonalFrame::new(context),
            made: context.now.strftime("%H:%M").to_string(),
            totals,
            chart: ChartView::new(&facts, context.now),
            decide: to_decide(context),
            due_this_month: due_this_month(context),
            standards,
            filter,
            choices,
        }
    }
}

impl Page {
    /// The reader's tasks, each with the address of its page for reporting.
    #[must_use]
    pub fn overview(context: &PageContext<'_>, tasks: &[(&Task, String)]) -> Self {
        let mut rows: Vec<LinkedPageTask> = tasks
            .iter()
            .map(|(task, link)| LinkedPageTask {
                row: PageTask::new(context, task, own_status(context, task)),
                link: link.clone(),
            })
            .collect();
        rows.sort_by_key(|row| (!row.row.is_open, row.row.task.settled_due().is_none(), row.row.task.settled_due()));
        let open = rows.iter().filter(|row| row.row.is_open).count();
        Self::Overview(Box::new(OverviewPage { own: PersonalFrame::new(context), tasks: rows, open }))
    }

    /// The plan at a glance, as far as `filter` keeps its tasks.
    #[must_use]
    pub fn status(context: &PageContext<'_>, filter: Filter) -> Self {
        Self::Status(Box::new(StatusPage::new(context, filter)))
    }
}
