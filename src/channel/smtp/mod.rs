//! The channel `smtp`: mail through a server (RFC 5321), over TLS (RFC 8314), STARTTLS (RFC 3207), or in the clear to
//! this machine alone.

mod connection;

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::response::Response;
use memchr::memmem;
use secrecy::SecretString;
use tokio::sync::Mutex;
use tokio::time::timeout;

use crate::compose::{Content, Parts};
use crate::config::oauth::OAuth;
use crate::config::secret;
use crate::config::server::{self, Ports};
use crate::people::Recipient;
use crate::toml_file::Table;
use crate::toml_file::values;
use crate::with_causes;

use super::{Channel, Failure, Limits, Outgoing, Payload, Place, Receipt, mime};
use crate::net::oauth::Tokens;
use connection::{Line, Server};

/// How long the server may take for an ordinary answer (RFC 5321, 4.5.3.2).
const ANSWER: Duration = Duration::from_mins(5);
/// How long it may take to accept a message after its last byte (RFC 5321, 4.5.3.2.6).
const ACCEPTANCE: Duration = Duration::from_mins(10);
/// The ports of submission (RFC 8314, 3.3; RFC 6409), and of a server on this machine.
const PORTS: Ports = Ports { tls: 465, start_tls: 587, none: 25 };

/// Who the server lets in.
#[derive(Debug)]
pub(super) struct Login {
    username: String,
    proof: Proof,
}

/// What proves that it is them.
#[derive(Debug)]
pub(super) enum Proof {
    Password(SecretString),
    /// Tokens that another service gives (XOAUTH2).
    Tokens(Tokens),
}

/// Sends mail.
#[derive(Debug)]
struct SmtpChannel {
    server: Server,
    from: Address,
    reply_to: Option<String>,
    limits: Limits,
    /// Connections that are open and idle.
    idle: Idle,
    /// How many there are at most.
    connections: usize,
}

/// Connections between two messages; what they hold is nobody's business.
#[derive(Default)]
struct Idle(Mutex<Vec<Line>>);

impl fmt::Debug for Idle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Idle")
    }
}

/// Reads the channel's table.
pub(super) fn open(table: &Table<'_>, place: Place<'_>) -> Option<Box<dyn Channel>> {
    let server = server::read(table, PORTS, "mail");
    let from = table.require("from").and_then(|value| values::address(&value));
    let reply_to = place.reply_to(table);
    let username = table.get("username").and_then(|value| value.name());
    let password = secret::read(table, "password_file", "smtp-password", place.base);
    let tokens = OAuth::read(table, place.base);
    let connections = table.get("connections").and_then(|value| values::count(&value, 1..=100)).unwrap_or(16);
    let limits = Limits::read(table);
    let server = server?;
    let proof = tokens.ok()?.map(|oauth| Proof::Tokens(Tokens::new(oauth))).or(password.map(Proof::Password));
    if username.is_some() && proof.is_none() {
        let message = "the channel has a `username` and no password";
        let help =
            "add `password_file = \"…\"`, the credential `smtp-password` in the systemd unit, or `oauth`".to_owned();
        table.document().error(table.span(), "missing-key", message, Some(help));
        return None;
    }
    let login = username.zip(proof).map(|(username, proof)| Login { username, proof });
    let server::Server { host, port, security } = server;
    let server = Server { host, port, security, login };
    Some(Box::new(SmtpChannel {
        server,
        from: from?.parse().ok()?,
        reply_to,
        limits,
        idle: Idle::default(),
        connections: usize::try_from(connections).unwrap_or(1),
    }))
}

#[async_trait]
impl Channel for SmtpChannel {
    fn address<'a>(&self, recipient: &'a Recipient) -> Result<Option<&'a str>, Failure> {
        match &recipient.email {
            Some(address) => Ok(Some(address)),
            None => Err(Failure::Permanent { reason: "no `email` to send to".to_owned() }),
        }
    }

    fn parts(&self) -> Parts {
        Parts::Mail
    }

    fn limits(&self) -> Limits {
        self.limits
    }

    fn concurrency(&self) -> usize {
        self.connections
    }

    fn render(&self, message: &Outgoing<'_>, content: &Content) -> Result<Payload, Failure> {
        mime::payload(message, content, Some(self.from.as_ref()), self.reply_to.as_deref())
            .map_err(|error| Failure::Permanent { reason: error.to_string() })
    }

    async fn send(&self, message: &Outgoing<'_>, payload: &Payload) -> Result<Receipt, Failure> {
        let to = self.address(message.recipient)?.unwrap_or_default();
        let to: Address = to.parse().map_err(|_| Failure::Permanent { reason: format!("`{to}` is no address") })?;
        let envelope = Envelope { mail: Mail::new(Some(self.from.clone()), Vec::new()), to: Rcpt::new(to, Vec::new()) };
        let reused = self.idle.0.lock().await.pop();
        let had_one = reused.is_some();
        let mut line = match reused {
            Some(line) => line,
            None => self.server.connect().await?,
        };
        // A server closes what is idle for long: then the first word shows it, and nothing was handed over yet.
        let began = begin(&mut line, &envelope).await;
        if had_one && began.as_ref().is_err_and(is_closed) {
            line = self.server.connect().await?;
            answered(begin(&mut line, &envelope).await)?;
        } else {
            answered(began)?;
        }
        let receipt = hand_over(&mut line, &envelope, &payload.bytes).await;
        if receipt.is_ok() {
            let mut idle = self.idle.0.lock().await;
            if idle.len() < self.connections {
                idle.push(line);
            }
        }
        receipt
    }
}

/// What is said before a message: from whom it is, to whom, and that it follows.
struct Envelope {
    mail: Mail,
    to: Rcpt,
}

impl fmt::Display for Envelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{Data}", self.mail, self.to)
    }
}

/// A message as it stands on the line: no line of it is a single point, and one ends it (RFC 5321, 4.5.2, transparency).
fn transparent(message: &[u8]) -> String {
    // A mail is ASCII: whatever is not, is encoded in it.
    let text = str::from_utf8(message).map_or_else(|_| String::from_utf8_lossy(message), Cow::Borrowed);
    let mut line = String::with_capacity(text.len() + text.len() / 64 + 5);
    if text.starts_with('.') {
        line.push('.');
    }
    let mut rest = text.as_ref();
    while let Some(place) = memmem::find(rest.as_bytes(), b"\r\n.") {
        let (before, after) = rest.split_at(place + 2);
        line.push_str(before);
        line.push('.');
        rest = after;
    }
    line.push_str(rest);
    line.push_str("\r\n.\r\n");
    line
}

/// Begins a mail, with the whole envelope at once where the server takes that; the answer is that to the first command.
async fn begin(line: &mut Line, envelope: &Envelope) -> Result<Response, Step> {
    if line.pipelines {
        return step(ANSWER, line.smtp.command(envelope)).await;
    }
    step(ANSWER, line.smtp.command(&envelope.mail)).await
}

/// One recipient and the message, on a connection on which a mail has begun. Where a step is refused the connection is
/// not used again, so that nothing need be taken back.
async fn hand_over(line: &mut Line, envelope: &Envelope, bytes: &[u8]) -> Result<Receipt, Failure> {
    if line.pipelines {
        answered(step(ANSWER, line.smtp.read_response()).await)?;
        answered(step(ANSWER, line.smtp.read_response()).await)?;
    } else {
        answered(step(ANSWER, line.smtp.command(&envelope.to)).await)?;
        answered(step(ANSWER, line.smtp.command(Data)).await)?;
    }
    match step(ACCEPTANCE, line.smtp.command(transparent(bytes))).await {
        Ok(response) => Ok(Receipt { answer: said(&response) }),
        Err(Step::Refused(error)) if error.status().is_some() => Err(refused(&error)),
        // Whether the server has it nobody knows (rules of delivery, 2).
        Err(lost) => Err(Failure::Uncertain { reason: format!("no answer after the message: {lost}") }),
    }
}

/// How a step of the conversation failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum Step {
    #[error("{}", with_causes(.0))]
    Refused(Error),
    #[error("the server did not answer in time")]
    TimedOut,
}

/// Waits for a step, so long and no longer.
pub(super) async fn step<T>(limit: Duration, work: impl Future<Output = Result<T, Error>>) -> Result<T, Step> {
    match timeout(limit, work).await {
        Ok(result) => result.map_err(Step::Refused),
        Err(_) => Err(Step::TimedOut),
    }
}

fn answered(result: Result<Response, Step>) -> Result<Response, Failure> {
    result.map_err(|failed| match failed {
        Step::Refused(error) => refused(&error),
        Step::TimedOut => Failure::Temporary { reason: failed.to_string(), retry_after: None },
    })
}

fn is_closed(failed: &Step) -> bool {
    matches!(failed, Step::Refused(error) if error.status().is_none() || code(error) == Some(421))
}

/// What an answer of the server means for the message (rules of delivery, 4).
fn refused(error: &Error) -> Failure {
    let reason = with_causes(error);
    match code(error) {
        // Not allowed in: the password, not the message (RFC 4954, 6).
        Some(530 | 534 | 535 | 538) => {
            Failure::of_channel(reason, "the server wants a login: add `username` and `password_file`")
        }
        // Too many today (RFC 3463, X.4.5 and X.7.0 as large providers use them): tomorrow is another day.
        Some(550..=554) if reason.contains("5.4.5") => Failure::Temporary { reason, retry_after: None },
        Some(500..) => Failure::Permanent { reason },
        _ => Failure::Temporary { reason, retry_after: None },
    }
}

fn code(error: &Error) -> Option<u16> {
    error.status().map(u16::from)
}

fn said(response: &Response) -> String {
    let lines: Vec<&str> = response.message().collect();
    format!("{} {}", response.code(), lines.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_of_a_message_ends_it() {
        let cases = [
            ("a\r\nb\r\n", "a\r\nb\r\n\r\n.\r\n"),
            (".\r\n", "..\r\n\r\n.\r\n"),
            ("a\r\n.\r\n.b\r\n..c", "a\r\n..\r\n..b\r\n...c\r\n.\r\n"),
            ("a.\r\nb.c", "a.\r\nb.c\r\n.\r\n"),
        ];
        for (message, line) in cases {
            assert_eq!(transparent(message.as_bytes()), line);
        }
    }
}
