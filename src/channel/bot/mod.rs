//! Bots: services in which a program has a name of its own and writes to conversations, called by an HTTP address that
//! holds the bot's token. Telegram made the form (`POST /bot<token>/sendMessage`, answers with `ok`), Zalo took it
//! over. Each has a file with its differences.

mod telegram;
mod zalo;

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use reqwest::Method;
use reqwest::header::HeaderMap;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use crate::compose::{Content, ContentParts};
use crate::config::secret;
use crate::people::Recipient;
use crate::reason::{Advice, ConversationHelp, HttpReason};
use crate::toml_file::TomlTable;

use super::chat_text::ChatText;
use super::conversation::Conversations;
use super::endpoint::{Endpoint, HttpAnswer, is_later};
use super::mistake::ChannelMistake;
use super::{Channel, ChannelContext, Chat, ChatFinder, Failure, Limits, Outgoing, Payload, Receipt, TriedOut};

/// How long the service waits for somebody to write to the bot, in seconds.
const POLL_SECONDS: u32 = 30;

/// The differences between the services.
#[derive(Debug)]
struct BotService {
    /// The address where `url` is left out.
    url: &'static str,
    /// Messages a minute where `per_minute` is left out.
    per_minute: u32,
    /// The JSON that is posted into a conversation.
    form: fn(chat: &str, words: &ChatText) -> Value,
    /// The conversation of one of the updates that the bot gets.
    chat: fn(news: &Value) -> Option<Chat>,
}

/// Writes to conversations as a bot.
#[derive(Debug)]
struct BotChannel {
    service: &'static BotService,
    conversations: Conversations,
    endpoint: Endpoint,
    token: SecretString,
    limits: Limits,
}

/// Reads the table of a bot in Telegram.
pub(super) fn telegram(table: &TomlTable<'_>, place: ChannelContext<'_>) -> Option<Box<dyn Channel>> {
    open(&telegram::SERVICE, table, place)
}

/// Reads the table of a bot in Zalo.
pub(super) fn zalo(table: &TomlTable<'_>, place: ChannelContext<'_>) -> Option<Box<dyn Channel>> {
    open(&zalo::SERVICE, table, place)
}

fn open(service: &'static BotService, table: &TomlTable<'_>, place: ChannelContext<'_>) -> Option<Box<dyn Channel>> {
    let limits = Limits::read_or(table, service.per_minute);
    let conversations = Conversations::read(table, place.name, ConversationHelp::Pair);
    let endpoint = Endpoint::open_service(table, Some(service.url));
    let token = token(table, place)?;
    let mut endpoint = endpoint?;
    endpoint.hide(&token);
    Some(Box::new(BotChannel { service, conversations, endpoint, token, limits }))
}

/// The bot's token: `token_file`, or the systemd credential `chat-token`.
pub(super) fn token(table: &TomlTable<'_>, place: ChannelContext<'_>) -> Option<SecretString> {
    let token = secret::read(table, "token_file", "chat-token", place.base).ok()?;
    if token.is_none() {
        table.error(ChannelMistake::NoToken);
    }
    token
}

impl BotChannel {
    async fn call(&self, what: &str, body: &[u8], now: Timestamp) -> Result<HttpAnswer, Failure> {
        let bot = format!("bot{}", self.token.expose_secret());
        self.endpoint.call(Method::POST, &[&bot, what], body, HeaderMap::new(), now).await
    }
}

#[async_trait]
impl Channel for BotChannel {
    fn address<'a>(&self, recipient: &'a Recipient) -> Result<Option<&'a str>, Failure> {
        self.conversations.address(recipient)
    }

    fn parts(&self) -> ContentParts {
        ContentParts::Chat
    }

    fn limits(&self) -> Limits {
        self.limits
    }

    fn render(&self, message: &Outgoing<'_>, content: &Content) -> Result<Payload, Failure> {
        let chat = self.conversations.with(message.recipient)?;
        Ok(Payload::json(&(self.service.form)(chat, &self.conversations.words(message, content)), message))
    }

    async fn send(&self, message: &Outgoing<'_>, payload: &Payload) -> Result<Receipt, Failure> {
        let answer = self.call("sendMessage", &payload.bytes, message.at.timestamp()).await?;
        verdict(&answer).map(|_| Receipt { answer: answer.said() })
    }

    async fn try_out(&self) -> Result<Option<TriedOut>, Failure> {
        let answer = self.call("getMe", b"{}", Timestamp::UNIX_EPOCH).await?;
        verdict(&answer).map(|_| Some(TriedOut::Bot))
    }

    fn chat_finder(&self) -> Option<&dyn ChatFinder> {
        Some(self)
    }
}

#[async_trait]
impl ChatFinder for BotChannel {
    async fn find_chats(&self) -> Result<Vec<Chat>, Failure> {
        let body = json!({ "timeout": POLL_SECONDS }).to_string();
        let answer = self.call("getUpdates", body.as_bytes(), Timestamp::UNIX_EPOCH).await?;
        // Nobody has written while the service waited.
        if code(&answer) == 408 {
            return Ok(Vec::new());
        }
        let news = match verdict(&answer)? {
            Value::Array(news) => news,
            Value::Null => Vec::new(),
            single => vec![single],
        };
        let mut chats: Vec<Chat> = Vec::new();
        for chat in news.iter().filter_map(self.service.chat) {
            if chats.iter().all(|known| known.id != chat.id) {
                chats.push(chat);
            }
        }
        Ok(chats)
    }
}

/// The code of an answer: that in its body, else that of HTTP, which often says 200 for failures.
fn code(answer: &HttpAnswer) -> u16 {
    let body = answer.json().and_then(|body| u16::try_from(body.get("error_code")?.as_u64()?).ok());
    body.unwrap_or(answer.status())
}

/// The result in an answer, or the failure. HTTP's 200 alone is no success.
fn verdict(answer: &HttpAnswer) -> Result<Value, Failure> {
    let reason = answer.said();
    let Some((body, taken)) = answer.json().and_then(|body| body.get("ok")?.as_bool().map(|ok| (body, ok))) else {
        return Err(match answer.status() {
            later if is_later(later) => answer.later(None),
            _ => answer.foreign(),
        });
    };
    if taken {
        return Ok(body.get("result").cloned().unwrap_or_default());
    }
    let parameters = &body["parameters"];
    match code(answer) {
        401 | 404 => Err(Failure::of_channel(reason, Advice::BotToken)),
        413 => Err(Failure::of_message(reason)),
        later if is_later(later) => Err(answer.later(parameters["retry_after"].as_u64().map(Duration::from_secs))),
        409 => Err(Failure::of_channel(reason, Advice::OtherReader)),
        _ => match parameters.get("migrate_to_chat_id") {
            Some(id) => {
                let (answer, chat) = (Box::new(reason), id.to_string());
                Err(Failure::of_recipient(HttpReason::GroupMoved { answer, chat }))
            }
            None => Err(Failure::of_recipient(reason)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::super::chat_text::tests::words;
    use super::*;

    #[test]
    fn each_bot_is_spoken_to_in_its_form() {
        for (service, name) in [(&telegram::SERVICE, "telegram"), (&zalo::SERVICE, "zalo")] {
            insta::assert_json_snapshot!(name, (service.form)("1234", &words(2)));
        }
    }

    #[test]
    fn no_bot_is_given_more_than_its_service_takes() {
        for (service, most) in [(&telegram::SERVICE, 4096), (&zalo::SERVICE, 2000)] {
            for lines in [0, 1, 20, 2000] {
                let mut words = words(lines);
                words.heading = "Nhắc việc ".repeat(100);
                let form = (service.form)("1234", &words);
                let text = form["text"].as_str().unwrap_or_default();
                // Telegram counts what is left when its marks are taken out.
                let length = text.replace("<b>", "").replace("</b>", "").replace("&lt;", "<").replace("&amp;", "&");
                assert!((1..=most).contains(&length.chars().count()), "{} letters", length.chars().count());
            }
        }
    }

    #[test]
    fn who_wrote_is_read_from_the_news() {
        let telegram = json!({ "update_id": 1, "message": { "text": "chào", "from": { "id": 7, "first_name": "Hương" },
            "chat": { "id": -100_123, "type": "supergroup", "title": "Tổ 4" } } });
        let zalo = json!({ "event_name": "message.text.received", "message": { "text": "chào",
            "from": { "id": "6ede9", "display_name": "Hương" }, "chat": { "id": "6ede9", "chat_type": "PRIVATE" } } });
        let chat = |id: &str, name: &str| Some(Chat { id: id.into(), name: name.into(), text: "chào".into() });
        assert_eq!((telegram::SERVICE.chat)(&telegram), chat("-100123", "Tổ 4"));
        assert_eq!((zalo::SERVICE.chat)(&zalo), chat("6ede9", "Hương"));
        assert_eq!((zalo::SERVICE.chat)(&telegram), None);
        assert_eq!((telegram::SERVICE.chat)(&json!({ "update_id": 2, "poll": {} })), None);
    }
}
