//! Mails that were read: what of them is written down, once, together with what follows.

use jiff::Timestamp;
use sqlx::any::AnyRow;

use super::marks::{self, MarkName};
use super::outbox::{self, CameBack};
pub use super::sent::SentMessage;
use super::{Doing, ExpectedValue, Result, Scope, Store, StoreStep, Tx, damaged, instant, number, query, text, word};
use crate::closed_set::closed_set;

closed_set! {
    /// What was made of a mail.
    pub enum MailOutcome {
        /// An answer that was taken, or asked about.
        Answer = "answer",
        /// A message of ours that came back.
        Bounce = "bounce",
        /// Nothing.
        LeftAlone = "left",
    }
}

/// A mail that was dealt with.
#[derive(Clone, Copy, Debug)]
pub struct NewMail<'a> {
    /// Its key.
    pub key: &'a str,
    /// When it is dealt with.
    pub at: Timestamp,
    /// What is made of it.
    pub made: MailOutcome,
    /// The message that began the conversation.
    pub message: Option<&'a str>,
    /// Whether a question goes back.
    pub asks_back: bool,
    /// The address that the mail shows to be in use.
    pub works: Option<&'a str>,
}

/// A message that did not arrive after all.
#[derive(Clone, Copy, Debug)]
pub struct Bounced<'a> {
    /// The message.
    pub message: &'a SentMessage,
    /// Where it did not arrive.
    pub address: &'a str,
    /// Why not.
    pub reason: &'a str,
    /// Whether its recipient has another channel to try.
    pub has_next: bool,
}

/// An address that takes no mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailingAddress {
    /// The address, in lower case.
    pub address: String,
    /// Whose it was.
    pub recipient: String,
    /// Since when.
    pub since: Timestamp,
    /// What came back.
    pub reason: String,
}

/// Writes down that a mail was dealt with. Returns whether it is the first time.
pub(crate) async fn put(tx: &mut Tx, mail: &NewMail<'_>) -> Result<bool> {
    let inserted = query(
        "INSERT INTO mail (organisation, key, at, what, message, asked) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (organisation, key) DO NOTHING",
    )
    .bind(tx.organisation())
    .bind(mail.key)
    .bind(mail.at.as_millisecond())
    .bind(mail.made.as_str())
    .bind(mail.message)
    .bind(i64::from(mail.asks_back))
    .execute(&mut **tx)
    .await
    .doing(StoreStep::NoteRead)?;
    if inserted.rows_affected() == 0 {
        return Ok(false);
    }
    if let Some(address) = mail.works {
        forget_failure(tx, address).await?;
    }
    Ok(true)
}

impl Store {
    /// What was made of a mail, where it was dealt with: whether anything.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn mail_made(&self, organisation: &str, key: &str) -> Result<Option<bool>> {
        let row = query("SELECT what FROM mail WHERE organisation = $1 AND key = $2")
            .bind(organisation)
            .bind(key)
            .fetch_optional(&self.database)
            .await
            .doing(StoreStep::LookWhetherRead)?;
        row.map(|row| Ok(word::<MailOutcome>(&row, "what")? != MailOutcome::LeftAlone)).transpose()
    }

    /// Whether a question has gone back in the conversation that a message of ours began.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn has_asked_back(&self, organisation: &str, message: &str) -> Result<bool> {
        let row = query("SELECT key FROM mail WHERE organisation = $1 AND message = $2 AND asked = 1 LIMIT 1")
            .bind(organisation)
            .bind(message)
            .fetch_optional(&self.database)
            .await
            .doing(StoreStep::LookWhetherAsked)?;
        Ok(row.is_some())
    }

    /// How many mails have been left alone since an instant.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn left_alone_since(&self, organisation: &str, since: Timestamp) -> Result<i64> {
        let row = query(
            "SELECT COUNT(*) AS count FROM mail WHERE organisation = $1 AND what = $2 AND message IS NOT NULL AND at >= $3",
        )
        .bind(organisation)
        .bind(MailOutcome::LeftAlone.as_str())
        .bind(since.as_millisecond())
        .fetch_one(&self.database)
        .await
        .doing(StoreStep::CountLeftAlone)?;
        number(&row, "count")
    }

    /// Addresses that take no mail, by recipient.
    ///
    /// # Errors
    /// When the database fails or holds what the program never writes.
    pub async fn failing_addresses(&self, organisation: &str) -> Result<Vec<FailingAddress>> {
        let rows = query(
            "SELECT address, recipient, since, reason FROM failing_address WHERE organisation = $1 ORDER BY recipient, address",
        )
        .bind(organisation)
        .fetch_all(&self.database)
        .await
        .doing(StoreStep::ReadFailingAddresses)?;
        let failing = |row: &AnyRow| {
            Ok(FailingAddress {
                address: text(row, "address")?,
                recipient: text(row, "recipient")?,
                since: instant(row, "since")?,
                reason: text(row, "reason")?,
            })
        };
        rows.iter().map(failing).collect()
    }

    /// How far a mailbox was read: the numbering that was in force, and the highest number.
    ///
    /// # Errors
    /// When the database fails or holds what the program never writes.
    pub async fn read_through(&self, scope: &Scope, mailbox: &str) -> Result<Option<(u32, u32)>> {
        let mark = MarkName { plan: marks::NO_PLAN, name: mailbox };
        let doing = StoreStep::ReadReadMark;
        let Some(value) = marks::read(&self.database, &scope.organisation, mark, doing).await? else { return Ok(None) };
        let parts = value.split_once(':').and_then(|(validity, uid)| Some((validity.parse().ok()?, uid.parse().ok()?)));
        parts.map(Some).ok_or_else(|| damaged("mark", ExpectedValue::TwoNumbers, value))
    }

    /// Notes how far a mailbox was read.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_read_through(&self, scope: &Scope, mailbox: &str, validity: u32, uid: u32) -> Result<()> {
        let doing = StoreStep::NoteReadMark;
        let mut tx = self.begin(&scope.organisation).await?;
        let mark = MarkName { plan: marks::NO_PLAN, name: mailbox };
        marks::write(&mut tx, mark, format!("{validity}:{uid}"), doing).await?;
        tx.commit(doing).await
    }
}

/// Notes that a message did not arrive: its next channel is tried, or it is dead (rules of delivery, 4). Returns whether
/// this is news of the address.
pub(crate) async fn come_back(tx: &mut Tx, bounced: &Bounced<'_>, now: Timestamp) -> Result<bool> {
    let Bounced { message, address, reason, has_next } = *bounced;
    let inserted = query(
        "INSERT INTO failing_address (organisation, address, recipient, since, reason) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (organisation, address) DO NOTHING",
    )
    .bind(tx.organisation())
    .bind(address)
    .bind(message.recipient.as_str())
    .bind(now.as_millisecond())
    .bind(reason)
    .execute(&mut **tx)
    .await
    .doing(StoreStep::NoteFailingAddress)?;
    let next_channel = has_next.then_some(message.channel_index + 1);
    outbox::come_back(tx, &CameBack { message: &message.id, address, reason, next_channel }, now).await?;
    Ok(inserted.rows_affected() > 0)
}

async fn forget_failure(tx: &mut Tx, address: &str) -> Result<()> {
    query("DELETE FROM failing_address WHERE organisation = $1 AND address = $2")
        .bind(tx.organisation())
        .bind(address)
        .execute(&mut **tx)
        .await
        .doing(StoreStep::NoteWorkingAddress)?;
    Ok(())
}
