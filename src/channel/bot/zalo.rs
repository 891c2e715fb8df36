//! Zalo's Bot Platform. A conversation's id is known only after the person or the group has written to the bot.

use serde_json::{Value, json};

use super::BotService;
use crate::channel::Chat;
use crate::channel::chat_text::ChatText;

/// A message takes 1 to 2 000 letters.
const MAX_HEADING_LEN: usize = 200;
const MAX_BODY_LEN: usize = 1750;

/// The service names no limit; this one keeps a morning's reminders from looking like a flood.
pub(super) const SERVICE: BotService =
    BotService { url: "https://bot-api.zaloplatforms.com", per_minute: 30, form, chat };

fn form(chat: &str, words: &ChatText) -> Value {
    let text = format!("{}\n\n{}", words.heading(MAX_HEADING_LEN), words.body(MAX_BODY_LEN, str::to_owned));
    json!({ "chat_id": chat, "text": text.trim_end() })
}

fn chat(news: &Value) -> Option<Chat> {
    let message = news.get("message")?;
    let id = message.get("chat")?.get("id")?.as_str()?.to_owned();
    let name = message["from"]["display_name"].as_str().unwrap_or_default().to_owned();
    Some(Chat { id, name, text: message["text"].as_str().unwrap_or_default().to_owned() })
}
