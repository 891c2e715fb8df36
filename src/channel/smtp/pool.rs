//! The connections of a channel, which its messages share: each goes over one that is idle, over a new one, or over the
//! next that is free.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::future::join_all;
use tokio::sync::oneshot;

use super::envelope::Envelope;
use super::offers::Offers;
use super::session::SmtpSession;
use super::slot::{Places, Slot};

/// The connections of a channel.
pub(super) struct Pool {
    state: Mutex<PoolState>,
    /// How many there are at most.
    most: usize,
}

#[derive(Default)]
struct PoolState {
    /// Conversations between two messages.
    idle: Vec<SmtpSession>,
    /// How many places are taken.
    taken: usize,
    /// Messages that wait for a connection, in order.
    waiting: VecDeque<WaitingMessage>,
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").field("most", &self.most).finish_non_exhaustive()
    }
}

/// A message that waits for a connection.
pub(super) struct WaitingMessage {
    envelope: Envelope,
    to: oneshot::Sender<Given>,
}

/// What a message is given to go over.
pub(super) enum Given {
    /// A conversation between two messages, or one in which its envelope was said already.
    Session(Box<SmtpSession>),
    /// Leave to open a connection.
    Slot(Slot),
}

impl Pool {
    pub(super) fn new(most: usize) -> Arc<Self> {
        Arc::new(Self { state: Mutex::default(), most })
    }

    /// How many connections there are at most.
    pub(super) fn most(&self) -> usize {
        self.most
    }

    /// Something for a message with this envelope to go over: waits for it where every connection is in use.
    pub(super) async fn take(self: &Arc<Self>, envelope: &Envelope) -> Given {
        loop {
            let given = {
                let mut state = self.state();
                if let Some(session) = state.idle.pop() {
                    return Given::Session(Box::new(session));
                }
                if state.taken < self.most {
                    state.taken += 1;
                    return Given::Slot(self.slot());
                }
                let (to, given) = oneshot::channel();
                state.waiting.push_back(WaitingMessage { envelope: envelope.clone(), to });
                given
            };
            // Whoever was to give it something has been stopped: it asks again.
            if let Ok(given) = given.await {
                return given;
            }
        }
    }

    /// The message that has waited longest, where a server with these offers can carry it.
    pub(super) fn next(&self, offers: &Offers) -> Option<WaitingMessage> {
        let mut state = self.state();
        while state.waiting.front().is_some_and(|waiting| waiting.to.is_closed()) {
            state.waiting.pop_front();
        }
        let fits = state.waiting.front()?.envelope.check(offers).is_ok();
        if fits { state.waiting.pop_front() } else { None }
    }

    /// Gives a conversation between two messages to the next that waits, or keeps it.
    pub(super) fn put(&self, mut session: SmtpSession) {
        loop {
            let waiting = {
                let mut state = self.state();
                let Some(waiting) = state.waiting.pop_front() else { return state.idle.push(session) };
                waiting
            };
            // Who does not wait any more gives it back.
            let Err(Given::Session(back)) = waiting.to.send(Given::Session(Box::new(session))) else { return };
            session = *back;
        }
    }

    /// Ends what is idle, in peace.
    pub(super) async fn close(&self) {
        let idle = std::mem::take(&mut self.state().idle);
        join_all(idle.into_iter().map(SmtpSession::quit)).await;
    }

    fn slot(self: &Arc<Self>) -> Slot {
        Slot::of(self)
    }

    fn state(&self) -> MutexGuard<'_, PoolState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Places for Pool {
    /// A place is free: somebody who waits gets it.
    fn free(self: Arc<Self>) {
        let waiting = {
            let mut state = self.state();
            let Some(waiting) = state.waiting.pop_front() else {
                state.taken -= 1;
                return;
            };
            waiting
        };
        // Where nobody waits any more, the place comes back and is free again.
        drop(waiting.to.send(Given::Slot(self.slot())));
    }
}

impl WaitingMessage {
    /// What is said before the message.
    pub(super) fn envelope(&self) -> &Envelope {
        &self.envelope
    }

    /// Gives it what it waits for. What nobody waits for any more ends.
    pub(super) fn give(self, given: Given) {
        drop(self.to.send(given));
    }
}
