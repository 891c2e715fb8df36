//! What a superior reads once a week beside what is late (rules of time, 6): what is late still, what was settled since, and
//! what is asked of them.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;

use crate::compose::words::{Words, WordsError};
use crate::compose::{PlanState, WeeklyFacts};
use crate::people::RecipientId;
use crate::plan::{Task, TaskId};
use crate::progress::TimeRequest;
use crate::review::{days_late, settled_period};
use crate::schedule::{Notice, NoticeKind};
use crate::school::School;

use super::{TaskView, ViewContext};

/// A week, as a superior reads it.
#[derive(Debug, Serialize)]
pub(super) struct WeeklyView {
    /// Tasks that are late still, of which the message tells no notice, the longest first.
    still_late: Vec<TaskView>,
    /// Late tasks that were settled in the week.
    settled: Vec<SettledView>,
    /// Requests for time that wait for the reader's decision.
    asked: Vec<AskedView>,
}

#[derive(Debug, Serialize)]
struct SettledView {
    #[serde(flatten)]
    task: TaskView,
    /// The day of the report that settled it.
    on: Date,
}

#[derive(Debug, Serialize)]
struct AskedView {
    #[serde(flatten)]
    task: TaskView,
    by: Option<String>,
    /// The due date asked for.
    until: Date,
    reason: String,
    /// The page for deciding; `None` where the school has no pages.
    decide: Option<String>,
}

/// After how many days a superior hears of a late task, where they hear of it on one day of the week; `None` for others.
pub(super) fn hears_weekly_after(school: &School, recipient: RecipientId, today: Date) -> Option<u16> {
    let rules = school.settings.escalations.iter().filter(|rule| rule.day.is_some());
    let own = rules.filter(|rule| rule.to.iter().any(|to| school.is_told_for(recipient, *to, today)));
    own.map(|rule| rule.after).min()
}

/// Whether a notice tells a superior of a task for the first time.
pub(super) fn is_news(notice: &Notice, after: u16) -> bool {
    matches!(notice.kind, NoticeKind::Escalation(days) if days <= after)
}

impl WeeklyView {
    /// The week before today for a superior who hears of what is late `after` so many days, in a message with these notices.
    pub(super) fn new(
        state: PlanState<'_>,
        context: ViewContext<'_>,
        notices: &[Notice],
        facts: WeeklyFacts<'_>,
        after: u16,
    ) -> Self {
        let reader = Reader { state, context, facts };
        let tasks = &state.school.plan.tasks;
        let is_told =
            |place: usize| notices.iter().any(|notice| notice.task.is_some_and(|task| task as usize == place));
        let untold = tasks.iter().enumerate().filter(|(place, _)| !is_told(*place)).map(|(_, task)| task);
        let mut late: Vec<&Task> = untold.filter(|task| reader.is_late_still(task)).collect();
        late.sort_by_key(|task| task.period().map(|period| period.due));
        Self {
            still_late: late.into_iter().map(|task| reader.task(task)).collect(),
            settled: tasks.iter().filter_map(|task| reader.settled(task, after)).collect(),
            asked: facts.requests.iter().filter_map(|request| reader.asked(request)).collect(),
        }
    }

    /// Puts what it says of tasks in words.
    pub(super) fn say(&mut self, words: &mut Words<'_>) -> Result<(), WordsError> {
        let settled = self.settled.iter_mut().map(|settled| &mut settled.task);
        let asked = self.asked.iter_mut().map(|asked| &mut asked.task);
        self.still_late.iter_mut().chain(settled).chain(asked).try_for_each(|task| task.say(words))
    }
}

/// A superior, and what is known for them.
struct Reader<'a> {
    state: PlanState<'a>,
    context: ViewContext<'a>,
    facts: WeeklyFacts<'a>,
}

impl Reader<'_> {
    fn task(&self, task: &Task) -> TaskView {
        let ViewContext { recipient, now, links } = self.context;
        let mut view = TaskView::new(self.state, task, "superior", recipient, now);
        view.set_link(links.map(|links| links.answer(&task.id)));
        view.set_reminded(self.facts.of(&task.id));
        view
    }

    /// Whether a task is late for so long that the reader hears of it: for themselves or for a superior whom they stand in for,
    /// neither of whom leads it with an open part (rules of time, 6).
    fn is_late_still(&self, task: &Task) -> bool {
        let PlanState { school, progress } = self.state;
        let (reader, today) = (self.context.recipient, self.context.now.date());
        let Some(days) = days_late(task, progress.status(&task.id), school.plan.issued, today) else { return false };
        let leads_open = |person: RecipientId| {
            let part = || progress.part(&task.id, &school.settings.people.get(person).name).status;
            task.leads.contains(&person) && !part().is_closed()
        };
        let hears = |superior: &RecipientId| school.is_told_for(reader, *superior, today) && !leads_open(*superior);
        let rules = school.settings.escalations.iter().filter(|rule| days >= i32::from(rule.after));
        let is_told = rules.flat_map(|rule| &rule.to).any(hears);
        is_told && !leads_open(reader)
    }

    /// A task of which the reader heard, or was to hear, as late, and which was settled in the week before today.
    fn settled(&self, task: &Task, after: u16) -> Option<SettledView> {
        let PlanState { school, progress } = self.state;
        let today = self.context.now.date();
        let due = settled_period(task, school.plan.issued)?.due;
        let on = school.settings.date_of(progress.latest(&task.id).filter(|_| progress.is_closed(&task.id))?.at);
        let is_of_week = today.saturating_sub(7.days()) <= on && on <= today;
        let was_late = (on - due).get_days() >= i32::from(after);
        (is_of_week && was_late && !task.leads.contains(&self.context.recipient))
            .then(|| SettledView { task: self.task(task), on })
    }

    /// A request that the reader decides.
    fn asked(&self, request: &TimeRequest) -> Option<AskedView> {
        let school = self.state.school;
        let task = school.plan.task(&request.task)?;
        let ViewContext { recipient, links, .. } = self.context;
        let is_theirs = request.is_open() && school.decides_request(task, recipient, request.by.as_deref());
        is_theirs.then(|| AskedView {
            task: self.task(task),
            by: request.by.clone(),
            until: request.due,
            reason: request.why.clone(),
            decide: links.map(|links| links.decide(&task.id, request.number)),
        })
    }
}

impl WeeklyFacts<'_> {
    /// How often those who lead a task were reminded of it.
    pub(super) fn of(&self, task: &TaskId) -> Option<&crate::review::Reminded> {
        self.reminded.iter().find(|(known, _)| known == task).map(|(_, told)| told)
    }
}
