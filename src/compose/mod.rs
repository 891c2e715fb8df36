//! What a message says: the words for notices, reviews and alerts, and the forms in which they are sent.
//!
//! - [`Composer`]: from what is to be told to a [`Content`], through templates that an admin can replace.
//! - `view`: what the templates see.
//! - the review as a document and as a page: templates too, laid out by `report`.
//! - [`templates`]: where templates come from; to add a language, a folder and a line there.
//! - `event`: the calendar file of a reminder.
//! - `page`: what the pages on the web show.
//! - `note`: a few words in answer to what somebody told the program.
//!
//! A message is composed when it is sent, from the plan and the progress of that moment (rules of delivery, 3).

mod composer;
mod event;
mod note;
mod page;
mod sample;
pub mod templates;
mod view;

use std::fmt;

use jiff::{Timestamp, ZonedDateTime};
use serde::{Deserialize, Serialize};

use crate::link::Links;
use crate::plan::TaskId;
use crate::school::School;

pub use composer::{ComposeError, Composer};
pub use note::{Note, OpenQuestion, Question, TakenDown};
pub use page::{FileMistake, Filter, Mistake, Mistakes, NoticePage, Page, Scene, Taken, Typed};
pub use templates::{TemplateError, TemplateErrors};

/// A message in words, before it takes the form of a channel: its subject, its text, and those [`Parts`] that the channel
/// can carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// What stands in the list of messages: one line.
    pub subject: String,
    /// The message in plain text.
    pub text: String,
    /// The message as a page.
    pub page: Option<String>,
    /// The dates of its tasks as a calendar file.
    pub calendar: Option<String>,
    /// Files that go with it.
    pub attachments: Vec<Attachment>,
    /// The language, as an IETF tag.
    pub language: &'static str,
    /// What it says about each task, for channels that lay it out themselves.
    pub items: Vec<Item>,
    /// What a channel says that cannot list them all; `{}` stands for how many are left out.
    pub more: &'static str,
    /// The messages that it answers, by their Message-IDs without angle brackets, the one that began first.
    pub answers: Vec<String>,
}

impl Content {
    /// Whether two messages say the same to whoever reads them: the time stamps in their calendar files aside.
    #[must_use]
    pub fn says_the_same_as(&self, other: &Self) -> bool {
        let Self { subject, text, page, calendar, attachments, language, items, more, answers } = self;
        *subject == other.subject
            && *text == other.text
            && *page == other.page
            && calendar.is_some() == other.calendar.is_some()
            && *attachments == other.attachments
            && *language == other.language
            && *items == other.items
            && *more == other.more
            && *answers == other.answers
    }
}

/// A file that goes with a message.
#[derive(Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its name: small letters, digits and hyphens, with an ending.
    pub name: String,
    /// What it is: a MIME type.
    pub media_type: &'static str,
    /// What it holds.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for Attachment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attachment")
            .field("name", &self.name)
            .field("media_type", &self.media_type)
            .field("bytes", &self.bytes.len())
            .finish()
    }
}

/// What a message says about one task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The task.
    pub task: TaskId,
    /// What is to be done.
    pub title: String,
    /// How pressing it is.
    pub urgency: Urgency,
    /// The task and when it is due, in words that are true today.
    pub line: String,
    /// Where the recipient reports on it, where there are pages.
    pub link: Option<String>,
}

/// What of a message is written beside its subject and its text: what its channel cannot carry is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parts {
    /// Nothing.
    Text,
    /// What finds room in a chat: what it says about each task.
    Chat,
    /// What a mail carries: a page, a calendar file, files.
    Mail,
    /// What another program is told: all but files.
    Data,
    /// Everything.
    All,
}

impl Parts {
    /// Whether the message is written as a page too.
    #[must_use]
    pub fn has_page(self) -> bool {
        matches!(self, Self::Mail | Self::Data | Self::All)
    }

    /// Whether the dates of its tasks go with it as a calendar file.
    #[must_use]
    pub fn has_calendar(self) -> bool {
        matches!(self, Self::Mail | Self::Data | Self::All)
    }

    /// Whether files go with it.
    #[must_use]
    pub fn has_files(self) -> bool {
        matches!(self, Self::Mail | Self::All)
    }

    /// Whether what it says about each task stands apart.
    #[must_use]
    pub fn has_items(self) -> bool {
        matches!(self, Self::Chat | Self::Data | Self::All)
    }
}

/// When a message is written, with which links, and for what kind of channel.
#[derive(Clone, Copy, Debug)]
pub struct Occasion<'a> {
    /// Now, in the school's time zone: what is said of days is true on this one.
    pub now: &'a ZonedDateTime,
    /// When its links are issued: when it was put into the outbox.
    pub issued: Timestamp,
    /// What its links are made with; `None` where the school has no pages.
    pub links: Option<&'a Links>,
    /// What is written.
    pub parts: Parts,
}

impl<'a> Occasion<'a> {
    /// A message that is written now, with these parts and without links.
    #[must_use]
    pub fn now(now: &'a ZonedDateTime, parts: Parts) -> Self {
        Self { now, issued: now.timestamp(), links: None, parts }
    }
}

/// All of a message but links, now.
impl<'a> From<&'a ZonedDateTime> for Occasion<'a> {
    fn from(now: &'a ZonedDateTime) -> Self {
        Self::now(now, Parts::All)
    }
}

/// How pressing something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// Others are late: a superior is told.
    Escalation,
    /// The due date has passed.
    Overdue,
    /// The due date is near.
    Due,
    /// It begins.
    Start,
    /// Progress is asked for.
    SelfCheck,
}

/// Who a message is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// The name that is shown.
    pub name: String,
    /// The address, where the channel has none of its own.
    pub address: String,
}

impl Sender {
    /// The school, from the address of its admin.
    #[must_use]
    pub fn of(school: &School) -> Self {
        let people = &school.settings.people;
        let address = school.settings.admin.iter().find_map(|admin| people.get(*admin).email.clone());
        Self {
            name: school.settings.organisation.name.clone(),
            address: address.unwrap_or_else(|| "nhacviec@localhost.localdomain".to_owned()),
        }
    }
}

/// A failure that the admin must know of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "alert", rename_all = "snake_case")]
pub enum Alert {
    /// Messages reached nobody.
    Undeliverable {
        /// Which.
        messages: Vec<UndeliveredMessage>,
    },
    /// A channel does not work at all, and its messages wait.
    ChannelFailed {
        /// Its name in the configuration.
        channel: String,
        /// Why.
        reason: String,
    },
    /// A changed configuration or plan has mistakes, and the old one stays in force.
    NotReloaded {
        /// The mistakes, as `check` tells them.
        complaint: String,
    },
    /// The mailbox to which owners answer cannot be read.
    InboxFailed {
        /// Why.
        reason: String,
    },
    /// Somebody answered whose answer is not taken.
    LeftAlone {
        /// Who, as the mail says.
        from: String,
        /// Its subject.
        subject: String,
        /// Why.
        why: WhyLeft,
    },
    /// An address takes no mail.
    AddressFails {
        /// Whose it is.
        whose: String,
        /// The address.
        address: String,
        /// What came back.
        reason: String,
    },
}

/// Why an answer is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyLeft {
    /// The message that it answers went to somebody else.
    OtherSender,
    /// Nothing shows that it is from whom it says.
    NotAuthenticated,
    /// The message that it answers asked about no task of the plan in force.
    NoTasks,
    /// It answers no message.
    NoMessage,
    /// It is larger than what is read.
    TooLarge,
}

/// A message that reached nobody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndeliveredMessage {
    /// Whom it was for.
    pub recipient: String,
    /// Why not.
    pub reason: String,
}
