//! What a message says of tasks, in words: the same in text, HTML, the calendar file and chats.

use minijinja::Value;
use minijinja::value::Serde;
use serde::Serialize;

use crate::compose::words::{Words, WordsError};

use super::TaskView;

/// What a message says of a task. A text is empty where there is nothing to say.
#[derive(Debug, Serialize)]
pub(super) struct TaskWords {
    /// What the task is called.
    label: String,
    /// The work in short, for a subject line.
    subject: String,
    /// The work in a line, for lists.
    entry: String,
    /// How far off the due date is.
    when: String,
    /// The due date and how far off it is, or that it is open.
    deadline: String,
    /// From which date the due date was moved; with a blank at its beginning.
    moved: String,
    /// The due date, for a subject line.
    due_words: String,
    /// The last report: by whom, what, when.
    told: String,
    /// Who leads and who helps, and which of them the recipient is.
    people: String,
    /// How many of several leads have reported their part done, and who has not.
    so_far: String,
    /// The share of whoever helps.
    coordination: String,
    /// The money in the plan, to whoever helps.
    provision: String,
    /// Whose *done* closes a task that several lead.
    shared_part: String,
    /// The button for reporting it done.
    done_words: String,
    /// How often its leads were reminded.
    reminded_words: String,
    /// The period for which recurring work is told.
    period_name: String,
}

impl TaskWords {
    pub(super) fn new(words: &mut Words<'_>, task: &TaskView) -> Result<Self, WordsError> {
        let value = Value::from(Serde(task));
        let period = value.get_attr("work_period").unwrap_or_default();
        let task_alone = [value.clone()];
        let is_dated = task.due.is_some();
        let mut of_task = |name: &str, is_said: bool| {
            if is_said { words.of_task(name, &task_alone) } else { Ok(String::new()) }
        };
        let (label, deadline) = (of_task("label", true)?, of_task("deadline", true)?);
        let moved = of_task("moved", task.postponed.is_some())?;
        let (told, people) = (of_task("told", task.reported.is_some())?, of_task("people", true)?);
        let so_far = of_task("so_far", !task.missing.is_empty())?;
        let when = task.days.map(|days| words.of_task("when", &[days.into()])).transpose()?.unwrap_or_default();
        let period_name = if period.is_true() { words.review_name(period)? } else { String::new() };
        let mut of_mail = |name: &str, is_said: bool| {
            if is_said { words.of_mail(name, &task_alone) } else { Ok(String::new()) }
        };
        Ok(Self {
            label,
            when,
            deadline,
            moved,
            told,
            people,
            so_far,
            period_name,
            due_words: of_mail("until", is_dated)?,
            coordination: of_mail("coordination", task.role == "coordinator")?,
            provision: of_mail("provision", task.funds.is_some())?,
            shared_part: of_mail("shared_part", !task.parts.is_empty())?,
            done_words: of_mail("done_words", true)?,
            reminded_words: of_mail("reminded_words", true)?,
            subject: of_mail("work", true)?,
            entry: words.of_mail("work", &[value, ENTRY_LETTERS.into()])?,
        })
    }
}

/// How many letters of its work a task has in a list.
const ENTRY_LETTERS: usize = 120;
