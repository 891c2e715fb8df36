//! What the pages on the web show: plain values for the templates in `web/`. Who may see which page is `web`'s.
//!
//! The names of the fields are those that an admin's own templates use: they stay.

mod form;
mod lists;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};
use serde::Serialize;

use crate::config::Site;
use crate::people::RecipientId;
use crate::plan::Task;
use crate::progress::evidence::{Evidence, Proof};
use crate::progress::{Progress, RequestDecision, RequestState, TimeRequest};
use crate::school::School;

use super::PlanState;
use super::view::{MessageFrame, TaskView, form_of_address, role_of};

use form::{AnswerPage, DecidePage, ReceiptPage, SuperiorPage};
use lists::{OverviewPage, StatusPage};

pub use form::{Directed, FileMistake, FormInput, FormReceipt, Mistake, Mistakes};
pub use lists::Filter;

/// The values that pages are made of: the school, the reader and the moment.
#[derive(Clone, Copy, Debug)]
pub struct PageContext<'a> {
    /// Settings and plan in force.
    pub school: &'a School,
    /// The reports on its tasks.
    pub progress: &'a Progress,
    /// All evidence for its tasks.
    pub evidence: &'a [Evidence],
    /// All requests for time.
    pub requests: &'a [TimeRequest],
    /// The person who opened the link.
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
    /// The page for reporting on a task.
    Answer(Box<AnswerPage>),
    /// The page of a superior about a task.
    Superior(Box<SuperiorPage>),
    /// The page that says what became of a form.
    Receipt(Box<ReceiptPage>),
    /// The page for deciding a request for time.
    Decide(Box<DecidePage>),
    /// All tasks of one person.
    Overview(Box<OverviewPage>),
    /// The plan at a glance.
    Status(Box<StatusPage>),
    /// A short notice without a task, such as that a link no longer holds.
    Notice(Box<NoticePageView>),
}

impl Page {
    /// The name of its template.
    pub(super) fn template(&self) -> &'static str {
        match self {
            Self::Answer(_) => "web/answer.html",
            Self::Superior(_) => "web/superior.html",
            Self::Receipt(_) => "web/taken.html",
            Self::Decide(_) => "web/decide.html",
            Self::Overview(_) => "web/overview.html",
            Self::Status(_) => "web/status.html",
            Self::Notice(_) => "web/said.html",
        }
    }
}

/// The part that all pages of one person share.
#[derive(Debug, Serialize)]
struct PersonalFrame {
    shell: PageFrame,
    recipient: String,
    /// How the reader is addressed in a sentence, as in mails.
    form_of_address: Option<String>,
    token: String,
}

impl PersonalFrame {
    fn new(context: &PageContext<'_>) -> Self {
        let reader = context.school.settings.people.get(context.reader);
        Self {
            shell: PageFrame::new(context.school, context.reader, context.now),
            recipient: reader.name.clone(),
            form_of_address: form_of_address(reader),
            token: context.token.to_owned(),
        }
    }
}

/// The part that all pages share.
#[derive(Debug, Serialize)]
struct PageFrame {
    #[serde(flatten)]
    frame: MessageFrame,
    /// The path that all pages of the school begin with.
    base: String,
}

impl PageFrame {
    fn new(school: &School, reader: RecipientId, now: &ZonedDateTime) -> Self {
        let settings = &school.settings;
        let base = settings.site.as_ref().map(Site::base).unwrap_or_default();
        Self { frame: MessageFrame::new(school, settings.people.get(reader), now.date()), base }
    }
}

/// A piece of evidence as a page lists it.
#[derive(Debug, Serialize)]
struct PageEvidence {
    code: String,
    name: String,
    /// The size of a file in bytes; `None` for an address.
    size: Option<u64>,
}

impl PageEvidence {
    fn new(evidence: &Evidence) -> Self {
        let size = match evidence.proof {
            Proof::File { size, .. } => Some(size),
            Proof::Link(_) => None,
        };
        Self { code: evidence.code.clone(), name: evidence.proof.name().to_owned(), size }
    }
}

/// A request for time as a page shows it.
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
        let (outcome, decision): (_, Option<&RequestDecision>) = match &request.outcome {
            RequestState::Open => ("open", None),
            RequestState::Accepted(decision) => ("accepted", Some(decision)),
            RequestState::Refused(decision) => ("refused", Some(decision)),
            RequestState::Replaced => ("replaced", None),
            RequestState::Ended(_) => ("ended", None),
        };
        let date = |at: Timestamp| at.to_zoned_datetime(zone.clone()).date();
        Self {
            by: request.by.clone(),
            at: date(request.at),
            old: request.old,
            due: request.due,
            why: request.why.clone(),
            outcome,
            decided: decision.map(|decision| date(decision.at)),
            decided_by: decision.and_then(|decision| decision.by.clone()),
            answer: decision.and_then(|decision| decision.note.clone()),
        }
    }
}

fn evidence_of<'a>(context: &PageContext<'a>, task: &'a Task) -> impl Iterator<Item = &'a Evidence> {
    context.evidence.iter().filter(|evidence| evidence.task == task.id)
}

fn open_request(context: &PageContext<'_>, task: &Task) -> Option<RequestView> {
    let open = context.requests.iter().find(|request| request.task == task.id && request.is_open());
    open.map(|request| RequestView::new(request, context.now.time_zone()))
}

fn task_view(context: &PageContext<'_>, task: &Task) -> TaskView {
    let state = PlanState { school: context.school, progress: context.progress };
    TaskView::new(state, task, role_of(task, context.reader), context.reader, context.now)
}

/// A short notice without a task.
#[derive(Debug, Serialize)]
pub struct NoticePageView {
    shell: PageFrame,
    said: NoticePage,
    recipient: String,
}

/// The notices that need no link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticePage {
    /// The start page: whose pages these are.
    Home,
    /// The link does not hold; the reason is not told.
    Gone,
    /// There were too many attempts.
    Busy,
    /// The method is not allowed (HTTP 405).
    Method,
    /// What was sent is too large (HTTP 413).
    TooLarge,
    /// The store failed.
    Broken,
}

impl Page {
    /// A notice to a reader who is not known.
    #[must_use]
    pub fn notice(school: &School, said: NoticePage, now: &ZonedDateTime) -> Self {
        let admin = school.settings.impersonal_reader();
        Self::Notice(Box::new(NoticePageView {
            shell: PageFrame::new(school, admin, now),
            said,
            recipient: String::new(),
        }))
    }
}
