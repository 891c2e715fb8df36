//! The mailbox to which people answer, and what befalls whoever reads it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;
use nhacviec::config::Inbox;
use nhacviec::inbox::{FetchedMail, InboxError, MailSummary, Mailbox, MailboxOpener};
use tokio::sync::Notify;

use crate::people::Meaning;
use crate::weather::Fault;
use crate::world::{Shared, local, lock};

/// A mail that somebody wrote.
#[derive(Clone, Debug)]
pub struct Mail {
    /// Its number among all that were ever written; copies of one mail share it.
    pub letter: usize,
    pub uid: u32,
    pub came: Timestamp,
    pub bytes: Vec<u8>,
    pub is_put_away: bool,
}

/// What somebody wrote, and what it means.
#[derive(Clone, Debug)]
pub struct Letter {
    pub by: String,
    /// The message that it answers.
    pub answers: String,
    pub meaning: Meaning,
    /// When the mailbox last gave it out as a whole, where it ever did.
    pub fetched: Option<Timestamp>,
    /// Whether a report was found that it made.
    pub is_known: bool,
}

/// The mailbox on its server.
#[derive(Default)]
pub struct MailboxState {
    pub validity: u32,
    pub next_uid: u32,
    pub mails: Vec<Mail>,
    pub letters: Vec<Letter>,
    /// Rings for each daemon when a mail comes.
    pub arrived: Vec<Arc<Notify>>,
    /// How often it was opened.
    opened: u64,
    /// How often each letter was fetched.
    steps: u64,
}

impl MailboxState {
    pub fn new(daemons: usize) -> Self {
        let arrived = (0..daemons).map(|_| Arc::default()).collect();
        Self { validity: 1, next_uid: 1, arrived, ..Self::default() }
    }

    /// A mail arrives.
    pub fn arrives(&mut self, letter: usize, bytes: Vec<u8>, at: Timestamp) {
        self.mails.push(Mail { letter, uid: self.next_uid, came: at, bytes, is_put_away: false });
        self.next_uid += 1;
        self.arrived.iter().for_each(|arrived| arrived.notify_one());
    }

    fn number_anew(&mut self) {
        self.validity += 1;
        self.next_uid = 1;
        for mail in self.mails.iter_mut().filter(|mail| !mail.is_put_away) {
            mail.uid = self.next_uid;
            self.next_uid += 1;
        }
    }
}

/// Opens the world's mailbox.
#[derive(Clone)]
pub struct Opener(pub Shared);

impl fmt::Debug for Opener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Opener")
    }
}

fn lost(reason: &str) -> InboxError {
    InboxError { reason: reason.into(), advice: None, is_refusal: false }
}

#[async_trait]
impl MailboxOpener for Opener {
    async fn open(&mut self, _: &Inbox) -> Result<Box<dyn Mailbox>, InboxError> {
        let mut world = lock(&self.0);
        world.mailbox.opened += 1;
        let opened = world.mailbox.opened;
        if world.strikes(Fault::MailboxClosed, opened) {
            world.mark("mailbox closed");
            world.tell("the mailbox lets nobody in");
            return Err(lost("logging in: the server said: no"));
        }
        if world.strikes(Fault::NewNumbers, opened) {
            world.mark("mailbox numbered anew");
            world.tell("the mailbox numbers its mails anew");
            world.mailbox.number_anew();
        }
        let (validity, next_uid) = (world.mailbox.validity, world.mailbox.next_uid);
        Ok(Box::new(OpenMailbox { world: self.0.clone(), validity, next_uid }))
    }
}

/// The mailbox as somebody has opened it.
struct OpenMailbox {
    world: Shared,
    validity: u32,
    next_uid: u32,
}

impl fmt::Debug for OpenMailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OpenMailbox")
    }
}

impl OpenMailbox {
    /// The numbers of the mails that are there and meant, ascending.
    fn numbers(&self, is_meant: impl Fn(&Mail) -> bool) -> Vec<u32> {
        let world = lock(&self.world);
        let there = world.mailbox.mails.iter().filter(|mail| !mail.is_put_away && mail.uid < self.next_uid);
        let mut found: Vec<u32> = there.filter(|mail| is_meant(mail)).map(|mail| mail.uid).collect();
        found.sort_unstable();
        found
    }
}

#[async_trait]
impl Mailbox for OpenMailbox {
    fn uid_validity(&self) -> u32 {
        self.validity
    }

    fn last_uid(&self) -> Option<u32> {
        Some(self.next_uid - 1)
    }

    async fn since(&mut self, since: Date) -> Result<Option<Vec<u32>>, InboxError> {
        Ok(Some(self.numbers(|mail| local(mail.came).date() >= since)))
    }

    async fn range(&mut self, first: u32) -> Result<Option<Vec<u32>>, InboxError> {
        Ok(Some(self.numbers(|mail| mail.uid >= first)))
    }

    async fn size(&mut self, uid: u32) -> Result<Option<u32>, InboxError> {
        let world = lock(&self.world);
        let mail = world.mailbox.mails.iter().find(|mail| mail.uid == uid && !mail.is_put_away);
        Ok(mail.and_then(|mail| u32::try_from(mail.bytes.len()).ok()))
    }

    async fn fetch(&mut self, uid: u32, _: u32) -> Result<FetchedMail, InboxError> {
        let mut world = lock(&self.world);
        world.mailbox.steps += 1;
        let key = (uid, world.mailbox.steps);
        if world.strikes(Fault::FetchLost, key) {
            world.mark("fetch lost");
            world.tell("the connection to the mailbox is lost while a mail is fetched");
            return Err(lost("reading a mail: the connection was lost"));
        }
        let Some(mail) = world.mailbox.mails.iter().find(|mail| mail.uid == uid && !mail.is_put_away).cloned() else {
            return Ok(FetchedMail::Gone);
        };
        let now = world.now();
        world.mailbox.letters[mail.letter].fetched = Some(now);
        Ok(FetchedMail::Whole(mail.bytes))
    }

    async fn header(&mut self, uid: u32) -> Result<Option<Vec<u8>>, InboxError> {
        let world = lock(&self.world);
        Ok(world.mailbox.mails.iter().find(|mail| mail.uid == uid && !mail.is_put_away).map(|mail| mail.bytes.clone()))
    }

    async fn envelope(&mut self, _: u32) -> Result<Option<MailSummary>, InboxError> {
        Ok(Some(MailSummary::default()))
    }

    fn can_wait(&self) -> bool {
        false
    }

    async fn wait(&mut self, _: Duration) -> Result<(), InboxError> {
        Err(lost("waiting for mail: the server cannot"))
    }

    async fn put_away(&mut self, uid: u32) -> Result<(), InboxError> {
        let mut world = lock(&self.world);
        world.mailbox.steps += 1;
        let key = (uid, world.mailbox.steps);
        if world.strikes(Fault::PutAwayLost, key) {
            world.mark("put away lost");
            world.tell("the connection to the mailbox is lost before a mail is put away");
            return Err(lost("marking an answer: the connection was lost"));
        }
        if world.strikes(Fault::PutAwayRefused, key) {
            world.mark("put away refused");
            return Err(InboxError { is_refusal: true, ..lost("moving an answer: the server said: no") });
        }
        if let Some(mail) = world.mailbox.mails.iter_mut().find(|mail| mail.uid == uid) {
            mail.is_put_away = true;
        }
        Ok(())
    }

    async fn close(self: Box<Self>) {}
}
