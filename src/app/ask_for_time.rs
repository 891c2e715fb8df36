//! Asking for another due date for a task.

use crate::plan::Task;
use crate::school::School;
use crate::store::Store;
use crate::store::links::Form;

use super::proposal::examine;
use super::take_answer::{AnswerSource, NewAnswer, take_answer};

pub use super::proposal::{Proposal, ProposalError};

/// Asks for another due date for a task: the superiors are told, and decide. A request that waits for the same task is
/// replaced. Returns the request's number; `None` where `form`, by which it came, was taken before.
///
/// # Errors
/// When the proposal makes no sense, or the store fails; then nothing is written.
pub async fn ask_for_time(
    store: &Store,
    school: &School,
    task: &Task,
    proposal: Proposal,
    form: Option<Form<'_>>,
) -> Result<Option<u32>, ProposalError> {
    let status = store.progress(school).await?.status(&task.id);
    examine(school, task, status, &proposal)?;
    let mut answer = NewAnswer::new(form.map_or(AnswerSource::Command, AnswerSource::Form), proposal.at);
    answer.proposals.push((task, proposal));
    let taken = take_answer(store, school, answer).await?;
    Ok(taken.and_then(|taken| taken.requests.first().copied()))
}
