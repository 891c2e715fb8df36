//! Google Chat's webhooks of a space.

use serde_json::{Value, json};

use super::super::chat_text::ChatText;
use super::super::endpoint::{BodyVerdict, HttpAnswer};
use super::{ChatService, as_short_as_it_can_be};

/// A text takes 4 096 letters, heading and all.
const MAX_TEXT_LEN: usize = 4096;
const MAX_HEADING_LEN: usize = 200;

/// One message a second and space.
pub(super) const SERVICE: ChatService = ChatService { per_minute: 60, form, in_body, shorten: as_short_as_it_can_be };

fn form(words: &ChatText) -> Value {
    let heading = plain(&words.heading(MAX_HEADING_LEN));
    let body = words.body(MAX_TEXT_LEN - MAX_HEADING_LEN - 10, plain);
    json!({ "text": format!("*{heading}*\n{body}").trim_end() })
}

/// Chat has no way to escape its signs, so those that would change the text become others that look alike.
fn plain(text: &str) -> String {
    text.replace('*', "∗").replace('_', "＿").replace('~', "∼").replace('`', "'").replace('<', "‹").replace('>', "›")
}

/// The message as JSON with its `name` (Google Chat: "spaces.messages").
fn in_body(answer: &HttpAnswer) -> BodyVerdict {
    let is_message = answer.json().is_some_and(|message| message["name"].is_string());
    if is_message { BodyVerdict::Taken } else { BodyVerdict::Foreign }
}
