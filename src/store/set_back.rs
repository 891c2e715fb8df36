//! What a clock that ran ahead wrote down, after it was set back: what it told is told; what it only skipped, put off or
//! gave up is taken up again (rules of time, 10).

use jiff::Timestamp;
use jiff::civil::Date;

use crate::schedule::NoticeKind;
use crate::school::Scope;

use super::marks::{self, MarkName};
use super::outbox::{AttemptOutcome, Why};
use super::{
    Doing, ExpectedValue, ForRows, ROWS, Result, StoreStep, Tx, damaged, date, optional_text, parsed, query, text,
};

/// The name of the mark that says when something was decided last, in milliseconds since 1970.
const LOOKED_AT: &str = "looked_at";

/// A message that nobody can have: it waits or was withdrawn, and no attempt was taken or ended without an answer.
const NEVER_HANDED_OVER: &str = "EXISTS (SELECT 1 FROM message m WHERE m.organisation = notice.organisation \
     AND m.id = notice.message AND m.state IN ('queued', 'withdrawn') AND m.rendered_at IS NULL) \
     AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.organisation = notice.organisation \
     AND d.message = notice.message AND d.outcome IN ('sent', 'uncertain'))";

/// When something was decided last.
pub(crate) async fn looked_at(tx: &mut Tx, scope: &Scope) -> Result<Option<Timestamp>> {
    let value = marks::read(&mut **tx, &scope.organisation, mark(scope), StoreStep::ReadLook).await?;
    let Some(value) = value else { return Ok(None) };
    let milliseconds = parsed("mark", ExpectedValue::Milliseconds, value.clone())?;
    Timestamp::from_millisecond(milliseconds).map(Some).map_err(|_| damaged("value", ExpectedValue::Instant, value))
}

/// Notes that something is decided at `now`.
pub(crate) async fn set_looked_at(tx: &mut Tx, scope: &Scope, now: Timestamp) -> Result<()> {
    marks::write(tx, mark(scope), now.as_millisecond().to_string(), StoreStep::NoteLook).await
}

fn mark(scope: &Scope) -> MarkName<'_> {
    MarkName { plan: &scope.plan, name: LOOKED_AT }
}

/// Forgets the notices that were decided, or made way for others, after `now`, and that nobody was told: they are decided
/// again when their time comes. Gives back the earliest date on which one of them was to go out, reviews aside.
pub(crate) async fn forget_decided_after(tx: &mut Tx, scope: &Scope, now: Timestamp) -> Result<Option<Date>> {
    let sql = format!(
        "DELETE FROM notice WHERE organisation = $1 AND plan = $2 AND (state = 'skipped' AND decided_at > $3 \
         OR (state = 'queued' AND decided_at > $3 OR state = 'withdrawn' AND why = $4 AND ended_at > $3) \
         AND {NEVER_HANDED_OVER}) RETURNING kind, on_date, message"
    );
    let rows = query(sqlx::AssertSqlSafe(sql))
        .bind(tx.organisation())
        .bind(scope.plan.as_str())
        .bind(now.as_millisecond())
        .bind(Why::Later.as_str())
        .fetch_all(&mut **tx)
        .await
        .doing(StoreStep::RepairDecided)?;
    let mut earliest = None;
    let mut messages = Vec::new();
    for row in &rows {
        let kind: NoticeKind = parsed("notice", ExpectedValue::NoticeKind, text(row, "kind")?)?;
        let on = date(row, "on_date")?;
        if kind.review().is_none() {
            earliest = Some(earliest.map_or(on, |earliest: Date| earliest.min(on)));
        }
        messages.extend(optional_text(row, "message")?);
    }
    messages.sort_unstable();
    messages.dedup();
    forget_empty(tx, &messages).await?;
    Ok(earliest)
}

/// Forgets those of these messages that have nothing to tell any more: the same notices make the same message again.
async fn forget_empty(tx: &mut Tx, messages: &[String]) -> Result<()> {
    static EMPTY: ForRows = ForRows::new(
        "DELETE FROM message WHERE organisation = $1 AND class IN ('reminder', 'review') \
         AND NOT EXISTS (SELECT 1 FROM notice WHERE notice.organisation = message.organisation \
         AND notice.message = message.id) AND id IN (VALUES ",
        ")",
        2,
        1,
    );
    for some in messages.chunks(ROWS) {
        let empty = query(EMPTY.text(some.len())).bind(tx.organisation());
        let empty = some.iter().fold(empty, |empty, id| empty.bind(id.as_str()));
        empty.execute(&mut **tx).await.doing(StoreStep::RepairDecided)?;
    }
    Ok(())
}

/// Lets messages wait again that were given up after `now` because they had been tried for long enough: no channel has
/// refused them for good.
pub(crate) async fn revive_given_up_after(tx: &mut Tx, now: Timestamp) -> Result<()> {
    let doing = StoreStep::RepairGivenUp;
    let rows = query(
        "UPDATE message SET state = 'queued', not_before = $2 WHERE organisation = $1 AND state = 'dead' \
         AND not_before > $2 AND (SELECT d.outcome FROM delivery d WHERE d.organisation = message.organisation \
         AND d.message = message.id ORDER BY d.attempt DESC LIMIT 1) IN ($3, $4, $5) RETURNING id",
    )
    .bind(tx.organisation())
    .bind(now.as_millisecond())
    .bind(AttemptOutcome::Temporary.as_str())
    .bind(AttemptOutcome::Unknown.as_str())
    .bind(AttemptOutcome::Channel.as_str())
    .fetch_all(&mut **tx)
    .await
    .doing(doing)?;
    for row in &rows {
        query("UPDATE notice SET state = 'queued' WHERE organisation = $1 AND message = $2 AND state = 'dead'")
            .bind(tx.organisation())
            .bind(text(row, "id")?)
            .execute(&mut **tx)
            .await
            .doing(doing)?;
    }
    Ok(())
}

/// When a message goes out that was put off for longer than anything is.
pub(crate) struct PutOff {
    /// What waits beyond this instant was put off by a wrong clock.
    pub(crate) latest: Timestamp,
    /// When alerts go out.
    pub(crate) now: Timestamp,
    /// When what may have been handed over before is handed over again.
    pub(crate) uncertain: Timestamp,
    /// When all else goes out.
    pub(crate) others: Timestamp,
}

/// Lets messages go out that were put off by a clock that ran ahead. What is in hand waits no longer either, should whoever
/// has it in hand end without a word of it.
pub(crate) async fn shorten_waits(tx: &mut Tx, put_off: &PutOff) -> Result<()> {
    query(
        "UPDATE message SET due_at = CASE WHEN due_at > $2 THEN $3 ELSE due_at END, \
         not_before = CASE WHEN rendered_at IS NOT NULL THEN $4 WHEN class = 'alert' THEN $3 ELSE $5 END \
         WHERE organisation = $1 AND state IN ('queued', 'sending') AND not_before > $2",
    )
    .bind(tx.organisation())
    .bind(put_off.latest.as_millisecond())
    .bind(put_off.now.as_millisecond())
    .bind(put_off.uncertain.as_millisecond())
    .bind(put_off.others.as_millisecond())
    .execute(&mut **tx)
    .await
    .doing(StoreStep::RepairPutOff)?;
    Ok(())
}
