//! A connection to an IMAP server: opened, encrypted, logged in.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use async_imap::error::Error;
use async_imap::{Authenticator, Client, Session};
use rustls::pki_types::ServerName;
use secrecy::ExposeSecret;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::config::oauth::OAuth;
use crate::config::server::{MailServer, Security};
use crate::config::{Credential, Inbox};
use crate::net::oauth::OAuthTokens;
use crate::net::{Stream, tls};

use super::limited_stream::{Allowance, LimitedStream};
use super::{ANSWER_TIMEOUT, InboxError, MAX_ANSWER_BYTES, words};

/// The time limit for opening a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);
/// The longest line of a server before encryption, in bytes.
const MAX_LINE_BYTES: u64 = 8192;
/// The most lines before the answer to STARTTLS.
const MAX_LINES: usize = 20;

/// Connects and logs in.
pub(super) async fn connect(
    inbox: &Inbox,
    keys: &mut TokenCache,
) -> Result<(Session<LimitedStream>, Arc<Allowance>), InboxError> {
    let server = &inbox.server;
    let name = format!("{}:{}", server.host, server.port);
    let opened = timeout(CONNECT_TIMEOUT, TcpStream::connect((server.host.as_str(), server.port))).await;
    let plain = opened.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())).map_err(|error| {
        InboxError::with(format!("cannot connect to {name}: {error}"), "are `host` and `port` of [inbox] right?")
    })?;
    // A command is one small write, which would wait for the server's acknowledgement otherwise. A failure only costs
    // time.
    let _ = plain.set_nodelay(true);
    let stream: Box<dyn Stream> = match server.security {
        Security::None => Box::new(plain),
        Security::Tls => Box::new(encrypt(server, plain).await?),
        Security::StartTls => {
            let started = timeout(ANSWER_TIMEOUT, start_tls(plain)).await;
            let plain = started.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
            let plain = plain.map_err(|error| InboxError::new(format!("{name} does not begin encryption: {error}")))?;
            Box::new(encrypt(server, plain).await?)
        }
    };
    let allowance = Arc::new(Allowance::default());
    allowance.renew(MAX_ANSWER_BYTES);
    let mut client = Client::new(LimitedStream::new(stream, Arc::clone(&allowance)));
    if server.security != Security::StartTls {
        let lost = |what: &str| InboxError::new(format!("{name} {what}"));
        match timeout(ANSWER_TIMEOUT, client.read_response()).await {
            Ok(Ok(Some(_))) => {}
            Ok(Ok(None)) => return Err(lost("closed the connection")),
            Ok(Err(_)) => return Err(lost("does not greet as a server of IMAP does")),
            Err(_) => return Err(lost("did not greet in time")),
        }
    }
    let session = timeout(ANSWER_TIMEOUT, log_in(client, inbox, keys)).await;
    Ok((session.unwrap_or_else(|_| Err(InboxError::new("logging in: the server did not answer in time")))?, allowance))
}

/// The source of tokens, kept from one connection to the next as long as its settings are the same.
#[derive(Debug, Default)]
pub(super) struct TokenCache(Option<(Arc<OAuth>, OAuthTokens)>);

impl TokenCache {
    fn tokens(&mut self, settings: &Arc<OAuth>) -> &OAuthTokens {
        let known = self.0.take().filter(|(known, _)| Arc::ptr_eq(known, settings));
        let fresh = || (Arc::clone(settings), OAuthTokens::new(OAuth::clone(settings)));
        &self.0.insert(known.unwrap_or_else(fresh)).1
    }
}

/// A response to the server's challenge that is given once.
struct SingleResponse(Option<Vec<u8>>);

impl Authenticator for SingleResponse {
    type Response = Vec<u8>;

    fn process(&mut self, _: &[u8]) -> Vec<u8> {
        // A second challenge, as for the reason of a refusal, gets an empty response.
        self.0.take().unwrap_or_default()
    }
}

async fn log_in(
    client: Client<LimitedStream>,
    inbox: &Inbox,
    keys: &mut TokenCache,
) -> Result<Session<LimitedStream>, InboxError> {
    let username = &inbox.username;
    let failed = match &inbox.proof {
        Credential::Password(password) => {
            let password = password.expose_secret();
            // SASL PLAIN (RFC 4616) takes letters of any kind.
            let plain = SingleResponse(Some(format!("\0{username}\0{password}").into_bytes()));
            match client.authenticate("PLAIN", plain).await {
                Ok(session) => return Ok(session),
                // A server that does not know AUTHENTICATE PLAIN takes LOGIN.
                Err((Error::Bad(_), client)) => match client.login(username, password).await {
                    Ok(session) => return Ok(session),
                    Err((error, _)) => error,
                },
                Err((error, _)) => error,
            }
        }
        Credential::OAuth(settings) => {
            let tokens = keys.tokens(settings);
            let token = tokens.token().await.map_err(|failure| InboxError::new(failure.to_string()))?;
            let words = format!("user={username}\x01auth=Bearer {}\x01\x01", token.expose_secret());
            match client.authenticate("XOAUTH2", SingleResponse(Some(words.into_bytes()))).await {
                Ok(session) => return Ok(session),
                Err((error, _)) => {
                    tokens.forget().await;
                    error
                }
            }
        }
    };
    Err(match failed {
        Error::No(said) | Error::Bad(said) => {
            InboxError::with(format!("the server refused the login: {}", words(&said)), advice(&inbox.server.host))
        }
        other => InboxError::of("logging in", &other),
    })
}

fn advice(host: &str) -> &'static str {
    if host.ends_with("gmail.com") || host.ends_with("googlemail.com") {
        "Gmail wants two-step login and an app password in `password_file`, see docs/inbox.md"
    } else if host.ends_with("office365.com") || host.ends_with("outlook.com") {
        "Microsoft 365 takes no passwords, but tokens: see docs/inbox.md"
    } else {
        "are `username` and the first line of `password_file` of [inbox] right?"
    }
}

async fn encrypt(server: &MailServer, plain: TcpStream) -> Result<TlsStream<TcpStream>, InboxError> {
    let host = &server.host;
    let name = ServerName::try_from(host.clone())
        .map_err(|_| InboxError::new(format!("{host} is no name that a certificate can bear")))?;
    let config = tls::client().map_err(|error| InboxError::new(format!("TLS cannot be used: {error}")))?;
    match timeout(CONNECT_TIMEOUT, TlsConnector::from(Arc::new(config)).connect(name, plain)).await {
        Ok(Ok(stream)) => Ok(stream),
        // rustls reports bad certificates as invalid data; other errors are the network's.
        Ok(Err(error)) if error.kind() == io::ErrorKind::InvalidData => Err(InboxError::with(
            format!("{host} does not show a certificate that can be trusted: {error}"),
            "write as `host` the name that stands in the certificate, with `tls` and `port` that belong together: \"tls\" \
             with 993, \"starttls\" with 143",
        )),
        Ok(Err(error)) => Err(InboxError::new(format!("encryption with {host} failed: {error}"))),
        Err(_) => Err(InboxError::new(format!("encryption with {host} took too long"))),
    }
}

/// Reads the greeting and has the server begin encryption.
async fn start_tls(plain: TcpStream) -> io::Result<TcpStream> {
    let mut stream = BufReader::new(plain);
    let greeting = line(&mut stream).await?;
    if !greeting.starts_with("* OK") {
        return Err(io::Error::other("it does not greet as a server of IMAP does"));
    }
    stream.write_all(b"s1 STARTTLS\r\n").await?;
    for _ in 0..MAX_LINES {
        let answer = line(&mut stream).await?;
        let Some(answer) = answer.strip_prefix("s1 ") else { continue };
        if !answer.starts_with("OK") {
            return Err(io::Error::other(format!("the server said: {}", words(answer))));
        }
        if !stream.buffer().is_empty() {
            // Words sent before encryption may be an attacker's (RFC 9051, section 6.2.1).
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the server spoke on after it agreed"));
        }
        return Ok(stream.into_inner());
    }
    Err(io::Error::other("the server does not answer STARTTLS"))
}

async fn line(stream: &mut BufReader<TcpStream>) -> io::Result<String> {
    let mut line = Vec::new();
    if (&mut *stream).take(MAX_LINE_BYTES).read_until(b'\n', &mut line).await? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(String::from_utf8_lossy(&line).trim_end().to_owned())
}
