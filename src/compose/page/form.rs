//! Pages with a form: to report on a task, to decide a request for time, and what became of what was sent.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::calendar::date_of;
use crate::compose::view::PeriodView;
use crate::config::web::Uploads;
use crate::people::RecipientId;
use crate::plan::{Status, Task, WorkPeriod};
use crate::progress::TimeRequest;
use crate::progress::evidence::Evidence;

use super::{
    Page, PageContext, PageEvidence, PersonalFrame, RequestView, TaskView, evidence_of, open_request, task_view,
};

/// The fields of a form as they were typed, so that a page with mistakes shows them again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FormInput {
    /// The status.
    pub status: String,
    /// Of recurring work, the period for which it was done: `2023-10`.
    pub period: String,
    /// The per cent done.
    pub percent: String,
    /// The note.
    pub note: String,
    /// An address of the web as evidence.
    pub link: String,
    /// The due date asked for.
    pub due: String,
    /// The reason for it.
    pub why: String,
    /// The day of completion.
    pub done_on: String,
    /// Whether it is reported for everybody who leads the task.
    pub for_all: bool,
    /// The decision on a request: `accept` or `refuse`.
    pub decision: String,
    /// Whether it was the form that asks for another due date.
    pub asks_time: bool,
}

/// A mistake in a field of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Mistake {
    MissingStatus,
    MissingNote,
    MissingDate,
    MissingWhy,
    MissingDecision,
    MissingDirection,
    MissingWords,
    BadPercent,
    BadLink,
    BadDate,
    SameDate,
    PastDate,
    FutureDate,
    DatePassed,
    BeforeStart,
    TooLate,
    TooLong,
    EmptyFile,
    LargeFile,
    UnknownFile,
    ManyFiles,
    TooLarge,
    NoRoom,
    TooManyToday,
    Unreadable,
}

/// A mistake with a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileMistake {
    /// The name of the file; `None` where it is about all of them.
    pub name: Option<String>,
    /// The mistake.
    pub mistake: Mistake,
}

/// The mistakes of a form, by field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Mistakes {
    pub status: Option<Mistake>,
    pub percent: Option<Mistake>,
    pub note: Option<Mistake>,
    pub done_on: Option<Mistake>,
    pub link: Option<Mistake>,
    pub files: Vec<FileMistake>,
    pub due: Option<Mistake>,
    pub why: Option<Mistake>,
    pub decision: Option<Mistake>,
    /// A mistake of the form as a whole.
    pub form: Option<Mistake>,
    /// Whether files were sent, which a browser does not keep: they have to be chosen again.
    pub files_again: bool,
    /// Whether the request was decided already when the form came.
    #[serde(skip)]
    pub already_decided: bool,
}

impl Mistakes {
    /// Whether there is any mistake.
    #[must_use]
    pub fn any(&self) -> bool {
        let told = [self.status, self.percent, self.note, self.done_on, self.link];
        let others = [self.due, self.why, self.decision, self.form];
        !self.files.is_empty() || told.iter().chain(&others).any(Option::is_some)
    }
}

/// The page for reporting on a task.
#[derive(Debug, Serialize)]
pub struct AnswerPage {
    #[serde(flatten)]
    own: PersonalFrame,
    task: TaskView,
    evidence: Vec<PageEvidence>,
    request: Option<RequestView>,
    /// Of recurring work, the periods for which it can be told now, the latest first.
    periods: Vec<PeriodView>,
    /// What can be reported.
    statuses: Vec<Status>,
    /// The name of this page's forms, by which a form that is sent twice counts once.
    form: String,
    typed: FormInput,
    mistakes: Mistakes,
    any_mistake: bool,
    uploads: UploadsView,
}

#[derive(Debug, Serialize)]
struct UploadsView {
    files: u32,
    file_mib: u32,
}

/// What was recorded of a form. Kept in the store as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "taken", rename_all = "snake_case")]
pub enum FormReceipt {
    /// A report on progress.
    Report {
        /// The task.
        task: String,
        /// Its status.
        status: String,
        /// The per cent done.
        percent: Option<u8>,
        /// Of recurring work, the period for which it was done.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        period: Option<String>,
        /// The note.
        note: Option<String>,
        /// The evidence that came with it: hashes of files, and addresses.
        things: Vec<String>,
        /// The day of completion, where another was told than that of the report.
        #[serde(default)]
        done_on: Option<Date>,
        /// Whether it was reported for everybody who leads the task.
        #[serde(default)]
        for_all: bool,
    },
    /// A request for time.
    Time {
        /// The task.
        task: String,
        /// The due date asked for.
        due: Date,
        /// Why.
        why: String,
    },
}

impl FormReceipt {
    /// Of recurring work, the period for which it was told.
    fn period(&self) -> Option<PeriodView> {
        let Self::Report { period: Some(period), .. } = self else { return None };
        period.parse::<WorkPeriod>().ok().map(PeriodView::from)
    }

    /// The task.
    #[must_use]
    pub fn task(&self) -> &str {
        match self {
            Self::Report { task, .. } | Self::Time { task, .. } => task,
        }
    }
}

/// The page that says what became of a form.
#[derive(Debug, Serialize)]
pub struct ReceiptPage {
    #[serde(flatten)]
    own: PersonalFrame,
    task: TaskView,
    taken: FormReceipt,
    /// Of recurring work, the period for which it was told.
    period: Option<PeriodView>,
    evidence: Vec<PageEvidence>,
}

/// The page for deciding a request for time.
#[derive(Debug, Serialize)]
pub struct DecidePage {
    #[serde(flatten)]
    own: PersonalFrame,
    task: TaskView,
    request: RequestView,
    typed: FormInput,
    mistakes: Mistakes,
    already: bool,
    /// Whether the reader decides: not on their own request, where somebody else can.
    decides: bool,
}

/// What a superior has just done, as their page says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Directed {
    /// Another date.
    Granted,
    /// The task is closed.
    Closed,
    /// Those who lead it are asked.
    Asked,
}

impl Directed {
    const ALL: [Self; 3] = [Self::Granted, Self::Closed, Self::Asked];

    /// The word of an address.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Closed => "closed",
            Self::Asked => "asked",
        }
    }

    /// What a word of an address means; `None` for any other.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|directed| directed.as_str() == word)
    }
}

/// The page of a superior about a task.
#[derive(Debug, Serialize)]
pub struct SuperiorPage {
    #[serde(flatten)]
    own: PersonalFrame,
    task: TaskView,
    leads: Vec<LeadView>,
    evidence: Vec<PageEvidence>,
    request: Option<RequestView>,
    /// The page on which the request is decided; `None` where there is none, or the reader does not decide it.
    decide: Option<String>,
    /// The name of this page's form.
    form: String,
    directed: Option<Directed>,
    typed: FormInput,
    any_mistake: bool,
    mistakes: Mistakes,
}

/// A lead as a superior sees them: how far their part is, what they said last, how they are reached.
#[derive(Debug, Serialize)]
struct LeadView {
    name: String,
    status: &'static str,
    percent: u8,
    reported: Option<Date>,
    note: Option<String>,
    email: Option<String>,
    phone: Option<String>,
}

impl LeadView {
    fn all(context: &PageContext<'_>, task: &Task) -> Vec<Self> {
        let people = &context.school.settings.people;
        let view = |lead: &RecipientId| {
            let person = people.get(*lead);
            let part = context.progress.part(&task.id, &person.name);
            Self {
                name: person.name.clone(),
                status: part.status.as_str(),
                percent: part.percent,
                reported: part.at.map(|at| date_of(context.now.time_zone(), at)),
                note: part.note,
                email: person.email.clone(),
                phone: person.phone.clone(),
            }
        };
        task.leads.iter().map(view).collect()
    }
}

/// The periods for which recurring work can be told now, the latest first: those that have begun.
fn periods(context: &PageContext<'_>, task: &Task) -> Vec<PeriodView> {
    let year = &context.school.settings.school_year;
    let today = context.now.date();
    let issued = context.school.plan.issued;
    let Some(current) = task.work_period(today, issued, year) else { return Vec::new() };
    let begun = task.work_periods(issued, year).into_iter().filter(|period| *period <= current);
    begun.rev().map(PeriodView::from).collect()
}

impl Page {
    /// The page of a superior about `task`. `form` is the name of its form, `decide` the page of a request that waits.
    #[must_use]
    pub fn superior(
        context: &PageContext<'_>,
        task: &Task,
        (form, decide): (&str, Option<String>),
        directed: Option<Directed>,
        (typed, mistakes): (FormInput, Mistakes),
    ) -> Self {
        Self::Superior(Box::new(SuperiorPage {
            own: PersonalFrame::new(context),
            task: task_view(context, task),
            leads: LeadView::all(context, task),
            evidence: evidence_of(context, task).map(PageEvidence::new).collect(),
            request: open_request(context, task),
            decide,
            form: form.to_owned(),
            directed,
            typed,
            any_mistake: mistakes.any(),
            mistakes,
        }))
    }

    /// The page for reporting on `task`. `form` is the name of its forms, by which a form that is sent twice counts once.
    #[must_use]
    pub fn answer(context: &PageContext<'_>, task: &Task, form: &str, typed: FormInput, mistakes: Mistakes) -> Self {
        let uploads = context.school.settings.site.as_ref().map_or_else(Uploads::default, |site| site.uploads);
        Self::Answer(Box::new(AnswerPage {
            own: PersonalFrame::new(context),
            task: task_view(context, task),
            evidence: evidence_of(context, task).map(PageEvidence::new).collect(),
            request: open_request(context, task),
            periods: periods(context, task),
            statuses: Status::reported(),
            form: form.to_owned(),
            typed,
            any_mistake: mistakes.any(),
            mistakes,
            uploads: UploadsView { files: uploads.files, file_mib: uploads.file_mib },
        }))
    }

    /// The page that says what became of a form about `task`.
    #[must_use]
    pub fn receipt(context: &PageContext<'_>, task: &Task, taken: FormReceipt) -> Self {
        let things = match &taken {
            FormReceipt::Report { things, .. } => things.as_slice(),
            FormReceipt::Time { .. } => &[],
        };
        let is_of_form = |evidence: &&Evidence| things.iter().any(|thing| thing == evidence.proof.key());
        let evidence = evidence_of(context, task).filter(is_of_form);
        let evidence = evidence.map(PageEvidence::new).collect();
        Self::Receipt(Box::new(ReceiptPage {
            own: PersonalFrame::new(context),
            task: task_view(context, task),
            period: taken.period(),
            taken,
            evidence,
        }))
    }

    /// The page for deciding a request for time about `task`.
    #[must_use]
    pub fn decide(
        context: &PageContext<'_>,
        task: &Task,
        (request, decides): (&TimeRequest, bool),
        typed: FormInput,
        mistakes: Mistakes,
    ) -> Self {
        Self::Decide(Box::new(DecidePage {
            own: PersonalFrame::new(context),
            task: task_view(context, task),
            request: RequestView::new(request, context.now.time_zone()),
            typed,
            already: mistakes.already_decided,
            decides,
            mistakes,
        }))
    }
}
