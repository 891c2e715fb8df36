//! The mailbox of answers, looked into again and again beside the working loop, or once.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::app::MailError;
use crate::app::read_mailbox::MailboxReader;
use crate::school::School;
use crate::with_causes;

use super::Daemon;
use super::wake_ups::WakeUps;

/// The admin is told of a mailbox that could not be read so often in a row: a moment without network is no news.
const FAILURES_TOLD: u32 = 3;

/// Reads answers for the school that is in force then, until `stop`; wakes the daemon when something came of one.
pub(super) async fn read_answers(
    mut reader: MailboxReader,
    mut school: watch::Receiver<Arc<School>>,
    wake_ups: WakeUps,
    stop: CancellationToken,
) {
    let mut failures = 0;
    loop {
        let now = Arc::clone(&school.borrow_and_update());
        let Some(looked) = Box::pin(stop.run_until_cancelled(reader.look(&now))).await else { return };
        match looked {
            Ok(found) => {
                failures = 0;
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
            () = stop.cancelled() => return,
            changed = school.changed() => if changed.is_err() { return },
            () = tokio::time::sleep(every.unwrap_or_default()), if every.is_some() => {}
        }
    }
}

/// Reads what answers there are, where there is a mailbox. Returns whether that went well; that it did not keeps nobody
/// from being reminded.
pub async fn read_answers_once(daemon: &Daemon) -> bool {
    let mut reader = daemon.reader();
    loop {
        match reader.look(daemon.written()).await {
            Ok(found) if found.more => {}
            Ok(_) => return true,
            Err(error) => {
                log(&error);
                tell_admin(&reader, daemon.written(), &error).await;
                return false;
            }
        }
    }
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
