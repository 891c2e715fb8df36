//! Chat services that give a room an address to post to. One file each says how its service wants a message; what they
//! share is here: the address that is a secret, the room for words, and what answers mean.

mod discord;
mod google;
mod slack;
mod teams;

use std::path::Path;

use async_trait::async_trait;
use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::config::document::Table;
use crate::config::people::{Recipient, RecipientKind};
use crate::message::Item;

use super::http::Endpoint;
use super::{Channel, Failure, Limits, Outgoing, Payload, Receipt};

/// A remedy is a whole paragraph at times; the mail has it in full.
const LONGEST_TITLE: usize = 200;

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
pub(super) fn slack(table: &Table<'_>, base: &Path) -> Option<Box<dyn Channel>> {
    open(&slack::SERVICE, table, base)
}

/// Reads the table of a room in Microsoft Teams.
pub(super) fn teams(table: &Table<'_>, base: &Path) -> Option<Box<dyn Channel>> {
    open(&teams::SERVICE, table, base)
}

/// Reads the table of a room in Google Chat.
pub(super) fn google(table: &Table<'_>, base: &Path) -> Option<Box<dyn Channel>> {
    open(&google::SERVICE, table, base)
}

/// Reads the table of a room in Discord.
pub(super) fn discord(table: &Table<'_>, base: &Path) -> Option<Box<dyn Channel>> {
    open(&discord::SERVICE, table, base)
}

fn open(service: &'static Service, table: &Table<'_>, base: &Path) -> Option<Box<dyn Channel>> {
    let mut limits = Limits::read(table);
    limits.per_minute.get_or_insert(service.per_minute);
    let endpoint = Endpoint::open_secret(table, "chat-url", base)?;
    Some(Box::new(ChatChannel { service, endpoint, limits }))
}

#[async_trait]
impl Channel for ChatChannel {
    fn address<'a>(&self, _: &'a Recipient) -> Result<Option<&'a str>, Failure> {
        Ok(None)
    }

    fn limits(&self) -> Limits {
        self.limits
    }

    fn render(&self, message: &Outgoing<'_>) -> Result<Payload, Failure> {
        let form = (self.service.form)(&Words::of(message));
        Ok(Payload { bytes: form.to_string().into_bytes(), extension: "json", message_id: message.id.to_owned() })
    }

    async fn send(&self, message: &Outgoing<'_>, payload: &Payload) -> Result<Receipt, Failure> {
        let answer = self.endpoint.post(&payload.bytes, HeaderMap::new(), message.at).await?;
        answer.verdict_by_key()
    }
}

/// What a message says in a room.
#[derive(Debug)]
struct Words {
    /// Its subject, and for whom it is where that is one person.
    heading: String,
    /// A line a task, or the lines of the text where it is not about tasks.
    lines: Vec<String>,
    /// What takes the place of lines that find no room; `{}` stands for how many.
    more: &'static str,
}

impl Words {
    fn of(message: &Outgoing<'_>) -> Self {
        let content = message.content;
        let heading = match message.recipient.kind {
            RecipientKind::Person => format!("{}: {}", message.recipient.name, content.subject),
            RecipientKind::Group => content.subject.clone(),
        };
        if content.items.is_empty() {
            let lines = content.text.lines().map(str::to_owned).collect();
            return Self { heading, lines, more: "…" };
        }
        let line = |item: &Item| format!("• {}. {}", item.line, cut(&item.title, LONGEST_TITLE));
        let lines = content.items.iter().map(line).collect();
        Self { heading, lines, more: content.more }
    }

    /// The heading within so many letters.
    fn heading(&self, most: usize) -> String {
        cut(&self.heading, most)
    }

    /// The lines, each in the service's own signs, within so many letters in all. What finds no room is counted.
    fn body(&self, most: usize, escape: impl Fn(&str) -> String) -> String {
        // Room is kept for saying how much is left out.
        let reserve = self.more.chars().count() + 8;
        let mut body = String::new();
        let mut used = 0;
        for (place, line) in self.lines.iter().enumerate() {
            let line = escape(line);
            let length = line.chars().count() + 1;
            let is_last = place + 1 == self.lines.len();
            if used + length + if is_last { 0 } else { reserve } > most {
                if place == 0 {
                    // One line alone that is too long is told as far as it goes.
                    body.push_str(&cut(&self.lines[0], most.saturating_sub(reserve) / 2));
                    body.push('\n');
                }
                let left = self.lines.len() - place.max(1);
                if left > 0 {
                    body.push_str(&self.more.replace("{}", &left.to_string()));
                }
                break;
            }
            body.push_str(&line);
            body.push('\n');
            used += length;
        }
        body.truncate(body.trim_end().len());
        body
    }
}

/// A text within so many letters; what is cut off leaves an ellipsis.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    kept + "…"
}

/// A text in which none of these signs means anything: each stands behind a backslash.
fn backslashed(text: &str, signs: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if signs.contains(letter) {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(lines: usize) -> Words {
        let lines = (1..=lines).map(|number| format!("• 1.{number} Việc <&*_ số {number}")).collect();
        Words { heading: "Nhắc việc".to_owned(), lines, more: "… và {} việc khác" }
    }

    #[test]
    fn long_lists_end_with_how_much_is_left_out() {
        let all = words(3).body(1000, str::to_owned);
        assert_eq!(all.lines().count(), 3);
        let some = words(30).body(200, str::to_owned);
        assert!(some.chars().count() <= 200, "{some}");
        let told = some.lines().count() - 1;
        assert!(told > 3, "{some}");
        assert_eq!(some.lines().last(), Some(format!("… và {} việc khác", 30 - told).as_str()));
        let mut one = words(1);
        one.lines[0] = "x".repeat(5000);
        let told = one.body(100, str::to_owned);
        assert!(told.starts_with("xxx") && told.ends_with('…') && told.chars().count() <= 100, "{told}");
    }

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
