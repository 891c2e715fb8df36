//! What a review needs that is not in the plan: what changed, what did not arrive, what was handed in and asked for; all as of
//! the review's moment (rules of time, 11).

use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp, ZonedDateTime};

use crate::calendar::instant;
use crate::compose::ComposeError;
use crate::language::Said;
use crate::plan::TaskId;
use crate::progress::evidence::Evidence;
use crate::progress::{Progress, TimeRequest};
use crate::review::{PastFigures, PlanChange, Reminded, ReviewInput, Undelivered};
use crate::schedule::{Agenda, Review};
use crate::school::School;
use crate::store::outbox::MessageKind;
use crate::store::reviews::MadeReview;
use crate::store::sent::SentReminder;
use crate::store::{Store, StoreError};

use super::plan_history::{plan_at, plan_changes};

/// What a review says, as of its moment.
#[derive(Clone)]
pub(super) struct ReviewFacts {
    /// The school with the plan as it was.
    school: School,
    progress: Progress,
    changes: Vec<PlanChange>,
    undelivered: Vec<Undelivered>,
    evidence: Vec<Evidence>,
    requests: Vec<TimeRequest>,
    open_answers: usize,
    reminded: Vec<(TaskId, Reminded)>,
    /// What the review before said.
    before: Option<PastFigures>,
    span: ReviewSpan,
}

/// The period of a review, and the instants between which lies what it tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct ReviewSpan {
    from: Date,
    through: Date,
    /// The last day of the next period of its kind; `None` for the last.
    next_to: Option<Date>,
    /// What came up to this instant was told by the review before it; `None` for the first.
    after: Option<Timestamp>,
    /// Its moment, or the present where that is earlier.
    moment: Timestamp,
}

impl ReviewSpan {
    /// The span of a review at `now`; `made` are those of the plan that were made, by their moment.
    fn of(agenda: &Agenda, review: &Review, made: &[MadeReview], now: Timestamp) -> Self {
        let own = made.iter().find(|made| made.id == review.id);
        let (from, through) = own.and_then(|own| own.period).unwrap_or((review.from, review.through));
        let moment = own.map_or(review.at, |own| own.at).min(now);
        let before =
            made.iter().rfind(|other| other.id != review.id && other.id.is_of_one_kind(review.id) && other.at < moment);
        let next_to = agenda.review_after(review).map(|next| next.through);
        Self { from, through, next_to, after: before.map(|before| before.at), moment }
    }
}

impl ReviewFacts {
    /// All that a review says.
    pub(super) fn of<'f>(&'f self, review: &Review) -> ReviewInput<'f> {
        let Self { school, progress, changes, undelivered, evidence, requests, open_answers, reminded, .. } = self;
        let span = &self.span;
        let ReviewSpan { from, through, next_to, moment, .. } = *span;
        ReviewInput {
            school,
            progress,
            changes,
            undelivered,
            evidence,
            requests,
            open_answers: *open_answers,
            id: review.id,
            from,
            to: through,
            next_to,
            after: span.told_up_to(school),
            before: self.before.as_ref(),
            reminded,
            moment,
            today: school.settings.date_of(moment),
        }
    }

    /// The moment of the review, in the school's time zone.
    pub(super) fn moment(&self) -> ZonedDateTime {
        self.school.settings.local(self.span.moment)
    }
}

impl ReviewSpan {
    /// Up to when everything was told: by the review before, or before the plan was issued.
    fn told_up_to(&self, school: &School) -> Timestamp {
        let issued = || instant(&school.settings.time_zone, school.plan.issued, Time::midnight());
        self.after.unwrap_or_else(|| after(issued(), -1))
    }
}

/// Why a review could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A template failed.
    #[error(transparent)]
    Compose(#[from] ComposeError),
}

/// What `write` makes of a review as of its moment, or as it is at `now` where that is to come: to look at or to file.
///
/// # Errors
/// When the store fails or a template does.
pub async fn review<T>(
    agenda: &Agenda,
    store: &Store,
    review: &Review,
    now: Timestamp,
    write: impl FnOnce(&ReviewInput<'_>, &ZonedDateTime) -> Result<T, ComposeError>,
) -> Result<T, ReviewError> {
    let facts = review_facts(agenda, store, review, now).await?;
    Ok(write(&facts.of(review), &facts.moment())?)
}

/// Reads what a review says, as of its moment or, where that is to come, as it is at `now`.
pub(super) async fn review_facts(
    agenda: &Agenda,
    store: &Store,
    review: &Review,
    now: Timestamp,
) -> Result<ReviewFacts, StoreError> {
    let school = agenda.school();
    let scope = &school.scope();
    let span = ReviewSpan::of(agenda, review, &store.made_reviews(scope).await?, now);
    let moment = span.moment;
    let (first, end) = (after(span.told_up_to(school), 1), after(moment, 1));
    let asked = store.time_requests(scope).await?;
    let requests: Vec<TimeRequest> = asked
        .iter()
        .enumerate()
        .filter_map(|(place, request)| request.at_moment(moment, asked.get(place + 1..).unwrap_or_default()))
        .collect();
    let changes = store.changes(scope, first, end).await?;
    let changes = plan_changes(changes, &requests, |at| school.settings.date_of(at));
    let since = store.changes(scope, end, Timestamp::MAX).await?;
    let gone = if since.is_empty() { Vec::new() } else { store.tasks_gone(scope).await? };
    let mut evidence = store.evidence(scope).await?;
    evidence.retain(|piece| piece.at <= moment);
    let progress = store.progress(agenda.school()).await?;
    let before = match span.after {
        Some(at) => Some(figures_at(store, school, review, &progress, at).await?),
        None => None,
    };
    let reminded = reminded(&store.reminders_sent(scope, moment).await?, school);
    let (school_then, progress) = (plan_at(school, &since, &gone), progress.until(moment));
    Ok(ReviewFacts {
        progress: led_as_in(&school_then, progress),
        school: school_then,
        reminded,
        before,
        changes,
        undelivered: undelivered(store, school, first, end).await?,
        evidence,
        requests,
        open_answers: store.open_answers_at(&scope.organisation, moment).await?,
        span,
    })
}

/// What a review that was made at an instant said of the tasks.
async fn figures_at(
    store: &Store,
    school: &School,
    review: &Review,
    progress: &Progress,
    at: Timestamp,
) -> Result<PastFigures, StoreError> {
    let scope = &school.scope();
    let since = store.changes(scope, after(at, 1), Timestamp::MAX).await?;
    let gone = if since.is_empty() { Vec::new() } else { store.tasks_gone(scope).await? };
    let school = plan_at(school, &since, &gone);
    let progress = led_as_in(&school, progress.until(at));
    let today = school.settings.date_of(at);
    Ok(PastFigures::of(&ReviewInput {
        school: &school,
        progress: &progress,
        changes: &[],
        undelivered: &[],
        evidence: &[],
        requests: &[],
        open_answers: 0,
        id: review.id,
        from: today,
        to: today,
        next_to: None,
        after: at,
        before: None,
        reminded: &[],
        moment: at,
        today,
    }))
}

/// Reports as they count where the tasks of this school's plan are led by those whom it names.
fn led_as_in(school: &School, mut progress: Progress) -> Progress {
    school.note_leads(&mut progress);
    progress
}

/// How often each task was reminded of, by days.
pub(super) fn reminded(sent: &[SentReminder], school: &School) -> Vec<(TaskId, Reminded)> {
    let mut reminded: Vec<(TaskId, Reminded)> = Vec::new();
    for SentReminder { task, at, channel } in sent {
        let day = school.settings.date_of(*at);
        match reminded.iter_mut().find(|(known, _)| known == task) {
            Some((_, told)) => {
                told.times += usize::from(told.last != day);
                (told.last, told.over) = (day, channel.clone());
            }
            None => reminded.push((task.clone(), Reminded { times: 1, last: day, over: channel.clone() })),
        }
    }
    reminded
}

/// The reminders and reviews that were given up from `first` up to, but not at, `end`.
async fn undelivered(
    store: &Store,
    school: &School,
    first: Timestamp,
    end: Timestamp,
) -> Result<Vec<Undelivered>, StoreError> {
    let dead = store.dead(&school.scope(), first, end).await?;
    let dead = dead.into_iter().filter(|dead| matches!(dead.class, MessageKind::Reminder | MessageKind::Review));
    let undelivered = dead.map(|dead| Undelivered {
        on: school.settings.date_of(dead.at),
        recipient: dead.recipient,
        tasks: dead.tasks,
        reason: dead.reason.said_in(school.settings.admin_language()),
        may_have_arrived: dead.may_have_arrived,
    });
    Ok(undelivered.collect())
}

/// So many milliseconds after an instant: the store keeps instants by the millisecond.
fn after(at: Timestamp, milliseconds: i64) -> Timestamp {
    at.saturating_add(SignedDuration::from_millis(milliseconds)).unwrap_or(at)
}
