//! What owners answer by mail: read out of the mail and understood. Pure: knows no mailbox, no store and no clock.
//!
//! - [`mail`]: one mail with all that an answer can hold: who wrote it, what is new in it, whether a machine wrote it.
//! - [`answer`]: what its words say of the tasks that were asked about.

pub mod answer;
pub mod mail;

pub use answer::{Answer, AnswerReading, Asked, AskedTask, Matter, MoreTime, Question, ReportedStatus, understand};
pub use mail::{Attachment, Bounce, Kind, Mail, Ours, fresh};
