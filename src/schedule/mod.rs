//! The rules of time: which notices are due, when, and to whom. Pure functions of plan, settings, progress and an
//! instant.
//!
//! This folder carries out the rules of time of the design and nothing else. It knows no files, no database, no network
//! and no clock: the present instant is a parameter.
//!
//! - [`Notice`]: the unit that is told exactly once.
//! - [`Agenda`]: a plan and its settings, prepared so that a look at one day costs next to nothing.
//! - `reminders`: what each task makes for each person (rules 3 to 7 and 12).
//! - `reviews`: the periodic reports (rule 11).
//! - [`TaskStates`]: how far tasks are, as far as the rules ask.
//! - [`decide`]: what goes out now, and what is not told and why (rules 8 to 10).
//! - [`next_opening`]: when people may be told what was not planned.
//!
//! ```
//! use std::path::Path;
//!
//! use jiff::Timestamp;
//! use jiff::civil::date;
//! use nhacviec::app::load_school::load_school;
//! use nhacviec::files::Files;
//! use nhacviec::plan::{Status, TaskId};
//! use nhacviec::schedule::{Agenda, NoticeKind, PastDecisions, decide};
//!
//! let loaded = load_school(&Files::Disk, Path::new("config/nhacviec.toml"));
//! let agenda = Agenda::new(loaded.expect("the school of the example").school);
//!
//! // Task 1.4 is due in October 2023. On the 24th, at 07:00 in Việt Nam, a week is left.
//! let now: Timestamp = "2023-10-24T00:00:00Z".parse()?;
//! let past =
//!     PastDecisions { since: now, reminded_through: Some(date(2023, 10, 23)), ..PastDecisions::default() };
//! let kinds = |status| -> Vec<NoticeKind> {
//!     let decision = decide(&agenda, &past, now, |_| status);
//!     let notices = decision.messages.iter().flat_map(|message| &message.notices);
//!     let task = agenda.position(&TaskId::new("1.4")).and_then(|place| u32::try_from(place).ok());
//!     notices.filter(|notice| notice.task == task).map(|notice| notice.kind).collect()
//! };
//! assert!(!kinds(Status::InProgress).is_empty());
//! assert!(kinds(Status::InProgress).iter().all(|kind| *kind == NoticeKind::Before(7)));
//! assert!(kinds(Status::Done).is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod agenda;
mod days;
mod decide;
mod notice;
mod opening;
mod reminders;
mod reviews;
mod states;

pub use agenda::{Agenda, asked_period};
pub use decide::{Decision, DueMessage, NoticeKey, PastDecisions, Recorded, SkippedNotice, decide};
pub use notice::{Notice, NoticeKind, ReviewId, UnknownNoticeKind, UnknownReview};
pub use opening::next_opening;
pub use reminders::{Considered, Skipped};
pub use reviews::Review;
pub use states::{ReportedStates, TaskStates};
