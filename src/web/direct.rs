//! The page of a superior about a task that is late: who leads it and what was said last; a later date, the task closed, or a
//! question to those who lead it.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::app::ask_for_time::Proposal;
use crate::app::ask_leads::ask_leads;
use crate::app::decide_time::postpone;
use crate::app::take_answer::{AnswerSource, NewAnswer, TaskReport, take_answer};
use crate::compose::{Directed, FormInput, Mistake, Mistakes, Page};
use crate::link::Purpose;
use crate::plan::Status;
use crate::progress::{How, ProgressEntry};
use crate::store::links::Form;

use super::form::{self, FormLimits, PostedForm};
use super::session::Session;
use super::{Refusal, TokenPath, WebState, see_other};

/// The longest note, question or reason, in letters.
const MAX_WORDS: usize = 2000;

/// Whether somebody who has opened the page of a task directs it: they hear of it when it is late, and answer for no part of it
/// that is open.
pub(super) async fn directs(web: &WebState, session: &Session) -> Result<bool, Refusal> {
    let task = session.task()?;
    let school = session.school();
    let days = session.days();
    if !school.is_superior(session.person, &days) {
        return Ok(false);
    }
    let progress = web.store.progress(school).await?;
    let open = school.leads_spoken_for(task, session.person, &days);
    let is_open = |name: &str| !progress.part(&task.id, name).status.is_closed();
    Ok(!open.iter().any(|lead| is_open(&school.settings.people.get(*lead).name)))
}

/// What a superior does with a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    Grant,
    Close,
    Ask,
}

impl Direction {
    fn of(word: &str) -> Option<Self> {
        match word {
            "grant" => Some(Self::Grant),
            "close" => Some(Self::Close),
            "ask" => Some(Self::Ask),
            _ => None,
        }
    }

    /// What the page says when it is done.
    fn done(self) -> Directed {
        match self {
            Self::Grant => Directed::Granted,
            Self::Close => Directed::Closed,
            Self::Ask => Directed::Asked,
        }
    }
}

/// The page. Changes nothing.
pub(super) async fn page(
    web: &WebState,
    session: &Session,
    (status, directed): (StatusCode, Option<Directed>),
    (typed, mistakes): (FormInput, Mistakes),
) -> Result<Response, Refusal> {
    let task = session.task()?;
    let reported = session.reported(&web.store).await?;
    let open = reported.requests.iter().find(|request| request.task == task.id && request.is_open());
    let school = session.school();
    let signer = session.index.signer();
    let may_decide = open.is_some_and(|request| school.decides_request(task, session.person, request.by.as_deref()));
    let decide = open.filter(|_| may_decide).map(|request| {
        let subject = signer.request(&school.plan.number, &request.task, request.number);
        format!("{}/d/{}", session.base(), session.link(Purpose::Decide, subject))
    });
    let form = super::time_form::form_name()?;
    let shown = Page::superior(&session.scene(&reported), task, (&form, decide), directed, (typed, mistakes));
    session.show(status, &shown)
}

/// Takes what a superior does.
pub(super) async fn take(State(web): State<Arc<WebState>>, Path(token): TokenPath, request: Request) -> Response {
    let answer = take_direction(&web, &token, request).await;
    web.respond(answer)
}

async fn take_direction(web: &WebState, token: &str, request: Request) -> Result<Response, Refusal> {
    let session = web.open(Purpose::Answer, token).await?;
    if !directs(web, &session).await? {
        return Err(Refusal::Gone);
    }
    let form = form::posted(request, FormLimits::PLAIN, None).await;
    let typed = FormInput {
        decision: form.field("decision"),
        due: form.field("due"),
        why: form.field("why"),
        note: form.field("note"),
        ..FormInput::default()
    };
    let done = match check(&typed, &form) {
        Ok(direction) => carry_out(web, &session, &form, (direction, &typed)).await?.map(|()| direction),
        Err(mistakes) => Err(mistakes),
    };
    match done {
        Ok(direction) => {
            web.wake_ups.wake();
            Ok(see_other(&format!("{}/a/{token}?done={}", session.base(), direction.done().as_str())))
        }
        Err(mistakes) => page(web, &session, (StatusCode::UNPROCESSABLE_ENTITY, None), (typed, mistakes)).await,
    }
}

/// What is to be done, or everything that is wrong with how it is written.
fn check(typed: &FormInput, form: &PostedForm) -> Result<Direction, Mistakes> {
    let is_long = |words: &str| words.chars().count() > MAX_WORDS;
    let direction = Direction::of(&typed.decision);
    let mut mistakes = Mistakes {
        form: form.error.map(|_| Mistake::Unreadable),
        decision: direction.is_none().then_some(Mistake::MissingDirection),
        why: is_long(&typed.why).then_some(Mistake::TooLong),
        note: is_long(&typed.note).then_some(Mistake::TooLong),
        ..Mistakes::default()
    };
    match direction {
        Some(Direction::Grant) => {
            mistakes.due = match form::date(&typed.due) {
                Some(_) => None,
                None if typed.due.is_empty() => Some(Mistake::MissingDate),
                None => Some(Mistake::BadDate),
            };
            if typed.why.is_empty() {
                mistakes.why = Some(Mistake::MissingWhy);
            }
        }
        Some(Direction::Ask) if typed.note.is_empty() => mistakes.note = Some(Mistake::MissingWords),
        Some(Direction::Ask | Direction::Close) | None => {}
    }
    direction.filter(|_| !mistakes.any()).ok_or(mistakes)
}

/// Does it, in the superior's name; what is wrong with a date, where it cannot be meant.
async fn carry_out(
    web: &WebState,
    session: &Session,
    form: &PostedForm,
    (direction, typed): (Direction, &FormInput),
) -> Result<Result<(), Mistakes>, Refusal> {
    let (school, task, at) = (session.school(), session.task()?, session.now.timestamp());
    let by = session.name().to_owned();
    let name = form.field("form");
    let claimed = Form { name: &name, person: session.name(), at, what: "null" };
    tracing::info!(task = task.name, ?direction, "a superior directs a task by link");
    match direction {
        Direction::Grant => {
            let Some(due) = form::date(&typed.due) else { return Ok(Err(Mistakes::default())) };
            let proposal = Proposal { due, why: typed.why.clone(), by: Some(by), how: How::Link, at };
            match postpone(&web.store, school, task, &proposal).await {
                Ok(()) => Ok(Ok(())),
                Err(error) => super::time_form::mistakes_of(error).map(Err),
            }
        }
        Direction::Close => {
            let mut answer = NewAnswer::new(AnswerSource::Form(claimed), at);
            let days = session.days();
            answer.reports.push(TaskReport { answers: &days, ..TaskReport::new(task, closing(session, typed), &[]) });
            take_answer(&web.store, school, answer).await?;
            Ok(Ok(()))
        }
        Direction::Ask => {
            ask_leads(&web.store, school, (task, &by), &typed.note, claimed).await?;
            Ok(Ok(()))
        }
    }
}

/// The report with which a superior closes a task.
fn closing(session: &Session, typed: &FormInput) -> ProgressEntry {
    ProgressEntry {
        at: session.now.timestamp(),
        status: Status::Done,
        percent: Some(100),
        note: (!typed.note.is_empty()).then(|| typed.note.clone()),
        evidence: Vec::new(),
        by: Some(session.name().to_owned()),
        how: How::Link,
    }
}
