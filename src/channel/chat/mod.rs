//! Chat services that give a room an address to post to. Each has a file with its form of a message, its
//! limits of length and its word of success; the address and the meaning of statuses are shared.

mod discord;
mod google;
mod rocketchat;
mod slack;
mod teams;

use async_trait::async_trait;
use jiff::Timestamp;
use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::compose::{Content, ContentParts};
use crate::people::Recipient;
use crate::reason::HttpReason;
use crate::toml_file::TomlTable;

use super::chat_text::ChatText;
use super::endpoint::{BodyVerdict, Endpoint, HttpAnswer};
use super::{Channel, ChannelContext, Failure, Limits, Outgoing, Payload, Receipt, TriedOut};

/// The differences between the services.
#[derive(Debug)]
struct ChatService {
    /// Messages a minute where `per_minute` is left out.
    per_minute: u32,
    /// The message as JSON.
    form: fn(&ChatText) -> Value,
    /// What the body of a 2xx says.
    in_body: fn(&HttpAnswer) -> BodyVerdict,
    /// A shorter form of a message that was too large; `None` where it cannot be shorter.
    shorten: fn(Value) -> Option<Value>,
}

/// For services whose messages are always within their limits.
fn as_short_as_it_can_be(_: Value) -> Option<Value> {
    None
}

/// Posts messages into a room.
#[derive(Debug)]
struct ChatChannel {
    service: &'static ChatService,
    endpoint: Endpoint,
    limits: Limits,
}

/// Reads the table of a room in Slack or Mattermost.
pub(super) fn slack(table: &TomlTable<'_>, place: ChannelContext<'_>) -> Option<Box<dyn Channel>> {
    open(&slack::SERVICE, table, place)
}

/// Reads the table of a room in Rocket.Chat.
pub(super) fn rocketchat(table: &TomlTable<'_>, place: ChannelContext<'_>) -> Option<Box<dyn Channel>> {
    open(&rocketchat::SERVICE, table, place)
}

/// Reads the table of a room in Microsoft Teams.
pub(super) fn teams(table: &TomlTable<'_>, place: ChannelContext<'_>) -> Option<Box<dyn Channel>> {
    open(&teams::SERVICE, table, place)
}

/// Reads the table of a room in Google Chat.
pub(super) fn google(table: &TomlTable<'_>, place: ChannelContext<'_>) -> Option<Box<dyn Channel>> {
    open(&google::SERVICE, table, place)
}

/// Reads the table of a room in Discord.
pub(super) fn discord(table: &TomlTable<'_>, place: ChannelContext<'_>) -> Option<Box<dyn Channel>> {
    open(&discord::SERVICE, table, place)
}

fn open(service: &'static ChatService, table: &TomlTable<'_>, place: ChannelContext<'_>) -> Option<Box<dyn Channel>> {
    let limits = Limits::read_or(table, service.per_minute);
    let endpoint = Endpoint::open_secret(table, "chat-url", place.base)?;
    Some(Box::new(ChatChannel { service, endpoint, limits }))
}

#[async_trait]
impl Channel for ChatChannel {
    fn address<'a>(&self, _: &'a Recipient) -> Result<Option<&'a str>, Failure> {
        Ok(None)
    }

    fn parts(&self) -> ContentParts {
        ContentParts::Chat
    }

    fn limits(&self) -> Limits {
        self.limits
    }

    fn render(&self, message: &Outgoing<'_>, content: &Content) -> Result<Payload, Failure> {
        let form = (self.service.form)(&ChatText::of(message, content));
        Ok(Payload::json(&form, message))
    }

    async fn try_out(&self) -> Result<Option<TriedOut>, Failure> {
        self.endpoint.try_out().await.map(Some)
    }

    async fn send(&self, message: &Outgoing<'_>, payload: &Payload) -> Result<Receipt, Failure> {
        let now = message.at.timestamp();
        let taken = self.post(&payload.bytes, now).await;
        let Err(Failure::Message { .. }) = &taken else { return taken };
        let written = serde_json::from_slice(&payload.bytes).ok();
        let Some(shorter) = written.and_then(self.service.shorten) else { return taken };
        let receipt = self.post(shorter.to_string().as_bytes(), now).await?;
        Ok(Receipt { answer: HttpReason::Shortened { answer: Box::new(receipt.answer) }.into() })
    }
}

impl ChatChannel {
    async fn post(&self, body: &[u8], now: Timestamp) -> Result<Receipt, Failure> {
        self.endpoint.post(body, HeaderMap::new(), now).await?.verdict_by_key(self.service.in_body)
    }
}

#[cfg(test)]
mod tests {
    use super::super::chat_text::tests::words;
    use super::*;

    #[test]
    fn no_service_gets_more_than_it_takes() {
        for service in [&slack::SERVICE, &rocketchat::SERVICE, &teams::SERVICE, &google::SERVICE, &discord::SERVICE] {
            for lines in [0, 1, 20, 2000] {
                let mut words = words(lines);
                words.heading = "Nhắc việc ".repeat(100);
                let form = (service.form)(&words);
                let size = form.to_string().len();
                // The smallest limit of all in bytes is that of Teams.
                assert!(size <= 28 << 10, "{size} bytes");
                let mut longest = 0;
                longest_text(&form, &mut longest);
                assert!(longest <= 4096, "{longest} letters");
            }
        }
    }

    #[test]
    fn what_was_too_large_becomes_much_shorter_and_keeps_its_heading() {
        let mut long = words(2000);
        long.heading = "Nhắc việc".to_owned();
        let form = (teams::SERVICE.form)(&long);
        let shorter = (teams::SERVICE.shorten)(form.clone()).unwrap_or_default();
        assert!(shorter.to_string().len() * 2 < form.to_string().len());
        let blocks = &shorter["attachments"][0]["content"]["body"];
        assert_eq!(blocks[0], form["attachments"][0]["content"]["body"][0]);
        let text = blocks[1]["text"].as_str().unwrap_or_default();
        assert!(text.starts_with("• 1.1 ") && text.ends_with("\n\n…"), "{text}");
        assert_eq!((teams::SERVICE.shorten)(shorter), None, "it is not cut again and again");
    }

    fn longest_text(value: &Value, longest: &mut usize) {
        match value {
            Value::String(text) => *longest = (*longest).max(text.chars().count()),
            Value::Array(values) => values.iter().for_each(|value| longest_text(value, longest)),
            Value::Object(values) => values.values().for_each(|value| longest_text(value, longest)),
            _ => {}
        }
    }

    #[test]
    fn each_service_gets_its_own_form() {
        let words = words(2);
        let forms = [
            (&slack::SERVICE, "slack"),
            (&rocketchat::SERVICE, "rocketchat"),
            (&teams::SERVICE, "teams"),
            (&google::SERVICE, "google-chat"),
            (&discord::SERVICE, "discord"),
        ];
        for (service, name) in forms {
            insta::assert_json_snapshot!(name, (service.form)(&words));
        }
    }
}
