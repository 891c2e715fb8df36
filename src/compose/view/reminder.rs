//! A message about tasks as its templates see it.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;

use crate::compose::{PlanState, Urgency, WeeklyFacts};
use crate::people::RecipientId;
use crate::plan::{Task, WorkPeriod};
use crate::schedule::{Notice, NoticeKind, asked_period};
use crate::school::School;

use super::task::role_of;
use super::weekly::{WeeklyView, hears_weekly_after, is_news};
use super::{MessageFrame, ReviewName, TaskView, ViewContext};

/// A message about tasks, for one recipient.
#[derive(Debug, Serialize)]
pub(in crate::compose) struct ReminderView {
    #[serde(flatten)]
    frame: MessageFrame,
    /// The tasks by urgency, the most urgent first.
    sections: Vec<Section>,
    count: usize,
    /// Whether it asks for a report: only those are asked who lead a task or stand in for somebody who does.
    asks_report: bool,
    /// What the plan calls the tasks on which the recipient is asked to report.
    lead_ids: Vec<String>,
    /// The week of a superior who hears of what is late once a week, where the message tells of any.
    week: Option<WeeklyView>,
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

/// The tasks of one urgency, and of one relation to the recipient.
#[derive(Debug, Serialize)]
struct Section {
    urgency: Urgency,
    /// The review before which progress is asked for; `None` but for self-checks.
    review: Option<ReviewName>,
    /// As whom the recipient is spoken to.
    voice: Voice,
    /// The due date, where all its tasks have the same.
    due: Option<Date>,
    /// Whether all its tasks are due not later than the Sunday of this week.
    due_this_week: bool,
    tasks: Vec<TaskView>,
}

/// As whom somebody hears of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
enum Voice {
    /// Of a task of others that is late.
    Superior,
    /// They lead it, alone or with others, or stand in for a lead.
    Lead,
    /// They help, and hear of what is late besides: they direct those who lead.
    Director,
    /// They help, or stand in for somebody who does.
    Coordinator,
}

impl Voice {
    fn of(school: &School, task: &Task, notice: &Notice) -> Self {
        let recipient = notice.recipient;
        if matches!(notice.kind, NoticeKind::Escalation(_)) {
            return Self::Superior;
        }
        if task.leads.iter().any(|lead| school.is_told_for(recipient, *lead, notice.on)) {
            return Self::Lead;
        }
        if school.superiors().any(|superior| *superior == recipient) { Self::Director } else { Self::Coordinator }
    }
}

impl ReminderView {
    pub(in crate::compose) fn new(
        state: PlanState<'_>,
        context: ViewContext<'_>,
        notices: &[Notice],
        weekly: Option<WeeklyFacts<'_>>,
    ) -> Self {
        let school = state.school;
        let ViewContext { recipient, now, links } = context;
        let today = now.date();
        let person = school.settings.people.get(recipient);
        let weekly = weekly.and_then(|facts| Some((facts, hears_weekly_after(school, recipient, today)?)));
        let mut sections: Vec<Section> = Vec::new();
        for notice in notices {
            let Some(task) = notice.task.map(|task| &school.plan.tasks[task as usize]) else { continue };
            let urgency = urgency(notice, task, today);
            let review = notice.kind.review().map(ReviewName::from);
            let mut view = TaskView::new(state, task, role(task, notice, recipient), recipient, now);
            view.set_link(links.map(|links| links.answer(&task.id)));
            view.set_work_period(work_period(school, task, notice.kind, today));
            if let Some((facts, after)) = weekly.filter(|_| urgency == Urgency::Escalation) {
                view.set_news(is_news(notice, after));
                view.set_reminded(facts.of(&task.id));
            }
            let voice = Voice::of(school, task, notice);
            let same = |section: &&mut Section| {
                section.urgency == urgency && section.review == review && section.voice == voice
            };
            match sections.iter_mut().find(same) {
                Some(section) => section.tasks.push(view),
                None => sections.push(Section::new(urgency, review, voice, view)),
            }
        }
        for section in &mut sections {
            section.settle_dates(today);
        }
        sections.sort_by_key(|section| (section.urgency, section.voice));
        let count = sections.iter().map(|section| section.tasks.len()).sum();
        let pages = links.map(|links| PagesView { overview: links.overview(), calendar: links.calendar() });
        let asks_report = sections.iter().any(|section| section.voice == Voice::Lead);
        let tells_superior = sections.iter().any(|section| section.voice == Voice::Superior);
        let week = weekly.filter(|_| tells_superior);
        let week = week.map(|(facts, after)| WeeklyView::new(state, context, notices, facts, after));
        let lead_ids = own_tasks(&sections).map(|task| task.id().as_str().to_owned()).collect();
        Self { frame: MessageFrame::new(school, person, today), sections, count, asks_report, lead_ids, week, pages }
    }

    /// Its tasks, each with its urgency.
    pub(in crate::compose) fn tasks(&self) -> impl Iterator<Item = (Urgency, &TaskView)> {
        self.sections.iter().flat_map(|section| section.tasks.iter().map(|task| (section.urgency, task)))
    }
}

/// The tasks on which the recipient is asked to report.
fn own_tasks(sections: &[Section]) -> impl Iterator<Item = &TaskView> {
    sections.iter().filter(|section| section.voice == Voice::Lead).flat_map(|section| &section.tasks)
}

impl Section {
    fn new(urgency: Urgency, review: Option<ReviewName>, voice: Voice, task: TaskView) -> Self {
        Self { urgency, review, voice, due: None, due_this_week: false, tasks: vec![task] }
    }

    /// Notes what its tasks' due dates have in common.
    fn settle_dates(&mut self, today: Date) {
        let sunday = today.saturating_add((6 - i64::from(today.weekday().to_monday_zero_offset())).days());
        let mut dues = self.tasks.iter().map(TaskView::due);
        self.due_this_week = dues.clone().all(|due| due.is_some_and(|due| today <= due && due <= sunday));
        let first = dues.next().flatten();
        self.due = first.filter(|_| dues.all(|due| due == first));
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
