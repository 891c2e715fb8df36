//! What the pages on the web show: plain values for the templates in `web/`. Who may see which page is `web`'s.

use std::collections::BTreeMap;

use jiff::ZonedDateTime;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::calendar::date_of;
use crate::config::web::Uploads;
use crate::people::RecipientId;
use crate::plan::Task;
use crate::progress::evidence::{Evidence, Proof};
use crate::progress::{Progress, Status, TimeRequest};
use crate::review::{self, Facts};
use crate::school::School;

use super::view::{Frame, TaskView, TotalsView, role_of, totals};

/// What pages are made of: the school, whoever looks, and when.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// Settings and plan in force.
    pub school: &'a School,
    /// What was reported.
    pub progress: &'a Progress,
    /// What was handed in.
    pub evidence: &'a [Evidence],
    /// Who asked for time.
    pub requests: &'a [TimeRequest],
    /// Who looks.
    pub reader: RecipientId,
    /// The token of the link.
    pub token: &'a str,
    /// Now, in the school's time zone.
    pub now: &'a ZonedDateTime,
}

/// A page, ready for its template.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Page {
    /// To report on a task.
    Answer(Box<AnswerPage>),
    /// What a form was taken as.
    Taken(Box<TakenPage>),
    /// To decide a request for time.
    Decide(Box<DecidePage>),
    /// All of one's own tasks.
    Overview(Box<OverviewPage>),
    /// The plan at a glance.
    Status(Box<StatusPage>),
    /// A few words.
    Notice(Box<NoticePageView>),
}

impl Page {
    /// Its template.
    pub(super) fn template(&self) -> &'static str {
        match self {
            Self::Answer(_) => "web/answer.html",
            Self::Taken(_) => "web/taken.html",
            Self::Decide(_) => "web/decide.html",
            Self::Overview(_) => "web/overview.html",
            Self::Status(_) => "web/status.html",
            Self::Notice(_) => "web/said.html",
        }
    }
}

/// What every page of a person's own shows.
#[derive(Debug, Serialize)]
struct Own {
    shell: Shell,
    recipient: String,
    token: String,
}

impl Own {
    fn new(scene: &Scene<'_>) -> Self {
        Self {
            shell: Shell::new(scene.school, scene.reader, scene.now),
            recipient: scene.school.settings.people.get(scene.reader).name.clone(),
            token: scene.token.to_owned(),
        }
    }
}

/// What every page shows.
#[derive(Debug, Serialize)]
struct Shell {
    #[serde(flatten)]
    frame: Frame,
    /// What the paths of all pages begin with.
    base: String,
}

impl Shell {
    fn new(school: &School, reader: RecipientId, now: &ZonedDateTime) -> Self {
        let settings = &school.settings;
        let address = settings.site.as_ref().and_then(|site| url::Url::parse(&site.public_url).ok());
        let base = address.map(|url| url.path().trim_end_matches('/').to_owned()).unwrap_or_default();
        Self { frame: Frame::new(school, settings.people.get(reader), now.date()), base }
    }
}

/// What somebody typed, so that a page that comes back shows it again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Typed {
    /// How far the task is.
    pub status: String,
    /// How much is done.
    pub percent: String,
    /// A note.
    pub note: String,
    /// The address of evidence.
    pub link: String,
    /// Another due date.
    pub due: String,
    /// Why.
    pub why: String,
    /// Yes or no to a request.
    pub decision: String,
    /// Whether it was the form for another due date.
    pub asks_time: bool,
}

/// What is wrong with a field of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Mistake {
    MissingStatus,
    MissingNote,
    MissingDate,
    MissingWhy,
    MissingDecision,
    BadPercent,
    BadLink,
    BadDate,
    SameDate,
    PastDate,
    DatePassed,
    BeforeStart,
    TooLate,
    TooLong,
    EmptyFile,
    LargeFile,
    UnknownFile,
    ManyFiles,
    TooLarge,
    Unreadable,
}

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileMistake {
    /// Its name, where it is about one.
    pub name: Option<String>,
    /// What is wrong.
    pub mistake: Mistake,
}

/// What is wrong with each field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Mistakes {
    pub status: Option<Mistake>,
    pub percent: Option<Mistake>,
    pub note: Option<Mistake>,
    pub link: Option<Mistake>,
    pub files: Vec<FileMistake>,
    pub due: Option<Mistake>,
    pub why: Option<Mistake>,
    pub decision: Option<Mistake>,
    /// What is wrong with the form as a whole.
    pub form: Option<Mistake>,
    /// Whether files were sent that a browser does not keep.
    pub files_again: bool,
}

impl Mistakes {
    /// Whether there are any.
    #[must_use]
    pub fn any(&self) -> bool {
        let fields = [self.status, self.percent, self.note, self.link, self.due, self.why, self.decision, self.form];
        !self.files.is_empty() || fields.iter().any(Option::is_some)
    }
}

/// A piece of evidence.
#[derive(Debug, Serialize)]
struct Piece {
    code: String,
    name: String,
    /// Bytes of a file; nothing for an address.
    size: Option<u64>,
}

impl Piece {
    fn new(evidence: &Evidence) -> Self {
        let size = match evidence.thing {
            Proof::File { size, .. } => Some(size),
            Proof::Link(_) => None,
        };
        Self { code: evidence.code.clone(), name: evidence.thing.name().to_owned(), size }
    }
}

/// A request for time.
#[derive(Debug, Serialize)]
struct RequestView {
    by: Option<String>,
    at: Date,
    old: Option<Date>,
    due: Date,
    why: String,
    /// `open`, `accepted`, `refused` or `replaced`.
    outcome: &'static str,
    decided: Option<Date>,
    decided_by: Option<String>,
    answer: Option<String>,
}

impl RequestView {
    fn new(request: &TimeRequest, zone: &TimeZone) -> Self {
        let decision = request.outcome.decision();
        let date = |at: jiff::Timestamp| date_of(zone, at);
        Self {
            by: request.by.clone(),
            at: date(request.at),
            old: request.old,
            due: request.due,
            why: request.why.clone(),
            outcome: request.outcome.as_str(),
            decided: decision.map(|decision| date(decision.at)),
            decided_by: decision.and_then(|decision| decision.by.clone()),
            answer: decision.and_then(|decision| decision.note.clone()),
        }
    }
}

fn pieces<'a>(scene: &Scene<'a>, task: &'a Task) -> impl Iterator<Item = &'a Evidence> {
    scene.evidence.iter().filter(|evidence| evidence.task == task.id)
}

fn open_request(scene: &Scene<'_>, task: &Task) -> Option<RequestView> {
    let open = scene.requests.iter().find(|request| request.task == task.id && request.is_open());
    open.map(|request| RequestView::new(request, scene.now.time_zone()))
}

fn view(scene: &Scene<'_>, task: &Task) -> TaskView {
    let reader = scene.school.settings.people.get(scene.reader);
    TaskView::new(task, scene.progress, role_of(task, scene.reader), reader, scene.now)
}

/// To report on a task.
#[derive(Debug, Serialize)]
pub struct AnswerPage {
    #[serde(flatten)]
    own: Own,
    task: TaskView,
    evidence: Vec<Piece>,
    request: Option<RequestView>,
    /// The name of this page's forms, so that one that is sent twice counts once.
    form: String,
    typed: Typed,
    mistakes: Mistakes,
    any_mistake: bool,
    uploads: UploadsView,
}

#[derive(Debug, Serialize)]
struct UploadsView {
    files: u32,
    file_mib: u32,
}

impl Page {
    /// The page on which `task` is reported on, its forms named `form`.
    #[must_use]
    pub fn answer(scene: &Scene<'_>, task: &Task, form: &str, typed: Typed, mistakes: Mistakes) -> Self {
        let uploads = scene.school.settings.site.as_ref().map_or_else(Uploads::default, |site| site.uploads);
        Self::Answer(Box::new(AnswerPage {
            own: Own::new(scene),
            task: view(scene, task),
            evidence: pieces(scene, task).map(Piece::new).collect(),
            request: open_request(scene, task),
            form: form.to_owned(),
            typed,
            any_mistake: mistakes.any(),
            mistakes,
            uploads: UploadsView { files: uploads.files, file_mib: uploads.file_mib },
        }))
    }

    /// What a form about `task` was taken as.
    #[must_use]
    pub fn taken(scene: &Scene<'_>, task: &Task, taken: Taken) -> Self {
        let things = match &taken {
            Taken::Report { things, .. } => things.as_slice(),
            Taken::Time { .. } => &[],
        };
        let key = |thing: &Proof| match thing {
            Proof::File { hash, .. } => hash.clone(),
            Proof::Link(address) => address.clone(),
        };
        let evidence = pieces(scene, task).filter(|evidence| things.contains(&key(&evidence.thing)));
        let evidence = evidence.map(Piece::new).collect();
        Self::Taken(Box::new(TakenPage { own: Own::new(scene), task: view(scene, task), taken, evidence }))
    }

    /// The page on which a request about `task` is decided; `already` where somebody tried to decide it once more.
    #[must_use]
    pub fn decide(
        scene: &Scene<'_>,
        task: &Task,
        request: &TimeRequest,
        typed: Typed,
        mistakes: Mistakes,
        already: bool,
    ) -> Self {
        Self::Decide(Box::new(DecidePage {
            own: Own::new(scene),
            task: view(scene, task),
            request: RequestView::new(request, scene.now.time_zone()),
            typed,
            mistakes,
            already,
        }))
    }

    /// All tasks of whoever looks, each with where it is reported on.
    #[must_use]
    pub fn overview(scene: &Scene<'_>, tasks: &[(&Task, String)]) -> Self {
        let mut rows: Vec<OwnRow> = tasks
            .iter()
            .map(|(task, link)| OwnRow { row: Row::new(scene, task, view(scene, task)), link: link.clone() })
            .collect();
        rows.sort_by_key(|row| (!row.row.is_open, row.row.task.due().is_none(), row.row.task.due()));
        let open = rows.iter().filter(|row| row.row.is_open).count();
        Self::Overview(Box::new(OverviewPage { own: Own::new(scene), tasks: rows, open }))
    }

    /// The plan at a glance, as far as `filter` lets through.
    #[must_use]
    pub fn status(scene: &Scene<'_>, filter: Filter) -> Self {
        Self::Status(Box::new(StatusPage::new(scene, filter)))
    }

    /// A few words to whoever has no link that holds.
    #[must_use]
    pub fn notice(school: &School, notice: NoticePage, now: &ZonedDateTime) -> Self {
        let admin = school.settings.admin.first().copied().unwrap_or(RecipientId(0));
        Self::Notice(Box::new(NoticePageView {
            shell: Shell::new(school, admin, now),
            said: notice,
            recipient: String::new(),
        }))
    }
}

/// What a form was taken as; kept as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "taken", rename_all = "snake_case")]
pub enum Taken {
    /// A report.
    Report {
        /// The task.
        task: String,
        /// Its status.
        status: String,
        /// How much is done.
        percent: Option<u8>,
        /// What was written about it.
        note: Option<String>,
        /// The hashes of files and the addresses that came with it.
        things: Vec<String>,
    },
    /// A request for time.
    Time {
        /// The task.
        task: String,
        /// The due date that is asked for.
        due: Date,
        /// Why.
        why: String,
    },
}

impl Taken {
    /// The task.
    #[must_use]
    pub fn task(&self) -> &str {
        match self {
            Self::Report { task, .. } | Self::Time { task, .. } => task,
        }
    }
}

/// What a form was taken as.
#[derive(Debug, Serialize)]
pub struct TakenPage {
    #[serde(flatten)]
    own: Own,
    task: TaskView,
    taken: Taken,
    evidence: Vec<Piece>,
}

/// To decide a request for time.
#[derive(Debug, Serialize)]
pub struct DecidePage {
    #[serde(flatten)]
    own: Own,
    task: TaskView,
    request: RequestView,
    typed: Typed,
    mistakes: Mistakes,
    already: bool,
}

/// All of one's own tasks.
#[derive(Debug, Serialize)]
pub struct OverviewPage {
    #[serde(flatten)]
    own: Own,
    tasks: Vec<OwnRow>,
    open: usize,
}

#[derive(Debug, Serialize)]
struct OwnRow {
    #[serde(flatten)]
    row: Row,
    link: String,
}

/// A task in a list.
#[derive(Debug, Serialize)]
struct Row {
    task: TaskView,
    /// A status, or `overdue`.
    state: &'static str,
    is_open: bool,
    evidence: Vec<Piece>,
    request: Option<RequestView>,
}

impl Row {
    fn new(scene: &Scene<'_>, task: &Task, view: TaskView) -> Self {
        let status = scene.progress.status(&task.id);
        Self {
            task: view,
            state: state(task, status, scene.now.date()),
            is_open: !status.is_closed(),
            evidence: pieces(scene, task).map(Piece::new).collect(),
            request: open_request(scene, task),
        }
    }
}

/// A status, or `overdue` where that says more.
fn state(task: &Task, status: Status, today: Date) -> &'static str {
    let is_late = task.period().is_some_and(|period| period.due < today);
    if is_late && !status.is_closed() { "overdue" } else { status.as_str() }
}

/// Which tasks the plan at a glance shows; what is empty lets everything through.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Filter {
    /// A status, or `overdue`.
    pub state: String,
    /// A standard's number; `-` for tasks of none.
    pub standard: String,
    /// A lead as the plan names it.
    pub lead: String,
    /// `7` or `30` days from today, `past` or `none`.
    pub due: String,
    any: bool,
}

impl Filter {
    /// A filter of these words; those that mean nothing let everything through.
    #[must_use]
    pub fn new(state: &str, standard: &str, lead: &str, due: &str) -> Self {
        let any = [state, standard, lead, due].iter().any(|word| !word.is_empty());
        Self { state: state.to_owned(), standard: standard.to_owned(), lead: lead.to_owned(), due: due.to_owned(), any }
    }

    fn keeps(&self, task: &Task, state: &str, today: Date) -> bool {
        let due = task.period().map(|period| (period.due - today).get_days());
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
    own: Own,
    totals: TotalsView,
    standards: Vec<StandardRows>,
    filter: Filter,
    choices: Choices,
}

/// A standard with its figures, and those of its tasks that the filter lets through.
#[derive(Debug, Serialize)]
struct StandardRows {
    number: Option<String>,
    title: Option<String>,
    all: usize,
    done: usize,
    percent: u8,
    tasks: Vec<Row>,
}

/// What can be chosen in the filter.
#[derive(Debug, Serialize)]
struct Choices {
    standards: Vec<StandardChoice>,
    leads: Vec<String>,
}

#[derive(Debug, Serialize)]
struct StandardChoice {
    number: Option<String>,
}

impl StatusPage {
    fn new(scene: &Scene<'_>, filter: Filter) -> Self {
        let school = scene.school;
        let today = scene.now.date();
        let facts = Facts {
            school,
            progress: scene.progress,
            changes: &[],
            undelivered: &[],
            evidence: scene.evidence,
            requests: scene.requests,
            id: crate::schedule::ReviewId::Year,
            from: school.plan.issued,
            to: today,
            next_to: None,
            today,
        };
        let report = review::report(&facts);
        // Tasks of no standard under no name.
        let mut rows: BTreeMap<&str, Vec<Row>> = BTreeMap::new();
        for task in &school.plan.tasks {
            let state = state(task, scene.progress.status(&task.id), today);
            if filter.keeps(task, state, today) {
                rows.entry(task.standard().unwrap_or_default()).or_default().push(Row::new(
                    scene,
                    task,
                    view(scene, task),
                ));
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
        // What is left belongs to standards whose tasks are all cancelled.
        for (number, tasks) in rows {
            let title = school.plan.standards.get(number).cloned();
            let number = (!number.is_empty()).then(|| number.to_owned());
            standards.push(StandardRows { number, title, all: 0, done: 0, percent: 0, tasks });
        }
        Self { own: Own::new(scene), totals, standards, filter, choices }
    }
}

/// A few words.
#[derive(Debug, Serialize)]
pub struct NoticePageView {
    shell: Shell,
    said: NoticePage,
    recipient: String,
}

/// What the page for whoever has no link that holds says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticePage {
    /// Whose pages these are.
    Home,
    /// The link does not hold; why not is not said.
    Gone,
    /// Too many attempts.
    Busy,
    /// The page cannot be asked for in this way.
    Method,
    /// The store failed.
    Broken,
}
