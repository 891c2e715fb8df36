//! Work that goes on beside its owner, who stops it and waits for its end.

use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

/// A task that is asked to end by a token, is awaited for a bounded time, and never outlives its owner: dropped, it is
/// broken off.
#[derive(Debug)]
pub struct OwnedTask {
    /// What it does, for the log.
    name: &'static str,
    stop: CancellationToken,
    task: AbortOnDropHandle<()>,
}

impl OwnedTask {
    /// Begins work that ends soon after the token that it is given is cancelled.
    pub fn begin<F>(name: &'static str, work: impl FnOnce(CancellationToken) -> F) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let stop = CancellationToken::new();
        let task = AbortOnDropHandle::new(tokio::spawn(work(stop.clone())));
        Self { name, stop, task }
    }

    /// Asks it to end and waits for that; what it is still at after `patience` is broken off.
    pub async fn stop(self, patience: Duration) {
        self.stop.cancel();
        match tokio::time::timeout(patience, self.task).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(task = self.name, %error, "a task has failed"),
            Err(_) => tracing::warn!(task = self.name, "a task did not end in time and is broken off"),
        }
    }

    /// Whether it has ended by itself.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.task.is_finished()
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;

    /// Work that holds the other end of what is returned as long as it lives.
    fn held() -> (oneshot::Sender<()>, oneshot::Receiver<()>) {
        oneshot::channel()
    }

    #[tokio::test(start_paused = true)]
    async fn work_that_heeds_its_token_ends_by_itself_and_other_work_is_broken_off() {
        let (alive, ended) = held();
        let heeding = OwnedTask::begin("heeding", |stop| async move {
            stop.cancelled().await;
            drop(alive);
        });
        heeding.stop(Duration::from_secs(1)).await;
        assert!(ended.await.is_err());

        let (alive, ended) = held();
        let deaf = OwnedTask::begin("deaf", |_| async move {
            std::future::pending::<()>().await;
            drop(alive);
        });
        deaf.stop(Duration::from_secs(1)).await;
        assert!(ended.await.is_err());
    }

    #[tokio::test]
    async fn work_ends_with_its_owner() {
        let (alive, ended) = held();
        drop(OwnedTask::begin("left", |_| async move {
            std::future::pending::<()>().await;
            drop(alive);
        }));
        assert!(ended.await.is_err());
    }
}
