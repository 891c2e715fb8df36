//! A message about tasks as its templates see it.

use jiff::ToSpan;
use jiff::civil::Date;
use minijinja::Value;
use minijinja::value::Serde;
use serde::Serialize;

use crate::compose::words::{Words, WordsError};
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
    /// What the recipient can do; `None` until it is put in words.
    #[serde(flatten)]
    words: Option<ReminderWords>,
}

/// What the recipient can do about the tasks; a text is empty where it is not for them.
#[derive(Debug, Serialize)]
struct ReminderWords {
    /// To whoever is asked for a report: over the links in the message.
    how_to_report: String,
    /// The same, over its buttons.
    how_to_report_by_button: String,
    /// To a superior.
    how_to_direct: String,
    /// To whoever helps.
    how_to_help: String,
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
    /// `None` until it is put in words.
    #[serde(flatten)]
    words: Option<SectionWords>,
}

/// What a message says of the tasks of a section.
#[derive(Debug, Serialize)]
struct SectionWords {
    /// What stands over them.
    heading: String,
    /// What is asked of the recipient.
    ask: String,
    /// What the review is called before which progress is asked for, and its period; empty but for self-checks.
    review_word: String,
    review_name: String,
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
        Self {
            frame: MessageFrame::new(school, person, today),
            sections,
            count,
            asks_report,
            lead_ids,
            week,
            pages,
            words: None,
        }
    }

    /// Puts what it says in words.
    pub(in crate::compose) fn say(&mut self, words: &mut Words<'_>) -> Result<(), WordsError> {
        for section in &mut self.sections {
            section.tasks.iter_mut().try_for_each(|task| task.say(words))?;
            section.words = Some(SectionWords::new(words, section)?);
        }
        if let Some(week) = &mut self.week {
            week.say(words)?;
        }
        self.words = Some(ReminderWords::new(words, self)?);
        Ok(())
    }

    /// Whether whom to tell of a wrong recipient is named with an address: not where what the recipient can do names it.
    pub(in crate::compose) fn names_address(&self) -> bool {
        let is_named = if self.asks_report {
            !self.frame.reads_answers
        } else {
            self.first_voice() == Some(Voice::Superior) && self.pages.is_none()
        };
        !is_named
    }

    /// As whom the most urgent section speaks to the recipient.
    fn first_voice(&self) -> Option<Voice> {
        self.sections.first().map(|section| section.voice)
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
        Self { urgency, review, voice, due: None, due_this_week: false, tasks: vec![task], words: None }
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

impl ReminderWords {
    fn new(words: &mut Words<'_>, message: &ReminderView) -> Result<Self, WordsError> {
        let mut said = Self {
            how_to_report: String::new(),
            how_to_report_by_button: String::new(),
            how_to_direct: String::new(),
            how_to_help: String::new(),
        };
        if message.asks_report {
            let ids = Value::from(Serde(&message.lead_ids));
            let (link, button) = (
                words.of_mail("by_link", &[message.count.into()])?,
                words.of_mail("by_button", &[message.count.into()])?,
            );
            said.how_to_report = words.of_mail("how_to_report", &[ids.clone(), link.into()])?;
            said.how_to_report_by_button = words.of_mail("how_to_report", &[ids, button.into()])?;
        } else if message.first_voice() == Some(Voice::Superior) {
            said.how_to_direct = words.of_mail("how_to_direct", &[])?;
        } else if let Some(section) = message.sections.first() {
            said.how_to_help = words.of_mail("how_to_help", &[Value::from(Serde(section))])?;
        }
        Ok(said)
    }
}

impl SectionWords {
    fn new(words: &mut Words<'_>, section: &Section) -> Result<Self, WordsError> {
        let value = Value::from(Serde(section));
        let review = section.review.map(|review| Value::from(Serde(review)));
        let review_word = review.clone().map(|review| words.of_task("review_word", &[review])).transpose()?;
        Ok(Self {
            heading: words.heading(value.clone())?,
            ask: words.of_task("ask", &[value])?,
            review_word: review_word.unwrap_or_default(),
            review_name: review.map(|review| words.review_name(review)).transpose()?.unwrap_or_default(),
        })
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
