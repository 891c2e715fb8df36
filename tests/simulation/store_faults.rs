//! What befalls a daemon at the steps of its store.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, pending, ready};
use nhacviec::store::{StoreHook, StorePoint};
use sqlx::Error;

use crate::weather::Fault;
use crate::workers;
use crate::world::{Misfortune, Shared, World, lock};

/// What befalls one daemon.
#[derive(Clone)]
pub struct StoreFaults {
    pub world: Shared,
    pub daemon: usize,
    /// In which of its lives.
    pub run: u32,
}

impl fmt::Debug for StoreFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoreFaults({})", self.daemon)
    }
}

/// A store to which nothing ever happens.
#[derive(Debug)]
pub struct NoFaults;

impl StoreHook for NoFaults {
    fn at(&self, _: StorePoint) -> BoxFuture<'static, Result<(), Error>> {
        ready(Ok(())).boxed()
    }
}

impl StoreHook for StoreFaults {
    fn at(&self, point: StorePoint) -> BoxFuture<'static, Result<(), Error>> {
        let mut world = lock(&self.world);
        if world.are_several() {
            return self.clone().at_among_others(point).boxed();
        }
        let moment = world.next_moment(self.daemon);
        befall(&mut world, point, moment)
    }

    fn rest(&self, every: Duration) -> BoxFuture<'static, ()> {
        workers::rest(Arc::clone(&self.world), self.daemon, every).boxed()
    }
}

impl StoreFaults {
    /// What befalls one of several at a step: it may stand still there, be cut off, or let others go first.
    async fn at_among_others(self, point: StorePoint) -> Result<(), Error> {
        let is_within = matches!(point, StorePoint::Statement | StorePoint::Commit);
        if !is_within {
            workers::catch_up(&self.world).await;
        }
        let (moment, turn) = {
            let mut world = lock(&self.world);
            let moment = world.next_moment(self.daemon);
            if !is_within && world.strikes(Fault::Pause, moment) {
                let seconds = world.draws.between("paused for", moment, 1, 200);
                world.pause(self.daemon, seconds);
            }
            let worker = &world.lives[self.daemon].worker;
            // What stands still within a transaction loses it to the database, which waits for nobody without end.
            let is_lost = is_within && worker.is_paused || world.now() < worker.cut_until;
            if is_lost && point != StorePoint::Committed && point != StorePoint::AloneDone {
                world.befalls(self.daemon, Misfortune::Store);
                return Err(Error::Io(io::Error::other("the connection is lost")));
            }
            (moment, world.draws.between("turn", moment, 0, 8).saturating_sub(4))
        };
        workers::while_paused(&self.world, self.daemon).await;
        if turn > 0 {
            tokio::time::sleep(Duration::from_millis(turn)).await;
        }
        match self.befall_if_up(point, moment) {
            Some(befallen) => befallen.await,
            // Whoever is killed does nothing any more.
            None => pending().await,
        }
    }

    /// What befalls the process at a step, where it is there still.
    fn befall_if_up(&self, point: StorePoint, moment: Moment) -> Option<BoxFuture<'static, Result<(), Error>>> {
        let mut world = lock(&self.world);
        let life = &world.lives[self.daemon];
        let is_there = life.is_up && life.run == self.run;
        is_there.then(|| befall(&mut world, point, moment))
    }
}

/// The moment of a daemon's store within a day.
type Moment = (usize, jiff::civil::Date, u64);

/// What befalls a daemon at a step.
fn befall(world: &mut World, point: StorePoint, moment: Moment) -> BoxFuture<'static, Result<(), Error>> {
    let daemon = moment.0;
    if let Some(reason) = refusal(world, point, moment) {
        world.befalls(daemon, Misfortune::Store);
        return ready(Err(Error::Io(io::Error::other(reason)))).boxed();
    }
    if let Some(mark) = death(world, point, moment) {
        world.mark(mark);
        world.kill(daemon, &format!("at {point:?} of its store"));
        return pending().boxed();
    }
    if point == StorePoint::Begin && world.strikes(Fault::SlowStore, moment) {
        world.mark("slow store");
        let wait = Duration::from_millis(world.draws.between("slow store for", moment, 1, 20_000));
        world.is_slow(daemon, wait);
        return tokio::time::sleep(wait).map(Ok).boxed();
    }
    ready(Ok(())).boxed()
}

/// Why the store does not take a step, where it does not.
fn refusal(world: &mut World, point: StorePoint, moment: Moment) -> Option<&'static str> {
    if world.now() < world.store_down_until && matches!(point, StorePoint::Begin | StorePoint::Alone) {
        world.mark("store down");
        return Some("the store is down");
    }
    let writes = matches!(point, StorePoint::Statement | StorePoint::Commit);
    if writes && world.strikes(Fault::Full, moment) {
        world.mark("disk full");
        world.tell(format!("the disk is full at {point:?} of daemon {}", moment.0));
        return Some("database or disk is full");
    }
    if point == StorePoint::Begin && world.strikes(Fault::Busy, moment) {
        world.mark("database busy");
        world.tell(format!("the database is busy for daemon {}", moment.0));
        return Some("database is locked");
    }
    None
}

/// As what it is marked that a process is killed at a step, where it is.
fn death(world: &mut World, point: StorePoint, moment: Moment) -> Option<&'static str> {
    let (fault, mark) = match point {
        StorePoint::Commit => (Fault::KillAtCommit, "killed before a commit"),
        StorePoint::Committed => (Fault::KillCommitted, "killed after a commit"),
        StorePoint::Begin | StorePoint::Alone | StorePoint::AloneDone => (Fault::KillBetween, "killed between steps"),
        StorePoint::Statement => return None,
    };
    world.strikes(fault, moment).then_some(mark)
}
