//! A connection to a mail server: opened, encrypted, logged in.
//!
//! The stream is ours, so that what belongs together goes out together and at once (`TCP_NODELAY`), and every step has a
//! time limit.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, AsyncTokioStream};
use lettre::transport::smtp::commands::Ehlo;
use lettre::transport::smtp::extension::ClientId;
use rustls::pki_types::ServerName;
use secrecy::ExposeSecret;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::config::server::Security;
use crate::net::tls;
use crate::with_causes;

use super::{ANSWER, Failure, Login, Proof, Step, step};

/// How long a connection may take to open.
const CONNECT: Duration = Duration::from_secs(30);
/// No answer has more lines.
const MOST_LINES: usize = 100;
/// No line of an answer is longer than this (RFC 5321, 4.5.3.1.5 asks for 512 at least).
const LONGEST_LINE: u64 = 4096;
/// No answer is longer in all, in bytes.
const LONGEST_ANSWER: usize = 64 << 10;

/// No more is held back before an answer is waited for.
const MOST_HELD: usize = 64 << 10;

/// A connection that is ready for a mail.
pub(super) struct Line {
    pub(super) smtp: AsyncSmtpConnection,
    /// Whether the server takes several commands before it answers (RFC 2920).
    pub(super) pipelines: bool,
}

/// Where mail is handed over, and how.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) security: Security,
    pub(super) login: Option<Login>,
}

impl Server {
    /// Opens a connection that is ready for a mail.
    pub(super) async fn connect(&self) -> Result<Line, Failure> {
        let name = format!("{}:{}", self.host, self.port);
        let addresses = tokio::net::lookup_host((self.host.as_str(), self.port)).await.map_err(|error| {
            let reason = format!("the name {} is not found: {error}", self.host);
            Failure::of_channel(reason, "is `host` written right, and does this machine reach the network?")
        })?;
        let addresses: Vec<SocketAddr> = addresses.collect();
        let opened = match timeout(CONNECT, TcpStream::connect(addresses.as_slice())).await {
            Ok(opened) => opened,
            Err(_) => Err(io::ErrorKind::TimedOut.into()),
        };
        let later = |what: &str, error: &io::Error| Failure::Temporary {
            reason: format!("{what} {name}: {error}"),
            retry_after: None,
        };
        let plain = opened.map_err(|error| later("cannot connect to", &error))?;
        plain.set_nodelay(true).map_err(|error| later("cannot use the connection to", &error))?;
        let stream: Box<dyn AsyncTokioStream> = match self.security {
            Security::None => Box::new(plain),
            Security::Tls => Box::new(Encrypted::new(self.encrypt(plain).await?, b"")),
            Security::StartTls => {
                let plain = timeout(ANSWER, start_tls(plain))
                    .await
                    .map_err(|_| later("no answer from", &io::ErrorKind::TimedOut.into()))?
                    .map_err(|error| starting_failed(&name, &error))?;
                // After STARTTLS the server does not greet again; the client waits for a greeting all the same.
                Box::new(Encrypted::new(self.encrypt(plain).await?, b"220 encrypted\r\n"))
            }
        };
        let hello = ClientId::default();
        let stream = Box::new(Gathering::new(stream));
        let smtp = step(ANSWER, AsyncSmtpConnection::connect_with_transport(stream, &hello)).await;
        let mut smtp = smtp.map_err(|failed| match &failed {
            // A server that greets with 5xx serves nobody; it is not about one message.
            Step::Refused(error) if error.is_permanent() => {
                Failure::of_channel(with_causes(error), "the server talks to nobody from here: ask those who run it")
            }
            _ => Failure::Temporary { reason: failed.to_string(), retry_after: None },
        })?;
        if let Some(login) = &self.login {
            self.log_in(&mut smtp, login).await?;
        }
        // The client keeps of what the server offers only what it uses itself, so it is asked once more.
        let offers = step(ANSWER, smtp.command(Ehlo::new(hello))).await;
        let offers = offers.map_err(|failed| Failure::Temporary { reason: failed.to_string(), retry_after: None })?;
        let pipelines = offers.message().any(|line| line.eq_ignore_ascii_case("PIPELINING"));
        Ok(Line { smtp, pipelines })
    }

    async fn encrypt(&self, plain: TcpStream) -> Result<TlsStream<TcpStream>, Failure> {
        let broken = |reason: String| Failure::Channel { reason, advice: None };
        let name = ServerName::try_from(self.host.clone())
            .map_err(|_| broken(format!("{} is no name that a certificate can bear", self.host)))?;
        let config = tls::client().map_err(|error| broken(format!("TLS cannot be used: {error}")))?;
        let handshake = TlsConnector::from(Arc::new(config)).connect(name, plain);
        match timeout(CONNECT, handshake).await {
            Ok(Ok(stream)) => Ok(stream),
            // rustls tells of certificates as invalid data; anything else is the network's.
            Ok(Err(error)) if error.kind() == io::ErrorKind::InvalidData => {
                let reason = format!("{} does not show a certificate that can be trusted: {error}", self.host);
                let advice = "write as `host` the name that stands in the certificate, with `tls` and `port` that belong \
                              together: \"tls\" with 465, \"starttls\" with 587";
                Err(Failure::of_channel(reason, advice))
            }
            Ok(Err(error)) => Err(Failure::Temporary {
                reason: format!("encryption with {} failed: {error}", self.host),
                retry_after: None,
            }),
            Err(_) => Err(Failure::Temporary {
                reason: format!("encryption with {} took too long", self.host),
                retry_after: None,
            }),
        }
    }

    async fn log_in(&self, connection: &mut AsyncSmtpConnection, login: &Login) -> Result<(), Failure> {
        let (secret, mechanisms): (_, &[Mechanism]) = match &login.proof {
            Proof::Password(password) => (password.clone(), &[Mechanism::Plain, Mechanism::Login]),
            Proof::Tokens(tokens) => (tokens.token().await?, &[Mechanism::Xoauth2]),
        };
        let credentials = Credentials::new(login.username.clone(), secret.expose_secret().to_owned());
        match step(ANSWER, connection.auth(mechanisms, &credentials)).await {
            Ok(_) => Ok(()),
            // Refused for now, or lost on the way: nothing is said against the login.
            Err(Step::Refused(error)) if !error.is_permanent() && !error.is_client() => {
                Err(Failure::Temporary { reason: with_causes(&error), retry_after: None })
            }
            Err(Step::TimedOut) => Err(Failure::Temporary { reason: Step::TimedOut.to_string(), retry_after: None }),
            Err(refused) => {
                if let Proof::Tokens(tokens) = &login.proof {
                    tokens.forget().await;
                }
                Err(Failure::of_channel(format!("the server refused the login: {refused}"), login_advice(&self.host)))
            }
        }
    }
}

/// What helps where a password is refused: the large providers each have a reason of their own.
fn login_advice(host: &str) -> &'static str {
    let host = host.to_ascii_lowercase();
    let is_of = |domain: &str| host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    if is_of("gmail.com") || is_of("google.com") {
        "for Gmail use an app password, see docs/gmail.md"
    } else if is_of("office365.com") || is_of("outlook.com") || is_of("office.com") {
        "Microsoft 365 must allow SMTP AUTH for this mailbox, see docs/microsoft-365.md"
    } else {
        "is `username` right, and the password in `password_file`?"
    }
}

fn starting_failed(name: &str, error: &io::Error) -> Failure {
    let reason = format!("{name}: {error}");
    match error.kind() {
        io::ErrorKind::Unsupported | io::ErrorKind::InvalidData => Failure::Channel { reason, advice: None },
        _ => Failure::Temporary { reason, retry_after: None },
    }
}

/// Speaks with the server up to the point where TLS begins.
async fn start_tls(plain: TcpStream) -> io::Result<TcpStream> {
    let mut stream = BufReader::new(plain);
    answer(&mut stream, "220").await?;
    stream.write_all(b"EHLO [127.0.0.1]\r\n").await?;
    let offers = answer(&mut stream, "250").await?;
    if !offers.iter().any(|line| line.get(4..).is_some_and(|word| word.eq_ignore_ascii_case("STARTTLS"))) {
        let message = "the server does not offer STARTTLS; use tls = \"tls\", or another server";
        return Err(io::Error::new(io::ErrorKind::Unsupported, message));
    }
    stream.write_all(b"STARTTLS\r\n").await?;
    answer(&mut stream, "220").await?;
    if !stream.buffer().is_empty() {
        // Somebody on the way may have put words into the server's mouth (RFC 3207, 6).
        return Err(io::Error::new(io::ErrorKind::InvalidData, "the server spoke on after it agreed to STARTTLS"));
    }
    Ok(stream.into_inner())
}

/// The lines of one answer, which must have this code.
async fn answer(stream: &mut BufReader<TcpStream>, code: &str) -> io::Result<Vec<String>> {
    let mut lines = Vec::new();
    while lines.len() < MOST_LINES {
        let mut line = String::new();
        let mut limited = tokio::io::AsyncReadExt::take(&mut *stream, LONGEST_LINE);
        if limited.read_line(&mut line).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let line = line.trim_end().to_owned();
        let is_last = line.as_bytes().get(3) != Some(&b'-');
        if !line.starts_with(code) {
            return Err(io::Error::other(format!("the server said: {line}")));
        }
        lines.push(line);
        if is_last {
            return Ok(lines);
        }
    }
    Err(endless())
}

fn endless() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the server's answer does not end")
}

/// A stream that holds back what is written until an answer is waited for, so that all of it goes out in one piece; and
/// that breaks when an answer does not end, as the client reads an answer from its beginning again with every line.
#[derive(Debug)]
struct Gathering {
    stream: Box<dyn AsyncTokioStream>,
    held: Vec<u8>,
    /// How much of what is held has gone out.
    gone: usize,
    /// Bytes and lines that have come since something went out last.
    heard: (usize, usize),
}

impl Gathering {
    fn new(stream: Box<dyn AsyncTokioStream>) -> Self {
        Self { stream, held: Vec::new(), gone: 0, heard: (0, 0) }
    }

    /// Sends what is held.
    fn poll_send(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.gone < self.held.len() {
            let sent = ready!(Pin::new(&mut self.stream).poll_write(context, &self.held[self.gone..]))?;
            if sent == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.gone += sent;
        }
        if self.gone > 0 {
            ready!(Pin::new(&mut self.stream).poll_flush(context))?;
            self.held.clear();
            self.gone = 0;
            self.heard = (0, 0);
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncTokioStream for Gathering {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.stream.peer_addr()
    }
}

impl AsyncRead for Gathering {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        ready!(self.poll_send(context))?;
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        let new = &buffer.filled()[before..];
        self.heard.0 += new.len();
        self.heard.1 += new.split(|byte| *byte == b'\n').count() - 1;
        let is_endless = self.heard.0 > LONGEST_ANSWER || self.heard.1 > MOST_LINES;
        Poll::Ready(if is_endless { Err(endless()) } else { Ok(()) })
    }
}

impl AsyncWrite for Gathering {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.held.len() + bytes.len() > MOST_HELD {
            ready!(self.poll_send(context))?;
        }
        let taken = bytes.len().min(MOST_HELD);
        self.held.extend_from_slice(&bytes[..taken]);
        Poll::Ready(Ok(taken))
    }

    /// Does nothing: who writes and flushes has not said all before the answer is waited for.
    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_send(context))?;
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// An encrypted stream, before which some bytes are read that never came over it.
#[derive(Debug)]
struct Encrypted {
    stream: TlsStream<TcpStream>,
    first: &'static [u8],
}

impl Encrypted {
    fn new(stream: TlsStream<TcpStream>, first: &'static [u8]) -> Self {
        Self { stream, first }
    }
}

impl AsyncTokioStream for Encrypted {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.stream.get_ref().0.peer_addr()
    }
}

impl AsyncRead for Encrypted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.first.is_empty() {
            return Pin::new(&mut self.stream).poll_read(context, buffer);
        }
        let (now, later) = self.first.split_at(self.first.len().min(buffer.remaining()));
        buffer.put_slice(now);
        self.first = later;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Encrypted {
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
