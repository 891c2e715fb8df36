//! Forms as browsers post them, read within bounds: fields by name, and files.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::header;
use futures_util::{Stream, StreamExt, stream};
use multer::{Constraints, Multipart};
use tokio::time::{Instant, timeout_at};
use url::form_urlencoded;

use crate::text;

use super::upload_memory::{Full, Share};

/// Every field of every form.
const FIELDS: [&str; 9] = ["form", "status", "percent", "note", "link", "files", "due", "why", "decision"];
/// No field but a file is longer, in bytes.
const LONGEST_FIELD: u64 = 32 << 10;
/// What the parts of a form take up beside what they hold.
const AROUND: u64 = 64 << 10;
/// A body that is too large is read on so far, as a browser shows an answer only when it could send all.
const READ_ON: u64 = 128 << 20;

/// How long a body may pause.
const PAUSE: Duration = Duration::from_secs(30);
/// How long a body may take in all: fifty MiB over two Mbit/s, which a telephone has.
const WHOLE: Duration = Duration::from_mins(4);

/// How much a form may hold.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Files.
    pub files: usize,
    /// Bytes of each file.
    pub file: u64,
}

impl Bounds {
    /// A form without files.
    pub const PLAIN: Self = Self { files: 0, file: 0 };

    fn body(self) -> u64 {
        u64::try_from(self.files).unwrap_or(0).saturating_mul(self.file).saturating_add(LONGEST_FIELD * 4 + AROUND)
    }
}

/// A form.
#[derive(Debug, Default)]
pub struct Form {
    fields: HashMap<String, String>,
    /// Its files in order, with the names that were given; files that hold nothing and have no name are none.
    pub files: Vec<File>,
    /// Why it cannot be taken; what could be read of it is there all the same.
    pub trouble: Option<FormError>,
}

/// A file of a form.
#[derive(Debug)]
pub struct File {
    /// Its name as it was sent: anything at all.
    pub name: String,
    /// What it holds; nothing where that was more than it may be.
    pub bytes: Option<Vec<u8>>,
}

/// Why a form is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// It is no form, or a broken one.
    #[error("this is no form")]
    Unreadable,
    /// It holds more than it may.
    #[error("the form is too large")]
    TooLarge,
    /// It has more files than it may.
    #[error("there are too many files")]
    ManyFiles,
    /// There was no room for it in memory.
    #[error("there is no room for the form")]
    NoRoom,
}

impl Form {
    /// A field with its blanks and control characters put in order; empty where it is not there.
    #[must_use]
    pub fn field(&self, name: &str) -> String {
        let raw = self.fields.get(name).map_or("", String::as_str);
        let plain: String = raw.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
        text::nfc(&plain)
    }
}

/// The form that a request posts, with room for it where it may be large. Whoever stops sending in the middle, or takes
/// too long, has sent none.
pub(super) async fn posted(request: Request, bounds: Bounds, room: Option<&Arc<Share>>) -> Form {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = kind.unwrap_or_default().to_owned();
    let body = pieces(request.into_body(), bounds.body(), room.cloned());
    read(&kind, Box::pin(body), bounds).await
}

/// The pieces of a body, each once there is room for it; what is beyond `most` bytes is not kept and needs none.
fn pieces(body: Body, most: u64, room: Option<Arc<Share>>) -> impl Stream<Item = Result<Bytes, FormError>> + Send {
    let end = Instant::now() + WHOLE;
    stream::unfold((body.into_data_stream(), room, 0u64), move |(mut body, room, seen)| async move {
        let piece = match timeout_at(end.min(Instant::now() + PAUSE), body.next()).await {
            Ok(piece) => piece?.map_err(|_| FormError::Unreadable),
            Err(_) => Err(FormError::Unreadable),
        };
        let length = piece.as_ref().map_or(0, Bytes::len);
        let seen = seen.saturating_add(u64::try_from(length).unwrap_or(u64::MAX));
        let grown = match &room {
            Some(room) => room.grow(seen.min(most)).await,
            None => Ok(()),
        };
        let piece = piece.and_then(|piece| grown.map(|()| piece).map_err(|Full| FormError::NoRoom));
        Some((piece, (body, room, seen)))
    })
}

/// Reads a form from the pieces of a request's body.
pub async fn read(
    content_type: &str,
    body: impl Stream<Item = Result<Bytes, FormError>> + Send + Unpin + 'static,
    bounds: Bounds,
) -> Form {
    let mut form = Form::default();
    let read = if content_type.trim_start().to_ascii_lowercase().starts_with("application/x-www-form-urlencoded") {
        read_fields(&mut form, body).await
    } else {
        read_parts(&mut form, content_type, body, bounds).await
    };
    form.trouble = read.err();
    form
}

async fn read_parts(
    form: &mut Form,
    content_type: &str,
    body: impl Stream<Item = Result<Bytes, FormError>> + Send + Unpin + 'static,
    bounds: Bounds,
) -> Result<(), FormError> {
    let boundary = multer::parse_boundary(content_type).map_err(|_| FormError::Unreadable)?;
    let is_over = Arc::new(AtomicBool::new(false));
    let body = within(body, bounds.body(), Arc::clone(&is_over));
    let constraints = Constraints::new().allowed_fields(FIELDS.to_vec());
    let parts = Multipart::with_constraints(Box::pin(body), boundary, constraints);
    let read = take_parts(form, parts, bounds).await;
    if is_over.load(Ordering::Relaxed) { Err(FormError::TooLarge) } else { read }
}

/// The body as far as it may go. What is more is read and forgotten up to a bound.
fn within(
    body: impl Stream<Item = Result<Bytes, FormError>> + Send,
    most: u64,
    is_over: Arc<AtomicBool>,
) -> impl Stream<Item = Result<Bytes, FormError>> + Send {
    let mut seen = 0u64;
    body.filter_map(move |piece| {
        let kept = match piece {
            Err(error) => Some(Err(error)),
            Ok(piece) => {
                seen = seen.saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
                is_over.store(seen > most, Ordering::Relaxed);
                match seen {
                    seen if seen <= most => Some(Ok(piece)),
                    seen if seen <= most.saturating_add(READ_ON) => None,
                    _ => Some(Err(FormError::TooLarge)),
                }
            }
        };
        std::future::ready(kept)
    })
}

/// What a broken form means; what broke before it was read is told as it was.
fn trouble_of(error: multer::Error) -> FormError {
    match error {
        multer::Error::StreamReadFailed(error) => error.downcast().map_or(FormError::Unreadable, |error| *error),
        _ => FormError::Unreadable,
    }
}

async fn take_parts(form: &mut Form, mut parts: Multipart<'static>, bounds: Bounds) -> Result<(), FormError> {
    let mut trouble = None;
    while let Some(mut part) = parts.next_field().await.map_err(trouble_of)? {
        let name = part.name().unwrap_or_default().to_owned();
        let is_file = name == "files";
        let file_name = part.file_name().unwrap_or_default().to_owned();
        let is_one_too_many = is_file && form.files.len() == bounds.files;
        let most = if is_file { bounds.file } else { LONGEST_FIELD };
        let mut bytes = Vec::new();
        let mut is_over = false;
        while let Some(piece) = part.chunk().await.map_err(trouble_of)? {
            is_over |= u64::try_from(bytes.len() + piece.len()).unwrap_or(u64::MAX) > most;
            if !is_over && !is_one_too_many {
                bytes.extend_from_slice(&piece);
            }
        }
        if is_one_too_many {
            // A field for files that was left empty is sent as a file without name and content.
            trouble = trouble.or((!file_name.is_empty()).then_some(FormError::ManyFiles));
        } else if is_file {
            if !file_name.is_empty() || !bytes.is_empty() || is_over {
                form.files.push(File { name: file_name, bytes: (!is_over).then_some(bytes) });
            }
        } else if is_over {
            trouble = trouble.or(Some(FormError::TooLarge));
        } else if let Ok(text) = String::from_utf8(bytes) {
            form.fields.insert(name, text);
        } else {
            trouble = trouble.or(Some(FormError::Unreadable));
        }
    }
    trouble.map_or(Ok(()), Err)
}

async fn read_fields(
    form: &mut Form,
    mut body: impl Stream<Item = Result<Bytes, FormError>> + Unpin,
) -> Result<(), FormError> {
    let mut bytes = Vec::new();
    while let Some(piece) = body.next().await {
        bytes.extend_from_slice(&piece?);
        if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > LONGEST_FIELD * 4 {
            return Err(FormError::TooLarge);
        }
    }
    for (name, value) in form_urlencoded::parse(&bytes) {
        if !FIELDS.contains(&name.as_ref()) {
            return Err(FormError::Unreadable);
        }
        form.fields.insert(name.into_owned(), value.into_owned());
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::link::Tag;
    use crate::web::upload_memory::Room;

    fn form_of(pieces: impl Stream<Item = Result<Bytes, FormError>> + Send + 'static) -> Request {
        let request = Request::builder().header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
        request.body(Body::from_stream(pieces)).unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_sends_a_little_at_a_time_is_left() {
        let drops = stream::repeat(()).then(|()| async {
            tokio::time::sleep(Duration::from_secs(20)).await;
            Ok(Bytes::from_static(b"a"))
        });
        let start = Instant::now();
        let form = posted(form_of(drops), Bounds::PLAIN, None).await;
        assert_eq!((form.trouble, start.elapsed()), (Some(FormError::Unreadable), WHOLE));
        let start = Instant::now();
        let form = posted(form_of(stream::pending()), Bounds::PLAIN, None).await;
        assert_eq!((form.trouble, start.elapsed()), (Some(FormError::Unreadable), PAUSE));
    }

    #[tokio::test(start_paused = true)]
    async fn a_form_for_which_there_is_no_room_says_so() {
        let room = Room::default();
        let mut others = Vec::new();
        for number in 0..2 {
            let share = room.enter(Tag::new([number; 8])).await.unwrap();
            share.grow(u64::MAX).await.unwrap();
            others.push(share);
        }
        let share = Arc::new(room.enter(Tag::new([2; 8])).await.unwrap());
        let post =
            || posted(form_of(stream::iter([Ok(Bytes::from_static(b"--x--\r\n"))])), Bounds::PLAIN, Some(&share));
        assert_eq!(post().await.trouble, Some(FormError::NoRoom));
        others.pop();
        assert_eq!(post().await.trouble, None);
    }
}
