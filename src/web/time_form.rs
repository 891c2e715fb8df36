//! What the forms that ask for another date have in common.

use crate::app::ask_for_time::ProposalError;
use crate::compose::{Mistake, Mistakes};
use crate::hex;

use super::Refusal;

/// A new name for the forms of a page.
pub(super) fn form_name() -> Result<String, Refusal> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| Refusal::Broken(error.to_string()))?;
    Ok(hex(&bytes))
}

/// What the form says of a date that was not taken.
pub(super) fn mistakes_of(error: ProposalError) -> Result<Mistakes, Refusal> {
    let due = |mistake| Mistakes { due: Some(mistake), ..Mistakes::default() };
    Ok(match error {
        ProposalError::Same(_) => due(Mistake::SameDate),
        ProposalError::Past(_) => due(Mistake::PastDate),
        ProposalError::BeforeStart { .. } => due(Mistake::BeforeStart),
        ProposalError::TooLate { .. } => due(Mistake::TooLate),
        ProposalError::NoReason => Mistakes { why: Some(Mistake::MissingWhy), ..Mistakes::default() },
        // The page shows that it is closed, and has no form for more time.
        ProposalError::Closed(_) => Mistakes::default(),
        ProposalError::Store(error) => return Err(error.into()),
    })
}
