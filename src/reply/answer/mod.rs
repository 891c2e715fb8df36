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
//! - `pieces`, `tokens`, `days`, `clauses`: the text, cut.
//! - `saying`, `more_time`, `obstacle`, `completion_day`, `patterns`: what one clause says; `neighbours`: what those around it make of it.
//! - `statement`, `attribution`: of which tasks.
//! - `judge`: what all of them come to; `follow_up`: read as the answer to a question of ours.

mod attribution;
mod clauses;
mod completion_day;
mod days;
mod follow_up;
mod judge;
mod lexicon;
mod more_time;
mod neighbours;
mod obstacle;
mod patterns;
mod pieces;
mod reading;
mod saying;
mod signature;
mod statement;
mod tokens;

pub use reading::{Answer, AnswerReading, Asked, AskedTask, Matter, MoreTime, Question, ReportedStatus};

/// Reads the words of an owner (see [`fresh`](crate::reply::fresh())).
#[must_use]
pub fn understand(text: &str, asked: Asked<'_>) -> AnswerReading {
    if signature::is_reaction(text) {
        return AnswerReading::Acknowledgement;
    }
    let text = signature::answer(text);
    let mut clauses = clauses::clauses(tokens::tokens(&text, &asked));
    let mut reads: Vec<_> = clauses.iter().map(|clause| patterns::read(clause, &text, &asked)).collect();
    neighbours::consider(&mut clauses, &mut reads);
    judge::judge(&text, &clauses, &reads, &asked)
}
