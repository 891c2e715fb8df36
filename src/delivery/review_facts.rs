//! What a review needs that is not in the plan: what changed, what did not arrive, what was handed in and asked for.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};

use crate::calendar::instant;
use crate::compose::ComposeError;
use crate::plan::{Period, TaskId};
use crate::progress::evidence::Evidence;
use crate::progress::{Progress, TimeRequest};
use crate::review::{PlanChange, ReviewInput, TaskChange, Undelivered};
use crate::schedule::{Agenda, Review};
use crate::store::outbox::MessageKind;
use crate::store::plans::ChangeKind;
use crate::store::{Store, StoreError};

/// What a review needs that is not in the plan.
#[derive(Clone)]
pub(super) struct ReviewFacts {
    changes: Vec<PlanChange>,
    undelivered: Vec<Undelivered>,
    evidence: Vec<Evidence>,
    requests: Vec<TimeRequest>,
    open_answers: usize,
}

impl ReviewFacts {
    /// All that a review says, with the progress until `today`.
    pub(super) fn of<'f>(
        &'f self,
        agenda: &'f Agenda,
        review: &Review,
        progress: &'f Progress,
        today: Date,
    ) -> ReviewInput<'f> {
        ReviewInput {
            school: agenda.school(),
            progress,
            changes: &self.changes,
            undelivered: &self.undelivered,
            evidence: &self.evidence,
            requests: &self.requests,
            open_answers: self.open_answers,
            id: review.id,
            from: review.from,
            to: review.day,
            next_to: agenda.review_after(review).map(|next| next.day),
            today,
        }
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

/// What `write` makes of a review as it is at `now`: to look at or to file.
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
    let progress = store.progress(agenda.school()).await?;
    let at = now.to_zoned_datetime(agenda.school().settings.time_zone.clone());
    Ok(write(&facts.of(agenda, review, &progress, at.date()), &at)?)
}

/// The first instant of a span of dates in a zone, and the one after its last.
fn instants(from: Date, to: Date, zone: &TimeZone) -> (Timestamp, Timestamp) {
    let midnight = |date| instant(zone, date, Time::midnight());
    (midnight(from), midnight(to.tomorrow().unwrap_or(to)))
}

/// Reads what a review needs as it is at `now`.
pub(super) async fn review_facts(
    agenda: &Agenda,
    store: &Store,
    review: &Review,
    now: Timestamp,
) -> Result<ReviewFacts, StoreError> {
    let scope = &agenda.school().scope();
    let zone = &agenda.school().settings.time_zone;
    let (from, to) = instants(review.from, review.day, zone);
    let to = to.max(now);
    let changes = store.changes(scope, from, to).await?;
    let dead = store.dead(scope, from, to).await?;
    let date = |at: Timestamp| at.to_zoned_datetime(zone.clone()).date();
    let requests = store.time_requests(scope).await?;
    let why = |change: &ChangeKind, task: &TaskId, to: Option<Period>| {
        let granted = requests.iter().filter(|request| request.accepted().is_some() && request.task == *task);
        let asked = granted.rev().find(|request| Some(request.due) == to.map(|period| period.due));
        asked.filter(|_| *change == ChangeKind::Moved).map(|request| request.why.clone())
    };
    Ok(ReviewFacts {
        changes: changes
            .into_iter()
            .filter_map(|change| {
                let what = match change.kind {
                    ChangeKind::Added => TaskChange::Added,
                    ChangeKind::Removed => TaskChange::Removed,
                    ChangeKind::Moved => TaskChange::Moved { from: change.old, to: change.new },
                    ChangeKind::Reworded => TaskChange::Reworded,
                    // Another number of the same work is no change of the plan.
                    ChangeKind::Renumbered => return None,
                };
                let why = why(&change.kind, &change.task, change.new);
                Some(PlanChange { at: date(change.at), why, task: change.task, name: change.name, what })
            })
            .collect(),
        undelivered: dead
            .into_iter()
            .filter(|dead| matches!(dead.class, MessageKind::Reminder | MessageKind::Review))
            .map(|dead| Undelivered {
                on: date(dead.at),
                recipient: dead.recipient,
                tasks: dead.tasks,
                reason: dead.reason,
                may_have_arrived: dead.may_have_arrived,
            })
            .collect(),
        evidence: store.evidence(scope).await?,
        requests,
        open_answers: store.open_answers(&scope.organisation).await?.len(),
    })
}
