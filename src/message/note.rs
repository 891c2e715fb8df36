//! Notes: a few words to one person outside the notices, in answer to what somebody told the program.

use jiff::ZonedDateTime;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::config::people::RecipientId;
use crate::link::Issue;
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
            Self::TimeSettled { .. } => true,
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
    /// Where the recipient can answer, where there is such a place.
    link: Option<String>,
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
        Self {
            frame: Frame::new(school, people.get(recipient), now.date()),
            note,
            about: TaskView::new(task, progress, role, people.get(recipient), now),
            link: match note {
                Note::TimeAsked { number, .. } => issue.map(|issue| issue.decide(&task.id, *number)),
                _ => None,
            },
        }
    }
}
