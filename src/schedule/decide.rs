//! What goes out now, and what was missed for good (rules of time, 8 to 10).

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan, ZonedDateTime};

use crate::calendar::instant;
use crate::people::RecipientId;
use crate::progress::TaskState;

use super::days::Day;
use super::opening::is_open;
use super::{Agenda, Notice, NoticeKind, ReviewId};

/// How late after its moment a review still counts as on time, whatever the hour: wake-ups come once a minute, and a
/// slow disk may hold one up. A later one is caught up in the hours of reminders.
const ON_TIME_TOLERANCE: SignedDuration = SignedDuration::from_mins(15);

/// The key of a notice within its plan: everything but the date to which it was moved (rules of delivery, 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NoticeKey {
    /// The task by its place in the plan; `None` for a review.
    pub task: Option<u32>,
    /// The kind.
    pub kind: NoticeKind,
    /// The recipient.
    pub recipient: RecipientId,
    /// The date that the rules give.
    pub day: Date,
}

impl From<&Notice> for NoticeKey {
    fn from(notice: &Notice) -> Self {
        Self { task: notice.task, kind: notice.kind, recipient: notice.recipient, day: notice.day }
    }
}

/// The earlier decisions that matter for a look.
#[derive(Clone, Debug, Default)]
pub struct PastDecisions {
    /// The instant at which the store began; reviews from before it are not caught up.
    pub since: Timestamp,
    /// The last date whose reminders are decided; `None` at a first start.
    pub reminded_through: Option<Date>,
    /// Tasks that are new or have another timeframe than at the last look, by their place in the plan. For them
    /// this look is a first start.
    pub changed: Vec<usize>,
    /// The keys of the notices in the store: reviews, and reminders with an `on` after
    /// [`look_back`](PastDecisions::look_back).
    pub recorded: HashSet<NoticeKey>,
    /// The tasks, by their place in the plan, of which each recipient has heard today.
    pub told_today: HashSet<(u32, RecipientId)>,
}

impl PastDecisions {
    /// The date after which recorded notices matter for a look at `now`.
    #[must_use]
    pub fn look_back(agenda: &Agenda, reminded_through: Option<Date>, changed: &[usize], now: &ZonedDateTime) -> Date {
        let floor = first_day_back(agenda, now.date()).yesterday().unwrap_or(Date::MIN);
        match reminded_through {
            Some(through) if changed.is_empty() => through,
            Some(through) => through.min(floor),
            None => floor,
        }
    }
}

/// A message that is due: the notices of one recipient at one moment (rule 8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueMessage {
    /// The recipient.
    pub recipient: RecipientId,
    /// The earliest instant of sending.
    pub not_before: Timestamp,
    /// The notices, the most urgent first; a review is alone.
    pub notices: Vec<Notice>,
}

/// The decision of one look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decision {
    /// The messages, reminders before reviews, each by recipient in the order of the configuration.
    pub messages: Vec<DueMessage>,
    /// The missed notices that are no longer told.
    pub skipped: Vec<Notice>,
    /// The last date whose reminders are now decided; `None` where this look decided nothing.
    pub reminded_through: Option<Date>,
}

/// The reason why a missed notice is not told (rule 10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Skipped {
    /// A later one of the same task, or the review of a later period, takes its place.
    Later,
    /// It is the latest of its task, but older than `reminders.stale_after`.
    Stale,
}

impl Decision {
    /// The reason for each notice in `skipped`.
    pub fn why_skipped(&self, agenda: &Agenda, today: Date) -> impl Fn(&Notice) -> Skipped {
        let freshest = first_day_back(agenda, today);
        let mut latest: HashMap<(u32, RecipientId), Date> = HashMap::new();
        for notice in self.messages.iter().flat_map(|message| &message.notices).chain(&self.skipped) {
            let Some(task) = notice.task else { continue };
            let known = latest.entry((task, notice.recipient)).or_insert(notice.on);
            *known = notice.on.max(*known);
        }
        // A review is only ever skipped for a later one.
        move |notice| {
            let is_latest = notice.task.is_some_and(|task| latest.get(&(task, notice.recipient)) <= Some(&notice.on));
            if is_latest && notice.on < freshest { Skipped::Stale } else { Skipped::Later }
        }
    }

    /// Whether there is nothing to record.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.messages.is_empty() && self.skipped.is_empty() && self.reminded_through.is_none()
    }
}

/// Decides what goes out at `now`.
///
/// Reminders are decided only while they may go out: on a working day from `reminders.at` to `reminders.until`. Notices
/// that fall due or are found missing at other times wait for the next such moment, so that only the latest of a task
/// is told then (rules 7 and 10). Reviews go out at their own time; missed ones go out in the same hours as reminders.
/// `status` says how far a task is, by its place in the plan.
#[must_use]
pub fn decide<S: Into<TaskState>>(
    agenda: &Agenda,
    past: &PastDecisions,
    now: Timestamp,
    status: impl Fn(usize) -> S,
) -> Decision {
    let settings = &agenda.school().settings;
    let local = settings.local(now);
    let open = is_open(agenda.school(), local.date(), local.time());
    let mut decision = Decision::default();
    if open {
        decide_reminders(agenda, past, &local, status, &mut decision);
    }
    decide_reviews(agenda, past, now, open, &mut decision);
    decision
}

/// The first date whose notices a first start still sends.
fn first_day_back(agenda: &Agenda, today: Date) -> Date {
    today.saturating_sub(i64::from(agenda.school().settings.reminders.stale_after).days())
}

fn decide_reminders<S: Into<TaskState>>(
    agenda: &Agenda,
    past: &PastDecisions,
    now: &ZonedDateTime,
    status: impl Fn(usize) -> S,
    decision: &mut Decision,
) {
    let today = now.date();
    let freshest = first_day_back(agenda, today);
    let from = past.reminded_through.map_or(freshest, |through| through.tomorrow().unwrap_or(through));
    let mut missed = if from <= today { agenda.notices(from, today, &status) } else { Vec::new() };
    if from > freshest && !past.changed.is_empty() {
        let to = from.yesterday().unwrap_or(from).min(today);
        missed.extend(agenda.notices_of(&past.changed, freshest, to, &status));
    }
    if past.reminded_through != Some(today) {
        decision.reminded_through = Some(today);
    }

    // Of notices missed on several dates the latest stays; within one date rule 7 has chosen already.
    let mut due = if from == today && past.changed.is_empty() {
        missed
    } else {
        let (latest, skipped) = latest_of_each(missed, freshest);
        decision.skipped.extend(skipped);
        latest
    };
    if !past.recorded.is_empty() {
        let is_new = |notice: &Notice| !past.recorded.contains(&NoticeKey::from(notice));
        due.retain(is_new);
        decision.skipped.retain(is_new);
    }
    let heard_today =
        |notice: &mut Notice| notice.task.is_some_and(|task| past.told_today.contains(&(task, notice.recipient)));
    let again = if past.told_today.is_empty() { Vec::new() } else { due.extract_if(.., heard_today).collect() };
    decision.messages.extend(messages_by_recipient(agenda, due, now.timestamp()));
    decision.messages.extend(messages_by_recipient(agenda, again, next_send_time(agenda, now)));
}

/// Splits the missed notices into the latest of each task and person, where that is not older than `freshest`, and all
/// the others.
fn latest_of_each(mut missed: Vec<Notice>, freshest: Date) -> (Vec<Notice>, Vec<Notice>) {
    missed.sort_by_key(|notice| (notice.task, notice.recipient, Reverse(notice.on)));
    let mut told = None;
    missed.into_iter().partition(|notice| {
        let pair = Some((notice.task, notice.recipient));
        std::mem::replace(&mut told, pair) != pair && notice.on >= freshest
    })
}

/// One message for each recipient, its notices most urgent first, then by due date, then in the plan's order.
fn messages_by_recipient(agenda: &Agenda, notices: Vec<Notice>, not_before: Timestamp) -> Vec<DueMessage> {
    let order = |notice: &Notice| {
        let due = notice.task.and_then(|task| agenda.entries[task as usize].due).unwrap_or(Day::MAX);
        // Days count from 0, so that they keep their order as unsigned numbers.
        let due = u32::try_from(due).unwrap_or(0);
        let parts = [notice.recipient.0, notice.kind.rank(), due, notice.task.unwrap_or(u32::MAX)];
        parts.into_iter().fold(0_u128, |order, part| order << 32 | u128::from(part))
    };
    let mut ordered: Vec<(u128, Notice)> = notices.into_iter().map(|notice| (order(&notice), notice)).collect();
    ordered.sort_unstable_by_key(|(order, _)| *order);
    ordered
        .chunk_by(|(_, one), (_, next)| one.recipient == next.recipient)
        .map(|chunk| DueMessage {
            recipient: chunk[0].1.recipient,
            not_before,
            notices: chunk.iter().map(|(_, notice)| *notice).collect(),
        })
        .collect()
}

impl Agenda {
    /// The next message of each recipient after `now` and within `days`, by time, if nothing is reported or changed
    /// until then.
    pub fn upcoming<S: Into<TaskState>>(
        &self,
        now: Timestamp,
        days: i32,
        status: impl Fn(usize) -> S,
    ) -> Vec<DueMessage> {
        let settings = &self.school().settings;
        let local = settings.local(now);
        let at = |date: Date| instant(&settings.time_zone, date, settings.reminders.at);
        let today = local.date();
        let first = if at(today) > now { today } else { today.tomorrow().unwrap_or(today) };
        let mut notices = self.notices(first, today.saturating_add(days.days()), status);
        let mut earliest: HashMap<RecipientId, Date> = HashMap::new();
        for notice in &notices {
            let known = earliest.entry(notice.recipient).or_insert(notice.on);
            *known = notice.on.min(*known);
        }
        notices.retain(|notice| earliest[&notice.recipient] == notice.on);
        let mut messages = messages_by_recipient(self, notices, now);
        for message in &mut messages {
            message.not_before = at(message.notices[0].on);
        }
        let reviews = self.reviews().iter().filter(|review| review.at > now);
        for review in reviews {
            for recipient in review.to.iter().flat_map(|to| settings.people.present(*to, review.on)) {
                let kind = NoticeKind::Review(review.id);
                let notice = Notice { task: None, kind, recipient, day: review.day, on: review.on };
                messages.push(DueMessage { recipient, not_before: review.at, notices: vec![notice] });
            }
        }
        messages.sort_by_key(|message| (message.not_before, message.recipient));
        let mut seen = HashSet::new();
        messages.retain(|message| seen.insert(message.recipient));
        messages
    }
}

/// The next `reminders.at` of a working day after today.
fn next_send_time(agenda: &Agenda, now: &ZonedDateTime) -> Timestamp {
    let settings = &agenda.school().settings;
    let tomorrow = now.date().tomorrow().unwrap_or(now.date());
    instant(&settings.time_zone, settings.working_days.on_or_after(tomorrow), settings.reminders.at)
}

fn decide_reviews(agenda: &Agenda, past: &PastDecisions, now: Timestamp, open: bool, decision: &mut Decision) {
    let people = &agenda.school().settings.people;
    let mut pending: Vec<(Timestamp, Notice)> = Vec::new();
    for review in agenda.reviews().iter().filter(|review| past.since <= review.at && review.at <= now) {
        let present = review.to.iter().flat_map(|recipient| people.present(*recipient, review.on));
        pending.extend(present.map(|recipient| {
            let kind = NoticeKind::Review(review.id);
            (review.at, Notice { task: None, kind, recipient, day: review.day, on: review.on })
        }));
    }
    // For each recipient and period kind, the latest first.
    let period_kind = |notice: &Notice| notice.kind.review().map(ReviewId::period_kind);
    pending.sort_by_key(|(at, notice)| (notice.recipient, period_kind(notice), Reverse(*at)));
    pending.dedup_by_key(|(_, notice)| *notice);
    let mut told = None;
    for (at, notice) in pending {
        let pair = (notice.recipient, period_kind(&notice));
        let is_latest = told != Some(pair);
        told = Some(pair);
        if past.recorded.contains(&NoticeKey::from(&notice)) {
            continue;
        }
        let on_time = now.duration_since(at) <= ON_TIME_TOLERANCE;
        if !is_latest {
            decision.skipped.push(notice);
        } else if on_time || open {
            decision.messages.push(DueMessage { recipient: notice.recipient, not_before: now, notices: vec![notice] });
        }
    }
}
