//! What becomes of an answer that is not fully understood: a question goes back to its writer, or a person reads it. Nothing
//! is put away in silence.

use std::mem::{Discriminant, discriminant};

use crate::compose::{Note, OpenQuestion, PassedOn, QuestionNote, ToRead, UnderstoodItem};
use crate::plan::TaskId;
use crate::reply::Matter;
use crate::short_id;
use crate::store::open_answers::{OpenAnswer, OpenReason};
use crate::store::outbox::MessageKind;

use crate::app::notes::{AddressedNote, new_note, to_readers};
use crate::app::take_answer::Unread;

use super::MailContext;
use super::files::RefusedFiles;
use super::matching::MatchedAnswer;

/// A longer text is cut; the mail stays in the mailbox.
const LONGEST_TEXT: usize = 10_000;

/// What is left of an answer when all that was understood is taken.
pub(super) struct Remainder {
    /// Its words.
    pub(super) text: String,
    /// Why a person must read it, where it says so itself.
    pub(super) person: Option<Matter>,
    /// What it leaves open.
    pub(super) open: Vec<OpenQuestion>,
    /// What was understood.
    pub(super) taken: Vec<UnderstoodItem>,
    /// The files that are not kept.
    pub(super) refused: RefusedFiles,
}

/// Where an answer goes that is not fully understood.
#[derive(Default)]
pub(super) struct Unsettled {
    /// What goes back to its writer.
    pub(super) question: Option<AddressedNote>,
    /// Whether that asks anything.
    pub(super) asks_back: bool,
    /// What a person must read.
    pub(super) unread: Option<Unread>,
}

impl MailContext<'_> {
    /// Decides where an answer goes.
    pub(super) fn unsettled(&self, matched: &MatchedAnswer, mut rest: Remainder) -> Unsettled {
        let is_blank = rest.text.trim().is_empty();
        if matched.sent.class == MessageKind::Note && matched.asked.is_empty() && is_blank {
            // Nobody was asked how far anything is, and nothing is said.
            rest.open.retain(|open| *open != OpenQuestion::Nothing);
        }
        let why = self.why_a_person(matched, &rest);
        let unread = why.map(|why| self.unread(matched, &rest, why));
        if why.is_some() {
            rest.open.clear();
        }
        let asks_back = !rest.open.is_empty();
        let question = self.question(matched, rest);
        Unsettled { question, asks_back, unread }
    }

    /// Why a person must read an answer, where one must.
    fn why_a_person(&self, matched: &MatchedAnswer, rest: &Remainder) -> Option<OpenReason> {
        let asks_nothing = |open: &OpenQuestion| *open == OpenQuestion::Nothing;
        let is_known = self.school.settings.people.by_name(&matched.by).is_some();
        match rest.person {
            Some(Matter::Question) => Some(OpenReason::Question),
            Some(Matter::HandOver) => Some(OpenReason::HandOver),
            None if rest.open.is_empty() => None,
            // There is nobody whom a question could reach.
            None if !is_known => Some(OpenReason::Unclear),
            // Thanks and decisions ask nothing: to ask how far the task is would say that they were not meant.
            None if matched.sent.class == MessageKind::Note && rest.open.iter().any(asks_nothing) => {
                Some(OpenReason::Unclear)
            }
            None if matched.may_ask || leads_on(&rest.open, &matched.asked) => None,
            None => Some(OpenReason::Unclear),
        }
    }

    /// What goes back to the writer, where anything is open or was not kept.
    fn question(&self, matched: &MatchedAnswer, rest: Remainder) -> Option<AddressedNote> {
        if rest.open.is_empty() && rest.refused.is_empty() {
            return None;
        }
        let writer = self.school.settings.people.by_name(&matched.by)?;
        let question = Note::Question(QuestionNote {
            message: matched.root.clone(),
            answers: matched.mail.message_id.clone(),
            tasks: self.tasks(matched),
            taken: rest.taken,
            doubts: rest.open,
            refused: rest.refused.unfit,
            left_out: rest.refused.left_out,
            no_room: rest.refused.no_room,
        });
        Some(new_note(self.school, writer, &question, "", self.now))
    }

    /// An answer for a person, with all who are told of it.
    fn unread(&self, matched: &MatchedAnswer, rest: &Remainder, why: OpenReason) -> Unread {
        let scope = self.school.scope();
        let mut text: String = rest.text.trim().chars().take(LONGEST_TEXT).collect();
        if text.len() < rest.text.trim().len() {
            text.push('…');
        }
        // Whoever reads it must know of files that belong to no task yet.
        for open in &rest.open {
            if let OpenQuestion::WhichFiles { files, .. } = open {
                text.extend(["\n[", &files.join(", "), "]"]);
            }
        }
        let answer = OpenAnswer {
            id: short_id([[scope.organisation.as_str(), "answer", &matched.mail.key].join("\0")]),
            at: self.now,
            writer: matched.by.clone(),
            message: matched.root.clone(),
            tasks: matched.tasks.clone(),
            text: text.clone(),
            why,
            settled: None,
        };
        let to_read = Note::AnswerToRead(ToRead {
            id: answer.id.chars().take(8).collect(),
            tasks: self.tasks(matched),
            by: matched.by.clone(),
            address: matched.mail.from.clone(),
            text,
            why: why.as_str().to_owned(),
        });
        let mut notes = to_readers(self.school, &to_read, &matched.by, self.now);
        notes.extend(self.passed_on(matched, rest));
        Unread { answer, notes }
    }

    /// What the writer is told, once in a conversation: that a person will answer.
    fn passed_on(&self, matched: &MatchedAnswer, rest: &Remainder) -> Option<AddressedNote> {
        let people = &self.school.settings.people;
        let writer = people.by_name(&matched.by)?;
        let note = Note::PassedOn(PassedOn {
            message: matched.root.clone(),
            answers: matched.mail.message_id.clone(),
            tasks: self.tasks(matched),
            taken: rest.taken.clone(),
        });
        let scope = self.school.scope();
        let parts = [scope.organisation.as_str(), scope.plan.as_str(), "passed on", &matched.root, &matched.by];
        Some(new_note(self.school, writer, &note, "", self.now).named(short_id([parts.join("\0")])))
    }

    /// The tasks of a conversation, those first that are still in the plan: a message is about one of these, if about any.
    fn tasks(&self, matched: &MatchedAnswer) -> Vec<String> {
        let (present, gone): (Vec<&TaskId>, Vec<_>) = matched.tasks.iter().partition(|task| self.task(task).is_some());
        present.into_iter().chain(gone).map(|task| task.as_str().to_owned()).collect()
    }
}

/// Whether all that an answer leaves open is the next thing to know about a request for time, so that the conversation goes
/// on: which task, until when, why. What was asked before is not asked again.
fn leads_on(open: &[OpenQuestion], asked: &[OpenQuestion]) -> bool {
    if asked.is_empty() {
        return false;
    }
    let known: Vec<_> = asked.iter().filter_map(about_time).collect();
    open.iter().all(|open| about_time(open).is_some_and(|about| !known.contains(&about)))
}

/// The task and the kind of a question about a request for time.
fn about_time(open: &OpenQuestion) -> Option<(&str, Discriminant<OpenQuestion>)> {
    match open {
        OpenQuestion::NoDate { task, .. }
        | OpenQuestion::NoReason { task, .. }
        | OpenQuestion::BadDate { task, .. } => Some((task, discriminant(open))),
        _ => None,
    }
}
