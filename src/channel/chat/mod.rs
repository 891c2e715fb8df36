//! Chat services that give a room an address to post to. One file each says how its service wants a message; what they
//! share is here: the address that is a secret, the room for words, and what answers mean.

mod discord;
mod google;
mod slack;
mod teams;

use async_trait::async_trait;
use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::compose::{Content, Parts};
use crate::people::Recipient;
use crate::toml_file::Table;

use super::endpoint::Endpoint;
use super::words::Words;
use super::{Channel, Failure, Limits, Outgoing, Payload, Place, Receipt};

/// How a service wants to be spoken to.
#[derive(Debug)]
struct Service {
    /// Messages a minute that it takes, where the admin says nothing.
    per_minute: u32,
    /// The message in its form.
    form: fn(&Words) -> Value,
}

/// Posts messages into a room.
#[derive(Debug)]
struct ChatChannel {
    service: &'static Service,
    endpoint: Endpoint,
    limits: Limits,
}

/// Reads the table of a room in Slack, Mattermost or Rocket.Chat.
pub(super) fn slack(table: &Table<'_>, place: Place<'_>) -> Option<Box<dyn Channel>> {
    open(&slack::SERVICE, table, place)
}

/// Reads the table of a room in Microsoft Teams.
pub(super) fn teams(table: &Table<'_>, place: Place<'_>) -> Option<Box<dyn Channel>> {
    open(&teams::SERVICE, table, place)
}

/// Reads the table of a room in Google Chat.
pub(super) fn google(table: &Table<'_>, place: Place<'_>) -> Option<Box<dyn Channel>> {
    open(&google::SERVICE, table, place)
}

/// Reads the table of a room in Discord.
pub(super) fn discord(table: &Table<'_>, place: Place<'_>) -> Option<Box<dyn Channel>> {
    open(&discord::SERVICE, table, place)
}

fn open(service: &'static Service, table: &Table<'_>, place: Place<'_>) -> Option<Box<dyn Channel>> {
    let mut limits = Limits::read(table);
    limits.per_minute.get_or_insert(service.per_minute);
    let endpoint = Endpoint::open_secret(table, "chat-url", place.base)?;
    Some(Box::new(ChatChannel { service, endpoint, limits }))
}

#[async_trait]
impl Channel for ChatChannel {
    fn address<'a>(&self, _: &'a Recipient) -> Result<Option<&'a str>, Failure> {
        Ok(None)
    }

    fn parts(&self) -> Parts {
        Parts::Chat
    }

    fn limits(&self) -> Limits {
        self.limits
    }

    fn render(&self, message: &Outgoing<'_>, content: &Content) -> Result<Payload, Failure> {
        let form = (self.service.form)(&Words::of(message, content));
        Ok(Payload { bytes: form.to_string().into_bytes(), extension: "json", message_id: message.id.to_owned() })
    }

    async fn send(&self, message: &Outgoing<'_>, payload: &Payload) -> Result<Receipt, Failure> {
        let answer = self.endpoint.post(&payload.bytes, HeaderMap::new(), message.at.timestamp()).await?;
        answer.verdict_by_key()
    }
}

#[cfg(test)]
mod tests {
    use super::super::words::tests::words;
    use super::*;

    #[test]
    fn no_service_gets_more_than_it_takes() {
        for service in [&slack::SERVICE, &teams::SERVICE, &google::SERVICE, &discord::SERVICE] {
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
            (&teams::SERVICE, "teams"),
            (&google::SERVICE, "google-chat"),
            (&discord::SERVICE, "discord"),
        ];
        for (service, name) in forms {
            insta::assert_json_snapshot!(name, (service.form)(&words));
        }
    }
}
