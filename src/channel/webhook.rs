//! The channel `webhook`: JSON to another program, signed by the Standard Webhooks specification 1.0. `docs/webhook.md`
//! describes it for the receiving side.

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use reqwest::header::{HeaderMap, HeaderValue};
use secrecy::{ExposeSecret, SecretSlice};
use serde::Serialize;
use sha2::Sha256;

use crate::compose::{Content, ContentParts, Urgency};
use crate::config::secret;
use crate::people::{Recipient, RecipientKind};
use crate::reason::LocalReason;
use crate::toml_file::TomlTable;
use crate::toml_file::values;

use super::endpoint::Endpoint;
use super::mistake::ChannelMistake;
use super::{Channel, ChannelContext, Failure, Limits, Outgoing, Payload, Receipt, TriedOut};

/// The prefix of a secret.
const SECRET_PREFIX: &str = "whsec_";
/// The shortest secret, in bytes: a shorter one can be guessed (Standard Webhooks asks for 24 to 64).
const MIN_SECRET_BYTES: usize = 24;

/// Posts messages to another program.
#[derive(Debug)]
struct WebhookChannel {
    endpoint: Endpoint,
    key: SecretSlice<u8>,
    limits: Limits,
    connections: usize,
}

/// Reads the channel's table.
pub(super) fn open(table: &TomlTable<'_>, place: ChannelContext<'_>) -> Option<Box<dyn Channel>> {
    let connections = table.get("connections").and_then(|value| values::count(&value, 1..=100)).unwrap_or(16);
    let connections = usize::try_from(connections).unwrap_or(1);
    let limits = Limits::read(table);
    let endpoint = Endpoint::open(table, "webhook-url", place.base, connections);
    let named = table.get("secret_file");
    let Some(secret) = secret::read(table, "secret_file", "webhook-secret", place.base).ok()? else {
        table.error(ChannelMistake::NothingToSignWith);
        return None;
    };
    let text = secret.expose_secret();
    let key = STANDARD.decode(text.strip_prefix(SECRET_PREFIX).unwrap_or(text)).ok();
    let Some(key) = key.filter(|key| key.len() >= MIN_SECRET_BYTES) else {
        let span = named.map_or_else(|| table.span(), |value| value.span());
        table.document().error(span, ChannelMistake::BadSigningSecret);
        return None;
    };
    Some(Box::new(WebhookChannel { endpoint: endpoint?, key: SecretSlice::from(key), limits, connections }))
}

/// The JSON that is posted.
#[derive(Serialize)]
struct WebhookEvent<'a> {
    r#type: &'static str,
    timestamp: String,
    data: WebhookData<'a>,
}

#[derive(Serialize)]
struct WebhookData<'a> {
    id: &'a str,
    school: &'a str,
    to: WebhookRecipient<'a>,
    language: &'a str,
    subject: &'a str,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    html: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    calendar: Option<&'a str>,
    items: Vec<ItemLine<'a>>,
}

#[derive(Serialize)]
struct WebhookRecipient<'a> {
    name: &'a str,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
}

#[derive(Serialize)]
struct ItemLine<'a> {
    task: &'a str,
    title: &'a str,
    urgency: Urgency,
    line: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<&'a str>,
}

#[async_trait]
impl Channel for WebhookChannel {
    fn address<'a>(&self, _: &'a Recipient) -> Result<Option<&'a str>, Failure> {
        Ok(None)
    }

    fn parts(&self) -> ContentParts {
        ContentParts::Data
    }

    fn limits(&self) -> Limits {
        self.limits
    }

    fn concurrency(&self) -> usize {
        self.connections
    }

    fn render(&self, message: &Outgoing<'_>, content: &Content) -> Result<Payload, Failure> {
        let event = WebhookEvent {
            r#type: "message",
            timestamp: message.at.timestamp().to_string(),
            data: WebhookData {
                id: message.id,
                school: &message.sender.name,
                to: WebhookRecipient {
                    name: &message.recipient.name,
                    kind: match message.recipient.kind {
                        RecipientKind::Person => "person",
                        RecipientKind::Group => "group",
                    },
                    email: message.recipient.email.as_deref(),
                },
                language: content.language,
                subject: &content.subject,
                text: &content.text,
                html: content.page.as_deref(),
                calendar: content.calendar.as_deref(),
                items: content
                    .items
                    .iter()
                    .map(|item| ItemLine {
                        task: item.task.as_str(),
                        title: &item.title,
                        urgency: item.urgency,
                        line: &item.line,
                        link: item.link.as_deref(),
                    })
                    .collect(),
            },
        };
        let bytes = serde_json::to_vec(&event).map_err(|error| not_composed(&error))?;
        Ok(Payload { bytes, extension: "json", message_id: format!("msg_{}", message.id) })
    }

    async fn try_out(&self) -> Result<Option<TriedOut>, Failure> {
        self.endpoint.try_out().await.map(Some)
    }

    async fn send(&self, message: &Outgoing<'_>, payload: &Payload) -> Result<Receipt, Failure> {
        let timestamp = message.at.timestamp().as_second().to_string();
        let signature = signature(self.key.expose_secret(), &payload.message_id, &timestamp, &payload.bytes);
        let mut headers = HeaderMap::new();
        for (name, text) in [
            ("webhook-id", payload.message_id.as_str()),
            ("webhook-timestamp", &timestamp),
            ("webhook-signature", &signature),
        ] {
            let value = HeaderValue::from_str(text).map_err(|error| not_composed(&error))?;
            headers.insert(name, value);
        }
        let answer = self.endpoint.post(&payload.bytes, headers, message.at.timestamp()).await?;
        let receipt = answer.verdict()?;
        // The receiver may answer as it likes, but a page for people is somebody else's answer.
        if answer.is_page() { Err(answer.foreign()) } else { Ok(receipt) }
    }
}

fn not_composed(error: &dyn std::error::Error) -> Failure {
    Failure::of_message(LocalReason::NotComposed { words: error.to_string() })
}

/// The signature of Standard Webhooks: HMAC-SHA256 over id, timestamp and body, joined by points.
fn signature(key: &[u8], id: &str, timestamp: &str, body: &[u8]) -> String {
    // HMAC takes keys of every length, so this never fails.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return String::new() };
    for part in [id.as_bytes(), b".", timestamp.as_bytes(), b".", body] {
        mac.update(part);
    }
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_the_specification() {
        // Computed with Python's hmac and base64.
        let key = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap_or_default();
        let signed = signature(&key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", br#"{"test": 2432232314}"#);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
