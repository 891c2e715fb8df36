//! The message that a mail answers, and who answers it.

use std::collections::HashSet;

use jiff::SignedDuration;

use crate::compose::{NotTakenReason, Note, Notes, OpenQuestion};
use crate::people::{Recipient, RecipientId};
use crate::plan::TaskId;
use crate::reply::{self, Mail};
use crate::store::StoreError;
use crate::store::mail::SentMessage;
use crate::store::outbox::MessageKind;

use crate::app::notes::AddressedNote;

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
    pub(super) asked: Vec<OpenQuestion>,
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
        why: NotTakenReason,
        /// The message that it is about, where there is one.
        message: Option<String>,
        /// What its writer is told, where they are.
        writer: Option<Box<AddressedNote>>,
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
            return Ok(Match::Unmatched { why: NotTakenReason::NoMessage, message: None, writer: None });
        };
        let unmatched = |why| Ok(Match::Unmatched { why, message: Some(sent.id.clone()), writer: None });
        let Some(by) = self.answerer(&sent, &from) else { return unmatched(NotTakenReason::OtherSender) };
        if let Some(server) = &self.inbox.authentication
            && !mail.is_authenticated(server)
        {
            let why = NotTakenReason::NotAuthenticated;
            let tasks = self.tasks_of(&sent).await?;
            let writer = self.not_taken(&mail, &by, &tasks, why).map(Box::new);
            return Ok(Match::Unmatched { why, message: Some(sent.id.clone()), writer });
        }
        let mut asked = Vec::new();
        let (root, tasks, may_ask) = match self.conversations(&sent, &mut asked).await? {
            // Where it only told which files were not kept, nothing has been asked yet.
            Some((root, tasks, is_question)) => (root, tasks, is_question && asked.is_empty()),
            None => (sent.id.clone(), asked_tasks(&sent), true),
        };
        let mut seen = HashSet::new();
        let tasks: Vec<TaskId> = tasks.into_iter().filter(|task| seen.insert(task.clone())).collect();
        if sent.plan != scope.plan || !tasks.iter().any(|task| self.task(task).is_some()) {
            return unmatched(NotTakenReason::NoTasks);
        }
        let may_ask = may_ask && !self.store.has_asked_back(&scope.organisation, &root).await?;
        Ok(Match::Answer(Box::new(MatchedAnswer { mail, sent, root, by, tasks, asked, may_ask })))
    }

    /// The tasks that a message of ours asked about, or the ones that began its conversations did.
    async fn tasks_of(&self, sent: &SentMessage) -> Result<Vec<TaskId>, StoreError> {
        let of_conversation = self.conversations(sent, &mut Vec::new()).await?;
        Ok(of_conversation.map_or_else(|| asked_tasks(sent), |(_, tasks, _)| tasks))
    }

    /// The message that began the conversation that a note goes on with, the tasks of all conversations that it goes on with,
    /// and whether it asks; `None` where it goes on with none. What it asks is added to `asked`.
    async fn conversations(
        &self,
        sent: &SentMessage,
        asked: &mut Vec<OpenQuestion>,
    ) -> Result<Option<(String, Vec<TaskId>, bool)>, StoreError> {
        let (mut first, mut tasks) = (None, Vec::new());
        for note in notes_in(sent) {
            let (root, is_question) = match note {
                Note::Question(question) => {
                    asked.extend(question.doubts);
                    (question.message, true)
                }
                Note::PassedOn(passed) => (passed.message, false),
                _ => continue,
            };
            tasks.extend(self.tasks_of_conversation(&root).await?);
            first.get_or_insert((root, is_question));
        }
        Ok(first.map(|(root, is_question)| (root, tasks, is_question)))
    }

    /// The tasks that the message was about which began a conversation.
    async fn tasks_of_conversation(&self, root: &str) -> Result<Vec<TaskId>, StoreError> {
        let root = self.store.sent_message(&self.school.scope().organisation, root).await?;
        Ok(root.map(|root| asked_tasks(&root)).unwrap_or_default())
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

    /// The message with the subject of a mail that was sent to its writer, where that is no other message: where a server on the way has changed the
    /// Message-ID, the subject is what is left.
    async fn by_subject(&self, mail: &Mail, from: &str) -> Result<Option<SentMessage>, StoreError> {
        // Without an answer's mark it may be about anything.
        if mail.subject.is_empty() || !mail.is_answer {
            return Ok(None);
        }
        let since = self.now.saturating_sub(SUBJECT_HOLDS).unwrap_or(self.now);
        let scope = self.school.scope();
        let mut found = Vec::new();
        for id in self.store.sent_about(&scope, from, &mail.subject, since).await? {
            found.extend(self.store.sent_message(&scope.organisation, &id).await?);
        }
        let Some(newest) = found.first().cloned() else { return Ok(None) };
        // Where it was said again of the same tasks, the last message is meant.
        let tasks = |sent: &SentMessage| match sent.class {
            MessageKind::Note => notes_in(sent).iter().flat_map(Note::tasks).collect(),
            _ => sent.tasks.clone(),
        };
        let is_same = |sent: &SentMessage| sent.class == newest.class && tasks(sent) == tasks(&newest);
        Ok(found.iter().all(is_same).then_some(newest))
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

/// What a message of notes said, the note first that asks most of its reader.
fn notes_in(sent: &SentMessage) -> Vec<Note> {
    let says = sent.says.as_deref().filter(|_| sent.class == MessageKind::Note);
    says.and_then(|says| Notes::from_json(says).ok()).map(Notes::in_order).unwrap_or_default()
}

/// What a question of ours asked, as far as the words of its answer are read by it.
pub(super) fn asked_for(open: &OpenQuestion) -> Option<reply::Question> {
    match open {
        OpenQuestion::Which { said } => Some(reply::Question::Which(said.clone())),
        OpenQuestion::NoDate { task, why } | OpenQuestion::BadDate { task, why, .. } => {
            Some(reply::Question::NoDate(TaskId::new(task), why.clone()))
        }
        OpenQuestion::NoReason { task, due } => Some(reply::Question::NoReason(TaskId::new(task), *due)),
        OpenQuestion::Nothing
        | OpenQuestion::NotAsked { .. }
        | OpenQuestion::Unclear { .. }
        | OpenQuestion::WhichFiles { .. } => None,
    }
}

/// The tasks that an answer to this message may be about; none where it asked for no report.
fn asked_tasks(sent: &SentMessage) -> Vec<TaskId> {
    if sent.class == MessageKind::Reminder {
        return sent.tasks.clone();
    }
    let of_report = |note: &Note| matches!(note, Note::Thanks { .. } | Note::TimeSettled { .. } | Note::Asked { .. });
    notes_in(sent).iter().filter(|note| of_report(note)).map(Note::task).collect()
}
