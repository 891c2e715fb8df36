//! The mailbox that owners answer to, over IMAP (RFC 3501): opened, searched, read mail by mail.
//!
//! Knows nothing of what a mail says. Every step has a time limit, and answers of the server are bounded in size.

mod connection;
mod limited_stream;
mod mailbox;

use std::sync::Arc;
use std::time::Duration;

use async_imap::Session;
use async_imap::error::Error;
use async_trait::async_trait;
use futures_util::TryStreamExt;
use jiff::civil::Date;
use tokio::time::timeout;

use crate::config::Inbox;
use crate::text;

use connection::TokenCache;
pub use mailbox::{Mailbox, MailboxOpener};

use limited_stream::{Allowance, LimitedStream};

/// The time limit for one answer of the server.
const ANSWER_TIMEOUT: Duration = Duration::from_mins(2);
/// The largest answer that is not a mail, in bytes.
const MAX_ANSWER_BYTES: usize = 4 << 20;
/// The largest mail that is read, in bytes: some servers take 25 MB of files, which the transfer encoding makes a third
/// larger.
pub const MAX_MAIL_BYTES: u32 = 40 << 20;
/// The longest quotation of a server's words, in letters.
const MAX_REASON_LEN: usize = 200;

/// Why a mailbox cannot be read. Holds no secret and nothing of any mail.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}{}", .advice.map(|advice| format!(" ({advice})")).unwrap_or_default())]
pub struct InboxError {
    /// The cause.
    pub reason: String,
    /// Advice for the admin, where the cause is known.
    pub advice: Option<&'static str>,
    /// Whether the server answered and refused this one command: another may succeed.
    pub is_refusal: bool,
}

impl InboxError {
    fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), advice: None, is_refusal: false }
    }

    fn with(reason: impl Into<String>, advice: &'static str) -> Self {
        Self { reason: reason.into(), advice: Some(advice), is_refusal: false }
    }

    /// The meaning of an error of the IMAP library. `doing` says what was tried.
    fn of(doing: &str, error: &Error) -> Self {
        match error {
            Error::No(said) | Error::Bad(said) => {
                Self { is_refusal: true, ..Self::new(format!("{doing}: the server said: {}", words(said))) }
            }
            Error::ConnectionLost => Self::new(format!("{doing}: the connection was lost")),
            Error::Io(error) if error.kind() != std::io::ErrorKind::Other => Self::new(format!("{doing}: {error}")),
            // These errors quote what was received, which may be somebody's mail.
            _ => Self::new(format!("{doing}: the server's answer is not understood")),
        }
    }
}

/// Words of a server, shortened and without addresses, for logs.
fn words(said: &str) -> String {
    text::without_addresses(&text::nfc(said)).chars().take(MAX_REASON_LEN).collect()
}

/// Opens mailboxes over IMAP. Keeps what it has been given to log in with, as long as that holds.
#[derive(Debug, Default)]
pub struct Imap {
    keys: TokenCache,
}

#[async_trait]
impl MailboxOpener for Imap {
    async fn open(&mut self, inbox: &Inbox) -> Result<Box<dyn Mailbox>, InboxError> {
        Ok(Box::new(ImapMailbox::open(inbox, &mut self.keys).await?))
    }
}

/// An open mailbox of an IMAP server.
#[derive(Debug)]
struct ImapMailbox {
    session: Session<LimitedStream>,
    allowance: Arc<Allowance>,
    uid_validity: u32,
    uid_next: Option<u32>,
    done_folder: Option<String>,
    moves: bool,
    expunges: bool,
}

impl ImapMailbox {
    /// Connects, logs in and opens the folder.
    async fn open(inbox: &Inbox, keys: &mut TokenCache) -> Result<Self, InboxError> {
        let (mut session, allowance) = connection::connect(inbox, keys).await?;
        allowance.renew(MAX_ANSWER_BYTES);
        let capabilities = step("asking what the server can do", session.capabilities()).await?;
        let (moves, expunges) = (capabilities.has_str("MOVE"), capabilities.has_str("UIDPLUS"));
        let folder = utf7(&inbox.folder);
        let doing = format!("opening the folder {}", inbox.folder);
        allowance.renew(MAX_ANSWER_BYTES);
        let opened = step(&doing, session.select(&folder)).await;
        let opened = opened.map_err(|error| InboxError { advice: Some("is `folder` written right?"), ..error })?;
        let uid_validity =
            opened.uid_validity.ok_or_else(|| InboxError::new("the server gives mails no lasting numbers"))?;
        Ok(Self {
            session,
            allowance,
            uid_validity,
            uid_next: opened.uid_next,
            done_folder: inbox.done_folder.as_deref().map(utf7),
            moves,
            expunges,
        })
    }

    async fn flag(&mut self, uid: &str, flags: &str) -> Result<(), InboxError> {
        self.allowance.renew(MAX_ANSWER_BYTES);
        step("marking an answer", async { self.session.uid_store(uid, flags).await?.try_collect::<Vec<_>>().await })
            .await?;
        self.check_connection().await
    }

    /// Fails where the connection is lost: the library takes an answer that breaks off for an empty one.
    async fn check_connection(&mut self) -> Result<(), InboxError> {
        self.allowance.renew(MAX_ANSWER_BYTES);
        step("asking whether the server is there", self.session.noop()).await
    }
}

#[async_trait]
impl Mailbox for ImapMailbox {
    fn uid_validity(&self) -> u32 {
        self.uid_validity
    }

    fn last_uid(&self) -> Option<u32> {
        self.uid_next.map(|next| next.saturating_sub(1))
    }

    async fn above(&mut self, above: u32, since: Date) -> Result<Vec<u32>, InboxError> {
        let first = above.saturating_add(1);
        let query = format!("UID {first}:* SINCE {}", since.strftime("%-d-%b-%Y"));
        self.allowance.renew(MAX_ANSWER_BYTES);
        let found = step("looking for new mail", self.session.uid_search(&query)).await?;
        if found.is_empty() {
            self.check_connection().await?;
        }
        // `n:*` also names the last mail where its number is below n.
        let mut found: Vec<u32> = found.into_iter().filter(|uid| *uid >= first).collect();
        found.sort_unstable();
        Ok(found)
    }

    async fn size(&mut self, uid: u32) -> Result<Option<u32>, InboxError> {
        let doing = "asking how large a mail is";
        self.allowance.renew(MAX_ANSWER_BYTES);
        let fetched = step(doing, async {
            self.session.uid_fetch(uid.to_string(), "(UID RFC822.SIZE)").await?.try_collect::<Vec<_>>().await
        });
        let fetched = fetched.await?;
        let size = fetched.into_iter().find(|fetch| fetch.uid == Some(uid)).and_then(|fetch| fetch.size);
        if size.is_none() {
            self.check_connection().await?;
        }
        Ok(size)
    }

    async fn fetch(&mut self, uid: u32, size: u32) -> Result<Option<Vec<u8>>, InboxError> {
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        self.allowance.renew(size.saturating_mul(2).saturating_add(MAX_ANSWER_BYTES));
        let fetched = step("reading a mail", async {
            self.session.uid_fetch(uid.to_string(), "(UID BODY.PEEK[])").await?.try_collect::<Vec<_>>().await
        });
        let fetched = fetched.await?;
        let mail = fetched.iter().find(|fetch| fetch.uid == Some(uid)).and_then(|fetch| fetch.body());
        let mail = mail.map(<[u8]>::to_vec);
        if mail.is_none() {
            self.check_connection().await?;
        }
        Ok(mail)
    }

    async fn put_away(&mut self, uid: u32) -> Result<(), InboxError> {
        let uid = uid.to_string();
        self.flag(&uid, "+FLAGS.SILENT (\\Seen)").await?;
        let Some(folder) = self.done_folder.clone() else { return Ok(()) };
        let doing = "moving an answer to `done_folder`";
        let no_folder = |error| InboxError { advice: Some("is there such a folder?"), ..error };
        self.allowance.renew(MAX_ANSWER_BYTES);
        if self.moves {
            return step(doing, self.session.uid_mv(&uid, &folder)).await.map_err(no_folder);
        }
        step(doing, self.session.uid_copy(&uid, &folder)).await.map_err(no_folder)?;
        self.flag(&uid, "+FLAGS.SILENT (\\Deleted)").await?;
        if self.expunges {
            self.allowance.renew(MAX_ANSWER_BYTES);
            step(doing, async { self.session.uid_expunge(&uid).await?.try_collect::<Vec<_>>().await }).await?;
        }
        Ok(())
    }

    async fn close(mut self: Box<Self>) {
        self.allowance.renew(MAX_ANSWER_BYTES);
        let _ = timeout(Duration::from_secs(10), self.session.logout()).await;
    }
}

/// Waits for an answer until the time limit.
async fn step<T>(doing: &str, work: impl Future<Output = Result<T, Error>>) -> Result<T, InboxError> {
    match timeout(ANSWER_TIMEOUT, work).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(InboxError::of(doing, &error)),
        Err(_) => Err(InboxError::new(format!("{doing}: the server did not answer in time"))),
    }
}

/// The name of a folder in modified UTF-7, as IMAP writes it (RFC 3501, section 5.1.3).
fn utf7(name: &str) -> String {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD_NO_PAD;

    let mut written = String::with_capacity(name.len());
    let mut foreign: Vec<u8> = Vec::new();
    let flush = |foreign: &mut Vec<u8>, written: &mut String| {
        if !foreign.is_empty() {
            let encoded = STANDARD_NO_PAD.encode(&foreign).replace('/', ",");
            written.extend(["&", &encoded, "-"]);
            foreign.clear();
        }
    };
    for letter in name.chars() {
        if matches!(letter, ' '..='~') {
            flush(&mut foreign, &mut written);
            written.push(letter);
            if letter == '&' {
                written.push('-');
            }
        } else {
            let mut units = [0; 2];
            foreign.extend(letter.encode_utf16(&mut units).iter().flat_map(|unit| unit.to_be_bytes()));
        }
    }
    flush(&mut foreign, &mut written);
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_named_as_imap_writes_them() {
        let cases = [
            ("INBOX", "INBOX"),
            ("Nhắc việc/Đã đọc", "Nh&Hq8-c vi&Hsc-c/&ARAA4w- &AREezQ-c"),
            ("A & B", "A &- B"),
            ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
        ];
        for (name, written) in cases {
            assert_eq!(utf7(name), written);
        }
    }
}
