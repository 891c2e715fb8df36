//! What the engine does with what comes back in an order that no test can bring about from outside.

use std::path::Path;

use crate::app::load_school::{Loaded, load_school};
use crate::config::StoreAddress;
use crate::delivery::facts::Needs;
use crate::files::Files;
use crate::schedule::{Agenda, NoticeKind};
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
