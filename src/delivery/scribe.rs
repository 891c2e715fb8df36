//! Messages in writing: composed and put into the form of their channel on threads of their own, while others are sent.
//!
//! What comes out is in the order of what went in, so that a rehearsal repeats it.

use std::sync::Arc;
use std::thread::available_parallelism;

use futures_util::StreamExt;
use futures_util::stream::FuturesOrdered;
use jiff::ZonedDateTime;
use tokio::task::{JoinHandle, spawn_blocking};

use crate::channel::{Channel, Failure, Outgoing, Payload};
use crate::compose::{ComposeError, Sender};
use crate::store::outbox::{Claimed, Why};

use super::letter::{Letter, Letters};

/// Enough messages for a thread to begin on although another is at work: fewer are left to that one.
const ENOUGH: usize = 8;

/// A message that its channel is about to get.
pub(super) struct Job {
    pub(super) message: Claimed,
    /// The channel's name.
    pub(super) channel_name: String,
    pub(super) channel: Arc<dyn Channel>,
    /// When it was begun.
    pub(super) at: ZonedDateTime,
    /// When it was put into the outbox.
    pub(super) created: ZonedDateTime,
}

/// What became of a message in writing.
pub(super) enum Written {
    /// It is composed, and in the form of its channel where that is possible.
    Letter(Box<Letter>, Result<Payload, Failure>),
    /// There is nothing left in it to tell.
    Nothing(Vec<(i64, Why)>),
    /// It cannot be composed.
    Broken(ComposeError),
}

/// Those who write, and what they have in hand.
pub(super) struct Scribe {
    letters: Letters,
    sender: Arc<Sender>,
    /// Messages that nobody writes yet.
    waiting: Vec<Job>,
    writing: FuturesOrdered<JoinHandle<Vec<(Job, Written)>>>,
    /// How many threads may write at once.
    threads: usize,
}

impl Scribe {
    pub(super) fn new(letters: Letters, sender: Sender) -> Self {
        let threads = available_parallelism().map_or(1, usize::from).saturating_sub(1).max(1);
        Self { letters, sender: Arc::new(sender), waiting: Vec::new(), writing: FuturesOrdered::new(), threads }
    }

    /// What messages are composed from.
    pub(super) fn letters(&self) -> &Letters {
        &self.letters
    }

    /// Has later messages composed from these facts.
    pub(super) fn learn(&mut self, letters: Letters) {
        self.letters = letters;
    }

    /// Takes a message.
    pub(super) fn add(&mut self, job: Job) {
        self.waiting.push(job);
    }

    /// Has threads begin on what waits; where one is at work, a few messages are collected for the next.
    pub(super) fn begin(&mut self) {
        let idle = self.writing.is_empty();
        if self.waiting.is_empty() || !idle && (self.waiting.len() < ENOUGH || self.writing.len() >= self.threads) {
            return;
        }
        let (letters, sender, jobs) =
            (self.letters.clone(), Arc::clone(&self.sender), std::mem::take(&mut self.waiting));
        self.writing.push_back(spawn_blocking(move || {
            let write = |job: Job| {
                let written = write(&job, &letters, &sender);
                (job, written)
            };
            jobs.into_iter().map(write).collect()
        }));
    }

    /// The next messages that are written; `None` where none is in writing.
    pub(super) async fn next(&mut self) -> Option<Vec<(Job, Written)>> {
        match self.writing.next().await? {
            Ok(written) => Some(written),
            // The thread's panic is this one's; nothing else ends it before its time.
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(_) => None,
            },
        }
    }

    /// Whether nothing is in hand.
    pub(super) fn is_idle(&self) -> bool {
        self.waiting.is_empty() && self.writing.is_empty()
    }

    /// Forgets what is in hand.
    pub(super) fn clear(&mut self) {
        self.waiting.clear();
        self.writing = FuturesOrdered::new();
    }
}

fn write(job: &Job, letters: &Letters, sender: &Sender) -> Written {
    let (letter, content) = match letters.compose(&job.message, job.channel.parts(), job.at.timestamp()) {
        Ok(Some(composed)) => composed,
        Ok(None) => return Written::Nothing(letters.fallen(&job.message)),
        Err(error) => return Written::Broken(error),
    };
    let outgoing = outgoing(job, &letter, letters, sender);
    let payload = job.channel.address(outgoing.recipient).and_then(|_| job.channel.render(&outgoing, &content));
    Written::Letter(Box::new(letter), payload)
}

/// The message as its channel sees it.
pub(super) fn outgoing<'a>(job: &'a Job, letter: &'a Letter, letters: &'a Letters, sender: &'a Sender) -> Outgoing<'a> {
    Outgoing { id: &job.message.id, recipient: letters.recipient(letter), sender, created: &job.created, at: &job.at }
}
