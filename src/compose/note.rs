//! Notes: a few words to one person outside the notices, in answer to what somebody told the program.

use jiff::ZonedDateTime;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::link::Issue;
use crate::people::RecipientId;
use crate::plan::{Task, TaskId};
use crate::progress::{Progress, Status, TimeRequest};
use crate::school::School;

use super::view::{Frame, TaskView};

/// What a note says. It is kept as JSON until it is sent, and then says only what still holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "note", rename_all = "snake_case")]
pub enum Note {
    /// To whoever reported a task done: thanks, once.
    Thanks {
        /// The task.
        task: String,
    },
    /// To the superiors: something stands in the way of a task.
    Blocked {
        /// The task.
        task: String,
        /// Who says so.
        by: Option<String>,
        /// What stands in the way.
        why: Option<String>,
    },
    /// To the superiors: somebody asks for time.
    TimeAsked {
        /// The task.
        task: String,
        /// The request's place among those for the task.
        number: u32,
        /// Who asks.
        by: Option<String>,
        /// The due date now; `None` where the plan leaves it open.
        old: Option<Date>,
        /// The due date that is asked for.
        due: Date,
        /// Why.
        why: String,
    },
    /// To those who lead a task, and to whoever asked for time: what came of it.
    TimeSettled {
        /// The task.
        task: String,
        /// Whether the due date is moved.
        accepted: bool,
        /// Who decided.
        by: Option<String>,
        /// The due date before; `None` where the plan left it open.
        old: Option<Date>,
        /// The due date that was asked for.
        due: Date,
        /// What the decision says.
        answer: Option<String>,
    },
    /// To whoever answered a message and was not quite understood: what was, and what is asked.
    Question(Question),
}

/// What goes back to somebody whose answer left something open.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// The message of ours that began the conversation.
    pub message: String,
    /// The Message-ID of the answer, where it had one.
    pub answers: Option<String>,
    /// The tasks that the message was about.
    pub tasks: Vec<String>,
    /// What was understood, and is kept.
    pub taken: Vec<TakenDown>,
    /// What was not.
    pub doubts: Vec<OpenQuestion>,
    /// Files that are not kept.
    pub refused: Vec<String>,
}

/// What was understood of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "taken", rename_all = "snake_case")]
pub enum TakenDown {
    /// How far a task is.
    Report {
        /// The task.
        task: String,
        /// The status.
        status: String,
        /// How much of it, where that was said.
        percent: Option<u8>,
    },
    /// Another due date.
    MoreTime {
        /// The task.
        task: String,
        /// The date.
        due: Date,
    },
    /// Files.
    Evidence {
        /// The task that they are for.
        task: String,
        /// What they are called.
        files: Vec<String>,
    },
}

/// What an answer left open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "open", rename_all = "snake_case")]
pub enum OpenQuestion {
    /// How far anything is.
    Nothing,
    /// Which task it speaks of.
    Which,
    /// It speaks of a task that the message was not about.
    NotAsked {
        /// As it is written.
        task: String,
    },
    /// How far a task is.
    Unclear {
        /// The task.
        task: String,
    },
    /// Which date is asked for.
    NoDate {
        /// The task.
        task: String,
    },
    /// Why that date is asked for.
    NoReason {
        /// The task.
        task: String,
        /// The date.
        due: Date,
    },
    /// How a date is to be understood that cannot be meant.
    BadDate {
        /// The task.
        task: String,
        /// The date.
        due: Date,
    },
    /// What files are evidence for.
    WhichFiles {
        /// What they are called.
        files: Vec<String>,
    },
}

impl Note {
    /// The task that it speaks of.
    #[must_use]
    pub fn task(&self) -> TaskId {
        match self {
            Self::Thanks { task }
            | Self::Blocked { task, .. }
            | Self::TimeAsked { task, .. }
            | Self::TimeSettled { task, .. } => TaskId::new(task),
            Self::Question(question) => TaskId::new(question.tasks.first().map_or("", String::as_str)),
        }
    }

    /// Whether it is still worth telling: nobody is thanked for what has been taken back, or asked what is decided.
    #[must_use]
    pub fn holds(&self, progress: &Progress, requests: &[TimeRequest]) -> bool {
        let status = progress.status(&self.task());
        match self {
            Self::Thanks { .. } => status == Status::Done,
            Self::Blocked { .. } => status == Status::Blocked,
            Self::TimeAsked { number, .. } => requests
                .iter()
                .any(|request| request.task == self.task() && request.number == *number && request.is_open()),
            Self::TimeSettled { .. } | Self::Question(_) => true,
        }
    }
}

/// A note as its template sees it.
#[derive(Debug, Serialize)]
pub(super) struct NoteView<'a> {
    #[serde(flatten)]
    frame: Frame,
    #[serde(flatten)]
    note: &'a Note,
    about: TaskView,
    /// What a question asks about.
    asked: Vec<TaskView>,
    /// Where the recipient can answer, where there is such a place.
    link: Option<String>,
    /// Whether the recipient can do something about it, and is not the admin who stands in for a superior.
    is_for_decision: bool,
}

impl<'a> NoteView<'a> {
    pub(super) fn new(
        school: &School,
        progress: &Progress,
        note: &'a Note,
        task: &Task,
        recipient: RecipientId,
        now: &ZonedDateTime,
        issue: Option<Issue<'_>>,
    ) -> Self {
        let people = &school.settings.people;
        let role = match note {
            Note::Blocked { .. } | Note::TimeAsked { .. } => "superior",
            _ if task.coordinators.contains(&recipient) => "coordinator",
            _ => "lead",
        };
        let view = |task: &Task| TaskView::new(task, progress, role, people.get(recipient), now);
        let asked = match note {
            Note::Question(question) => {
                let named = |task: &&Task| question.tasks.iter().any(|id| id == task.id.as_str());
                school.plan.tasks.iter().filter(named).map(view).collect()
            }
            _ => Vec::new(),
        };
        let superiors = || school.settings.escalations.iter().flat_map(|rule| &rule.to);
        let is_superior = superiors().any(|superior| *superior == recipient);
        let stands_in = !is_superior && superiors().next().is_some() && school.settings.admin.contains(&recipient);
        Self {
            frame: Frame::new(school, people.get(recipient), now.date()),
            note,
            asked,
            about: TaskView::new(task, progress, role, people.get(recipient), now),
            is_for_decision: !stands_in,
            link: match note {
                Note::TimeAsked { number, .. } => issue.map(|issue| issue.decide(&task.id, *number)),
                _ => None,
            },
        }
    }
}
