//! Logging in (RFC 4954): PLAIN (RFC 4616) and LOGIN with a password, XOAUTH2 with a token.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use secrecy::{ExposeSecret, SecretString};

use crate::channel::Failure;
use crate::net::Stream;
use crate::net::oauth::OAuthTokens;
use crate::reason::{Advice, MailReason};

use super::offers::{Extension, Offers};
use super::reply::Reply;
use super::step::{Fault, Step, Stop};
use super::wire::SmtpWire;

/// Who the server lets in.
#[derive(Debug)]
pub(super) struct Login {
    pub(super) username: String,
    pub(super) proof: LoginProof,
}

/// What proves that it is them.
#[derive(Debug)]
pub(super) enum LoginProof {
    Password(SecretString),
    /// Tokens that another service gives.
    Tokens(Box<OAuthTokens>),
}

/// A way to log in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mechanism {
    Plain,
    Login,
    XOAuth2,
}

impl Mechanism {
    /// Those that can be used with a proof, the one that is tried first, first.
    fn of(proof: &LoginProof) -> &'static [Self] {
        match proof {
            LoginProof::Password(_) => &[Self::Plain, Self::Login],
            LoginProof::Tokens(_) => &[Self::XOAuth2],
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "PLAIN",
            Self::Login => "LOGIN",
            Self::XOAuth2 => "XOAUTH2",
        }
    }
}

impl fmt::Display for Mechanism {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a login failed.
pub(super) enum LoginFailure {
    /// The conversation ended.
    Stopped(Stop),
    /// It could not begin.
    Other(Failure),
}

impl From<Stop> for LoginFailure {
    fn from(stop: Stop) -> Self {
        Self::Stopped(stop)
    }
}

impl Login {
    /// Logs in on a connection to a server with these offers. From then on the connection hides what was said.
    pub(super) async fn log_in<S: Stream>(&self, wire: &mut SmtpWire<S>, offers: &Offers) -> Result<(), LoginFailure> {
        let mut mechanisms = self.mechanisms(offers).map_err(LoginFailure::Other)?;
        let secret = match &self.proof {
            LoginProof::Password(password) => password.clone(),
            LoginProof::Tokens(tokens) => tokens.token().await.map_err(|error| LoginFailure::Other(error.into()))?,
        };
        // Some servers offer a way that they do not know, or not for this mailbox.
        let mut result = converse(wire, mechanisms.remove(0), &self.username, secret.expose_secret()).await;
        for mechanism in mechanisms {
            match &result {
                Err(Stop { fault: Fault::Refused(reply), .. }) if is_unknown_mechanism(reply) => {
                    result = converse(wire, mechanism, &self.username, secret.expose_secret()).await;
                }
                _ => break,
            }
        }
        if let (LoginProof::Tokens(tokens), Err(Stop { fault: Fault::Refused(reply), .. })) = (&self.proof, &result)
            && reply.is_permanent()
        {
            tokens.forget().await;
        }
        Ok(result?)
    }

    /// The ways that the server offers, one at least; the one that is tried first, first.
    fn mechanisms(&self, offers: &Offers) -> Result<Vec<Mechanism>, Failure> {
        let is_offered = |mechanism: &Mechanism| offers.mechanisms.iter().any(|offered| offered == mechanism.as_str());
        let ways: Vec<Mechanism> = Mechanism::of(&self.proof).iter().copied().filter(is_offered).collect();
        if !ways.is_empty() {
            return Ok(ways);
        }
        let theirs = &offers.mechanisms;
        if theirs.is_empty() {
            let has_start_tls = offers.has(Extension::StartTls);
            let advice = if has_start_tls { Advice::LoginAfterStartTls } else { Advice::SubmissionPort };
            return Err(Failure::of_channel(MailReason::NoLogin, advice));
        }
        let knows = |mechanism: Mechanism| theirs.iter().any(|offered| offered == mechanism.as_str());
        let advice = match &self.proof {
            LoginProof::Password(_) if knows(Mechanism::XOAuth2) => Advice::TokensAlone,
            LoginProof::Tokens(_) if knows(Mechanism::Plain) || knows(Mechanism::Login) => Advice::PasswordsAlone,
            _ => Advice::OtherLogin,
        };
        Err(Failure::of_channel(MailReason::OtherLogins { offered: theirs.clone() }, advice))
    }
}

/// Whether a refusal says that the server does not know this way to log in (RFC 4954, 4): nothing of a wrong password.
fn is_unknown_mechanism(reply: &Reply) -> bool {
    matches!(reply.code, 500 | 502 | 504)
}

/// What is said, and what the server asks for meanwhile.
async fn converse<S: Stream>(
    wire: &mut SmtpWire<S>,
    mechanism: Mechanism,
    username: &str,
    secret: &str,
) -> Result<(), Stop> {
    wire.hide(secret);
    let mut encoded = |words: &str| {
        let encoded = BASE64.encode(words);
        wire.hide(&encoded);
        encoded
    };
    // What is said in answer to each prompt, whatever the prompt says, after the first line.
    let (first, then) = match mechanism {
        Mechanism::Plain => {
            let words = encoded(&format!("\0{username}\0{secret}"));
            // Some servers ask for what they have heard already.
            (format!("AUTH PLAIN {words}"), vec![words])
        }
        Mechanism::Login => ("AUTH LOGIN".to_owned(), vec![BASE64.encode(username), encoded(secret)]),
        Mechanism::XOAuth2 => {
            let words = encoded(&format!("user={username}\x01auth=Bearer {secret}\x01\x01"));
            // The reason of a refusal comes as a prompt, which is answered by nothing.
            (format!("AUTH XOAUTH2 {words}"), vec![String::new()])
        }
    };
    let mut reply = wire.ask(Step::Auth, format!("{first}\r\n").as_bytes()).await?;
    for words in then {
        if reply.code == 235 {
            return Ok(());
        }
        reply = wire.ask(Step::Auth, format!("{words}\r\n").as_bytes()).await?;
    }
    if reply.code == 235 { Ok(()) } else { Err(Stop { step: Step::Auth, fault: Fault::Wrong(reply) }) }
}
