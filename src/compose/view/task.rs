//! A task as the templates see it.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};
use serde::Serialize;

use crate::calendar::date_of;
use crate::compose::PlanState;
use crate::compose::words::{Words, WordsError};
use crate::people::RecipientId;
use crate::plan::{Postponed, Status, Task, TaskId, WorkPeriod};
use crate::progress::{Part, Progress};
use crate::review::needs::budget;
use crate::review::{Reminded, settled_period};

use super::PeriodView;
use super::words::TaskWords;

/// A task as a template sees it.
// Templates ask by name, so no two of these can be mistaken for each other.
#[allow(clippy::struct_excessive_bools)]
#[derive(Debug, Serialize)]
pub(in crate::compose) struct TaskView {
    /// What is said of it in a message; `None` on pages and in reviews.
    #[serde(flatten)]
    words: Option<TaskWords>,
    id: String,
    criterion: Option<String>,
    /// The remedy: what is to be done.
    title: String,
    current_state: Option<String>,
    lead: String,
    with: Option<String>,
    /// The recipient's: `lead`, `coordinator`, `superior`, or `deputy` of one of them who is away.
    pub(super) role: &'static str,
    /// Of a coordinator: whether they direct those who lead, because they hear of what is late.
    directs: bool,
    /// Of a task that several lead, whose *done* closes it: that of `all`, or of `any`.
    closes: Option<&'static str>,
    /// Whether a superior hears of it for the first time.
    is_news: bool,
    start: Option<Date>,
    pub(super) due: Option<Date>,
    /// Whether that is earlier than the plan's own day of issue: a date that nobody can have meant, which makes nobody late.
    predates_plan: bool,
    /// The due date as the plan has it, where another was agreed since.
    pub(super) postponed: Option<PostponedView>,
    /// Days from today to the due date; negative once it has passed.
    pub(super) days: Option<i32>,
    /// The time column as written.
    time: Option<String>,
    budget: Option<String>,
    support: Option<String>,
    /// The budget column, where it asks for anything.
    pub(super) funds: Option<String>,
    status: &'static str,
    percent: u8,
    /// The other leads, where the recipient is one of several.
    together: Vec<String>,
    /// Each lead with their part, where there are several; else none.
    pub(super) parts: Vec<PartView>,
    /// How the leads are reached whose part is open; none but for superiors.
    contacts: Vec<ContactView>,
    /// The leads who have not reported their part done, where others have and the task is open.
    pub(super) missing: Vec<String>,
    /// How far the recipient's own part is, where they are one of several leads.
    own: Option<&'static str>,
    /// What `reported` is about: the status and per cent that `by` told.
    told_status: &'static str,
    told_percent: u8,
    /// The date of the last report: of the recipient's own, where they lead the task with others and have made one.
    pub(super) reported: Option<Date>,
    /// The person who made it, where known.
    by: Option<String>,
    /// Whether that was the recipient.
    by_you: bool,
    note: Option<String>,
    /// The last note of any report.
    why: Option<String>,
    /// Codes of the evidence for all reports.
    evidence: Vec<String>,
    /// In a review: how often its leads were reminded of it.
    reminded: Option<RemindedView>,
    /// Of recurring work, the period for which a word is asked or would count today.
    work_period: Option<PeriodView>,
    /// The page on which the recipient reports on it; `None` where the school has no pages.
    link: Option<String>,
}

impl TaskView {
    pub(in crate::compose) fn id(&self) -> TaskId {
        TaskId::new(&self.id)
    }

    pub(in crate::compose) fn link(&self) -> Option<String> {
        self.link.clone()
    }

    pub(in crate::compose) fn set_link(&mut self, link: Option<String>) {
        self.link = link;
    }

    /// Whether the message is about something that a superior hears of for the first time.
    pub(super) fn set_news(&mut self, is_news: bool) {
        self.is_news = is_news;
    }

    pub(in crate::compose) fn due(&self) -> Option<Date> {
        self.due
    }

    /// The due date, unless it is to be looked at again.
    pub(in crate::compose) fn settled_due(&self) -> Option<Date> {
        self.due.filter(|_| !self.predates_plan)
    }

    pub(in crate::compose) fn title(&self) -> &str {
        &self.title
    }

    pub(in crate::compose) fn new(
        state: PlanState<'_>,
        task: &Task,
        role: &'static str,
        reader: RecipientId,
        now: &ZonedDateTime,
    ) -> Self {
        let PlanState { school, progress } = state;
        let reader_id = reader;
        let people = &school.settings.people;
        let reader = people.get(reader);
        let shown = |names: &[String]| names.iter().map(|name| people.shown_name(name)).collect::<Vec<_>>().join(", ");
        let (today, zone) = (now.date(), now.time_zone());
        let period = task.period();
        let due = period.map(|period| period.due);
        let settled = settled_period(task, school.plan.issued);
        let leads = school.lead_names(task);
        let is_lead = role == "lead" && leads.contains(&reader.name);
        let parts = PartView::all(state, task, leads, zone);
        let own = is_lead.then(|| progress.part(&task.id, &reader.name)).filter(|_| parts.len() > 1);
        let word = LastWord::of(progress, task, own.as_ref(), parts.len() > 1);
        let others = parts.iter().filter(|_| is_lead).map(|part| &part.name);
        Self {
            words: None,
            id: task.name.clone(),
            criterion: task.criterion.clone(),
            title: task.remedy.clone(),
            current_state: task.current_state.clone(),
            lead: shown(&task.lead),
            with: (!task.with.is_empty()).then(|| shown(&task.with)),
            role,
            directs: role == "coordinator" && school.superiors().any(|superior| *superior == reader_id),
            closes: (parts.len() > 1).then(|| school.closes(task).as_str()),
            is_news: false,
            start: period.and_then(|period| period.start),
            due,
            predates_plan: due.is_some() && settled.is_none(),
            postponed: task.postponed.as_ref().map(PostponedView::from),
            days: due.map(|due| (due - today).get_days()),
            time: task.time.clone(),
            budget: task.budget.clone(),
            support: task.support.clone(),
            funds: budget(task).map(str::to_owned),
            status: progress.status(&task.id).as_str(),
            percent: progress.percent(&task.id),
            together: others.filter(|name| **name != reader.name).cloned().collect(),
            contacts: if role == "superior" { ContactView::open(state, task) } else { Vec::new() },
            missing: missing(&parts, progress.is_closed(&task.id)),
            parts,
            own: own.map(|own| own.status.as_str()),
            told_status: word.status.as_str(),
            told_percent: word.percent,
            reported: word.at.map(|at| date_of(zone, at)),
            by_you: word.by.as_deref() == Some(reader.name.as_str()),
            by: word.by.as_deref().map(|by| people.shown_name(by)),
            note: word.note,
            why: progress.history(&task.id).iter().rev().find_map(|entry| entry.note.clone()),
            evidence: evidence_codes(progress, &task.id),
            reminded: None,
            work_period: None,
            link: None,
        }
    }

    /// Says how often its leads were reminded of it.
    pub(super) fn set_reminded(&mut self, reminded: Option<&Reminded>) {
        self.reminded = reminded.map(RemindedView::from);
    }

    /// Puts what is said of it in words; called once all else is known.
    pub(in crate::compose) fn say(&mut self, words: &mut Words<'_>) -> Result<(), WordsError> {
        self.words = Some(TaskWords::new(words, self)?);
        Ok(())
    }

    /// Says for which period recurring work is told.
    pub(in crate::compose) fn set_work_period(&mut self, period: Option<WorkPeriod>) {
        self.work_period = period.map(PeriodView::from);
    }
}

/// How often those who lead a task were reminded of it.
#[derive(Debug, Serialize)]
pub(super) struct RemindedView {
    times: usize,
    last: Date,
    over: String,
}

impl From<&Reminded> for RemindedView {
    fn from(told: &Reminded) -> Self {
        Self { times: told.times, last: told.last, over: told.over.clone() }
    }
}

/// A due date that was moved because somebody asked for time.
#[derive(Debug, Serialize)]
pub(super) struct PostponedView {
    /// The due date as the plan has it.
    from: Option<Date>,
    why: String,
}

impl From<&Postponed> for PostponedView {
    fn from(postponed: &Postponed) -> Self {
        Self { from: postponed.written.map(|period| period.due), why: postponed.why.clone() }
    }
}

/// The codes of the evidence for all reports on a task, each once.
fn evidence_codes(progress: &Progress, task: &TaskId) -> Vec<String> {
    let mut codes: Vec<String> = Vec::new();
    for piece in progress.history(task).iter().flat_map(|entry| &entry.evidence) {
        if !codes.contains(piece) {
            codes.push(piece.clone());
        }
    }
    codes
}

/// One lead's part as a template sees it.
#[derive(Debug, Serialize)]
pub(super) struct PartView {
    /// As the configuration calls them.
    name: String,
    /// What they do and, where the configuration has it, their name.
    shown: String,
    status: &'static str,
    percent: u8,
    /// When that was reported.
    reported: Option<Date>,
    note: Option<String>,
}

impl PartView {
    /// The parts of a task that several lead; none of one that a single person does.
    fn all(state: PlanState<'_>, task: &Task, leads: Vec<String>, zone: &TimeZone) -> Vec<Self> {
        let PlanState { school, progress } = state;
        if leads.len() < 2 {
            return Vec::new();
        }
        let view = |name: String| {
            let part = progress.part(&task.id, &name);
            let reported = part.at.map(|at| date_of(zone, at));
            let shown = school.settings.people.shown_name(&name);
            Self { name, shown, status: part.status.as_str(), percent: part.percent, reported, note: part.note }
        };
        leads.into_iter().map(view).collect()
    }
}

/// How somebody is reached.
#[derive(Debug, Serialize)]
struct ContactView {
    name: String,
    email: Option<String>,
    phone: Option<String>,
}

impl ContactView {
    /// The leads of a task whose part is open.
    fn open(state: PlanState<'_>, task: &Task) -> Vec<Self> {
        let people = &state.school.settings.people;
        let leads = task.leads.iter().map(|lead| people.get(*lead));
        let open = leads.filter(|lead| !state.progress.part(&task.id, &lead.name).status.is_closed());
        open.map(|lead| Self { name: lead.name.clone(), email: lead.email.clone(), phone: lead.phone.clone() })
            .collect()
    }
}

/// The leads who have not reported their part done, where others have and the task is open.
fn missing(parts: &[PartView], is_closed: bool) -> Vec<String> {
    let is_done = |part: &&PartView| part.status == Status::Done.as_str();
    if is_closed || !parts.iter().any(|part| is_done(&part)) {
        return Vec::new();
    }
    parts.iter().filter(|part| !is_done(part)).map(|part| part.name.clone()).collect()
}

/// What was last said of a task, as its reader is told: of their own part, where they lead it with others.
struct LastWord {
    status: Status,
    percent: u8,
    at: Option<Timestamp>,
    by: Option<String>,
    note: Option<String>,
}

impl LastWord {
    fn of(progress: &Progress, task: &Task, own: Option<&Part>, is_shared: bool) -> Self {
        if let Some(own) = own.filter(|own| own.at.is_some()) {
            let Part { status, percent, at, by, note, .. } = own.clone();
            return Self { status, percent, at, by, note };
        }
        let entry = progress.latest(&task.id);
        let (status, percent) = match entry {
            Some(entry) if is_shared => (entry.status, entry.percent.unwrap_or(0)),
            _ => (progress.status(&task.id), progress.percent(&task.id)),
        };
        Self {
            status,
            percent,
            at: entry.map(|entry| entry.at),
            by: entry.and_then(|entry| entry.by.clone()),
            note: entry.and_then(|entry| entry.note.clone()),
        }
    }
}

/// A task alone, for templates about one.
#[derive(Debug, Serialize)]
pub(in crate::compose) struct OneTask<'a> {
    pub(in crate::compose) task: &'a TaskView,
}

/// The role in which `recipient` has to do with a task: by the plan, else as a deputy of one whom it names.
pub(in crate::compose) fn role_of(task: &Task, recipient: RecipientId) -> &'static str {
    if task.leads.contains(&recipient) {
        "lead"
    } else if task.coordinators.contains(&recipient) {
        "coordinator"
    } else {
        "deputy"
    }
}
