//! Slack's incoming webhooks; Mattermost and Rocket.Chat take the same `text`.

use serde_json::{Value, json};

use super::super::chat_text::ChatText;
use super::super::endpoint::{BodyVerdict, HttpAnswer};
use super::{ChatService, as_short_as_it_can_be, rocketchat};

/// A header block takes 150 letters, a section 3 000.
const MAX_HEADING_LEN: usize = 150;
const MAX_SECTION_LEN: usize = 3000;

/// One message a second.
pub(super) const SERVICE: ChatService = ChatService { per_minute: 60, form, in_body, shorten: as_short_as_it_can_be };

fn form(words: &ChatText) -> Value {
    let heading = words.heading(MAX_HEADING_LEN);
    let body = words.body(MAX_SECTION_LEN, str::to_owned);
    let mut blocks = vec![json!({ "type": "header", "text": { "type": "plain_text", "text": heading } })];
    if !body.is_empty() {
        blocks.push(json!({ "type": "section", "text": { "type": "plain_text", "text": body } }));
    }
    // `text` is shown in notifications, and by services that know no blocks.
    json!({ "text": escape(format!("{heading}\n{body}").trim_end()), "blocks": blocks })
}

/// The three signs that Slack asks to have replaced where a text may hold its own.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// `ok` as bare text (Slack: "Sending messages using incoming webhooks"; Mattermost answers alike). Rocket.Chat takes
/// this form of a message too, and answers in its own way.
fn in_body(answer: &HttpAnswer) -> BodyVerdict {
    match answer.body() {
        "ok" => BodyVerdict::Taken,
        _ => rocketchat::in_body(answer),
    }
}
