//! A mailbox as those who read it see it, whatever it lies on.

use std::fmt;

use async_trait::async_trait;
use jiff::civil::Date;

use crate::config::Inbox;

use super::InboxError;

/// What opens mailboxes.
#[async_trait]
pub trait MailboxOpener: fmt::Debug + Send + Sync {
    /// Opens the mailbox that the configuration names.
    async fn open(&mut self, inbox: &Inbox) -> Result<Box<dyn Mailbox>, InboxError>;
}

/// An open mailbox.
#[async_trait]
pub trait Mailbox: Send {
    /// The UIDVALIDITY of the folder: when it changes, all numbers mean other mails (RFC 3501, section 2.3.1.1).
    fn uid_validity(&self) -> u32;

    /// The highest number of a mail when the folder was opened; `None` where the server does not tell it.
    fn last_uid(&self) -> Option<u32>;

    /// The numbers of the mails above `above` that came on `since` or later, ascending.
    async fn above(&mut self, above: u32, since: Date) -> Result<Vec<u32>, InboxError>;

    /// The size of a mail in bytes; `None` where it is gone.
    async fn size(&mut self, uid: u32) -> Result<Option<u32>, InboxError>;

    /// A mail of `size` bytes, without marking it as read; `None` where it is gone.
    ///
    /// # Errors
    /// Also when the server sends much more than `size`.
    async fn fetch(&mut self, uid: u32, size: u32) -> Result<Option<Vec<u8>>, InboxError>;

    /// Marks a mail as read, and moves it to the folder for answers that are dealt with, where there is one.
    ///
    /// # Errors
    /// Also when there is no such folder.
    async fn put_away(&mut self, uid: u32) -> Result<(), InboxError>;

    /// Logs out. Whether the server notices does not matter.
    async fn close(self: Box<Self>);
}
