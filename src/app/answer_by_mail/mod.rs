//! Taking an answer by mail: who wrote it about which message, what it says, and what follows from it.
//!
//! - `matching`: the message that a mail answers, and who answers it.
//! - `bounce`: messages of ours that came back.
//! - `reading`: what an answer says, as far as it is understood.
//! - `files`: the files that come with it.
//! - `unsettled`: where it goes as far as it is not: back as a question, or to a person.

mod bounce;
mod files;
mod matching;
mod reading;
mod unsettled;

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use crate::blocking::blocking;
use crate::compose::{Alert, NotTaken, NotTakenReason, Note};
use crate::config::Inbox;
use crate::evidence_store::EvidenceError;
use crate::inbox::InboxError;
use crate::plan::{Task, TaskId, WorkPeriod};
use crate::reply::{Kind, Mail};
use crate::schedule::asked_period;
use crate::school::School;
use crate::short_id;
use crate::store::mail::{self, MailOutcome, NewMail};
use crate::store::outbox::{self, MessageKind};
use crate::store::{Store, StoreError, StoreStep};

use super::notes::{self, AddressedNote, alerts, new_note};
use super::take_answer::{AnswerSource, NewAnswer, TaskReport, take_answer};

use matching::Match;
use reading::ReadReport;

/// How many mails that are left alone the admin hears of in a day at most.
const MAX_LEFT_TOLD: i64 = 10;

/// Why a look into the mailbox ended early.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The mailbox cannot be read.
    #[error(transparent)]
    Inbox(#[from] InboxError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file that came with an answer cannot be kept now.
    #[error(transparent)]
    Evidence(#[from] EvidenceError),
}

/// What dealing with a mail needs.
#[derive(Clone, Copy)]
pub(super) struct MailContext<'a> {
    pub(super) store: &'a Store,
    /// The school with the plan that is in force.
    pub(super) school: &'a School,
    pub(super) inbox: &'a Inbox,
    pub(super) now: Timestamp,
}

impl MailContext<'_> {
    /// Deals with a mail, given as it came. Returns whether anything follows from it.
    pub(super) async fn deal(&self, bytes: Vec<u8>) -> Result<bool, MailError> {
        let read = blocking(move || Mail::read(&bytes)).await;
        let read = read.inspect_err(|error| tracing::error!(%error, "the reading of a mail broke off"));
        let Some(mail) = read.ok().flatten() else {
            tracing::warn!("a mail that cannot be read is left in the mailbox");
            return Ok(false);
        };
        if let Some(made) = self.store.mail_made(&self.school.scope().organisation, &mail.key).await? {
            return Ok(made);
        }
        match &mail.kind {
            Kind::Automatic => {
                tracing::info!(mail = mail.key, "a mail that a machine wrote is left alone");
                self.leave(&mail.key, None, None, None).await?;
                Ok(false)
            }
            Kind::Bounce(bounce) => Ok(self.take_bounce(&mail, bounce).await?),
            Kind::Personal => self.take(mail).await,
        }
    }

    /// Sets a mail aside that is too large, once and for all; the admin is told, and its writer where that is somebody whom
    /// the message was for. Of the mail its header is known.
    pub(super) async fn set_aside(&self, key: &str, header: Vec<u8>) -> Result<(), MailError> {
        let mail = Mail::read(&header);
        let (from, subject) = mail.as_ref().map(|mail| (mail.from.clone(), mail.subject.clone())).unwrap_or_default();
        let about = left_alone(from.as_deref(), &subject, NotTakenReason::TooLarge);
        let told = match mail {
            Some(mail) => match self.matched(mail.clone()).await? {
                Match::Answer(matched) => self.not_taken(&mail, &matched.by, &matched.tasks, NotTakenReason::TooLarge),
                Match::Unmatched { .. } => None,
            },
            None => None,
        };
        Ok(self.leave(key, None, Some(about), told).await?)
    }

    /// Tells the writer of an answer that it was not taken; of one reason once a day.
    fn not_taken(&self, mail: &Mail, by: &str, tasks: &[TaskId], why: NotTakenReason) -> Option<AddressedNote> {
        let writer = self.school.settings.people.by_name(by)?;
        let tasks: Vec<String> =
            tasks.iter().filter(|task| self.task(task).is_some()).map(|task| task.as_str().to_owned()).collect();
        if tasks.is_empty() {
            return None;
        }
        let (answers, subject) = (mail.message_id.clone(), mail.subject.clone());
        let note = Note::NotTaken(NotTaken { answers, subject, tasks, why });
        let today = self.school.settings.date_of(self.now);
        let scope = self.school.scope();
        // Whoever forges many answers must not have somebody told of each.
        let parts = [&scope.organisation, &scope.plan, "not taken", by, &format!("{why:?}"), &today.to_string()];
        let new = new_note(self.school, writer, &note, "", self.now);
        Some(new.named(short_id([parts.join("\0")])))
    }

    /// Leaves a mail alone, once and for all.
    async fn leave(
        &self,
        key: &str,
        message: Option<&str>,
        about: Option<Alert>,
        told_writer: Option<AddressedNote>,
    ) -> Result<(), StoreError> {
        let scope = self.school.scope();
        let day_ago = self.now.saturating_sub(SignedDuration::from_hours(24)).unwrap_or(self.now);
        let told = self.store.left_alone_since(&scope.organisation, day_ago).await?;
        let about = about.filter(|_| told < MAX_LEFT_TOLD);
        // Counted among those that the admin hears of.
        let message = message.or(about.as_ref().map(|_| ""));
        let mail = self.mail(key, MailOutcome::LeftAlone, message);
        let mut tx = self.store.begin(&scope.organisation).await?;
        if !mail::put(&mut tx, &mail).await? {
            return Ok(());
        }
        let alerts = about.map(|about| alerts(self.school, &about, key)).unwrap_or_default();
        outbox::put_alerts(&mut tx, &scope, &alerts, self.now).await?;
        notes::put(&mut tx, self.school, told_writer.as_slice(), self.now).await?;
        tx.commit(StoreStep::NoteLeftAlone).await
    }

    /// Takes a mail that a person wrote. Returns whether it is an answer.
    async fn take(&self, mail: Mail) -> Result<bool, MailError> {
        let (key, from, subject) = (mail.key.clone(), mail.from.clone(), mail.subject.clone());
        let bears = mail.vouched_by();
        let mut matched = match self.matched(mail).await? {
            Match::Answer(matched) => matched,
            Match::Unmatched { why, message, writer } => {
                tracing::info!(mail = key, why = ?why, "a mail is left alone");
                // Whoever writes without being asked is told of only where they are known.
                let is_known = from.as_deref().is_some_and(|from| self.writer(from).is_some());
                let about = self.told_of(left_alone(from.as_deref(), &subject, why), bears);
                let about = (message.is_some() || is_known).then_some(about);
                self.leave(&key, message.as_deref(), about, writer.map(|note| *note)).await?;
                return Ok(false);
            }
        };
        let read = self.read(&mut matched).await?;
        let mut mail = self.mail(&matched.mail.key, MailOutcome::Answer, Some(&matched.root));
        mail.asks_back = read.unsettled.asks_back;
        mail.works = matched.mail.from.as_deref();
        tracing::info!(
            message_id = matched.sent.id,
            reports = read.entries.len(),
            requests = read.proposals.len(),
            files = read.proofs.len(),
            asked_back = mail.asks_back,
            for_a_person = read.unsettled.unread.is_some(),
            "took an answer"
        );
        let mut answer = NewAnswer::new(AnswerSource::Mail(&mail), self.now);
        let proofs = |task: &Task| if read.proves.as_ref() == Some(&task.id) { read.proofs.as_slice() } else { &[] };
        let reports = read.entries.into_iter().map(|ReadReport { task, entry, reach, done_on }| TaskReport {
            reach,
            done_on,
            answers: &matched.sent.days,
            ..TaskReport::new(task, entry, proofs(task))
        });
        answer.reports = reports.collect();
        answer.periods = self.periods_asked(&matched.sent.id).await?;
        answer.proposals = read.proposals;
        answer.answering = (matched.sent.class == MessageKind::Note).then_some(matched.by.as_str());
        answer.question = read.unsettled.question;
        answer.unread = read.unsettled.unread;
        take_answer(self.store, self.school, answer).await?;
        Ok(true)
    }

    /// An alert with the names of the servers that say who wrote a mail, where that is what it is about.
    fn told_of(&self, alert: Alert, bears: Option<String>) -> Alert {
        match alert {
            Alert::LeftAlone { from, subject, why: why @ NotTakenReason::NotAuthenticated, .. } => {
                Alert::LeftAlone { from, subject, why, bears, wants: self.inbox.authentication.clone() }
            }
            alert => alert,
        }
    }

    fn mail<'m>(&self, key: &'m str, made: MailOutcome, message: Option<&'m str>) -> NewMail<'m> {
        NewMail { key, at: self.now, made, message, asks_back: false, works: None }
    }

    /// The periods of recurring work about which a message of ours asked, by task.
    async fn periods_asked(&self, message: &str) -> Result<HashMap<TaskId, WorkPeriod>, StoreError> {
        let told = self.store.told_by(&self.school.scope(), message).await?;
        let asked = told.into_iter().filter_map(|notice| {
            let id = notice.task?;
            let period = asked_period(self.school, self.task(&id)?, notice.kind)?;
            Some((id, period))
        });
        Ok(asked.collect())
    }

    fn task(&self, id: &TaskId) -> Option<&Task> {
        self.school.plan.task(id)
    }
}

/// That an answer is not taken.
fn left_alone(from: Option<&str>, subject: &str, why: NotTakenReason) -> Alert {
    let (from, subject) = (from.unwrap_or_default().to_owned(), subject.to_owned());
    Alert::LeftAlone { from, subject, why, bears: None, wants: None }
}
