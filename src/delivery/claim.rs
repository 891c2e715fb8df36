//! The stage that claims: more messages from the store, with all that is needed to compose them.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinSet;

use crate::store::outbox::Claimed;
use crate::store::{Store, StoreError};

use super::facts::{ComposeContext, MessageFacts, Needs};
use super::finished_task;

/// How many messages are claimed together.
pub(super) const MAX_CLAIMED: usize = 256;
/// How long a claim holds: longer than the slowest conversation that a channel has patience for.
pub(super) const LEASE: SignedDuration = SignedDuration::from_hours(1);

/// Claimed messages, and what messages are composed from as of their claim.
pub(super) struct ClaimedBatch {
    pub(super) messages: Vec<Claimed>,
    /// `None` where nothing is to be composed.
    pub(super) facts: Result<Option<MessageFacts>, StoreError>,
}

/// What a claim begins with.
pub(super) struct Claim {
    pub(super) context: Arc<ComposeContext>,
    /// What is known already.
    pub(super) facts: Option<MessageFacts>,
    /// What the messages need that were claimed before and are not composed yet; `None` where there are none.
    pub(super) needs: Option<Needs>,
    /// Messages that are not to wait any longer.
    pub(super) hasten: Vec<String>,
    pub(super) now: Timestamp,
}

/// Claims messages, one batch at a time, in a task of its own: it holds the database only as long as it needs it, even
/// while nobody waits for it.
pub(super) struct ClaimStage {
    store: Store,
    /// Whether there may be more.
    more: bool,
    /// The claim that is under way.
    claiming: JoinSet<ClaimedBatch>,
}

impl ClaimStage {
    pub(super) fn new(store: Store) -> Self {
        Self { store, more: true, claiming: JoinSet::new() }
    }

    /// There may be messages to claim again.
    pub(super) fn look_again(&mut self) {
        self.more = true;
    }

    /// Whether a claim would find nothing, as far as is known.
    pub(super) fn is_exhausted(&self) -> bool {
        !self.more && self.claiming.is_empty()
    }

    /// Begins to claim where there may be more and it has not begun.
    pub(super) fn begin(&mut self, claim: impl FnOnce() -> Claim) {
        if !self.more || !self.claiming.is_empty() {
            return;
        }
        // Whatever comes back into the queue from now on may have come too late for this claim.
        self.more = false;
        let (store, claim) = (self.store.clone(), claim());
        self.claiming.spawn(run(store, claim));
    }

    /// What is being claimed; `None` where nothing is. Can be dropped and called again.
    pub(super) async fn next(&mut self) -> Option<ClaimedBatch> {
        let batch = finished_task(self.claiming.join_next().await?)?;
        self.more |= batch.messages.len() == MAX_CLAIMED;
        Some(batch)
    }
}

async fn run(store: Store, claim: Claim) -> ClaimedBatch {
    let lease = claim.now.saturating_add(LEASE).unwrap_or(Timestamp::MAX);
    let limit = u32::try_from(MAX_CLAIMED).unwrap_or(u32::MAX);
    let organisation = &claim.context.scope.organisation;
    if !claim.hasten.is_empty()
        && let Err(error) = store.hasten(organisation, &claim.hasten, claim.now).await
    {
        return ClaimedBatch { messages: Vec::new(), facts: Err(error) };
    }
    match store.claim(organisation, claim.now, lease, limit).await {
        // What is claimed is in these hands whether or not the facts can be read.
        Ok(messages) => {
            let facts = facts(&store, claim, &messages).await;
            ClaimedBatch { messages, facts }
        }
        Err(error) => ClaimedBatch { messages: Vec::new(), facts: Err(error) },
    }
}

/// What these messages and those that wait are composed from.
async fn facts(store: &Store, claim: Claim, messages: &[Claimed]) -> Result<Option<MessageFacts>, StoreError> {
    let Claim { context, facts, needs, now, .. } = claim;
    if messages.is_empty() && needs.is_none() {
        return Ok(None);
    }
    let mut facts = match facts {
        Some(facts) => facts,
        None => MessageFacts::read(context, store).await?,
    };
    let mut needs = needs.unwrap_or_default();
    needs.add(messages);
    facts.refresh(store, &needs, now).await?;
    Ok(Some(facts))
}
