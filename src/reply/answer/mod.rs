//! What an answer says of the tasks that were asked about: a closed world.
//!
//! A text is cut into clauses. A clause is understood when every word of it is known and they stand in a pattern; any other
//! says nothing that may be recorded. What ends reminders (done, blocked) needs that all that is said of the task is
//! understood; what keeps them alive (a percentage, in hand) is taken beside other words, which become the note. What is not
//! understood is asked about, or read by a person: never a guess, and nothing is passed over.
//!
//! - `reading`: what an answer answers, and what it can say.
//! - `lexicon`: the words, by what they do.
//! - `signature`: which lines answer at all.
//! - `pieces`, `days`, `tokens`, `clauses`: the text, cut.
//! - `patterns`: what one clause says; `neighbours`: what those around it make of it.
//! - `attribution`: of which tasks.
//! - `judge`: what all of them come to; `follow_up`: read as the answer to a question of ours.

mod attribution;
mod clauses;
mod days;
mod follow_up;
mod judge;
mod lexicon;
mod neighbours;
mod patterns;
mod pieces;
mod reading;
mod signature;
mod tokens;

pub use follow_up::understand;
pub use reading::{Answer, AnswerReading, Asked, AskedTask, Matter, MoreTime, Question, ReportedStatus};
