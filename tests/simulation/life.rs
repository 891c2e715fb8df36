//! The life of a daemon: started from the files, stepping, killed, down for a while, and started again.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::civil::time;
use jiff::{SignedDuration, Timestamp};
use nhacviec::app::load_school::{Loaded, load_school};
use nhacviec::app::read_mailbox::MailboxReader;
use nhacviec::clock::Clock;
use nhacviec::daemon::{Daemon, DaemonError, InForce};
use nhacviec::delivery::{Delivered, DeliveryObserver};
use nhacviec::school::School as LoadedSchool;
use nhacviec::store::Store;
use tokio::sync::{Notify, watch};

use crate::invariants::{after_commit, at_hand_over, watchers};
use crate::mailbox::Opener;
use crate::post::{Post, StoredNotice, channel_name};
use crate::school::School;
use crate::store_faults::StoreFaults;
use crate::world::{END, Misfortune, Shared, instant, lock};

/// How long a service that is stopped waits for answers.
const STOP_PATIENCE: Duration = Duration::from_secs(20);
/// How long after a failed step the next one is.
const AFTER_FAILURE: SignedDuration = SignedDuration::from_mins(1);
/// How often the mailbox is looked into while there is anything in it.
const LOOK_EVERY: Duration = Duration::from_mins(1);

/// Why a process ended.
enum Ended {
    /// The year is over.
    Over,
    /// It was told to stop.
    Stopped,
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
            life.run
        };
        let ended = tokio::select! {
            biased;
            () = crash.notified() => None,
            ended = run(&world, daemon, &clock) => Some(ended),
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
struct Process {
    world: Shared,
    number: usize,
    clock: Clock,
    daemon: Daemon,
    wake: Arc<Notify>,
    stop: Arc<Notify>,
    /// Which version of the files it has.
    generation: u64,
    /// The school as it is written, for whoever reads the mailbox.
    written: Arc<Mutex<LoadedSchool>>,
}

/// One process, from its start to its end.
async fn run(world: &Shared, number: usize, clock: &Clock) -> Ended {
    let Some(loaded) = load(world, true) else {
        lock(world).violated("no_panic", "the files of the world are not taken");
        return Ended::Over;
    };
    let mut process = {
        let state = lock(world);
        let faults = StoreFaults { world: Arc::clone(world), daemon: number };
        let life = &state.lives[number];
        let store = Store::simulated(&state.database, &format!("daemon {number}, life {}", life.run), Arc::new(faults));
        let daemon = Daemon::new(loaded, store, clock.clone());
        Process {
            world: Arc::clone(world),
            number,
            clock: clock.clone(),
            written: Arc::new(Mutex::new(daemon.written().clone())),
            daemon,
            wake: Arc::clone(&life.wake),
            stop: Arc::clone(&life.stop),
            generation: state.generation,
        }
    };
    process.daemon.compose_without_threads();
    listen(world, number, &mut process.daemon);
    // What the process before has written down is known by now.
    after_commit::look(world).await;
    let (store, written) = (process.daemon.store().clone(), Arc::clone(&process.written));
    take_over(world, &store, &process.daemon).await;
    tokio::select! {
        biased;
        ended = process.steps() => ended,
        () = read_mailbox(world, store, clock, &written) => Ended::Over,
    }
}

impl Process {
    /// Goes from step to step, until the year is over or it is told to stop.
    async fn steps(&mut self) -> Ended {
        loop {
            let newest = {
                let world = lock(&self.world);
                if world.now() >= end() {
                    return Ended::Over;
                }
                world.generation
            };
            if newest != self.generation {
                self.generation = newest;
                reload(&self.world, self.number, &mut self.daemon, &self.written);
            }
            let mut observer = Observer { world: Arc::clone(&self.world), in_force: self.daemon.in_force() };
            let began = (lock(&self.world).now(), self.clock.now());
            let stepped = tokio::select! {
                biased;
                () = self.stop.notified() => {
                    // What cannot be written down then is handed over again at the next start.
                    let _ = self.daemon.stop(STOP_PATIENCE).await;
                    return Ended::Stopped;
                }
                stepped = self.daemon.step(&mut observer) => stepped,
            };
            let failure = stepped.as_ref().err().map(ToString::to_string);
            let troubles = self.daemon.find_troubles(failure).await;
            let troubles: Vec<String> = troubles.iter().map(ToString::to_string).collect();
            watchers::heard(&mut lock(&self.world), self.number, &troubles);
            let next = self.note(stepped, began);
            after_commit::look(&self.world).await;
            wait_until(&self.world, &self.clock, next, &self.wake, &self.stop).await;
        }
    }

    /// Notes how a step went that began then; when the next is to be.
    fn note(&self, stepped: Result<Timestamp, DaemonError>, began: (Timestamp, Timestamp)) -> Timestamp {
        let mut world = lock(&self.world);
        world.passes += 1;
        match stepped {
            Ok(next) => {
                let run = world.lives[self.number].run;
                world.facts.looks.push(began);
                world.facts.steps.push((began.0, self.number, run));
                next
            }
            Err(error) => {
                world.mark("a step failed");
                world.tell(format!("daemon {}: {error}", self.number));
                self.clock.now().saturating_add(AFTER_FAILURE).unwrap_or(Timestamp::MAX)
            }
        }
    }
}

/// The only process at work on the store takes up what the one before has left.
async fn take_over(world: &Shared, store: &Store, daemon: &Daemon) {
    let organisation = daemon.scope().organisation.clone();
    if lock(world).lives.len() > 1 {
        return;
    }
    while let Err(error) = store.release_leases(&organisation).await {
        lock(world).tell(format!("the start fails: {error}"));
        tokio::time::sleep(Duration::from_secs(10)).await;
    }
}

/// Waits for the next instant, or for somebody who wakes the daemon. A stop stays for the next step.
async fn wait_until(world: &Shared, clock: &Clock, next: Timestamp, wake: &Notify, stop: &Notify) {
    // An instant that has passed is now; the end of the year is the world's.
    let rest = end().duration_since(lock(world).now());
    let wait = next.duration_since(clock.now()).min(rest);
    let wait = Duration::try_from(wait).unwrap_or(Duration::ZERO).max(Duration::from_millis(1));
    tokio::select! {
        biased;
        () = stop.notified() => stop.notify_one(),
        () = wake.notified() => {}
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

/// Reads the mailbox beside the steps while there is anything in it.
async fn read_mailbox(world: &Shared, store: Store, clock: &Clock, written: &Mutex<LoadedSchool>) {
    let mut reader = MailboxReader::over(store, clock.clone(), Box::new(Opener(Arc::clone(world))));
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let Ok(school) = written.lock().map(|written| written.clone()) else { return };
        let looked = reader.look(&school).await;
        after_commit::look(world).await;
        let arrived = {
            let mut world = lock(world);
            match &looked {
                Ok(found) if found.taken > 0 => {
                    world.mark("letters taken");
                    world.wake_all();
                }
                Ok(_) => {}
                Err(error) => {
                    world.mark("a look into the mailbox failed");
                    world.tell(format!("the mailbox is not read: {error}"));
                }
            }
            Arc::clone(&world.mailbox.arrived)
        };
        if looked.is_ok_and(|found| found.taken + found.left + found.unread == 0) {
            // Until something comes every look would find nothing.
            arrived.notified().await;
        }
    }
}

/// Sees what the program knows of its deliveries.
struct Observer {
    world: Shared,
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
        at_hand_over::known(&mut lock(&self.world), delivered.id, &told);
        Ok(())
    }
}
