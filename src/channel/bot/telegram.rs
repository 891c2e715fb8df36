//! Telegram's bots. Providers in Vietnam block the service, so its address and a proxy can be set.

use serde_json::{Value, json};

use super::BotService;
use crate::channel::Chat;
use crate::channel::chat_text::ChatText;

/// A message takes 4 096 letters, without the marks in it.
const MAX_HEADING_LEN: usize = 256;
const MAX_BODY_LEN: usize = 3800;

/// Twenty messages a minute and group.
pub(super) const SERVICE: BotService = BotService { url: "https://api.telegram.org", per_minute: 20, form, chat };

fn form(chat: &str, words: &ChatText) -> Value {
    let heading = escape(&words.heading(MAX_HEADING_LEN));
    let body = escape(&words.body(MAX_BODY_LEN, str::to_owned));
    let text = format!("<b>{heading}</b>\n\n{body}");
    json!({
        "chat_id": chat,
        "text": text.trim_end(),
        "parse_mode": "HTML",
        "link_preview_options": { "is_disabled": true },
    })
}

/// The three signs that Telegram asks to have replaced in its HTML.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn chat(news: &Value) -> Option<Chat> {
    let message = news.get("message").or_else(|| news.get("channel_post"))?;
    let chat = message.get("chat")?;
    let word = |key: &str| chat[key].as_str().unwrap_or_default();
    let name = match word("title") {
        "" => format!("{} {}", word("first_name"), word("last_name")).trim().to_owned(),
        title => title.to_owned(),
    };
    let text = message["text"].as_str().unwrap_or_default().to_owned();
    Some(Chat { id: chat.get("id")?.as_i64()?.to_string(), name, text })
}
