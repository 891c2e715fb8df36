//! Asking those who lead a task: a superior's question goes to them as a note, at once.

use crate::compose::Note;
use crate::people::RecipientId;
use crate::plan::Task;
use crate::school::School;
use crate::store::links::{self, Form};
use crate::store::{Store, StoreError, StoreStep, progress};

use super::notes::{self, new_note};

/// Puts a question of `by` to the leads of a task whose part is open, or to all where none is; those who stand in for one get it
/// in their place. Returns whether it did: `false` where the form by which it came was taken before.
///
/// # Errors
/// When the store fails; then nothing is written.
pub async fn ask_leads(
    store: &Store,
    school: &School,
    (task, by): (&Task, &str),
    words: &str,
    form: Form<'_>,
) -> Result<bool, StoreError> {
    let scope = school.scope();
    let mut tx = store.begin(&scope.organisation).await?;
    if !links::take(&mut tx, form).await? {
        return Ok(false);
    }
    let progress = progress::read(&mut *tx, school).await?;
    let people = &school.settings.people;
    let is_open = |lead: &&RecipientId| !progress.part(&task.id, &people.get(**lead).name).status.is_closed();
    let mut asked: Vec<RecipientId> = task.leads.iter().filter(is_open).copied().collect();
    if asked.is_empty() {
        asked.clone_from(&task.leads);
    }
    let today = school.settings.date_of(form.at);
    let mut told: Vec<RecipientId> = asked.into_iter().flat_map(|lead| people.present(lead, today)).collect();
    told.sort_unstable();
    told.dedup();
    let note = Note::Asked { task: task.id.as_str().to_owned(), by: by.to_owned(), words: words.to_owned() };
    let told: Vec<_> =
        told.into_iter().map(|person| new_note(school, person, &note, &form.at.to_string(), form.at)).collect();
    notes::put(&mut tx, school, &told, form.at).await?;
    tx.commit(StoreStep::AskLeads).await?;
    Ok(true)
}
