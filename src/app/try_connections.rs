//! Trying what the service speaks to, without sending anything: the channels, the mailbox, the pages from outside in.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use jiff::Timestamp;
use tokio::net::TcpStream;
use tokio::time::timeout;
use url::Url;

use crate::channel::{Channels, Failure, TriedOut};
use crate::config::{Inbox, Site};
use crate::net::http::{self, LostRequest};
use crate::reason::{Advice, ConnectionReason, Reason};
use crate::school::School;
use crate::store::{Store, StoreError};

use super::check_mailbox::check_mailbox;

/// How long an answer from outside is waited for.
const PAGE_TIMEOUT: Duration = Duration::from_secs(30);
/// How long whoever listens on an address of this machine may take to accept a connection.
const LISTEN_TIMEOUT: Duration = Duration::from_secs(5);
/// What the program's own pages say to robots, by which they are known from outside.
pub(crate) const ROBOTS: &str = "User-agent: *\nDisallow: /\n";

/// What was tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConnectionTarget {
    /// A channel, by its name.
    Channel(String),
    /// The mailbox for answers.
    Mailbox,
    /// The pages, as people reach them.
    Pages,
}

/// What came of one try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TriedConnection {
    /// What was tried.
    pub connection: ConnectionTarget,
    /// What came of it.
    pub outcome: Result<TryOutcome, FailedTry>,
}

/// What came of a try that met no failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TryOutcome {
    /// It works.
    Works(TryAnswer),
    /// It could not be tried.
    Untried(UntriedReason),
}

/// Why something could not be tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UntriedReason {
    /// Only a message shows whether it works.
    OnlyBySending,
    /// The service, which shows the pages, has not run yet: nobody listens on this address.
    NobodyListens(SocketAddr),
}

/// That something works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TryAnswer {
    /// What the channel tells.
    Channel(TriedOut),
    /// The mailbox took the login and gave a mail of the program's own back; it has so many mails.
    Mailbox {
        /// How many mails are in it.
        mails: u32,
        /// Whether answers will be believed is known: mails bear the name that `authentication` asks for, or it asks for none.
        is_name_known: bool,
    },
    /// The program's pages are shown at this address.
    Pages(String),
}

/// Why something does not work, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedTry {
    /// Why.
    pub reason: TryReason,
    /// What to do.
    pub advice: TryAdvice,
}

/// Why something does not work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TryReason {
    /// As the channel, the mailbox or the network tells it.
    Told(Reason),
    /// No mail bears the word on its sender that `authentication` asks for.
    NameNotBorne,
    /// The address of the pages shows something else.
    OtherPage {
        /// The address.
        address: String,
        /// The status of the answer.
        status: String,
    },
}

/// What to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TryAdvice {
    /// As the channel or the mailbox says it.
    Told(Advice),
    /// It may pass; otherwise the address of the server is to be looked at.
    MayPass,
    /// The channel's table is to be mended.
    MendChannel,
    /// The table of the mailbox is to be mended.
    MendInbox,
    /// The program must be let write into the mailbox.
    LetWrite,
    /// The names that mails bear can be shown.
    SeeNames,
    /// The service or the reverse proxy is to be looked at.
    SeeProxy,
}

/// Tries everything that the configuration names, one after the other.
pub async fn try_connections(school: &School, channels: &Channels, now: Timestamp) -> Vec<TriedConnection> {
    let settings = &school.settings;
    let mut tried = Vec::new();
    for (name, channel) in channels {
        let outcome = channel.try_out().await.map(of_answer).map_err(|failure| of_channel(&failure));
        tried.push(TriedConnection { connection: ConnectionTarget::Channel(name.clone()), outcome });
    }
    if let Some(inbox) = &settings.inbox {
        tried.push(TriedConnection {
            connection: ConnectionTarget::Mailbox,
            outcome: mailbox(inbox, now).await.map(TryOutcome::Works),
        });
    }
    if let Some(site) = &settings.site {
        let outcome = match pages(site).await {
            Ok(answer) => Ok(TryOutcome::Works(answer)),
            Err(failed) => before_first_run(site.listen, school).await.map(TryOutcome::Untried).ok_or(failed),
        };
        tried.push(TriedConnection { connection: ConnectionTarget::Pages, outcome });
    }
    tried
}

fn of_answer(said: Option<TriedOut>) -> TryOutcome {
    said.map_or(TryOutcome::Untried(UntriedReason::OnlyBySending), |said| TryOutcome::Works(TryAnswer::Channel(said)))
}

fn of_channel(failure: &Failure) -> FailedTry {
    let advice = match failure {
        Failure::Channel { reason, advice: Some(advice), .. } => {
            return FailedTry { reason: TryReason::Told(reason.clone()), advice: TryAdvice::Told(*advice) };
        }
        Failure::Temporary { .. } => TryAdvice::MayPass,
        _ => TryAdvice::MendChannel,
    };
    FailedTry { reason: TryReason::Told(failure.told()), advice }
}

async fn mailbox(inbox: &Inbox, now: Timestamp) -> Result<TryAnswer, FailedTry> {
    let checked = check_mailbox(inbox, now).await.map_err(|error| FailedTry {
        advice: error.advice.map_or(TryAdvice::MendInbox, TryAdvice::Told),
        reason: TryReason::Told(error.reason),
    })?;
    if let Err(reason) = checked.own_mail {
        return Err(FailedTry { reason: TryReason::Told(reason), advice: TryAdvice::LetWrite });
    }
    let is_borne = checked.is_name_borne(inbox);
    if is_borne == Some(false) {
        return Err(FailedTry { reason: TryReason::NameNotBorne, advice: TryAdvice::SeeNames });
    }
    let is_name_known = inbox.authentication.is_none() || is_borne.is_some();
    Ok(TryAnswer::Mailbox { mails: checked.mails, is_name_known })
}

/// Why pages that cannot be reached say nothing yet: until the service has run for the first time, nobody listens where it
/// will. `None` where somebody does, or where the service has run, so that the pages ought to be there.
async fn before_first_run(listen: SocketAddr, school: &School) -> Option<UntriedReason> {
    // A store that cannot be read may have had a service at work.
    let has_run = has_run(school).await.unwrap_or(true);
    if has_run || is_answered(listen).await { None } else { Some(UntriedReason::NobodyListens(listen)) }
}

/// Whether a service has begun its work for the school.
async fn has_run(school: &School) -> Result<bool, StoreError> {
    let address = &school.settings.store;
    if address.file().is_some_and(|file| matches!(file.try_exists(), Ok(false))) {
        return Ok(false);
    }
    let store = Store::open_to_read(address).await?;
    let began = store.began(&school.scope().organisation).await;
    store.close().await;
    Ok(began?.is_some())
}

/// Whether somebody listens on an address of this machine.
async fn is_answered(listen: SocketAddr) -> bool {
    let host = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    let connected = timeout(LISTEN_TIMEOUT, TcpStream::connect((host, listen.port()))).await;
    matches!(connected, Ok(Ok(_)))
}

/// Asks for a page that says nothing of the school, over the address that people use.
async fn pages(site: &Site) -> Result<TryAnswer, FailedTry> {
    let failed = |reason| FailedTry { reason, advice: TryAdvice::SeeProxy };
    let told = |reason: ConnectionReason| failed(TryReason::Told(reason.into()));
    let host = Url::parse(&site.public_url).ok().and_then(|url| url.host_str().map(str::to_owned));
    let host = host.unwrap_or_else(|| site.public_url.clone());
    let lost = |error| told(LostRequest::of(error, &host).reason());
    let client = http::client(1, None).map_err(told)?;
    let address = format!("{}/robots.txt", site.public_url.trim_end_matches('/'));
    let answer = client.get(address).timeout(PAGE_TIMEOUT).send().await;
    let answer = answer.map_err(lost)?;
    let status = answer.status();
    let text = answer.text().await.map_err(lost)?;
    if status.is_success() && text.contains(ROBOTS) {
        return Ok(TryAnswer::Pages(site.public_url.clone()));
    }
    Err(failed(TryReason::OtherPage { address: site.public_url.clone(), status: status.to_string() }))
}
