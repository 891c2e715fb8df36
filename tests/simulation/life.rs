//! The life of a daemon: started from the files, stepping, killed, down for a while, and started again.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::FutureExt;
use jiff::civil::time;
use jiff::{SignedDuration, Timestamp};
use nhacviec::app::load_school::{Loaded, load_school};
use nhacviec::clock::Clock;
use nhacviec::daemon::{Daemon, DaemonError, Duty, InForce, WakeUps, Worker};
use nhacviec::delivery::{Delivered, DeliveryObserver};
use nhacviec::school::School as LoadedSchool;
use nhacviec::store::{Store, WorkerDatabase};
use tokio::sync::{Notify, watch};

use crate::invariants::{after_commit, at_hand_over, at_work, watchers};
use crate::mailbox_reader::read_mailbox;
use crate::post::{Post, StoredNotice, channel_name};
use crate::school::School;
use crate::store_faults::StoreFaults;
use crate::workers::{self, KnownDuty, node, unless_paused};
use crate::world::{END, Misfortune, Shared, instant, lock};

/// How long a service that is stopped waits for answers.
const STOP_PATIENCE: Duration = Duration::from_secs(20);
/// How long after a failed step the next one is.
const AFTER_FAILURE: SignedDuration = SignedDuration::from_mins(1);
/// A year with more steps never settles.
const MAX_STEPS: u64 = 20_000;

/// Why a process ended.
enum Ended {
    /// The year is over.
    Over,
    /// It was told to stop.
    Stopped,
    /// It could not begin.
    Failed,
}

/// Lives a daemon's lives until the end of the year.
pub async fn live(world: Shared, daemon: usize) {
    let (clock, crash) = {
        let world = lock(&world);
        let life = &world.lives[daemon];
        (Clock::of_timers(world.base, Arc::clone(&life.skew)), Arc::clone(&life.crash))
    };
    loop {
        let started = {
            let mut world = lock(&world);
            let life = &mut world.lives[daemon];
            life.run += 1;
            life.is_up = true;
            life.down_for = None;
            let run = life.run;
            world.begins(daemon);
            run
        };
        let ended = tokio::select! {
            biased;
            () = crash.notified() => None,
            ended = unless_paused(&world, daemon, run(&world, daemon, &clock)) => Some(ended),
        };
        let down = {
            let mut world = lock(&world);
            if world.now() >= end() {
                return;
            }
            let draws = world.draws;
            world.lives[daemon].is_up = false;
            match ended {
                Some(Ended::Over) => return,
                Some(Ended::Failed) => {
                    world.befalls(daemon, Misfortune::Stopped);
                    Duration::from_secs(10)
                }
                Some(Ended::Stopped) => {
                    let is_store_down = world.now() < world.store_down_until;
                    world.befalls(daemon, if is_store_down { Misfortune::Killed } else { Misfortune::Stopped });
                    Duration::from_secs(2)
                }
                None => {
                    let seconds = draws.between("down for", (daemon, started), 1, 300);
                    world.lives[daemon].down_for.unwrap_or(Duration::from_secs(seconds))
                }
            }
        };
        tokio::time::sleep(down).await;
        lock(&world).tell(format!("daemon {daemon} starts again"));
    }
}

fn end() -> Timestamp {
    instant(END.to_datetime(time(0, 0, 0, 0)))
}

/// The files as they are now, where they have no mistake.
fn load(world: &Shared, is_start: bool) -> Option<Loaded> {
    let (school, sound) = {
        let world = lock(world);
        (Arc::clone(&world.school), Arc::clone(&world.sound_school))
    };
    // Whoever starts the service sees that it does not start, and mends the mistake.
    let school = if is_start { sound } else { school };
    load_school(&school.files(), School::config()).ok()
}

/// A process while it runs.
struct Process<'w> {
    world: Shared,
    number: usize,
    clock: Clock,
    daemon: Daemon,
    /// Whether it works for the school, where it is one of several.
    duty: Option<Duty<'w>>,
    wake: WakeUps,
    stop: Arc<Notify>,
    /// Which version of the files it has.
    generation: u64,
    /// The school as it is written, for whoever reads the mailbox.
    written: Arc<Mutex<LoadedSchool>>,
    /// The store with which the mailbox is read; `None` while another works for the school.
    reads: watch::Sender<Option<Store>>,
}

/// One process, from its start to its end.
async fn run(world: &Shared, number: usize, clock: &Clock) -> Ended {
    let Some(loaded) = load(world, true) else {
        lock(world).violated("no_panic", "the files of the world are not taken");
        return Ended::Over;
    };
    let (database, run, generation, wake, is_one_of_several) = {
        let world = lock(world);
        let life = &world.lives[number];
        (world.database.clone(), life.run, world.generation, life.wake.clone(), world.are_several())
    };
    let faults = Arc::new(StoreFaults { world: Arc::clone(world), daemon: number, run });
    let store = Store::simulated(&database, &node(number, run), faults.clone());
    let worker = if is_one_of_several {
        let now = lock(world).workers.clock.clone();
        let database = WorkerDatabase::simulated(&database, &node(number, run), faults, now);
        let organisation = loaded.school.scope().organisation;
        match Worker::begin(&database, &organisation, clock.clone(), wake.clone()).await {
            Ok(worker) => Some(worker),
            Err(error) => return failed(world, &error.to_string()),
        }
    } else {
        None
    };
    let clock = worker.as_ref().map_or(clock.clone(), Worker::clock);
    let mut daemon = Daemon::new(loaded, store.clone(), clock.clone());
    daemon.compose_without_threads();
    listen(world, number, &mut daemon);
    // What the process before has written down is known by now.
    after_commit::look(world).await;
    let duty = match &worker {
        None => {
            take_over(world, &store, &daemon).await;
            None
        }
        Some(worker) => match Duty::begin(&mut daemon, Some(worker), wake.clone()).await {
            Ok(duty) => Some(duty),
            Err(error) => return failed(world, &error.to_string()),
        },
    };
    let written = Arc::new(Mutex::new(daemon.written().clone()));
    let (reads, read_with) = watch::channel(worker.is_none().then_some(store));
    let stop = Arc::clone(&lock(world).lives[number].stop);
    let world = Arc::clone(world);
    let mut process = Process { world, number, clock, daemon, duty, wake, stop, generation, written, reads };
    let (world, clock, written) = (Arc::clone(&process.world), process.clock.clone(), Arc::clone(&process.written));
    let ended = tokio::select! {
        biased;
        ended = process.steps() => ended,
        () = read_mailbox(&world, number, read_with, &clock, &written) => Ended::Over,
    };
    drop(process);
    if let (Ended::Stopped, Some(worker)) = (&ended, worker) {
        worker.end().await;
        at_work::look(&world).await;
    }
    ended
}

/// A process that cannot begin ends, and is started again.
fn failed(world: &Shared, error: &str) -> Ended {
    let mut world = lock(world);
    world.mark("a start failed");
    world.tell(format!("the start fails: {error}"));
    Ended::Failed
}

impl Process<'_> {
    /// Goes from step to step, until the year is over or it is told to stop.
    async fn steps(&mut self) -> Ended {
        loop {
            let newest = {
                let world = lock(&self.world);
                if world.now() >= end() {
                    return Ended::Over;
                }
                if world.passes > MAX_STEPS {
                    drop(world);
                    lock(&self.world).violated("steps_have_an_end", "there is always something to do");
                    return Ended::Over;
                }
                world.generation
            };
            if newest != self.generation {
                self.generation = newest;
                reload(&self.world, self.number, &mut self.daemon, &self.written);
            }
            if self.duty.is_some() {
                workers::until_beaten(&self.world, self.number).await;
                if self.stop.notified().now_or_never().is_some() {
                    return self.stop().await;
                }
                if !self.is_at_work().await {
                    self.stand_by().await;
                    continue;
                }
                // By which epoch it works is known before it does.
                at_work::look(&self.world).await;
            }
            let (world, in_force) = (Arc::clone(&self.world), self.daemon.in_force());
            let mut observer = Observer { world, number: self.number, in_force };
            let began = {
                let world = lock(&self.world);
                (world.now(), self.clock.now(), world.present_epoch(self.number))
            };
            let stepped = tokio::select! {
                biased;
                () = self.stop.notified() => return self.stop().await,
                stepped = self.daemon.step(&mut observer) => stepped,
            };
            let failure = stepped.as_ref().err().map(ToString::to_string);
            let troubles = self.daemon.find_troubles(failure).await;
            let troubles: Vec<String> = troubles.iter().map(ToString::to_string).collect();
            watchers::heard(&mut lock(&self.world), self.number, &troubles);
            let next = self.note(stepped, began);
            after_commit::look(&self.world).await;
            self.wait_until(next).await;
        }
    }

    /// Ends what is under way.
    async fn stop(&mut self) -> Ended {
        lock(&self.world).lives[self.number].worker.duty = KnownDuty::Leaves;
        // What cannot be written down then is handed over again at the next start.
        let _ = self.daemon.stop(STOP_PATIENCE).await;
        Ended::Stopped
    }

    /// Does what follows from who works for the school by now. Whether that is this one of several.
    async fn is_at_work(&mut self) -> bool {
        let Some(duty) = &mut self.duty else { return true };
        duty.settle(&mut self.daemon).await;
        let is_at_work = duty.is_at_work();
        let present = if is_at_work { KnownDuty::AtWork } else { KnownDuty::StandsBy };
        let before = std::mem::replace(&mut lock(&self.world).lives[self.number].worker.duty, present);
        if present != before {
            self.reads.send_replace(is_at_work.then(|| self.daemon.store().clone()));
        }
        is_at_work
    }

    /// Waits while another one works for the school.
    async fn stand_by(&mut self) {
        let Some(duty) = &self.duty else { return };
        self.daemon.stand_by(duty.at_work_elsewhere().as_deref()).await;
        // What could not be taken up is tried again.
        let soon = self.clock.now().saturating_add(AFTER_FAILURE).unwrap_or(Timestamp::MAX);
        let next = if duty.has_work_to_take_up() { soon } else { end() };
        self.wait_until(next).await;
    }

    /// Waits for the next instant, or for somebody who wakes the daemon.
    async fn wait_until(&self, next: Timestamp) {
        {
            let mut world = lock(&self.world);
            let wait = next.duration_since(self.clock.now()).max(SignedDuration::ZERO);
            let until = world.now().saturating_add(wait).unwrap_or(Timestamp::MAX);
            world.lives[self.number].worker.idle_until = Some(until);
        }
        wait_until(&self.world, &self.clock, next, &self.wake, &self.stop).await;
        lock(&self.world).lives[self.number].worker.idle_until = None;
    }

    /// Notes how a step went that began then; when the next is to be.
    fn note(&self, stepped: Result<Timestamp, DaemonError>, began: (Timestamp, Timestamp, i64)) -> Timestamp {
        let mut world = lock(&self.world);
        world.passes += 1;
        match stepped {
            Ok(next) => {
                let run = world.lives[self.number].run;
                let (began, clock, epoch) = began;
                world.facts.looks.push((began, clock));
                world.facts.steps.push((began, self.number, run, epoch));
                next
            }
            Err(error) => {
                world.mark("a step failed");
                if error.to_string().contains("nothing more is sent") {
                    world.mark("nothing more is sent in silence");
                }
                world.tell(format!("daemon {}: {error}", self.number));
                self.clock.now().saturating_add(AFTER_FAILURE).unwrap_or(Timestamp::MAX)
            }
        }
    }
}

/// The only process at work on the store takes up what the one before has left.
async fn take_over(world: &Shared, store: &Store, daemon: &Daemon) {
    let organisation = daemon.scope().organisation.clone();
    while let Err(error) = store.release_leases(&organisation).await {
        lock(world).tell(format!("the start fails: {error}"));
        tokio::time::sleep(Duration::from_secs(10)).await;
    }
}

/// Waits for the next instant, or for somebody who wakes the daemon. A stop stays for the next step.
async fn wait_until(world: &Shared, clock: &Clock, next: Timestamp, wake: &WakeUps, stop: &Notify) {
    // An instant that has passed is now; the end of the year is the world's.
    let rest = end().duration_since(lock(world).now());
    let wait = next.duration_since(clock.now()).min(rest);
    let wait = Duration::try_from(wait).unwrap_or(Duration::ZERO).max(Duration::from_millis(1));
    tokio::select! {
        biased;
        () = stop.notified() => stop.notify_one(),
        () = wake.next() => {}
        () = tokio::time::sleep(wait) => {}
    }
}

/// Stands on the other side of every channel.
fn listen(world: &Shared, number: usize, daemon: &mut Daemon) {
    daemon.map_channels(|name, inner| {
        Arc::new(Post { world: Arc::clone(world), daemon: number, name: channel_name(name), inner })
    });
}

/// Takes up changed files, or goes on with those before.
fn reload(world: &Shared, number: usize, daemon: &mut Daemon, written: &Mutex<LoadedSchool>) {
    let Some(loaded) = load(world, false) else {
        let mut world = lock(world);
        world.mark("broken files not taken");
        world.tell(format!("daemon {number} does not take the files"));
        return;
    };
    daemon.reload(loaded);
    listen(world, number, daemon);
    if let Ok(mut written) = written.lock() {
        written.clone_from(daemon.written());
    }
    lock(world).tell(format!("daemon {number} takes the files"));
}

/// Sees what the program knows of its deliveries.
struct Observer {
    world: Shared,
    /// Of which daemon.
    number: usize,
    in_force: watch::Receiver<InForce>,
}

impl DeliveryObserver for Observer {
    fn delivered(&mut self, delivered: &Delivered<'_>) -> io::Result<()> {
        let told: Vec<StoredNotice> = {
            let in_force = self.in_force.borrow();
            let tasks = &in_force.agenda.school().plan.tasks;
            let subject = |notice: &nhacviec::schedule::Notice| match (notice.task, notice.kind.review()) {
                (Some(task), _) => tasks.get(task as usize).map_or(String::new(), |task| task.id.as_str().to_owned()),
                (None, review) => review.map(|review| review.to_string()).unwrap_or_default(),
            };
            let stored = |notice| StoredNotice {
                subject: subject(notice),
                kind: notice.kind.to_string(),
                day: notice.day.to_string(),
                on: notice.on.to_string(),
            };
            delivered.notices.iter().map(stored).collect()
        };
        at_hand_over::known(&mut lock(&self.world), self.number, delivered.id, &told);
        Ok(())
    }
}
