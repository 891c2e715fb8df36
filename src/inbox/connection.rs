//! A connection to an IMAP server: opened, encrypted, logged in.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::ServerName;
use secrecy::ExposeSecret;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use crate::config::oauth::OAuth;
use crate::config::server::Security;
use crate::config::{Credential, Inbox};
use crate::net::oauth::{OAuthTokens, TokenError};
use crate::net::{Stream, tls, trust};
use crate::reason::{Advice, ConnectionReason, MailboxReason, MailboxStep, SystemReason};

use super::response::Response;
use super::wire::{ImapWire, WireError};
use super::{InboxError, MAX_ANSWER_BYTES, words};

/// The time limit for opening a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);

/// A conversation with a server that has let the program in, and what the server can do.
pub(super) struct Connection {
    pub(super) wire: ImapWire,
    /// In capitals.
    pub(super) capabilities: Vec<String>,
}

/// Connects and logs in.
pub(super) async fn connect(inbox: &Inbox, keys: &mut TokenCache) -> Result<Connection, InboxError> {
    let server = &inbox.server;
    let name = format!("{}:{}", server.host, server.port);
    let opened = timeout(CONNECT_TIMEOUT, TcpStream::connect((server.host.as_str(), server.port))).await;
    let plain = opened.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())).map_err(|error| {
        let reason = ConnectionReason::NotConnected { to: name.clone(), why: SystemReason::from(&error) };
        InboxError::with(reason, Advice::CheckInboxServer)
    })?;
    // A command is one small write, which would wait for the server's acknowledgement otherwise. A failure only costs
    // time.
    let _ = plain.set_nodelay(true);
    let (mut wire, is_known) = match server.security {
        Security::None => greeted(ImapWire::new(Box::new(plain)), &name).await?,
        Security::Tls => greeted(ImapWire::new(encrypt(inbox, Box::new(plain)).await?), &name).await?,
        Security::StartTls => match greeted(ImapWire::new(Box::new(plain)), &name).await? {
            (wire, false) => (start_tls(inbox, wire, &name).await?, false),
            // Whoever stands on the way may say so to keep the rest unencrypted (RFC 9051, 11.1).
            (_, true) => {
                return Err(InboxError::with(MailboxReason::LetsAnybodyIn { server: name }, Advice::EncryptInbox));
            }
        },
    };
    let capabilities = capabilities(&mut wire).await?;
    if !is_known {
        log_in(&mut wire, inbox, keys, &capabilities).await?;
    }
    // Many servers tell of more once somebody is in.
    let capabilities = self::capabilities(&mut wire).await?;
    Ok(Connection { wire, capabilities })
}

async fn capabilities(wire: &mut ImapWire) -> Result<Vec<String>, InboxError> {
    let said = wire.command("CAPABILITY", MAX_ANSWER_BYTES).await;
    let said = said.map_err(|error| error.at(MailboxStep::Capabilities))?;
    Ok(said.iter().filter_map(Response::capabilities).flatten().collect())
}

/// The conversation once the server has greeted as one of IMAP does, and whether it knows already who this is.
async fn greeted(mut wire: ImapWire, name: &str) -> Result<(ImapWire, bool), InboxError> {
    let server = || name.to_owned();
    match wire.greeting().await {
        Ok(said) if said.is_welcome() => Ok((wire, false)),
        Ok(said) if said.is_known() => Ok((wire, true)),
        Ok(said) => Err(match said.bye() {
            Some(bye) => InboxError::new(MailboxReason::TakesNobodyIn { server: server(), said: words(&bye) }),
            None => InboxError::new(MailboxReason::NoGreeting { server: server() }),
        }),
        Err(WireError::Silent) => Err(InboxError::new(MailboxReason::GreetsTooLate { server: server() })),
        Err(WireError::Lost(_)) => Err(InboxError::new(MailboxReason::Closed { server: server() })),
        Err(error) => Err(error.at(MailboxStep::Greeting(server()))),
    }
}

/// Has the server begin encryption.
async fn start_tls(inbox: &Inbox, mut wire: ImapWire, name: &str) -> Result<ImapWire, InboxError> {
    let begun = wire.command("STARTTLS", MAX_ANSWER_BYTES).await;
    begun.map_err(|error| error.at(MailboxStep::Encryption(name.to_owned())))?;
    let spoke_on = || InboxError::new(MailboxReason::SpokeOn { server: name.to_owned() });
    let plain = wire.into_plain().ok_or_else(spoke_on)?;
    Ok(ImapWire::new(encrypt(inbox, plain).await?))
}

impl From<TokenError> for InboxError {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Temporary(reason) => Self::new(reason),
            TokenError::Refused { reason, advice } => Self { advice, ..Self::new(reason) },
        }
    }
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

async fn log_in(
    wire: &mut ImapWire,
    inbox: &Inbox,
    keys: &mut TokenCache,
    capabilities: &[String],
) -> Result<(), InboxError> {
    let username = &inbox.username;
    let refused = match &inbox.proof {
        Credential::Password(password) => {
            let password = password.expose_secret();
            // SASL PLAIN (RFC 4616) takes letters of any kind.
            let plain = STANDARD.encode(format!("\0{username}\0{password}"));
            wire.hide(password);
            wire.hide(&plain);
            match wire.authenticate("PLAIN", &plain, MAX_ANSWER_BYTES).await {
                // A server that does not know AUTHENTICATE PLAIN, or not for this mailbox, takes LOGIN.
                Err(WireError::Refused(said)) if !capabilities.iter().any(|word| word == "LOGINDISABLED") => {
                    let proof = [username.as_bytes(), password.as_bytes()];
                    wire.command_with("LOGIN", &proof, MAX_ANSWER_BYTES).await.map(|_| ()).map_err(
                        |error| match error {
                            // That it does not know LOGIN either says less.
                            WireError::Refused(other) if other.is_empty() => WireError::Refused(said),
                            error => error,
                        },
                    )
                }
                authenticated => authenticated,
            }
        }
        Credential::OAuth(settings) => {
            let tokens = keys.tokens(settings);
            let token = tokens.token().await?;
            let words = STANDARD.encode(format!("user={username}\x01auth=Bearer {}\x01\x01", token.expose_secret()));
            wire.hide(token.expose_secret());
            wire.hide(&words);
            let authenticated = wire.authenticate("XOAUTH2", &words, MAX_ANSWER_BYTES).await;
            if authenticated.is_err() {
                tokens.forget().await;
            }
            authenticated
        }
    };
    refused.map_err(|failed| match failed {
        WireError::Refused(said) => {
            InboxError::with(MailboxReason::LoginRefused { said: words(&said) }, advice(&inbox.server.host))
        }
        other => other.at(MailboxStep::LogIn),
    })
}

fn advice(host: &str) -> Advice {
    if host.ends_with("gmail.com") || host.ends_with("googlemail.com") {
        Advice::GmailInbox
    } else if host.ends_with("office365.com") || host.ends_with("outlook.com") {
        Advice::Microsoft365Inbox
    } else {
        Advice::CheckInboxLogin
    }
}

async fn encrypt(inbox: &Inbox, plain: Box<dyn Stream>) -> Result<Box<dyn Stream>, InboxError> {
    let host = inbox.server.host.clone();
    let name = ServerName::try_from(host.clone())
        .map_err(|_| InboxError::new(ConnectionReason::NoCertificateName { host: host.clone() }))?;
    let config = trust::client(&inbox.trusted)
        .map_err(|error| InboxError::new(ConnectionReason::NoTls { words: error.to_string() }))?;
    match timeout(CONNECT_TIMEOUT, TlsConnector::from(Arc::new(config)).connect(name, plain)).await {
        Ok(Ok(stream)) => Ok(Box::new(stream)),
        Ok(Err(error)) => {
            let reason = tls::not_encrypted(host, &error);
            Err(match tls::cause(&error) {
                Some(cause) => InboxError::with(reason, trust::advice(cause, Advice::MatchInboxPort)),
                None => InboxError::new(reason),
            })
        }
        Err(_) => Err(InboxError::new(ConnectionReason::EncryptionTooSlow { host })),
    }
}
