//! The mailbox of answers, looked into again and again beside the working loop, or once.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::app::MailError;
use crate::app::read_mailbox::{MailboxFindings, MailboxReader};
use crate::school::School;
use crate::with_causes;

use super::Daemon;
use super::wake_ups::WakeUps;

/// The admin is told of a mailbox that could not be read so often in a row: a moment without network is no news.
const FAILURES_TOLD: u32 = 3;
/// How long a server is listened to that tells of new mail: routers on the way forget a silent connection (RFC 2177 allows 29
/// minutes).
const LONGEST_WAIT: Duration = Duration::from_mins(9);
/// A server that tells of new mail so soon after a look that found none tells of none.
const TOLD_IN_VAIN: Duration = Duration::from_mins(1);
/// How long a run waits for the answers to be read first.
const HEAD_START: Duration = Duration::from_secs(5);

/// Reads answers for the school that is in force then, until `stop`; wakes the daemon when something came of one.
pub(super) async fn read_answers(
    mut reader: MailboxReader,
    mut school: watch::Receiver<Arc<School>>,
    wake_ups: WakeUps,
    stop: CancellationToken,
) {
    let mut failures = 0;
    // Whether the server has just told of new mail.
    let mut is_told = false;
    loop {
        let mut listens = true;
        let now = Arc::clone(&school.borrow_and_update());
        let Some(looked) = Box::pin(stop.run_until_cancelled(reader.look(&now))).await else { return };
        match looked {
            Ok(found) => {
                failures = 0;
                listens = !is_told || found != MailboxFindings::default();
                if found.taken > 0 {
                    wake_ups.wake();
                }
                if found.more {
                    continue;
                }
            }
            Err(error) => {
                failures += 1;
                log(&error);
                if failures >= FAILURES_TOLD {
                    tell_admin(&reader, &now, &error).await;
                }
            }
        }
        let every = now.settings.inbox.as_ref().map(|inbox| Duration::from_secs(u64::from(inbox.every) * 60));
        tokio::select! {
            () = stop.cancelled() => {
                reader.close().await;
                return;
            }
            changed = school.changed() => if changed.is_err() { return },
            told = next_look(&mut reader, every.unwrap_or_default(), listens), if every.is_some() => is_told = told,
        }
    }
}

/// Waits for the next look: until the server tells of new mail, where it does and is listened to, else as long as the settings
/// say. Returns whether it told of some soon.
async fn next_look(reader: &mut MailboxReader, every: Duration, listens: bool) -> bool {
    let begun = Instant::now();
    if listens && reader.wait(every.max(LONGEST_WAIT)).await {
        return begun.elapsed() < TOLD_IN_VAIN;
    }
    tokio::time::sleep(every).await;
    false
}

/// Reads what answers there are, where there is a mailbox, and does `run` beside: reading has a head start, so that what
/// answers say counts, and holds nothing up beyond that. What is read later is followed by another run. Returns what came of
/// the last run, and whether all answers could be read.
///
/// # Errors
/// Those of the run.
pub async fn read_answers_beside<T, E>(
    daemon: &mut Daemon,
    run: impl AsyncFn(&mut Daemon) -> Result<T, E>,
) -> Result<(T, bool), E> {
    let (reader, school) = (daemon.reader(), School::clone(daemon.written()));
    let mut reading = pin!(read_all(reader, school));
    if let Ok(is_read) = tokio::time::timeout(HEAD_START, &mut reading).await {
        return Ok((run(daemon).await?, is_read.is_well));
    }
    let done = {
        let mut running = pin!(run(daemon));
        tokio::select! {
            done = &mut running => Err(done?),
            is_read = &mut reading => Ok((running.await?, is_read)),
        }
    };
    let (done, read) = match done {
        Ok(both) => both,
        Err(done) => (done, reading.await),
    };
    // Thanks and questions go out now, and reminders that no longer hold do not.
    let done = if read.has_taken { run(daemon).await? } else { done };
    Ok((done, read.is_well))
}

/// What came of reading all answers.
struct AllRead {
    /// Whether every mail could be read.
    is_well: bool,
    /// Whether anything follows from one.
    has_taken: bool,
}

/// Reads what answers there are. That one cannot be read keeps nobody from being reminded.
async fn read_all(mut reader: MailboxReader, school: School) -> AllRead {
    let mut all = AllRead { is_well: true, has_taken: false };
    loop {
        match reader.look(&school).await {
            Ok(found) => {
                all.has_taken |= found.taken > 0;
                all.is_well &= found.unread == 0;
                if !found.more {
                    break;
                }
            }
            Err(error) => {
                log(&error);
                tell_admin(&reader, &school, &error).await;
                all.is_well = false;
                break;
            }
        }
    }
    reader.close().await;
    all
}

fn log(error: &MailError) {
    tracing::error!(error = with_causes(error), "the mailbox of answers could not be read");
}

/// Tells the admin of what the mailbox itself says; a store that fails could not keep it.
async fn tell_admin(reader: &MailboxReader, school: &School, error: &MailError) {
    if let MailError::Inbox(error) = error
        && let Err(error) = reader.tell(school, error).await
    {
        tracing::error!(error = with_causes(&error), "the admin could not be told");
    }
}
