//! Tokens that let a program into a mail server in place of a password: OAuth 2.0 with the program's own credentials (RFC 6749, section 4.4),
//! as Microsoft 365 asks for it.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use reqwest::Client;
use reqwest::header::CONTENT_TYPE;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tokio::sync::Mutex;
use url::form_urlencoded;

use crate::config::oauth::OAuth;
use crate::{text, with_causes};

use super::http;

/// A token is not used in the last minutes of its life: a conversation begun with it must not outlive it.
const MARGIN: Duration = Duration::from_mins(5);
/// How long a token is used whose life the answer does not tell (RFC 6749, section 5.1, only recommends it).
const UNTOLD: Duration = Duration::from_mins(10);
/// No answer is longer: tokens of Microsoft have some three thousand letters.
const LONGEST_ANSWER: usize = 64 << 10;
/// No more of what a server says of a failure is shown, in letters.
const SHOWN: usize = 300;

/// Where tokens come from, and the one that is in use.
#[derive(Debug)]
pub(crate) struct Tokens {
    settings: OAuth,
    /// The token in use and when it is no longer used; held while a new one is asked for, so that one is.
    current: Mutex<Option<(SecretString, Instant)>>,
    client: OnceLock<Result<Client, String>>,
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
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TokenError {
    /// The service cannot be asked now, or asks to come back later.
    #[error("{0}")]
    Temporary(String),
    /// The service gives no token, and asking again is of no use.
    #[error("{reason}")]
    Refused {
        /// What was said, without secrets.
        reason: String,
        /// What the admin can do about it, where that is known.
        advice: Option<&'static str>,
    },
}

impl Tokens {
    /// Tokens as the settings say; nothing is asked for yet.
    pub(crate) fn new(settings: OAuth) -> Self {
        Self { settings, current: Mutex::default(), client: OnceLock::new() }
    }

    /// A token that lets in: the one in use, or a new one.
    ///
    /// # Errors
    /// When the service cannot be asked, or gives none.
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

    /// Does not use the present token again: a server has refused it.
    pub(crate) async fn forget(&self) {
        *self.current.lock().await = None;
    }

    async fn ask(&self) -> Result<(SecretString, Duration), TokenError> {
        let client = self.client.get_or_init(|| http::client(1, None)).as_ref();
        let client = client.map_err(|reason| TokenError::Refused { reason: reason.clone(), advice: None })?;
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "client_credentials")
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("client_secret", self.settings.client_secret.expose_secret())
            .append_pair("scope", &self.settings.scope)
            .finish();
        let lost = |error: reqwest::Error| {
            let why = with_causes(&error.without_url());
            TokenError::Temporary(format!("{} gives no token: {why}", self.settings.host))
        };
        let request =
            client.post(&self.settings.address).header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(form);
        let mut response = request.send().await.map_err(lost)?;
        let status = response.status();
        let mut bytes = Vec::new();
        while bytes.len() < LONGEST_ANSWER
            && let Some(more) = response.chunk().await.map_err(lost)?
        {
            bytes.extend_from_slice(&more);
        }
        if status.is_success() {
            let granted: Granted = serde_json::from_slice(&bytes).map_err(|_| TokenError::Refused {
                reason: format!("{} answers {status} without a token", self.settings.host),
                advice: Some("is `token_url` the token endpoint (OAuth 2.0) of your tenant?"),
            })?;
            let life = granted.expires_in.map_or(UNTOLD, Duration::from_secs).saturating_sub(MARGIN);
            return Ok((SecretString::from(granted.access_token), life));
        }
        let said = serde_json::from_slice(&bytes).map_or_else(
            |_| status.to_string(),
            |refused: Refused| {
                let description = refused.error_description.unwrap_or_default();
                let line = description.lines().next().unwrap_or_default();
                format!("{}: {}", refused.error, line.chars().take(SHOWN).collect::<String>())
            },
        );
        let reason = format!("{} gives no token: {}", self.settings.host, text::nfc(&said));
        if status.is_server_error() || status.as_u16() == 429 {
            return Err(TokenError::Temporary(reason));
        }
        let advice = Some("check `client_id`, the client secret and when it expires, and `scope`");
        Err(TokenError::Refused { reason, advice })
    }
}
