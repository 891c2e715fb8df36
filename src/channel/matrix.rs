//! The channel `matrix`: a message in a room of a Matrix server (client-server API, v3). The server takes a repeated
//! message once, by its transaction id, so that a lost answer does no harm.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use reqwest::Method;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use crate::compose::{Content, ContentParts};
use crate::people::Recipient;
use crate::reason::{Advice, ConversationHelp, HttpReason};
use crate::toml_file::TomlTable;

use super::bot;
use super::chat_text::ChatText;
use super::conversation::Conversations;
use super::endpoint::{Endpoint, HttpAnswer, is_later};
use super::{Channel, ChannelContext, Failure, Limits, Outgoing, Payload, Receipt, TriedOut};

/// An event takes 65 536 bytes; the text stands in it twice, with marks and escapes, and a letter has up to 3 bytes.
const MAX_HEADING_LEN: usize = 256;
const MAX_BODY_LEN: usize = 6000;
/// Messages a minute where `per_minute` is left out; the limits of a server are its admin's.
const DEFAULT_PER_MINUTE: u32 = 60;

/// Writes into rooms.
#[derive(Debug)]
struct MatrixChannel {
    conversations: Conversations,
    endpoint: Endpoint,
    token: SecretString,
    limits: Limits,
}

/// Reads the channel's table.
pub(super) fn open(table: &TomlTable<'_>, place: ChannelContext<'_>) -> Option<Box<dyn Channel>> {
    let limits = Limits::read_or(table, DEFAULT_PER_MINUTE);
    let conversations = Conversations::read(table, place.name, ConversationHelp::RoomSettings);
    let endpoint = Endpoint::open_service(table, None);
    let token = bot::token(table, place)?;
    let mut endpoint = endpoint?;
    endpoint.hide(&token);
    Some(Box::new(MatrixChannel { conversations, endpoint, token, limits }))
}

impl MatrixChannel {
    /// What every request bears.
    fn headers(&self) -> Result<HeaderMap, Failure> {
        let bearer = HeaderValue::from_str(&format!("Bearer {}", self.token.expose_secret()));
        let mut bearer = bearer.map_err(|_| Failure::of_channel(HttpReason::BadToken, Advice::TokenAlone))?;
        bearer.set_sensitive(true);
        Ok(HeaderMap::from_iter([(AUTHORIZATION, bearer)]))
    }
}

#[async_trait]
impl Channel for MatrixChannel {
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
        Ok(Payload::json(&form(&self.conversations.words(message, content)), message))
    }

    async fn send(&self, message: &Outgoing<'_>, payload: &Payload) -> Result<Receipt, Failure> {
        let room = self.conversations.with(message.recipient)?;
        let headers = self.headers()?;
        let path = ["_matrix", "client", "v3", "rooms", room, "send", "m.room.message", message.id];
        let answer = self.endpoint.call(Method::PUT, &path, &payload.bytes, headers, message.at.timestamp()).await;
        match answer.and_then(|answer| verdict(&answer)) {
            Err(Failure::Uncertain { reason }) => Err(Failure::temporary(reason)),
            taken_or_not => taken_or_not,
        }
    }

    async fn try_out(&self) -> Result<Option<TriedOut>, Failure> {
        let path = ["_matrix", "client", "v3", "account", "whoami"];
        let answer = self.endpoint.call(Method::GET, &path, &[], self.headers()?, Timestamp::UNIX_EPOCH).await?;
        verdict(&answer).map(|_| Some(TriedOut::Account))
    }
}

fn form(words: &ChatText) -> Value {
    let heading = words.heading(MAX_HEADING_LEN);
    let body = words.body(MAX_BODY_LEN, str::to_owned);
    let marked = format!("<p><strong>{}</strong></p><p>{}</p>", escape(&heading), escape(&body).replace('\n', "<br>"));
    json!({
        "msgtype": "m.text",
        "body": format!("{heading}\n\n{body}").trim_end(),
        "format": "org.matrix.custom.html",
        "formatted_body": marked,
        // Names in the text notify nobody.
        "m.mentions": {},
    })
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn verdict(answer: &HttpAnswer) -> Result<Receipt, Failure> {
    let reason = answer.said();
    let body = answer.json().unwrap_or_default();
    match (answer.status(), body["errcode"].as_str()) {
        (200..=299, None) if body["event_id"].is_string() => Ok(Receipt { answer: reason }),
        (_, Some("M_TOO_LARGE")) | (413, _) => Err(Failure::of_message(reason)),
        (_, Some("M_UNKNOWN_TOKEN" | "M_MISSING_TOKEN" | "M_USER_DEACTIVATED")) | (401, _) => {
            Err(Failure::of_channel(reason, Advice::NewToken))
        }
        (later, _) if is_later(later) => Err(answer.later(body["retry_after_ms"].as_u64().map(Duration::from_millis))),
        (_, Some(_)) => Err(Failure::of_recipient(reason)),
        _ => Err(answer.foreign()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::chat_text::tests::words;
    use super::*;

    #[test]
    fn a_room_gets_text_and_marked_text() {
        insta::assert_json_snapshot!(form(&words(2)));
    }

    #[test]
    fn no_event_is_larger_than_a_server_takes() {
        let mut long = words(5000);
        long.heading = "Nhắc việc & ".repeat(100);
        for line in &mut long.lines {
            line.push_str("&&&&&&<<<<<\"ệ");
        }
        let size = form(&long).to_string().len();
        assert!(size < 60_000, "{size} bytes");
    }
}
