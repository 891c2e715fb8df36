//! Discord's webhooks of a channel.

use serde_json::{Value, json};

use super::super::chat_text::{ChatText, backslashed};
use super::super::endpoint::{BodyVerdict, HttpAnswer};
use super::{ChatService, as_short_as_it_can_be};

/// The title of an embed takes 256 letters, its description 4 096.
const MAX_TITLE_LEN: usize = 256;
const MAX_DESCRIPTION_LEN: usize = 4096;
/// Signs of Discord's Markdown.
const MARKDOWN_SIGNS: &str = "\\*_~`|>#[]()<@";

/// Thirty messages a minute and channel.
pub(super) const SERVICE: ChatService = ChatService { per_minute: 30, form, in_body, shorten: as_short_as_it_can_be };

fn form(words: &ChatText) -> Value {
    let mut embed = json!({ "title": words.heading(MAX_TITLE_LEN) });
    let body = words.body(MAX_DESCRIPTION_LEN, |line| backslashed(line, MARKDOWN_SIGNS));
    if !body.is_empty() {
        embed["description"] = body.into();
    }
    // Names in the text notify nobody.
    json!({ "embeds": [embed], "allowed_mentions": { "parse": [] } })
}

/// 204, or the message as JSON where the address ends with `?wait=true` (Discord: "Execute Webhook").
fn in_body(answer: &HttpAnswer) -> BodyVerdict {
    let is_message = || answer.json().is_some_and(|message| message["id"].is_string());
    if answer.status() == 204 || is_message() { BodyVerdict::Taken } else { BodyVerdict::Foreign }
}
