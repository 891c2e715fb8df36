//! What an answer says of the tasks that were asked about.
//!
//! ```text
//! answer    = statement { ("," | "và" | "nhưng" | "." | line end) statement }
//! statement = { task } saying { task } [("trừ" | "ngoài" | "chỉ" | "còn") task { task } [saying]]
//! saying    = ["đã"] "xong"                                              done
//!           | ("chưa" | "không") … "xong"                                not done
//!           | ["đang làm"] number "%"                                    so much of it
//!           | "đang" …                                                   going on
//!           | "chưa" … "làm"                                             not begun
//!           | "vướng" [":" | "vì"] reason                                blocked
//!           | "xin" "lùi" … "đến" date ("vì" | ":") reason               more time
//! ```
//! A line "đã hoàn thành:" says so of the tasks that the lines below name, as long as they do nothing else. Neither "all" nor
//! "the rest" holds a task that is left out, or that is named elsewhere: what is said there counts. A task that is named goes with the saying beside it; one that is not is meant where it is the only one. What may
//! happen, ought to, is hoped for, asked, or said of a part alone says nothing of the whole, and of two sayings that do
//! not go together neither counts: never a guess.

mod bounds;
mod exceptions;
mod more_time;
mod names;
mod saying;
mod settled;
mod statements;

use std::ops::Range;

use jiff::civil::Date;

use crate::calendar::SchoolYear;
use crate::plan::{Status, TaskId};

use super::fresh::note;
use super::words::{self, Class, Token};
use exceptions::{Exception, exceptions};
use more_time::Due;

/// No note is longer, in letters.
const LONGEST_NOTE: usize = 2000;

/// A task that a message asked about.
#[derive(Clone, Debug)]
pub struct AskedTask {
    /// The task.
    pub id: TaskId,
    /// Its criterion, by which it may be called too.
    pub criterion: Option<String>,
    /// When it is due, where that is settled.
    pub due: Option<Date>,
}

/// What an answer answers.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The tasks that the message was about; an answer can be about these alone.
    pub tasks: &'a [AskedTask],
    /// The tasks of the whole plan, to notice that another one is meant.
    pub plan: &'a [TaskId],
    /// The year that dates are read in.
    pub year: &'a SchoolYear,
    /// The day of the answer.
    pub today: Date,
}

/// How far a task is, as its owner says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The task.
    pub task: TaskId,
    /// How far.
    pub status: Status,
    /// How much of it, where that is said.
    pub percent: Option<u8>,
    /// What else is said, or what stands in the way.
    pub note: Option<String>,
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

/// What an answer does not make clear.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    /// How far anything is.
    Nothing,
    /// Which task is meant.
    Which,
    /// It speaks of a task, by the name that is written, that the message was not about.
    NotAsked(String),
    /// How far this task is: it is named, and nothing clear is said of it, or two things at once.
    Unclear(TaskId),
    /// To which date the time is to be extended.
    NoDate(TaskId),
    /// Why it is to be extended to this date.
    NoReason(TaskId, Date),
    /// How it can be extended to a date that is no later than today, or than when it is due.
    NotLater(TaskId, Date),
}

/// What an answer says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Understood {
    /// Reports: one a task at most, in the order of the message.
    pub reports: Vec<Report>,
    /// Wishes for more time: one a task at most.
    pub more_time: Vec<MoreTime>,
    /// What it leaves open, without what is said twice.
    pub doubts: Vec<Doubt>,
}

/// Reads the words of an owner (see [`fresh`](super::fresh())).
#[must_use]
pub fn understand(text: &str, asked: Asked<'_>) -> Understood {
    let tokens = words::tokens(text);
    let mentions = names::mentions(&tokens, asked);
    let exceptions = exceptions(&tokens, &mentions);
    let (said, doubts, named) = Default::default();
    let mut reader = Reader { text, tokens, mentions, exceptions, heads_first: false, asked, said, doubts, named };
    reader.heads_first = reader.begins_with_heading();
    reader.read();
    reader.conclude()
}

/// A task that is named.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Target {
    /// One that was asked about, by its place.
    Asked(usize),
    /// Another one.
    Other(String),
}

/// Where a task is named: which tokens.
#[derive(Clone, Debug)]
struct Mention {
    at: Range<usize>,
    target: Target,
}

/// What one statement says.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Saying {
    Done,
    Percent(u8),
    Going,
    NotDone,
    NotBegun,
    Blocked(Option<String>),
    MoreTime {
        due: Due,
        why: Option<String>,
    },
    /// Something that goes with no clear saying.
    Vague,
}

/// Whom a statement is about.
#[derive(Clone, Debug, PartialEq, Eq)]
enum About {
    These(Vec<Target>),
    /// All tasks that no other statement is about.
    Rest,
    /// Nobody knows.
    Unknown,
}

/// How a statement came to be about its tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// It names them.
    Named,
    /// It names them behind a word that leaves them out of something: "trừ 3.1 đang làm".
    LeftOut,
    /// They are named before it, or below it.
    Carried,
    /// It is about all, or the rest.
    General,
}

struct Said {
    about: About,
    way: Way,
    saying: Saying,
    /// The bytes that say it.
    at: Range<usize>,
}

struct Reader<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    /// In the order of the text.
    mentions: Vec<Mention>,
    exceptions: Vec<Exception>,
    /// Whether a line that says something and names no task is about those below it, and not above.
    heads_first: bool,
    asked: Asked<'a>,
    said: Vec<Said>,
    doubts: Vec<Doubt>,
    /// Tasks that are named, by their places.
    named: Vec<usize>,
}

impl Reader<'_> {
    fn is_single(&self) -> bool {
        self.asked.tasks.len() == 1
    }

    fn is_name(&self, index: usize) -> bool {
        self.tokens[index].class == Class::Label || self.mention_at(index).is_some()
    }

    fn mention_at(&self, index: usize) -> Option<&Mention> {
        let place = self.mentions.partition_point(|mention| mention.at.end <= index);
        self.mentions.get(place).filter(|mention| mention.at.contains(&index))
    }

    fn mentioned(&self, range: Range<usize>) -> Vec<Target> {
        let first = self.mentions.partition_point(|mention| mention.at.start < range.start);
        let inside = self.mentions[first..].iter().take_while(|mention| range.contains(&mention.at.start));
        inside.map(|mention| mention.target.clone()).collect()
    }

    /// What stands directly before this token.
    fn class_before(&self, index: usize) -> Option<Class> {
        index.checked_sub(1).map(|before| self.tokens[before].class)
    }

    /// How many tasks are counted among these tokens: "cả ba", "2 việc".
    fn counted(&self, range: Range<usize>) -> Option<usize> {
        self.tokens[range].iter().find_map(|token| match token.class {
            Class::Every(count) => Some(count),
            _ => None,
        })
    }

    fn bytes(&self, tokens: &Range<usize>) -> Range<usize> {
        match self.tokens.get(tokens.clone()) {
            Some([first, .., last]) => first.at.start..last.at.end,
            Some([only]) => only.at.clone(),
            _ => 0..0,
        }
    }

    /// The words of some tokens, without what only leads over to them.
    fn words(&self, tokens: Range<usize>) -> Option<String> {
        let leads = |index: &usize| {
            matches!(
                self.tokens[*index].class,
                Class::Colon | Class::Dash | Class::Comma | Class::Because | Class::Line | Class::Stop | Class::But
            ) || matches!(self.tokens[*index].plain.as_str(), "a" | "la" | "o" | "ve" | "nhe")
        };
        let end = tokens.end;
        let start = tokens.into_iter().find(|index| !leads(index))?;
        note(&self.text[self.bytes(&(start..end))], LONGEST_NOTE)
    }
}
