//! The base of channels that speak HTTP: an address that may be secret, a client with limits of time and size, the
//! meaning of answers.

use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Client, Method, StatusCode, Url};
use secrecy::{ExposeSecret, SecretString};

use crate::config::{ConfigMistake, secret, url};
use crate::net::http::{LostRequest, client};
use crate::net::secrets::Secrets;
use crate::reason::{Advice, ConnectionReason, HttpReason, Reason};
use crate::toml_file::{TomlTable, TomlValue};

use super::mistake::ChannelMistake;
use super::{Failure, Receipt, TriedOut};

/// The most bytes of an answer that are read.
const MAX_ANSWER_BYTES: usize = 256 << 10;
/// The most letters of an answer that are kept.
const MAX_REASON_LEN: usize = 500;

/// An address to which messages are posted. It may hold a secret, so it is never shown.
#[derive(Debug)]
pub(super) struct Endpoint {
    url: SecretString,
    /// The host, which is no secret.
    host: String,
    connections: usize,
    /// The proxy, where there is one; its address may hold a password.
    proxy: Option<SecretString>,
    /// What is struck out of answers: whoever does not know an address likes to repeat it.
    secrets: Secrets,
    client: OnceLock<Result<Client, ConnectionReason>>,
}

impl Endpoint {
    /// An endpoint with the address in `url`, or in `url_file` or the credential `credential` where it holds a secret.
    pub(super) fn open(table: &TomlTable<'_>, credential: &str, base: &Path, connections: usize) -> Option<Self> {
        match table.get("url") {
            Some(value) => Self::new(table, SecretString::from(value.text()?), Some(&value), connections),
            None => Self::read(table, credential, base, connections, ChannelMistake::NoUrl),
        }
    }

    /// An endpoint with the address in `url_file` or the credential `credential`: for addresses that always hold a
    /// secret.
    pub(super) fn open_secret(table: &TomlTable<'_>, credential: &str, base: &Path) -> Option<Self> {
        Self::read(table, credential, base, 1, ChannelMistake::NoSecretUrl)
    }

    /// An endpoint with the address `url`, else `usual`, reached through `proxy` where that is set: for services whose
    /// address is no secret.
    pub(super) fn open_service(table: &TomlTable<'_>, usual: Option<&str>) -> Option<Self> {
        let proxy = table.get("proxy");
        let url = match usual {
            Some(_) => table.get("url"),
            None => table.require("url"),
        };
        let address = match &url {
            Some(value) => value.text()?,
            None => usual?,
        };
        let mut endpoint = Self::new(table, SecretString::from(address), url.as_ref(), 1)?;
        if let Some(value) = proxy {
            let address = value.text()?;
            if reqwest::Proxy::all(address).is_err() {
                value.error(ChannelMistake::NoProxy);
                return None;
            }
            endpoint.proxy = Some(SecretString::from(address));
        }
        Some(endpoint)
    }

    fn read(
        table: &TomlTable<'_>,
        credential: &str,
        base: &Path,
        connections: usize,
        missing: ChannelMistake,
    ) -> Option<Self> {
        let place = table.get("url_file");
        let Some(url) = secret::read(table, "url_file", credential, base).ok()? else {
            table.error(missing);
            return None;
        };
        Self::new(table, url, place.as_ref(), connections)
    }

    /// Checks an address: other machines are reached over https only. The address is never quoted.
    fn new(
        table: &TomlTable<'_>,
        url: SecretString,
        place: Option<&TomlValue<'_>>,
        connections: usize,
    ) -> Option<Self> {
        let host = match url::host(url.expose_secret()) {
            Ok(host) => host,
            Err(bad) => {
                let span = place.map_or_else(|| table.span(), TomlValue::span);
                table.document().error(span, ConfigMistake::BadWebAddress { why: bad });
                return None;
            }
        };
        let mut secrets = Secrets::default();
        if let Ok(url) = Url::parse(url.expose_secret()) {
            secrets.add_url(&url);
        }
        Some(Self { url, host, connections, proxy: None, secrets, client: OnceLock::new() })
    }

    /// Strikes this out of answers as well.
    pub(super) fn hide(&mut self, secret: &SecretString) {
        self.secrets.add(secret.expose_secret());
    }

    /// Posts JSON and reads the answer.
    pub(super) async fn post(&self, body: &[u8], headers: HeaderMap, now: Timestamp) -> Result<HttpAnswer, Failure> {
        self.call(Method::POST, &[], body, headers, now).await
    }

    /// Looks whether the host answers, whatever it says: only a message shows whether it takes one.
    pub(super) async fn try_out(&self) -> Result<TriedOut, Failure> {
        let answer = self.call(Method::HEAD, &[], &[], HeaderMap::new(), Timestamp::UNIX_EPOCH).await?;
        Ok(TriedOut::Host { host: self.host.clone(), status: answer.status() })
    }

    /// Sends JSON to a place below the address, given by the segments of its path, and reads the answer.
    pub(super) async fn call(
        &self,
        method: Method,
        segments: &[&str],
        body: &[u8],
        headers: HeaderMap,
        now: Timestamp,
    ) -> Result<HttpAnswer, Failure> {
        let client = self.client.get_or_init(|| client(self.connections, self.proxy.as_ref())).as_ref();
        let client = client.map_err(|reason| Failure::of_channel_alone(reason.clone()))?;
        let no_address = || Failure::of_channel_alone(ConnectionReason::BrokenAddress { host: self.host.clone() });
        let mut url = Url::parse(self.url.expose_secret()).map_err(|_| no_address())?;
        if !segments.is_empty() {
            url.path_segments_mut().map_err(|()| no_address())?.pop_if_empty().extend(segments);
        }
        let request =
            client.request(method, url).headers(headers).header("content-type", "application/json").body(body.to_vec());
        let mut response = request.send().await.map_err(|error| self.lost(error))?;
        let status = response.status();
        let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
        let retry_after = retry_after.and_then(|text| wait(text, now));
        let mut bytes = Vec::new();
        let mut is_whole = true;
        // An answer that breaks off is kept as far as it came.
        while bytes.len() < MAX_ANSWER_BYTES {
            match response.chunk().await {
                Ok(Some(chunk)) => bytes.extend_from_slice(&chunk[..chunk.len().min(MAX_ANSWER_BYTES - bytes.len())]),
                Ok(None) => break,
                Err(_) => {
                    is_whole = false;
                    break;
                }
            }
        }
        let body = String::from_utf8_lossy(&bytes).into_owned();
        let said = self.secrets.strike(words(&body));
        Ok(HttpAnswer { status, retry_after, body, said, is_whole })
    }

    fn lost(&self, error: reqwest::Error) -> Failure {
        match LostRequest::of(error, &self.host) {
            LostRequest::Untrusted(reason) => Failure::of_channel(reason, Advice::ServiceCertificate),
            LostRequest::NameNotFound(reason) => Failure::of_channel(reason, Advice::CheckAddress),
            LostRequest::NotConnected(reason) => Failure::temporary(reason),
            LostRequest::Unanswered(reason) => Failure::Uncertain { reason: reason.into() },
        }
    }
}

/// An answer of a service.
#[derive(Debug)]
pub(super) struct HttpAnswer {
    status: StatusCode,
    retry_after: Option<Duration>,
    body: String,
    /// The beginning of the body on one line, without secrets.
    said: String,
    /// Whether the body came to its end, or to the most that is read.
    is_whole: bool,
}

/// What a service says in the body of a 2xx.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BodyVerdict {
    /// The message was taken.
    Taken,
    /// It was not, and this code of HTTP says why.
    Failed(u16),
    /// It was not, for a reason that the service alone understands.
    Refused,
    /// This is not how the service answers.
    Foreign,
}

impl HttpAnswer {
    /// The meaning of an answer by its status alone: taken, later ([`is_later`]), too large (413), or never. What would meet
    /// every message alike stops the channel and fails none: a redirection, or that the sender is not known.
    pub(super) fn verdict(&self) -> Result<Receipt, Failure> {
        self.verdict_of(self.status.as_u16())
    }

    /// The same, where the body has told another status than that of HTTP.
    fn verdict_of(&self, status: u16) -> Result<Receipt, Failure> {
        let said = self.said();
        match status {
            200..=299 => Ok(Receipt { answer: said }),
            300..=399 => Err(Failure::of_channel(said, Advice::AddressMoved)),
            401 | 403 => Err(Failure::of_channel(said, Advice::CheckSecret)),
            // Something on the way speaks, and says the same to every message (RFC 9110, 15.5.8; RFC 6585, 6).
            407 | 511 => Err(self.foreign()),
            later if is_later(later) => Err(self.later(None)),
            413 => Err(Failure::of_message(said)),
            _ => Err(Failure::of_recipient(said)),
        }
    }

    /// The meaning of an answer where the address is the key: 401 and 403 say that the address no longer opens, so the
    /// channel is to be mended and no message fails. A wait that only the body names counts too. Of a 2xx the service's
    /// own word, `in_body`, decides.
    pub(super) fn verdict_by_key(mut self, in_body: impl Fn(&Self) -> BodyVerdict) -> Result<Receipt, Failure> {
        if self.retry_after.is_none() {
            let seconds = self.json().and_then(|body| body.get("retry_after")?.as_f64());
            self.retry_after = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds.ceil()).ok());
        }
        let status = match self.status.as_u16() {
            200..=299 => match in_body(&self) {
                BodyVerdict::Taken => return Ok(Receipt { answer: self.said() }),
                BodyVerdict::Failed(code) => code,
                BodyVerdict::Refused => return Err(Failure::Unknown { reason: self.said() }),
                BodyVerdict::Foreign => return Err(self.foreign()),
            },
            status => status,
        };
        match status {
            401 | 403 => Err(Failure::of_channel(self.said(), Advice::NewAddress)),
            _ => self.verdict_of(status),
        }
    }

    /// What an answer means that is not the service's: something on the way gave it, a proxy's page for its users, say,
    /// and would give it to every message. One that broke off may have been the service's.
    pub(super) fn foreign(&self) -> Failure {
        let answer = self.said();
        if !self.is_whole {
            return Failure::Uncertain { reason: HttpReason::CutOff { answer: Box::new(answer) }.into() };
        }
        Failure::of_channel(answer, Advice::NotTheService)
    }

    /// The body, without the blanks and marks of byte order around it.
    pub(super) fn body(&self) -> &str {
        self.body.trim_matches(|letter: char| letter.is_whitespace() || letter == '\u{feff}')
    }

    /// Whether the body is a page for people: no program answers another with one.
    pub(super) fn is_page(&self) -> bool {
        let start: String = self.body().chars().take(14).collect::<String>().to_lowercase();
        start.starts_with("<!doctype html") || start.starts_with("<html")
    }

    /// The status.
    pub(super) fn status(&self) -> u16 {
        self.status.as_u16()
    }

    /// The body as JSON, where it is some.
    pub(super) fn json(&self) -> Option<serde_json::Value> {
        serde_json::from_str(self.body()).ok()
    }

    /// That the message is to be tried again later: after `wait`, where the body names one, else as `Retry-After` says.
    pub(super) fn later(&self, wait: Option<Duration>) -> Failure {
        Failure::Temporary { reason: self.said(), retry_after: wait.or(self.retry_after) }
    }

    /// The status and the beginning of the body, on one line.
    pub(super) fn said(&self) -> Reason {
        HttpReason::Answered { status: self.status.to_string(), said: self.said.clone() }.into()
    }
}

/// The beginning of a body, on one line.
fn words(body: &str) -> String {
    let line = body.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().filter(|letter| !letter.is_control()).take(MAX_REASON_LEN).collect()
}

/// Whether a status of HTTP, or a service's own code by its pattern, asks to try again later.
pub(super) fn is_later(code: u16) -> bool {
    matches!(code, 408 | 425 | 429 | 500..)
}

/// The wait of a `Retry-After`: seconds, or a date (RFC 9110, section 10.2.3).
fn wait(text: &str, now: Timestamp) -> Option<Duration> {
    if let Ok(seconds) = text.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = rfc2822::parse(text.trim()).ok()?.timestamp();
    Duration::try_from(at.duration_since(now)).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use crate::net::http::ANSWER_TIMEOUT;

    use super::*;

    #[test]
    fn a_wait_is_told_in_seconds_or_as_a_date() {
        let now: Timestamp = "2023-11-23T00:00:00Z".parse().unwrap_or_default();
        let cases = [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("Thu, 23 Nov 2023 00:01:30 GMT", Some(90)),
            ("Thu, 23 Nov 2023 07:02:00 +0700", Some(120)),
            ("Wed, 22 Nov 2023 00:00:00 GMT", None),
            ("soon", None),
            ("", None),
        ];
        for (text, seconds) in cases {
            assert_eq!(wait(text, now), seconds.map(Duration::from_secs), "{text}");
        }
    }

    /// What is made of a server that sends `head`, and then some more of a body every ten seconds for ever; and how
    /// long that takes.
    async fn trickled(head: &'static str, more: &'static [u8]) -> (Result<HttpAnswer, Failure>, Duration) {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};

        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = Endpoint {
            url: format!("http://{}/", listener.local_addr().unwrap()).into(),
            host: "127.0.0.1".to_owned(),
            connections: 1,
            proxy: None,
            secrets: Secrets::default(),
            client: OnceLock::new(),
        };
        let server = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(head.as_bytes()).await;
            while stream.write_all(more).await.is_ok() {
                tokio::time::sleep(Duration::from_secs(10)).await;
            }
        });
        let start = tokio::time::Instant::now();
        let answered = endpoint.post(b"{}", HeaderMap::new(), Timestamp::UNIX_EPOCH).await;
        let took = start.elapsed();
        server.abort();
        (answered, took)
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_never_ends_is_cut_and_the_status_decides() {
        let (sent, took) = trickled("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", b"a").await;
        let sent = sent.unwrap();
        assert!(sent.status.is_success() && sent.body.bytes().all(|byte| byte == b'a'), "{sent:?}");
        assert_eq!(took.as_secs(), ANSWER_TIMEOUT.as_secs());
        let (busy, took) = trickled("HTTP/1.1 503 Busy\r\nRetry-After: 9\r\n\r\n", b"").await;
        let busy = busy.unwrap();
        assert_eq!((busy.status.as_u16(), busy.retry_after), (503, Some(Duration::from_secs(9))));
        assert_eq!(took.as_secs(), ANSWER_TIMEOUT.as_secs());
    }

    #[tokio::test(start_paused = true)]
    async fn a_head_that_never_ends_is_no_answer_in_time() {
        let (lost, took) = trickled("HTTP/1.1 200 OK\r\n", b"x-more: a\r\n").await;
        assert!(matches!(lost, Err(Failure::Uncertain { reason }) if reason.to_string().contains("in time")));
        assert_eq!(took.as_secs(), ANSWER_TIMEOUT.as_secs());
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_floods_is_cut_where_it_becomes_long() {
        const FLOOD: &[u8] = &[b'a'; MAX_ANSWER_BYTES + 1];
        let (sent, took) = trickled("HTTP/1.1 200 OK\r\n\r\n", FLOOD).await;
        assert_eq!((sent.unwrap().body.len(), took.as_secs()), (MAX_ANSWER_BYTES, 0));
    }
}
