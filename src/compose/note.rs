//! Notes: short messages to one person outside the calendar, in answer to something the program was told.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::plan::{Status, Task, TaskId};
use crate::progress::{Progress, TimeRequest};

use super::PlanState;
use super::view::{MessageFrame, TaskView, ViewContext};

/// A note. It is kept as JSON until it is sent, and then says only what still holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "note", rename_all = "snake_case")]
pub enum Note {
    /// Thanks to the person who reported a task done.
    Thanks {
        /// The task.
        task: String,
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
    Question(Question),
}

/// A question about an answer: what was understood, and what is open.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
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
    /// The names of files that are not kept.
    pub refused: Vec<String>,
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
    Which,
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
    },
    /// It is not clear which task files belong to.
    WhichFiles {
        /// The names of the files.
        files: Vec<String>,
    },
}

impl Note {
    /// The task of the note.
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

    /// Whether the note is still true and useful: no thanks for a report that was taken back, no request that is
    /// decided.
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

/// A note as its templates see it.
#[derive(Debug, Serialize)]
pub(super) struct NoteView<'a> {
    #[serde(flatten)]
    frame: MessageFrame,
    #[serde(flatten)]
    note: &'a Note,
    about: TaskView,
    /// The tasks of a question.
    asked: Vec<TaskView>,
    /// The page for deciding the request; `None` for other notes and where the school has no pages.
    link: Option<String>,
    /// Whether the recipient can decide, and is not an admin in place of a superior.
    is_for_decision: bool,
}

impl<'a> NoteView<'a> {
    pub(super) fn new(state: PlanState<'_>, note: &'a Note, task: &Task, context: ViewContext<'_>) -> Self {
        let PlanState { school, progress } = state;
        let ViewContext { recipient, now, links } = context;
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
            frame: MessageFrame::new(school, people.get(recipient), now.date()),
            note,
            asked,
            about: TaskView::new(task, progress, role, people.get(recipient), now),
            is_for_decision: !stands_in,
            link: match note {
                Note::TimeAsked { number, .. } => links.map(|links| links.decide(&task.id, *number)),
                _ => None,
            },
        }
    }
}
