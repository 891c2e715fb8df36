//! Accepting or refusing a request for time.

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::app::ask_for_time::ProposalError;
use crate::app::decide_time::{Verdict, decide_time};
use crate::compose::{Mistake, Mistakes, Page, Typed};
use crate::link::Purpose;
use crate::plan::Task;
use crate::progress::{Decision, TimeRequest};
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
    request_page(&visit, &known, StatusCode::OK, Typed::default(), Mistakes::default(), false)
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
    typed: Typed,
    mistakes: Mistakes,
    already: bool,
) -> Result<Response, Refusal> {
    let (request, task) = subject(visit, known)?;
    let shown = Page::decide(&visit.scene(known), task, request, typed, mistakes, already);
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
    let typed = Typed { decision: form.field("decision"), note: form.field("note"), ..Typed::default() };
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
        return request_page(&visit, &known, StatusCode::UNPROCESSABLE_ENTITY, typed, mistakes, false);
    };
    let decision = Decision {
        at: visit.now.timestamp(),
        by: Some(visit.name().to_owned()),
        note: (!typed.note.is_empty()).then(|| typed.note.clone()),
    };
    let verdict = if is_accepted { Verdict::Granted } else { Verdict::Refused };
    let decided = match decide_time(&web.store, visit.school(), asked, verdict, decision).await {
        Err(ProposalError::Past(_)) => {
            let mistakes = Mistakes { decision: Some(Mistake::DatePassed), ..Mistakes::default() };
            return request_page(&visit, &known, StatusCode::UNPROCESSABLE_ENTITY, typed, mistakes, false);
        }
        Err(error) => return Err(Refusal::Broken(with_causes(&error))),
        Ok(decided) => decided,
    };
    if !decided {
        let known = visit.known(&web.store).await?;
        return request_page(&visit, &known, StatusCode::CONFLICT, typed, Mistakes::default(), true);
    }
    tracing::info!(task = %task.id, is_accepted, "a request for time was decided by link");
    web.wake();
    Ok(see_other(&format!("{}/d/{token}", visit.base())))
}
