//! What an answer says, as far as it is understood.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use jiff::civil::Date;

use crate::compose::{OpenQuestion, UnderstoodItem};
use crate::plan::{Status, Task, TaskId};
use crate::progress::evidence::{self, Proof};
use crate::progress::{How, Part, Progress, ProgressEntry};
use crate::reply::{self, AnswerReading, Asked, AskedTask, MoreTime, ReportedStatus};
use crate::school::School;
use crate::store::task_names::TaskNames;
use crate::store::{Store, StoreError};

use crate::app::Reach;
use crate::app::proposal::{Proposal, examine};

use super::files::AnswerFiles;
use super::matching::{MatchedAnswer, asked_for};
use super::unsettled::{Remainder, Unsettled};
use super::{MailContext, MailError};

/// An answer as it was read.
pub(super) struct ReadAnswer<'a> {
    /// How far tasks are.
    pub(super) entries: Vec<ReadReport<'a>>,
    /// Other due dates that are asked for.
    pub(super) proposals: Vec<(&'a Task, Proposal)>,
    /// Files that came with it and are kept.
    pub(super) proofs: Vec<Proof>,
    /// The task that the files prove.
    pub(super) proves: Option<TaskId>,
    /// Where it goes as far as it is not understood.
    pub(super) unsettled: Unsettled,
}

/// How far a task is by an answer.
pub(super) struct ReadReport<'a> {
    pub(super) task: &'a Task,
    pub(super) entry: ProgressEntry,
    /// For whom it is said.
    pub(super) reach: Reach,
    /// The day of completion that it names.
    pub(super) done_on: Option<Date>,
}

impl<'a> MailContext<'a> {
    /// Reads an answer, and keeps the files that came with it.
    pub(super) async fn read(&self, matched: &mut MatchedAnswer) -> Result<ReadAnswer<'a>, MailError> {
        let called = Called::at(self.store, self.school, matched.sent.at).await?;
        let asked = self.asked(&matched.tasks, &called);
        let (text, mut understood, links) = self.understand(matched, &asked, &called);
        let mut files = self.keep(std::mem::take(&mut matched.mail.attachments)).await?;
        files.refused.left_out = std::mem::take(&mut matched.mail.left_out);
        files.proofs.extend(links.iter().filter_map(|link| evidence::link(link)).map(Proof::Link));
        // Files of before wait for their task.
        files.take_up(matched.asked.iter().flat_map(waiting_files), &self.school.settings.evidence);
        let progress = self.store.progress(self.school).await?;
        let mut open: Vec<OpenQuestion> = understood.questions.iter().map(opened).collect();
        open.extend(self.gone(&understood, &called));
        let (proposals, bad_dates) = self.proposals(&mut understood, &called, &matched.by, &progress);
        open.extend(bad_dates);
        let spoken_of = single(&understood, &asked).filter(|_| !files.proofs.is_empty());
        let proves = spoken_of.as_ref().and_then(|name| self.called(&called, name));
        match (&spoken_of, proves) {
            (Some(name), Some(task)) => {
                report_handed_in(&mut understood, name, &progress.part(&task.id, &matched.by));
            }
            _ if !files.proofs.is_empty() => {
                open.push(OpenQuestion::WhichFiles { files: files.names(), proofs: files.proofs.clone() });
            }
            _ => {}
        }
        let read = |report: &ReportedStatus| {
            let reach = if report.for_all { Reach::Everybody } else { Reach::Own };
            let task = self.called(&called, &report.task)?;
            let entry = self.entry(report, &matched.by);
            Some(ReadReport { task, entry, reach, done_on: report.done_on })
        };
        let entries: Vec<ReadReport<'a>> = understood.reports.iter().filter_map(read).collect();
        let taken = taken_down(&entries, &proposals, proves, &files);
        let person = understood.person;
        let unsettled = self.unsettled(matched, Remainder { text, person, open, taken, refused: files.refused });
        Ok(ReadAnswer {
            entries,
            proposals,
            proofs: files.proofs,
            proves: proves.map(|task| task.id.clone()),
            unsettled,
        })
    }

    /// What was asked about tasks, by the names that they had in the mail. What has left the plan since is among them: who
    /// speaks of it speaks of no other task.
    fn asked(&self, tasks: &[TaskId], called: &Called) -> Vec<AskedTask> {
        let asked = tasks.iter().map(|id| {
            let task = self.task(id);
            AskedTask {
                id: called.name(id),
                // Another number is often another criterion, which the mail did not name.
                criterion: task
                    .filter(|task| task.name == called.name(id).as_str())
                    .and_then(|task| task.criterion.clone()),
                words: task.map(|task| task.remedy.clone()).unwrap_or_default(),
                due: task.and_then(Task::period).map(|period| period.due),
            }
        });
        asked.collect()
    }

    /// The task in the plan that the mail calls by a name.
    fn called(&self, called: &Called, name: &TaskId) -> Option<&'a Task> {
        let school: &'a School = self.school;
        let id = called.ids.get(name)?;
        school.plan.task(id)
    }

    /// What is told of tasks that are no longer in the plan cannot be recorded, and is not passed over.
    fn gone(&self, understood: &reply::Answer, called: &Called) -> Vec<OpenQuestion> {
        let reported = understood.reports.iter().map(|report| &report.task);
        let spoken = reported.chain(understood.more_time.iter().map(|wish| &wish.task));
        let gone = spoken.filter(|name| self.called(called, name).is_none());
        gone.map(|name| OpenQuestion::NotAsked { task: name.as_str().to_owned() }).collect()
    }

    /// The words of an answer, what they say, and the addresses among them that prove something.
    fn understand(
        &self,
        matched: &MatchedAnswer,
        asked: &[AskedTask],
        called: &Called,
    ) -> (String, reply::Answer, Vec<String>) {
        let today = self.school.settings.date_of(self.now);
        let all: Vec<TaskId> = called.ids.keys().cloned().collect();
        let year = &self.school.settings.school_year;
        let ours = matched.sent.payload.as_deref().map(reply::mail::ours).unwrap_or_default();
        let words = matched.mail.words(&ours);
        let people: Vec<String> = self.school.settings.people.known_names().map(str::to_owned).collect();
        let questions: Vec<reply::Question> = matched.asked.iter().filter_map(asked_for).collect();
        let asked = Asked { tasks: asked, plan: &all, people: &people, questions: &questions, year, today };
        let (bare, links) = reply::mail::proving(&words);
        let answer = match reply::understand(&bare, asked) {
            AnswerReading::Acknowledgement => reply::Answer::default(),
            AnswerReading::Answer(answer) => answer,
        };
        (words, answer, links)
    }

    /// The wishes for more time that can be meant; of the others, what is to be asked.
    fn proposals(
        &self,
        understood: &mut reply::Answer,
        called: &Called,
        by: &str,
        progress: &Progress,
    ) -> (Vec<(&'a Task, Proposal)>, Vec<OpenQuestion>) {
        let mut proposals = Vec::new();
        let mut open = Vec::new();
        for MoreTime { task, due, why } in std::mem::take(&mut understood.more_time) {
            let Some(task) = self.called(called, &task) else { continue };
            let proposal = Proposal { due, why, by: Some(by.to_owned()), how: How::Mail, at: self.now };
            match examine(self.school, task, progress.status(&task.id), &proposal) {
                Ok(()) => proposals.push((task, proposal)),
                Err(_) => {
                    let why = Some(proposal.why);
                    open.push(OpenQuestion::BadDate { task: task.name.clone(), due, why });
                }
            }
        }
        (proposals, open)
    }

    fn entry(&self, report: &ReportedStatus, by: &str) -> ProgressEntry {
        ProgressEntry {
            at: self.now,
            status: report.status,
            percent: report.percent,
            note: report.note.clone(),
            evidence: Vec::new(),
            by: Some(by.to_owned()),
            how: How::Mail,
        }
    }
}

/// What was sent to prove something is kept, even where the words say nothing of how far that is.
fn report_handed_in(understood: &mut reply::Answer, name: &TaskId, part: &Part) {
    if understood.reports.iter().any(|report| report.task == *name) {
        return;
    }
    let status = match part.status {
        Status::NotStarted => Status::InProgress,
        status => status,
    };
    let note = part.note.clone().filter(|_| status == Status::Blocked);
    let task = name.clone();
    understood.reports.push(ReportedStatus { task, status, percent: None, note, for_all: false, done_on: None });
}

/// What was understood and is written down, as a question that goes back tells it.
fn taken_down(
    entries: &[ReadReport<'_>],
    proposals: &[(&Task, Proposal)],
    proves: Option<&Task>,
    files: &AnswerFiles,
) -> Vec<UnderstoodItem> {
    let reports = entries.iter().map(|ReadReport { task, entry, .. }| UnderstoodItem::Report {
        task: task.name.clone(),
        status: entry.status.to_string(),
        percent: entry.percent,
    });
    let requests = proposals
        .iter()
        .map(|(task, proposal)| UnderstoodItem::MoreTime { task: task.name.clone(), due: proposal.due });
    let evidence = proves.map(|task| UnderstoodItem::Evidence { task: task.name.clone(), files: files.names() });
    reports.chain(requests).chain(evidence).collect()
}

/// What tasks were called when a message was sent: an answer to it means them by these names.
struct Called {
    names: TaskNames,
    /// The task by the name that it had; where two had one, the one that is in the plan.
    ids: HashMap<TaskId, TaskId>,
}

impl Called {
    async fn at(store: &Store, school: &School, at: Timestamp) -> Result<Self, StoreError> {
        let names = store.task_names(&school.scope(), at).await?;
        let present: HashSet<&TaskId> = school.plan.tasks.iter().map(|task| &task.id).collect();
        let is_present = |id: &TaskId| present.contains(id);
        let mut ids = HashMap::new();
        for (id, name) in names.iter() {
            let taken: &mut TaskId = ids.entry(TaskId::new(name)).or_insert_with(|| id.clone());
            if is_present(id) && !is_present(taken) {
                taken.clone_from(id);
            }
        }
        Ok(Self { names, ids })
    }

    fn name(&self, task: &TaskId) -> TaskId {
        TaskId::new(self.names.of(task))
    }
}

/// The task that files belong to: the only one that is spoken of, or the only one that was asked about.
fn single(understood: &reply::Answer, asked: &[AskedTask]) -> Option<TaskId> {
    let mut spoken: Vec<&TaskId> = understood.reports.iter().map(|report| &report.task).collect();
    spoken.extend(understood.more_time.iter().map(|wish| &wish.task));
    spoken.dedup();
    match (spoken.as_slice(), asked) {
        ([], [only]) => Some(only.id.clone()),
        ([only], _) => Some((*only).clone()),
        _ => None,
    }
}

/// The files that a question asked the task of.
fn waiting_files(asked: &OpenQuestion) -> &[Proof] {
    match asked {
        OpenQuestion::WhichFiles { proofs, .. } => proofs,
        _ => &[],
    }
}

fn opened(question: &reply::Question) -> OpenQuestion {
    let name = |task: &TaskId| task.as_str().to_owned();
    match question {
        reply::Question::Nothing => OpenQuestion::Nothing,
        reply::Question::Which(said) => OpenQuestion::Which { said: said.clone() },
        reply::Question::NotAsked(task) => OpenQuestion::NotAsked { task: task.clone() },
        reply::Question::Unclear(task) => OpenQuestion::Unclear { task: name(task) },
        reply::Question::NoDate(task, why) => OpenQuestion::NoDate { task: name(task), why: why.clone() },
        reply::Question::NoReason(task, due) => OpenQuestion::NoReason { task: name(task), due: *due },
        reply::Question::NotLater(task, due, why) => {
            OpenQuestion::BadDate { task: name(task), due: *due, why: why.clone() }
        }
    }
}
