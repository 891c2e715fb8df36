//! Several daemons on one store, as over a database of a server: what befalls one of them alone, and how their heartbeats rest
//! while nothing happens.
//!
//! A heartbeat comes every five seconds, and nothing happens most of the year. Where all daemons that are up wait for something
//! later, and so does the world, they rest: what they would have written meanwhile is written before anybody reaches the store
//! again, as of the last heartbeat that would have been.

use std::collections::{BTreeMap, BTreeSet};
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Poll, Waker};
use std::time::Duration;

use jiff::civil::time;
use jiff::{SignedDuration, Timestamp};
use nhacviec::clock::Clock;
use tokio::sync::Notify;

use crate::events::Event;
use crate::invariants::at_work;
use crate::post::HandOver;
use crate::world::{END, Misfortune, Shared, World, instant, lock};

/// How long before something happens heartbeats come again.
const BEFORE: SignedDuration = SignedDuration::from_secs(10);
/// A shorter rest is not worth it.
const LEAST_REST: SignedDuration = SignedDuration::from_secs(30);
/// How often a heartbeat comes, in milliseconds.
const EVERY: u64 = 5_000;

/// A daemon as one of several.
#[derive(Default)]
pub struct WorkerState {
    /// Whether it stands still, as by SIGSTOP: time passes and it does nothing.
    pub is_paused: bool,
    /// Rings when it goes on.
    resumed: Arc<Notify>,
    /// Wakes what of it is not polled while it stands still.
    waker: Option<Waker>,
    /// Until then it does not reach the store.
    pub cut_until: Timestamp,
    /// Until when it waits for nothing but wake-ups; `None` while it does something.
    pub idle_until: Option<Timestamp>,
    /// Whether it reads the mailbox, or is about to.
    pub is_reading: bool,
    /// Whether it works for the school, as far as it knows.
    pub duty: KnownDuty,
    /// By which epoch it has or had the school.
    pub epoch: i64,
    /// Since when nothing has kept it from the store.
    pub fit_since: Timestamp,
    /// Whether its heartbeat rests.
    is_resting: bool,
    /// Rings when a heartbeat is done.
    beaten: Arc<Notify>,
}

/// Whether a daemon works for the school, as far as it knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KnownDuty {
    #[default]
    StandsBy,
    AtWork,
    /// It was told to stop, and gives back what it has.
    Leaves,
}

/// What there is to know of several daemons.
pub struct Workers {
    /// The clock of the database.
    pub clock: Clock,
    /// Who has the school by the store's word.
    pub lease: LeaseSeen,
    /// Workers that have lost the school to another.
    pub lost: BTreeSet<String>,
    /// By which epoch which holder has claimed messages.
    pub holders: BTreeMap<String, i64>,
    /// Whose heartbeats rest, by the name of the process, and until when they would have come; `None` where they still would.
    resting: BTreeMap<String, Option<Timestamp>>,
    /// Rings when they are to come again.
    disturbed: Arc<Notify>,
}

impl Workers {
    /// Several that are to begin at an instant, which is now.
    pub fn new(base: Timestamp) -> Self {
        Self {
            clock: Clock::of_timers(base, Arc::default()),
            lease: LeaseSeen::default(),
            lost: BTreeSet::new(),
            holders: BTreeMap::new(),
            resting: BTreeMap::new(),
            disturbed: Arc::default(),
        }
    }
}

/// Who has the school, as it was seen last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeaseSeen {
    /// The id of the worker; empty where nobody has it.
    pub owner: String,
    pub epoch: i64,
    /// Since when that is so.
    pub since: Timestamp,
    /// Its last heartbeat, or since when nobody has the school.
    pub seen: Timestamp,
    /// Whether it was told that nobody takes over in time.
    pub is_late: bool,
}

/// One of several lost its work to another.
#[derive(Clone, Debug)]
pub struct TakeOver {
    pub at: Timestamp,
    pub daemon: usize,
    pub run: u32,
    pub epoch: i64,
}

/// What a process is called in the store.
pub fn node(daemon: usize, run: u32) -> String {
    format!("daemon {daemon}, life {run}")
}

/// The daemon and its life by the id of a worker.
pub fn process_of(worker: &str) -> Option<(usize, u32)> {
    let (daemon, rest) = worker.strip_prefix("daemon ")?.split_once(", life ")?;
    let run = rest.split('/').next()?;
    Some((daemon.parse().ok()?, run.parse().ok()?))
}

impl World {
    /// Whether several daemons share the store.
    pub fn are_several(&self) -> bool {
        self.lives.len() > 1
    }

    /// Has heartbeats come again: something happens.
    pub fn disturb(&mut self) {
        if self.workers.resting.is_empty() {
            return;
        }
        let now = self.now();
        for until in self.workers.resting.values_mut() {
            until.get_or_insert(now);
        }
        self.workers.disturbed.notify_waiters();
    }

    /// Begins a life of a daemon as one of several.
    pub fn begins(&mut self, daemon: usize) {
        self.disturb();
        let fit_since = self.now();
        self.lives[daemon].worker = WorkerState { fit_since, ..WorkerState::default() };
    }

    /// Has a daemon stand still for a while.
    pub fn pause(&mut self, daemon: usize, seconds: u64) {
        let life = &mut self.lives[daemon];
        if !life.is_up || life.worker.is_paused {
            return;
        }
        let run = life.run;
        life.worker.is_paused = true;
        self.disturb();
        self.befalls(daemon, Misfortune::Paused);
        self.mark("stands still");
        self.tell(format!("daemon {daemon} stands still for {seconds} s"));
        let at = self.now().saturating_add(SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(1)));
        self.plan(at.unwrap_or(Timestamp::MAX), Event::Resume { daemon, run });
    }

    /// Has a daemon go on.
    pub fn resume(&mut self, daemon: usize, run: u32) {
        let life = &mut self.lives[daemon];
        if life.run != run || !life.is_up || !std::mem::take(&mut life.worker.is_paused) {
            return;
        }
        life.worker.resumed.notify_waiters();
        if let Some(waker) = life.worker.waker.take() {
            waker.wake();
        }
        self.befalls(daemon, Misfortune::Paused);
        self.tell(format!("daemon {daemon} goes on"));
    }

    /// Keeps a daemon from the store for a while.
    pub fn cut_off(&mut self, daemon: usize, seconds: u64) {
        let until = self.now().saturating_add(SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(1)));
        self.lives[daemon].worker.cut_until = until.unwrap_or(Timestamp::MAX);
        self.disturb();
        self.befalls(daemon, Misfortune::Store);
        self.mark("cut off from the store");
        self.tell(format!("daemon {daemon} does not reach the store for {seconds} s"));
    }

    /// A daemon waits for the store.
    pub fn is_slow(&mut self, daemon: usize, wait: Duration) {
        let wait = SignedDuration::try_from(wait).unwrap_or_default();
        self.lives[daemon].worker.fit_since = self.now().saturating_add(wait).unwrap_or(Timestamp::MAX);
    }

    /// Somebody has told something by a page: a daemon alone is woken by whoever serves that, several by the store.
    pub fn is_told(&mut self) {
        if !self.are_several() {
            self.wake_all();
        } else if self.is_worked_for() {
            self.facts.told.push(self.now());
        }
    }

    /// Whether somebody has the school, is up and knows it.
    pub fn is_worked_for(&self) -> bool {
        let Some((daemon, run)) = process_of(&self.workers.lease.owner) else { return false };
        let life = &self.lives[daemon];
        life.is_up && life.run == run && life.worker.duty == KnownDuty::AtWork
    }

    /// By which epoch a daemon has the school; 0 where it does not, or is alone.
    pub fn present_epoch(&self, daemon: usize) -> i64 {
        let has_it = process_of(&self.workers.lease.owner) == Some((daemon, self.lives[daemon].run));
        if has_it { self.workers.lease.epoch } else { 0 }
    }

    /// Whether whoever handed something over has lost the school to another since then.
    pub fn is_taken_over(&self, handed: &HandOver) -> bool {
        let process = (handed.daemon, handed.run, handed.epoch);
        let mut all = self.facts.take_overs.iter();
        all.any(|lost| (lost.daemon, lost.run, lost.epoch) == process && handed.begun <= lost.at)
    }

    /// How long heartbeats may rest, where they may.
    fn quiet(&self) -> Option<Duration> {
        let now = self.now();
        if !self.is_worked_for() || now < self.store_down_until {
            return None;
        }
        let next = self.agenda.keys().next().map(|(at, _)| *at);
        let mut until = instant(END.to_datetime(time(0, 0, 0, 0))).min(next.unwrap_or(Timestamp::MAX));
        for life in self.lives.iter().filter(|life| life.is_up) {
            let worker = &life.worker;
            if worker.is_paused || worker.is_reading || worker.duty == KnownDuty::Leaves || now < worker.cut_until {
                return None;
            }
            until = until.min(worker.idle_until?);
        }
        let rest = until.duration_since(now).checked_sub(BEFORE)?;
        (rest > LEAST_REST).then(|| Duration::try_from(rest).ok())?
    }
}

/// Waits between two heartbeats of a daemon.
pub async fn rest(world: Shared, daemon: usize, every: Duration) {
    {
        let mut world = lock(&world);
        let name = node(daemon, world.lives[daemon].run);
        world.workers.resting.remove(&name);
        let worker = &mut world.lives[daemon].worker;
        worker.is_resting = false;
        worker.beaten.notify_waiters();
    }
    at_work::look(&world).await;
    let (wait, disturbed) = {
        let mut world = lock(&world);
        let (quiet, disturbed) = (world.quiet(), Arc::clone(&world.workers.disturbed));
        if quiet.is_some() {
            let name = node(daemon, world.lives[daemon].run);
            world.lives[daemon].worker.is_resting = true;
            world.workers.resting.insert(name, None);
        }
        (quiet, disturbed)
    };
    let disturbed = disturbed.notified();
    match wait {
        None => tokio::time::sleep(every).await,
        Some(wait) => tokio::select! {
            biased;
            () = disturbed => {
                // Nobody beats because others are disturbed.
                let phase = {
                    let world = lock(&world);
                    world.draws.between("phase", (daemon, world.now()), 0, EVERY)
                };
                tokio::time::sleep(Duration::from_millis(phase)).await;
            }
            () = tokio::time::sleep(wait) => {}
        },
    }
    while_paused(&world, daemon).await;
}

/// Writes down the heartbeats that would have come while they rested.
pub async fn catch_up(world: &Shared) {
    let (resting, database, now) = {
        let mut world = lock(world);
        if world.workers.resting.is_empty() {
            return;
        }
        let resting = world.workers.resting.clone();
        world.workers.resting.retain(|_, until| until.is_none());
        (resting, world.database.clone(), world.now())
    };
    for (node, until) in resting {
        let until = until.unwrap_or(now).as_millisecond();
        let newest = format!("SELECT id FROM worker WHERE node = '{node}' ORDER BY seen DESC LIMIT 1");
        let beats = format!("(({until} - seen) / {EVERY}) * {EVERY}");
        let written = database
            .ask(&format!("UPDATE worker SET seen = seen + {beats} WHERE seen < {until} AND id = ({newest})"))
            .await;
        if let Err(error) = written {
            lock(world).violated("no_panic", format!("the heartbeats that rested are not written: {error:?}"));
        }
    }
}

/// Waits until a daemon whose heartbeat rested has shown again that it lives.
pub async fn until_beaten(world: &Shared, daemon: usize) {
    loop {
        let beaten = {
            let mut world = lock(world);
            let worker = &world.lives[daemon].worker;
            if !worker.is_resting {
                return;
            }
            let beaten = Arc::clone(&worker.beaten);
            world.disturb();
            beaten
        };
        beaten.notified().await;
    }
}

/// Waits while a daemon stands still.
pub async fn while_paused(world: &Shared, daemon: usize) {
    loop {
        let resumed = {
            let world = lock(world);
            let worker = &world.lives[daemon].worker;
            if !worker.is_paused {
                return;
            }
            Arc::clone(&worker.resumed)
        };
        resumed.notified().await;
    }
}

/// Does a daemon's work, but for while it stands still.
pub async fn unless_paused<F: Future>(world: &Shared, daemon: usize, work: F) -> F::Output {
    let mut work = pin!(work);
    poll_fn(|context| {
        {
            let mut world = lock(world);
            let worker = &mut world.lives[daemon].worker;
            if worker.is_paused {
                worker.waker = Some(context.waker().clone());
                return Poll::Pending;
            }
        }
        work.as_mut().poll(context)
    })
    .await
}
