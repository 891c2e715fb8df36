//! Microsoft Teams: the webhook of a workflow, which takes an Adaptive Card.

use serde_json::{Value, json};

use super::super::chat_text::{ChatText, backslashed};
use super::ChatService;

/// A message takes 28 KB; Vietnamese letters are up to three bytes each.
const MAX_BODY_LEN: usize = 3500;
const MAX_HEADING_LEN: usize = 200;
/// Signs of the Markdown that a text block understands.
const MARKDOWN_SIGNS: &str = "\\*_[]()";

/// Teams slows down at four a second; this keeps far below.
pub(super) const SERVICE: ChatService = ChatService { per_minute: 60, form };

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
