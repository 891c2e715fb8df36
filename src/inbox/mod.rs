//! The mailbox that owners answer to, over IMAP (RFC 3501): opened, searched, read mail by mail.
//!
//! Knows nothing of what a mail says. Every step has a time limit, answers of the server are bounded in size, and what the
//! server refuses is an error and never an empty answer.

mod connection;
mod mailbox;
mod response;
mod wire;

use std::time::Duration;

use async_trait::async_trait;
use jiff::civil::Date;
use tokio::time::timeout;

use crate::config::Inbox;
use crate::reason::{Advice, MailboxFault, MailboxReason, MailboxStep, Reason};
use crate::text;

use connection::{Connection, TokenCache};
pub use mailbox::{Mailbox, MailboxOpener};
use response::{Fetched, Response, ResponseValue};
use wire::ImapWire;

/// The largest answer that is not a mail, in bytes.
const MAX_ANSWER_BYTES: usize = 4 << 20;
/// The largest mail that is read, in bytes: some servers take 25 MB of files, which the transfer encoding makes a third
/// larger.
pub const MAX_MAIL_BYTES: u32 = 40 << 20;
/// The longest quotation of a server's words, in letters.
const MAX_REASON_LEN: usize = 200;

/// Why a mailbox cannot be read. Holds no secret and nothing of any mail.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.told())]
pub struct InboxError {
    /// The cause.
    pub reason: Reason,
    /// Advice for the admin, where the cause is known.
    pub advice: Option<Advice>,
    /// Whether the server answered and refused this one command: another may succeed.
    pub is_refusal: bool,
}

impl InboxError {
    pub(crate) fn new(reason: impl Into<Reason>) -> Self {
        Self { reason: reason.into(), advice: None, is_refusal: false }
    }

    /// A mail was written into the folder and is not found there.
    #[must_use]
    pub fn lost_own_mail() -> Self {
        Self::new(MailboxReason::OwnMailLost)
    }

    /// The server has a mail and gives nothing of it.
    #[must_use]
    pub fn withheld() -> Self {
        Self::refused(MailboxStep::Read, MailboxFault::Withheld)
    }

    /// The server does not say what mail it has found.
    pub(crate) fn unsaid() -> Self {
        Self { is_refusal: false, ..Self::refused(MailboxStep::Search, MailboxFault::NotSaid) }
    }

    /// The server does not do one thing; another may succeed.
    fn refused(step: MailboxStep, fault: MailboxFault) -> Self {
        Self { is_refusal: true, ..Self::new(MailboxReason::Failed { step, fault }) }
    }

    fn with(reason: impl Into<Reason>, advice: Advice) -> Self {
        Self { reason: reason.into(), advice: Some(advice), is_refusal: false }
    }

    /// Why, and what the admin can do about it where that is known.
    #[must_use]
    pub fn told(&self) -> Reason {
        self.reason.clone().with(self.advice)
    }
}

/// Words of a server, shortened and without addresses, for logs.
fn words(said: &str) -> String {
    text::without_addresses(&text::nfc(said)).chars().take(MAX_REASON_LEN).collect()
}

/// What a server gives for one mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FetchedMail {
    /// The mail.
    Whole(Vec<u8>),
    /// There is a mail, and the server gives nothing of it.
    Withheld,
    /// There is no mail of this number any more.
    Gone,
}

/// What the server knows of a mail without reading it (RFC 3501, `ENVELOPE`); what it does not say is empty. Texts are as the
/// mail has them, perhaps encoded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MailSummary {
    /// The field Date.
    pub date: String,
    /// The subject.
    pub subject: String,
    /// The address of the first sender.
    pub from: String,
    /// The Message-ID, with its brackets.
    pub message_id: String,
}

/// Opens mailboxes over IMAP. Keeps what it has been given to log in with, as long as that holds.
#[derive(Debug, Default)]
pub struct Imap {
    keys: TokenCache,
}

impl Imap {
    /// Connects to the mailbox of the configuration, logs in and opens its folder.
    ///
    /// # Errors
    /// When any of that fails.
    pub async fn connect(&mut self, inbox: &Inbox) -> Result<ImapMailbox, InboxError> {
        ImapMailbox::open(inbox, &mut self.keys).await
    }
}

#[async_trait]
impl MailboxOpener for Imap {
    async fn open(&mut self, inbox: &Inbox) -> Result<Box<dyn Mailbox>, InboxError> {
        Ok(Box::new(self.connect(inbox).await?))
    }
}

/// An open mailbox of an IMAP server.
#[derive(Debug)]
pub struct ImapMailbox {
    wire: ImapWire,
    capabilities: Vec<String>,
    uid_validity: u32,
    uid_next: Option<u32>,
    exists: u32,
    folder: String,
    done_folder: Option<String>,
}

impl ImapMailbox {
    /// Connects, logs in and opens the folder.
    async fn open(inbox: &Inbox, keys: &mut TokenCache) -> Result<Self, InboxError> {
        let Connection { wire, capabilities } = connection::connect(inbox, keys).await?;
        let mut mailbox = Self {
            wire,
            capabilities,
            uid_validity: 0,
            uid_next: None,
            exists: 0,
            folder: utf7(&inbox.folder),
            done_folder: inbox.done_folder.as_deref().map(utf7),
        };
        let opening = MailboxStep::Open(inbox.folder.clone());
        let select = format!("SELECT {}", quoted(&mailbox.folder));
        let opened = mailbox.command(opening, &select, MAX_ANSWER_BYTES).await;
        let opened = opened.map_err(|error| InboxError { advice: Some(Advice::CheckFolder), ..error })?;
        let code = |name: &str| opened.iter().rev().find_map(|said| said.code(name));
        mailbox.uid_validity = code("UIDVALIDITY").ok_or_else(|| InboxError::new(MailboxReason::NoLastingNumbers))?;
        mailbox.uid_next = code("UIDNEXT");
        mailbox.exists = opened.iter().rev().find_map(Response::exists).unwrap_or(0);
        mailbox.wire.take_news();
        Ok(mailbox)
    }

    async fn command(&mut self, step: MailboxStep, text: &str, limit: usize) -> Result<Vec<Response>, InboxError> {
        self.wire.command(text, limit).await.map_err(|error| error.at(step))
    }

    fn can(&self, capability: &str) -> bool {
        self.capabilities.iter().any(|known| known == capability)
    }

    /// How many mails there were when the folder was opened.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.exists
    }

    /// The numbers of the mails that a query means, ascending; `None` where the server does not say what it has found.
    async fn search(&mut self, query: &str) -> Result<Option<Vec<u32>>, InboxError> {
        let said = self.command(MailboxStep::Search, &format!("UID SEARCH {query}"), MAX_ANSWER_BYTES).await?;
        let answers: Vec<Vec<u32>> = said.iter().filter_map(Response::found).collect();
        if answers.is_empty() {
            return Ok(None);
        }
        let mut found = answers.concat();
        found.sort_unstable();
        found.dedup();
        Ok(Some(found))
    }

    async fn fetch_items(
        &mut self,
        step: MailboxStep,
        (uid, items): (u32, &str),
        limit: usize,
    ) -> Result<Option<Fetched>, InboxError> {
        let said = self.command(step, &format!("UID FETCH {uid} (UID {items})"), limit).await?;
        let told: Vec<Fetched> = said.iter().filter_map(Response::fetched).filter(|told| told.uid == uid).collect();
        // A server may tell of flags as well, before or after what was asked for.
        let name = items.replace(".PEEK", "");
        let place = told.iter().position(|told| told.get(&name).is_some()).unwrap_or(0);
        Ok(told.into_iter().nth(place))
    }

    async fn move_to(&mut self, uid: u32, folder: &str) -> Result<(), InboxError> {
        let folder = quoted(folder);
        if self.can("MOVE") {
            return self
                .command(MailboxStep::Move, &format!("UID MOVE {uid} {folder}"), MAX_ANSWER_BYTES)
                .await
                .map(|_| ());
        }
        self.command(MailboxStep::Move, &format!("UID COPY {uid} {folder}"), MAX_ANSWER_BYTES).await?;
        self.remove(uid).await
    }

    /// Removes a mail; where the server cannot remove a single one, it is only marked as removed.
    pub async fn remove(&mut self, uid: u32) -> Result<(), InboxError> {
        self.command(MailboxStep::Remove, &format!("UID STORE {uid} +FLAGS.SILENT (\\Deleted)"), MAX_ANSWER_BYTES)
            .await?;
        if self.can("UIDPLUS") {
            self.command(MailboxStep::Remove, &format!("UID EXPUNGE {uid}"), MAX_ANSWER_BYTES).await?;
        }
        Ok(())
    }

    /// Writes a mail into the folder.
    pub async fn append(&mut self, mail: &[u8]) -> Result<(), InboxError> {
        let text = format!("APPEND {}", quoted(&self.folder));
        let written = self.wire.command_with(&text, &[mail], MAX_ANSWER_BYTES).await;
        written.map(|_| ()).map_err(|error| error.at(MailboxStep::Write))
    }

    /// The numbers of the mails with this Message-ID, ascending.
    pub async fn with_message_id(&mut self, id: &str) -> Result<Vec<u32>, InboxError> {
        Ok(self.search(&format!("HEADER Message-ID {}", quoted(id))).await?.unwrap_or_default())
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

    async fn since(&mut self, since: Date) -> Result<Option<Vec<u32>>, InboxError> {
        self.search(&format!("SINCE {}", since.strftime("%-d-%b-%Y"))).await
    }

    async fn range(&mut self, first: u32) -> Result<Option<Vec<u32>>, InboxError> {
        let last = self.last_uid();
        if last.is_some_and(|last| last < first) {
            return Ok(Some(Vec::new()));
        }
        let last_written = last.map_or_else(|| "*".to_owned(), |last| last.to_string());
        let found = self.search(&format!("UID {first}:{last_written}")).await?;
        // `n:*` also names the last mail where its number is below n.
        Ok(found.map(|found| found.into_iter().filter(|uid| *uid >= first).collect()))
    }

    async fn size(&mut self, uid: u32) -> Result<Option<u32>, InboxError> {
        let told = self.fetch_items(MailboxStep::Size, (uid, "RFC822.SIZE"), MAX_ANSWER_BYTES).await?;
        let Some(told) = told else { return Ok(None) };
        let size = told.number("RFC822.SIZE");
        size.map(Some).ok_or_else(|| InboxError::refused(MailboxStep::Size, MailboxFault::NotSaid))
    }

    async fn fetch(&mut self, uid: u32, size: u32) -> Result<FetchedMail, InboxError> {
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let limit = size.saturating_mul(2).saturating_add(MAX_ANSWER_BYTES);
        let told = self.fetch_items(MailboxStep::Read, (uid, "BODY.PEEK[]"), limit).await?;
        let Some(told) = told else { return Ok(FetchedMail::Gone) };
        let mail = told.get("BODY[]").and_then(ResponseValue::bytes).filter(|mail| !mail.is_empty());
        Ok(mail.map_or(FetchedMail::Withheld, |mail| FetchedMail::Whole(mail.to_vec())))
    }

    async fn header(&mut self, uid: u32) -> Result<Option<Vec<u8>>, InboxError> {
        let told = self.fetch_items(MailboxStep::Header, (uid, "BODY.PEEK[HEADER]"), MAX_ANSWER_BYTES).await?;
        Ok(told.and_then(|told| told.get("BODY[HEADER]").and_then(ResponseValue::bytes).map(<[u8]>::to_vec)))
    }

    async fn envelope(&mut self, uid: u32) -> Result<Option<MailSummary>, InboxError> {
        let told = self.fetch_items(MailboxStep::Envelope, (uid, "ENVELOPE"), MAX_ANSWER_BYTES).await?;
        Ok(told.and_then(|told| told.get("ENVELOPE").map(|envelope| MailSummary::of(envelope.list()))))
    }

    async fn put_away(&mut self, uid: u32) -> Result<(), InboxError> {
        let seen = format!("UID STORE {uid} +FLAGS.SILENT (\\Seen)");
        match self.command(MailboxStep::Mark, &seen, MAX_ANSWER_BYTES).await {
            // Nothing depends on the mark.
            Err(error) if error.is_refusal => tracing::info!(%error, uid, "an answer is not marked as read"),
            marked => drop(marked?),
        }
        let Some(folder) = self.done_folder.clone() else { return Ok(()) };
        match self.move_to(uid, &folder).await {
            Err(error) if error.is_refusal => {
                let made = self
                    .command(MailboxStep::MakeFolder, &format!("CREATE {}", quoted(&folder)), MAX_ANSWER_BYTES)
                    .await;
                match made {
                    Ok(_) => self.move_to(uid, &folder).await,
                    Err(other) if other.is_refusal => Err(error),
                    Err(other) => Err(other),
                }
            }
            moved => moved,
        }
    }

    fn can_wait(&self) -> bool {
        self.can("IDLE")
    }

    async fn wait(&mut self, limit: Duration) -> Result<(), InboxError> {
        self.wire.idle(limit, MAX_ANSWER_BYTES).await.map_err(|error| error.at(MailboxStep::Wait))
    }

    async fn close(mut self: Box<Self>) {
        let _ = timeout(Duration::from_secs(10), self.wire.command("LOGOUT", MAX_ANSWER_BYTES)).await;
    }
}

impl MailSummary {
    /// Date, subject, from, sender, reply-to, to, cc, bcc, in-reply-to, message-id; an address is name, route, mailbox, host.
    fn of(values: &[ResponseValue]) -> Self {
        let text = |value: Option<&ResponseValue>| {
            let bytes = value.and_then(ResponseValue::bytes).unwrap_or_default();
            String::from_utf8_lossy(bytes).into_owned()
        };
        let sender =
            values.get(2).and_then(|senders| senders.list().first()).map(ResponseValue::list).unwrap_or_default();
        let (mailbox, host) = (text(sender.get(2)), text(sender.get(3)));
        Self {
            date: text(values.first()),
            subject: text(values.get(1)),
            from: if mailbox.is_empty() { String::new() } else { format!("{mailbox}@{host}") },
            message_id: text(values.get(9)),
        }
    }
}

/// A text between quotation marks, as IMAP writes it.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
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
#[allow(clippy::unwrap_used)]
mod any_server;

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
