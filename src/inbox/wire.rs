//! The conversation with an IMAP server (RFC 3501): commands, and responses with literals, within limits of size and time.
//!
//! Of the crates, async-imap takes a command that the server refuses for an empty answer, and imap-proto reads no response with
//! one word that it does not know: a mailbox cannot be read any more by either. What is needed of the syntax is little.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::time::{Instant, timeout, timeout_at};

use crate::net::Stream;
use crate::net::secrets::Secrets;
use crate::reason::{MailboxFault, MailboxReason, MailboxStep, SystemReason};

use super::response::{Chunk, Response};
use super::{InboxError, words};

/// The time limit for whatever comes next from the server, and for handing it a command.
pub(super) const STEP_TIMEOUT: Duration = Duration::from_secs(30);
/// The time limit for the whole answer to a command.
const ANSWER_TIMEOUT: Duration = Duration::from_mins(5);
/// The longest line, in bytes.
const MAX_LINE_BYTES: usize = 1 << 20;

/// A conversation.
pub(super) struct ImapWire {
    stream: BufReader<Box<dyn Stream>>,
    /// How many commands were given.
    commands: u32,
    /// Whether the server has told of new mail since that was last asked.
    has_news: bool,
    /// What is struck out of the server's words: some repeat what was said.
    secrets: Secrets,
}

impl std::fmt::Debug for ImapWire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ImapWire")
    }
}

/// Why a conversation cannot go on, or why a command came to nothing.
#[derive(Debug)]
pub(super) enum WireError {
    /// The server refused this command, in these words; another may succeed.
    Refused(String),
    /// The connection ended, with the server's last words where it said any.
    Lost(Option<String>),
    /// Nothing came in time.
    Silent,
    /// The server sends more than was asked for.
    TooMuch,
    /// What came is no IMAP.
    Foreign,
    /// The network failed.
    Io(io::Error),
}

impl WireError {
    /// The error with the step at which it came.
    pub(super) fn at(self, step: MailboxStep) -> InboxError {
        let is_refusal = matches!(self, Self::Refused(_));
        let fault = match self {
            Self::Refused(said) => MailboxFault::Refused(words(&said)),
            Self::Lost(None) => MailboxFault::Lost,
            Self::Lost(Some(said)) => MailboxFault::Ended(words(&said)),
            Self::Silent => MailboxFault::TooSlow,
            Self::TooMuch => MailboxFault::TooMuch,
            Self::Foreign => MailboxFault::NotUnderstood,
            Self::Io(error) => MailboxFault::System(SystemReason::from(&error)),
        };
        InboxError { is_refusal, ..InboxError::new(MailboxReason::Failed { step, fault }) }
    }
}

type Result<T> = std::result::Result<T, WireError>;

impl ImapWire {
    pub(super) fn new(stream: Box<dyn Stream>) -> Self {
        Self { stream: BufReader::new(stream), commands: 0, has_news: false, secrets: Secrets::default() }
    }

    /// Strikes this out of the server's words from now on.
    pub(super) fn hide(&mut self, secret: &str) {
        self.secrets.add(secret);
    }

    /// Whether the server has told of new mail since this was last asked.
    pub(super) fn take_news(&mut self) -> bool {
        std::mem::take(&mut self.has_news)
    }

    /// The stream, for encryption; `None` where the server has spoken on, whose words may be an attacker's (RFC 9051, 6.2.1).
    pub(super) fn into_plain(self) -> Option<Box<dyn Stream>> {
        self.stream.buffer().is_empty().then(|| self.stream.into_inner())
    }

    /// Gives a command and waits for the answer, of `limit` bytes at most. Returns the responses before its end.
    pub(super) async fn command(&mut self, text: &str, limit: usize) -> Result<Vec<Response>> {
        let tag = self.begin(text).await?;
        self.answer(&tag, limit).await
    }

    /// Gives a command whose parts after the first are literals: each is sent when the server asks for it.
    pub(super) async fn command_with(&mut self, text: &str, literals: &[&[u8]], limit: usize) -> Result<Vec<Response>> {
        let first = literals.first().map_or(String::new(), |literal| format!(" {{{}}}", literal.len()));
        let tag = self.begin(&format!("{text}{first}")).await?;
        for (place, literal) in literals.iter().enumerate() {
            self.wait_for_continuation(&tag, limit).await?;
            let next = literals.get(place + 1).map_or(String::new(), |next| format!(" {{{}}}", next.len()));
            self.send(&[literal, next.as_bytes(), b"\r\n"].concat()).await?;
        }
        self.answer(&tag, limit).await
    }

    /// Gives a command to which the server answers with challenges, of which the first gets `response` and any other an empty
    /// line.
    pub(super) async fn authenticate(&mut self, mechanism: &str, response: &str, limit: usize) -> Result<()> {
        let tag = self.begin(&format!("AUTHENTICATE {mechanism}")).await?;
        let mut response = Some(response);
        let mut budget = limit;
        loop {
            let said = self.response(&mut budget).await?;
            if said.is_continuation() {
                let line = format!("{}\r\n", response.take().unwrap_or_default());
                self.send(line.as_bytes()).await?;
            } else if let Some(ended) = said.end(&tag) {
                return ended.map_err(|said| self.refused(said));
            }
        }
    }

    /// Waits until the server tells of new mail, for `limit` at most (RFC 2177).
    pub(super) async fn idle(&mut self, limit: Duration, bytes: usize) -> Result<()> {
        let tag = self.begin("IDLE").await?;
        self.wait_for_continuation(&tag, bytes).await?;
        let (mut budget, until) = (bytes, Instant::now() + limit);
        // What was told of since the mailbox was last looked into counts too.
        while !self.has_news {
            match timeout_at(until, self.stream.fill_buf()).await {
                Err(_) => break,
                Ok(Err(error)) => return Err(WireError::Io(error)),
                Ok(Ok([])) => return Err(WireError::Lost(None)),
                Ok(Ok(_)) => {}
            }
            let said = self.response(&mut budget).await?;
            self.note(&said);
            if said.end(&tag).is_some() {
                return Ok(());
            }
        }
        self.send(b"DONE\r\n").await?;
        self.answer(&tag, bytes).await.map(|_| ())
    }

    /// What the server says before any command.
    pub(super) async fn greeting(&mut self) -> Result<Response> {
        let mut budget = MAX_LINE_BYTES;
        self.response(&mut budget).await
    }

    async fn begin(&mut self, text: &str) -> Result<String> {
        self.commands += 1;
        let tag = format!("n{}", self.commands);
        self.send(format!("{tag} {text}\r\n").as_bytes()).await?;
        Ok(tag)
    }

    async fn send(&mut self, bytes: &[u8]) -> Result<()> {
        let sent = async {
            self.stream.write_all(bytes).await?;
            self.stream.flush().await
        };
        timeout(STEP_TIMEOUT, sent).await.map_err(|_| WireError::Silent)?.map_err(WireError::Io)
    }

    async fn wait_for_continuation(&mut self, tag: &str, limit: usize) -> Result<()> {
        let mut budget = limit;
        loop {
            let said = self.response(&mut budget).await?;
            if said.is_continuation() {
                return Ok(());
            }
            match said.end(tag) {
                Some(Err(said)) => return Err(self.refused(said)),
                Some(Ok(())) => return Err(WireError::Foreign),
                None => {}
            }
        }
    }

    /// The responses up to the end of a command.
    async fn answer(&mut self, tag: &str, limit: usize) -> Result<Vec<Response>> {
        let answer = async {
            let mut budget = limit;
            let mut said: Vec<Response> = Vec::new();
            loop {
                let response = self.response(&mut budget).await;
                let response = response.map_err(|error| match error {
                    WireError::Lost(None) => {
                        let bye = said.iter().rev().find_map(Response::bye);
                        WireError::Lost(bye.map(|said| self.secrets.strike(said)))
                    }
                    error => error,
                })?;
                self.note(&response);
                match response.end(tag) {
                    Some(Ok(())) => return Ok(said),
                    Some(Err(words)) => return Err(self.refused(words)),
                    None if response.is_untagged() => said.push(response),
                    // Another command's end, or a continuation that nobody waits for.
                    None => return Err(WireError::Foreign),
                }
            }
        };
        timeout(ANSWER_TIMEOUT, answer).await.map_err(|_| WireError::Silent)?
    }

    fn refused(&self, said: String) -> WireError {
        WireError::Refused(self.secrets.strike(said))
    }

    fn note(&mut self, said: &Response) {
        self.has_news |= said.exists().is_some();
    }

    /// One response: a line, and whatever literals are in it. Whatever comes next must come in time.
    async fn response(&mut self, budget: &mut usize) -> Result<Response> {
        let mut chunks = Vec::new();
        loop {
            let line = self.line(budget).await?;
            let Some((before, length)) = announced(&line) else {
                chunks.push(Chunk::Text(line));
                return Ok(Response(chunks));
            };
            if length > *budget {
                return Err(WireError::TooMuch);
            }
            *budget -= length;
            chunks.push(Chunk::Text(line[..before].to_vec()));
            chunks.push(Chunk::Literal(self.literal(length).await?));
        }
    }

    async fn literal(&mut self, length: usize) -> Result<Vec<u8>> {
        let mut literal = vec![0; length];
        let mut read = 0;
        while read < length {
            let more = timeout(STEP_TIMEOUT, self.stream.read(&mut literal[read..])).await;
            match more.map_err(|_| WireError::Silent)?.map_err(WireError::Io)? {
                0 => return Err(WireError::Lost(None)),
                more => read += more,
            }
        }
        Ok(literal)
    }

    /// A line without its end.
    async fn line(&mut self, budget: &mut usize) -> Result<Vec<u8>> {
        let mut line = Vec::new();
        loop {
            let buffer = timeout(STEP_TIMEOUT, self.stream.fill_buf()).await.map_err(|_| WireError::Silent)?;
            let buffer = buffer.map_err(WireError::Io)?;
            if buffer.is_empty() {
                return Err(WireError::Lost(None));
            }
            let end = buffer.iter().position(|byte| *byte == b'\n');
            let taken = end.map_or(buffer.len(), |end| end + 1);
            if taken > *budget || line.len() + taken > MAX_LINE_BYTES {
                return Err(WireError::TooMuch);
            }
            line.extend_from_slice(&buffer[..taken]);
            self.stream.consume(taken);
            *budget -= taken;
            if end.is_some() {
                let length = line.iter().rposition(|byte| !matches!(byte, b'\r' | b'\n')).map_or(0, |last| last + 1);
                line.truncate(length);
                return Ok(line);
            }
        }
    }
}

/// Where a line ends that announces a literal, "{12}" at its end, and how long that is.
fn announced(line: &[u8]) -> Option<(usize, usize)> {
    let inside = line.strip_suffix(b"}")?;
    let begin = inside.iter().rposition(|byte| *byte == b'{')?;
    let digits = inside[begin + 1..].strip_suffix(b"+").unwrap_or(&inside[begin + 1..]);
    let digits = std::str::from_utf8(digits).ok().filter(|digits| !digits.is_empty())?;
    // A number too large for this machine is too large in any case.
    digits.bytes().all(|digit| digit.is_ascii_digit()).then(|| (begin, digits.parse().unwrap_or(usize::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_noticed_where_they_are_announced_and_nowhere_else() {
        assert_eq!(announced(b"* 1 FETCH (BODY[] {12}"), Some((18, 12)));
        assert_eq!(announced(b"* 1 FETCH (BODY[] {12+}"), Some((18, 12)));
        assert_eq!(announced(b"{99999999999999999999999}"), Some((0, usize::MAX)));
        for none in [&b"* OK {x}"[..], b"* OK {}", b"* OK {12} ", b"12}", b""] {
            assert_eq!(announced(none), None);
        }
    }
}
