//! The words of messages: templates for notices, reviews, alerts and notes, and the pages on the web.
//!
//! - [`Composer`]: makes a [`Content`] through templates, which an admin can replace.
//! - `view`: the values that the templates see; `words`: what is said of a task, rendered once for all of them.
//! - The review as a document and as a page: templates too, laid out by `report`.
//! - [`templates`]: the templates of each language. To add a language: a folder and a line there.
//! - `event`: the calendar file of a reminder, written by `calendar_file`.
//! - `page`: the values of the pages on the web.
//! - `note`: short messages outside the calendar; `notes`: several of them in one.
//!
//! A message is composed when it is sent, from the plan and the progress of that moment (rules of delivery, 3).

mod alert_kind;
mod calendar_file;
mod composer;
mod event;
mod note;
mod notes;
mod page;
mod sample;
pub mod templates;
mod view;
mod words;

use std::collections::HashMap;
use std::fmt;

use jiff::civil::Date;
use jiff::{Timestamp, ZonedDateTime};
use serde::{Deserialize, Serialize};

use crate::link::Links;
use crate::plan::TaskId;
use crate::progress::{Progress, TimeRequest};
use crate::reason::{Reason, as_text};
use crate::review::Reminded;
use crate::school::School;

pub use alert_kind::AlertKind;
pub use composer::{ComposeError, Composer};
pub use note::{NotTaken, Note, OpenQuestion, PassedOn, QuestionNote, ToRead, UnderstoodItem};
pub use notes::Notes;
pub use page::{
    Directed, FileMistake, Filter, FormInput, FormReceipt, Mistake, Mistakes, NoticePage, Page, PageContext,
};
pub use templates::{OwnTemplates, TemplateError, TemplateErrors};

/// A composed message, before it takes the form of a channel: subject, text, and the [`ContentParts`] that the channel
/// carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// The subject: one line.
    pub subject: String,
    /// The message as plain text.
    pub text: String,
    /// The message as HTML.
    pub page: Option<String>,
    /// The due dates of its tasks as a calendar file.
    pub calendar: Option<String>,
    /// The attached files.
    pub attachments: Vec<AttachedFile>,
    /// The language, as an IETF tag.
    pub language: &'static str,
    /// One item for each task, for channels that lay them out themselves.
    pub items: Vec<MessageItem>,
    /// The last line of a channel that cannot list all items; `{}` stands for how many are left out.
    pub more: &'static str,
    /// The Message-IDs of the messages that this one answers, without angle brackets, the first of the conversation
    /// first.
    pub answers: Vec<String>,
    /// The name of the conversation that a message about one task goes on with, the same for all messages about it to one
    /// recipient: letters and digits.
    pub thread: Option<String>,
}

impl Content {
    /// Whether a message says what it would say if it were written now: the time stamps in the calendar files aside, and the
    /// file itself where nothing but the day has taken it away (an event that is over is put into no calendar any more).
    #[must_use]
    pub fn still_says(&self, now: &Self) -> bool {
        let Self { subject, text, page, calendar, attachments, language, items, more, answers, thread } = self;
        *subject == now.subject
            && *text == now.text
            && *page == now.page
            && (calendar.is_some() || now.calendar.is_none())
            && *attachments == now.attachments
            && *language == now.language
            && *items == now.items
            && *more == now.more
            && *answers == now.answers
            && *thread == now.thread
    }
}

/// A file attached to a message.
#[derive(Clone, PartialEq, Eq)]
pub struct AttachedFile {
    /// The name: small letters, digits and hyphens, with an ending.
    pub name: String,
    /// The MIME type.
    pub media_type: &'static str,
    /// The content.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for AttachedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AttachedFile")
            .field("name", &self.name)
            .field("media_type", &self.media_type)
            .field("bytes", &self.bytes.len())
            .finish()
    }
}

/// One task of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageItem {
    /// The task.
    pub task: TaskId,
    /// The remedy: what is to be done.
    pub title: String,
    /// The urgency.
    pub urgency: Urgency,
    /// The task and its due date in words, true on the day of composing.
    pub line: String,
    /// The page for reporting on it; `None` where the school has no pages.
    pub link: Option<String>,
}

/// The parts of a message beside subject and text that a channel carries. Other parts are not composed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentParts {
    /// None.
    Text,
    /// For chats: items.
    Chat,
    /// For mail: HTML, calendar file, attached files.
    Mail,
    /// For other programs: everything but attached files.
    Data,
    /// All.
    All,
}

impl ContentParts {
    /// Whether there is HTML.
    #[must_use]
    pub fn has_page(self) -> bool {
        matches!(self, Self::Mail | Self::Data | Self::All)
    }

    /// Whether there is a calendar file.
    #[must_use]
    pub fn has_calendar(self) -> bool {
        matches!(self, Self::Mail | Self::Data | Self::All)
    }

    /// Whether there are attached files.
    #[must_use]
    pub fn has_files(self) -> bool {
        matches!(self, Self::Mail | Self::All)
    }

    /// Whether there are items.
    #[must_use]
    pub fn has_items(self) -> bool {
        matches!(self, Self::Chat | Self::Data | Self::All)
    }
}

/// The plan in force and its progress, as of the moment of composing.
#[derive(Clone, Copy, Debug)]
pub struct PlanState<'a> {
    /// Settings and plan.
    pub school: &'a School,
    /// The reports on its tasks.
    pub progress: &'a Progress,
}

/// What a reminder says beside plan and progress.
#[derive(Clone, Copy, Debug)]
pub struct ReminderFacts<'a> {
    /// How often the timeframe of each task has changed, so that calendars take the newer date.
    pub revisions: &'a HashMap<TaskId, u32>,
    /// What superiors read once a week; `None` where it is not known.
    pub weekly: Option<WeeklyFacts<'a>>,
}

impl<'a> From<&'a HashMap<TaskId, u32>> for ReminderFacts<'a> {
    fn from(revisions: &'a HashMap<TaskId, u32>) -> Self {
        Self { revisions, weekly: None }
    }
}

/// What superiors read once a week, beside what is late.
#[derive(Clone, Copy, Debug)]
pub struct WeeklyFacts<'a> {
    /// All requests for time.
    pub requests: &'a [TimeRequest],
    /// How often those who lead each task were reminded of it.
    pub reminded: &'a [(TaskId, Reminded)],
}

/// When a message is written, with which links, issued when, and which parts its channel takes.
#[derive(Clone, Copy, Debug)]
pub struct ComposeOptions<'a> {
    /// The present moment, in the school's time zone; counts of days are true on its date.
    pub now: &'a ZonedDateTime,
    /// The instant as of which links are issued: that at which the message was put into the outbox.
    pub issued: Timestamp,
    /// What its links are made with; `None` where the school has no pages.
    pub links: Option<&'a Links>,
    /// The parts that are composed.
    pub parts: ContentParts,
}

impl<'a> ComposeOptions<'a> {
    /// A message composed at `now`, without links.
    #[must_use]
    pub fn now(now: &'a ZonedDateTime, parts: ContentParts) -> Self {
        Self { now, issued: now.timestamp(), links: None, parts }
    }
}

/// All parts of a message but links, composed now.
impl<'a> From<&'a ZonedDateTime> for ComposeOptions<'a> {
    fn from(now: &'a ZonedDateTime) -> Self {
        Self::now(now, ContentParts::All)
    }
}

/// The urgency of a task in a message, the most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// Others are late: for superiors.
    Escalation,
    /// Past the due date.
    Overdue,
    /// The due date is near.
    Due,
    /// The task starts.
    Start,
    /// Progress is asked for before a review.
    SelfCheck,
}

/// The sender of messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// The displayed name.
    pub name: String,
    /// The address, for channels that have none of their own.
    pub address: String,
}

impl Sender {
    /// The school as sender, with the address of its admin.
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

/// A failure that an admin must know of. Kept in the store as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "alert", rename_all = "snake_case")]
pub enum Alert {
    /// Messages reached nobody.
    Undeliverable {
        /// The messages.
        messages: Vec<UndeliveredMessage>,
    },
    /// A channel does not work at all, and its messages wait.
    ChannelFailed {
        /// The name of the channel.
        channel: String,
        /// The cause.
        #[serde(with = "as_text")]
        reason: Reason,
    },
    /// A changed configuration or plan has mistakes, and the old one stays in force.
    NotReloaded {
        /// The mistakes by place, key and message; no line of the file is among them.
        complaint: String,
    },
    /// Another version of the plan is in force, which no longer has some tasks, or has them at other times.
    PlanChanged {
        /// The tasks that are gone.
        removed: Vec<PlanTask>,
        /// The tasks that have another time.
        moved: Vec<MovedTask>,
        /// The messages to come that are changed, as `diff` prints them.
        difference: String,
    },
    /// Most tasks have vanished from the plan, which is not taken until somebody says so.
    PlanWaits {
        /// The tasks that have vanished.
        vanished: Vec<PlanTask>,
        /// How many tasks the plan in force has.
        of: usize,
        /// How many tasks the plan that waits has.
        new: usize,
    },
    /// The mailbox to which owners answer cannot be read.
    InboxFailed {
        /// The cause.
        #[serde(with = "as_text")]
        reason: Reason,
    },
    /// An answer is not taken.
    LeftAlone {
        /// The sender, as the mail says.
        from: String,
        /// The subject.
        subject: String,
        /// The reason.
        why: NotTakenReason,
        /// The server that the mail names as the one that says who wrote it, where its sender is not proven and it names one.
        #[serde(default)]
        bears: Option<String>,
        /// The server whose word counts, where the sender is not proven.
        #[serde(default)]
        wants: Option<String>,
    },
    /// A mail cannot be read, and waits in the mailbox. What the server does not say of it is empty.
    MailUnreadable {
        /// The sender.
        from: String,
        /// The subject.
        subject: String,
        /// The field Date.
        date: String,
        /// The Message-ID.
        message_id: String,
        /// The cause.
        #[serde(with = "as_text")]
        reason: Reason,
    },
    /// Answers are taken down, and cannot be moved to the folder for those that are dealt with.
    NotPutAway {
        /// The folder.
        folder: String,
        /// The cause.
        #[serde(with = "as_text")]
        reason: Reason,
    },
    /// Files are refused, because the school keeps as much evidence as it may.
    EvidenceFull {
        /// The names of the first files that were refused.
        names: String,
        /// How much is kept, in MB.
        used_mb: u64,
        /// How much may be: `max_total` of `[evidence]`, in MB.
        max_mb: u64,
    },
    /// An address takes no mail.
    AddressFails {
        /// The name of its owner.
        whose: String,
        /// The address.
        address: String,
        /// The other side's words.
        reason: String,
    },
}

/// A task as an alert names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanTask {
    /// What the plan calls it.
    pub name: String,
    /// What is to be done.
    pub remedy: String,
}

/// A task that has another time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovedTask {
    /// The task.
    #[serde(flatten)]
    pub task: PlanTask,
    /// The due date before; `None` where it was open.
    pub old: Option<Date>,
    /// The due date now; `None` where it is open.
    pub due: Option<Date>,
}

/// The reason why an answer is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotTakenReason {
    /// The message that it answers went to somebody else.
    OtherSender,
    /// Nothing proves that it is from its sender.
    NotAuthenticated,
    /// The message that it answers asks about no task of the plan in force.
    NoTasks,
    /// It answers no message.
    NoMessage,
    /// It is too large.
    TooLarge,
    /// It says that a message came back, and nothing proves that a server wrote it.
    UnprovenReport,
}

/// A message that reached nobody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndeliveredMessage {
    /// The name of the recipient.
    pub recipient: String,
    /// The cause.
    #[serde(with = "as_text")]
    pub reason: Reason,
}
