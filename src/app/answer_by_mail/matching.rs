//! The message that a mail answers, and who answers it.

use std::collections::HashSet;

use jiff::SignedDuration;

use crate::compose::{Note, OpenQuestion, WhyLeft};
use crate::people::{Recipient, RecipientId};
use crate::plan::TaskId;
use crate::reply::{self, Mail};
use crate::store::StoreError;
use crate::store::mail::SentMessage;
use crate::store::outbox::MessageKind;

use super::MailContext;

/// A message is known by its subject for so long.
const SUBJECT_HOLDS: SignedDuration = SignedDuration::from_hours(60 * 24);

/// An answer whose message and writer are known.
pub(super) struct MatchedAnswer {
    pub(super) mail: Mail,
    /// The message of ours that it answers.
    pub(super) sent: SentMessage,
    /// The message that began the conversation.
    pub(super) root: String,
    /// Who writes, as they are called in the configuration.
    pub(super) by: String,
    /// The tasks that it may be about.
    pub(super) tasks: Vec<TaskId>,
    /// What the message asked, where it was a question about an answer.
    pub(super) questions: Vec<reply::Question>,
    /// Whether a question may go back.
    pub(super) may_ask: bool,
}

/// What a mail that a person wrote is to us.
pub(super) enum Match {
    /// An answer.
    Answer(Box<MatchedAnswer>),
    /// No answer that is taken.
    Unmatched {
        /// Why not.
        why: WhyLeft,
        /// The message that it is about, where there is one.
        message: Option<String>,
    },
}

impl MailContext<'_> {
    /// The person who has an address.
    pub(super) fn writer(&self, address: &str) -> Option<RecipientId> {
        let people = &self.school.settings.people;
        people.iter().find(|(_, recipient)| has_address(recipient, address)).map(|(id, _)| id)
    }

    /// Finds the message that a mail answers and who answers it.
    pub(super) async fn matched(&self, mail: Mail) -> Result<Match, StoreError> {
        let scope = self.school.scope();
        let from = mail.from.clone().unwrap_or_default();
        let Some(sent) = self.answered(&mail, &from).await? else {
            return Ok(Match::Unmatched { why: WhyLeft::NoMessage, message: None });
        };
        let unmatched = |why| Ok(Match::Unmatched { why, message: Some(sent.id.clone()) });
        let Some(by) = self.answerer(&sent, &from) else { return unmatched(WhyLeft::OtherSender) };
        if let Some(server) = &self.inbox.authentication
            && !mail.is_authenticated(server)
        {
            return unmatched(WhyLeft::NotAuthenticated);
        }
        let mut questions = Vec::new();
        let (root, tasks, may_ask) = match (sent.class, note_in(&sent)) {
            (MessageKind::Note, Some(Note::Question(question))) => {
                questions = question.doubts.iter().filter_map(asked_for).collect();
                let asked = self.store.sent_message(&scope.organisation, &question.message).await?;
                (question.message, asked.map(|asked| asked_tasks(&asked)).unwrap_or_default(), false)
            }
            _ => (sent.id.clone(), asked_tasks(&sent), true),
        };
        let mut seen = HashSet::new();
        let tasks: Vec<TaskId> = tasks.into_iter().filter(|task| seen.insert(task.clone())).collect();
        if sent.plan != scope.plan || !tasks.iter().any(|task| self.task(task).is_some()) {
            return unmatched(WhyLeft::NoTasks);
        }
        let may_ask = may_ask && !self.store.has_asked_back(&scope.organisation, &root).await?;
        Ok(Match::Answer(Box::new(MatchedAnswer { mail, sent, root, by, tasks, questions, may_ask })))
    }

    /// The message of ours that a mail answers.
    async fn answered(&self, mail: &Mail, from: &str) -> Result<Option<SentMessage>, StoreError> {
        if from.is_empty() {
            return Ok(None);
        }
        for id in &mail.answers {
            let sent = self.store.sent_message(&self.school.scope().organisation, id).await?;
            if sent.is_some() {
                return Ok(sent);
            }
        }
        // A subject can be guessed, so it needs a server that says who wrote.
        match self.inbox.authentication {
            Some(_) => self.by_subject(mail, from).await,
            None => Ok(None),
        }
    }

    /// The only message with the subject of a mail that was sent to its writer: where a server on the way has changed the
    /// Message-ID, the subject is what is left.
    async fn by_subject(&self, mail: &Mail, from: &str) -> Result<Option<SentMessage>, StoreError> {
        // Without an answer's mark it may be about anything.
        if mail.subject.is_empty() || !mail.is_answer {
            return Ok(None);
        }
        let since = self.now.saturating_sub(SUBJECT_HOLDS).unwrap_or(self.now);
        let scope = self.school.scope();
        match self.store.sent_about(&scope, from, &mail.subject, since).await?.as_slice() {
            [only] => self.store.sent_message(&scope.organisation, only).await,
            _ => Ok(None),
        }
    }

    /// The name of whoever may answer a message from this address: whom it was sent to, or a member of that group.
    fn answerer(&self, sent: &SentMessage, from: &str) -> Option<String> {
        let people = &self.school.settings.people;
        let has = |id: &RecipientId| has_address(people.get(*id), from);
        let recipient = people.by_name(&sent.recipient)?;
        if let Some(member) = people.members(recipient).iter().find(|member| has(member)) {
            return Some(people.get(*member).name.clone());
        }
        (has(&recipient) || sent.addresses.iter().any(|address| address == from)).then(|| sent.recipient.clone())
    }
}

fn has_address(recipient: &Recipient, address: &str) -> bool {
    recipient.email.as_ref().is_some_and(|email| email.eq_ignore_ascii_case(address))
}

/// What a note of ours said.
fn note_in(sent: &SentMessage) -> Option<Note> {
    sent.says.as_deref().and_then(|says| serde_json::from_str(says).ok())
}

/// What a question of ours asked, as far as the words of its answer are read by it.
fn asked_for(open: &OpenQuestion) -> Option<reply::Question> {
    match open {
        OpenQuestion::NoDate { task } => Some(reply::Question::NoDate(TaskId::new(task), None)),
        OpenQuestion::NoReason { task, due } => Some(reply::Question::NoReason(TaskId::new(task), *due)),
        OpenQuestion::Nothing
        | OpenQuestion::Which
        | OpenQuestion::NotAsked { .. }
        | OpenQuestion::Unclear { .. }
        | OpenQuestion::BadDate { .. }
        | OpenQuestion::WhichFiles { .. } => None,
    }
}

/// The tasks that an answer to this message may be about; none where it asked for no report.
fn asked_tasks(sent: &SentMessage) -> Vec<TaskId> {
    match (sent.class, note_in(sent)) {
        (MessageKind::Reminder, _) => sent.tasks.clone(),
        (MessageKind::Note, Some(note @ (Note::Thanks { .. } | Note::TimeSettled { .. }))) => vec![note.task()],
        _ => Vec::new(),
    }
}
