//! Accepting or refusing a request for time.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::app::ask_for_time::ProposalError;
use crate::app::decide_time::{Verdict, decide_time};
use crate::compose::{FormInput, Mistake, Mistakes, Page};
use crate::link::Purpose;
use crate::plan::Task;
use crate::progress::{RequestDecision, TimeRequest};
use crate::with_causes;

use super::form::{self, FormLimits};
use super::session::{ReportedState, Session};
use super::{Refusal, TokenPath, WebState, see_other};

/// The longest note, in letters.
const MAX_NOTE: usize = 2000;

/// The page of a request. Changes nothing.
pub(super) async fn show(State(web): State<Arc<WebState>>, Path(token): TokenPath) -> Response {
    let shown = async { DecisionPage::open(&web, &token).await?.show(StatusCode::OK, DecisionForm::default()) };
    web.respond(shown.await)
}

/// Takes a decision.
pub(super) async fn take(State(web): State<Arc<WebState>>, Path(token): TokenPath, request: Request) -> Response {
    let answer = take_decision(&web, &token, request).await;
    web.respond(answer)
}

/// The page of one request for time, for somebody who decides such requests.
struct DecisionPage {
    session: Session,
    reported: ReportedState,
}

/// The form of the page as it comes back.
#[derive(Default)]
struct DecisionForm {
    typed: FormInput,
    mistakes: Mistakes,
}

impl DecisionPage {
    async fn open(web: &WebState, token: &str) -> Result<Self, Refusal> {
        let session = web.open(Purpose::Decide, token).await?;
        if !session.school().decides_time(session.person) {
            return Err(Refusal::Gone);
        }
        let reported = session.reported(&web.store).await?;
        Ok(Self { session, reported })
    }

    /// The request that the link is about, and its task.
    fn subject(&self) -> Result<(&TimeRequest, &Task), Refusal> {
        let Self { session, reported } = self;
        let plan = &session.school().plan;
        let signer = session.index.signer();
        let is_meant = |request: &&TimeRequest| {
            signer.request(&plan.number, &request.task, request.number) == session.token.subject
        };
        let request = reported.requests.iter().find(is_meant).ok_or(Refusal::Gone)?;
        let task = plan.task(&request.task).ok_or(Refusal::Gone)?;
        Ok((request, task))
    }

    /// Whether they decide it.
    fn decides(&self) -> Result<bool, Refusal> {
        let (request, task) = self.subject()?;
        Ok(self.session.school().decides_request(task, self.session.person, request.by.as_deref()))
    }

    fn show(&self, status: StatusCode, form: DecisionForm) -> Result<Response, Refusal> {
        let (request, task) = self.subject()?;
        let DecisionForm { typed, mistakes } = form;
        let scene = self.session.scene(&self.reported);
        self.session.show(status, &Page::decide(&scene, task, (request, self.decides()?), typed, mistakes))
    }
}

async fn take_decision(web: &WebState, token: &str, request: Request) -> Result<Response, Refusal> {
    let shown = DecisionPage::open(web, token).await?;
    let (asked, task) = shown.subject()?;
    if !shown.decides()? {
        return shown.show(StatusCode::FORBIDDEN, DecisionForm::default());
    }
    let form = form::posted(request, FormLimits::PLAIN, None).await;
    let typed = FormInput { decision: form.field("decision"), note: form.field("note"), ..FormInput::default() };
    let verdict = match typed.decision.as_str() {
        "accept" => Some(Verdict::Granted),
        "refuse" => Some(Verdict::Refused),
        _ => None,
    };
    let is_long = typed.note.chars().count() > MAX_NOTE;
    let mistakes = Mistakes {
        decision: verdict.is_none().then_some(Mistake::MissingDecision),
        note: is_long.then_some(Mistake::TooLong),
        form: form.error.map(|_| Mistake::Unreadable),
        ..Mistakes::default()
    };
    let Some(verdict) = verdict.filter(|_| !mistakes.any()) else {
        let form = DecisionForm { typed, mistakes };
        return shown.show(StatusCode::UNPROCESSABLE_ENTITY, form);
    };
    let session = &shown.session;
    let decision = RequestDecision {
        at: session.now.timestamp(),
        by: Some(session.name().to_owned()),
        note: (!typed.note.is_empty()).then(|| typed.note.clone()),
    };
    match decide_time(&web.store, session.school(), asked, verdict, decision).await {
        Ok(true) => {
            tracing::info!(task = task.name, ?verdict, "a request for time was decided by link");
            web.wake_ups.wake();
            Ok(see_other(&format!("{}/d/{token}", session.base())))
        }
        Ok(false) => {
            let shown = DecisionPage::open(web, token).await?;
            let form = DecisionForm { typed, mistakes: Mistakes { already_decided: true, ..Mistakes::default() } };
            shown.show(StatusCode::CONFLICT, form)
        }
        Err(ProposalError::Past(_)) => {
            let mistakes = Mistakes { decision: Some(Mistake::DatePassed), ..Mistakes::default() };
            let form = DecisionForm { typed, mistakes };
            shown.show(StatusCode::UNPROCESSABLE_ENTITY, form)
        }
        Err(error) => Err(Refusal::Broken(with_causes(&error))),
    }
}
