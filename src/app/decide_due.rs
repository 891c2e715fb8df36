//! Deciding what is due: the past is read, the rules of time are asked, and what they say is written down with everything
//! that follows from it, in one transaction (rules of delivery, 1).

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use jiff::civil::{Date, Time};

use crate::calendar::instant;
use crate::people::RecipientId;
use crate::plan::TaskId;
use crate::schedule::{
    Agenda, Decision, DueMessage, Notice, NoticeKey, NoticeKind, PastDecisions, Recorded, ReportedStates, ReviewId,
    Skipped, SkippedNotice, decide,
};
use crate::school::Scope;
use crate::short_id;
use crate::store::notices::{self, DateMark, NewNotice, RecordedNotice, Told};
use crate::store::outbox::{self, MessageKind, NewMessage, NoticeState, Why};
use crate::store::{ROWS, Store, StoreError, StoreStep, Tx, attestations, progress, reviews};

use super::set_back::take_up_after_set_back;

/// What was decided and written down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Decided {
    /// How many messages were put into the outbox.
    pub messages: usize,
    /// How many notices were skipped for good.
    pub skipped: usize,
}

/// Decides what is due at `now` by the plan that is in force, and puts it into the outbox.
///
/// What was decided before is never decided again, whoever decided it; a clock that was set back is noticed, and what only
/// the wrong time skipped is taken up again.
///
/// # Errors
/// When the store fails; then nothing is written.
pub async fn decide_due(store: &Store, agenda: &Agenda, now: Timestamp) -> Result<Decided, StoreError> {
    let school = agenda.school();
    let scope = &school.scope();
    let since = store.since(&scope.organisation, now).await?;
    let mut tx = store.begin(&scope.organisation).await?;
    set_right(&mut tx, agenda, now).await?;
    let past = past(&mut tx, agenda, since, now).await?;
    let mut progress = progress::read(&mut *tx, school).await?;
    attestations::read_into(&mut progress, &mut *tx, scope).await?;
    let decision = decide(agenda, &past, now, ReportedStates { school, progress: &progress });
    let decided = write(&mut tx, agenda, &decision, now).await?;
    tx.commit(StoreStep::KeepDecision).await?;
    Ok(decided)
}

/// Takes up what a clock that ran ahead decided, and sets its marks right.
async fn set_right(tx: &mut Tx, agenda: &Agenda, now: Timestamp) -> Result<(), StoreError> {
    take_up_after_set_back(tx, agenda, now).await?;
    let scope = &agenda.school().scope();
    let today = agenda.school().settings.date_of(now);
    for mark in [DateMark::RemindedThrough, DateMark::SettledThrough] {
        if notices::marked(tx, scope, mark).await?.is_some_and(|through| through > today) {
            notices::set_mark(tx, scope, mark, today).await?;
        }
    }
    Ok(())
}

/// What was decided before. Writes nothing.
pub(super) async fn past(
    tx: &mut Tx,
    agenda: &Agenda,
    since: Timestamp,
    now: Timestamp,
) -> Result<PastDecisions, StoreError> {
    let scope = &agenda.school().scope();
    let local = agenda.school().settings.local(now);
    let reminded_through = marked_until(tx, scope, DateMark::RemindedThrough, local.date()).await?;
    let settled_through = marked_until(tx, scope, DateMark::SettledThrough, local.date()).await?;
    let look_back = PastDecisions::look_back(agenda, reminded_through, &local);
    let names = Names::new(agenda);
    let mut past = PastDecisions { since, reminded_through, settled_through, ..PastDecisions::default() };
    let made = reviews::made_names(tx, scope).await?;
    let asking: Vec<ReviewId> = PastDecisions::asking_after(agenda, look_back).collect();
    for notice in notices::recorded_after(tx, scope, look_back, &asking).await? {
        if let NoticeKind::Review(id) = notice.kind {
            if notice.state != NoticeState::Skipped && !made.contains(&id) {
                past.made_too_early.insert(id);
            }
            past.reviews.entry(id).or_default().insert(names.recipient(&notice));
        } else if let Some(key) = names.key(&notice) {
            let is_told = matches!(notice.state, NoticeState::Queued | NoticeState::Sent | NoticeState::Uncertain);
            past.recorded.insert(key, Recorded { on: notice.on, is_told });
        }
    }
    let midnight = |date: Date| instant(local.time_zone(), date, Time::midnight());
    let tomorrow = local.date().tomorrow().map_or(Timestamp::MAX, midnight);
    let told = notices::told_between(tx, scope, midnight(local.date()), tomorrow).await?;
    let told = told.iter().filter_map(|notice| names.key(notice));
    past.told_today = told.filter_map(|key| Some((key.task?, key.recipient))).collect();
    Ok(past)
}

/// A mark, not later than today: a later one is of a clock that was wrong.
async fn marked_until(tx: &mut Tx, scope: &Scope, mark: DateMark, today: Date) -> Result<Option<Date>, StoreError> {
    let marked = notices::marked(tx, scope, mark).await?;
    Ok(marked.map(|through| through.min(today)))
}

/// Writes down what was decided.
async fn write(tx: &mut Tx, agenda: &Agenda, decision: &Decision, now: Timestamp) -> Result<Decided, StoreError> {
    let scope = &agenda.school().scope();
    let anything_waits = outbox::anything_waits(tx).await?;
    if anything_waits {
        withdraw_older(tx, agenda, decision, now).await?;
    }
    let mut messages = 0;
    for (first, due) in (0..).step_by(ROWS).zip(decision.messages.chunks(ROWS)) {
        messages += put(tx, agenda, first, due, now).await?;
    }
    put_skipped(tx, agenda, decision, now).await?;
    if anything_waits {
        outbox::withdraw_empty(tx).await?;
    }
    for review in &decision.made {
        reviews::put(tx, scope, review).await?;
    }
    if let Some(through) = decision.reminded_through {
        notices::set_mark(tx, scope, DateMark::RemindedThrough, through).await?;
    }
    Ok(Decided { messages, skipped: decision.skipped.len() })
}

/// Withdraws what waits for the same people about the same tasks: the newer takes its place (rules of delivery, 4).
async fn withdraw_older(tx: &mut Tx, agenda: &Agenda, decision: &Decision, now: Timestamp) -> Result<(), StoreError> {
    let scope = &agenda.school().scope();
    for notice in decision.messages.iter().flat_map(|due| &due.notices) {
        if let Some(task) = task_of(agenda, notice) {
            outbox::withdraw_for(tx, scope, task, name_of(agenda, notice.recipient), now).await?;
        }
    }
    Ok(())
}

/// Puts a few messages into the outbox, with their notices; the first of them has this number. Returns how many were
/// not there yet.
async fn put(
    tx: &mut Tx,
    agenda: &Agenda,
    first: i64,
    due: &[DueMessage],
    now: Timestamp,
) -> Result<usize, StoreError> {
    let scope = &agenda.school().scope();
    let ids: Vec<String> = due.iter().map(|due| message_id(agenda, due)).collect();
    let told = due.iter().zip(&ids).flat_map(|(due, message)| {
        let placed = (0..).zip(&due.notices);
        placed.map(move |(position, notice)| new_notice(agenda, notice, Told::By { message, position }))
    });
    let told: Vec<NewNotice<'_>> = told.collect();
    let mut written = HashSet::new();
    for some in told.chunks(ROWS) {
        notices::insert(tx, scope, some, now, &mut written).await?;
    }
    // A message whose notices were all decided before was put into the outbox then.
    let new = (first..).zip(due).zip(&ids).filter(|(_, id)| written.contains(id.as_str()));
    let new: Vec<NewMessage<'_>> = new.map(|((number, due), id)| new_message(agenda, number, due, id)).collect();
    if !new.is_empty() {
        outbox::insert(tx, scope, &new, now).await?;
    }
    Ok(new.len())
}

fn new_message<'a>(agenda: &'a Agenda, number: i64, due: &DueMessage, id: &'a str) -> NewMessage<'a> {
    let kind = due.notices[0].kind;
    NewMessage {
        id,
        class: if matches!(kind, NoticeKind::Review(_)) { MessageKind::Review } else { MessageKind::Reminder },
        recipient: name_of(agenda, due.recipient),
        alert: None,
        urgency: i64::from(kind.urgency_class()),
        number,
        not_before: due.not_before,
    }
}

/// Writes down what is not told, and why.
async fn put_skipped(tx: &mut Tx, agenda: &Agenda, decision: &Decision, now: Timestamp) -> Result<(), StoreError> {
    let scope = &agenda.school().scope();
    let skipped = |skipped: &SkippedNotice| new_notice(agenda, &skipped.notice, Told::Skipped(why(skipped.why)));
    for some in decision.skipped.chunks(ROWS) {
        let rows: Vec<NewNotice<'_>> = some.iter().map(skipped).collect();
        notices::insert(tx, scope, &rows, now, &mut HashSet::new()).await?;
    }
    Ok(())
}

/// The word of the store for why something is not told.
fn why(skipped: Skipped) -> Why {
    match skipped {
        Skipped::Closed => Why::Closed,
        Skipped::Blocked => Why::Blocked,
        Skipped::Leads => Why::Leads,
        Skipped::Asked => Why::Asked,
        Skipped::Lapsed => Why::Lapsed,
        Skipped::Urgent => Why::Urgent,
        Skipped::Later => Why::Later,
        Skipped::Stale => Why::Stale,
    }
}

fn new_notice<'a>(agenda: &'a Agenda, notice: &Notice, told: Told<'a>) -> NewNotice<'a> {
    NewNotice {
        task: task_of(agenda, notice),
        kind: notice.kind,
        recipient: name_of(agenda, notice.recipient),
        day: notice.day,
        on: notice.on,
        told,
    }
}

/// The name of a message, for life: the same notices for the same person always make the same.
fn message_id(agenda: &Agenda, due: &DueMessage) -> String {
    let Scope { organisation, plan } = agenda.school().scope();
    let mut parts = String::new();
    let mut part = |text: &str| parts.extend([text, "\0"]);
    part(&organisation);
    part(&plan);
    part(name_of(agenda, due.recipient));
    for notice in &due.notices {
        part(task_of(agenda, notice).map_or("", TaskId::as_str));
        part(&notice.kind.to_string());
        part(&notice.day.to_string());
    }
    short_id([parts])
}

fn name_of(agenda: &Agenda, recipient: RecipientId) -> &str {
    &agenda.school().settings.people.get(recipient).name
}

fn task_of<'a>(agenda: &'a Agenda, notice: &Notice) -> Option<&'a TaskId> {
    notice.task.map(|task| &agenda.school().plan.tasks[task as usize].id)
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

    /// The recipient of a notice; `None` where they are no longer known.
    fn recipient(&self, notice: &RecordedNotice) -> Option<RecipientId> {
        self.recipients.get(notice.recipient.as_str()).copied()
    }

    /// A notice of the store; `None` where its task or recipient is no longer known.
    fn notice(&self, notice: &RecordedNotice) -> Option<Notice> {
        let recipient = self.recipient(notice)?;
        let task = match &notice.task {
            Some(task) => Some(u32::try_from(self.agenda.position(task)?).ok()?),
            None => None,
        };
        Some(Notice { task, kind: notice.kind, recipient, day: notice.day, on: notice.on })
    }

    /// The key of a notice of the store; `None` where its task or recipient is no longer known.
    fn key(&self, notice: &RecordedNotice) -> Option<NoticeKey> {
        self.notice(notice).map(|notice| NoticeKey::from(&notice))
    }
}

/// Withdraws what waits to be told but no longer follows from the plan (rules of time, 9).
pub(super) async fn withdraw_fallen(tx: &mut Tx, agenda: &Agenda, now: Timestamp) -> Result<(), StoreError> {
    let scope = &agenda.school().scope();
    let names = Names::new(agenda);
    for waiting in notices::waiting(tx, scope).await? {
        if !names.notice(&waiting).is_some_and(|notice| agenda.stands(&notice)) {
            outbox::withdraw_notice(tx, scope, &waiting, now).await?;
        }
    }
    outbox::withdraw_empty(tx).await
}
