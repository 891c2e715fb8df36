//! What owners answer by mail: read out of the mail and understood. Pure: knows no mailbox, no store and no clock.
//!
//! - [`mail`]: one mail with all that an answer can hold.
//! - `automatic`: whether a person wrote it.
//! - `bounce`: a mail that says that another one did not arrive.
//! - [`authentication`]: whether it is from whom it says.
//! - `html`, [`fresh`](fresh()): what is new in it.
//! - `words`, [`understand`]: what that says of the tasks that were asked about.

pub mod authentication;
mod automatic;
mod bounce;
mod fresh;
mod html;
pub mod mail;
mod meaning;
mod words;

pub use bounce::Bounce;
pub use fresh::{Ours, fresh};
pub use mail::{Attachment, Kind, Mail};
pub use meaning::{Asked, AskedTask, Doubt, MoreTime, Report, Understood, understand};
