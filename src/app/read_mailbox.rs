//! Reading the mailbox to which people answer: each mail is dealt with once.
//!
//! A mail is numbered by its mailbox and known by its content. What follows from it and that it was read are one step of
//! the store; only then is it put away in the mailbox, and the mailbox's number noted. Killed anywhere between, the next
//! look goes on from there. A mail that the mailbox does not give is noted and asked for again, and the others are read.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};

use crate::clock::Clock;
use crate::compose::Alert;
use crate::config::Inbox;
use crate::inbox::{FetchedMail, Imap, InboxError, MAX_MAIL_BYTES, MailSummary, Mailbox, MailboxOpener};
use crate::reply;
use crate::school::School;
use crate::short_id;
use crate::store::unread_mail::UnreadMail;
use crate::store::{Store, StoreError};

use super::answer_by_mail::{MailContext, MailError};
use super::notes::{alerts, daily_alerts};
use super::plan_in_force::bring_into_force;

/// How many mails are read in one look at most; more wait for the next.
const MAX_MAILS: usize = 50;
/// Mails that came longer ago are not looked for.
const MAX_AGE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// After so many failed reads the admin is told of a mail, and it is asked for less and less often.
const MAX_FAILURES: u32 = 5;
/// How long a mail waits at most before it is asked for again, in minutes.
const MAX_WAIT_MINUTES: i64 = 60;
/// How often a look connects anew at most, because the connection was lost at a mail.
const MAX_RECONNECTS: usize = 5;

/// What a look into the mailbox found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MailboxFindings {
    /// Mails that something follows from.
    pub taken: usize,
    /// Mails that nothing follows from.
    pub left: usize,
    /// Mails that the mailbox did not give; they are asked for again.
    pub unread: usize,
    /// Whether there are more than are read in one pass.
    pub more: bool,
}

/// Reads the mailbox of a school, again and again.
#[derive(Debug)]
pub struct MailboxReader {
    store: Store,
    clock: Clock,
    mailboxes: Box<dyn MailboxOpener>,
    /// The mailbox after the last look, where its server tells of new mail.
    waiting: Option<Box<dyn Mailbox>>,
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
        Self { store, clock, mailboxes, waiting: None }
    }

    /// Looks once, for the school as it was read; does nothing where it has no mailbox.
    ///
    /// # Errors
    /// When the mailbox or the store fails; what was dealt with before is kept.
    pub async fn look(&mut self, school: &School) -> Result<MailboxFindings, MailError> {
        if let Some(mailbox) = self.waiting.take() {
            mailbox.close().await;
        }
        let Some(inbox) = &school.settings.inbox else { return Ok(MailboxFindings::default()) };
        let school = bring_into_force(&self.store, school.clone(), self.clock.now()).await?.school;
        let mailbox = self.mailboxes.open(inbox).await?;
        let mark = ReadMark::read(&self.store, &school, inbox, mailbox.uid_validity()).await?;
        let mut pass = MailboxPass {
            store: &self.store,
            clock: &self.clock,
            mailboxes: &mut *self.mailboxes,
            school: &school,
            inbox,
            mailbox,
            mark,
            found: MailboxFindings::default(),
            reconnects: 0,
        };
        pass.run().await?;
        let MailboxPass { mailbox, found, .. } = pass;
        if mailbox.can_wait() && !found.more {
            self.waiting = Some(mailbox);
        } else {
            mailbox.close().await;
        }
        Ok(found)
    }

    /// Waits until the server tells of new mail, for `limit` at most. Returns `false` at once where the server does not tell
    /// of it, or the connection of the last look is gone.
    pub async fn wait(&mut self, limit: std::time::Duration) -> bool {
        let Some(mut mailbox) = self.waiting.take() else { return false };
        match mailbox.wait(limit).await {
            Ok(()) => {
                self.waiting = Some(mailbox);
                true
            }
            Err(error) => {
                tracing::info!(%error, "the mailbox does not tell of new mail any more");
                false
            }
        }
    }

    /// Logs out of the mailbox.
    pub async fn close(mut self) {
        if let Some(mailbox) = self.waiting.take() {
            mailbox.close().await;
        }
    }

    /// Tells the admin that the mailbox fails, once a day.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn tell(&self, school: &School, error: &InboxError) -> Result<(), StoreError> {
        let now = self.clock.now();
        let today = school.settings.date_of(now);
        let alert = Alert::InboxFailed { reason: error.told() };
        self.store.put_alerts(&school.scope(), &alerts(school, &alert, &format!("inbox\0{today}")), now).await
    }
}

/// One pass over a mailbox.
struct MailboxPass<'a> {
    store: &'a Store,
    clock: &'a Clock,
    mailboxes: &'a mut dyn MailboxOpener,
    school: &'a School,
    inbox: &'a Inbox,
    mailbox: Box<dyn Mailbox>,
    mark: ReadMark,
    found: MailboxFindings,
    reconnects: usize,
}

/// What has become of a mail.
#[derive(Debug)]
enum MailRead {
    /// Something follows from it.
    Taken,
    /// Nothing follows from it, or it is gone.
    Left,
    /// The mailbox does not give it now.
    Withheld(InboxError),
}

impl MailboxPass<'_> {
    async fn run(&mut self) -> Result<(), MailError> {
        self.read_again().await?;
        let uids = if self.mark.is_new {
            // What is older than that is none of this program's business.
            self.mailbox.since(self.oldest()).await?
        } else {
            self.mailbox.range(self.mark.through.saturating_add(1)).await?
        };
        if uids.is_none() {
            tracing::warn!("the mailbox does not say what mail it has found; it is asked again at the next look");
        }
        // Where it does not say, nothing is known to be missing either.
        let last = self.mailbox.last_uid().filter(|_| uids.is_some());
        let uids = uids.unwrap_or_default();
        self.found.more = uids.len() > MAX_MAILS;
        for uid in uids.into_iter().take(MAX_MAILS) {
            self.take(uid, None).await?;
            self.mark.through = self.mark.through.max(uid);
            self.mark.write(self.store, self.school).await?;
        }
        if !self.found.more
            && let Some(last) = last.filter(|last| *last > self.mark.through)
        {
            // What lay between was asked for by its number, and is not there.
            self.mark.through = last;
            self.mark.write(self.store, self.school).await?;
        } else if self.mark.is_new {
            self.mark.write(self.store, self.school).await?;
        }
        Ok(())
    }

    /// Asks again for the mails that the mailbox did not give before.
    async fn read_again(&mut self) -> Result<(), MailError> {
        let organisation = &self.school.scope().organisation;
        let now = self.clock.now();
        for unread in self.store.unread_mails(organisation, &self.mark.numbering()).await? {
            if is_time(&unread, now) {
                self.take(unread.uid, Some(&unread)).await?;
            }
        }
        Ok(())
    }

    /// Reads one mail and deals with it; `unread` is what is known of it where it could not be read before. One that the
    /// mailbox does not give is noted.
    async fn take(&mut self, uid: u32, unread: Option<&UnreadMail>) -> Result<(), MailError> {
        let organisation = &self.school.scope().organisation;
        let numbering = self.mark.numbering();
        match self.read(uid).await? {
            MailRead::Taken => self.found.taken += 1,
            MailRead::Left => self.found.left += 1,
            MailRead::Withheld(error) => {
                tracing::warn!(%error, uid, "the mailbox does not give a mail, which is asked for again");
                self.found.unread += 1;
                self.store.note_unread(organisation, (&numbering, uid), &error.reason, self.clock.now()).await?;
                if !error.is_refusal {
                    self.reconnect(error.clone()).await?;
                }
                let tries = unread.map_or(0, |unread| unread.tries) + 1;
                if tries >= MAX_FAILURES && !unread.is_some_and(|unread| unread.told) {
                    self.tell_of(uid, &error).await?;
                }
                return Ok(());
            }
        }
        if unread.is_some() {
            self.store.forget_unread(organisation, &numbering, uid).await?;
        }
        Ok(())
    }

    /// Reads one mail, deals with it, and puts it away where something follows from it.
    async fn read(&mut self, uid: u32) -> Result<MailRead, MailError> {
        let context = MailContext { store: self.store, school: self.school, inbox: self.inbox, now: self.clock.now() };
        let size = match self.mailbox.size(uid).await {
            Ok(Some(size)) => size,
            Ok(None) => return Ok(self.untold(uid).await),
            Err(error) => return Ok(MailRead::Withheld(error)),
        };
        if size > MAX_MAIL_BYTES {
            tracing::warn!(size, "a mail is too large and is set aside");
            let header = match self.mailbox.header(uid).await {
                Ok(header) => header.unwrap_or_default(),
                Err(error) => return Ok(MailRead::Withheld(error)),
            };
            context.set_aside(&format!("{}:{uid}", self.mark.numbering()), header).await?;
            return Ok(MailRead::Left);
        }
        let bytes = match self.mailbox.fetch(uid, size).await {
            Ok(FetchedMail::Whole(bytes)) => bytes,
            Ok(FetchedMail::Gone) => return Ok(self.untold(uid).await),
            Ok(FetchedMail::Withheld) => return Ok(MailRead::Withheld(InboxError::withheld())),
            Err(error) => return Ok(MailRead::Withheld(error)),
        };
        if !context.deal(bytes).await? {
            return Ok(MailRead::Left);
        }
        match self.mailbox.put_away(uid).await {
            // It is dealt with: that it stays where it is keeps nobody from the next one.
            Err(error) if error.is_refusal => self.tell_not_put_away(&error).await?,
            // It is found again, and known.
            Err(error) => return Err(error.into()),
            Ok(()) => {}
        }
        Ok(MailRead::Taken)
    }

    /// What it means that the mailbox tells nothing of a mail: it is gone where a search does not find it either.
    async fn untold(&mut self, uid: u32) -> MailRead {
        match self.mailbox.range(uid).await {
            Ok(Some(found)) if !found.contains(&uid) => MailRead::Left,
            Ok(_) => MailRead::Withheld(InboxError::withheld()),
            Err(error) => MailRead::Withheld(error),
        }
    }

    /// Connects anew after the connection was lost at a mail.
    async fn reconnect(&mut self, error: InboxError) -> Result<(), MailError> {
        self.reconnects += 1;
        if self.reconnects > MAX_RECONNECTS {
            return Err(error.into());
        }
        let mailbox = self.mailboxes.open(self.inbox).await?;
        if mailbox.uid_validity() != self.mark.uid_validity {
            // The numbers mean other mails: the next look begins with them.
            return Err(error.into());
        }
        self.mailbox = mailbox;
        Ok(())
    }

    /// Tells the admin which mail cannot be read, as far as the server says what it is.
    async fn tell_of(&mut self, uid: u32, error: &InboxError) -> Result<(), MailError> {
        let envelope = self.mailbox.envelope(uid).await;
        if let Err(lost) = &envelope
            && !lost.is_refusal
        {
            self.reconnect(lost.clone()).await?;
        }
        let MailSummary { date, subject, from, message_id } = envelope.ok().flatten().unwrap_or_default();
        let alert = Alert::MailUnreadable {
            from,
            subject: reply::mail::decoded(&subject),
            date,
            message_id,
            reason: error.reason.clone(),
        };
        let scope = self.school.scope();
        let numbering = self.mark.numbering();
        let told = alerts(self.school, &alert, &format!("unread\0{numbering}\0{uid}"));
        self.store.put_alerts(&scope, &told, self.clock.now()).await?;
        self.store.told_of_unread(&scope.organisation, &numbering, uid).await?;
        Ok(())
    }

    /// Tells the admin, once a day, that answers are taken down and stay where they are.
    async fn tell_not_put_away(&self, error: &InboxError) -> Result<(), MailError> {
        tracing::warn!(%error, "an answer is taken down, and stays where it is");
        let now = self.clock.now();
        let folder = self.inbox.done_folder.clone().unwrap_or_default();
        let alert = Alert::NotPutAway { folder, reason: error.reason.clone() };
        let told = daily_alerts(self.school, &alert, self.school.settings.date_of(now));
        Ok(self.store.put_alerts(&self.school.scope(), &told, now).await?)
    }

    /// The first date of mails that are looked for. The first look of all takes up what came today: what is older was
    /// written before anybody read it.
    fn oldest(&self) -> Date {
        let now = self.clock.now();
        let oldest = if self.mark.is_first { now } else { now.saturating_sub(MAX_AGE).unwrap_or(now) };
        self.school.settings.date_of(oldest).saturating_sub(1.days())
    }
}

/// Whether a mail is to be asked for again: at each look at first, then less and less often.
fn is_time(unread: &UnreadMail, now: Timestamp) -> bool {
    let Some(beyond) = unread.tries.checked_sub(MAX_FAILURES) else { return true };
    let minutes = 1_i64.checked_shl(beyond).unwrap_or(MAX_WAIT_MINUTES).min(MAX_WAIT_MINUTES);
    now.duration_since(unread.tried_at) >= SignedDuration::from_mins(minutes)
}

/// How far a mailbox was read, by its numbering of mails.
struct ReadMark {
    /// The mailbox's name in the store.
    mailbox: String,
    /// Which numbering is in force.
    uid_validity: u32,
    /// The last mail that was dealt with; 0 where none was.
    through: u32,
    /// Whether the mailbox is read for the first time.
    is_first: bool,
    /// Whether its numbering is: it may number mails that were dealt with by their former numbers.
    is_new: bool,
}

impl ReadMark {
    fn numbering(&self) -> String {
        numbering(&self.mailbox, self.uid_validity)
    }

    async fn read(store: &Store, school: &School, inbox: &Inbox, uid_validity: u32) -> Result<Self, StoreError> {
        let mailbox = mailbox_name(inbox);
        let known = store.read_through(&school.scope(), &mailbox).await?;
        let is_first = known.is_none();
        let through = known.filter(|(validity, _)| *validity == uid_validity).map(|(_, uid)| uid);
        Ok(Self { mailbox, uid_validity, through: through.unwrap_or(0), is_first, is_new: through.is_none() })
    }

    async fn write(&self, store: &Store, school: &School) -> Result<(), StoreError> {
        store.set_read_through(&school.scope(), &self.mailbox, self.uid_validity, self.through).await
    }
}

/// The mails of a school's mailbox that it does not give, as far as the last look knows.
///
/// # Errors
/// When the store fails.
pub async fn unread_mails(store: &Store, school: &School) -> Result<Vec<UnreadMail>, StoreError> {
    let Some(inbox) = &school.settings.inbox else { return Ok(Vec::new()) };
    let scope = school.scope();
    let mailbox = mailbox_name(inbox);
    let Some((uid_validity, _)) = store.read_through(&scope, &mailbox).await? else { return Ok(Vec::new()) };
    store.unread_mails(&scope.organisation, &numbering(&mailbox, uid_validity)).await
}

/// A mailbox in one of its numberings, as the store names it.
fn numbering(mailbox: &str, uid_validity: u32) -> String {
    format!("{mailbox}:{uid_validity}")
}

/// What a mailbox is called in the store: another server, user or folder is another one.
fn mailbox_name(inbox: &Inbox) -> String {
    let parts = [inbox.server.host.as_str(), &inbox.server.port.to_string(), &inbox.username, &inbox.folder].join("\0");
    format!("inbox:{}", short_id([parts]))
}
