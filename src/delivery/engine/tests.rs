//! What the engine does with what comes back in an order that no test can bring about from outside.

use std::path::Path;

use crate::app::load_school::{Loaded, load_school};
use crate::config::StoreAddress;
use crate::delivery::facts::Needs;
use crate::delivery::verdict::finished;
use crate::files::Files;
use crate::schedule::{Agenda, NoticeKind};
use crate::store::Lease;
use crate::store::outbox::{Claimed, MessageKind, StoredNotice};

use super::*;

/// An engine for the school of the example, over a store in memory.
async fn engine() -> Engine {
    let loaded = load_school(&Files::Disk, Path::new("config/nhacviec.toml"));
    let Loaded { school, channels, composer, .. } = loaded.unwrap();
    let context = ComposeContext::new(Arc::new(Agenda::new(school)), Arc::new(composer), None);
    let store = Store::open(&StoreAddress::Memory).await.unwrap();
    Engine::new(store, Clock::standing_at(Timestamp::UNIX_EPOCH), Arc::new(context), channels)
}

/// The first review of the school as a message.
fn review(engine: &Engine) -> Claimed {
    let review = &engine.context.agenda.reviews()[0];
    let kind = NoticeKind::Review(review.id);
    Claimed {
        id: "3f9a".to_owned(),
        plan: engine.context.scope.plan.clone(),
        class: MessageKind::Review,
        recipient: "Tổ giám sát".to_owned(),
        alert: None,
        created_at: review.at,
        claimed_at: review.at,
        tries: 0,
        channel_index: 0,
        notices: vec![StoredNotice { position: 0, task: None, kind, day: review.day, on: review.on }],
        uncertain: Vec::new(),
        rendered_at: None,
    }
}

#[tokio::test]
async fn facts_without_a_review_that_waits_meanwhile_are_not_composed_from() {
    let mut engine = engine().await;
    let facts = MessageFacts::read(Arc::clone(&engine.context), &engine.store).await.unwrap();
    let review = review(&engine);
    assert!(facts.suffice([]) && !facts.suffice([&review]));

    // While they were read, the review came back: more is read first.
    engine.in_flight.admit(vec![review.clone()]);
    engine.claimed(ClaimedBatch { messages: Vec::new(), facts: Ok(Some(facts.clone())) });
    assert!(engine.facts.is_none());
    assert!(!engine.claims.is_exhausted());

    let mut needs = Needs::default();
    needs.add([&review]);
    let mut more = facts;
    more.refresh(&engine.store, &needs, review.created_at).await.unwrap();
    assert!(more.suffice([&review]));
    engine.claimed(ClaimedBatch { messages: Vec::new(), facts: Ok(Some(more)) });
    assert!(engine.facts.is_some());
}

#[tokio::test]
async fn facts_of_another_version_of_the_school_are_not_composed_from() {
    let mut engine = engine().await;
    let facts = MessageFacts::read(Arc::clone(&engine.context), &engine.store).await.unwrap();
    let context = ComposeContext::clone(&engine.context);
    engine.set_context(Arc::new(context));
    engine.claimed(ClaimedBatch { messages: Vec::new(), facts: Ok(Some(facts)) });
    assert!(engine.facts.is_none());
}

/// An engine whose process works by a lease.
async fn leased_engine() -> Engine {
    let engine = engine().await;
    let store = engine.store.holding(Lease::for_tests(&engine.context.scope.organisation));
    Engine::new(store, engine.clock, engine.context, engine.health.channels)
}

#[tokio::test]
async fn nothing_is_begun_by_a_lease_that_others_may_soon_take() {
    let mut engine = leased_engine().await;
    assert!(engine.store.check_lease().is_ok());
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(31)).await;
    let delivered = engine.deliver(&mut ()).await;
    assert!(matches!(delivered, Err(DeliveryError::Store(StoreError::Silent { seconds: 31 }))), "{delivered:?}");
}

#[tokio::test]
async fn nothing_is_handed_over_by_a_lease_while_the_store_is_slow_to_take_results() {
    let mut engine = leased_engine().await;
    let review = review(&engine);
    let organisation = engine.context.scope.organisation.clone();
    // The only connection to a store in memory.
    let busy = engine.store.begin_to_read(&organisation).await.unwrap();
    engine.record.add(finished(&review, Outcome::Later(review.claimed_at), review.claimed_at, None));
    engine.record.hurry();
    tokio::time::pause();
    let recorded =
        async |engine: &mut Engine| tokio::time::timeout(Duration::from_secs(3), engine.record.next()).await.is_ok();
    assert!(!recorded(&mut engine).await && !engine.waits_for_store());
    assert!(!recorded(&mut engine).await && engine.waits_for_store());
    tokio::time::resume();
    drop(busy);
    assert!(engine.record.next().await.is_some() && !engine.waits_for_store());
}
