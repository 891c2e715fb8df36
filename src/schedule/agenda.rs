//! A plan and its settings, prepared so that a look at one day costs next to nothing.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use jiff::civil::{Date, Weekday};
use jiff::{Timestamp, ToSpan};

use crate::calendar::instant;
use crate::config::{Coordinators, Overdue, Settings};
use crate::people::RecipientId;
use crate::plan::{Recurrence, Task, TaskId, WorkPeriod};
use crate::school::School;

use super::days::{Day, Days};
use super::reviews::{self, Review};
use super::{Notice, NoticeKind, ReviewId};

/// How many years from the school year a date may lie and still make notices. A date further away is a slip of the pen,
/// as a rule.
const HORIZON_YEARS: i64 = 20;

/// A plan and its settings, prepared for deciding.
///
/// It is made once, when plan or settings change, and then answers every question about time without looking at either
/// again.
#[derive(Clone, Debug)]
pub struct Agenda {
    pub(super) school: Arc<School>,
    pub(super) days: Days,
    pub(super) entries: Vec<AgendaEntry>,
    pub(super) rules: Rules,
    reviews: Vec<Review>,
    /// The self-checks, by their day.
    pub(super) self_checks: Vec<SelfCheck>,
    recipients: Vec<RecipientId>,
    positions: HashMap<TaskId, usize>,
}

/// A task as the table of days has it.
#[derive(Clone, Debug)]
pub(super) struct AgendaEntry {
    /// The first day, where the timeframe has one.
    pub(super) start: Option<Day>,
    /// The last day, unless the timeframe is unresolved.
    pub(super) due: Option<Day>,
    /// The days on which reminders of the timeframe can go out; empty where there are none.
    active: Range<Day>,
    leads: Range<u32>,
    coordinators: Range<u32>,
    /// How often it recurs, and the periods of its span.
    recurrence: Option<Recurrence>,
    work_periods: Vec<WorkPeriod>,
}

/// A self-check as the table of days has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SelfCheck {
    /// The day on which owners are asked.
    pub(super) on: Day,
    /// The review before which they are asked.
    pub(super) review: ReviewId,
    /// The day on which that is made.
    pub(super) lapses: Day,
    /// The latest due date of a task that is asked about; `None` where every task is.
    pub(super) due_up_to: Option<Day>,
    /// The last day of the period of the review.
    through: Date,
}

impl SelfCheck {
    fn of(review: &Review, days: &Days) -> Option<Self> {
        Some(Self {
            on: days.day(review.ask_on?),
            review: review.id,
            lapses: days.day(review.on),
            due_up_to: review.asks_up_to().map(|date| days.day(date)),
            through: review.through,
        })
    }

    /// Whether it asks about a task (rules 12 and 14), whoever leads it.
    pub(super) fn asks_about(&self, entry: &AgendaEntry) -> bool {
        let has_started = entry.start.is_none_or(|start| start <= self.on);
        let concerns = self.due_up_to.is_none_or(|latest| entry.due.is_some_and(|due| due <= latest));
        has_started && (concerns || self.work_period(entry).is_some())
    }

    /// The period of recurring work for which it asks (rule 14).
    pub(super) fn work_period(&self, entry: &AgendaEntry) -> Option<WorkPeriod> {
        let period = asked_by(entry.recurrence?, self.review, self.through)?;
        entry.work_periods.contains(&period).then_some(period)
    }
}

/// The period for which a review asks about work that recurs so: its own; a term asks about what recurs by month for the
/// month in which it ends, `through` being its last day.
fn asked_by(recurrence: Recurrence, review: ReviewId, through: Date) -> Option<WorkPeriod> {
    match (recurrence, review) {
        (Recurrence::Month, ReviewId::Month { year, month }) => Some(WorkPeriod::Month { year, month }),
        (Recurrence::Month, ReviewId::Term(_)) => {
            Some(WorkPeriod::Month { year: through.year(), month: through.month() })
        }
        (Recurrence::Term, ReviewId::Term(number)) => Some(WorkPeriod::Term(number)),
        _ => None,
    }
}

/// The period of recurring work for which a notice about a task asks (rule 14), where it is such a question.
#[must_use]
pub fn asked_period(school: &School, task: &Task, kind: NoticeKind) -> Option<WorkPeriod> {
    let NoticeKind::SelfCheck(review) = kind else { return None };
    let year = &school.settings.school_year;
    let through = match review {
        ReviewId::Term(number) => year.term(usize::from(number)).map_or(year.end(), |(_, last)| last),
        ReviewId::Month { .. } | ReviewId::Year => year.end(),
    };
    let period = asked_by(task.recurrence?, review, through)?;
    task.work_periods(school.plan.issued, year).contains(&period).then_some(period)
}

/// The settings for reminders, expanded to the days before and after a due date.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    /// `reminders.before`, most days first.
    pub(super) before: Vec<u16>,
    /// Days after the due date of each overdue reminder, ascending.
    pub(super) overdue: Vec<u16>,
    pub(super) coordinators: Coordinators,
    /// The superiors who are told of overdue tasks, each with the occasions on which they are.
    pub(super) escalation: Vec<(RecipientId, Vec<EscalationDay>)>,
}

/// When a superior is told of an overdue task (rule 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct EscalationDay {
    /// Days after the due date.
    pub(super) days: u16,
    /// The weekday to which it is moved, from Monday as 0; `None` where it is not.
    pub(super) weekday: Option<i8>,
}

impl Agenda {
    /// Prepares the plan of `school`.
    #[must_use]
    pub fn new(school: impl Into<Arc<School>>) -> Self {
        let school = school.into();
        let settings = &school.settings;
        let rules = Rules::new(settings);
        let reviews = reviews::reviews(&school);
        let days = plan_days(&school, &rules, &reviews);
        let mut self_checks: Vec<SelfCheck> = Vec::new();
        for check in reviews.iter().filter_map(|review| SelfCheck::of(review, &days)) {
            // Where several rules make one review, its owners are asked once.
            if self_checks.iter().all(|known| known.review != check.review) {
                self_checks.push(check);
            }
        }
        self_checks.sort_unstable();
        let mut recipients = Vec::new();
        let entries =
            school.plan.tasks.iter().map(|task| entry(task, &days, &rules, &school, &mut recipients)).collect();
        let positions = school.plan.tasks.iter().enumerate().map(|(at, task)| (task.id.clone(), at)).collect();
        Self { school, days, entries, rules, reviews, self_checks, recipients, positions }
    }

    /// The plan and the settings that it was made of.
    #[must_use]
    pub fn school(&self) -> &School {
        &self.school
    }

    /// The place of a task in the plan.
    #[must_use]
    pub fn position(&self, task: &TaskId) -> Option<usize> {
        self.positions.get(task).copied()
    }

    /// Every review of the school year (rules of time, 11): by the rules of the configuration, then by date.
    #[must_use]
    pub fn reviews(&self) -> &[Review] {
        &self.reviews
    }

    /// The review of this name, of the first rule that makes it.
    #[must_use]
    pub fn review(&self, id: ReviewId) -> Option<&Review> {
        self.reviews.iter().find(|review| review.id == id)
    }

    /// The review that follows `review` by the same rule: its period begins the day after this one ended.
    #[must_use]
    pub fn review_after(&self, review: &Review) -> Option<&Review> {
        let position = self.reviews.iter().position(|other| other.id == review.id && other.rule == review.rule)?;
        self.reviews.get(position + 1).filter(|next| next.rule == review.rule)
    }

    /// Whether a notice is a question before a review that is made by `today`: it is not asked any more (rule 10).
    #[must_use]
    pub fn has_lapsed(&self, kind: NoticeKind, today: Date) -> bool {
        let NoticeKind::SelfCheck(id) = kind else { return false };
        self.review(id).is_some_and(|review| review.on <= today)
    }

    /// The next instant after `now` at which anything could be due: the next `reminders.at` or the next review.
    #[must_use]
    pub fn next_look(&self, now: Timestamp) -> Timestamp {
        let settings = &self.school.settings;
        let today = settings.date_of(now);
        let reminders = today
            .series(1.day())
            .take(3)
            .map(|day| instant(&settings.time_zone, day, settings.reminders.at))
            .find(|at| *at > now)
            .unwrap_or(Timestamp::MAX);
        let review = self.reviews.iter().map(|review| review.at).filter(|at| *at > now).min();
        review.map_or(reminders, |review| review.min(reminders))
    }

    /// Whether a notice that was decided earlier still follows from the plan (rule 9): the task has the timeframe that
    /// made it, and the recipient still has to do with the task.
    #[must_use]
    pub fn stands(&self, notice: &Notice) -> bool {
        let Some(task) = notice.task else {
            return notice.kind.review().is_some_and(|id| self.review(id).is_some());
        };
        let Some(entry) = self.entries.get(task as usize) else { return false };
        let day = self.days.day(notice.day);
        let made = match notice.kind {
            NoticeKind::Start => entry.start == Some(day),
            NoticeKind::Before(count) => entry.due.map(|due| due - Day::from(count)) == Some(day),
            NoticeKind::Overdue(count) | NoticeKind::Escalation(count) => {
                entry.due.map(|due| due + Day::from(count)) == Some(day)
            }
            NoticeKind::SelfCheck(id) => self.review(id).is_some(),
            NoticeKind::Review(_) => false,
        };
        made && self.concerns(entry, notice)
    }

    fn concerns(&self, entry: &AgendaEntry, notice: &Notice) -> bool {
        let people = &self.school.settings.people;
        let superiors = self.rules.escalation.iter().map(|(recipient, _)| recipient);
        let involved = self.leads(entry).iter().chain(self.coordinators(entry));
        match notice.kind {
            NoticeKind::Escalation(_) => superiors.copied().collect::<Vec<_>>(),
            _ => involved.copied().collect(),
        }
        .into_iter()
        .any(|recipient| {
            recipient == notice.recipient || people.present(recipient, notice.on).contains(&notice.recipient)
        })
    }

    pub(super) fn leads(&self, entry: &AgendaEntry) -> &[RecipientId] {
        &self.recipients[entry.leads.start as usize..entry.leads.end as usize]
    }

    pub(super) fn coordinators(&self, entry: &AgendaEntry) -> &[RecipientId] {
        &self.recipients[entry.coordinators.start as usize..entry.coordinators.end as usize]
    }
}

impl AgendaEntry {
    /// Whether reminders of the timeframe can go out in this window.
    pub(super) fn is_active(&self, window: &Range<Day>) -> bool {
        self.active.start < window.end && window.start < self.active.end
    }
}

impl Rules {
    fn new(settings: &Settings) -> Self {
        let reminders = &settings.reminders;
        let mut before = reminders.before.clone();
        before.sort_unstable_by(|a, b| b.cmp(a));
        before.dedup();
        let mut escalation: Vec<(RecipientId, Vec<EscalationDay>)> = Vec::new();
        for rule in &settings.escalations {
            let weekday = rule.day.map(Weekday::to_monday_zero_offset);
            for recipient in &rule.to {
                let days = repeated_days(rule.after, reminders.overdue);
                let days = days.into_iter().map(|days| EscalationDay { days, weekday }).collect::<Vec<_>>();
                match escalation.iter_mut().find(|(known, _)| known == recipient) {
                    Some((_, known)) => known.extend(days),
                    None => escalation.push((*recipient, days)),
                }
            }
        }
        for (_, days) in &mut escalation {
            days.sort_unstable();
            days.dedup();
        }
        Self {
            before,
            overdue: repeated_days(reminders.overdue.after, reminders.overdue),
            coordinators: reminders.coordinators.clone(),
            escalation,
        }
    }

    /// The most days before a due date of any reminder.
    fn farthest_before(&self) -> u16 {
        self.before.iter().chain(&self.coordinators.before).copied().max().unwrap_or(0)
    }

    /// The most days after a due date of any reminder.
    fn farthest_after(&self) -> u16 {
        // A superior may hear of it up to six days later.
        let escalation = self.escalation.iter().flat_map(|(_, days)| days).map(|told| told.days.saturating_add(6));
        self.overdue.iter().copied().chain(escalation).max().unwrap_or(0)
    }
}

/// The days `after`, `after + every` … up to the span (rules of time, 3 and 6).
fn repeated_days(after: u16, overdue: Overdue) -> Vec<u16> {
    (after..=overdue.span).step_by(usize::from(overdue.every.max(1))).collect()
}

/// The table of days for a plan: from its earliest date to its latest, with room for reminders before and after and for
/// moves to working days.
fn plan_days(school: &School, rules: &Rules, reviews: &[Review]) -> Days {
    const MARGIN_DAYS: i64 = 370;
    let year = &school.settings.school_year;
    let mut first = year.start().min(school.plan.issued);
    let mut last = year.end().max(school.plan.issued);
    for period in school.plan.tasks.iter().filter_map(Task::period) {
        first = first.min(period.start.unwrap_or(period.due)).min(period.due);
        last = last.max(period.due);
    }
    for review in reviews {
        last = last.max(review.on).max(review.asks_up_to().unwrap_or(review.on));
    }
    let before = i64::from(rules.farthest_before()) + MARGIN_DAYS;
    let after = i64::from(rules.farthest_after()) + MARGIN_DAYS;
    first = first.max(year.start().saturating_sub(HORIZON_YEARS.years())).saturating_sub(before.days());
    last = last.min(year.end().saturating_add(HORIZON_YEARS.years())).saturating_add(after.days());
    Days::new(first, last, &school.settings.working_days)
}

fn entry(task: &Task, days: &Days, rules: &Rules, school: &School, recipients: &mut Vec<RecipientId>) -> AgendaEntry {
    let (from, year) = (school.plan.issued, &school.settings.school_year);
    let mut keep = |people: &[RecipientId]| {
        // No plan names four thousand million people.
        let start = u32::try_from(recipients.len()).unwrap_or(u32::MAX);
        recipients.extend_from_slice(people);
        start..u32::try_from(recipients.len()).unwrap_or(u32::MAX)
    };
    let (leads, coordinators) = (keep(&task.leads), keep(&task.coordinators));
    let period = task.period();
    let due = period.map(|period| days.day(period.due));
    let start = period.and_then(|period| period.start).map(|start| days.day(start));
    let active = due.map_or(0..0, |due| {
        let earliest = due - Day::from(rules.farthest_before());
        let latest = due + Day::from(rules.farthest_after());
        let first = start.map_or(earliest, |start| earliest.min(start));
        days.on_or_before(first)..days.on_or_after(latest.max(start.unwrap_or(latest))) + 1
    });
    let work_periods = task.work_periods(from, year);
    AgendaEntry { start, due, active, leads, coordinators, recurrence: task.recurrence, work_periods }
}
