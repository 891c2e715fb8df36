//! One look at what is due: the past read, the decision made and everything it entails written, in one transaction
//! (rules of delivery, 1).

use std::collections::{BTreeSet, HashMap, HashSet};

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use sha2::{Digest, Sha256};

use crate::calendar::instant;
use crate::hex;
use crate::people::RecipientId;
use crate::plan::TaskId;
use crate::schedule::{Agenda, Decision, DueMessage, Notice, NoticeKey, NoticeKind, PastDecisions, Skipped, decide};

use super::outbox::{self, NewMessage, Why};
use super::{Doing, ForRows, ROWS, Result, Scope, Store, Tx, date, parsed, plans, progress, text};

const REMINDED_THROUGH: &str = "reminded_through";

/// What a look found and wrote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Looked {
    /// How many messages were put into the outbox.
    pub messages: usize,
    /// How many notices were skipped for good.
    pub skipped: usize,
    /// Whether the plan differs from the version seen before.
    pub plan_changed: bool,
}

impl Store {
    /// Decides what is due at `now` and puts it into the outbox.
    ///
    /// `plan_hash` tells one version of the plan from another. What was decided before is never decided again,
    /// whoever decided it; a clock that was set back is noticed and what only the wrong time skipped is taken up
    /// again.
    ///
    /// # Errors
    /// When the database fails; then nothing is written.
    pub async fn look(&self, scope: &Scope, agenda: &Agenda, plan_hash: &str, now: Timestamp) -> Result<Looked> {
        let since = self.since(&scope.organisation, now).await?;
        let mut tx = self.begin().await?;
        let timed = plans::remember(&mut tx, scope, &agenda.school().plan, plan_hash, now).await?;
        let plan_changed = timed.is_some();
        let timed = timed.unwrap_or_default();
        if plan_changed {
            withdraw_fallen(&mut tx, scope, agenda, now).await?;
            progress::take_up(&mut tx, scope, &agenda.school().plan, now).await?;
        }
        let past = past(&mut tx, scope, agenda, &timed, since, now).await?;
        let progress = progress::read(&mut *tx, scope).await?;
        let tasks = &agenda.school().plan.tasks;
        let decision = decide(agenda, &past, now, |task| progress.status(&tasks[task].id));
        let looked = write(&mut tx, scope, agenda, &decision, &timed, now).await?;
        tx.commit().await.doing("keeping what was decided")?;
        Ok(Looked { plan_changed, ..looked })
    }
}

/// What was decided before; `timed` are the tasks that have another time since.
async fn past(
    tx: &mut Tx,
    scope: &Scope,
    agenda: &Agenda,
    timed: &[TaskId],
    since: Timestamp,
    now: Timestamp,
) -> Result<PastDecisions> {
    let local = now.to_zoned_datetime(agenda.school().settings.time_zone.clone());
    let mut reminded_through = read_mark(tx, scope).await?;
    let rewound = reminded_through.is_some_and(|through| through > local.date());
    if rewound {
        forget_skipped_after(tx, scope, local.date()).await?;
        reminded_through = Some(local.date());
        write_mark(tx, scope, local.date()).await?;
    }
    let changed: Vec<usize> = match reminded_through {
        Some(_) => {
            let waiting = plans::undecided(tx, scope).await?;
            let changed: BTreeSet<usize> =
                waiting.iter().chain(timed).filter_map(|task| agenda.position(task)).collect();
            changed.into_iter().collect()
        }
        None => Vec::new(),
    };
    let look_back = PastDecisions::look_back(agenda, reminded_through, &changed, &local);
    let names = Names::new(agenda);
    let recorded = recorded(tx, scope, &names, look_back).await?;
    let told_today = if changed.is_empty() && !rewound {
        HashSet::new()
    } else {
        let midnight = instant(local.time_zone(), local.date(), Time::midnight());
        told_since(tx, scope, &names, midnight).await?
    };
    Ok(PastDecisions { since, reminded_through, changed, recorded, told_today })
}

/// Writes down what was decided; `timed` are the tasks that have another time since the last look.
async fn write(
    tx: &mut Tx,
    scope: &Scope,
    agenda: &Agenda,
    decision: &Decision,
    timed: &[TaskId],
    now: Timestamp,
) -> Result<Looked> {
    let people = &agenda.school().settings.people;
    let name = |recipient: RecipientId| people.get(recipient).name.as_str();
    let anything_waits = outbox::anything_waits(tx, scope).await?;
    if anything_waits {
        for notice in decision.messages.iter().flat_map(|due| &due.notices) {
            if let Some(task) = task_of(agenda, notice) {
                outbox::withdraw_for(tx, scope, task, name(notice.recipient), now).await?;
            }
        }
    }
    let mut messages = 0;
    for (first, due) in (0..).step_by(ROWS).zip(decision.messages.chunks(ROWS)) {
        messages += put(tx, scope, agenda, first, due, now).await?;
    }
    let today = now.to_zoned_datetime(agenda.school().settings.time_zone.clone()).date();
    let why = decision.why_skipped(agenda, today);
    for some in decision.skipped.chunks(ROWS) {
        let told = |notice| Told::Never(why(notice));
        let row = |notice| NoticeRow { agenda, notice, recipient: name(notice.recipient), told: told(notice) };
        let rows: Vec<NoticeRow<'_>> = some.iter().map(row).collect();
        insert_notices(tx, scope, &rows, now, &mut HashSet::new()).await?;
    }
    if anything_waits {
        outbox::withdraw_empty(tx, scope).await?;
    }
    if let Some(through) = decision.reminded_through {
        write_mark(tx, scope, through).await?;
    }
    let reminds = decision.messages.iter().any(|due| !matches!(due.notices[0].kind, NoticeKind::Review(_)));
    if decision.reminded_through.is_some() || reminds {
        plans::mark_decided(tx, scope).await?;
    } else {
        plans::mark_undecided(tx, scope, timed).await?;
    }
    Ok(Looked { messages, skipped: decision.skipped.len(), plan_changed: false })
}

/// Puts a few messages into the outbox, with their notices; the first of them has this number. Returns how many were
/// not there yet.
async fn put(
    tx: &mut Tx,
    scope: &Scope,
    agenda: &Agenda,
    first: i64,
    due: &[DueMessage],
    now: Timestamp,
) -> Result<usize> {
    let people = &agenda.school().settings.people;
    let name = |recipient: RecipientId| people.get(recipient).name.as_str();
    let ids: Vec<String> = due.iter().map(|due| message_id(scope, agenda, name(due.recipient), &due.notices)).collect();
    let told = due.iter().zip(&ids).flat_map(|(due, id)| {
        let rows = (0..).zip(&due.notices);
        rows.map(|(position, notice)| NoticeRow {
            agenda,
            notice,
            recipient: name(due.recipient),
            told: Told::By(id, position),
        })
    });
    let rows: Vec<NoticeRow<'_>> = told.collect();
    let mut written = HashSet::new();
    for some in rows.chunks(ROWS) {
        insert_notices(tx, scope, some, now, &mut written).await?;
    }
    // A message whose notices were all decided before was put into the outbox then.
    let messages = (first..).zip(due).zip(&ids).filter(|(_, id)| written.contains(id.as_str()));
    let messages: Vec<NewMessage<'_>> = messages
        .map(|((number, due), id)| {
            let is_review = matches!(due.notices[0].kind, NoticeKind::Review(_));
            NewMessage {
                id,
                class: if is_review { outbox::MessageKind::Review } else { outbox::MessageKind::Reminder },
                recipient: name(due.recipient),
                alert: None,
                urgency: i64::from(due.notices[0].kind.urgency_class()),
                number,
                not_before: due.not_before,
            }
        })
        .collect();
    if !messages.is_empty() {
        outbox::insert(tx, scope, &messages, now).await?;
    }
    Ok(messages.len())
}

/// The name of a message, for life: the same notices for the same person always make the same.
fn message_id(scope: &Scope, agenda: &Agenda, recipient: &str, notices: &[Notice]) -> String {
    let mut digest = Sha256::new();
    let mut part = |text: &str| {
        digest.update(text.as_bytes());
        digest.update([0]);
    };
    part(&scope.organisation);
    part(&scope.plan);
    part(recipient);
    for notice in notices {
        part(task_of(agenda, notice).map_or("", TaskId::as_str));
        part(&notice.kind.to_string());
        part(&notice.day.to_string());
    }
    hex(&digest.finalize()[..16])
}

fn task_of<'a>(agenda: &'a Agenda, notice: &Notice) -> Option<&'a TaskId> {
    notice.task.map(|task| &agenda.school().plan.tasks[task as usize].id)
}

/// A notice on its way into its table.
struct NoticeRow<'a> {
    agenda: &'a Agenda,
    notice: &'a Notice,
    recipient: &'a str,
    told: Told<'a>,
}

/// Whether and by what a notice is told.
#[derive(Clone, Copy)]
enum Told<'a> {
    /// By a message, in which it has a place.
    By(&'a str, i64),
    /// Not at all.
    Never(Skipped),
}

/// Writes notices unless they are there, and notes by which messages the new ones are told.
async fn insert_notices<'a>(
    tx: &mut Tx,
    scope: &Scope,
    rows: &[NoticeRow<'a>],
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
    let mut query = sqlx::query(NOTICES.text(rows.len()))
        .bind(scope.organisation.as_str())
        .bind(scope.plan.as_str())
        .bind(now.as_millisecond());
    for NoticeRow { agenda, notice, recipient, told } in rows {
        let review = notice.kind.review().map(|review| review.to_string()).unwrap_or_default();
        let subject = task_of(agenda, notice).map_or(review, |task| task.as_str().to_owned());
        let (message, position, why) = match told {
            Told::By(message, position) => (Some(*message), *position, None),
            Told::Never(Skipped::Later) => (None, 0, Some(Why::Later)),
            Told::Never(Skipped::Stale) => (None, 0, Some(Why::Stale)),
        };
        query = query
            .bind(subject)
            .bind(notice.kind.to_string())
            .bind(*recipient)
            .bind(notice.day.to_string())
            .bind(notice.on.to_string())
            .bind(message)
            .bind(position)
            .bind(why.map(Why::as_str));
    }
    let new = query.execute(&mut **tx).await.doing("writing notices")?.rows_affected();
    let messages = rows.iter().filter_map(|row| match row.told {
        Told::By(message, _) => Some(message),
        Told::Never(_) => None,
    });
    if usize::try_from(new) == Ok(rows.len()) {
        written.extend(messages);
    } else {
        for message in messages {
            if tells(tx, scope, message).await? {
                written.insert(message);
            }
        }
    }
    Ok(())
}

/// Whether a notice is told by this message.
async fn tells(tx: &mut Tx, scope: &Scope, message: &str) -> Result<bool> {
    let row = sqlx::query("SELECT position FROM notice WHERE organisation = $1 AND message = $2 LIMIT 1")
        .bind(scope.organisation.as_str())
        .bind(message)
        .fetch_optional(&mut **tx)
        .await
        .doing("looking what a message tells")?;
    Ok(row.is_some())
}

/// The names of the store as numbers of the agenda.
struct Names<'a> {
    agenda: &'a Agenda,
    recipients: HashMap<&'a str, RecipientId>,
}

impl<'a> Names<'a> {
    fn new(agenda: &'a Agenda) -> Self {
        let people = &agenda.school().settings.people;
        Self { agenda, recipients: people.iter().map(|(id, recipient)| (recipient.name.as_str(), id)).collect() }
    }

    /// The notice of a row; `None` where its task or recipient is no longer known.
    fn recorded(&self, row: &sqlx::any::AnyRow) -> Result<Option<NoticeKey>> {
        let kind: NoticeKind = parsed("notice", "a kind of notice", text(row, "kind")?)?;
        let task = match kind {
            NoticeKind::Review(_) => None,
            _ => match self.agenda.position(&TaskId::new(&text(row, "subject")?)) {
                Some(task) => u32::try_from(task).ok(),
                None => return Ok(None),
            },
        };
        let recipient = self.recipients.get(text(row, "recipient")?.as_str());
        let day = date(row, "day")?;
        Ok(recipient.map(|recipient| NoticeKey { task, kind, recipient: *recipient, day }))
    }
}

async fn recorded(tx: &mut Tx, scope: &Scope, names: &Names<'_>, after: Date) -> Result<HashSet<NoticeKey>> {
    let rows = sqlx::query(
        "SELECT subject, kind, recipient, day FROM notice WHERE organisation = $1 AND plan = $2 \
         AND (on_date > $3 OR kind LIKE 'review:%')",
    )
    .bind(scope.organisation.as_str())
    .bind(scope.plan.as_str())
    .bind(after.to_string())
    .fetch_all(&mut **tx)
    .await
    .doing("reading what was decided before")?;
    rows.iter().filter_map(|row| names.recorded(row).transpose()).collect()
}

async fn told_since(
    tx: &mut Tx,
    scope: &Scope,
    names: &Names<'_>,
    since: Timestamp,
) -> Result<HashSet<(u32, RecipientId)>> {
    let rows = sqlx::query(
        "SELECT subject, kind, recipient, day FROM notice WHERE organisation = $1 AND plan = $2 \
         AND decided_at >= $3 AND state IN ('queued', 'sent')",
    )
    .bind(scope.organisation.as_str())
    .bind(scope.plan.as_str())
    .bind(since.as_millisecond())
    .fetch_all(&mut **tx)
    .await
    .doing("reading what was told today")?;
    let recorded: Vec<NoticeKey> =
        rows.iter().filter_map(|row| names.recorded(row).transpose()).collect::<Result<_>>()?;
    Ok(recorded.into_iter().filter_map(|notice| Some((notice.task?, notice.recipient))).collect())
}

/// Withdraws what waits to be told but no longer follows from the plan (rules of time, 9).
async fn withdraw_fallen(tx: &mut Tx, scope: &Scope, agenda: &Agenda, now: Timestamp) -> Result<()> {
    let names = Names::new(agenda);
    let rows = sqlx::query(
        "SELECT subject, kind, recipient, day, on_date FROM notice \
         WHERE organisation = $1 AND plan = $2 AND state = 'queued'",
    )
    .bind(scope.organisation.as_str())
    .bind(scope.plan.as_str())
    .fetch_all(&mut **tx)
    .await
    .doing("looking for notices that no longer hold")?;
    for row in &rows {
        let on = date(row, "on_date")?;
        let stands = names.recorded(row)?.is_some_and(|known| {
            let NoticeKey { task, kind, recipient, day } = known;
            agenda.stands(&Notice { task, kind, recipient, day, on })
        });
        if !stands {
            outbox::withdraw_notice(tx, scope, row, now).await?;
        }
    }
    outbox::withdraw_empty(tx, scope).await
}

/// After the clock was set back: what was skipped for dates that are now to come is forgotten, so that it can be
/// told when they come.
async fn forget_skipped_after(tx: &mut Tx, scope: &Scope, today: Date) -> Result<()> {
    sqlx::query("DELETE FROM notice WHERE organisation = $1 AND plan = $2 AND state = 'skipped' AND on_date > $3")
        .bind(scope.organisation.as_str())
        .bind(scope.plan.as_str())
        .bind(today.to_string())
        .execute(&mut **tx)
        .await
        .doing("taking up what a wrong clock skipped")?;
    Ok(())
}

async fn read_mark(tx: &mut Tx, scope: &Scope) -> Result<Option<Date>> {
    let row = sqlx::query("SELECT value FROM mark WHERE organisation = $1 AND plan = $2 AND name = $3")
        .bind(scope.organisation.as_str())
        .bind(scope.plan.as_str())
        .bind(REMINDED_THROUGH)
        .fetch_optional(&mut **tx)
        .await
        .doing("reading how far it has looked")?;
    row.map(|row| parsed("mark", "a date", text(&row, "value")?)).transpose()
}

async fn write_mark(tx: &mut Tx, scope: &Scope, through: Date) -> Result<()> {
    sqlx::query(
        "INSERT INTO mark (organisation, plan, name, value) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (organisation, plan, name) DO UPDATE SET value = excluded.value",
    )
    .bind(scope.organisation.as_str())
    .bind(scope.plan.as_str())
    .bind(REMINDED_THROUGH)
    .bind(through.to_string())
    .execute(&mut **tx)
    .await
    .doing("noting how far it has looked")?;
    Ok(())
}
