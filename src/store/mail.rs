//! Mails that were read: what of them is written down, once, together with what follows.

use jiff::Timestamp;
use sqlx::any::AnyRow;

use crate::plan::TaskId;

use super::outbox::{self, MessageKind};
use super::{Doing, Result, Scope, Store, Tx, instant, number, optional_text, text};

/// A message of ours that a mail may answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentMessage {
    /// Its name for life.
    pub id: String,
    /// The plan it belongs to.
    pub plan: String,
    /// What it is.
    pub class: MessageKind,
    /// The name of whom it was for.
    pub recipient: String,
    /// What an alert or a note says, as JSON.
    pub says: Option<String>,
    /// Where it was sent, each address in lower case.
    pub addresses: Vec<String>,
    /// Which of the recipient's channels took it, from 0.
    pub channel_index: usize,
    /// The tasks that it told of, in its order.
    pub tasks: Vec<TaskId>,
    /// The message as it was sent.
    pub payload: Option<Vec<u8>>,
}

/// What was made of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailOutcome {
    /// An answer that was taken, or asked about.
    Answer,
    /// A message of ours that came back.
    Bounce,
    /// Nothing.
    LeftAlone,
}

impl MailOutcome {
    fn as_str(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Bounce => "bounce",
            Self::LeftAlone => "left",
        }
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
pub(crate) async fn put(tx: &mut Tx, scope: &Scope, mail: &NewMail<'_>) -> Result<bool> {
    let inserted = sqlx::query(
        "INSERT INTO mail (organisation, key, at, what, message, asked) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (organisation, key) DO NOTHING",
    )
    .bind(scope.organisation.as_str())
    .bind(mail.key)
    .bind(mail.at.as_millisecond())
    .bind(mail.made.as_str())
    .bind(mail.message)
    .bind(i64::from(mail.asks_back))
    .execute(&mut **tx)
    .await
    .doing("noting that a mail was read")?;
    if inserted.rows_affected() == 0 {
        return Ok(false);
    }
    if let Some(address) = mail.works {
        forget_failure(tx, scope, address).await?;
    }
    Ok(true)
}

impl Store {
    /// What was made of a mail, where it was dealt with: whether anything.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn mail_made(&self, organisation: &str, key: &str) -> Result<Option<bool>> {
        let row = sqlx::query("SELECT what FROM mail WHERE organisation = $1 AND key = $2")
            .bind(organisation)
            .bind(key)
            .fetch_optional(&self.pool)
            .await
            .doing("looking whether a mail was read before")?;
        row.map(|row| Ok(text(&row, "what")? != MailOutcome::LeftAlone.as_str())).transpose()
    }

    /// Whether a question has gone back in the conversation that a message of ours began.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn has_asked_back(&self, organisation: &str, message: &str) -> Result<bool> {
        let row = sqlx::query("SELECT key FROM mail WHERE organisation = $1 AND message = $2 AND asked = 1 LIMIT 1")
            .bind(organisation)
            .bind(message)
            .fetch_optional(&self.pool)
            .await
            .doing("looking whether a question has gone back")?;
        Ok(row.is_some())
    }

    /// How many mails have been left alone since an instant.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn left_alone_since(&self, organisation: &str, since: Timestamp) -> Result<i64> {
        let row = sqlx::query(
            "SELECT COUNT(*) AS count FROM mail WHERE organisation = $1 AND what = $2 AND message IS NOT NULL AND at >= $3",
        )
        .bind(organisation)
        .bind(MailOutcome::LeftAlone.as_str())
        .bind(since.as_millisecond())
        .fetch_one(&self.pool)
        .await
        .doing("counting mails that were left alone")?;
        number(&row, "count")
    }

    /// A message that a channel has taken, by its name for life.
    ///
    /// # Errors
    /// When the database fails or holds what the program never writes.
    pub async fn sent_message(&self, organisation: &str, id: &str) -> Result<Option<SentMessage>> {
        let row = sqlx::query(
            "SELECT id, plan, class, recipient, alert, channel_index FROM message WHERE organisation = $1 AND id = $2",
        )
        .bind(organisation)
        .bind(id)
        .fetch_optional(&self.pool)
        .await
        .doing("looking for the message that a mail answers")?;
        let Some(row) = row else { return Ok(None) };
        let deliveries = sqlx::query(
            "SELECT address, payload FROM delivery WHERE organisation = $1 AND message = $2 \
             AND outcome IN ('sent', 'uncertain') ORDER BY attempt",
        )
        .bind(organisation)
        .bind(id)
        .fetch_all(&self.pool)
        .await
        .doing("reading where a message was sent")?;
        if deliveries.is_empty() {
            return Ok(None);
        }
        let mut addresses = Vec::new();
        let mut payload = None;
        for delivery in &deliveries {
            addresses.extend(optional_text(delivery, "address")?.map(|address| address.to_lowercase()));
            payload = bytes(delivery, "payload")?.or(payload);
        }
        let tasks = sqlx::query(
            "SELECT subject FROM notice WHERE organisation = $1 AND message = $2 AND state IN ('sent', 'dead') \
             AND kind NOT LIKE 'review:%' ORDER BY position",
        )
        .bind(organisation)
        .bind(id)
        .fetch_all(&self.pool)
        .await
        .doing("reading what a message told")?;
        Ok(Some(SentMessage {
            id: text(&row, "id")?,
            plan: text(&row, "plan")?,
            class: MessageKind::read(text(&row, "class")?)?,
            recipient: text(&row, "recipient")?,
            says: optional_text(&row, "alert")?,
            addresses,
            channel_index: usize::try_from(number(&row, "channel_index")?).unwrap_or(0),
            tasks: tasks.iter().map(|row| Ok(TaskId::new(&text(row, "subject")?))).collect::<Result<_>>()?,
            payload,
        }))
    }

    /// The names of the messages with this subject that were sent to an address since an instant; two at most.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sent_about(
        &self,
        scope: &Scope,
        address: &str,
        subject: &str,
        since: Timestamp,
    ) -> Result<Vec<String>> {
        let rows = sqlx::query(
            "SELECT DISTINCT d.message AS message FROM delivery d JOIN message m \
             ON m.organisation = d.organisation AND m.id = d.message WHERE d.organisation = $1 AND m.plan = $2 \
             AND d.outcome IN ('sent', 'uncertain') AND lower(d.address) = $3 AND d.subject = $4 AND d.at >= $5 LIMIT 2",
        )
        .bind(scope.organisation.as_str())
        .bind(scope.plan.as_str())
        .bind(address)
        .bind(subject)
        .bind(since.as_millisecond())
        .fetch_all(&self.pool)
        .await
        .doing("looking for a message by its subject")?;
        rows.iter().map(|row| text(row, "message")).collect()
    }

    /// Addresses that take no mail, by recipient.
    ///
    /// # Errors
    /// When the database fails or holds what the program never writes.
    pub async fn failing_addresses(&self, organisation: &str) -> Result<Vec<FailingAddress>> {
        let rows = sqlx::query(
            "SELECT address, recipient, since, reason FROM failing_address WHERE organisation = $1 ORDER BY recipient, address",
        )
        .bind(organisation)
        .fetch_all(&self.pool)
        .await
        .doing("reading which addresses fail")?;
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
    /// When the database fails.
    pub async fn read_through(&self, scope: &Scope, mailbox: &str) -> Result<Option<(u32, u32)>> {
        let row = sqlx::query("SELECT value FROM mark WHERE organisation = $1 AND plan = $2 AND name = $3")
            .bind(scope.organisation.as_str())
            .bind(MAILBOXES)
            .bind(mailbox)
            .fetch_optional(&self.pool)
            .await
            .doing("reading how far the mailbox was read")?;
        let Some(row) = row else { return Ok(None) };
        let value = text(&row, "value")?;
        Ok(value.split_once(':').and_then(|(validity, uid)| Some((validity.parse().ok()?, uid.parse().ok()?))))
    }

    /// Notes how far a mailbox was read.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_read_through(&self, scope: &Scope, mailbox: &str, validity: u32, uid: u32) -> Result<()> {
        sqlx::query(
            "INSERT INTO mark (organisation, plan, name, value) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (organisation, plan, name) DO UPDATE SET value = excluded.value",
        )
        .bind(scope.organisation.as_str())
        .bind(MAILBOXES)
        .bind(mailbox)
        .bind(format!("{validity}:{uid}"))
        .execute(&self.pool)
        .await
        .doing("noting how far the mailbox was read")?;
        Ok(())
    }
}

/// Marks of mailboxes belong to no plan.
const MAILBOXES: &str = "";

/// Notes that a message did not arrive: its next channel is tried, or it is dead (rules of delivery, 4). Returns whether
/// this is news of the address.
pub(crate) async fn come_back(tx: &mut Tx, scope: &Scope, bounced: &Bounced<'_>, now: Timestamp) -> Result<bool> {
    let Bounced { message, address, reason, has_next } = *bounced;
    let inserted = sqlx::query(
        "INSERT INTO failing_address (organisation, address, recipient, since, reason) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (organisation, address) DO NOTHING",
    )
    .bind(scope.organisation.as_str())
    .bind(address)
    .bind(message.recipient.as_str())
    .bind(now.as_millisecond())
    .bind(reason)
    .execute(&mut **tx)
    .await
    .doing("noting that an address fails")?;
    outbox::come_back(tx, scope, &message.id, address, reason, has_next, now).await?;
    Ok(inserted.rows_affected() > 0)
}

async fn forget_failure(tx: &mut Tx, scope: &Scope, address: &str) -> Result<()> {
    sqlx::query("DELETE FROM failing_address WHERE organisation = $1 AND address = $2")
        .bind(scope.organisation.as_str())
        .bind(address)
        .execute(&mut **tx)
        .await
        .doing("noting that an address works")?;
    Ok(())
}

fn bytes(row: &AnyRow, column: &'static str) -> Result<Option<Vec<u8>>> {
    use sqlx::Row;

    row.try_get::<Option<Vec<u8>>, _>(column).doing("reading a message as it was sent")
}
