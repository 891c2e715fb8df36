//! The dates of one person's tasks, as a calendar that phones and mail programs subscribe to.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::compose::PlanState;
use crate::link::Purpose;
use crate::short_id;

use super::overview::own_tasks;
use super::{Refusal, TokenPath, WebState};

/// The calendar, or that it has not changed since it was last asked for.
pub(super) async fn feed(State(web): State<Arc<WebState>>, Path(file): TokenPath, headers: HeaderMap) -> Response {
    let calendar = calendar(&web, &file, &headers).await;
    web.respond(calendar)
}

async fn calendar(web: &WebState, file: &str, headers: &HeaderMap) -> Result<Response, Refusal> {
    let token = file.strip_suffix(".ics").ok_or(Refusal::Gone)?;
    let session = web.open(Purpose::Calendar, token).await?;
    let progress = web.store.progress(session.school()).await?;
    let revisions = web.store.revisions(session.index.scope()).await?;
    let tasks: Vec<_> = own_tasks(&session).collect();
    let state = PlanState { school: session.school(), progress: &progress };
    let composer = &session.index.in_force.composer;
    let text = composer.feed(state, &revisions, session.person, &tasks, &session.now)?;
    let tag = format!("\"{}\"", short_id([&text]));
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
