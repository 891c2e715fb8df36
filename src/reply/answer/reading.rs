//! What an answer answers, and what it can say.

use jiff::civil::Date;

use crate::calendar::SchoolYear;
use crate::plan::{Status, TaskId};

/// A task that a message asked about.
#[derive(Clone, Debug)]
pub struct AskedTask {
    /// The task.
    pub id: TaskId,
    /// Its criterion, by which it may be called too.
    pub criterion: Option<String>,
    /// What the plan writes of it: its title and remedy. It is known by those of these words that no other asked task has.
    pub words: String,
    /// When it is due, where that is settled.
    pub due: Option<Date>,
}

/// What an answer answers, and what its words can name.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The tasks that the message was about; an answer can be about these alone.
    pub tasks: &'a [AskedTask],
    /// The tasks of the whole plan, to notice that another one is meant.
    pub plan: &'a [TaskId],
    /// Names of persons, roles and groups.
    pub people: &'a [String],
    /// What a question of ours asked that this answers; empty where it answers a reminder.
    pub questions: &'a [Question],
    /// The year that dates are read in.
    pub year: &'a SchoolYear,
    /// The day of the answer, in the school's time zone.
    pub today: Date,
}

/// How far a task is, as its owner says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportedStatus {
    /// The task.
    pub task: TaskId,
    /// How far.
    pub status: Status,
    /// How much of it, where that is said.
    pub percent: Option<u8>,
    /// What else is said, or what stands in the way.
    pub note: Option<String>,
    /// Whether it is said for all who lead the task: "cả tổ đã xong".
    pub for_all: bool,
    /// The day of completion, where one before that of the answer is told: "đã xong từ tháng 10".
    pub done_on: Option<Date>,
}

/// More time that an owner asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoreTime {
    /// The task.
    pub task: TaskId,
    /// The date that is proposed.
    pub due: Date,
    /// Why.
    pub why: String,
}

/// What is to be asked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Question {
    /// How far anything is.
    Nothing,
    /// Which task is meant; the words that are said of it, where they can be read again once that is known.
    Which(Option<String>),
    /// It speaks of a task, by the name that is written, that the message was not about.
    NotAsked(String),
    /// How far this task is: it is spoken of, and not all of that is understood, or two things are said at once.
    Unclear(TaskId),
    /// To which date the time is to be extended; why, where that was said.
    NoDate(TaskId, Option<String>),
    /// Why it is to be extended to this date.
    NoReason(TaskId, Date),
    /// How it can be extended to a date that is no later than today, or than when it is due; why, where that was said.
    NotLater(TaskId, Date, Option<String>),
}

/// Why a person must read an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matter {
    /// It asks something.
    Question,
    /// Its writer says that the work is not theirs, or wants to hand it over.
    HandOver,
}

/// What an answer says: never nothing at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// Reports: one a task at most, in the order of the message.
    pub reports: Vec<ReportedStatus>,
    /// Requests for more time: one a task at most.
    pub more_time: Vec<MoreTime>,
    /// What it leaves open, without what is said twice.
    pub questions: Vec<Question>,
    /// Why a person must read it, where one must.
    pub person: Option<Matter>,
}

/// What is to be made of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnswerReading {
    /// It says no more than that the message has come: nothing is recorded, and nothing is sent.
    Acknowledgement,
    /// It says something, or must be asked about, or read by a person.
    Answer(Answer),
}
