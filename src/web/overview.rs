//! All tasks of one person, each with its own link: leads and coordinators see what is theirs.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::compose::Page;
use crate::link::Purpose;
use crate::plan::Task;

use super::session::Session;
use super::{Refusal, TokenPath, WebState};

/// The page.
pub(super) async fn show(State(web): State<Arc<WebState>>, Path(token): TokenPath) -> Response {
    let shown = page_of(&web, &token).await;
    web.respond(shown)
}

async fn page_of(web: &WebState, token: &str) -> Result<Response, Refusal> {
    let session = web.open(Purpose::Overview, token).await?;
    let reported = session.reported(&web.store).await?;
    let base = session.base();
    let tasks: Vec<(&Task, String)> = own_tasks(&session)
        .map(|task| {
            let subject = session.index.signer().task(&session.school().plan.number, &task.id);
            (task, format!("{base}/a/{}", session.link(Purpose::Answer, subject)))
        })
        .collect();
    session.show(StatusCode::OK, &Page::overview(&session.scene(&reported), &tasks))
}

/// The tasks that somebody leads or helps with.
pub(super) fn own_tasks(session: &Session) -> impl Iterator<Item = &Task> {
    session.school().plan.tasks.iter().filter(|task| task.is_of(session.person))
}
