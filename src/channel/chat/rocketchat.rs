//! Rocket.Chat's incoming webhooks.

use serde_json::{Value, json};

use super::super::chat_text::ChatText;
use super::super::endpoint::{BodyVerdict, HttpAnswer};
use super::{ChatService, as_short_as_it_can_be};

/// A message takes 5 000 letters where the server's admin has set no other limit.
const MAX_HEADING_LEN: usize = 200;
const MAX_BODY_LEN: usize = 3800;

/// The service names no limit for webhooks; this one keeps a morning's reminders from looking like a flood.
pub(super) const SERVICE: ChatService = ChatService { per_minute: 60, form, in_body, shorten: as_short_as_it_can_be };

fn form(words: &ChatText) -> Value {
    let heading = plain(&words.heading(MAX_HEADING_LEN));
    let body = words.body(MAX_BODY_LEN, plain);
    json!({ "text": format!("*{heading}*\n{body}").trim_end() })
}

/// Not every version lets its signs be escaped, so those that would change the text or call somebody become others that
/// look alike. Links stay what they are.
fn plain(text: &str) -> String {
    let is_link = |line: &str| line.starts_with("https://") || line.starts_with("http://");
    let lines = text.split('\n').map(|line| if is_link(line) { line.to_owned() } else { look_alike(line) });
    lines.collect::<Vec<_>>().join("\n")
}

fn look_alike(line: &str) -> String {
    let signs = [('*', "∗"), ('_', "＿"), ('~', "∼"), ('`', "'"), ('@', "＠"), ('[', "［"), (']', "］")];
    signs.iter().fold(line.to_owned(), |line, (sign, other)| line.replace(*sign, other))
}

/// `{"success":true}`. A failure is told as `{"success":false,"error":"…"}` with 400, and by some servers with 200
/// (RocketChat/Rocket.Chat #6139, #23310).
pub(super) fn in_body(answer: &HttpAnswer) -> BodyVerdict {
    let Some(body) = answer.json() else { return BodyVerdict::Foreign };
    match body["success"].as_bool() {
        Some(true) => BodyVerdict::Taken,
        Some(false) => refused(body["error"].as_str().unwrap_or_default()),
        None => BodyVerdict::Foreign,
    }
}

/// What the words of an error mean.
fn refused(error: &str) -> BodyVerdict {
    let error = error.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| error.contains(word));
    if says(&["too-many-requests", "too many requests"]) {
        return BodyVerdict::Failed(429);
    }
    if says(&["size-exceeded", "too-long", "too long"]) {
        return BodyVerdict::Failed(413);
    }
    // The account of the webhook may not write there.
    if says(&["not-allowed", "unauthorized", "invalid integration id or token"]) {
        return BodyVerdict::Failed(403);
    }
    if says(&["invalid-channel", "invalid-room", "room-not-found", "archived"]) {
        return BodyVerdict::Failed(404);
    }
    BodyVerdict::Refused
}
