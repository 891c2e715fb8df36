//! Reading the mailbox to which people answer: each mail is dealt with once.
//!
//! A mail is numbered by its mailbox and known by its content. What follows from it and that it was read are one step of
//! the store; only then is it put away in the mailbox, and the mailbox's number noted. Killed anywhere between, the next
//! look goes on from there.

use std::collections::HashMap;

use jiff::civil::Date;
use jiff::{SignedDuration, ToSpan};

use crate::clock::Clock;
use crate::compose::Alert;
use crate::config::Inbox;
use crate::inbox::{Imap, InboxError, MAX_MAIL_BYTES, Mailbox, MailboxOpener};
use crate::school::School;
use crate::short_id;
use crate::store::{Store, StoreError};

use super::answer_by_mail::{MailContext, MailError};
use super::notes::alerts;
use super::plan_in_force::bring_into_force;

/// How many mails are read in one look at most; more wait for the next.
const MAX_MAILS: usize = 50;
/// Mails that came longer ago are not looked for.
const MAX_AGE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// After so many failed reads a mail is set aside, and the admin told.
const MAX_FAILURES: u32 = 3;

/// What a look into the mailbox found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MailboxFindings {
    /// Mails that something follows from.
    pub taken: usize,
    /// Mails that nothing follows from.
    pub left: usize,
    /// Whether there are more than are read in one look.
    pub more: bool,
}

/// Reads the mailbox of a school, again and again.
#[derive(Debug)]
pub struct MailboxReader {
    store: Store,
    clock: Clock,
    /// How often a mail could not be read, by its number.
    failures: HashMap<u32, u32>,
    mailboxes: Box<dyn MailboxOpener>,
}

impl MailboxReader {
    /// A reader that writes into `store` what it reads.
    #[must_use]
    pub fn new(store: Store, clock: Clock) -> Self {
        Self::over(store, clock, Box::new(Imap::default()))
    }

    /// A reader of the mailboxes that `mailboxes` opens.
    #[must_use]
    pub fn over(store: Store, clock: Clock, mailboxes: Box<dyn MailboxOpener>) -> Self {
        Self { store, clock, failures: HashMap::new(), mailboxes }
    }

    /// Looks once, for the school as it was read; does nothing where it has no mailbox.
    ///
    /// # Errors
    /// When the mailbox or the store fails; what was dealt with before is kept.
    pub async fn look(&mut self, school: &School) -> Result<MailboxFindings, MailError> {
        let Some(inbox) = &school.settings.inbox else { return Ok(MailboxFindings::default()) };
        let school = bring_into_force(&self.store, school.clone(), self.clock.now()).await?.school;
        let mut mailbox = self.mailboxes.open(inbox).await?;
        let mut mark = Mark::read(&self.store, &school, inbox, mailbox.uid_validity()).await?;
        let uids = mailbox.above(mark.through, self.oldest(&school, mark.is_first)).await?;
        let mut found = MailboxFindings { more: uids.len() > MAX_MAILS, ..MailboxFindings::default() };
        let mut refused = None;
        for uid in uids.into_iter().take(MAX_MAILS) {
            let context = MailContext { store: &self.store, school: &school, inbox, now: self.clock.now() };
            let failures = self.failures.get(&uid).copied().unwrap_or(0);
            let read = read(&context, &mut *mailbox, uid, failures).await;
            if let Err(MailError::Inbox(_)) = &read {
                *self.failures.entry(uid).or_default() += 1;
            }
            match read? {
                MailRead::Taken { put_away } => {
                    found.taken += 1;
                    // It is dealt with: that it stays where it is keeps nobody from the next one.
                    refused = put_away.err().or(refused);
                }
                MailRead::Left => found.left += 1,
            }
            self.failures.remove(&uid);
            mark.through = uid;
            mark.write(&self.store, &school).await?;
        }
        if mark.is_first {
            // Older mail is none of the next look's business either.
            if found == MailboxFindings::default() {
                mark.through = mailbox.last_uid().unwrap_or(mark.through);
            }
            mark.write(&self.store, &school).await?;
        }
        mailbox.close().await;
        refused.map_or(Ok(found), |error| Err(error.into()))
    }

    /// The first date of mails that are looked for. The first look of all takes up what came today: what is older was
    /// written before anybody read it.
    fn oldest(&self, school: &School, is_first: bool) -> Date {
        let now = self.clock.now();
        let oldest = if is_first { now } else { now.saturating_sub(MAX_AGE).unwrap_or(now) };
        school.settings.date_of(oldest).saturating_sub(1.days())
    }

    /// Tells the admin that the mailbox fails, once a day.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn tell(&self, school: &School, error: &InboxError) -> Result<(), StoreError> {
        let now = self.clock.now();
        let today = school.settings.date_of(now);
        let alert = Alert::InboxFailed { reason: error.to_string() };
        self.store.put_alerts(&school.scope(), &alerts(school, &alert, &format!("inbox\0{today}")), now).await
    }
}

/// What has become of a mail.
#[derive(Debug)]
enum MailRead {
    /// Something follows from it; the mailbox may have refused to put it away.
    Taken { put_away: Result<(), InboxError> },
    /// Nothing follows from it.
    Left,
}

/// Reads one mail, deals with it, and puts it away where something follows from it.
async fn read(
    context: &MailContext<'_>,
    mailbox: &mut dyn Mailbox,
    uid: u32,
    failures: u32,
) -> Result<MailRead, MailError> {
    let Some(size) = mailbox.size(uid).await? else { return Ok(MailRead::Left) };
    if size > MAX_MAIL_BYTES || failures >= MAX_FAILURES {
        tracing::warn!(size, "a mail cannot be read and is set aside");
        let key = format!("{}:{}:{uid}", mailbox_name(context.inbox), mailbox.uid_validity());
        context.set_aside(&key).await?;
        return Ok(MailRead::Left);
    }
    let Some(bytes) = mailbox.fetch(uid, size).await? else { return Ok(MailRead::Left) };
    if !context.deal(bytes).await? {
        return Ok(MailRead::Left);
    }
    match mailbox.put_away(uid).await {
        Err(error) if !error.is_refusal => Err(error.into()),
        put_away => Ok(MailRead::Taken { put_away }),
    }
}

/// How far a mailbox was read, by its numbering of mails.
struct Mark {
    /// The mailbox's name in the store.
    mailbox: String,
    /// Which numbering is in force.
    uid_validity: u32,
    /// The last mail that was dealt with; 0 where none was.
    through: u32,
    /// Whether the mailbox is read for the first time.
    is_first: bool,
}

impl Mark {
    async fn read(store: &Store, school: &School, inbox: &Inbox, uid_validity: u32) -> Result<Self, StoreError> {
        let mailbox = mailbox_name(inbox);
        let known = store.read_through(&school.scope(), &mailbox).await?;
        let through = known.filter(|(validity, _)| *validity == uid_validity).map_or(0, |(_, uid)| uid);
        Ok(Self { mailbox, uid_validity, through, is_first: known.is_none() })
    }

    async fn write(&self, store: &Store, school: &School) -> Result<(), StoreError> {
        store.set_read_through(&school.scope(), &self.mailbox, self.uid_validity, self.through).await
    }
}

/// What a mailbox is called in the store: another server, user or folder is another one.
fn mailbox_name(inbox: &Inbox) -> String {
    let parts = [inbox.server.host.as_str(), &inbox.server.port.to_string(), &inbox.username, &inbox.folder].join("\0");
    format!("inbox:{}", short_id([parts]))
}
