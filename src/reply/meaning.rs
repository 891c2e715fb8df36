//! What an answer says of the tasks that were asked about.
//!
//! ```text
//! answer    = statement { ("," | "và" | "nhưng" | "." | line end) statement }
//! statement = { task } saying { task }
//! saying    = ["đã"] "xong"                                              done
//!           | ("chưa" | "không") … "xong"                                not done
//!           | ["đang làm"] number "%"                                    so much of it
//!           | "đang" …                                                   going on
//!           | "chưa" … "làm"                                             not begun
//!           | "vướng" [":" | "vì"] reason                                blocked
//!           | "xin" "lùi" … "đến" date ("vì" | ":") reason               more time
//! ```
//! A task that is named goes with the saying beside it; one that is not is meant where it is the only one. What may
//! happen, ought to, is hoped for, asked, or said of a part alone says nothing of the whole, and of two sayings that do
//! not go together neither counts: never a guess.

use std::ops::Range;

use jiff::civil::Date;
use jiff::{Span, ToSpan};

use crate::calendar::SchoolYear;
use crate::plan::TaskId;
use crate::plan::timeframe;
use crate::progress::Status;

use super::fresh::note;
use super::words::{self, Class, Token};

/// No note is longer, in letters.
const LONGEST_NOTE: usize = 2000;
/// No date has more words.
const LONGEST_DATE: usize = 12;
/// The words that announce the number of a task and nothing else.
const LABELS: &[&str] =
    &["viec", "viec so", "noi dung", "noi dung so", "nhiem vu", "muc", "tieu chi", "tc", "task", "item", "criterion"];

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

/// Reads the words of an owner (see [`fresh`](super::fresh()())).
#[must_use]
pub fn understand(text: &str, asked: Asked<'_>) -> Understood {
    let tokens = words::tokens(text);
    let mentions = mentions(&tokens, asked);
    let mut reader = Reader { text, tokens, mentions, asked, said: Vec::new(), doubts: Vec::new(), named: Vec::new() };
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

/// The date that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Due {
    On(Date),
    After(Span2),
    Unknown,
}

/// Days, weeks or months more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span2 {
    count: i64,
    unit: Unit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Days,
    Weeks,
    Months,
}

impl Span2 {
    fn span(self) -> Span {
        match self.unit {
            Unit::Days => self.count.days(),
            Unit::Weeks => self.count.weeks(),
            Unit::Months => self.count.months(),
        }
    }
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

struct Said {
    about: About,
    saying: Saying,
    /// The bytes that say it.
    at: Range<usize>,
}

struct Reader<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    mentions: Vec<Mention>,
    asked: Asked<'a>,
    said: Vec<Said>,
    doubts: Vec<Doubt>,
    /// Tasks that are named, by their places.
    named: Vec<usize>,
}

/// What the statements of a sentence and a line share.
#[derive(Default)]
struct Context {
    /// Tasks that are named and wait for what is said of them.
    pending: Vec<Target>,
    /// What was said last in this sentence, where that came before the names of its tasks.
    said_before_names: Option<Saying>,
    /// Whether the last thing said in this sentence stood before the tasks that it is about.
    subject: Option<Vec<Target>>,
}

impl Reader<'_> {
    fn is_single(&self) -> bool {
        self.asked.tasks.len() == 1
    }

    fn read(&mut self) {
        let mut context = Context::default();
        let mut at = 0;
        while at < self.tokens.len() {
            let end = self.statement_end(at);
            at = self.statement(at, end, &mut context);
            let Some(parting) = self.tokens.get(at) else { break };
            let class = parting.class;
            // A line with nothing but names belongs to the next one.
            let only_names = class == Class::Line && !context.pending.is_empty() && context.said_before_names.is_none();
            if class.ends() && !(only_names && self.is_only_names(at)) {
                self.flush(&mut context);
                if class == Class::Line {
                    context = Context::default();
                }
            }
            at += 1;
        }
        self.flush(&mut context);
    }

    /// Where the statement that begins here ends.
    fn statement_end(&self, at: usize) -> usize {
        let parts = |index: &usize| {
            let class = self.tokens[*index].class;
            // "1.4. Xong"
            let heads_a_line = at == 0 || self.tokens[at - 1].class == Class::Line;
            let numbers_a_line = class == Class::Stop
                && heads_a_line
                && self.mentions.iter().any(|mention| mention.at.end == *index)
                && (at..*index).all(|index| self.is_name(index) || self.tokens[index].class == Class::Dash);
            class.parts() && !numbers_a_line
        };
        (at..self.tokens.len()).find(parts).unwrap_or(self.tokens.len())
    }

    fn is_name(&self, index: usize) -> bool {
        self.tokens[index].class == Class::Label || self.mention_at(index).is_some()
    }

    fn mention_at(&self, index: usize) -> Option<&Mention> {
        self.mentions.iter().find(|mention| mention.at.contains(&index))
    }

    /// Whether the line that ends here holds nothing but names.
    fn is_only_names(&self, end: usize) -> bool {
        let start = self.tokens[..end].iter().rposition(|token| token.class == Class::Line).map_or(0, |at| at + 1);
        (start..end).all(|index| {
            let is_sign = matches!(
                self.tokens[index].class,
                Class::Comma | Class::And | Class::Colon | Class::Dash | Class::Stop | Class::Filler
            );
            self.is_name(index) || is_sign
        })
    }

    fn mentioned(&self, range: Range<usize>) -> Vec<Target> {
        let inside = self.mentions.iter().filter(|mention| range.contains(&mention.at.start));
        inside.map(|mention| mention.target.clone()).collect()
    }

    /// Reads one statement and says where to go on: at what parts it from the next.
    fn statement(&mut self, at: usize, end: usize, context: &mut Context) -> usize {
        if let Some(place) = self.wish(at, end) {
            if let Some((saying, head)) = self.saying(at..place) {
                self.add(at..place, saying, head, context);
            }
            let (saying, names_end, next) = self.more_time(at, place);
            self.add_about(at..names_end, at..next, saying, place, context);
            return next;
        }
        match self.saying(at..end) {
            Some((Saying::Blocked(_), head)) => {
                let begins = if self.tokens[head].class == Class::Lack { head } else { head + 1 };
                let next = self.reason_end(end);
                // "Vì chưa có kinh phí nên xin lùi …": a reason, and no more.
                if self.tokens[at].class == Class::Because
                    && self.wish(next + 1, self.statement_end(next + 1)).is_some()
                {
                    return next;
                }
                let why = self.words(begins..next);
                let names_end = self.names_of_block(at, head, end, context);
                self.add_about(at..names_end, at..next, Saying::Blocked(why), head, context);
                // What is in the way may be told at length; that the task is done or how much of it still counts.
                self.aside(end..next, context);
                next
            }
            Some((saying, head)) => {
                self.add(at..end, saying, head, context);
                end
            }
            None => {
                let named = self.mentioned(at..end);
                if named.is_empty() {
                    self.remark(at..end, context);
                }
                self.name(&named);
                context.pending.extend(named);
                end
            }
        }
    }

    /// Where the names of the tasks end that something stands in the way of: others may be part of the reason.
    fn names_of_block(&self, at: usize, head: usize, end: usize, context: &Context) -> usize {
        if !context.pending.is_empty() || !self.mentioned(at..head).is_empty() {
            return head;
        }
        let leads = |index: &usize| matches!(self.tokens[*index].class, Class::Because | Class::Colon);
        (head..end).find(leads).unwrap_or(end)
    }

    fn name(&mut self, targets: &[Target]) {
        self.named.extend(targets.iter().filter_map(|target| match target {
            Target::Asked(task) => Some(*task),
            Target::Other(_) => None,
        }));
    }

    /// Where a statement asks for more time, where it does.
    fn wish(&self, at: usize, end: usize) -> Option<usize> {
        let place = (at..end.min(self.tokens.len())).find(|index| self.tokens[*index].class == Class::MoreTime)?;
        let before = &self.tokens[at..place];
        let is_denied = before.iter().any(|token| matches!(token.class, Class::Not | Class::NotYet));
        let is_past = before.last().is_some_and(|token| token.class == Class::Past || token.plain == "duoc");
        (!is_denied && !is_past).then_some(place)
    }

    fn add(&mut self, at: Range<usize>, saying: Saying, head: usize, context: &mut Context) {
        self.add_about(at.clone(), at, saying, head, context);
    }

    /// Adds what is said in `at`, its tasks being named in `names`.
    fn add_about(&mut self, names: Range<usize>, at: Range<usize>, saying: Saying, head: usize, context: &mut Context) {
        let these = self.mentioned(names.clone());
        self.name(&these);
        let has = |class: Class| self.tokens[names.clone()].iter().any(|token| token.class == class);
        let every = self.tokens[names.clone()].iter().find_map(|token| match token.class {
            Class::Every(count) => Some(count),
            _ => None,
        });
        let first_name =
            self.mentions.iter().find(|mention| names.contains(&mention.at.start)).map(|mention| mention.at.start);
        let names_follow = first_name.is_some_and(|first| first > head);
        let pending = std::mem::take(&mut context.pending);
        let everybody = || (0..self.asked.tasks.len()).map(Target::Asked).collect();
        let about = if !these.is_empty() {
            let mut these = these;
            if !pending.is_empty() {
                match (&context.said_before_names, names_follow) {
                    (Some(before), true) => {
                        let before = before.clone();
                        self.push(About::These(pending), before, &at);
                    }
                    (None, false) => these.splice(0..0, pending).for_each(drop),
                    // "đã xong 1.4, 1.5, 3.1 đang làm": whose is 1.5?
                    _ => self.doubt_all(&pending),
                }
            }
            About::These(these)
        } else if !pending.is_empty() {
            About::These(pending)
        } else if has(Class::Rest) {
            About::Rest
        } else if every.is_some_and(|count| count != self.asked.tasks.len()) {
            About::Unknown
        } else if let Some(subject) = context.subject.clone().filter(|_| !has(Class::All) && every.is_none()) {
            About::These(subject)
        } else if self.is_single() || has(Class::All) || every.is_some() {
            About::These(everybody())
        } else {
            About::Unknown
        };
        if let About::These(these) = &about {
            context.subject = Some(these.clone());
        }
        context.said_before_names = names_follow.then(|| saying.clone());
        self.push(about, saying, &at);
    }

    fn push(&mut self, about: About, saying: Saying, tokens: &Range<usize>) {
        let at = self.bytes(tokens);
        self.said.push(Said { about, saying, at });
    }

    /// Words that say nothing of how far a task is, behind words that do, are part of what is noted.
    fn remark(&mut self, at: Range<usize>, context: &Context) {
        let bytes = self.bytes(&at);
        if let Some(subject) = &context.subject
            && let Some(last) = self.said.last_mut()
            && last.about == About::These(subject.clone())
            && !bytes.is_empty()
        {
            last.at.end = bytes.end;
        }
    }

    fn aside(&mut self, range: Range<usize>, context: &mut Context) {
        let mut at = range.start;
        while at < range.end {
            let end = self.statement_end(at).min(range.end);
            if let Some((saying @ (Saying::Done | Saying::Percent(_)), head)) = self.saying(at..end)
                && self.mentioned(at..end).is_empty()
            {
                self.add(at..end, saying, head, context);
            }
            at = end + 1;
        }
    }

    fn flush(&mut self, context: &mut Context) {
        let pending = std::mem::take(&mut context.pending);
        if let Some(saying) = context.said_before_names.take()
            && !pending.is_empty()
        {
            let end = self.said.last().map_or(0..0, |said| said.at.clone());
            self.said.push(Said { about: About::These(pending), saying, at: end });
        }
    }

    fn doubt_all(&mut self, targets: &[Target]) {
        for target in targets {
            self.doubts.push(match target {
                Target::Asked(task) => Doubt::Unclear(self.asked.tasks[*task].id.clone()),
                Target::Other(name) => Doubt::NotAsked(name.clone()),
            });
        }
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

    /// Where a reason ends that begins in a statement which ends at `from`.
    fn reason_end(&self, from: usize) -> usize {
        let mut at = from;
        while at < self.tokens.len() {
            if self.tokens[at].class == Class::Line && !self.is_single() {
                return at;
            }
            if self.tokens[at].class.parts() {
                let end = self.statement_end(at + 1);
                let begins_with_name = (at + 1..end)
                    .find(|index| !matches!(self.tokens[*index].class, Class::Filler | Class::Dash | Class::Comma))
                    .is_some_and(|index| self.is_name(index) && !self.mentioned(at + 1..end).is_empty());
                let is_next =
                    self.wish(at + 1, end).is_some() || (begins_with_name && self.saying(at + 1..end).is_some());
                if is_next {
                    return at;
                }
            }
            at += 1;
        }
        at
    }

    /// What a statement says of how far a task is, and the token that says it.
    fn saying(&self, range: Range<usize>) -> Option<(Saying, usize)> {
        let tokens = &self.tokens[range.clone()];
        let has = |class: Class| tokens.iter().any(|token| token.class == class);
        let is_question = self.tokens.get(range.end).is_some_and(|token| token.class == Class::Question);
        let mut denied = None;
        let mut heads: Vec<Head> = Vec::new();
        for (index, token) in range.clone().zip(tokens) {
            let kind = match token.class {
                Class::NotYet | Class::Not => {
                    denied = Some(token.class);
                    // "xong chưa"
                    if heads.iter().any(|head| head.kind == Kind::Done) {
                        return Some((Saying::Vague, index));
                    }
                    continue;
                }
                Class::Past if matches!(token.plain.as_str(), "da" | "have" | "has" | "already") => {
                    denied = None;
                    continue;
                }
                Class::Done => Kind::Done,
                Class::Do => Kind::Do,
                Class::Begin => Kind::Begin,
                Class::Block | Class::Lack => Kind::Block,
                Class::Percent => Kind::Percent,
                Class::Half => Kind::Half,
                _ => continue,
            };
            heads.push(Head { kind, index, denied });
            if matches!(kind, Kind::Done | Kind::Block) {
                denied = None;
            }
        }
        let find = |kind: Kind| heads.iter().find(|head| head.kind == kind);
        let maybe = has(Class::Maybe) || is_question;
        let percents = heads.iter().filter(|head| head.kind == Kind::Percent).count();
        if percents > 0 {
            let head = find(Kind::Percent)?;
            let percent =
                (percents == 1 && !maybe && head.denied.is_none()).then(|| self.percent(&range, head.index)).flatten();
            let is_denied = heads.iter().any(|head| head.kind == Kind::Done && head.denied.is_some());
            let saying = match percent {
                None => Saying::Vague,
                Some(100) if is_denied => Saying::Vague,
                Some(100) => Saying::Done,
                Some(percent) => Saying::Percent(percent),
            };
            return Some((saying, head.index));
        }
        if let Some(head) = heads.iter().find(|head| head.kind == Kind::Block && head.denied.is_none())
            && !maybe_before(tokens, head.index - range.start)
            && !is_question
        {
            return Some((Saying::Blocked(None), head.index));
        }
        if let Some(head) = find(Kind::Done) {
            return Some((self.done(&range, head, &heads, maybe), head.index));
        }
        if let Some(head) =
            find(Kind::Half).filter(|_| !maybe && (has(Class::Doing) || has(Class::Past) || self.is_bare(&range)))
        {
            return Some((Saying::Percent(50), head.index));
        }
        if let Some(place) = tokens.iter().position(|token| token.class == Class::Doing) {
            let is_denied = tokens[..place].iter().any(|token| matches!(token.class, Class::Not | Class::NotYet));
            return (!maybe_before(tokens, place) && !is_question && !is_denied)
                .then_some((Saying::Going, range.start + place));
        }
        if let Some(head) = find(Kind::Begin).or_else(|| find(Kind::Do)) {
            return match (head.denied, head.kind) {
                _ if maybe => None,
                (Some(Class::NotYet), _) => Some((Saying::NotBegun, head.index)),
                (None, Kind::Begin) => Some((Saying::Going, head.index)),
                _ => None,
            };
        }
        None
    }

    /// What a statement means in which something is "xong".
    fn done(&self, range: &Range<usize>, head: &Head, heads: &[Head], maybe: bool) -> Saying {
        let tokens = &self.tokens[range.clone()];
        let has = |class: Class| tokens.iter().any(|token| token.class == class);
        if maybe {
            return Saying::Vague;
        }
        if heads.iter().any(|head| head.kind == Kind::Done && head.denied.is_some()) {
            return Saying::NotDone;
        }
        let before = &tokens[..head.index - range.start];
        if has(Class::Nearly) || has(Class::Doing) {
            // "đang hoàn thành", and not "đăng … xong" written without marks.
            let beside = before.last().is_some_and(|token| matches!(token.class, Class::Nearly | Class::Doing));
            return if beside { Saying::Going } else { Saying::Vague };
        }
        if has(Class::Partly) || has(Class::Half) {
            return Saying::Going;
        }
        if has(Class::Remaining) || has(Class::Overcome) || self.has_fraction(range) {
            return Saying::Vague;
        }
        let is_past = has(Class::Past);
        if is_past || (!has(Class::ToCome) && self.is_bare(range)) { Saying::Done } else { Saying::Vague }
    }

    /// Whether a statement holds nothing but what is understood of it.
    fn is_bare(&self, range: &Range<usize>) -> bool {
        range.clone().all(|index| {
            self.is_name(index)
                || matches!(
                    self.tokens[index].class,
                    Class::Done
                        | Class::Do
                        | Class::Half
                        | Class::Filler
                        | Class::All
                        | Class::Every(_)
                        | Class::Rest
                        | Class::Past
                        | Class::Colon
                        | Class::Dash
                        | Class::Stop
                        | Class::Comma
                )
        })
    }

    /// Whether so many of so many are counted: "5/6", which is no date.
    fn has_fraction(&self, range: &Range<usize>) -> bool {
        range.clone().any(|index| {
            let token = &self.tokens[index];
            let parts = token
                .plain
                .split_once('/')
                .and_then(|(some, all)| Some((some.parse::<u32>().ok()?, all.parse::<u32>().ok()?)));
            let is_dated = index > range.start
                && ["ngay", "hom", "tu", "luc", "vao", "on"].contains(&self.tokens[index - 1].plain.as_str());
            token.class == Class::Number && !is_dated && parts.is_some_and(|(some, all)| some <= all)
        })
    }

    /// The number before a sign of per cent, where it is said of the task and of nothing else.
    fn percent(&self, range: &Range<usize>, sign: usize) -> Option<u8> {
        let number = sign.checked_sub(1).filter(|number| range.contains(number))?;
        let token = &self.tokens[number];
        if token.class != Class::Number || self.mention_at(number).is_some() {
            return None;
        }
        let before = range.start..number;
        if let Some(last) = before.clone().next_back() {
            let is_other_number = self.tokens[last].class == Class::Number && self.mention_at(last).is_none();
            let leads = before.clone().rev().find(|index| self.tokens[*index].class != Class::Filler);
            let remains = leads.is_some_and(|index| {
                matches!(
                    self.tokens[index].class,
                    Class::Remaining | Class::Lack | Class::Nearly | Class::Not | Class::NotYet
                )
            });
            if is_other_number || remains {
                return None;
            }
        }
        let is_led = before
            .clone()
            .any(|index| matches!(self.tokens[index].class, Class::Done | Class::Do | Class::Doing | Class::Begin));
        let is_known =
            |index: usize| self.is_name(index) || !matches!(self.tokens[index].class, Class::Other | Class::Number);
        let is_clean = (is_led || before.clone().all(is_known)) && (sign + 1..range.end).all(is_known);
        let value: f64 = token.plain.replace(',', ".").parse().ok()?;
        if !is_clean || !(0.0..=100.0).contains(&value) {
            return None;
        }
        // A number from 0 to 100.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        Some(value.floor() as u8)
    }

    /// A wish for more time, whose word stands at `place` in the statement that begins at `at`: what is wished, where
    /// the names of its tasks end, and where to go on.
    fn more_time(&self, at: usize, place: usize) -> (Saying, usize, usize) {
        let line = (place..self.tokens.len()).find(|index| self.tokens[*index].class == Class::Line);
        let line = line.unwrap_or(self.tokens.len());
        let (due, names_end, date_end) = self.date(place + 1, line);
        let next = self.reason_end(date_end.max(place + 1));
        let mut why = self.words(date_end..next);
        if why.as_ref().is_none_or(|why| !self.says_something(date_end..next, why)) {
            why = self.reason_before(at, place);
        }
        (Saying::MoreTime { due, why }, names_end, next)
    }

    fn says_something(&self, tokens: Range<usize>, _why: &str) -> bool {
        tokens.into_iter().any(|index| {
            !matches!(
                self.tokens[index].class,
                Class::Filler
                    | Class::Line
                    | Class::Stop
                    | Class::Comma
                    | Class::Colon
                    | Class::Dash
                    | Class::Because
                    | Class::Question
                    | Class::Past
            )
        })
    }

    /// The date that is asked for, where the names of tasks end, and where the date does.
    fn date(&self, from: usize, line: usize) -> (Due, usize, usize) {
        let until = (from..line).filter(|index| self.tokens[*index].class == Class::Until).map(|index| index + 1);
        let starts: Vec<usize> = until.chain(from..line.min(from + LONGEST_DATE)).collect();
        for start in starts {
            if self.mention_at(start).is_some()
                && self.tokens.get(start.wrapping_sub(1)).is_none_or(|token| token.class != Class::Until)
            {
                continue;
            }
            if let Some((count, end)) = self.count(start, line) {
                return (Due::After(count), start, end);
            }
            let longest = line.min(start + LONGEST_DATE);
            for end in (start + 1..=longest).rev() {
                let written = &self.text[self.bytes(&(start..end))];
                if !written.contains(|letter: char| letter.is_ascii_digit()) {
                    continue;
                }
                let first = self.tokens[start].class;
                if !matches!(first, Class::Number | Class::Other | Class::All | Class::ToCome | Class::Until) {
                    continue;
                }
                if let Ok(periods) = timeframe::read(written, self.asked.year)
                    && let [period] = periods.as_slice()
                {
                    return (Due::On(period.due), start, end);
                }
            }
        }
        (Due::Unknown, line, from)
    }

    /// "2 tuần", where it stands here.
    fn count(&self, start: usize, line: usize) -> Option<(Span2, usize)> {
        let number = self.tokens.get(start).filter(|token| token.class == Class::Number)?;
        let unit = self.tokens.get(start + 1).filter(|_| start + 1 < line)?;
        let unit = match unit.plain.split(' ').next()? {
            "ngay" | "days" | "day" => Unit::Days,
            "tuan" | "weeks" | "week" => Unit::Weeks,
            "thang" | "months" | "month" => Unit::Months,
            _ => return None,
        };
        let count = number.plain.parse().ok().filter(|count| (1..=366).contains(count))?;
        Some((Span2 { count, unit }, start + 2))
    }

    /// Why more time is asked for, where that is said before: "Do mưa bão, xin lùi …", "vướng kinh phí, xin lùi …".
    fn reason_before(&self, at: usize, place: usize) -> Option<String> {
        if let Some(Said { saying: Saying::Blocked(Some(why)), .. }) = self.said.last() {
            return Some(why.clone());
        }
        let line = self.tokens[..place].iter().rposition(|token| token.class == Class::Line).map_or(0, |line| line + 1);
        let because = (line..place).find(|index| self.tokens[*index].class == Class::Because)?;
        let end = if because < at {
            at - 1
        } else {
            (because..place).rfind(|index| self.tokens[*index].class == Class::Other)? + 1
        };
        self.words(because..end)
    }

    fn conclude(self) -> Understood {
        let Self { text, tokens, asked, said, mut doubts, named, mentions } = self;
        let count = asked.tasks.len();
        let mut of_task: Vec<Vec<(&Saying, &Range<usize>)>> = vec![Vec::new(); count];
        let spoken_of = |task: usize| {
            said.iter().any(|said| matches!(&said.about, About::These(these) if these.contains(&Target::Asked(task))))
        };
        for Said { about, saying, at } in &said {
            match about {
                About::These(these) => {
                    for target in these {
                        match target {
                            Target::Asked(task) => of_task[*task].push((saying, at)),
                            Target::Other(name) => doubts.push(Doubt::NotAsked(name.clone())),
                        }
                    }
                }
                About::Rest => {
                    for task in (0..count).filter(|task| !spoken_of(*task)) {
                        of_task[task].push((saying, at));
                    }
                }
                About::Unknown if *saying == Saying::Vague => {}
                About::Unknown => doubts.push(Doubt::Which),
            }
        }
        let is_other = |mention: &&Mention| matches!(mention.target, Target::Other(_));
        if said.is_empty()
            && let Some(Mention { target: Target::Other(name), .. }) = mentions.iter().find(is_other)
        {
            doubts.push(Doubt::NotAsked(name.clone()));
        }
        let mut understood = Understood::default();
        for (task, sayings) in asked.tasks.iter().zip(&of_task) {
            let place = understood_place(asked, task);
            let own = (count == 1).then(|| {
                let in_wish = |at: usize| {
                    said.iter().any(|said| matches!(said.saying, Saying::MoreTime { .. }) && said.at.contains(&at))
                };
                let says_more = tokens.iter().enumerate().any(|(index, token)| {
                    let is_name = mentions.iter().any(|mention| mention.at.contains(&index));
                    token.class == Class::Other && !is_name && !in_wish(token.at.start)
                });
                says_more.then(|| note(text, LONGEST_NOTE)).flatten()
            });
            let remarks = || {
                let mut ranges: Vec<&Range<usize>> = sayings.iter().map(|(_, at)| *at).collect();
                ranges.dedup();
                let says_more = |at: &Range<usize>| {
                    tokens.iter().enumerate().any(|(index, token)| {
                        token.class == Class::Other
                            && at.contains(&token.at.start)
                            && !mentions.iter().any(|mention| mention.at.contains(&index))
                    })
                };
                let parts: Vec<&str> =
                    ranges.into_iter().filter(|at| says_more(at)).map(|at| &text[at.clone()]).collect();
                note(&parts.join("; "), LONGEST_NOTE)
            };
            let is_named = named.contains(&place);
            match settle(sayings) {
                Settled::Clear(status, percent, why) => understood.reports.push(Report {
                    task: task.id.clone(),
                    status,
                    percent,
                    note: why.or_else(|| own.unwrap_or_else(remarks)),
                }),
                Settled::Conflict => doubts.push(Doubt::Unclear(task.id.clone())),
                Settled::Nothing => {
                    let wishes = sayings.iter().any(|(saying, _)| matches!(saying, Saying::MoreTime { .. }));
                    if !wishes && (is_named || !sayings.is_empty()) {
                        doubts.push(Doubt::Unclear(task.id.clone()));
                    }
                }
            }
            let wish = sayings.iter().rev().find_map(|(saying, _)| match saying {
                Saying::MoreTime { due, why } => Some((*due, why.clone())),
                _ => None,
            });
            if let Some((due, why)) = wish {
                let closed = understood
                    .reports
                    .last()
                    .is_some_and(|report| report.task == task.id && report.status == Status::Done);
                match settle_wish(task, due, why, asked.today) {
                    Ok(_) if closed => doubts.push(Doubt::Unclear(task.id.clone())),
                    Ok(wish) => understood.more_time.push(wish),
                    Err(doubt) => doubts.push(doubt),
                }
            }
        }
        // A task that is said to be done and to need more time is neither.
        understood
            .reports
            .retain(|report| report.status != Status::Done || !doubts.contains(&Doubt::Unclear(report.task.clone())));
        if understood.reports.is_empty() && understood.more_time.is_empty() && doubts.is_empty() {
            doubts.push(Doubt::Nothing);
        }
        doubts.sort();
        doubts.dedup();
        understood.doubts = doubts;
        understood
    }
}

fn understood_place(asked: Asked<'_>, task: &AskedTask) -> usize {
    asked.tasks.iter().position(|other| other.id == task.id).unwrap_or(usize::MAX)
}

/// A word that a saying stands on.
#[derive(Clone, Copy, Debug)]
struct Head {
    kind: Kind,
    index: usize,
    /// What denies it, where anything does.
    denied: Option<Class>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Done,
    Do,
    Begin,
    Block,
    Percent,
    Half,
}

/// Whether a word that takes what follows back stands before this place.
fn maybe_before(tokens: &[Token], place: usize) -> bool {
    tokens[..place].iter().any(|token| matches!(token.class, Class::Maybe | Class::Overcome))
}

/// What all sayings about a task come to.
enum Settled {
    Clear(Status, Option<u8>, Option<String>),
    Conflict,
    Nothing,
}

fn settle(sayings: &[(&Saying, &Range<usize>)]) -> Settled {
    let has = |wanted: &Saying| sayings.iter().any(|(saying, _)| *saying == wanted);
    let mut percents: Vec<u8> = sayings
        .iter()
        .filter_map(|(saying, _)| match saying {
            Saying::Percent(percent) => Some(*percent),
            _ => None,
        })
        .collect();
    percents.dedup();
    let blocked = sayings.iter().find_map(|(saying, _)| match saying {
        Saying::Blocked(why) => Some(why.clone()),
        _ => None,
    });
    let going = has(&Saying::Going) || has(&Saying::NotDone) || !percents.is_empty();
    let percent = match percents.as_slice() {
        [] => None,
        [percent] => Some(*percent),
        _ => return Settled::Conflict,
    };
    match (has(&Saying::Done), blocked, has(&Saying::NotBegun)) {
        (true, None, false) if !going && !has(&Saying::Vague) => Settled::Clear(Status::Done, None, None),
        (true, ..) => Settled::Conflict,
        (_, Some(why), _) => Settled::Clear(Status::Blocked, percent, why),
        (_, None, true) if percent.is_none() && !has(&Saying::Going) => Settled::Clear(Status::NotStarted, None, None),
        (_, None, true) => Settled::Conflict,
        _ if going => Settled::Clear(Status::InProgress, percent, None),
        _ => Settled::Nothing,
    }
}

fn settle_wish(task: &AskedTask, due: Due, why: Option<String>, today: Date) -> Result<MoreTime, Doubt> {
    let due = match due {
        Due::On(due) => Some(due),
        Due::After(more) => task.due.and_then(|due| due.checked_add(more.span()).ok()),
        Due::Unknown => None,
    };
    let due = due.ok_or_else(|| Doubt::NoDate(task.id.clone()))?;
    if due <= today || task.due.is_some_and(|before| due <= before) {
        return Err(Doubt::NotLater(task.id.clone(), due));
    }
    let why = why.ok_or_else(|| Doubt::NoReason(task.id.clone(), due))?;
    Ok(MoreTime { task: task.id.clone(), due, why })
}

/// Where tasks are named.
fn mentions(tokens: &[Token], asked: Asked<'_>) -> Vec<Mention> {
    let mut names: Vec<(Vec<String>, Target)> = Vec::new();
    for (place, task) in asked.tasks.iter().enumerate() {
        names.push((words::name(task.id.as_str()), Target::Asked(place)));
    }
    for (place, task) in asked.tasks.iter().enumerate() {
        let Some(criterion) = &task.criterion else { continue };
        let name = words::name(criterion);
        let bearers = asked.tasks.iter().filter(|task| task.criterion.as_ref() == Some(criterion)).count();
        if bearers == 1 && !names.iter().any(|(known, _)| *known == name) {
            names.push((name, Target::Asked(place)));
        }
    }
    for task in asked.plan {
        let name = words::name(task.as_str());
        if !names.iter().any(|(known, _)| *known == name) {
            names.push((name, Target::Other(task.as_str().to_owned())));
        }
    }
    names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    let mut mentions: Vec<Mention> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match mention(tokens, at, &names) {
            Some((length, target)) => {
                mentions.push(Mention { at: at..at + length, target });
                at += length;
            }
            None => at += 1,
        }
    }
    mentions
}

fn mention(tokens: &[Token], at: usize, names: &[(Vec<String>, Target)]) -> Option<(usize, Target)> {
    let is_percent = |index: usize| tokens.get(index).is_some_and(|token| token.class == Class::Percent);
    let labelled = at.checked_sub(1).is_some_and(|before| LABELS.contains(&tokens[before].plain.as_str()));
    if let Some((length, name)) = level(tokens, at) {
        let target = names.iter().find(|(known, _)| known.len() == 1 && known[0] == name);
        return Some((length, target.map_or(Target::Other(name), |(_, target)| target.clone())));
    }
    for (name, target) in names {
        let whole = name.join(" ");
        let mut seen = String::new();
        for (length, token) in (1..).zip(&tokens[at..]) {
            if token.plain.is_empty() {
                break;
            }
            if !seen.is_empty() {
                seen.push(' ');
            }
            seen.push_str(&token.plain);
            if seen == whole {
                // A bare number names a task only where it is said to, or where it heads a line.
                let is_bare = whole.bytes().all(|byte| byte.is_ascii_digit());
                let heads = (at == 0 || matches!(tokens[at - 1].class, Class::Line | Class::Dash))
                    && tokens
                        .get(at + length)
                        .is_some_and(|next| matches!(next.class, Class::Colon | Class::Stop | Class::Dash));
                if !is_percent(at + length) && (!is_bare || labelled || heads) {
                    return Some((length, target.clone()));
                }
            }
            if seen.len() >= whole.len() {
                break;
            }
        }
    }
    let token = &tokens[at];
    let is_number = token.plain.contains(|letter: char| letter.is_ascii_digit()) && !token.plain.contains('/');
    let is_counted =
        tokens.get(at + 1).is_some_and(|next| ["ngay", "tuan", "thang", "lan"].contains(&next.plain.as_str()));
    (labelled && is_number && !is_counted && !is_percent(at + 1)).then(|| (1, Target::Other(token.plain.clone())))
}

/// "Mức 4, yêu cầu 3", as messages call M4.3.
fn level(tokens: &[Token], at: usize) -> Option<(usize, String)> {
    let number = |index: usize| {
        let token: &Token = tokens.get(index)?;
        (token.class == Class::Number && token.plain.len() == 1).then_some(token.plain.as_str())
    };
    (tokens[at].plain == "muc").then_some(())?;
    let level = number(at + 1)?;
    let comma = usize::from(tokens.get(at + 2)?.class == Class::Comma);
    (tokens.get(at + 2 + comma)?.plain == "yeu cau").then_some(())?;
    let wanted = number(at + 3 + comma)?;
    Some((4 + comma, format!("m{level}.{wanted}")))
}
