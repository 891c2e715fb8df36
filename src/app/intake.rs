//! What people tell the program, by whichever way: reports on tasks, requests for time, and the answers to them. Each is
//! written down with all that follows from it (evidence, withdrawn reminders, notes to others) or not at all.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::compose::Note;
use crate::hex;
use crate::people::RecipientId;
use crate::plan::{Status, Task};
use crate::progress::evidence::{self, Proof};
use crate::progress::{Progress, ProgressEntry, RequestDecision, RequestState, TimeRequest};
use crate::schedule::next_opening;
use crate::school::School;
use crate::store::links::Form;
use crate::store::outbox::NewNote;
use crate::store::progress::NewReport;
use crate::store::time_requests::NewRequest;
use crate::store::{Store, StoreError};

/// How many days after the end of the school year a due date may lie at most: a task may go on into the next year.
const LATEST_DAYS: i64 = 366;

/// A new due date that somebody proposes or sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The due date.
    pub due: Date,
    /// Why.
    pub why: String,
    /// Who says so, as they are called in the configuration or as they signed.
    pub by: Option<String>,
    /// By which way: `command`, `link` or `mail`.
    pub how: &'static str,
    /// When.
    pub at: Timestamp,
}

/// Why a proposal is not taken.
#[derive(Debug, thiserror::Error)]
pub enum ProposalError {
    /// The task is done or cancelled.
    #[error("the task is {0}: it needs no other date")]
    Closed(Status),
    /// There is no reason.
    #[error("a reason is needed")]
    NoReason,
    /// The date is the present one.
    #[error("the task is due on {0} already")]
    Same(Date),
    /// The date has passed.
    #[error("{0} has passed")]
    Past(Date),
    /// The date is before the task starts.
    #[error("{due} is before the task starts, {start}")]
    BeforeStart {
        /// The date.
        due: Date,
        /// The first day of the task.
        start: Date,
    },
    /// The date is too far away to be meant.
    #[error("{due} is too late; write a date until {latest}")]
    TooLate {
        /// The date.
        due: Date,
        /// The latest that is taken.
        latest: Date,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Takes a report on a task, with what proves it. Whoever reports a task done is thanked, once; when something comes in
/// the way of it, the superiors are told, and those who cannot go on are no longer pressed. Returns the codes of the
/// evidence.
///
/// # Errors
/// When the store fails; then nothing is written.
pub async fn report(
    store: &Store,
    school: &School,
    task: &Task,
    entry: &ProgressEntry,
    things: &[Proof],
) -> Result<Vec<String>, StoreError> {
    Ok(take_report(store, school, task, entry, things, None).await?.unwrap_or_default())
}

/// The same for a report that came by a form, which counts once: `None` where it was taken before.
///
/// # Errors
/// When the store fails; then nothing is written.
pub async fn report_by_form(
    store: &Store,
    school: &School,
    task: &Task,
    entry: &ProgressEntry,
    things: &[Proof],
    form: Form<'_>,
) -> Result<Option<Vec<String>>, StoreError> {
    take_report(store, school, task, entry, things, Some(form)).await
}

async fn take_report(
    store: &Store,
    school: &School,
    task: &Task,
    entry: &ProgressEntry,
    things: &[Proof],
    form: Option<Form<'_>>,
) -> Result<Option<Vec<String>>, StoreError> {
    let scope = school.scope();
    let before = store.progress(&scope).await?;
    let notes = notes_on(school, task, entry, &before);
    let filed_under = evidence::filed_under(&school.plan, task);
    let report = NewReport { task: &task.id, entry, filed_under: &filed_under, things, notes: &notes, form };
    store.take_report(&scope, &report).await
}

/// Whom a report concerns besides the one who made it.
pub(super) fn notes_on(school: &School, task: &Task, entry: &ProgressEntry, before: &Progress) -> Vec<NewNote> {
    let name = task.id.to_string();
    let people = &school.settings.people;
    match entry.status {
        Status::Done => {
            let reporter = entry.by.as_deref().and_then(|by| people.by_name(by));
            let note = Note::Thanks { task: name };
            reporter.map(|reporter| new_note(school, reporter, &note, "", entry.at)).into_iter().collect()
        }
        Status::Blocked => {
            let known = before.latest(&task.id);
            if known.is_some_and(|known| known.status == Status::Blocked && known.note == entry.note) {
                return Vec::new();
            }
            let note = Note::Blocked { task: name, by: entry.by.clone(), why: entry.note.clone() };
            to_superiors(school, task, &note, entry.by.as_deref(), entry.at)
        }
        Status::NotStarted | Status::InProgress | Status::Cancelled => Vec::new(),
    }
}

/// Asks for another due date for a task: the superiors are told, and decide. A request that waits for the same task is
/// replaced. Returns the request's number.
///
/// # Errors
/// When the proposal makes no sense, or the store fails; then nothing is written.
pub async fn ask_time(store: &Store, school: &School, task: &Task, proposal: &Proposal) -> Result<u32, ProposalError> {
    Ok(take_request(store, school, task, proposal, None).await?.unwrap_or_default())
}

/// The same for a request that came by a form, which counts once: `None` where it was taken before.
///
/// # Errors
/// When the proposal makes no sense, or the store fails; then nothing is written.
pub async fn ask_time_by_form(
    store: &Store,
    school: &School,
    task: &Task,
    proposal: &Proposal,
    form: Form<'_>,
) -> Result<Option<u32>, ProposalError> {
    take_request(store, school, task, proposal, Some(form)).await
}

async fn take_request(
    store: &Store,
    school: &School,
    task: &Task,
    proposal: &Proposal,
    form: Option<Form<'_>>,
) -> Result<Option<u32>, ProposalError> {
    let scope = school.scope();
    let status = store.progress(&scope).await?.status(&task.id);
    examine(school, task, status, proposal)?;
    let request = NewRequest { form, ..new_request(task, proposal, &RequestState::Open) };
    Ok(store.put_time_request(&scope, &request, |number| asked(school, task, proposal, number)).await?)
}

/// What the superiors are told of a request for time.
pub(super) fn asked(school: &School, task: &Task, proposal: &Proposal, number: u32) -> Vec<NewNote> {
    let note = Note::TimeAsked {
        task: task.id.to_string(),
        number,
        by: proposal.by.clone(),
        old: task.period().map(|period| period.due),
        due: proposal.due,
        why: proposal.why.clone(),
    };
    to_superiors(school, task, &note, proposal.by.as_deref(), proposal.at)
}

/// Decides a request for time; those who lead the task and whoever asked are told. Returns whether it did: `false` where
/// it was decided before.
///
/// # Errors
/// When a date is accepted that has passed meanwhile, or the store fails; then nothing is written.
pub async fn settle_request(
    store: &Store,
    school: &School,
    task: &Task,
    request: &TimeRequest,
    is_accepted: bool,
    decision: RequestDecision,
) -> Result<bool, ProposalError> {
    let today = decision.at.to_zoned_datetime(school.settings.time_zone.clone()).date();
    if is_accepted && request.is_open() && request.due < today {
        return Err(ProposalError::Past(request.due));
    }
    let notes = settled(school, task, request.by.as_deref(), request.old, request.due, is_accepted, &decision);
    let answer = if is_accepted { RequestState::Accepted(decision) } else { RequestState::Refused(decision) };
    Ok(store.settle_time_request(&school.scope(), &task.id, request.number, &answer, &notes).await?)
}

/// Moves the due date of a task without being asked; a request that waits for the task is replaced. Those who lead it,
/// and whoever asked, are told.
///
/// # Errors
/// When the proposal makes no sense, or the store fails; then nothing is written.
pub async fn postpone(store: &Store, school: &School, task: &Task, proposal: &Proposal) -> Result<(), ProposalError> {
    let scope = school.scope();
    let status = store.progress(&scope).await?.status(&task.id);
    examine(school, task, status, proposal)?;
    let requests = store.time_requests(&scope).await?;
    let waiting = requests.iter().find(|request| request.task == task.id && request.is_open());
    let decision = RequestDecision { at: proposal.at, by: proposal.by.clone(), note: Some(proposal.why.clone()) };
    if let Some(request) = waiting.filter(|request| request.due == proposal.due) {
        settle_request(store, school, task, request, true, decision).await?;
        return Ok(());
    }
    let old = task.period().map(|period| period.due);
    let asked_by = waiting.and_then(|request| request.by.as_deref());
    let notes = settled(school, task, asked_by, old, proposal.due, true, &decision);
    let answer = RequestState::Accepted(RequestDecision { note: None, ..decision });
    store.put_time_request(&scope, &new_request(task, proposal, &answer), |_| notes).await?;
    Ok(())
}

pub(super) fn new_request<'a>(task: &'a Task, proposal: &'a Proposal, outcome: &'a RequestState) -> NewRequest<'a> {
    NewRequest {
        task: &task.id,
        at: proposal.at,
        by: proposal.by.as_deref(),
        how: proposal.how,
        old: task.period().map(|period| period.due),
        due: proposal.due,
        why: proposal.why.trim(),
        outcome,
        form: None,
    }
}

/// Whether a due date can be meant.
pub(super) fn examine(school: &School, task: &Task, status: Status, proposal: &Proposal) -> Result<(), ProposalError> {
    let due = proposal.due;
    let today = proposal.at.to_zoned_datetime(school.settings.time_zone.clone()).date();
    let latest = school.settings.school_year.end().saturating_add(LATEST_DAYS.days());
    let period = task.period();
    if status.is_closed() {
        return Err(ProposalError::Closed(status));
    }
    if proposal.why.trim().is_empty() {
        return Err(ProposalError::NoReason);
    }
    if period.is_some_and(|period| period.due == due) {
        return Err(ProposalError::Same(due));
    }
    if due < today {
        return Err(ProposalError::Past(due));
    }
    if let Some(start) = period.and_then(|period| period.start).filter(|start| due < *start) {
        return Err(ProposalError::BeforeStart { due, start });
    }
    if due > latest {
        return Err(ProposalError::TooLate { due, latest });
    }
    Ok(())
}

/// What those who lead a task, and whoever asked, are told of a decision; whoever took it knows.
fn settled(
    school: &School,
    task: &Task,
    asked_by: Option<&str>,
    old: Option<Date>,
    due: Date,
    accepted: bool,
    decision: &RequestDecision,
) -> Vec<NewNote> {
    let people = &school.settings.people;
    let note = Note::TimeSettled {
        task: task.id.to_string(),
        accepted,
        by: decision.by.clone(),
        old,
        due,
        answer: decision.note.clone(),
    };
    let mut told: Vec<RecipientId> = task.leads.clone();
    told.extend(asked_by.and_then(|by| people.by_name(by)).filter(|asker| !task.leads.contains(asker)));
    told.retain(|recipient| decision.by.as_deref() != Some(people.get(*recipient).name.as_str()));
    told.into_iter()
        .map(|recipient| new_note(school, recipient, &note, &decision.at.to_string(), decision.at))
        .collect()
}

/// A note to everybody who hears of overdue tasks, or to their deputies, but for those who lead this one and for `by`,
/// who says it; where nobody is left, to the admin.
fn to_superiors(school: &School, task: &Task, note: &Note, by: Option<&str>, at: Timestamp) -> Vec<NewNote> {
    let settings = &school.settings;
    let today = at.to_zoned_datetime(settings.time_zone.clone()).date();
    let told = |without_leads: bool| {
        let superiors = settings.escalations.iter().flat_map(|rule| &rule.to).copied();
        let superiors = superiors.filter(|superior| !(without_leads && task.leads.contains(superior)));
        let mut told: Vec<RecipientId> =
            superiors.flat_map(|superior| settings.people.present(superior, today)).collect();
        told.retain(|person| by != Some(settings.people.get(*person).name.as_str()));
        told.sort_unstable();
        told.dedup();
        told
    };
    let told = [told(true), told(false), settings.admin.clone()].into_iter().find(|told| !told.is_empty());
    told.unwrap_or_default()
        .into_iter()
        .map(|recipient| new_note(school, recipient, note, &at.to_string(), at))
        .collect()
}

/// A note on its way: thanks and questions go out at once, to somebody who has just been at work; all else when people may be told.
/// `moment` tells apart notes that say the same at different times.
pub(super) fn new_note(school: &School, recipient: RecipientId, note: &Note, moment: &str, at: Timestamp) -> NewNote {
    let recipient = school.settings.people.get(recipient).name.clone();
    let scope = school.scope();
    let text = json(note);
    let parts = [scope.organisation.as_str(), scope.plan.as_str(), "note", &recipient, &text, moment];
    let answers = matches!(note, Note::Thanks { .. } | Note::Question(_));
    NewNote {
        id: hex(&Sha256::digest(parts.join("\0"))[..16]),
        not_before: if answers { at } else { next_opening(school, at) },
        recipient,
        note: text,
    }
}

fn json(note: &impl Serialize) -> String {
    // Texts, numbers and dates always make JSON.
    serde_json::to_string(note).unwrap_or_default()
}
