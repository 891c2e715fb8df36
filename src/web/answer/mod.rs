//! The page of one task: what was reported on it, and the forms to report and to ask for time.
//!
//! - `report`: a report with its evidence.
//! - `time`: a request for time.

mod report;
mod time;

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::app::answers_by_link;
use crate::compose::{Directed, FormInput, FormReceipt, Mistake, Mistakes, Page};
use crate::link::Purpose;
use crate::plan::{Status, TaskId};
use crate::store::links;

use super::direct;
use super::form::{self, PostedForm};
use super::session::{ReportedState, Session};
use super::time_form::form_name;
use super::{Refusal, TokenPath, WebState, query, see_other};

pub(super) use report::take as take_report;
pub(super) use time::take as take_time_request;

/// The longest note or reason, in letters.
const MAX_NOTE: usize = 2000;

/// The page of a task. Changes nothing: programs that look for bad links in mail open them all.
pub(super) async fn show(
    State(web): State<Arc<WebState>>,
    Path(token): TokenPath,
    RawQuery(words): RawQuery,
) -> Response {
    let shown = async {
        let session = web.open(Purpose::Answer, &token).await?;
        let mut words = query(words.as_deref());
        if direct::directs(&web, &session).await? {
            let directed = words.remove("done").as_deref().and_then(Directed::of);
            let nothing = (FormInput::default(), Mistakes::default());
            return direct::page(&web, &session, (StatusCode::OK, directed), nothing).await;
        }
        let (chosen, period) = (words.remove("s"), words.remove("p").unwrap_or_default());
        let status = chosen.and_then(|word| reported(&word)).map(|status| status.as_str().to_owned());
        let due = words.remove("due").filter(|due| form::date(due).is_some()).unwrap_or_default();
        let asks_time = words.contains_key("t");
        let status = status.unwrap_or_default();
        let typed = FormInput { status, period, due, asks_time, ..FormInput::default() };
        TaskPage::new(&web, session)?.show(StatusCode::OK, typed, Mistakes::default()).await
    };
    web.respond(shown.await)
}

/// The status that a word of a form means, where people report it here.
fn reported(word: &str) -> Option<Status> {
    Status::reported().into_iter().find(|status| status.as_str() == word)
}

/// Back from an address that only forms are posted to.
pub(super) async fn back(State(web): State<Arc<WebState>>, Path(token): TokenPath) -> Response {
    let session = web.open(Purpose::Answer, &token).await;
    web.respond(session.map(|session| see_other(&format!("{}/a/{token}", session.base()))))
}

/// What a form was taken as.
pub(super) async fn taken(State(web): State<Arc<WebState>>, Path((token, form)): Path<(String, String)>) -> Response {
    let shown = taken_page(&web, &token, &form).await;
    web.respond(shown)
}

async fn taken_page(web: &WebState, token: &str, form: &str) -> Result<Response, Refusal> {
    let session = web.open(Purpose::Answer, token).await?;
    let task = session.task()?;
    let what = web.store.form(&session.index.scope().organisation, form, session.name()).await?;
    let recorded = what.and_then(|what| serde_json::from_str::<FormReceipt>(&what).ok());
    let Some(recorded) = recorded.filter(|recorded| TaskId::new(recorded.task()) == task.id) else {
        return Ok(see_other(&format!("{}/a/{token}", session.base())));
    };
    let reported = session.reported(&web.store).await?;
    session.show(StatusCode::OK, &Page::receipt(&session.scene(&reported), task, recorded))
}

/// The page of a task with its two forms, which have a name so that one that is sent twice counts once.
struct TaskPage<'a> {
    web: &'a WebState,
    session: Session,
    form_name: String,
}

impl<'a> TaskPage<'a> {
    /// A page whose forms have a new name.
    fn new(web: &'a WebState, session: Session) -> Result<Self, Refusal> {
        Ok(Self { web, session, form_name: form_name()? })
    }

    /// The page that a form came from, where its name is one that a page gave; otherwise a new one.
    fn of(web: &'a WebState, session: Session, form: &PostedForm) -> Result<Self, Refusal> {
        let name = form.field("form");
        let name = name.strip_suffix(TIME_FORM).unwrap_or(&name);
        let is_ours = name.len() == 32 && name.bytes().all(|letter| letter.is_ascii_hexdigit());
        if is_ours { Ok(Self { web, session, form_name: name.to_owned() }) } else { Self::new(web, session) }
    }

    /// Shows it with what was typed and what is wrong with that.
    async fn show(&self, status: StatusCode, typed: FormInput, mistakes: Mistakes) -> Result<Response, Refusal> {
        let reported = self.session.reported(&self.web.store).await?;
        self.show_over(&reported, status, typed, mistakes)
    }

    /// The same where it is known already what was reported.
    fn show_over(
        &self,
        reported: &ReportedState,
        status: StatusCode,
        typed: FormInput,
        mistakes: Mistakes,
    ) -> Result<Response, Refusal> {
        let (session, task) = (&self.session, self.session.task()?);
        session.show(status, &Page::answer(&session.scene(reported), task, &self.form_name, typed, mistakes))
    }

    /// The name of its form for a request for time: a page has two forms, and each counts once.
    fn time_form_name(&self) -> String {
        format!("{}{TIME_FORM}", self.form_name)
    }

    /// Sends the browser on to what a form was taken as.
    fn to_taken(&self, form: &str) -> Response {
        see_other(&format!("{}/a/{}/{form}", self.session.base(), self.session.text))
    }

    /// Whether a form was taken before: a browser sends it again when its page is loaded anew.
    async fn was_taken(&self, form: &str) -> Result<bool, Refusal> {
        let organisation = &self.session.index.scope().organisation;
        Ok(self.web.store.form(organisation, form, self.session.name()).await?.is_some())
    }

    /// Whether another form of its link is taken today.
    async fn may_answer(&self) -> Result<bool, Refusal> {
        let Session { now, .. } = &self.session;
        let whose = (self.session.name(), &self.session.task()?.id);
        Ok(answers_by_link::may_answer(&self.web.store, self.session.school(), whose, now.timestamp()).await?)
    }

    /// Shows it with what was typed, which can be sent tomorrow.
    async fn refuse_for_today(&self, typed: FormInput) -> Result<Response, Refusal> {
        let mistakes = Mistakes { form: Some(Mistake::TooManyToday), ..Mistakes::default() };
        self.show(StatusCode::TOO_MANY_REQUESTS, typed, mistakes).await
    }

    /// A form that is taken as `what`, in JSON.
    fn taken<'f>(&'f self, form: &'f str, what: &'f str) -> links::Form<'f> {
        links::Form { name: form, person: self.session.name(), at: self.session.now.timestamp(), what }
    }
}

/// What the name of the form for a request for time ends in.
const TIME_FORM: char = 't';

fn json(taken: &FormReceipt) -> Result<String, Refusal> {
    serde_json::to_string(taken).map_err(|error| Refusal::Broken(error.to_string()))
}
