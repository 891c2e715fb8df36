//! Tokens that replace a password at a mail server: OAuth 2.0 with the program's own credentials (RFC 6749, section
//! 4.4), as Microsoft 365 asks for it.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use reqwest::Client;
use reqwest::header::CONTENT_TYPE;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tokio::sync::Mutex;
use url::form_urlencoded;

use crate::config::oauth::OAuth;
use crate::reason::{Advice, ConnectionReason, HttpReason, Reason};
use crate::text;

use super::http::{self, LostRequest};
use super::secrets::Secrets;

/// How long before its end a token is no longer used: a conversation begun with it must not outlive it.
const EXPIRY_MARGIN: Duration = Duration::from_mins(5);
/// The life of a token where the answer does not tell it (RFC 6749, section 5.1, only recommends that).
const DEFAULT_LIFETIME: Duration = Duration::from_mins(10);
/// The longest answer, in bytes: tokens of Microsoft have some three thousand letters.
const MAX_ANSWER_BYTES: usize = 64 << 10;
/// The longest description of a failure that is shown, in letters.
const MAX_REASON_LEN: usize = 300;

/// A source of tokens, with the token in use.
#[derive(Debug)]
pub(crate) struct OAuthTokens {
    settings: OAuth,
    /// The token in use, and the instant until which it is used. Locked while a new one is fetched, so that only one
    /// is.
    current: Mutex<Option<(SecretString, Instant)>>,
    client: OnceLock<Result<Client, ConnectionReason>>,
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    expires_in: Option<u64>,
}

#[derive(Deserialize)]
struct Refused {
    error: String,
    error_description: Option<String>,
}

/// Why there is no token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TokenError {
    /// The service cannot be reached now, or asks to come back later.
    Temporary(Reason),
    /// The service gives no token, and asking again is of no use.
    Refused {
        /// Why.
        reason: Reason,
        /// Advice for the admin, where the cause is known.
        advice: Option<Advice>,
    },
}

impl OAuthTokens {
    /// A source of tokens with these settings; nothing is requested yet.
    pub(crate) fn new(settings: OAuth) -> Self {
        Self { settings, current: Mutex::default(), client: OnceLock::new() }
    }

    /// A token that can be used: the one in use, or a new one.
    pub(crate) async fn token(&self) -> Result<SecretString, TokenError> {
        let mut current = self.current.lock().await;
        if let Some((token, until)) = &*current
            && Instant::now() < *until
        {
            return Ok(token.clone());
        }
        let (token, life) = self.ask().await?;
        *current = Some((token.clone(), Instant::now() + life));
        Ok(token)
    }

    /// Drops the token in use, after a server has refused it.
    pub(crate) async fn forget(&self) {
        *self.current.lock().await = None;
    }

    async fn ask(&self) -> Result<(SecretString, Duration), TokenError> {
        let client = self.client.get_or_init(|| http::client(1, None)).as_ref();
        let client = client.map_err(|reason| TokenError::Refused { reason: reason.clone().into(), advice: None })?;
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "client_credentials")
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("client_secret", self.settings.client_secret.expose_secret())
            .append_pair("scope", &self.settings.scope)
            .finish();
        let host = &self.settings.host;
        let lost = |error: reqwest::Error| TokenError::Temporary(LostRequest::of(error, host).reason().into());
        let request =
            client.post(&self.settings.address).header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(form);
        let mut response = request.send().await.map_err(lost)?;
        let status = response.status();
        let mut bytes = Vec::new();
        while bytes.len() < MAX_ANSWER_BYTES
            && let Some(more) = response.chunk().await.map_err(lost)?
        {
            bytes.extend_from_slice(&more);
        }
        if status.is_success() {
            let granted: Granted = serde_json::from_slice(&bytes).map_err(|_| TokenError::Refused {
                reason: HttpReason::AnswerWithoutToken { host: host.clone(), status: status.to_string() }.into(),
                advice: Some(Advice::CheckTokenUrl),
            })?;
            let life = granted.expires_in.map_or(DEFAULT_LIFETIME, Duration::from_secs).saturating_sub(EXPIRY_MARGIN);
            return Ok((SecretString::from(granted.access_token), life));
        }
        let said = serde_json::from_slice(&bytes).map_or_else(
            |_| status.to_string(),
            |refused: Refused| {
                let description = refused.error_description.unwrap_or_default();
                let line = description.lines().next().unwrap_or_default();
                format!("{}: {}", refused.error, line.chars().take(MAX_REASON_LEN).collect::<String>())
            },
        );
        let mut secrets = Secrets::default();
        secrets.add(self.settings.client_secret.expose_secret());
        let said = secrets.strike(text::nfc(&said));
        let reason = Reason::from(HttpReason::NoToken { host: host.clone(), said });
        if status.is_server_error() || status.as_u16() == 429 {
            return Err(TokenError::Temporary(reason));
        }
        Err(TokenError::Refused { reason, advice: Some(Advice::CheckOauth) })
    }
}
