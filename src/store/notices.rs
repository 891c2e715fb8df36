//! Notices: what was told, skipped, or waits to be told, each under its key (rules of delivery, 1).

use std::collections::HashSet;

use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::any::AnyRow;

use crate::plan::TaskId;
use crate::schedule::{NoticeKind, ReviewId};
use crate::school::Scope;

use super::marks::{self, MarkName};
use super::outbox::{NoticeState, Why};
use super::{Doing, ExpectedValue, ForRows, Result, StoreStep, Tx, date, parsed, query, text, word};

/// A date that is noted of how far was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DateMark {
    /// The date of the last look at reminders.
    RemindedThrough,
    /// The date up to which an earlier program decided without recording what it passed over.
    SettledThrough,
}

impl DateMark {
    fn as_str(self) -> &'static str {
        match self {
            Self::RemindedThrough => "reminded_through",
            Self::SettledThrough => "settled_through",
        }
    }

    fn of(self, scope: &Scope) -> MarkName<'_> {
        MarkName { plan: &scope.plan, name: self.as_str() }
    }
}

/// A notice as the store has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RecordedNotice {
    /// The task; `None` for a review.
    pub(crate) task: Option<TaskId>,
    /// What is told.
    pub(crate) kind: NoticeKind,
    /// To whom, as they are called in the configuration.
    pub(crate) recipient: String,
    /// The date that the rules gave.
    pub(crate) day: Date,
    /// The date on which it was to go out.
    pub(crate) on: Date,
    /// What became of it.
    pub(crate) state: NoticeState,
}

/// A notice on its way into the store.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewNotice<'a> {
    /// The task; `None` for a review.
    pub(crate) task: Option<&'a TaskId>,
    /// What is told.
    pub(crate) kind: NoticeKind,
    /// To whom, as they are called in the configuration.
    pub(crate) recipient: &'a str,
    /// The date that the rules gave.
    pub(crate) day: Date,
    /// The date on which it is to go out.
    pub(crate) on: Date,
    /// Whether and by what it is told.
    pub(crate) told: Told<'a>,
}

/// Whether and by what a notice is told.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Told<'a> {
    /// By a message, in which it has a place.
    By {
        /// The message.
        message: &'a str,
        /// Its place, from 0.
        position: i64,
    },
    /// Not at all.
    Skipped(Why),
}

/// Writes notices unless they are there. Adds to `written` the messages by which new ones are told.
pub(crate) async fn insert<'a>(
    tx: &mut Tx,
    scope: &Scope,
    notices: &[NewNotice<'a>],
    now: Timestamp,
    written: &mut HashSet<&'a str>,
) -> Result<()> {
    static NOTICES: ForRows = ForRows::new(
        "INSERT INTO notice (organisation, plan, decided_at, subject, kind, recipient, day, on_date, message, position, \
         why, state, ended_at) SELECT $1, $2, $3, v.column1, v.column2, v.column3, v.column4, v.column5, v.column6, \
         v.column7, v.column8, CASE WHEN v.column8 IS NULL THEN 'queued' ELSE 'skipped' END, \
         CASE WHEN v.column8 IS NULL THEN NULL ELSE $3 END FROM (VALUES ",
        ") AS v WHERE 1 = 1 ON CONFLICT (organisation, plan, subject, kind, recipient, day) DO NOTHING",
        4,
        8,
    );
    let mut statement =
        query(NOTICES.text(notices.len())).bind(tx.organisation()).bind(scope.plan.as_str()).bind(now.as_millisecond());
    for NewNotice { task, kind, recipient, day, on, told } in notices {
        let review = kind.review().map(|review| review.to_string()).unwrap_or_default();
        let (message, position, why) = match told {
            Told::By { message, position } => (Some(*message), *position, None),
            Told::Skipped(why) => (None, 0, Some(*why)),
        };
        statement = statement
            .bind(task.map_or(review, |task| task.as_str().to_owned()))
            .bind(kind.to_string())
            .bind(*recipient)
            .bind(day.to_string())
            .bind(on.to_string())
            .bind(message)
            .bind(position)
            .bind(why.map(Why::as_str));
    }
    let new = statement.execute(&mut **tx).await.doing(StoreStep::WriteNotices)?.rows_affected();
    let messages = notices.iter().filter_map(|notice| match notice.told {
        Told::By { message, .. } => Some(message),
        Told::Skipped(_) => None,
    });
    if usize::try_from(new) == Ok(notices.len()) {
        written.extend(messages);
        return Ok(());
    }
    for message in messages {
        if tells_anything(tx, message).await? {
            written.insert(message);
        }
    }
    Ok(())
}

/// Whether any notice is told by this message.
async fn tells_anything(tx: &mut Tx, message: &str) -> Result<bool> {
    let row = query("SELECT position FROM notice WHERE organisation = $1 AND message = $2 LIMIT 1")
        .bind(tx.organisation())
        .bind(message)
        .fetch_optional(&mut **tx)
        .await
        .doing(StoreStep::LookWhatIsTold)?;
    Ok(row.is_some())
}

/// The notices that were to go out after a date, all reviews, and the self-checks before the reviews `asking`. Each of the three
/// is an index of its own: what a look reads does not grow with all that was ever told.
pub(crate) async fn recorded_after(
    tx: &mut Tx,
    scope: &Scope,
    after: Date,
    asking: &[ReviewId],
) -> Result<Vec<RecordedNotice>> {
    let mut sql = "SELECT subject, kind, recipient, day, on_date, state FROM notice \
         WHERE organisation = $1 AND plan = $2 AND on_date > $3 \
         UNION SELECT subject, kind, recipient, day, on_date, state FROM notice \
         WHERE organisation = $1 AND plan = $2 AND kind >= 'review:' AND kind < 'review;'"
        .to_owned();
    if !asking.is_empty() {
        let kinds: Vec<String> = (4..).take(asking.len()).map(|number| format!("${number}")).collect();
        // The range is that of the index.
        sql.push_str(
            " UNION SELECT subject, kind, recipient, day, on_date, state FROM notice WHERE organisation = $1 AND plan = $2 \
             AND kind >= 'self_check:' AND kind < 'self_check;' AND kind IN (",
        );
        sql.push_str(&kinds.join(", "));
        sql.push(')');
    }
    let mut statement =
        query(sqlx::AssertSqlSafe(sql)).bind(tx.organisation()).bind(scope.plan.as_str()).bind(after.to_string());
    for review in asking {
        statement = statement.bind(NoticeKind::SelfCheck(*review).to_string());
    }
    let rows = statement.fetch_all(&mut **tx).await.doing(StoreStep::ReadDecided)?;
    rows.iter().map(stored).collect()
}

/// The notices that were handed over from `first` up to, but not at, `end`, or are being handed over, whenever they were decided:
/// one that was withdrawn after its message was composed may be told with it.
pub(crate) async fn told_between(
    tx: &mut Tx,
    scope: &Scope,
    first: Timestamp,
    end: Timestamp,
) -> Result<Vec<RecordedNotice>> {
    let rows = query(
        "SELECT n.subject, n.kind, n.recipient, n.day, n.on_date, n.state FROM (\
         SELECT message AS id FROM delivery WHERE organisation = $1 AND at >= $3 AND at < $4 \
         AND outcome IN ('sent', 'uncertain') \
         UNION SELECT id FROM message WHERE organisation = $1 AND state = 'sending') AS told \
         JOIN message m ON m.organisation = $1 AND m.id = told.id \
         JOIN notice n ON n.organisation = $1 AND n.message = told.id AND n.plan = $2 \
         WHERE n.state IN ('queued', 'sent', 'uncertain') OR n.state = 'withdrawn' AND n.ended_at >= m.rendered_at",
    )
    .bind(tx.organisation())
    .bind(scope.plan.as_str())
    .bind(first.as_millisecond())
    .bind(end.as_millisecond())
    .fetch_all(&mut **tx)
    .await
    .doing(StoreStep::ReadToldToday)?;
    rows.iter().map(stored).collect()
}

/// The notices that wait to be told.
pub(crate) async fn waiting(tx: &mut Tx, scope: &Scope) -> Result<Vec<RecordedNotice>> {
    let rows = query(
        "SELECT subject, kind, recipient, day, on_date, state FROM notice \
         WHERE organisation = $1 AND plan = $2 AND state = 'queued'",
    )
    .bind(tx.organisation())
    .bind(scope.plan.as_str())
    .fetch_all(&mut **tx)
    .await
    .doing(StoreStep::FindOutdated)?;
    rows.iter().map(stored).collect()
}

fn stored(row: &AnyRow) -> Result<RecordedNotice> {
    let kind: NoticeKind = parsed("notice", ExpectedValue::NoticeKind, text(row, "kind")?)?;
    let task = match kind {
        NoticeKind::Review(_) => None,
        _ => Some(TaskId::new(&text(row, "subject")?)),
    };
    let (day, on) = (date(row, "day")?, date(row, "on_date")?);
    Ok(RecordedNotice { task, kind, recipient: text(row, "recipient")?, day, on, state: word(row, "state")? })
}

/// A date that was noted of how far was decided.
pub(crate) async fn marked(tx: &mut Tx, scope: &Scope, mark: DateMark) -> Result<Option<Date>> {
    let value = marks::read(&mut **tx, &scope.organisation, mark.of(scope), StoreStep::ReadLookMark).await?;
    value.map(|value| parsed("mark", ExpectedValue::Date, value)).transpose()
}

/// Notes a date of how far was decided.
pub(crate) async fn set_mark(tx: &mut Tx, scope: &Scope, mark: DateMark, through: Date) -> Result<()> {
    marks::write(tx, mark.of(scope), through.to_string(), StoreStep::NoteLookMark).await
}
