//! A message about tasks as its templates see it.

use jiff::civil::Date;
use serde::Serialize;

use crate::compose::{PlanState, Urgency};
use crate::people::RecipientId;
use crate::plan::{Task, WorkPeriod};
use crate::schedule::{Notice, NoticeKind, asked_period};
use crate::school::School;

use super::task::role_of;
use super::{MessageFrame, ReviewName, TaskView, ViewContext};

/// A message about tasks, for one recipient.
#[derive(Debug, Serialize)]
pub(in crate::compose) struct ReminderView {
    #[serde(flatten)]
    frame: MessageFrame,
    /// The tasks by urgency, the most urgent first.
    sections: Vec<Section>,
    count: usize,
    /// Whether it asks for a report: of what others lead and are late with it does not.
    asks_report: bool,
    /// The recipient's pages; `None` where the school has none.
    pages: Option<PagesView>,
}

/// The addresses of a recipient's pages.
#[derive(Debug, Serialize)]
struct PagesView {
    /// The page with all their tasks.
    overview: String,
    /// The calendar to subscribe to.
    calendar: String,
}

/// The tasks of one urgency.
#[derive(Debug, Serialize)]
struct Section {
    urgency: Urgency,
    /// The review before which progress is asked for; `None` but for self-checks.
    review: Option<ReviewName>,
    tasks: Vec<TaskView>,
}

impl ReminderView {
    pub(in crate::compose) fn new(state: PlanState<'_>, context: ViewContext<'_>, notices: &[Notice]) -> Self {
        let school = state.school;
        let ViewContext { recipient, now, links } = context;
        let today = now.date();
        let person = school.settings.people.get(recipient);
        let mut sections: Vec<Section> = Vec::new();
        for notice in notices {
            let Some(task) = notice.task.map(|task| &school.plan.tasks[task as usize]) else { continue };
            let urgency = urgency(notice, task, today);
            let review = notice.kind.review().map(ReviewName::from);
            let mut view = TaskView::new(state, task, role(task, notice, recipient), recipient, now);
            view.set_link(links.map(|links| links.answer(&task.id)));
            view.set_work_period(work_period(school, task, notice.kind, today));
            match sections.iter_mut().find(|section| section.urgency == urgency && section.review == review) {
                Some(section) => section.tasks.push(view),
                None => sections.push(Section { urgency, review, tasks: vec![view] }),
            }
        }
        sections.sort_by_key(|section| section.urgency);
        let count = sections.iter().map(|section| section.tasks.len()).sum();
        let pages = links.map(|links| PagesView { overview: links.overview(), calendar: links.calendar() });
        let asks_report = sections.iter().any(|section| section.urgency != Urgency::Escalation);
        Self { frame: MessageFrame::new(school, person, today), sections, count, asks_report, pages }
    }

    /// Its tasks, each with its urgency.
    pub(in crate::compose) fn tasks(&self) -> impl Iterator<Item = (Urgency, &TaskView)> {
        self.sections.iter().flat_map(|section| section.tasks.iter().map(|task| (section.urgency, task)))
    }
}

/// The urgency of a notice today: a reminder that went out late speaks of the task as it stands.
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

/// The period for which a word on recurring work is asked, or would count today.
fn work_period(school: &School, task: &Task, kind: NoticeKind, today: Date) -> Option<WorkPeriod> {
    let of_today = || task.work_period(today, school.plan.issued, &school.settings.school_year);
    asked_period(school, task, kind).or_else(of_today)
}

/// The role in which a notice speaks to its recipient.
fn role(task: &Task, notice: &Notice, recipient: RecipientId) -> &'static str {
    if matches!(notice.kind, NoticeKind::Escalation(_)) { "superior" } else { role_of(task, recipient) }
}
