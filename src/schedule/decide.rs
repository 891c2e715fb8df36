//! What goes out now, and what is not told and why (rules of time, 8 to 10).

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan, ZonedDateTime};

use crate::calendar::instant;
use crate::people::RecipientId;

use super::days::Day;
use super::opening::{is_open, next_morning};
use super::reminders::Considered;
use super::{Agenda, Notice, NoticeKind, Review, ReviewId, Skipped, TaskStates};

/// How late after its moment a review still counts as on time, whatever the hour: wake-ups come once a minute, and a
/// slow disk may hold one up. A later one is caught up in the hours of reminders.
const ON_TIME_TOLERANCE: SignedDuration = SignedDuration::from_mins(15);
/// How many days a day off, a weekday for superiors or a long holiday may move a notice from where it was recorded.
const MOVED_DAYS: i64 = 31;

/// The key of a notice within its plan: everything but the date to which it was moved (rules of delivery, 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NoticeKey {
    /// The task by its place in the plan; `None` for a review.
    pub task: Option<u32>,
    /// The kind.
    pub kind: NoticeKind,
    /// The recipient.
    pub recipient: RecipientId,
    /// The date that the rules give; `None` for self-checks and reviews, which their review names (rule 10).
    pub day: Option<Date>,
}

impl From<&Notice> for NoticeKey {
    fn from(notice: &Notice) -> Self {
        let day = notice.kind.review().is_none().then_some(notice.day);
        Self { task: notice.task, kind: notice.kind, recipient: notice.recipient, day }
    }
}

/// A notice that the store has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The date on which it was to go out.
    pub on: Date,
    /// Whether it was told, or waits to be.
    pub is_told: bool,
}

/// The earlier decisions that matter for a look.
#[derive(Clone, Debug, Default)]
pub struct PastDecisions {
    /// The instant at which the store began; reviews from before it are not caught up.
    pub since: Timestamp,
    /// The date of the last look at reminders; `None` at a first start.
    pub reminded_through: Option<Date>,
    /// The date up to which an earlier program decided without recording what it passed over: nothing up to then is
    /// considered again.
    pub settled_through: Option<Date>,
    /// The notices in the store that concern tasks: self-checks, and reminders with an `on` after
    /// [`look_back`](PastDecisions::look_back).
    pub recorded: HashMap<NoticeKey, Recorded>,
    /// The reviews on which anything was decided, with those for whom; `None` for somebody who is no longer known.
    pub reviews: HashMap<ReviewId, HashSet<Option<RecipientId>>>,
    /// The reviews among them that a clock made which ran ahead and was set back: who has heard of one has it, and for the
    /// others it is made in its time (rule 10).
    pub made_too_early: HashSet<ReviewId>,
    /// The tasks, by their place in the plan, of which each recipient has heard today.
    pub told_today: HashSet<(u32, RecipientId)>,
}

impl PastDecisions {
    /// The date after which recorded reminders matter for a look at `now`.
    #[must_use]
    pub fn look_back(agenda: &Agenda, reminded_through: Option<Date>, now: &ZonedDateTime) -> Date {
        let freshest = first_day_back(agenda, now.date());
        reminded_through.map_or(freshest, |through| through.min(freshest)).saturating_sub(MOVED_DAYS.days())
    }

    /// The reviews whose self-checks matter for a look that reads what was recorded after this date: a self-check is known by
    /// its review, whenever its day was (rule 10), and one whose day is over for good is considered no more.
    pub fn asking_after(agenda: &Agenda, look_back: Date) -> impl Iterator<Item = ReviewId> {
        let first = agenda.days.day(look_back);
        agenda.self_checks.iter().filter(move |check| check.on >= first).map(|check| check.review)
    }

    /// The first date whose notices a look on `today` considers (rule 10): that of the last look or, where that is
    /// earlier, the first that is not stale.
    fn first_considered(&self, agenda: &Agenda, today: Date) -> Date {
        let freshest = first_day_back(agenda, today);
        let first = self.reminded_through.map_or(freshest, |through| through.min(freshest));
        self.settled_through.and_then(|through| through.tomorrow().ok()).map_or(first, |settled| first.max(settled))
    }

    /// The latest date for which each recipient was told of each task, up to `today`: what a wrong clock told for
    /// later dates takes the place of nothing.
    fn told_last(&self, today: Date) -> HashMap<(u32, RecipientId), Date> {
        let mut latest: HashMap<(u32, RecipientId), Date> = HashMap::new();
        let told = self.recorded.iter().filter(|(_, recorded)| recorded.is_told && recorded.on <= today);
        for (key, Recorded { on, .. }) in told {
            let Some(task) = key.task else { continue };
            let known = latest.entry((task, key.recipient)).or_insert(*on);
            *known = (*known).max(*on);
        }
        latest
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

/// A notice that is not told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SkippedNotice {
    /// The notice.
    pub notice: Notice,
    /// The reason.
    pub why: Skipped,
}

/// The decision of one look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decision {
    /// The messages, reminders before reviews, each by recipient in the order of the configuration.
    pub messages: Vec<DueMessage>,
    /// The notices that were considered and are not told.
    pub skipped: Vec<SkippedNotice>,
    /// The reviews that are made, by the rules of the configuration.
    pub made: Vec<Review>,
    /// The date of this look; `None` where it looked at no reminders, or at none that an earlier look of the day did
    /// not see.
    pub reminded_through: Option<Date>,
}

impl Decision {
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
/// `states` says how far tasks are, by their place in the plan.
#[must_use]
pub fn decide(agenda: &Agenda, past: &PastDecisions, now: Timestamp, states: impl TaskStates + Copy) -> Decision {
    let settings = &agenda.school().settings;
    let local = settings.local(now);
    let open = is_open(agenda.school(), local.date(), local.time());
    let mut decision = Decision::default();
    if open {
        decide_reminders(agenda, past, &local, &states, &mut decision);
    }
    decide_reviews(agenda, past, now, open, &mut decision);
    decision
}

/// The first date whose notices a first start still sends.
fn first_day_back(agenda: &Agenda, today: Date) -> Date {
    today.saturating_sub(i64::from(agenda.school().settings.reminders.stale_after).days())
}

fn decide_reminders(
    agenda: &Agenda,
    past: &PastDecisions,
    now: &ZonedDateTime,
    states: &impl TaskStates,
    decision: &mut Decision,
) {
    let today = now.date();
    let from = past.first_considered(agenda, today);
    let mut considered = if from <= today { agenda.considered(from, today, today, states) } else { Vec::new() };
    if past.reminded_through != Some(today) {
        decision.reminded_through = Some(today);
    }
    considered.sort_by_key(|made| (made.notice.task, made.notice.recipient, Reverse(made.notice.on)));
    let choice =
        Choice { agenda, past, today, freshest: first_day_back(agenda, today), told_last: past.told_last(today) };
    let mut due = Vec::new();
    for of_one in considered
        .chunk_by(|one, other| (one.notice.task, one.notice.recipient) == (other.notice.task, other.notice.recipient))
    {
        due.extend(choice.of_one(of_one, &mut decision.skipped));
    }
    let heard_today =
        |notice: &mut Notice| notice.task.is_some_and(|task| past.told_today.contains(&(task, notice.recipient)));
    let again = if past.told_today.is_empty() { Vec::new() } else { due.extract_if(.., heard_today).collect() };
    decision.messages.extend(messages_by_recipient(agenda, due, now.timestamp()));
    decision.messages.extend(messages_by_recipient(agenda, again, next_morning(agenda.school(), now.timestamp())));
}

/// Chooses what one person is told of one task (rules 7 and 10).
struct Choice<'a> {
    agenda: &'a Agenda,
    past: &'a PastDecisions,
    today: Date,
    freshest: Date,
    told_last: HashMap<(u32, RecipientId), Date>,
}

impl Choice<'_> {
    /// What is told of the notices of one task for one person, the latest date first; the others are added to `skipped`,
    /// but for those that were recorded before.
    fn of_one(&self, considered: &[Considered], skipped: &mut Vec<SkippedNotice>) -> Option<Notice> {
        let first = considered.first()?.notice;
        let told_last = first.task.and_then(|task| self.told_last.get(&(task, first.recipient)).copied());
        let mut told: Option<Notice> = None;
        // On the date of the notice at hand, whether a more urgent one was told before.
        let mut told_before: Option<Date> = None;
        for made in considered {
            let notice = made.notice;
            if let Some(recorded) = self.past.recorded.get(&NoticeKey::from(&notice)) {
                if recorded.is_told {
                    told_before = Some(notice.on);
                }
                continue;
            }
            if self.was_told_to_owner(made) {
                continue;
            }
            let why = made.skipped.or_else(|| {
                let is_later_told = told_last.is_some_and(|last| last > notice.on);
                if told.is_some_and(|told| told.on > notice.on) || is_later_told {
                    Some(Skipped::Later)
                } else if told_before == Some(notice.on) || told.is_some() {
                    Some(Skipped::Urgent)
                } else {
                    (notice.on < self.freshest).then_some(Skipped::Stale)
                }
            });
            match why {
                Some(why) => skipped.push(SkippedNotice { notice, why }),
                None => told = Some(notice),
            }
        }
        told
    }

    /// Whether a notice for somebody who stood in was told before that was known, and is over: its owner, who is back,
    /// has it.
    fn was_told_to_owner(&self, made: &Considered) -> bool {
        let Considered { notice, owner, .. } = *made;
        let key = NoticeKey { recipient: owner, ..NoticeKey::from(&notice) };
        owner != notice.recipient
            && self.past.recorded.contains_key(&key)
            && self.agenda.school().settings.people.present(owner, self.today).contains(&owner)
    }
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
    pub fn upcoming(&self, now: Timestamp, days: i32, states: impl TaskStates + Copy) -> Vec<DueMessage> {
        let settings = &self.school().settings;
        let local = settings.local(now);
        let at = |date: Date| instant(&settings.time_zone, date, settings.reminders.at);
        let today = local.date();
        let first = if at(today) > now { today } else { today.tomorrow().unwrap_or(today) };
        let mut notices = self.notices(first, today.saturating_add(days.days()), states);
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
            messages.extend(review.notices(self).map(|notice| {
                let (recipient, notices) = (notice.recipient, vec![notice]);
                DueMessage { recipient, not_before: review.at, notices }
            }));
        }
        messages.sort_by_key(|message| (message.not_before, message.recipient));
        let mut seen = HashSet::new();
        messages.retain(|message| seen.insert(message.recipient));
        messages
    }
}

fn decide_reviews(agenda: &Agenda, past: &PastDecisions, now: Timestamp, open: bool, decision: &mut Decision) {
    let over: Vec<&Review> =
        agenda.reviews().iter().filter(|review| past.since <= review.at && review.at <= now).collect();
    let mut messages = Vec::new();
    // By the rules of the configuration, and of each by date.
    for of_rule in over.chunk_by(|one, other| one.rule == other.rule) {
        let Some((latest, earlier)) = of_rule.split_last() else { continue };
        let is_decided = |review: &Review| past.has_decided(agenda, review);
        for review in earlier.iter().filter(|review| !is_decided(review)) {
            let skipped = past.undecided(agenda, review).map(|notice| SkippedNotice { notice, why: Skipped::Later });
            decision.skipped.extend(skipped);
        }
        let on_time = now.duration_since(latest.at) <= ON_TIME_TOLERANCE;
        if !is_decided(latest) && (on_time || open) {
            let message =
                |notice: Notice| DueMessage { recipient: notice.recipient, not_before: now, notices: vec![notice] };
            messages.extend(past.undecided(agenda, latest).map(message));
            decision.made.push((*latest).clone());
        }
    }
    // Of one review that several rules make for somebody, the first.
    let mut seen = HashSet::new();
    messages.retain(|message| message.notices.iter().all(|notice| seen.insert(NoticeKey::from(notice))));
    decision.skipped.retain(|skipped| skipped.notice.task.is_some() || seen.insert(NoticeKey::from(&skipped.notice)));
    let kind = |message: &DueMessage| message.notices[0].kind.review().map(ReviewId::period_kind);
    messages.sort_by_key(|message| (message.recipient, kind(message)));
    decision.messages.extend(messages);
}

impl PastDecisions {
    /// Whether a review was made or left out before, for whomever. Where another rule makes the same review, what was
    /// decided for its recipients alone was decided by that.
    fn has_decided(&self, agenda: &Agenda, review: &Review) -> bool {
        let Some(decided) = self.reviews.get(&review.id) else { return false };
        if self.made_too_early.contains(&review.id) {
            return false;
        }
        let others = agenda.reviews().iter().filter(|other| other.id == review.id && other.rule != review.rule);
        let of_others: HashSet<RecipientId> = others.flat_map(|other| other.recipients(agenda)).collect();
        let own: HashSet<RecipientId> = review.recipients(agenda).collect();
        decided.iter().any(|recipient| recipient.is_none_or(|one| own.contains(&one) || !of_others.contains(&one)))
    }

    /// The notices of a review on which nothing was decided.
    fn undecided<'a>(&'a self, agenda: &'a Agenda, review: &'a Review) -> impl Iterator<Item = Notice> + 'a {
        let decided = self.reviews.get(&review.id);
        let is_decided = move |notice: &Notice| decided.is_some_and(|known| known.contains(&Some(notice.recipient)));
        review.notices(agenda).filter(move |notice| !is_decided(notice))
    }
}

impl Review {
    /// Those who get it: its recipients, or whoever stands in for them on its day.
    fn recipients<'a>(&'a self, agenda: &'a Agenda) -> impl Iterator<Item = RecipientId> + 'a {
        let people = &agenda.school().settings.people;
        self.to.iter().flat_map(|recipient| people.present(*recipient, self.on))
    }

    /// A notice for each of those who get it.
    fn notices<'a>(&'a self, agenda: &'a Agenda) -> impl Iterator<Item = Notice> + 'a {
        let mut recipients: Vec<RecipientId> = self.recipients(agenda).collect();
        recipients.sort_unstable();
        recipients.dedup();
        let kind = NoticeKind::Review(self.id);
        recipients.into_iter().map(move |recipient| Notice { task: None, kind, recipient, day: self.day, on: self.on })
    }
}
