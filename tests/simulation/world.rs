//! The world of one year: time, chance, what happened, and what everybody has in hand. What happened is kept as it was; nothing
//! here is computed by the program's rules.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::civil::{Date, DateTime, date};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use nhacviec::daemon::WakeUps;
use nhacviec::plan::Status;
use nhacviec::store::SimulatedDatabase;
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::draws::{Draws, digest};
use crate::events::Event;
use crate::mailbox::MailboxState;
use crate::parts::Effect;
use crate::post::HandOver;
use crate::school::School;
use crate::weather::{Fault, Weather, name_of};
use crate::workers::{TakeOver, WorkerState, Workers};

/// Faults stop here: from now on everything must settle.
pub const CALM_FROM: Date = date(2024, 6, 10);
/// The last day of a simulation.
pub const END: Date = date(2024, 7, 15);

/// How long after the answer of a server whoever handed something over has it for certain.
const KNOWN_AFTER: SignedDuration = SignedDuration::from_mins(2);

/// What of a year is left out, to find what of it matters.
#[derive(Clone, Debug, Default)]
pub struct LeftOut {
    /// Faults and events, by their ids.
    pub hits: BTreeSet<u64>,
    /// Tasks, by their place when the school was drawn.
    pub tasks: BTreeSet<usize>,
}

/// A fault or an event that happened, or would have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    pub id: u64,
    pub at: Timestamp,
}

/// A report as it appeared in the store.
#[derive(Clone, Debug)]
pub struct Report {
    pub task: String,
    pub at: Timestamp,
    pub status: Status,
    pub by: String,
    pub how: String,
    /// What it changes by the rule of parts.
    pub effect: Effect,
}

/// Something that befell a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misfortune {
    /// It was killed, or stopped while the store took nothing: what it knew is lost.
    Killed,
    /// It was stopped, and had time to end.
    Stopped,
    /// The store failed it.
    Store,
    /// It stood still for a while.
    Paused,
    /// Another one has taken over its work.
    TakenOver,
}

/// What those who watch heard.
#[derive(Clone, Debug)]
pub struct Watched {
    pub at: Timestamp,
    /// From which daemon.
    pub daemon: usize,
    /// That something is wrong.
    pub is_unwell: bool,
    /// Which channels fail as a whole.
    pub failing: Vec<&'static str>,
}

/// What happened, in order of time.
#[derive(Default)]
pub struct Facts {
    pub reports: Vec<Report>,
    /// The school as written, with the due dates that were agreed, and since when.
    pub schools: Vec<(Timestamp, Arc<School>)>,
    /// The looks that went well: when, and what the process's clock said then.
    pub looks: Vec<(Timestamp, Timestamp)>,
    /// The steps that went well: when they began, and of which daemon, life and epoch; that is 0 where it had
    /// lost the school before.
    pub steps: Vec<(Timestamp, usize, u32, i64)>,
    /// What befell which process, by the number of the daemon and of its life.
    pub misfortunes: Vec<(Timestamp, usize, u32, Misfortune)>,
    /// When a clock was wrong.
    pub jumps: Vec<(Timestamp, Timestamp)>,
    /// What those who watch heard when a step had ended.
    pub watched: Vec<Watched>,
    /// When the store took nothing.
    pub store_downs: Vec<(Timestamp, Timestamp)>,
    /// For which periods leads have told of recurring work: task, period, lead (nobody's name for all), and since when.
    pub attested: Vec<(String, String, String, Timestamp)>,
    /// Tasks of which somebody asked for time.
    pub asked: BTreeSet<String>,
    /// When one of several lost its work to another.
    pub take_overs: Vec<TakeOver>,
    /// When somebody told something by a page while one of several was at work.
    pub told: Vec<Timestamp>,
}

/// A violation of what must always hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    pub invariant: &'static str,
    pub text: String,
    pub at: Timestamp,
}

/// A line of the story.
#[derive(Clone, Debug)]
pub struct Line {
    pub at: Timestamp,
    pub text: String,
}

/// A daemon as the world sees it.
pub struct Life {
    /// How often it was started.
    pub run: u32,
    pub is_up: bool,
    pub crash: Arc<Notify>,
    pub wake: WakeUps,
    pub stop: Arc<Notify>,
    /// By how many milliseconds its clock is wrong.
    pub skew: Arc<AtomicI64>,
    /// By how many it is wrong where no clock has jumped.
    pub usual_skew: i64,
    /// It as one of several.
    pub worker: WorkerState,
    /// How long it will be down after the next kill, where that is said.
    pub down_for: Option<std::time::Duration>,
    /// How many moments of its store there were today, and on which day that is.
    points: (Date, u64),
}

impl Life {
    /// A daemon whose clock is wrong by so many milliseconds.
    pub fn new(usual_skew: i64) -> Self {
        Self {
            run: 0,
            is_up: false,
            crash: Arc::default(),
            wake: WakeUps::default(),
            stop: Arc::default(),
            skew: Arc::new(AtomicI64::new(usual_skew)),
            usual_skew,
            worker: WorkerState::default(),
            down_for: None,
            points: (Date::MIN, 0),
        }
    }
}

/// The world of one year.
pub struct World {
    pub draws: Draws,
    pub weather: Weather,
    pub left_out: LeftOut,
    pub base: Timestamp,
    pub began: Instant,
    /// The school as its files have it.
    pub school: Arc<School>,
    /// The last version of it without a mistake.
    pub sound_school: Arc<School>,
    /// Counts the versions of the files.
    pub generation: u64,
    /// When they were changed.
    pub rewritten: Vec<Timestamp>,
    /// The task that the admin took out, where one is out.
    pub taken_out: Option<super::school::Task>,
    /// What was agreed about due dates: task, the date before, and the date since.
    pub agreed: Vec<(String, Option<Date>, Date)>,
    pub facts: Facts,
    pub post: Vec<HandOver>,
    pub mailbox: MailboxState,
    pub lives: Vec<Life>,
    /// What is to happen, by time and number.
    pub agenda: BTreeMap<(Timestamp, u64), Event>,
    /// How many events were planned so far.
    pub planned: u64,
    /// How many requests for time the world has seen.
    pub requests_seen: usize,
    /// Rings when something earlier is to happen.
    pub agenda_changed: Arc<Notify>,
    pub store_down_until: Timestamp,
    pub dead_channels: BTreeMap<&'static str, Timestamp>,
    pub database: SimulatedDatabase,
    /// What there is to know of several daemons.
    pub workers: Workers,
    pub story: Vec<Line>,
    pub digest: u64,
    pub marks: BTreeMap<&'static str, u32>,
    pub hits: Vec<Hit>,
    pub violations: Vec<Violation>,
    pub passes: u64,
    pub moments: u64,
}

/// The world as everybody in it has it.
pub type Shared = Arc<Mutex<World>>;

/// The world, for a moment.
pub fn lock(world: &Shared) -> MutexGuard<'_, World> {
    world.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The school's time zone: seven hours ahead, always.
pub fn zone() -> TimeZone {
    TimeZone::fixed(jiff::tz::offset(7))
}

/// The civil time at an instant.
pub fn local(at: Timestamp) -> DateTime {
    at.to_zoned_datetime(zone()).datetime()
}

/// The instant of a civil time.
pub fn instant(at: DateTime) -> Timestamp {
    jiff::tz::offset(7).to_timestamp(at).unwrap_or_default()
}

impl World {
    pub fn now(&self) -> Timestamp {
        let passed = SignedDuration::try_from(self.began.elapsed()).unwrap_or_default();
        let now = self.base.saturating_add(passed).unwrap_or(Timestamp::MAX);
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }

    /// What the clock says by which a daemon goes: its machine's, or the database's where it is one of several.
    pub fn clock_of(&self, daemon: usize) -> Timestamp {
        if self.are_several() {
            return self.now();
        }
        let skew = SignedDuration::from_millis(self.lives[daemon].skew.load(Ordering::Relaxed));
        self.now().saturating_add(skew).unwrap_or_default()
    }

    pub fn today(&self) -> Date {
        local(self.now()).date()
    }

    /// Whether faults have stopped.
    pub fn is_calm(&self) -> bool {
        self.today() >= CALM_FROM
    }

    /// Whether a fault happens to this thing.
    pub fn strikes(&mut self, fault: Fault, key: impl std::hash::Hash) -> bool {
        let chance = self.weather.chance(fault);
        if chance == 0 || self.is_calm() {
            return false;
        }
        let id = self.draws.number(name_of(fault), key);
        id % 1_000_000 < u64::from(chance) && self.admits(id)
    }

    /// Notes that something is to happen. Whether it does, or is left out this time.
    pub fn admits(&mut self, id: u64) -> bool {
        let at = self.now();
        self.hits.push(Hit { id, at });
        !self.left_out.hits.contains(&id)
    }

    /// The number of this moment of a daemon's store within the day.
    pub fn next_moment(&mut self, daemon: usize) -> (usize, Date, u64) {
        self.moments += 1;
        let today = self.today();
        let points = &mut self.lives[daemon].points;
        *points = if points.0 == today { (today, points.1 + 1) } else { (today, 0) };
        (daemon, today, points.1)
    }

    /// Adds a line to the story.
    pub fn tell(&mut self, text: impl Into<String>) {
        let line = Line { at: self.now(), text: text.into() };
        self.digest = digest(self.digest, &format!("{} {}", line.at, line.text));
        self.story.push(line);
    }

    /// Notes that a state was reached.
    pub fn mark(&mut self, mark: &'static str) {
        *self.marks.entry(mark).or_default() += 1;
    }

    /// Notes that something does not hold that must.
    pub fn violated(&mut self, invariant: &'static str, text: impl Into<String>) {
        let (at, text) = (self.now(), text.into());
        self.tell(format!("!!! {invariant}: {text}"));
        self.violations.push(Violation { invariant, text, at });
    }

    /// Lets something happen at a time.
    pub fn plan(&mut self, at: Timestamp, event: Event) {
        self.planned += 1;
        self.agenda.insert((at, self.planned), event);
        self.agenda_changed.notify_one();
        self.disturb();
    }

    /// Wakes every daemon.
    pub fn wake_all(&self) {
        for life in &self.lives {
            life.wake.wake();
        }
    }

    /// Kills a daemon; it is down for a while.
    pub fn kill(&mut self, daemon: usize, why: &str) {
        let now = self.now();
        let life = &mut self.lives[daemon];
        if !life.is_up {
            return;
        }
        let run = life.run;
        life.is_up = false;
        life.crash.notify_one();
        self.disturb();
        let in_hand = self.post.iter().rev().take_while(|handed| (handed.daemon, handed.run) == (daemon, run));
        if in_hand.filter(|handed| handed.ended.is_none()).count() > 1 {
            self.mark("killed with several in hand");
        }
        self.facts.misfortunes.push((now, daemon, run, Misfortune::Killed));
        self.tell(format!("daemon {daemon} is killed {why}"));
    }

    /// Notes what befell a process.
    pub fn befalls(&mut self, daemon: usize, misfortune: Misfortune) {
        let (now, life) = (self.now(), &mut self.lives[daemon]);
        life.worker.fit_since = now;
        self.facts.misfortunes.push((now, daemon, life.run, misfortune));
    }

    /// Whether anything befell a process between two instants.
    pub fn befell(&self, daemon: usize, run: u32, from: Timestamp, to: Timestamp) -> Option<Misfortune> {
        let within = |at: Timestamp| from <= at && at <= to;
        let all = self.facts.misfortunes.iter();
        all.filter(|(at, whom, life, _)| within(*at) && (*whom, *life) == (daemon, run)).map(|(.., what)| *what).next()
    }

    /// Whether what came of a hand-over was written down: a step of its process went well that began when that was known for a
    /// while, and every step begins with writing down what is known.
    pub fn was_recorded(&self, hand_over: &HandOver) -> bool {
        let Some(ended) = hand_over.ended else { return false };
        let known = ended.saturating_add(KNOWN_AFTER).unwrap_or(Timestamp::MAX);
        let process = (hand_over.daemon, hand_over.run, hand_over.epoch);
        self.facts.steps.iter().any(|(began, daemon, run, epoch)| known <= *began && (*daemon, *run, *epoch) == process)
    }

    /// The school in force at an instant, as far as the files and agreements go.
    pub fn school_at(&self, at: Timestamp) -> &Arc<School> {
        let schools = &self.facts.schools;
        let place = schools.partition_point(|(since, _)| *since <= at);
        &schools[place.saturating_sub(1)].1
    }

    /// Puts another version of the school's files into the world.
    pub fn rewrite(&mut self, school: School) {
        // A file with a mistake is not taken: what was in force stays so.
        let is_taken = !school.is_broken();
        self.school = Arc::new(school);
        self.generation += 1;
        self.rewritten.push(self.now());
        if is_taken {
            self.sound_school = Arc::clone(&self.school);
            self.note_school();
        }
        self.wake_all();
    }

    /// Another due date of a task was agreed.
    pub fn agree(&mut self, task: &str, old: Option<Date>, due: Date) {
        self.agreed.push((task.to_owned(), old, due));
        self.note_school();
    }

    /// Notes what holds from now on: the files, with what was agreed since.
    fn note_school(&mut self) {
        let mut school = School::clone(&self.sound_school);
        for (name, old, due) in &self.agreed {
            let task = school.tasks.iter_mut().find(|task| task.name == *name && task.due == *old);
            if let Some(task) = task {
                task.due = Some(*due);
            }
        }
        let now = self.now();
        self.facts.schools.push((now, Arc::new(school)));
    }
}
