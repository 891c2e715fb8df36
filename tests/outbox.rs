//! Messages in the hands of processes that share a store: each is claimed by one, and what became of it is written down
//! once, however often that is told.
#![allow(clippy::unwrap_used)]

mod common;

use common::mail::{MailServer, many};
use common::{Files, task};
use jiff::{SignedDuration, Timestamp};
use nhacviec::plan::{Status, TaskId};
use nhacviec::school::Scope;
use nhacviec::store::Store;
use nhacviec::store::outbox::{Attempt, AttemptOutcome, Claimed, Finished, Listed, MessageState, NewAlert, Outcome};

fn school() -> Files {
    Files::of(&[task("1.1", "Phó Hiệu trưởng", "due = 2023-11-30")])
}

fn scope() -> Scope {
    Scope { organisation: "trường".to_owned(), plan: "1/KH".to_owned() }
}

fn minute(number: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_mins(number)
}

/// A store with alerts of these names, each put in a minute after the one before it.
async fn with_messages(files: &Files, names: &[&str]) -> Store {
    let store = files.store().await;
    for (at, name) in (0..).zip(names) {
        let (recipient, alert) = ("Quản trị".to_owned(), "{}".to_owned());
        let alert = NewAlert { id: (*name).to_owned(), recipient, alert };
        store.put_alerts(&scope(), &[alert], minute(at)).await.unwrap();
    }
    store
}

async fn claim(store: &Store, now: i64, limit: u32) -> Vec<Claimed> {
    store.claim(&scope().organisation, minute(now), minute(now + 60), limit).await.unwrap()
}

fn ids(claimed: &[Claimed]) -> Vec<&str> {
    claimed.iter().map(|message| message.id.as_str()).collect()
}

fn finished(message: &Claimed, outcome: Outcome, answer: &str, now: i64) -> Finished {
    let what = if outcome == Outcome::Sent { AttemptOutcome::Sent } else { AttemptOutcome::Temporary };
    let attempt = Attempt {
        at: None,
        channel: "email".to_owned(),
        address: None,
        outcome: what,
        answer: answer.into(),
        subject: None,
        payload: None,
    };
    Finished {
        id: message.id.clone(),
        outcome,
        channel_index: message.channel_index,
        withdrawn: Vec::new(),
        at: minute(now),
        rendered_at: None,
        attempt: Some(attempt),
    }
}

async fn finish(store: &Store, finished: &[Finished]) {
    store.finish(&scope().organisation, finished).await.unwrap();
}

async fn found(store: &Store, id: &str) -> Listed {
    store.find_messages(&scope(), id).await.unwrap().remove(0)
}

async fn answers(store: &Store, id: &str) -> Vec<String> {
    store.attempts(&scope(), id).await.unwrap().into_iter().map(|attempt| attempt.answer.to_string()).collect()
}

#[tokio::test]
async fn each_message_is_claimed_by_one_the_oldest_first() {
    let files = school();
    let one = with_messages(&files, &["e0", "11", "12", "13", "14"]).await;
    let other = files.store().await;
    assert_eq!(ids(&claim(&one, 10, 2).await), ["e0", "11"]);
    assert_eq!(ids(&claim(&other, 10, 2).await), ["12", "13"]);
    assert_eq!(ids(&claim(&one, 11, 9).await), ["14"]);
    assert!(claim(&other, 69, 9).await.is_empty(), "all leases last");
    // All leases but the last have run out; that one has a minute left. What it holds itself nobody claims again.
    assert_eq!(ids(&claim(&other, 70, 9).await), ["e0", "11"]);
    // What waits and what somebody has left goes by urgency together.
    finish(&one, &[finished(&claim(&one, 200, 1).await[0], Outcome::Again(minute(0)), "450", 200)]).await;
    assert_eq!(ids(&claim(&one, 200, 9).await), ["e0", "11", "12", "13"]);
}

#[tokio::test]
async fn what_a_process_holds_it_does_not_claim_again_however_long_that_takes() {
    let files = school();
    let store = with_messages(&files, &["e0"]).await;
    let claimed = claim(&store, 10, 9).await;
    assert!(claim(&store, 600, 9).await.is_empty(), "its answer may just have come");
    finish(&store, &[finished(&claimed[0], Outcome::Sent, "250 ok", 600)]).await;
    assert_eq!(found(&store, "e0").await.state, MessageState::Sent);
}

#[tokio::test]
async fn what_is_written_down_twice_counts_once() {
    let files = school();
    let store = with_messages(&files, &["e0", "11", "12", "13"]).await;
    let claimed = claim(&store, 10, 9).await;
    let results = [
        finished(&claimed[0], Outcome::Again(minute(15)), "450 later", 11),
        finished(&claimed[1], Outcome::NextChannel, "550 no", 11),
        finished(&claimed[2], Outcome::Sent, "250 ok", 11),
        finished(&claimed[3], Outcome::Sent, "250 ok too", 11),
    ];
    finish(&store, &results).await;
    // The answer to the commit got lost: the same once more, in whatever company.
    finish(&store, &results).await;
    finish(&store, &results[2..3]).await;
    assert_eq!(answers(&store, "e0").await, ["450 later"]);
    assert_eq!(answers(&store, "11").await, ["550 no"]);
    assert_eq!(answers(&store, "12").await, ["250 ok"]);
    let again = claim(&store, 15, 9).await;
    let at: Vec<(&str, u32, usize)> =
        again.iter().map(|message| (message.id.as_str(), message.tries, message.channel_index)).collect();
    assert_eq!(at, [("e0", 1, 0), ("11", 0, 1)]);
    assert_eq!(found(&store, "13").await.state, MessageState::Sent);
    // Another try on the same channel with the same answer is another attempt.
    finish(&store, &[finished(&again[0], Outcome::Again(minute(19)), "450 later", 16)]).await;
    assert_eq!(answers(&store, "e0").await, ["450 later", "450 later"]);
}

#[tokio::test]
async fn a_result_that_comes_when_another_has_the_message_changes_nothing_of_it() {
    let files = school();
    let slow = with_messages(&files, &["e0", "11"]).await;
    let quick = files.store().await;
    let claimed = claim(&slow, 10, 9).await;
    let taken = claim(&quick, 90, 9).await;
    assert_eq!(ids(&taken), ids(&claimed));
    let late = [
        finished(&claimed[0], Outcome::NextChannel, "550 late", 91),
        finished(&claimed[1], Outcome::Sent, "250 late", 91),
    ];
    finish(&slow, &late).await;
    for message in &taken {
        assert_eq!(found(&quick, &message.id).await.state, MessageState::Sending);
    }
    finish(&quick, &[finished(&taken[0], Outcome::Dead, "550 no", 92), finished(&taken[1], Outcome::Dead, "550", 92)])
        .await;
    finish(&slow, &late).await;
    for message in &taken {
        assert_eq!(found(&quick, &message.id).await.state, MessageState::Dead);
    }
    // What was tried is kept all the same, once: it happened.
    assert_eq!(answers(&quick, "e0").await, ["550 late", "550 no"]);
    assert_eq!(answers(&quick, "11").await, ["250 late", "550"]);
}

#[tokio::test]
async fn a_mail_servers_answer_with_a_nul_in_it_is_kept_without() {
    let (port, server) = MailServer::start();
    {
        let mut seen = server.0.0.lock().unwrap();
        seen.answers = usize::MAX;
        seen.taken = Some("250 2.0.0 hàng\0đợi\r\n");
    }
    let files = many(1, port);
    files.output(&["run", "--once"]);
    let mut database = files.database().await;
    let rows = "SELECT answer FROM delivery WHERE outcome = 'sent'";
    let rows: Vec<(String,)> = sqlx::query_as(rows).fetch_all(&mut database).await.unwrap();
    assert!(!rows.is_empty());
    for (answer,) in &rows {
        assert!(!answer.contains('\0') && answer.contains("đợi"), "{answer:?}");
    }
    // Whatever people write goes the same way.
    let (store, school) = (files.store().await, files.load().school);
    let report = common::stage::reported(minute(0), Status::InProgress, None, Some("một\0hai"));
    common::report(&store, &school, "1", report).await;
    let progress = store.progress(&school).await.unwrap();
    assert_eq!(progress.latest(&TaskId::new("1")).unwrap().note.as_deref(), Some("một\u{fffd}hai"));
}
