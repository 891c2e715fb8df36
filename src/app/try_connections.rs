//! Trying what the service speaks to, without sending anything: the channels, the mailbox, the pages from outside in.

use std::time::Duration;

use jiff::Timestamp;

use crate::channel::{Channels, Failure};
use crate::config::{Inbox, Settings, Site};
use crate::net::http;

use super::check_mailbox::check_mailbox;

/// How long an answer from outside is waited for.
const PAGE_TIMEOUT: Duration = Duration::from_secs(30);
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
    /// What the other side says; `None` where nothing can be tried without sending.
    pub outcome: Result<Option<String>, FailedTry>,
}

/// Why something does not work, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedTry {
    /// Why.
    pub reason: String,
    /// What to do.
    pub advice: String,
}

/// Tries everything that the configuration names, one after the other.
pub async fn try_connections(settings: &Settings, channels: &Channels, now: Timestamp) -> Vec<TriedConnection> {
    let mut tried = Vec::new();
    for (name, channel) in channels {
        let outcome = channel.try_out().await.map_err(|failure| of_channel(&failure));
        tried.push(TriedConnection { connection: ConnectionTarget::Channel(name.clone()), outcome });
    }
    if let Some(inbox) = &settings.inbox {
        tried.push(TriedConnection {
            connection: ConnectionTarget::Mailbox,
            outcome: mailbox(inbox, now).await.map(Some),
        });
    }
    if let Some(site) = &settings.site {
        tried.push(TriedConnection { connection: ConnectionTarget::Pages, outcome: pages(site).await.map(Some) });
    }
    tried
}

fn of_channel(failure: &Failure) -> FailedTry {
    let advice = match failure {
        Failure::Channel { advice: Some(advice), .. } => advice,
        Failure::Temporary { .. } => "this often passes; if it stays, check `host`, `port` and the firewall",
        _ => "mend the channel's table in the configuration",
    };
    FailedTry { reason: failure.to_string(), advice: advice.to_owned() }
}

async fn mailbox(inbox: &Inbox, now: Timestamp) -> Result<String, FailedTry> {
    let checked = check_mailbox(inbox, now).await.map_err(|error| FailedTry {
        reason: crate::with_causes(&error),
        advice: "mend [inbox] in the configuration".to_owned(),
    })?;
    if let Err(reason) = checked.own_mail {
        let advice = "let the program write into the mailbox, and see `nhacviec inbox check`".to_owned();
        return Err(FailedTry { reason, advice });
    }
    if checked.is_name_borne(inbox) == Some(false) {
        let reason = "no mail in it bears the name in `authentication`: no answer will be believed".to_owned();
        return Err(FailedTry {
            reason,
            advice: "`nhacviec inbox check` shows the names that the mails bear".to_owned(),
        });
    }
    Ok(format!("logged in; a mail of its own was read back; {} mails", checked.mails))
}

/// Asks for a page that says nothing of the school, over the address that people use.
async fn pages(site: &Site) -> Result<String, FailedTry> {
    let failed = |reason: String| FailedTry {
        reason,
        advice: "is the service running, and does the reverse proxy pass `public_url` on to `listen`? See docs/web.md"
            .to_owned(),
    };
    let client = http::client(1, None).map_err(failed)?;
    let address = format!("{}/robots.txt", site.public_url.trim_end_matches('/'));
    let answer = client.get(address).timeout(PAGE_TIMEOUT).send().await;
    let answer = answer.map_err(|error| failed(crate::with_causes(&error.without_url())))?;
    let status = answer.status();
    let text = answer.text().await.map_err(|error| failed(crate::with_causes(&error.without_url())))?;
    if status.is_success() && text.contains(ROBOTS) {
        return Ok(format!("{} shows the program's pages", site.public_url));
    }
    Err(failed(format!("{} answers {status}, and not with the program's pages", site.public_url)))
}
