//! What the program does for people: a use case a file, each one transaction. The command line, the pages and the service call
//! these, and nothing below them for these purposes.
//!
//! - [`load_school`]: everything that an admin and a school wrote, read together.
//! - [`plan_in_force`]: the plan that is in force, with the due dates that were agreed.
//! - `plan_difference`: what another plan does to the messages to come.
//! - [`decide_due`]: what is due, put into the outbox; `set_back`: what a wrong clock decided.
//! - [`take_answer`]: what somebody tells, by whichever way, with all that follows from it.
//! - `effect`: what a report changes: whose part of a task, or the whole.
//! - [`report_progress`], [`ask_for_time`], [`decide_time`]: what is told by command or form.
//! - [`ask_leads`]: what a superior asks those who lead a task.
//! - [`recurring_work`]: what *done* means of work that recurs.
//! - [`read_mailbox`], `answer_by_mail`: what is told by mail; [`settle_answer`]: what a person makes of it.
//! - [`removal`]: by which day it is judged what need no longer be kept; [`letters`]: letters that need not, and those of an
//!   earlier version.
//! - [`check_mailbox`]: whether the mailbox works, and whose word on senders its mails bear.
//! - [`evidence_room`]: the room that evidence takes; [`answers_by_link`]: how much may be told by one link.
//! - [`first_look`]: what the service will send first; [`try_connections`]: whether what it speaks to answers.
//! - [`init`]: a configuration to begin with; [`new_year`]: the next school year.
//! - `proposal`: a due date that is asked for or set, and whether it can be meant.
//! - `notes`: whom any of this concerns, and what they are told.

mod answer_by_mail;
pub mod answers_by_link;
pub mod ask_for_time;
pub mod ask_leads;
pub mod check_mailbox;
pub mod decide_due;
pub mod decide_time;
mod effect;
pub mod evidence_room;
pub mod first_look;
pub mod init;
pub mod letters;
pub mod load_school;
pub mod new_year;
pub(crate) mod notes;
pub(crate) mod plan_difference;
pub mod plan_in_force;
mod proposal;
pub mod read_mailbox;
pub mod recurring_work;
pub mod removal;
pub mod report_progress;
pub(crate) mod school_mistake;
mod set_back;
pub mod settle_answer;
pub mod take_answer;
pub mod try_connections;

pub use answer_by_mail::MailError;
pub use effect::Reach;
