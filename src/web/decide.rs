//! Accepting or refusing a request for time.

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::app::intake::{self, ProposalError};
use crate::compose::{FormInput, Mistake, Mistakes, Page};
use crate::link::Purpose;
use crate::plan::Task;
use crate::progress::{RequestDecision, TimeRequest};
use crate::with_causes;

use super::form::{self, Bounds};
use super::session::{Known, Visit, decides};
use super::{Desk, Refusal, Token, Web, page, see_other};

/// No note is longer, in letters.
const LONGEST: usize = 2000;

/// The page of a request. Changes nothing.
pub(super) async fn show(State(web): State<Web>, Path(token): Token) -> Response {
    let shown = show_page(&web, &token).await;
    web.respond(shown)
}

async fn show_page(web: &Desk, token: &str) -> Result<Response, Refusal> {
    let (visit, known) = visit(web, token).await?;
    request_page(&visit, &known, StatusCode::OK, FormInput::default(), Mistakes::default())
}

async fn visit(web: &Desk, token: &str) -> Result<(Visit, Known), Refusal> {
    let visit = web.visit(Purpose::Decide, token).await?;
    if !decides(visit.school(), visit.person) {
        return Err(Refusal::Gone);
    }
    let known = visit.known(&web.store).await?;
    Ok((visit, known))
}

/// The request that a link is about, and its task.
fn subject<'v>(visit: &'v Visit, known: &'v Known) -> Result<(&'v TimeRequest, &'v Task), Refusal> {
    let plan = &visit.school().plan;
    let signer = visit.ground.signer();
    let is_meant =
        |request: &&TimeRequest| signer.request(&plan.number, &request.task, request.number) == visit.token.subject;
    let request = known.requests.iter().find(is_meant).ok_or(Refusal::Gone)?;
    let task = plan.tasks.iter().find(|task| task.id == request.task).ok_or(Refusal::Gone)?;
    Ok((request, task))
}

fn request_page(
    visit: &Visit,
    known: &Known,
    status: StatusCode,
    typed: FormInput,
    mistakes: Mistakes,
) -> Result<Response, Refusal> {
    let (request, task) = subject(visit, known)?;
    let shown = Page::decide(&visit.scene(known), task, request, typed, mistakes);
    Ok(page(status, visit.ground.in_force.composer.page(&shown)?))
}

/// Takes a decision.
pub(super) async fn take(State(web): State<Web>, Path(token): Token, request: Request) -> Response {
    let answer = take_decision(&web, &token, request).await;
    web.respond(answer)
}

async fn take_decision(web: &Desk, token: &str, request: Request) -> Result<Response, Refusal> {
    let (visit, known) = visit(web, token).await?;
    let (asked, task) = subject(&visit, &known)?;
    let form = form::posted(request, Bounds::PLAIN, None).await;
    let typed = FormInput { decision: form.field("decision"), note: form.field("note"), ..FormInput::default() };
    let is_accepted = match typed.decision.as_str() {
        "accept" => Some(true),
        "refuse" => Some(false),
        _ => None,
    };
    let is_long = typed.note.chars().count() > LONGEST;
    let mistakes = Mistakes {
        decision: is_accepted.is_none().then_some(Mistake::MissingDecision),
        note: is_long.then_some(Mistake::TooLong),
        form: form.trouble.map(|_| Mistake::Unreadable),
        ..Mistakes::default()
    };
    let Some(is_accepted) = is_accepted.filter(|_| !mistakes.any()) else {
        return request_page(&visit, &known, StatusCode::UNPROCESSABLE_ENTITY, typed, mistakes);
    };
    let decision = RequestDecision {
        at: visit.now.timestamp(),
        by: Some(visit.name().to_owned()),
        note: (!typed.note.is_empty()).then(|| typed.note.clone()),
    };
    let decided = match intake::settle_request(&web.store, visit.school(), task, asked, is_accepted, decision).await {
        Err(ProposalError::Past(_)) => {
            let mistakes = Mistakes { decision: Some(Mistake::DatePassed), ..Mistakes::default() };
            return request_page(&visit, &known, StatusCode::UNPROCESSABLE_ENTITY, typed, mistakes);
        }
        Err(error) => return Err(Refusal::Broken(with_causes(&error))),
        Ok(decided) => decided,
    };
    if !decided {
        let known = visit.known(&web.store).await?;
        return request_page(
            &visit,
            &known,
            StatusCode::CONFLICT,
            typed,
            Mistakes { already_decided: true, ..Mistakes::default() },
        );
    }
    tracing::info!(task = %task.id, is_accepted, "a request for time was decided by link");
    web.wake();
    Ok(see_other(&format!("{}/d/{token}", visit.base())))
}
