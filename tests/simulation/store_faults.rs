//! What befalls a daemon at the steps of its store.

use std::fmt;
use std::io;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, pending, ready};
use nhacviec::store::{StoreHook, StorePoint};
use sqlx::Error;

use crate::weather::Fault;
use crate::world::{Misfortune, Shared, World, lock};

/// What befalls one daemon.
#[derive(Clone)]
pub struct StoreFaults {
    pub world: Shared,
    pub daemon: usize,
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
        let moment = world.next_moment(self.daemon);
        let refusal = refusal(&mut world, point, moment);
        if let Some(reason) = refusal {
            world.befalls(self.daemon, Misfortune::Store);
            return ready(Err(Error::Io(io::Error::other(reason)))).boxed();
        }
        if let Some(mark) = death(&mut world, point, moment) {
            world.mark(mark);
            world.kill(self.daemon, &format!("at {point:?} of its store"));
            return pending().boxed();
        }
        if point == StorePoint::Begin && world.strikes(Fault::SlowStore, moment) {
            world.mark("slow store");
            let wait = world.draws.between("slow store for", moment, 1, 20_000);
            return tokio::time::sleep(Duration::from_millis(wait)).map(Ok).boxed();
        }
        ready(Ok(())).boxed()
    }
}

/// Why the store does not take a step, where it does not.
fn refusal(world: &mut World, point: StorePoint, moment: (usize, jiff::civil::Date, u64)) -> Option<&'static str> {
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
fn death(world: &mut World, point: StorePoint, moment: (usize, jiff::civil::Date, u64)) -> Option<&'static str> {
    let (fault, mark) = match point {
        StorePoint::Commit => (Fault::KillAtCommit, "killed before a commit"),
        StorePoint::Committed => (Fault::KillCommitted, "killed after a commit"),
        StorePoint::Begin | StorePoint::Alone | StorePoint::AloneDone => (Fault::KillBetween, "killed between steps"),
        StorePoint::Statement => return None,
    };
    world.strikes(fault, moment).then_some(mark)
}
