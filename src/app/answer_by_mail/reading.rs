//! What an answer says, as far as it is understood, and what is to be asked back.

use crate::compose::{Note, OpenQuestion, Question, TakenDown};
use crate::evidence_store::{EvidenceError, EvidenceStore};
use crate::plan::{Task, TaskId};
use crate::progress::evidence::Proof;
use crate::progress::{Entry, Progress, Status};
use crate::reply::{self, Asked, AskedTask, Attachment, Doubt, MoreTime, Report, Understood};
use crate::store::outbox::{MessageKind, NewNote};

use crate::app::ask_for_time::{Proposal, examine};
use crate::app::notes::new_note;

use super::matching::MatchedAnswer;
use super::{MailContext, MailError};

/// By which way an answer comes.
const HOW: &str = "mail";

/// An answer as it was read.
pub(super) struct ReadAnswer<'a> {
    /// How far tasks are.
    pub(super) entries: Vec<(&'a Task, Entry)>,
    /// Other due dates that are asked for.
    pub(super) proposals: Vec<(&'a Task, Proposal)>,
    /// Files that came with it and are kept.
    pub(super) proofs: Vec<Proof>,
    /// The task that the files prove.
    pub(super) proves: Option<TaskId>,
    /// What is asked back.
    pub(super) question: Option<NewNote>,
}

/// Files of an answer.
#[derive(Default)]
struct Files {
    /// Those that are kept.
    proofs: Vec<Proof>,
    /// The names of those that are not.
    refused: Vec<String>,
}

impl Files {
    fn names(&self) -> Vec<String> {
        self.proofs.iter().map(|proof| proof.name().to_owned()).collect()
    }
}

impl<'a> MailContext<'a> {
    /// Reads an answer, and keeps the files that came with it.
    pub(super) async fn read(&self, matched: &MatchedAnswer) -> Result<ReadAnswer<'a>, MailError> {
        let asked = self.asked(&matched.tasks);
        let mut understood = self.understand(matched, &asked);
        let files = self.keep(matched.mail.attachments.clone()).await?;
        let progress = self.store.progress(&self.school.scope()).await?;
        let mut open: Vec<OpenQuestion> = understood.doubts.iter().map(opened).collect();
        let (proposals, bad_dates) = self.proposals(&mut understood, &matched.by, &progress);
        open.extend(bad_dates);
        let proves = single(&understood, &asked).filter(|_| !files.proofs.is_empty());
        match &proves {
            Some(task) => report_handed_in(&mut understood, task, &progress),
            None if !files.proofs.is_empty() => open.push(OpenQuestion::WhichFiles { files: files.names() }),
            None => {}
        }
        let taken = taken_down(&understood, &proposals, proves.as_ref(), &files);
        let question = self.question(matched, taken, open, files.refused);
        let reports = understood.reports.iter();
        let entries = reports
            .filter_map(|report| Some((self.task_in_plan(&report.task)?, self.entry(report, &matched.by))))
            .collect();
        Ok(ReadAnswer { entries, proposals, proofs: files.proofs, proves, question })
    }

    /// What was asked about tasks, as far as they are in the plan.
    fn asked(&self, tasks: &[TaskId]) -> Vec<AskedTask> {
        let asked = tasks.iter().filter_map(|id| self.task(id)).map(|task| AskedTask {
            id: task.id.clone(),
            criterion: task.criterion.clone(),
            due: task.period().map(|period| period.due),
        });
        asked.collect()
    }

    fn understand(&self, matched: &MatchedAnswer, asked: &[AskedTask]) -> Understood {
        let today = self.school.settings.date_of(self.now);
        let all: Vec<TaskId> = self.school.plan.tasks.iter().map(|task| task.id.clone()).collect();
        let year = &self.school.settings.school_year;
        let ours = matched.sent.payload.as_deref().map(reply::mail::ours).unwrap_or_default();
        let words = matched.mail.words(&ours);
        reply::understand(&words, Asked { tasks: asked, plan: &all, year, today })
    }

    /// Keeps files as evidence, and names those that are none.
    async fn keep(&self, attachments: Vec<Attachment>) -> Result<Files, EvidenceError> {
        let folder = EvidenceStore::new(&self.school.settings.state);
        let kept = tokio::task::spawn_blocking(move || {
            let mut files = Files::default();
            for Attachment { name, bytes } in attachments {
                match folder.keep(&bytes, &name) {
                    Ok(proof) => files.proofs.push(proof),
                    // The answer is read again when there is room.
                    Err(error @ EvidenceError::Unwritable { .. }) => return Err(error),
                    Err(error) => files.refused.push(error.name().to_owned()),
                }
            }
            Ok(files)
        });
        // A thread that was stopped has kept nothing that counts.
        kept.await.unwrap_or_else(|_| Ok(Files::default()))
    }

    /// The wishes for more time that can be meant; of the others, what is to be asked.
    fn proposals(
        &self,
        understood: &mut Understood,
        by: &str,
        progress: &Progress,
    ) -> (Vec<(&'a Task, Proposal)>, Vec<OpenQuestion>) {
        let mut proposals = Vec::new();
        let mut open = Vec::new();
        for MoreTime { task, due, why } in std::mem::take(&mut understood.more_time) {
            let Some(task) = self.task_in_plan(&task) else { continue };
            let proposal = Proposal { due, why, by: Some(by.to_owned()), how: HOW, at: self.now };
            match examine(self.school, task, progress.status(&task.id), &proposal) {
                Ok(()) => proposals.push((task, proposal)),
                Err(_) => open.push(OpenQuestion::BadDate { task: task.id.to_string(), due }),
            }
        }
        (proposals, open)
    }

    /// What is asked back, where anything is open and may be asked.
    fn question(
        &self,
        matched: &MatchedAnswer,
        taken: Vec<TakenDown>,
        mut open: Vec<OpenQuestion>,
        refused: Vec<String>,
    ) -> Option<NewNote> {
        if matched.sent.class == MessageKind::Note {
            // Nobody was asked how far anything is: whoever thanks for thanks is left in peace.
            open.retain(|open| *open != OpenQuestion::Nothing);
        }
        if !matched.may_ask || open.is_empty() && refused.is_empty() {
            return None;
        }
        let writer = self.school.settings.people.by_name(&matched.by)?;
        let question = Note::Question(Question {
            message: matched.root.clone(),
            answers: matched.mail.message_id.clone(),
            tasks: matched.tasks.iter().map(ToString::to_string).collect(),
            taken,
            doubts: open,
            refused,
        });
        Some(new_note(self.school, writer, &question, "", self.now))
    }

    fn entry(&self, report: &Report, by: &str) -> Entry {
        Entry {
            at: self.now,
            status: report.status,
            percent: report.percent,
            note: report.note.clone(),
            evidence: Vec::new(),
            by: Some(by.to_owned()),
            how: HOW.to_owned(),
        }
    }

    fn task_in_plan(&self, id: &TaskId) -> Option<&'a Task> {
        let school: &'a crate::school::School = self.school;
        school.plan.tasks.iter().find(|task| task.id == *id)
    }
}

/// What was sent to prove something is kept, even where the words say nothing of how far that is.
fn report_handed_in(understood: &mut Understood, task: &TaskId, progress: &Progress) {
    if understood.reports.iter().any(|report| report.task == *task) {
        return;
    }
    let status = match progress.status(task) {
        Status::NotStarted => Status::InProgress,
        status => status,
    };
    let note = progress.latest(task).and_then(|entry| entry.note.clone()).filter(|_| status == Status::Blocked);
    understood.reports.push(Report { task: task.clone(), status, percent: None, note });
}

/// What was understood and is written down, as a question that goes back tells it.
fn taken_down(
    understood: &Understood,
    proposals: &[(&Task, Proposal)],
    proves: Option<&TaskId>,
    files: &Files,
) -> Vec<TakenDown> {
    let reports = understood.reports.iter().map(|report| TakenDown::Report {
        task: report.task.to_string(),
        status: report.status.to_string(),
        percent: report.percent,
    });
    let requests =
        proposals.iter().map(|(task, proposal)| TakenDown::MoreTime { task: task.id.to_string(), due: proposal.due });
    let evidence = proves.map(|task| TakenDown::Evidence { task: task.to_string(), files: files.names() });
    reports.chain(requests).chain(evidence).collect()
}

/// The task that files belong to: the only one that is spoken of, or the only one that was asked about.
fn single(understood: &Understood, asked: &[AskedTask]) -> Option<TaskId> {
    let mut spoken: Vec<&TaskId> = understood.reports.iter().map(|report| &report.task).collect();
    spoken.extend(understood.more_time.iter().map(|wish| &wish.task));
    spoken.dedup();
    match (spoken.as_slice(), asked) {
        ([], [only]) => Some(only.id.clone()),
        ([only], _) => Some((*only).clone()),
        _ => None,
    }
}

fn opened(doubt: &Doubt) -> OpenQuestion {
    match doubt {
        Doubt::Nothing => OpenQuestion::Nothing,
        Doubt::Which => OpenQuestion::Which,
        Doubt::NotAsked(task) => OpenQuestion::NotAsked { task: task.clone() },
        Doubt::Unclear(task) => OpenQuestion::Unclear { task: task.to_string() },
        Doubt::NoDate(task) => OpenQuestion::NoDate { task: task.to_string() },
        Doubt::NoReason(task, due) => OpenQuestion::NoReason { task: task.to_string(), due: *due },
        Doubt::NotLater(task, due) => OpenQuestion::BadDate { task: task.to_string(), due: *due },
    }
}
