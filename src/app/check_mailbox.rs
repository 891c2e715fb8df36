//! Checking the mailbox for answers: the program logs in, writes a mail of its own, reads it back and removes it, and looks which
//! servers say who wrote the mails that are there.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::config::Inbox;
use crate::hex;
use crate::inbox::{FetchedMail, Imap, ImapMailbox, InboxError, Mailbox};
use crate::reason::Reason;
use crate::reply::Mail;

/// How many of the newest mails are looked at.
const LOOKED_AT: u32 = 20;
/// No mail of the program's own is larger, in bytes.
const OWN_SIZE: u32 = 1 << 16;

/// What a mailbox is like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedMailbox {
    /// How many mails there are in the folder.
    pub mails: u32,
    /// Whether a mail of the program's own was written and read back; why not, where it was not.
    pub own_mail: Result<(), Reason>,
    /// The servers that the newest mails name as those that say who wrote them, and how many name each; under `None` those
    /// that name none.
    pub bear: BTreeMap<Option<String>, usize>,
    /// Whether the server tells of new mail of its own accord.
    pub tells_of_mail: bool,
}

impl CheckedMailbox {
    /// Whether any of the mails bears the name that the configuration asks for; `None` where it asks for none, or no mail
    /// bears any name.
    #[must_use]
    pub fn is_name_borne(&self, inbox: &Inbox) -> Option<bool> {
        let wants = inbox.authentication.as_ref()?;
        let mut names = self.bear.keys().flatten().peekable();
        names.peek()?;
        Some(names.any(|name| name.eq_ignore_ascii_case(wants)))
    }

    /// How many mails were looked at for names.
    #[must_use]
    pub fn looked_at(&self) -> usize {
        self.bear.values().sum()
    }
}

/// Checks a mailbox. What is in it stays as it is.
///
/// # Errors
/// When the mailbox cannot be opened or looked into.
pub async fn check_mailbox(inbox: &Inbox, now: Timestamp) -> Result<CheckedMailbox, InboxError> {
    let mut mailbox = Imap::default().connect(inbox).await?;
    let mails = mailbox.count();
    let mut bear: BTreeMap<Option<String>, usize> = BTreeMap::new();
    let first = mailbox.last_uid().unwrap_or(1).saturating_sub(LOOKED_AT - 1).max(1);
    let newest = mailbox.range(first).await?.ok_or_else(InboxError::unsaid)?;
    for uid in newest.into_iter().rev().take(usize::try_from(LOOKED_AT).unwrap_or(0)) {
        let Some(header) = mailbox.header(uid).await? else { continue };
        let name = Mail::read(&header).and_then(|mail| mail.vouched_by());
        *bear.entry(name).or_default() += 1;
    }
    let own_mail = write_and_read(&mut mailbox, inbox, now).await.map_err(|error| error.told());
    let tells_of_mail = mailbox.can_wait();
    Box::new(mailbox).close().await;
    Ok(CheckedMailbox { mails, own_mail, bear, tells_of_mail })
}

/// Writes a mail, reads it back, and removes it.
async fn write_and_read(mailbox: &mut ImapMailbox, inbox: &Inbox, now: Timestamp) -> Result<(), InboxError> {
    let mut bytes = [0; 16];
    // Where there is no chance, the moment tells mails apart.
    let _ = getrandom::fill(&mut bytes);
    let address = inbox.address.as_deref().unwrap_or("nhacviec@localhost.localdomain");
    let domain = address.rsplit_once('@').map_or("localhost.localdomain", |(_, domain)| domain);
    let id = format!("<{}.{}@{domain}>", hex(&bytes), now.as_millisecond());
    let date = now.strftime("%a, %d %b %Y %H:%M:%S +0000");
    let mail = format!(
        "From: <{address}>\r\nTo: <{address}>\r\nSubject: nhacviec inbox check\r\nDate: {date}\r\nMessage-ID: {id}\r\n\
         Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
         nhacviec inbox check\r\n"
    );
    mailbox.append(mail.as_bytes()).await?;
    let Some(uid) = mailbox.with_message_id(&id).await?.last().copied() else {
        return Err(InboxError::lost_own_mail());
    };
    let read = mailbox.fetch(uid, OWN_SIZE).await?;
    mailbox.remove(uid).await?;
    match read {
        FetchedMail::Whole(bytes) if Mail::read(&bytes).and_then(|mail| mail.message_id).is_some() => Ok(()),
        FetchedMail::Whole(_) | FetchedMail::Withheld | FetchedMail::Gone => Err(InboxError::withheld()),
    }
}
