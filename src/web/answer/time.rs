//! Taking a request for time.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;

use crate::app::ask_for_time::{Proposal, ProposalError, ask_for_time};
use crate::compose::{FormInput, FormReceipt, Mistake, Mistakes};
use crate::link::Purpose;
use crate::progress::How;

use super::{MAX_NOTE, TaskPage, json};
use crate::web::form::{self, FormLimits, PostedForm};
use crate::web::session::Session;
use crate::web::time_form::mistakes_of;
use crate::web::{Refusal, TokenPath, WebState};

/// Takes a request for time.
pub(in crate::web) async fn take(
    State(web): State<Arc<WebState>>,
    Path(token): TokenPath,
    request: Request,
) -> Response {
    let answer = take_request(&web, &token, request).await;
    web.respond(answer)
}

async fn take_request(web: &WebState, token: &str, request: Request) -> Result<Response, Refusal> {
    let session = web.open(Purpose::Answer, token).await?;
    session.task()?;
    let form = form::posted(request, FormLimits::PLAIN, None).await;
    let page = TaskPage::of(web, session, &form)?;
    let form_name = page.time_form_name();
    if page.was_taken(&form_name).await? {
        return Ok(page.to_taken(&form_name));
    }
    let typed = FormInput { due: form.field("due"), why: form.field("why"), asks_time: true, ..FormInput::default() };
    if !page.may_answer().await? {
        return page.refuse_for_today(typed).await;
    }
    let mistakes = match check(&page.session, &typed, &form) {
        Err(mistakes) => mistakes,
        Ok(proposal) => match hand_on(&page, &form_name, proposal).await {
            Ok(()) => return Ok(page.to_taken(&form_name)),
            Err(NotAsked::Proposal(error)) => mistakes_of(error)?,
            Err(NotAsked::Refusal(refusal)) => return Err(refusal),
        },
    };
    page.show(StatusCode::UNPROCESSABLE_ENTITY, typed, mistakes).await
}

/// Writes a request down with all that follows from it, and wakes the daemon, unless its form was taken meanwhile.
async fn hand_on(page: &TaskPage<'_>, form_name: &str, proposal: Proposal) -> Result<(), NotAsked> {
    let task = page.session.task()?;
    let taken = FormReceipt::Time { task: task.id.as_str().to_owned(), due: proposal.due, why: proposal.why.clone() };
    let what = json(&taken)?;
    let form = page.taken(form_name, &what);
    let due = proposal.due;
    let number = ask_for_time(&page.web.store, page.session.school(), task, proposal, Some(form)).await?;
    if number.is_some() {
        tracing::info!(task = task.name, %due, "a request for time came by link");
        page.web.wake_ups.wake();
    }
    Ok(())
}

/// Why a request was not written down.
#[derive(Debug)]
enum NotAsked {
    /// It makes no sense.
    Proposal(ProposalError),
    /// There is no page for it.
    Refusal(Refusal),
}

impl From<ProposalError> for NotAsked {
    fn from(error: ProposalError) -> Self {
        Self::Proposal(error)
    }
}

impl From<Refusal> for NotAsked {
    fn from(refusal: Refusal) -> Self {
        Self::Refusal(refusal)
    }
}

/// What was asked for, or everything that is wrong with how it is written.
fn check(session: &Session, typed: &FormInput, form: &PostedForm) -> Result<Proposal, Mistakes> {
    let mut mistakes = Mistakes::default();
    if form.error.is_some() {
        mistakes.form = Some(Mistake::Unreadable);
    }
    let due = due(&typed.due);
    mistakes.due = due.err();
    if typed.why.is_empty() {
        mistakes.why = Some(Mistake::MissingWhy);
    } else if typed.why.chars().count() > MAX_NOTE {
        mistakes.why = Some(Mistake::TooLong);
    }
    match due {
        Ok(due) if !mistakes.any() => Ok(Proposal {
            due,
            why: typed.why.clone(),
            by: Some(session.name().to_owned()),
            how: How::Link,
            at: session.now.timestamp(),
        }),
        _ => Err(mistakes),
    }
}

fn due(text: &str) -> Result<Date, Mistake> {
    if text.is_empty() {
        return Err(Mistake::MissingDate);
    }
    form::date(text).ok_or(Mistake::BadDate)
}
