//! What is due, when, and to whom: pure functions of plan, settings, progress and an instant.
//!
//! This folder carries out the rules of time of the design and nothing else. It knows no files, no database, no
//! network and no clock: whoever calls it says what the time is.
//!
//! - [`Notice`]: the unit that is told exactly once.
//! - [`Agenda`]: a plan and its settings, prepared so that a look at one day costs next to nothing.
//! - `reminders`: what each task makes for each person (rules 3 to 7 and 12).
//! - `reviews`: the periodic reports (rule 11).
//! - [`decide`]: what goes out now, and what was missed for good (rules 8 to 10).
//! - [`next_opening`]: when people may be told what was not planned.

mod agenda;
mod days;
mod decide;
mod notice;
mod opening;
mod reminders;
mod reviews;

pub use agenda::Agenda;
pub use decide::{Decision, DueMessage, Past, Recorded, Skipped, decide};
pub use notice::{Notice, NoticeKind, ReviewId, UnknownKind, UnknownReview};
pub use opening::next_opening;
pub use reviews::Review;
