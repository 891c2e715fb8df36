//! Reads the mailbox as a daemon does, but for the time when nothing is in it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use nhacviec::app::read_mailbox::MailboxReader;
use nhacviec::clock::Clock;
use nhacviec::school::School as LoadedSchool;
use nhacviec::store::Store;
use tokio::sync::watch;

use crate::invariants::after_commit;
use crate::mailbox::Opener;
use crate::world::{Shared, lock};

/// How often the mailbox is looked into while there is anything in it.
const LOOK_EVERY: Duration = Duration::from_mins(1);

/// Reads the mailbox beside the steps while there is anything in it, and while nobody else does.
pub async fn read_mailbox(
    world: &Shared,
    number: usize,
    mut read_with: watch::Receiver<Option<Store>>,
    clock: &Clock,
    written: &Mutex<LoadedSchool>,
) {
    loop {
        let store = read_with.borrow_and_update().clone();
        let reading = async {
            match store {
                Some(store) => read_mailbox_with(world, number, (store, clock), written).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            changed = read_with.changed() => if changed.is_err() { return },
            () = reading => return,
        }
        lock(world).lives[number].worker.is_reading = false;
    }
}

/// Reads the mailbox with a store.
async fn read_mailbox_with(
    world: &Shared,
    number: usize,
    (store, clock): (Store, &Clock),
    written: &Mutex<LoadedSchool>,
) {
    let mut reader = MailboxReader::over(store, clock.clone(), Box::new(Opener(Arc::clone(world))));
    loop {
        lock(world).lives[number].worker.is_reading = true;
        tokio::time::sleep(LOOK_EVERY).await;
        let Ok(school) = written.lock().map(|written| written.clone()) else { return };
        let looked = reader.look(&school).await;
        after_commit::look(world).await;
        let arrived = {
            let mut world = lock(world);
            match &looked {
                Ok(found) if found.taken > 0 => {
                    world.mark("letters taken");
                    world.lives[number].wake.wake();
                }
                Ok(_) => {}
                Err(error) => {
                    world.mark("a look into the mailbox failed");
                    world.tell(format!("the mailbox is not read: {error}"));
                }
            }
            Arc::clone(&world.mailbox.arrived[number])
        };
        if looked.is_ok_and(|found| found.taken + found.left + found.unread == 0) {
            // Until something comes every look would find nothing.
            lock(world).lives[number].worker.is_reading = false;
            arrived.notified().await;
        }
    }
}
