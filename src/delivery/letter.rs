//! A claimed message as it is true now (rules of delivery, 3): what no longer holds is left out, and what is left
//! is composed from the plan and the progress of this moment.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};

use crate::calendar::instant;
use crate::compose::{Alert, ComposeError, ComposeOptions, Composer, Content, ContentParts, Note, PlanState};
use crate::people::{Recipient, RecipientId};
use crate::plan::{Period, Status, TaskId};
use crate::progress::evidence::Evidence;
use crate::progress::{Progress, TimeRequest};
use crate::review::{PlanChange, ReviewInput, TaskChange, Undelivered};
use crate::schedule::{Agenda, Notice, NoticeKind, Review, ReviewId};
use crate::school::Scope;
use crate::store::outbox::{Claimed, MessageKind, Why};
use crate::store::plans::ChangeKind;
use crate::store::{Store, StoreError};

/// The plan and settings in force, and the store.
#[derive(Clone)]
pub(super) struct Ground {
    pub(super) agenda: Arc<Agenda>,
    pub(super) composer: Arc<Composer>,
    pub(super) scope: Scope,
    pub(super) store: Store,
}

/// What messages are composed from: read once for many, and again when somebody has reported progress. A copy, for
/// whoever composes elsewhere, costs little.
#[derive(Clone)]
pub(super) struct Letters {
    ground: Arc<Ground>,
    known: Arc<Known>,
}

/// What the store knows of tasks and reviews.
#[derive(Clone)]
struct Known {
    reports: i64,
    progress: Progress,
    revisions: HashMap<TaskId, u32>,
    requests: Vec<TimeRequest>,
    reviews: HashMap<ReviewId, ReviewFacts>,
    /// Before which instants links are void, by person; those of everybody under no name.
    void: HashMap<String, Timestamp>,
}

/// What a review needs that is not in the plan.
#[derive(Clone)]
struct ReviewFacts {
    changes: Vec<PlanChange>,
    undelivered: Vec<Undelivered>,
    evidence: Vec<Evidence>,
    requests: Vec<TimeRequest>,
    open_answers: usize,
}

impl ReviewFacts {
    fn of<'f>(&'f self, agenda: &'f Agenda, review: &Review, progress: &'f Progress, today: Date) -> ReviewInput<'f> {
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
    composer: &Composer,
    store: &Store,
    review: &Review,
    now: Timestamp,
    write: impl FnOnce(&Composer, &ReviewInput<'_>, &ZonedDateTime) -> Result<T, ComposeError>,
) -> Result<T, ReviewError> {
    let scope = agenda.school().scope();
    let facts = review_facts(agenda, &scope, store, review, now).await?;
    let progress = store.progress(&scope).await?;
    let at = now.to_zoned_datetime(agenda.school().settings.time_zone.clone());
    Ok(write(composer, &facts.of(agenda, review, &progress, at.date()), &at)?)
}

/// What is known of a message that is composed, beside what it says.
pub(super) struct Letter {
    pub(super) recipient: RecipientId,
    pub(super) subject: String,
    /// What it tells.
    pub(super) notices: Vec<Notice>,
    /// What it no longer tells, by the place in the message when that was decided, and why.
    pub(super) withdrawn: Vec<(i64, Why)>,
}

impl Letters {
    /// Reads what all messages need.
    pub(super) async fn read(ground: Ground) -> Result<Self, StoreError> {
        let Ground { store, scope, .. } = &ground;
        let known = Known {
            reports: store.report_count(scope).await?,
            progress: store.progress(scope).await?,
            revisions: store.revisions(scope).await?,
            requests: store.time_requests(scope).await?,
            reviews: HashMap::new(),
            void: store.void_links(&scope.organisation).await?,
        };
        Ok(Self { ground: Arc::new(ground), known: Arc::new(known) })
    }

    /// Takes up what was reported since, and reads what the reviews among these messages need.
    pub(super) async fn refresh(&mut self, claimed: &[Claimed], now: Timestamp) -> Result<(), StoreError> {
        let Ground { store, scope, agenda, .. } = &*self.ground;
        let reports = store.report_count(scope).await?;
        if reports != self.known.reports {
            let progress = store.progress(scope).await?;
            let known = Arc::make_mut(&mut self.known);
            (known.reports, known.progress) = (reports, progress);
        }
        if claimed.iter().any(|message| message.class == MessageKind::Note) {
            let requests = store.time_requests(scope).await?;
            Arc::make_mut(&mut self.known).requests = requests;
        }
        let ids = claimed.iter().flat_map(|message| &message.notices).filter_map(|notice| match notice.kind {
            NoticeKind::Review(id) => Some(id),
            _ => None,
        });
        for id in ids {
            if let Some(review) = agenda.review(id)
                && !self.known.reviews.contains_key(&id)
            {
                let facts = review_facts(agenda, scope, store, review, now).await?;
                Arc::make_mut(&mut self.known).reviews.insert(id, facts);
            }
        }
        Ok(())
    }

    /// The message as it is true at `now`, with these parts; `None` where nothing is left to tell.
    pub(super) fn compose(
        &self,
        message: &Claimed,
        parts: ContentParts,
        now: Timestamp,
    ) -> Result<Option<(Letter, Content)>, ComposeError> {
        let Ground { agenda, composer, scope, .. } = &*self.ground;
        let Known { progress, revisions, requests, reviews, .. } = &*self.known;
        let school = agenda.school();
        let state = PlanState { school, progress };
        let at = now.to_zoned_datetime(school.settings.time_zone.clone());
        let Some(recipient) = school.settings.people.by_name(&message.recipient) else { return Ok(None) };
        if message.plan != scope.plan {
            return Ok(None);
        }
        let occasion = ComposeOptions { now: &at, issued: self.issued(message), parts };
        let letter = |content: Content, notices, withdrawn| {
            let subject = content.subject.clone();
            Some((Letter { recipient, subject, notices, withdrawn }, content))
        };
        match message.class {
            MessageKind::Alert => {
                let Some(alert) = message.alert.as_deref().and_then(|text| serde_json::from_str::<Alert>(text).ok())
                else {
                    return Ok(None);
                };
                let content = composer.alert(school, &alert, recipient, occasion)?;
                Ok(letter(content, Vec::new(), Vec::new()))
            }
            MessageKind::Note => {
                let Some(note) = message.alert.as_deref().and_then(|text| serde_json::from_str::<Note>(text).ok())
                else {
                    return Ok(None);
                };
                let task = agenda.position(&note.task()).map(|place| &school.plan.tasks[place]);
                let Some(task) = task.filter(|_| note.holds(progress, requests)) else { return Ok(None) };
                let content = composer.note(state, &note, task, recipient, occasion)?;
                Ok(letter(content, Vec::new(), Vec::new()))
            }
            MessageKind::Review => {
                let (notices, withdrawn) = self.standing(message, recipient);
                let review = notices.first().and_then(|notice| notice.kind.review());
                let Some(review) = review.and_then(|id| agenda.review(id)) else { return Ok(None) };
                let facts = reviews[&review.id].of(agenda, review, progress, at.date());
                let content = composer.review(&facts, recipient, occasion)?;
                Ok(letter(content, notices, withdrawn))
            }
            MessageKind::Reminder => {
                let (notices, withdrawn) = self.standing(message, recipient);
                if notices.is_empty() {
                    return Ok(None);
                }
                let content = composer.reminder(state, revisions, recipient, &notices, occasion)?;
                Ok(letter(content, notices, withdrawn))
            }
        }
    }

    /// When the links of a message are issued: with the message, or with the links that were made void since.
    fn issued(&self, message: &Claimed) -> Timestamp {
        let void = [message.recipient.as_str(), ""].into_iter().filter_map(|person| self.known.void.get(person));
        void.copied().max().map_or(message.created_at, |void| void.max(message.created_at))
    }

    /// Whom a letter is for.
    pub(super) fn recipient(&self, letter: &Letter) -> &Recipient {
        self.ground.agenda.school().settings.people.get(letter.recipient)
    }

    /// What a message that has nothing left to tell would have told, and why it is not told.
    pub(super) fn fallen(&self, message: &Claimed) -> Vec<(i64, Why)> {
        let recipient = self.ground.agenda.school().settings.people.by_name(&message.recipient);
        recipient.map(|recipient| self.standing(message, recipient).1).unwrap_or_default()
    }

    /// The notices of a message that still hold, and the places of those that do not (rules of time, 9).
    fn standing(&self, message: &Claimed, recipient: RecipientId) -> (Vec<Notice>, Vec<(i64, Why)>) {
        let agenda = &self.ground.agenda;
        let mut standing = Vec::with_capacity(message.notices.len());
        let mut withdrawn = Vec::new();
        for stored in &message.notices {
            let status = stored.task.as_ref().map_or(Status::NotStarted, |task| self.known.progress.status(task));
            let presses = matches!(stored.kind, NoticeKind::Start | NoticeKind::Before(_) | NoticeKind::Overdue(_));
            let over = match status {
                status if status.is_closed() => Some(Why::Closed),
                Status::Blocked if presses => Some(Why::Blocked),
                _ => None,
            };
            let task = stored.task.as_ref().map(|task| agenda.position(task));
            let task = match task {
                Some(None) => {
                    withdrawn.push((stored.position, Why::Plan));
                    continue;
                }
                Some(Some(task)) => u32::try_from(task).ok(),
                None => None,
            };
            let notice = Notice { task, kind: stored.kind, recipient, day: stored.day, on: stored.on };
            if over.is_none() && agenda.stands(&notice) {
                standing.push(notice);
            } else {
                withdrawn.push((stored.position, over.unwrap_or(Why::Plan)));
            }
        }
        (standing, withdrawn)
    }
}

/// The first instant of a span of dates in a zone, and the one after its last.
fn instants(from: Date, to: Date, zone: &TimeZone) -> (Timestamp, Timestamp) {
    let midnight = |date| instant(zone, date, Time::midnight());
    (midnight(from), midnight(to.tomorrow().unwrap_or(to)))
}

async fn review_facts(
    agenda: &Agenda,
    scope: &Scope,
    store: &Store,
    review: &Review,
    now: Timestamp,
) -> Result<ReviewFacts, StoreError> {
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
            })
            .collect(),
        evidence: store.evidence(scope).await?,
        requests,
        open_answers: store.open_answers(&scope.organisation).await?.len(),
    })
}
