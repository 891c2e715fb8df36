//! What must always hold, each as a small function with a name. By when it is looked at:
//!
//! - [`at_hand_over`]: when a message is handed over, when a server has it, and when the program knows.
//! - [`after_commit`]: when something was written down.
//! - [`at_work`]: who works for the school, where there are several daemons.
//! - `at_end` and the modules beside it: at the end of the year, over all that stands in the store and all that happened.
//!
//! The numbers are those of the list in `docs/architecture.md`.

pub mod after_commit;
mod at_end;
pub mod at_hand_over;
pub mod at_work;
mod delivery;
mod figures;
mod listed;
mod notes;
mod reached;
mod reasons;
mod rehearsal;
mod reviews;
pub mod watchers;

pub use at_end::look as at_end;

/// What the program does not hold yet, with the number of the issue that mends it. Whoever mends one takes it off the list.
pub const EXPECTED: &[(&str, u32)] = &[];

/// The issue that mends a violation that is expected.
pub fn expected(invariant: &str) -> Option<u32> {
    EXPECTED.iter().find(|(name, _)| *name == invariant).map(|(_, issue)| *issue)
}
