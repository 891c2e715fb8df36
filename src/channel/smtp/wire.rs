//! The connection as a conversation goes over it: one write a step, one reply, each within its time.

use std::io;

use futures_util::FutureExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

use crate::net::Stream;
use crate::net::secrets::Secrets;

use super::reply::{Malformed, Reply, ReplyReader};
use super::step::{Fault, Step, Stop};

/// A connection, and what was read from it.
pub(super) struct SmtpWire<S> {
    stream: S,
    reader: ReplyReader,
    secrets: Secrets,
}

impl<S: Stream> SmtpWire<S> {
    /// A connection on which nothing was said yet.
    pub(super) fn new(stream: S) -> Self {
        Self { stream, reader: ReplyReader::default(), secrets: Secrets::default() }
    }

    /// Strikes this out of all that comes from now on.
    pub(super) fn hide(&mut self, secret: &str) {
        self.secrets.add(secret);
    }

    /// Says something and waits for the reply to it.
    pub(super) async fn ask(&mut self, step: Step, words: &[u8]) -> Result<Reply, Stop> {
        self.say(step, words).await?;
        self.hear(step).await
    }

    /// Says something that leads to `step`, in one piece. Nothing may have come before that was not asked for.
    pub(super) async fn say(&mut self, step: Step, words: &[u8]) -> Result<(), Stop> {
        self.listen(step).map_err(|fault| Stop { step, fault })?;
        self.write(step, words).await
    }

    /// Writes a piece of what leads to `step`.
    pub(super) async fn write(&mut self, step: Step, piece: &[u8]) -> Result<(), Stop> {
        let stream = &mut self.stream;
        let written = timeout(step.limit(), async {
            stream.write_all(piece).await?;
            stream.flush().await
        });
        let fault = match written.await {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(error)) => self.last_words(step).unwrap_or(Fault::Lost(error)),
            Err(_) => Fault::Late,
        };
        Err(Stop { step, fault })
    }

    /// Waits for the reply to `step`, which must let the conversation go on.
    pub(super) async fn hear(&mut self, step: Step) -> Result<Reply, Stop> {
        let fault = match timeout(step.limit(), self.reply()).await {
            Ok(Ok(reply)) if step.takes(reply.code) => return Ok(reply),
            Ok(Ok(reply)) => said_no(reply),
            Ok(Err(fault)) => fault,
            Err(_) => Fault::Late,
        };
        Err(Stop { step, fault })
    }

    /// Looks, without waiting, whether anything has come that nobody asked for, before what leads to `step` is said.
    pub(super) fn listen(&mut self, step: Step) -> Result<(), Fault> {
        if !self.reader.has_unread() {
            match self.stream.read_buf(self.reader.space()).now_or_never() {
                None => return Ok(()),
                Some(Ok(0)) => return Err(Fault::Lost(io::ErrorKind::UnexpectedEof.into())),
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(Fault::Lost(error)),
            }
        }
        Err(self.last_words(step).unwrap_or(Fault::Unasked))
    }

    /// Says goodbye and waits for the answer, but not for long: nothing depends on it.
    pub(super) async fn quit(mut self) {
        let farewell = async {
            if self.ask(Step::Quit, b"QUIT\r\n").await.is_ok() {
                // Who has been told goodbye need not hear the end of encryption.
                let _ = self.stream.shutdown().await;
            }
        };
        let _ = timeout(Step::Quit.limit(), farewell).await;
    }

    /// The stream alone.
    pub(super) fn into_stream(self) -> S {
        self.stream
    }

    /// Why the server is going, where it has said so before it was asked (RFC 5321, 3.8); or why it does not want the
    /// message, where it has not waited for its end.
    fn last_words(&mut self, step: Step) -> Option<Fault> {
        let _ = self.stream.read_buf(self.reader.space()).now_or_never();
        let reply = self.reader.next().ok().flatten()?;
        let reply = reply.map(|line| self.secrets.strike(line));
        let is_refusal = reply.is_temporary() || reply.is_permanent();
        (reply.code == 421 || is_refusal && step == Step::End).then_some(Fault::Refused(reply))
    }

    /// The next reply, without secrets.
    async fn reply(&mut self) -> Result<Reply, Fault> {
        let reply = loop {
            match self.reader.next() {
                Ok(Some(reply)) => break reply,
                Ok(None) => {}
                Err(Malformed::NoCode(line)) => {
                    return Err(Fault::Malformed(Malformed::NoCode(self.secrets.strike(line))));
                }
                Err(endless) => return Err(Fault::Malformed(endless)),
            }
            if self.stream.read_buf(self.reader.space()).await.map_err(Fault::Lost)? == 0 {
                break self.reader.last().ok_or_else(|| Fault::Lost(io::ErrorKind::UnexpectedEof.into()))?;
            }
        };
        Ok(reply.map(|line| self.secrets.strike(line)))
    }
}

/// What a reply means that does not let a step go on.
pub(super) fn said_no(reply: Reply) -> Fault {
    if reply.is_temporary() || reply.is_permanent() { Fault::Refused(reply) } else { Fault::Wrong(reply) }
}
