//! Opening a conversation: connected, encrypted, introduced and logged in.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use rustls::ClientConfig;
use rustls::pki_types::{CertificateDer, ServerName};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::channel::Failure;
use crate::config::server::{MailServer, Security};
use crate::net::{Stream, tls, trust};
use crate::reason::{Advice, ConnectionReason, MailReason, SystemReason};

use super::hello;
use super::login::{Login, LoginFailure};
use super::offers::{Extension, Offers};
use super::refusal::RefusalContext;
use super::step::{Fault, Step, Stop};
use super::wire::SmtpWire;

/// How long a connection may take to open, and encryption to begin.
const CONNECT: Duration = Duration::from_secs(30);
/// How long one address of several may take.
const CONNECT_ONE: Duration = Duration::from_secs(10);
/// How long logging in may take in all.
const LOGIN: Duration = Duration::from_mins(5);

/// Where mail is handed over, and how conversations there begin.
#[derive(Debug)]
pub(super) struct Opening {
    pub(super) server: MailServer,
    pub(super) login: Option<Login>,
    /// The name that is said in EHLO; where there is none, this machine's address is.
    pub(super) hello: Option<String>,
    /// Certificates that are trusted beside the system's.
    pub(super) trusted: Vec<CertificateDer<'static>>,
    /// How connections are encrypted, once one was.
    pub(super) encryption: OnceLock<Arc<ClientConfig>>,
}

/// A conversation that is ready for a message.
pub(super) type Open = (SmtpWire<Box<dyn Stream>>, Offers);

impl Opening {
    /// What else there is to know where a conversation stops.
    pub(super) fn context(&self) -> RefusalContext<'_> {
        RefusalContext { host: &self.server.host, logs_in: self.login.is_some() }
    }

    /// Opens a conversation that is ready for a message.
    pub(super) async fn open(&self) -> Result<Open, Failure> {
        let plain = self.connect().await?;
        let own = plain.local_addr().map_or(IpAddr::from([127, 0, 0, 1]), |address| address.ip());
        let hello = self.hello.clone().unwrap_or_else(|| hello::literal(own));
        let (mut wire, greeted): (SmtpWire<Box<dyn Stream>>, _) = match self.server.security {
            Security::None => (SmtpWire::new(Box::new(plain)), false),
            Security::Tls => (SmtpWire::new(Box::new(self.encrypt(plain).await?)), false),
            Security::StartTls => {
                let plain = self.start_tls(SmtpWire::new(plain), &hello).await?;
                (SmtpWire::new(Box::new(self.encrypt(plain).await?)), true)
            }
        };
        // After STARTTLS the server does not greet again (RFC 3207, 4.2).
        let offers = if greeted { introduce(&mut wire, &hello).await } else { greet(&mut wire, &hello).await };
        let offers = match offers {
            Ok(offers) => offers,
            Err(stop) => return Err(self.left(wire, &stop).await),
        };
        match self.log_in(&mut wire, &offers).await {
            Ok(()) => Ok((wire, offers)),
            Err(LoginFailure::Stopped(stop)) => Err(self.left(wire, &stop).await),
            Err(LoginFailure::Other(failure)) => {
                wire.quit().await;
                Err(failure)
            }
        }
    }

    /// Ends a conversation that stopped, in peace where that is possible; what it means.
    async fn left<S: Stream>(&self, wire: SmtpWire<S>, stop: &Stop) -> Failure {
        if stop.is_in_step() {
            wire.quit().await;
        }
        self.context().failure(stop)
    }

    async fn connect(&self) -> Result<TcpStream, Failure> {
        let MailServer { host, port, .. } = &self.server;
        let opened = timeout(CONNECT, async {
            let addresses = tokio::net::lookup_host((host.as_str(), *port)).await.map_err(|error| {
                let reason = ConnectionReason::NameNotFound { host: host.clone(), why: SystemReason::from(&error) };
                Failure::of_channel(reason, Advice::CheckHost)
            })?;
            first_that_answers(addresses.collect()).await.map_err(|error| no_connection(host, *port, &error))
        });
        let late = io::Error::from(io::ErrorKind::TimedOut);
        let plain = opened.await.unwrap_or_else(|_| Err(no_connection(host, *port, &late)))?;
        // A step is one write: without this it would wait until the server has acknowledged the last.
        plain.set_nodelay(true).map_err(|error| no_connection(host, *port, &error))?;
        Ok(plain)
    }

    /// Speaks with the server up to the point where encryption begins.
    async fn start_tls(&self, mut wire: SmtpWire<TcpStream>, hello: &str) -> Result<TcpStream, Failure> {
        let offers = match greet(&mut wire, hello).await {
            Ok(offers) => offers,
            Err(stop) => return Err(self.left(wire, &stop).await),
        };
        if !offers.has(Extension::StartTls) {
            wire.quit().await;
            return Err(Failure::of_channel(MailReason::NoStartTls, Advice::EncryptFromStart));
        }
        if let Err(stop) = wire.ask(Step::StartTls, b"STARTTLS\r\n").await {
            return Err(self.left(wire, &stop).await);
        }
        // Whoever stands on the way may have put words into the server's mouth (RFC 3207, 6).
        wire.listen(Step::Ehlo).map_err(|fault| self.context().failure(&Stop { step: Step::Ehlo, fault }))?;
        Ok(wire.into_stream())
    }

    async fn encrypt(&self, plain: TcpStream) -> Result<TlsStream<TcpStream>, Failure> {
        let host = self.server.host.clone();
        let name = ServerName::try_from(host.clone()).map_err(|_| {
            Failure::of_channel(ConnectionReason::NoCertificateName { host: host.clone() }, Advice::FullHost)
        })?;
        let handshake = TlsConnector::from(self.encryption()?).connect(name, plain);
        let error = match timeout(CONNECT, handshake).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => error,
            Err(_) => return Err(Failure::temporary(ConnectionReason::EncryptionTooSlow { host })),
        };
        let reason = tls::not_encrypted(host, &error);
        Err(match tls::cause(&error) {
            Some(cause) => Failure::of_channel(reason, trust::advice(cause, Advice::MatchPort)),
            None => Failure::temporary(reason),
        })
    }

    /// How connections are encrypted. What this machine trusts is read once.
    fn encryption(&self) -> Result<Arc<ClientConfig>, Failure> {
        if let Some(known) = self.encryption.get() {
            return Ok(Arc::clone(known));
        }
        let config = trust::client(&self.trusted)
            .map_err(|error| Failure::of_channel_alone(ConnectionReason::NoTls { words: error.to_string() }))?;
        Ok(Arc::clone(self.encryption.get_or_init(|| Arc::new(config))))
    }

    async fn log_in<S: Stream>(&self, wire: &mut SmtpWire<S>, offers: &Offers) -> Result<(), LoginFailure> {
        let Some(login) = &self.login else { return Ok(()) };
        let late = Stop { step: Step::Auth, fault: Fault::Late };
        timeout(LOGIN, login.log_in(wire, offers)).await.unwrap_or(Err(LoginFailure::Stopped(late)))
    }
}

fn no_connection(host: &str, port: u16, error: &io::Error) -> Failure {
    let to = format!("{host}:{port}");
    Failure::temporary(ConnectionReason::NotConnected { to, why: SystemReason::from(error) })
}

/// A connection to the first address at which somebody answers.
async fn first_that_answers(addresses: Vec<SocketAddr>) -> io::Result<TcpStream> {
    let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
    let limit = if addresses.len() > 1 { CONNECT_ONE } else { CONNECT };
    for address in addresses {
        match timeout(limit, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => last = error,
            Err(_) => last = io::ErrorKind::TimedOut.into(),
        }
    }
    Err(last)
}

/// Waits for the server's greeting and says who is there.
async fn greet<S: Stream>(wire: &mut SmtpWire<S>, hello: &str) -> Result<Offers, Stop> {
    wire.hear(Step::Greeting).await?;
    introduce(wire, hello).await
}

/// Says who is there; what the server offers. One that does not know EHLO offers nothing (RFC 5321, 3.2).
async fn introduce<S: Stream>(wire: &mut SmtpWire<S>, hello: &str) -> Result<Offers, Stop> {
    match wire.ask(Step::Ehlo, format!("EHLO {hello}\r\n").as_bytes()).await {
        Ok(reply) => Ok(Offers::read(&reply)),
        Err(Stop { fault: Fault::Refused(reply), .. }) if matches!(reply.code, 500 | 502) => {
            wire.ask(Step::Ehlo, format!("HELO {hello}\r\n").as_bytes()).await?;
            Ok(Offers::default())
        }
        Err(stop) => Err(stop),
    }
}
