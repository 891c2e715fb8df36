//! Messages that were sent, as an answer or a message that came back refers to them.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::plan::TaskId;

use super::letter::letter;
use super::outbox::MessageKind;
use super::{Doing, Result, Scope, Store, StoreStep, channel_index, date, instant, optional_text, query, text, word};

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
    /// When it was handed over first, as far as that is known, else when it was composed: what it says is of that moment.
    pub at: Timestamp,
    /// Where it is known to have gone, each address in lower case; none where no answer of a server was ever recorded.
    pub addresses: Vec<String>,
    /// Which of the recipient's channels took it, from 0.
    pub channel_index: usize,
    /// The tasks that it told of, in its order: also what was withdrawn after it was handed over, and nothing that was
    /// before.
    pub tasks: Vec<TaskId>,
    /// The days for which its notices were made to go out, each once.
    pub days: Vec<Date>,
    /// The message as it was sent.
    pub payload: Option<Vec<u8>>,
}

/// A reminder of a task that a channel took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentReminder {
    /// The task.
    pub task: TaskId,
    /// When it was handed over.
    pub at: Timestamp,
    /// The channel.
    pub channel: String,
}

impl Store {
    /// The reminders and questions about tasks that channels took up to an instant, the oldest first.
    ///
    /// # Errors
    /// When the database fails or holds what the program never writes.
    pub async fn reminders_sent(&self, scope: &Scope, until: Timestamp) -> Result<Vec<SentReminder>> {
        // Of each delivery the few notices that it told, by their message: from the notices of a plan to their deliveries
        // SQLite would read all of them for each.
        let rows = query(
            "SELECT n.subject AS task, d.at AS at, d.channel AS channel \
             FROM delivery d CROSS JOIN message m CROSS JOIN notice n \
             WHERE d.organisation = $1 AND d.at <= $3 AND d.outcome = 'sent' \
             AND m.organisation = d.organisation AND m.id = d.message AND m.plan = $2 \
             AND n.organisation = d.organisation AND n.message = d.message AND n.state = 'sent' AND (n.kind = 'start' \
             OR n.kind LIKE 'before:%' OR n.kind LIKE 'overdue:%' OR n.kind LIKE 'self_check:%') ORDER BY d.at",
        )
        .bind(scope.organisation.as_str())
        .bind(scope.plan.as_str())
        .bind(until.as_millisecond())
        .fetch_all(&self.database)
        .await
        .doing(StoreStep::ReadReminded)?;
        let reminder = |row| {
            let task = TaskId::new(&text(row, "task")?);
            Ok(SentReminder { task, at: instant(row, "at")?, channel: text(row, "channel")? })
        };
        rows.iter().map(reminder).collect()
    }

    /// A message by its name for life, whatever is known of its way: whoever names it has it, although the server's
    /// answer was lost, it still waits, or what it told was withdrawn meanwhile.
    ///
    /// # Errors
    /// When the database fails or holds what the program never writes.
    pub async fn sent_message(&self, organisation: &str, id: &str) -> Result<Option<SentMessage>> {
        let row = query(
            "SELECT id, plan, class, recipient, alert, channel_index, COALESCE(rendered_at, created_at) AS composed_at \
             FROM message WHERE organisation = $1 AND id = $2",
        )
        .bind(organisation)
        .bind(id)
        .fetch_optional(&self.database)
        .await
        .doing(StoreStep::FindAnswered)?;
        let Some(row) = row else { return Ok(None) };
        let deliveries = query(
            "SELECT at, address, payload FROM delivery WHERE organisation = $1 AND message = $2 \
             AND outcome IN ('sent', 'uncertain') ORDER BY attempt",
        )
        .bind(organisation)
        .bind(id)
        .fetch_all(&self.database)
        .await
        .doing(StoreStep::ReadWhereSent)?;
        let composed_at = instant(&row, "composed_at")?;
        let at = deliveries.first().map(|first| instant(first, "at")).transpose()?.unwrap_or(composed_at);
        let mut addresses = Vec::new();
        let mut payload = None;
        for delivery in &deliveries {
            addresses.extend(optional_text(delivery, "address")?.map(|address| address.to_lowercase()));
            payload = letter(delivery, "payload")?.or(payload);
        }
        let tasks = query(
            "SELECT subject, on_date FROM notice WHERE organisation = $1 AND message = $2 \
             AND (state IN ('sent', 'dead', 'queued', 'uncertain') OR state = 'withdrawn' AND ended_at > $3) \
             AND kind NOT LIKE 'review:%' ORDER BY position",
        )
        .bind(organisation)
        .bind(id)
        .bind(at.min(composed_at).as_millisecond())
        .fetch_all(&self.database)
        .await
        .doing(StoreStep::ReadTold)?;
        let mut days = tasks.iter().map(|row| date(row, "on_date")).collect::<Result<Vec<_>>>()?;
        days.sort_unstable();
        days.dedup();
        Ok(Some(SentMessage {
            id: text(&row, "id")?,
            plan: text(&row, "plan")?,
            class: word(&row, "class")?,
            recipient: text(&row, "recipient")?,
            says: optional_text(&row, "alert")?,
            at,
            addresses,
            channel_index: channel_index(&row)?,
            tasks: tasks.iter().map(|row| Ok(TaskId::new(&text(row, "subject")?))).collect::<Result<_>>()?,
            days,
            payload,
        }))
    }

    /// The names of the messages with this subject that were sent to an address since an instant, the newest first; two at
    /// most.
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
        let rows = query(
            "SELECT d.message AS message, MAX(d.at) AS last FROM delivery d JOIN message m \
             ON m.organisation = d.organisation AND m.id = d.message WHERE d.organisation = $1 AND m.plan = $2 \
             AND d.outcome IN ('sent', 'uncertain') AND lower(d.address) = $3 AND d.subject = $4 AND d.at >= $5 \
             GROUP BY d.message ORDER BY last DESC LIMIT 2",
        )
        .bind(scope.organisation.as_str())
        .bind(scope.plan.as_str())
        .bind(address)
        .bind(subject)
        .bind(since.as_millisecond())
        .fetch_all(&self.database)
        .await
        .doing(StoreStep::FindBySubject)?;
        rows.iter().map(|row| text(row, "message")).collect()
    }
}
