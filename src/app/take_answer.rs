//! Taking an answer: whatever somebody tells of tasks by command, form or mail is written down with all that follows from
//! it (evidence, withdrawn reminders, notes to others), or not at all.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::blocking::blocking;
use crate::evidence_store::EvidenceStore;
use crate::plan::{Status, Task, TaskId, WorkPeriod};
use crate::progress::evidence::{Proof, filed_under};
use crate::progress::{Effect, Progress, ProgressEntry, RecordedReport, RequestState};
use crate::school::{School, Scope};
use crate::store::links::{self, Form};
use crate::store::mail::{self, NewMail};
use crate::store::open_answers::{self, OpenAnswer};
use crate::store::outbox::{self, Why};
use crate::store::progress::{self, NewReport};
use crate::store::{Store, StoreError, StoreStep, Tx, attestations, time_requests};
use crate::with_causes;

use super::effect::{IncomingReport, Reach, effect};
use super::notes::{self, AddressedNote, ReportChange};
use super::proposal::{Proposal, new_request};
use super::recurring_work::{self, PeriodReport};

/// By which way an answer comes. What comes by a form or a mail counts once, and an answer is settled once.
#[derive(Debug)]
pub enum AnswerSource<'a> {
    /// A command of the admin.
    Command,
    /// A form of a page.
    Form(Form<'a>),
    /// A mail.
    Mail(&'a NewMail<'a>),
    /// A person who has read an answer that was not understood.
    Reader {
        /// The answer.
        id: &'a str,
        /// Who has read it.
        by: Option<&'a str>,
    },
}

impl AnswerSource<'_> {
    /// Notes that the form or mail was taken, or the answer settled. Returns whether it is the first time.
    async fn claim(&self, tx: &mut Tx, at: Timestamp) -> Result<bool, StoreError> {
        match self {
            Self::Command => Ok(true),
            Self::Form(form) => links::take(tx, *form).await,
            Self::Mail(mail) => mail::put(tx, mail).await,
            Self::Reader { id, by } => open_answers::settle(tx, id, at, *by).await,
        }
    }
}

/// A report on a task, with what proves it.
#[derive(Debug)]
pub struct TaskReport<'a> {
    /// The task.
    pub task: &'a Task,
    /// What is reported.
    pub entry: ProgressEntry,
    /// What proves it.
    pub proofs: &'a [Proof],
    /// For whom it is made.
    pub reach: Reach,
    /// The day of completion, where another was told than that of the report: not a later one.
    pub done_on: Option<Date>,
    /// The days for which the notices were made that it answers.
    pub answers: &'a [Date],
}

impl<'a> TaskReport<'a> {
    /// A report that its author makes for themselves, of their own accord.
    #[must_use]
    pub fn new(task: &'a Task, entry: ProgressEntry, proofs: &'a [Proof]) -> Self {
        Self { task, entry, proofs, reach: Reach::Own, done_on: None, answers: &[] }
    }
}

/// What somebody tells at once.
#[derive(Debug)]
pub struct NewAnswer<'a> {
    /// By which way it comes.
    pub source: AnswerSource<'a>,
    /// When it comes.
    pub at: Timestamp,
    /// How far tasks are.
    pub reports: Vec<TaskReport<'a>>,
    /// The periods of recurring work that were asked about or are named, by task.
    pub periods: HashMap<TaskId, WorkPeriod>,
    /// Other due dates that are asked for, by task.
    pub proposals: Vec<(&'a Task, Proposal)>,
    /// Who writes, where they answer a note of ours: what goes back to them does not wait for another day.
    pub answering: Option<&'a str>,
    /// A question that goes back.
    pub question: Option<AddressedNote>,
    /// What a person must read of it.
    pub unread: Option<Unread>,
}

/// An answer that a person must read, with what is told of it.
#[derive(Debug)]
pub struct Unread {
    /// The answer.
    pub answer: OpenAnswer,
    /// Those who read it are told, and so is its writer.
    pub notes: Vec<AddressedNote>,
}

impl<'a> NewAnswer<'a> {
    /// An answer that tells nothing yet.
    #[must_use]
    pub fn new(source: AnswerSource<'a>, at: Timestamp) -> Self {
        Self {
            source,
            at,
            reports: Vec::new(),
            periods: HashMap::new(),
            proposals: Vec::new(),
            answering: None,
            question: None,
            unread: None,
        }
    }
}

/// What an answer has become in the store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// The codes of its evidence.
    pub evidence: Vec<String>,
    /// What each of its reports has changed.
    pub effects: Vec<Effect>,
    /// The numbers of its requests for time.
    pub requests: Vec<u32>,
}

/// Writes down an answer with all that follows from it. Returns `None` where the form or the mail was taken before, or the
/// answer settled: then nothing is written.
///
/// # Errors
/// When the store fails; then nothing is written.
pub async fn take_answer(store: &Store, school: &School, answer: NewAnswer<'_>) -> Result<Option<Taken>, StoreError> {
    let scope = school.scope();
    let mut tx = store.begin(&scope.organisation).await?;
    if !answer.source.claim(&mut tx, answer.at).await? {
        return Ok(None);
    }
    let mut before = progress::read(&mut *tx, school).await?;
    attestations::read_into(&mut before, &mut *tx, &scope).await?;
    let mut taken = Taken::default();
    let mut told = Vec::new();
    for report in &answer.reports {
        let asked = answer.periods.get(&report.task.id).copied();
        let (codes, change) = put_report(&mut tx, school, report, asked, &before).await?;
        taken.evidence.extend(codes);
        taken.effects.push(change.report.effect.clone());
        told.extend(notes::on_report(school, &change));
    }
    for (task, proposal) in &answer.proposals {
        let request = new_request(task, proposal, &RequestState::Open);
        let number = time_requests::put(&mut tx, &scope, &request).await?;
        told.extend(notes::on_request(school, task, proposal, number));
        taken.requests.push(number);
    }
    if let Some(Unread { answer: open, notes }) = answer.unread {
        open_answers::put(&mut tx, &scope, &open).await?;
        told.splice(0..0, notes);
    }
    // What speaks of several tasks comes first: what is told of one of them goes along.
    told.splice(0..0, answer.question);
    let goes_back = |note: &AddressedNote| answer.answering.is_some_and(|writer| note.is_to(writer));
    let told = told.into_iter().map(|note| if goes_back(&note) { note.in_conversation() } else { note });
    let told: Vec<AddressedNote> = told.collect();
    notes::put(&mut tx, school, &told, answer.at).await?;
    tx.commit(StoreStep::KeepAnswer).await?;
    keep_for_good(school, &answer.reports).await;
    Ok(Some(taken))
}

/// Notes that reports name files, which stay from now on; where that fails it is made up for the next day.
async fn keep_for_good(school: &School, reports: &[TaskReport<'_>]) {
    let proofs = reports.iter().flat_map(|report| report.proofs);
    let hashes: Vec<String> = proofs.filter_map(Proof::hash).map(str::to_owned).collect();
    if hashes.is_empty() {
        return;
    }
    let evidence = EvidenceStore::open(&school.settings.evidence);
    let kept = blocking(move || evidence.set_named(hashes.iter().map(String::as_str)));
    if let Err(error) = kept.await.map_err(std::io::Error::other).flatten() {
        tracing::warn!(error = with_causes(&error), "files that a report names are not noted as such yet");
    }
}

/// Writes down a report, and withdraws what is not to be told any more. Returns the codes of its evidence, and what it changes.
async fn put_report<'a>(
    tx: &mut Tx,
    school: &School,
    report: &TaskReport<'a>,
    asked: Option<WorkPeriod>,
    before: &'a Progress,
) -> Result<(Vec<String>, ReportChange<'a>), StoreError> {
    let TaskReport { task, entry, proofs, reach, done_on, answers } = report;
    let scope = school.scope();
    let today = school.settings.date_of(entry.at);
    let days: Vec<Date> = answers.iter().copied().chain([today]).collect();
    let incoming = IncomingReport { entry, reach: *reach, days: &days };
    let done_on = done_on.filter(|day| *day < today);
    let entry =
        &recurring_work::attest(tx, school, task, PeriodReport { report: incoming, asked, done_on }, before).await?;
    let effect = effect(school, task, before, IncomingReport { entry, ..incoming });
    let done_on = done_on.filter(|_| entry.status == Status::Done);
    let filed_under = filed_under(&school.plan, task);
    let new = NewReport { task: &task.id, entry, effect: &effect, done_on, filed_under: &filed_under, proofs };
    let codes = progress::put(tx, &scope, &new).await?;
    let mut after = before.clone();
    let report = RecordedReport { entry: entry.clone(), effect, done_on };
    after.record(task.id.clone(), report.clone());
    withdraw(tx, &scope, task, &report, &after).await?;
    Ok((codes, ReportChange { task, report, before, after }))
}

/// Withdraws what waits to be told to those whom it concerns no more (rules of time, 9).
async fn withdraw(
    tx: &mut Tx,
    scope: &Scope,
    task: &Task,
    report: &RecordedReport,
    after: &Progress,
) -> Result<(), StoreError> {
    let at = report.entry.at;
    if after.is_closed(&task.id) {
        return progress::close(tx, scope, &task.id, at).await;
    }
    for (lead, part) in after.parts(&task.id) {
        let why = match part.status {
            Status::Done => Why::PartDone,
            Status::Blocked => Why::Blocked,
            Status::NotStarted | Status::InProgress | Status::Cancelled => continue,
        };
        outbox::withdraw_part(tx, scope, &task.id, &lead, (why, at)).await?;
    }
    outbox::withdraw_empty(tx).await
}
