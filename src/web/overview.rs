//! All tasks of one person, each with its own link: leads and coordinators see what is theirs.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::compose::Page;
use crate::link::Purpose;
use crate::plan::Task;

use super::session::Visit;
use super::{Desk, Refusal, Token, Web, page};

pub(super) async fn show(State(web): State<Web>, Path(token): Token) -> Response {
    let shown = page_of(&web, &token).await;
    web.respond(shown)
}

async fn page_of(web: &Desk, token: &str) -> Result<Response, Refusal> {
    let visit = web.visit(Purpose::Overview, token).await?;
    let known = visit.known(&web.store).await?;
    let base = visit.base();
    let tasks: Vec<(&Task, String)> = own_tasks(&visit)
        .map(|task| {
            let subject = visit.ground.signer().task(&visit.school().plan.number, &task.id);
            (task, format!("{base}/a/{}", visit.link(Purpose::Answer, subject)))
        })
        .collect();
    let html = visit.ground.in_force.composer.page(&Page::overview(&visit.scene(&known), &tasks))?;
    Ok(page(StatusCode::OK, html))
}

/// The tasks that somebody leads or helps with.
pub(super) fn own_tasks(visit: &Visit) -> impl Iterator<Item = &Task> {
    let is_own = |task: &&Task| task.leads.contains(&visit.person) || task.coordinators.contains(&visit.person);
    visit.school().plan.tasks.iter().filter(is_own)
}
