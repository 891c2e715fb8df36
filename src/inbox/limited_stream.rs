//! The stream under IMAP, with a limit on the bytes that the server may send.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::net::Stream;

/// The number of bytes that the server may still send. Shared by the stream, which counts, and the mailbox, which sets
/// it.
#[derive(Debug, Default)]
pub(super) struct Allowance(AtomicUsize);

impl Allowance {
    /// Sets the number of bytes for the next answer.
    pub(super) fn renew(&self, bytes: usize) {
        self.0.store(bytes, Ordering::Relaxed);
    }
}

/// A stream that ends in an error where the server sends more than it may, or announces that it will.
pub(super) struct LimitedStream {
    stream: Box<dyn Stream>,
    allowance: Arc<Allowance>,
    announced: LiteralScanner,
}

impl LimitedStream {
    pub(super) fn new(stream: Box<dyn Stream>, allowance: Arc<Allowance>) -> Self {
        Self { stream, allowance, announced: LiteralScanner::default() }
    }
}

impl fmt::Debug for LimitedStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wire")
    }
}

/// Finds literals (RFC 3501, section 4.3) where they are announced, by `{12}` and a line end: the IMAP reader reserves
/// memory for them at once.
#[derive(Debug, Default)]
struct LiteralScanner {
    /// The bytes of the present literal that are still to come.
    literal: usize,
    /// The digits of an announcement as far as they are read; `None` outside of one.
    number: Option<usize>,
    closed: bool,
}

impl LiteralScanner {
    /// Reads further bytes and returns the size of the largest literal that they announce.
    fn read(&mut self, mut bytes: &[u8]) -> usize {
        let mut largest = 0;
        while let Some((first, rest)) = bytes.split_first() {
            if self.literal > 0 {
                let inside = self.literal.min(bytes.len());
                self.literal -= inside;
                bytes = &bytes[inside..];
                continue;
            }
            bytes = rest;
            match (*first, self.number) {
                (b'{', _) => (self.number, self.closed) = (Some(0), false),
                (digit @ b'0'..=b'9', Some(number)) if !self.closed => {
                    self.number = Some(number.saturating_mul(10).saturating_add(usize::from(digit - b'0')));
                }
                (b'}', Some(_)) => self.closed = true,
                (b'\r', Some(_)) if self.closed => {}
                (b'\n', Some(number)) if self.closed => {
                    self.literal = number;
                    largest = largest.max(number);
                    self.number = None;
                }
                _ => self.number = None,
            }
        }
        largest
    }
}

impl AsyncRead for LimitedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        let new = &buffer.filled()[before..];
        let left = self.allowance.0.load(Ordering::Relaxed);
        let announced = self.announced.read(new);
        if new.len() > left || announced > left {
            let error = io::Error::new(io::ErrorKind::InvalidData, "the server sends more than was asked for");
            return Poll::Ready(Err(error));
        }
        self.allowance.0.store(left - new.len(), Ordering::Relaxed);
        read
    }
}

impl AsyncWrite for LimitedStream {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_noticed_where_they_are_announced_and_nowhere_else() {
        let mut announced = LiteralScanner::default();
        assert_eq!(announced.read(b"* 1 FETCH (BODY[] {1"), 0);
        assert_eq!(announced.read(b"2}\r\n"), 12);
        // The text of a mail announces nothing.
        assert_eq!(announced.read(b"{999999}\r\nab) {7} {8"), 0);
        assert_eq!(announced.read(b"}x\r\n"), 0);
        assert_eq!(announced.read(b"{99999999999999999999999}\r\n"), usize::MAX);
    }
}
