//! Forms as browsers post them, read within limits: fields by name, and files.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::header;
use futures_util::{Stream, StreamExt, stream};
use jiff::civil::Date;
use multer::{Constraints, Multipart};
use tokio::time::{Instant, timeout_at};
use url::form_urlencoded;

use crate::text;

use super::upload_memory::{MemoryFull, Reservation};

/// Every field of every form.
const FIELDS: [&str; 12] =
    ["form", "status", "period", "percent", "note", "link", "files", "due", "why", "decision", "done_on", "for_all"];
/// The longest field that is no file, in bytes.
const MAX_FIELD: u64 = 32 << 10;
/// What the parts of a form take up beside what they hold, in bytes.
const PART_OVERHEAD: u64 = 64 << 10;
/// A body that is too large is read on so far, as a browser shows an answer only when it could send all.
const READ_ON: u64 = 128 << 20;

/// How long a body may pause.
const PAUSE: Duration = Duration::from_secs(30);
/// How long a body may take in all: fifty MiB over two Mbit/s, which a telephone has.
const WHOLE: Duration = Duration::from_mins(4);

/// How much a form may hold.
#[derive(Clone, Copy, Debug)]
pub struct FormLimits {
    /// Files.
    pub files: usize,
    /// Bytes of each file.
    pub file: u64,
}

impl FormLimits {
    /// A form without files.
    pub const PLAIN: Self = Self { files: 0, file: 0 };

    fn body(self) -> u64 {
        u64::try_from(self.files).unwrap_or(0).saturating_mul(self.file).saturating_add(MAX_FIELD * 4 + PART_OVERHEAD)
    }
}

/// A form.
#[derive(Debug, Default)]
pub struct PostedForm {
    fields: HashMap<String, String>,
    /// Its files in order, with the names that were given; files that hold nothing and have no name are none.
    pub files: Vec<UploadedFile>,
    /// Why it cannot be taken; what could be read of it is there all the same.
    pub error: Option<FormError>,
}

/// A file of a form.
#[derive(Debug)]
pub struct UploadedFile {
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
    /// There was no memory left for it.
    #[error("there is no memory left for the form")]
    NoMemory,
}

impl PostedForm {
    /// A field with its blanks and control characters put in order; empty where it is not there.
    #[must_use]
    pub fn field(&self, name: &str) -> String {
        let raw = self.fields.get(name).map_or("", String::as_str);
        let plain: String = raw.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
        text::nfc(&plain)
    }
}

/// The form that a request posts, with memory for it where it may be large. Whoever stops sending in the middle, or takes
/// too long, has sent none.
pub(super) async fn posted(request: Request, limits: FormLimits, memory: Option<&Arc<Reservation>>) -> PostedForm {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = kind.unwrap_or_default().to_owned();
    let body = pieces(request.into_body(), limits.body(), memory.cloned());
    read(&kind, Box::pin(body), limits).await
}

/// The pieces of a body, each once there is memory for it; what is beyond `most` bytes is not kept and needs none.
fn pieces(
    body: Body,
    most: u64,
    memory: Option<Arc<Reservation>>,
) -> impl Stream<Item = Result<Bytes, FormError>> + Send {
    let end = Instant::now() + WHOLE;
    stream::unfold((body.into_data_stream(), memory, 0u64), move |(mut body, memory, seen)| async move {
        let piece = match timeout_at(end.min(Instant::now() + PAUSE), body.next()).await {
            Ok(piece) => piece?.map_err(|_| FormError::Unreadable),
            Err(_) => Err(FormError::Unreadable),
        };
        let length = piece.as_ref().map_or(0, Bytes::len);
        let seen = seen.saturating_add(u64::try_from(length).unwrap_or(u64::MAX));
        let grown = match &memory {
            Some(memory) => memory.grow(seen.min(most)).await,
            None => Ok(()),
        };
        let piece = piece.and_then(|piece| grown.map(|()| piece).map_err(|MemoryFull| FormError::NoMemory));
        Some((piece, (body, memory, seen)))
    })
}

/// Reads a form from the pieces of a request's body.
pub async fn read(
    content_type: &str,
    body: impl Stream<Item = Result<Bytes, FormError>> + Send + Unpin + 'static,
    limits: FormLimits,
) -> PostedForm {
    let mut form = PostedForm::default();
    let read = if content_type.trim_start().to_ascii_lowercase().starts_with("application/x-www-form-urlencoded") {
        read_fields(&mut form, body).await
    } else {
        read_parts(&mut form, content_type, body, limits).await
    };
    form.error = read.err();
    form
}

async fn read_parts(
    form: &mut PostedForm,
    content_type: &str,
    body: impl Stream<Item = Result<Bytes, FormError>> + Send + Unpin + 'static,
    limits: FormLimits,
) -> Result<(), FormError> {
    let boundary = multer::parse_boundary(content_type).map_err(|_| FormError::Unreadable)?;
    let is_over = Arc::new(AtomicBool::new(false));
    let body = within(body, limits.body(), Arc::clone(&is_over));
    let constraints = Constraints::new().allowed_fields(FIELDS.to_vec());
    let parts = Multipart::with_constraints(Box::pin(body), boundary, constraints);
    let read = take_parts(form, parts, limits).await;
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
fn error_of(error: multer::Error) -> FormError {
    match error {
        multer::Error::StreamReadFailed(error) => error.downcast().map_or(FormError::Unreadable, |error| *error),
        _ => FormError::Unreadable,
    }
}

async fn take_parts(form: &mut PostedForm, mut parts: Multipart<'static>, limits: FormLimits) -> Result<(), FormError> {
    let mut error = None;
    while let Some(mut part) = parts.next_field().await.map_err(error_of)? {
        let name = part.name().unwrap_or_default().to_owned();
        let is_file = name == "files";
        let file_name = part.file_name().unwrap_or_default().to_owned();
        let is_one_too_many = is_file && form.files.len() == limits.files;
        let most = if is_file { limits.file } else { MAX_FIELD };
        let mut bytes = Vec::new();
        let mut is_over = false;
        while let Some(piece) = part.chunk().await.map_err(error_of)? {
            is_over |= u64::try_from(bytes.len() + piece.len()).unwrap_or(u64::MAX) > most;
            if !is_over && !is_one_too_many {
                bytes.extend_from_slice(&piece);
            }
        }
        if is_one_too_many {
            // A field for files that was left empty is sent as a file without name and content.
            error = error.or((!file_name.is_empty()).then_some(FormError::ManyFiles));
        } else if is_file {
            if !file_name.is_empty() || !bytes.is_empty() || is_over {
                form.files.push(UploadedFile { name: file_name, bytes: (!is_over).then_some(bytes) });
            }
        } else if is_over {
            error = error.or(Some(FormError::TooLarge));
        } else if let Ok(text) = String::from_utf8(bytes) {
            form.fields.insert(name, text);
        } else {
            error = error.or(Some(FormError::Unreadable));
        }
    }
    error.map_or(Ok(()), Err)
}

async fn read_fields(
    form: &mut PostedForm,
    mut body: impl Stream<Item = Result<Bytes, FormError>> + Unpin,
) -> Result<(), FormError> {
    let mut bytes = Vec::new();
    while let Some(piece) = body.next().await {
        bytes.extend_from_slice(&piece?);
        if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > MAX_FIELD * 4 {
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

/// A date as browsers send it, or as people write it where a browser has no field for dates.
pub(super) fn date(text: &str) -> Option<Date> {
    let written = || {
        let mut parts = text.split(['/', '-', '.']);
        let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
        let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
        (parts.next().is_none() && date.year() >= 2000).then_some(date)
    };
    text.parse().ok().or_else(written)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::link::LinkTag;
    use crate::web::upload_memory::UploadMemory;

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
        let form = posted(form_of(drops), FormLimits::PLAIN, None).await;
        assert_eq!((form.error, start.elapsed()), (Some(FormError::Unreadable), WHOLE));
        let start = Instant::now();
        let form = posted(form_of(stream::pending()), FormLimits::PLAIN, None).await;
        assert_eq!((form.error, start.elapsed()), (Some(FormError::Unreadable), PAUSE));
    }

    #[tokio::test(start_paused = true)]
    async fn a_form_for_which_there_is_no_memory_says_so() {
        let memory = UploadMemory::default();
        let mut others = Vec::new();
        for number in 0..2 {
            let reservation = memory.enter(LinkTag::new([number; 8])).await.unwrap();
            reservation.grow(u64::MAX).await.unwrap();
            others.push(reservation);
        }
        let reservation = Arc::new(memory.enter(LinkTag::new([2; 8])).await.unwrap());
        let post = || {
            posted(form_of(stream::iter([Ok(Bytes::from_static(b"--x--\r\n"))])), FormLimits::PLAIN, Some(&reservation))
        };
        assert_eq!(post().await.error, Some(FormError::NoMemory));
        others.pop();
        assert_eq!(post().await.error, None);
    }

    #[test]
    fn dates_are_read_as_people_write_them() {
        for text in ["2024-03-31", "31/03/2024", "31/3/2024", "31-3-2024", "31.3.2024"] {
            assert_eq!(date(text), Some(Date::constant(2024, 3, 31)), "{text}");
        }
        for text in ["31/2/2024", "2024", "31/3", "31/3/24", "31/3/2024/1", "mai"] {
            assert_eq!(date(text), None, "{text}");
        }
    }
}
