//! The plan at a glance for those who supervise it, and the evidence behind it.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio_util::io::ReaderStream;

use crate::compose::{Filter, Page};
use crate::evidence_store::EvidenceStore;
use crate::link::Purpose;
use crate::progress::evidence::Proof;
use crate::text;

use super::session::Session;
use super::{Refusal, TokenPath, WebState, query};

/// The page.
pub(super) async fn show(
    State(web): State<Arc<WebState>>,
    Path(token): TokenPath,
    RawQuery(words): RawQuery,
) -> Response {
    let shown = page_of(&web, &token, words.as_deref()).await;
    web.respond(shown)
}

async fn open(web: &WebState, token: &str) -> Result<Session, Refusal> {
    let session = web.open(Purpose::Status, token).await?;
    if session.school().oversees(session.person) { Ok(session) } else { Err(Refusal::Gone) }
}

async fn page_of(web: &WebState, token: &str, words: Option<&str>) -> Result<Response, Refusal> {
    let session = open(web, token).await?;
    let words = query(words);
    let word = |name: &str| words.get(name).map_or("", String::as_str);
    let filter = Filter::new(word("state"), word("standard"), word("lead"), word("due"));
    let reported = session.reported(&web.store).await?;
    session.show(StatusCode::OK, &Page::status(&session.scene(&reported), filter))
}

/// A file of evidence, by its code: to be saved, never shown, whatever it is.
pub(super) async fn download(
    State(web): State<Arc<WebState>>,
    Path((token, code)): Path<(String, String)>,
) -> Response {
    let file = file_of(&web, &token, &code).await;
    web.respond(file)
}

async fn file_of(web: &WebState, token: &str, code: &str) -> Result<Response, Refusal> {
    let session = open(web, token).await?;
    let evidence = web.store.evidence(session.index.scope()).await?;
    let piece = evidence.into_iter().find(|piece| piece.code == code).ok_or(Refusal::Gone)?;
    let Proof::File { hash, name, media_type, .. } = piece.proof else { return Err(Refusal::Gone) };
    let files = EvidenceStore::open(&session.school().settings.evidence);
    let file = files.get(&hash).await.map_err(|error| Refusal::Broken(format!("evidence {code}: {error}")))?;
    let length = HeaderValue::from(file.size);
    let media_type = HeaderValue::from_str(&media_type).ok();
    let media_type = media_type.unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let headers = [
        (header::CONTENT_TYPE, media_type),
        (header::CONTENT_LENGTH, length),
        (header::CONTENT_DISPOSITION, attachment(code, &name)),
    ];
    // A piece at a time, as many may be on their way to readers on slow lines.
    Ok((headers, Body::from_stream(ReaderStream::new(file.content))).into_response())
}

/// Under which name a file is saved: its code and its own name (RFC 6266), in plain letters for old programs.
fn attachment(code: &str, name: &str) -> HeaderValue {
    let whole = format!("{code} {name}");
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || " .-_".contains(letter);
    let plain: String = text::fold(&whole).chars().map(|letter| if is_plain(letter) { letter } else { '_' }).collect();
    let encoded: String = whole
        .bytes()
        .map(|byte| {
            let is_safe = byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
            if is_safe { char::from(byte).to_string() } else { format!("%{byte:02X}") }
        })
        .collect();
    let value = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}");
    HeaderValue::from_str(&value).unwrap_or(HeaderValue::from_static("attachment"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_download_is_safe_in_a_header() {
        let value = attachment("H1-1.4-01", "Biên bản \"họp\"\r\nX: y.pdf");
        assert_eq!(
            value.to_str().unwrap_or_default(),
            "attachment; filename=\"h1-1.4-01 bien ban _hop_ x_ y.pdf\"; \
             filename*=UTF-8''H1-1.4-01%20Bi%C3%AAn%20b%E1%BA%A3n%20%22h%E1%BB%8Dp%22%0D%0AX%3A%20y.pdf"
        );
    }
}
