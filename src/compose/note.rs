//! Notes: short messages to one person outside the calendar, in answer to something the program was told.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::plan::{Status, Task, TaskId};
use crate::progress::evidence::Proof;
use crate::progress::{Progress, TimeRequest};

use super::view::{MessageFrame, TaskView, ViewContext};
use super::words::{Words, WordsError};
use super::{NotTakenReason, PlanState};

/// A note. It is kept as JSON until it is sent, and then says only what still holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "note", rename_all = "snake_case")]
pub enum Note {
    /// Thanks to the person who reported a task done.
    Thanks {
        /// The task.
        task: String,
        /// The day of completion, where another was told than that of the report.
        #[serde(default)]
        on: Option<Date>,
    },
    /// To superiors: a task is blocked.
    Blocked {
        /// The task.
        task: String,
        /// The reporter.
        by: Option<String>,
        /// The obstacle.
        why: Option<String>,
    },
    /// To the leads: what somebody reports who does not lead the task.
    Remark {
        /// The task.
        task: String,
        /// The reporter.
        by: String,
        /// The status that they told.
        status: String,
        /// The per cent that they told.
        percent: Option<u8>,
        /// Their words.
        says: Option<String>,
    },
    /// To the leads: a superior asks something.
    Asked {
        /// The task.
        task: String,
        /// The superior.
        by: String,
        /// The question.
        words: String,
    },
    /// To superiors: somebody asks for time.
    TimeAsked {
        /// The task.
        task: String,
        /// The number of the request among those for the task.
        number: u32,
        /// The person who asks.
        by: Option<String>,
        /// The due date now; `None` where the plan leaves it open.
        old: Option<Date>,
        /// The due date asked for.
        due: Date,
        /// The reason.
        why: String,
    },
    /// To the leads of a task and the person who asked for time: the decision.
    TimeSettled {
        /// The task.
        task: String,
        /// Whether the due date is moved.
        accepted: bool,
        /// The person who decided.
        by: Option<String>,
        /// The due date before; `None` where the plan left it open.
        old: Option<Date>,
        /// The due date asked for.
        due: Date,
        /// The words of the decision.
        answer: Option<String>,
    },
    /// A question to the author of an answer that was not fully understood.
    Question(QuestionNote),
    /// To the admin and to superiors: an answer that a person must read.
    AnswerToRead(ToRead),
    /// To the author of an answer: a person will answer it.
    PassedOn(PassedOn),
    /// To the author of an answer that was not taken.
    NotTaken(NotTaken),
}

/// An answer that was not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotTaken {
    /// The Message-ID of the answer, where it has one.
    pub answers: Option<String>,
    /// Its subject.
    pub subject: String,
    /// The tasks of the message that it answers.
    pub tasks: Vec<String>,
    /// Why it was not taken.
    pub why: NotTakenReason,
}

/// An answer that a person must read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToRead {
    /// The beginning of its id, as the commands take it.
    pub id: String,
    /// The tasks that it may be about.
    pub tasks: Vec<String>,
    /// The writer.
    pub by: String,
    /// The address from which it came.
    pub address: Option<String>,
    /// Its words.
    pub text: String,
    /// Why a person must read it: `unclear`, `question` or `hand_over`.
    pub why: String,
}

/// An answer that was passed on to a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassedOn {
    /// The id of our message that began the conversation.
    pub message: String,
    /// The Message-ID of the answer, where it has one.
    pub answers: Option<String>,
    /// The tasks of our message.
    pub tasks: Vec<String>,
    /// The parts of the answer that were understood and recorded.
    pub taken: Vec<UnderstoodItem>,
}

/// A question about an answer: what was understood, and what is open.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionNote {
    /// The id of our message that began the conversation.
    pub message: String,
    /// The Message-ID of the answer, where it has one.
    pub answers: Option<String>,
    /// The tasks of our message.
    pub tasks: Vec<String>,
    /// The parts of the answer that were understood and recorded.
    pub taken: Vec<UnderstoodItem>,
    /// The open questions.
    pub doubts: Vec<OpenQuestion>,
    /// The names of files that are too large, or of no kind that is kept.
    pub refused: Vec<String>,
    /// The names of files beyond those that are taken from one mail.
    #[serde(default)]
    pub left_out: Vec<String>,
    /// The names of files for which the school has no room.
    #[serde(default)]
    pub no_room: Vec<String>,
}

/// A part of an answer that was understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "taken", rename_all = "snake_case")]
pub enum UnderstoodItem {
    /// A report on progress.
    Report {
        /// The task.
        task: String,
        /// The status.
        status: String,
        /// The per cent done, where it was told.
        percent: Option<u8>,
    },
    /// A request for another due date.
    MoreTime {
        /// The task.
        task: String,
        /// The due date asked for.
        due: Date,
    },
    /// Evidence.
    Evidence {
        /// The task.
        task: String,
        /// The names of the files.
        files: Vec<String>,
    },
}

/// An open question about an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "open", rename_all = "snake_case")]
pub enum OpenQuestion {
    /// The answer says nothing of any task.
    Nothing,
    /// It is not clear which task is meant.
    Which {
        /// The words that are said of it, to be read again when it is known.
        #[serde(default)]
        said: Option<String>,
    },
    /// A task is named that the message was not about.
    NotAsked {
        /// The task as it is written.
        task: String,
    },
    /// The status of a task is not clear.
    Unclear {
        /// The task.
        task: String,
    },
    /// Another due date is asked for, and not named.
    NoDate {
        /// The task.
        task: String,
        /// The reason, where it was told.
        #[serde(default)]
        why: Option<String>,
    },
    /// Another due date is asked for without a reason.
    NoReason {
        /// The task.
        task: String,
        /// The date.
        due: Date,
    },
    /// The due date asked for cannot be meant.
    BadDate {
        /// The task.
        task: String,
        /// The date.
        due: Date,
        /// The reason, where it was told.
        #[serde(default)]
        why: Option<String>,
    },
    /// It is not clear which task files belong to.
    WhichFiles {
        /// The names of the files.
        files: Vec<String>,
        /// The files, to be handed in when it is known.
        #[serde(default)]
        proofs: Vec<Proof>,
    },
}

impl Note {
    /// The task of the note.
    #[must_use]
    pub fn task(&self) -> TaskId {
        match self {
            Self::Thanks { task, .. }
            | Self::Blocked { task, .. }
            | Self::Remark { task, .. }
            | Self::Asked { task, .. }
            | Self::TimeAsked { task, .. }
            | Self::TimeSettled { task, .. } => TaskId::new(task),
            Self::Question(_) | Self::AnswerToRead(_) | Self::PassedOn(_) | Self::NotTaken(_) => {
                self.tasks().into_iter().next().unwrap_or_else(|| TaskId::new(""))
            }
        }
    }

    /// All tasks of the note, the one first that it is sorted under.
    #[must_use]
    pub fn tasks(&self) -> Vec<TaskId> {
        let tasks = match self {
            Self::Question(question) => &question.tasks,
            Self::AnswerToRead(to_read) => &to_read.tasks,
            Self::PassedOn(passed) => &passed.tasks,
            Self::NotTaken(not_taken) => &not_taken.tasks,
            Self::Thanks { .. }
            | Self::Blocked { .. }
            | Self::Remark { .. }
            | Self::Asked { .. }
            | Self::TimeAsked { .. }
            | Self::TimeSettled { .. } => return vec![self.task()],
        };
        tasks.iter().map(|task| TaskId::new(task)).collect()
    }

    /// Its place among others in one message: what asks something of its reader before what only tells.
    pub(super) fn rank(&self) -> u8 {
        match self {
            Self::Question(_) => 0,
            Self::PassedOn(_) | Self::NotTaken(_) => 1,
            Self::TimeAsked { .. } | Self::Asked { .. } => 2,
            Self::AnswerToRead(_) => 3,
            Self::Blocked { .. } => 4,
            Self::TimeSettled { .. } => 5,
            Self::Thanks { .. } | Self::Remark { .. } => 6,
        }
    }

    /// Whether another note need not be told beside this one.
    pub(super) fn replaces(&self, other: &Self) -> bool {
        let tells_done = |taken: &[UnderstoodItem], done: &str| {
            taken.iter().any(|item| {
                matches!(item, UnderstoodItem::Report { task, status, .. } if task == done && status == Status::Done.as_str())
            })
        };
        match (self, other) {
            (Self::Thanks { task, .. }, Self::Thanks { task: same, .. }) => task == same,
            (Self::Blocked { task, by, .. }, Self::Blocked { task: same, by: also, .. }) => task == same && by == also,
            // It tells what was recorded.
            (Self::Question(question), Self::Thanks { task, .. }) => tells_done(&question.taken, task),
            (Self::PassedOn(passed), Self::Thanks { task, .. }) => tells_done(&passed.taken, task),
            _ => self == other,
        }
    }

    /// Whether the note tells of a task that is done, or due on another date.
    pub(super) fn changes_date(&self) -> bool {
        matches!(self, Self::Thanks { .. } | Self::TimeSettled { accepted: true, .. })
    }

    /// The Message-ID of the mail that the note answers, where it answers one.
    pub(super) fn answers(&self) -> Option<&str> {
        match self {
            Self::Question(question) => question.answers.as_deref(),
            Self::PassedOn(passed) => passed.answers.as_deref(),
            Self::NotTaken(not_taken) => not_taken.answers.as_deref(),
            _ => None,
        }
    }

    /// Whether the note is still true and useful: no thanks for a report that was taken back, no request that is
    /// decided.
    #[must_use]
    pub fn holds(&self, recipient: &str, progress: &Progress, requests: &[TimeRequest]) -> bool {
        let status = progress.status(&self.task());
        match self {
            Self::Thanks { .. } => {
                // Whoever stands in for a lead has reported of a part that is not theirs.
                status == Status::Done
                    || progress.part(&self.task(), recipient).status == Status::Done
                    || progress
                        .latest(&self.task())
                        .is_some_and(|latest| latest.status == Status::Done && latest.by.as_deref() == Some(recipient))
            }
            Self::Blocked { .. } => status == Status::Blocked,
            Self::TimeAsked { number, .. } => requests
                .iter()
                .any(|request| request.task == self.task() && request.number == *number && request.is_open()),
            Self::Remark { .. } | Self::Asked { .. } => !status.is_closed(),
            Self::TimeSettled { .. }
            | Self::Question(_)
            | Self::AnswerToRead(_)
            | Self::PassedOn(_)
            | Self::NotTaken(_) => true,
        }
    }
}

/// A note as its templates see it.
#[derive(Debug, Serialize)]
pub(super) struct NoteView<'a> {
    #[serde(flatten)]
    frame: MessageFrame,
    #[serde(flatten)]
    note: &'a Note,
    about: TaskView,
    /// The tasks of a question, or of an answer that a person reads.
    asked: Vec<TaskView>,
    /// What the ready answers to a question need; `None` where answers are not read, or the school has pages.
    ready: Option<ReadyAnswer>,
    /// The page for deciding the request; `None` for other notes and where the school has no pages.
    link: Option<String>,
    /// Whether tasks have links.
    has_links: bool,
    /// Whether the recipient is an admin.
    is_admin: bool,
    /// Whether the recipient can decide, and is not an admin in place of a superior.
    is_for_decision: bool,
}

/// The mail that a ready answer is.
#[derive(Debug, Serialize)]
struct ReadyAnswer {
    /// The address to which people answer.
    to: String,
    /// The subject.
    subject: String,
}

impl<'a> NoteView<'a> {
    /// Sets the subject of the note, to which a ready answer answers.
    pub(super) fn set_subject(&mut self, subject: &str) {
        if let Some(ready) = &mut self.ready {
            ready.subject = format!("Re: {subject}");
        }
    }

    /// Puts what it says of tasks in words.
    pub(super) fn say(&mut self, words: &mut Words<'_>) -> Result<(), WordsError> {
        self.asked.iter_mut().chain([&mut self.about]).try_for_each(|task| task.say(words))
    }

    pub(super) fn new(state: PlanState<'_>, note: &'a Note, task: &Task, context: ViewContext<'_>) -> Self {
        let school = state.school;
        let ViewContext { recipient, now, links } = context;
        let people = &school.settings.people;
        let role = match note {
            Note::Blocked { .. } | Note::TimeAsked { .. } | Note::AnswerToRead(_) => "superior",
            _ if task.coordinators.contains(&recipient) => "coordinator",
            _ => "lead",
        };
        let view = |task: &Task| {
            let mut view = TaskView::new(state, task, role, recipient, now);
            if matches!(note, Note::Question(_) | Note::NotTaken(_) | Note::Asked { .. } | Note::Thanks { .. }) {
                view.set_link(links.map(|links| links.answer(&task.id)));
            }
            view
        };
        let asked = match note {
            Note::Question(_) | Note::AnswerToRead(_) | Note::PassedOn(_) | Note::NotTaken(_) => {
                let tasks = note.tasks();
                school.plan.tasks.iter().filter(|task| tasks.contains(&task.id)).map(view).collect()
            }
            _ => Vec::new(),
        };
        let to = school.settings.inbox.as_ref().and_then(|inbox| inbox.address.clone()).filter(|_| links.is_none());
        let is_superior = school.superiors().any(|superior| *superior == recipient);
        let stands_in =
            !is_superior && school.superiors().next().is_some() && school.settings.admin.contains(&recipient);
        Self {
            frame: MessageFrame::new(school, people.get(recipient), now.date()),
            note,
            asked,
            ready: to.map(|to| ReadyAnswer { to, subject: String::new() }),
            about: view(task),
            has_links: links.is_some(),
            is_admin: school.settings.admin.contains(&recipient),
            is_for_decision: !stands_in,
            link: match note {
                Note::TimeAsked { number, .. } => links.map(|links| links.decide(&task.id, *number)),
                _ => None,
            },
        }
    }
}
