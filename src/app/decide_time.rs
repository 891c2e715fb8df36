//! Deciding on a due date: a superior grants or refuses what was asked for, or sets another date without being asked.

use jiff::civil::Date;

use crate::compose::Note;
use crate::people::RecipientId;
use crate::plan::Task;
use crate::progress::{RequestDecision, RequestState, TimeRequest};
use crate::school::School;
use crate::store::{Store, StoreError, StoreStep, Tx, progress, time_requests};

use super::notes::{self, AddressedNote, new_note};
use super::proposal::{Proposal, ProposalError, examine, new_request};

/// What a superior says to a request for time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The date that is asked for holds.
    Granted,
    /// The due date stays.
    Refused,
}

/// Decides a request for time; the leads of the task and whoever asked are told. Returns whether it did: `false` where it
/// was decided before.
///
/// # Errors
/// When a date is granted that has passed meanwhile, or the store fails; then nothing is written.
pub async fn decide_time(
    store: &Store,
    school: &School,
    request: &TimeRequest,
    verdict: Verdict,
    decision: RequestDecision,
) -> Result<bool, ProposalError> {
    let today = school.settings.date_of(decision.at);
    if verdict == Verdict::Granted && request.is_open() && request.due < today {
        return Err(ProposalError::Past(request.due));
    }
    let mut tx = store.begin(&school.scope().organisation).await?;
    if !put_verdict(&mut tx, school, request, verdict, decision).await? {
        return Ok(false);
    }
    tx.commit(StoreStep::DecideRequest).await?;
    Ok(true)
}

async fn put_verdict(
    tx: &mut Tx,
    school: &School,
    request: &TimeRequest,
    verdict: Verdict,
    decision: RequestDecision,
) -> Result<bool, StoreError> {
    let scope = school.scope();
    let told = ToldOfDecision { asked_by: request.by.as_deref(), old: request.old, due: request.due, verdict };
    let at = decision.at;
    let task = school.plan.task(&request.task);
    let news = task.map(|task| time_decided(school, task, told, &decision)).unwrap_or_default();
    let state = match verdict {
        Verdict::Granted => RequestState::Accepted(decision),
        Verdict::Refused => RequestState::Refused(decision),
    };
    if !time_requests::decide(tx, &scope, &request.task, request.number, &state).await? {
        return Ok(false);
    }
    notes::put(tx, school, &news, at).await?;
    Ok(true)
}

/// Sets another due date for a task without being asked; a request that waits for the task is replaced. The leads, and
/// whoever asked, are told.
///
/// # Errors
/// When the proposal makes no sense, or the store fails; then nothing is written.
pub async fn postpone(store: &Store, school: &School, task: &Task, proposal: &Proposal) -> Result<(), ProposalError> {
    let scope = school.scope();
    let mut tx = store.begin(&scope.organisation).await?;
    let status = progress::read(&mut *tx, school).await?.status(&task.id);
    examine(school, task, status, proposal)?;
    let requests = time_requests::read(&mut *tx, &scope).await?;
    let open = requests.iter().find(|request| request.task == task.id && request.is_open());
    let decision = RequestDecision { at: proposal.at, by: proposal.by.clone(), note: Some(proposal.why.clone()) };
    if let Some(request) = open.filter(|request| request.due == proposal.due) {
        put_verdict(&mut tx, school, request, Verdict::Granted, decision).await?;
    } else {
        let told = ToldOfDecision {
            asked_by: open.and_then(|request| request.by.as_deref()),
            old: task.period().map(|period| period.due),
            due: proposal.due,
            verdict: Verdict::Granted,
        };
        let news = time_decided(school, task, told, &decision);
        let state = RequestState::Accepted(RequestDecision { note: None, ..decision });
        time_requests::put(&mut tx, &scope, &new_request(task, proposal, &state)).await?;
        notes::put(&mut tx, school, &news, proposal.at).await?;
    }
    tx.commit(StoreStep::SetDue).await?;
    Ok(())
}

/// What people are told of a decision.
#[derive(Clone, Copy)]
struct ToldOfDecision<'a> {
    asked_by: Option<&'a str>,
    /// The due date before.
    old: Option<Date>,
    /// The due date that was decided on.
    due: Date,
    verdict: Verdict,
}

/// What the leads of a task, and whoever asked, are told of a decision; whoever took it knows.
fn time_decided(
    school: &School,
    task: &Task,
    told: ToldOfDecision<'_>,
    decision: &RequestDecision,
) -> Vec<AddressedNote> {
    let people = &school.settings.people;
    let note = Note::TimeSettled {
        task: task.id.as_str().to_owned(),
        accepted: told.verdict == Verdict::Granted,
        by: decision.by.clone(),
        old: told.old,
        due: told.due,
        answer: decision.note.clone(),
    };
    let mut recipients: Vec<RecipientId> = task.leads.clone();
    let asker = told.asked_by.and_then(|by| people.by_name(by));
    recipients.extend(asker.filter(|asker| !task.leads.contains(asker)));
    recipients.retain(|recipient| decision.by.as_deref() != Some(people.get(*recipient).name.as_str()));
    let moment = decision.at.to_string();
    recipients.into_iter().map(|recipient| new_note(school, recipient, &note, &moment, decision.at)).collect()
}
