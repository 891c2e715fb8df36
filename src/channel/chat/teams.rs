//! Microsoft Teams: the webhook of a workflow, which takes an Adaptive Card.

use serde_json::{Value, json};

use super::super::chat_text::{ChatText, backslashed};
use super::super::endpoint::{BodyVerdict, HttpAnswer};
use super::ChatService;

/// A message takes 28 KB; Vietnamese letters are up to three bytes each.
const MAX_BODY_LEN: usize = 3500;
const MAX_HEADING_LEN: usize = 200;
/// Signs of the Markdown that a text block understands.
const MARKDOWN_SIGNS: &str = "\\*_[]()";

/// The bytes of a body that is short whatever the limit is.
const MAX_SHORT_BYTES: usize = 1500;
/// The words with which a connector tells of a failure.
const DELIVERY_FAILED: &str = "Webhook message delivery failed with error";

/// Teams slows down at four a second; this keeps far below.
pub(super) const SERVICE: ChatService = ChatService { per_minute: 60, form, in_body, shorten };

fn form(words: &ChatText) -> Value {
    let escape = |line: &str| backslashed(line, MARKDOWN_SIGNS);
    // A text block begins a new paragraph only after an empty line.
    let body = words.body(MAX_BODY_LEN, escape).replace('\n', "\n\n");
    let mut blocks = vec![json!({
        "type": "TextBlock", "text": escape(&words.heading(MAX_HEADING_LEN)), "weight": "bolder", "size": "medium", "wrap": true
    })];
    if !body.is_empty() {
        blocks.push(json!({ "type": "TextBlock", "text": body, "wrap": true }));
    }
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "content": {
                "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                "type": "AdaptiveCard",
                "version": "1.4",
                "body": blocks
            }
        }]
    })
}

/// A workflow answers 202, mostly with nothing; a connector `1`. What failed behind a connector is told in the text of a
/// 200, with the code of HTTP that it ended with (MicrosoftDocs/msteams-docs #1810, #7425).
fn in_body(answer: &HttpAnswer) -> BodyVerdict {
    let body = answer.body();
    if body.contains(DELIVERY_FAILED) {
        // Without a code the service behind could not be reached.
        let code = body.split_once("HTTP error ").and_then(|(_, rest)| rest.get(..3)?.parse().ok());
        let code = code.filter(|code| (400..600).contains(code)).unwrap_or(503);
        return BodyVerdict::Failed(code);
    }
    let tells_failure = || answer.json().is_some_and(|body| body.get("error").is_some());
    let is_taken = matches!(body, "" | "1") || answer.status() == 202 && !answer.is_page() && !tells_failure();
    if is_taken { BodyVerdict::Taken } else { BodyVerdict::Foreign }
}

/// The beginning of a card's list, in whole paragraphs; its links and the heading lead to the rest.
fn shorten(mut card: Value) -> Option<Value> {
    let text = card.pointer_mut("/attachments/0/content/body/1/text")?;
    let whole = text.as_str()?;
    let mut kept = String::new();
    for paragraph in whole.split("\n\n") {
        if kept.len() + paragraph.len() > MAX_SHORT_BYTES {
            kept.push('…');
            *text = Value::from(kept);
            return Some(card);
        }
        kept.push_str(paragraph);
        kept.push_str("\n\n");
    }
    // It is short already.
    None
}
