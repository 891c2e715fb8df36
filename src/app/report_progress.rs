//! Reporting progress on a task by command, and what follows from a report by whichever way.

use crate::compose::Note;
use crate::plan::{Status, Task};
use crate::progress::evidence::Proof;
use crate::progress::{Progress, ProgressEntry};
use crate::school::School;
use crate::store::outbox::NewNote;
use crate::store::{Store, StoreError};

use super::notes::{new_note, to_superiors};
use super::take_answer::{Answer, Source, TaskReport, take_answer};

/// Reports progress on a task, with what proves it. Whoever reports a task done is thanked, once; when something comes in
/// the way of it, the superiors are told, and those who cannot go on are no longer reminded. Returns the codes of the
/// evidence.
///
/// # Errors
/// When the store fails; then nothing is written.
pub async fn report_progress(
    store: &Store,
    school: &School,
    task: &Task,
    entry: ProgressEntry,
    proofs: &[Proof],
) -> Result<Vec<String>, StoreError> {
    let mut answer = Answer::new(Source::Command, entry.at);
    answer.reports.push(TaskReport { task, entry, proofs });
    Ok(take_answer(store, school, answer).await?.unwrap_or_default().evidence)
}

/// Whom a report concerns besides the one who made it.
pub(super) fn notes_on(school: &School, task: &Task, entry: &ProgressEntry, before: &Progress) -> Vec<NewNote> {
    let name = task.id.as_str().to_owned();
    let people = &school.settings.people;
    match entry.status {
        Status::Done => {
            let reporter = entry.by.as_deref().and_then(|by| people.by_name(by));
            let note = Note::Thanks { task: name };
            reporter.map(|reporter| new_note(school, reporter, &note, "", entry.at)).into_iter().collect()
        }
        Status::Blocked => {
            let known = before.latest(&task.id);
            if known.is_some_and(|known| known.status == Status::Blocked && known.note == entry.note) {
                return Vec::new();
            }
            let note = Note::Blocked { task: name, by: entry.by.clone(), why: entry.note.clone() };
            to_superiors(school, task, &note, entry.by.as_deref(), entry.at)
        }
        Status::NotStarted | Status::InProgress | Status::Cancelled => Vec::new(),
    }
}
