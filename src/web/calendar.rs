//! The dates of one person's tasks, as a calendar that phones and mail programs subscribe to.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::compose::PlanState;
use crate::link::Purpose;

use super::overview::own_tasks;
use super::{Desk, Refusal, Token, Web};

/// The calendar, or that it has not changed since it was last asked for.
pub(super) async fn feed(State(web): State<Web>, Path(file): Token, headers: HeaderMap) -> Response {
    let calendar = calendar(&web, &file, &headers).await;
    web.respond(calendar)
}

async fn calendar(web: &Desk, file: &str, headers: &HeaderMap) -> Result<Response, Refusal> {
    let token = file.strip_suffix(".ics").ok_or(Refusal::Gone)?;
    let visit = web.visit(Purpose::Calendar, token).await?;
    let progress = web.store.progress(visit.ground.scope()).await?;
    let revisions = web.store.revisions(visit.ground.scope()).await?;
    let tasks: Vec<_> = own_tasks(&visit).collect();
    let state = PlanState { school: visit.school(), progress: &progress };
    let composer = &visit.ground.in_force.composer;
    let text = composer.feed(state, &revisions, visit.person, &tasks, &visit.now)?;
    let tag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(&Sha256::digest(&text)[..16]));
    let known = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let is_known = known.flat_map(|list| list.split(',')).any(|known| known.trim().trim_start_matches("W/") == tag);
    let etag = HeaderValue::from_str(&tag).map_err(|error| Refusal::Broken(error.to_string()))?;
    // Kept by whoever subscribes, and asked for anew each time.
    let kept = [(header::ETAG, etag), (header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"))];
    if is_known {
        return Ok((StatusCode::NOT_MODIFIED, kept).into_response());
    }
    let kind = [(header::CONTENT_TYPE, "text/calendar; charset=utf-8")];
    Ok((kept, kind, text).into_response())
}
