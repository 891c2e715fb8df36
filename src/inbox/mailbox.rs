//! A mailbox as those who read it see it, whatever it lies on.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use jiff::civil::Date;

use crate::config::Inbox;

use super::{FetchedMail, InboxError, MailSummary};

/// What opens mailboxes.
#[async_trait]
pub trait MailboxOpener: fmt::Debug + Send + Sync {
    /// Opens the mailbox that the configuration names.
    async fn open(&mut self, inbox: &Inbox) -> Result<Box<dyn Mailbox>, InboxError>;
}

/// An open mailbox.
#[async_trait]
pub trait Mailbox: fmt::Debug + Send + Sync {
    /// The UIDVALIDITY of the folder: when it changes, all numbers mean other mails (RFC 3501, section 2.3.1.1).
    fn uid_validity(&self) -> u32;

    /// The highest number of a mail when the folder was opened; `None` where the server does not tell it.
    fn last_uid(&self) -> Option<u32>;

    /// The numbers of the mails that came on `since` or later, ascending; `None` where the server does not say what it has
    /// found.
    async fn since(&mut self, since: Date) -> Result<Option<Vec<u32>>, InboxError>;

    /// The numbers of the mails from `first` on, up to the last when the folder was opened, ascending; `None` where the server
    /// does not say what it has found.
    async fn range(&mut self, first: u32) -> Result<Option<Vec<u32>>, InboxError>;

    /// The size of a mail in bytes; `None` where it is gone.
    async fn size(&mut self, uid: u32) -> Result<Option<u32>, InboxError>;

    /// A mail of `size` bytes, without marking it as read.
    ///
    /// # Errors
    /// Also when the server sends much more than `size`.
    async fn fetch(&mut self, uid: u32, size: u32) -> Result<FetchedMail, InboxError>;

    /// The header of a mail, without marking it as read; `None` where it is gone or the server gives none.
    async fn header(&mut self, uid: u32) -> Result<Option<Vec<u8>>, InboxError>;

    /// What the server knows of a mail without reading it; `None` where it is gone.
    async fn envelope(&mut self, uid: u32) -> Result<Option<MailSummary>, InboxError>;

    /// Marks a mail as read, where the server lets that be done, and moves it to the folder for answers that are dealt with,
    /// where there is one. A folder that is missing is made.
    ///
    /// # Errors
    /// Also when there is no such folder and none can be made: then the mail stays where it is.
    async fn put_away(&mut self, uid: u32) -> Result<(), InboxError>;

    /// Whether the server tells of new mail of its own accord (RFC 2177).
    fn can_wait(&self) -> bool;

    /// Waits until the server tells of new mail, or has told of it since the folder was opened, for `limit` at most.
    async fn wait(&mut self, limit: Duration) -> Result<(), InboxError>;

    /// Logs out. Whether the server notices does not matter.
    async fn close(self: Box<Self>);
}
