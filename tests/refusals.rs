//! Mornings on which a mail server refuses whatever comes: what waits, who is told, and how it goes out afterwards.
#![allow(clippy::unwrap_used)]

mod common;

use std::sync::Arc;

use common::mail::many;
use common::smtp::{Encryption, Seen, config, due, server, three_people};
use common::{Files, MORNING, plan};
use jiff::Timestamp;
use nhacviec::clock::Clock;
use nhacviec::daemon::{Daemon, TroubleKind};

/// Runs the program, which ends with this code; what it prints.
async fn program(files: &Arc<Files>, args: &'static [&'static str], code: i32) -> String {
    let files = Arc::clone(files);
    let run = move || {
        let output = files.program(args).assert().code(code).get_output().clone();
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    tokio::task::spawn_blocking(run).await.unwrap()
}

#[tokio::test]
async fn a_morning_of_refusals_ends_with_everything_waiting_and_retry_all_brings_it_out() {
    for (step, refusal) in [
        ("MAIL", "550 5.7.1 Sender rejected"),
        ("RCPT", "553 5.7.1 <nhacviec@school.example>: Sender address rejected: not owned by user"),
        ("RCPT", "554 5.7.1 Service unavailable; Client host blocked using zen.spamhaus.org"),
        ("greeting", "554 5.7.1 no service"),
        // It could be either's, and is the channel's as it meets a second recipient.
        ("message", "554 5.7.1 policy"),
    ] {
        let (port, seen) = server(Encryption::None).await;
        seen.answer([(step, refusal)]);
        let files = Arc::new(many(5, port));
        // The admin has no other channel: the exit code and the list say it.
        program(&files, &["run", "--once"], 1).await;
        let why = program(&files, &["outbox", "list", "--why", "--format", "json"], 0).await;
        let waiting: Vec<serde_json::Value> = why.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let reminders = waiting.iter().filter(|line| line["kind"] != "alert").count();
        assert_eq!((reminders, waiting.len()), (5, 6), "{step} {refusal}: {why}");
        assert!(waiting.iter().all(|line| line["state"] == "queued"), "{step} {refusal}: {why}");
        seen.agree();
        let refused = seen.messages();
        let said = program(&files, &["outbox", "retry", "--all"], 0).await;
        assert!(said.starts_with("6 "), "{step} {refusal}: {said}");
        program(&files, &["run", "--once"], 0).await;
        assert_eq!(seen.messages() - refused, 6, "{step} {refusal}");
        assert_eq!(program(&files, &["outbox", "list"], 0).await, "nothing waits and nothing failed\n");
    }
}

async fn pass_at(daemon: &mut Daemon, clock: &Clock, seen: &Seen, at: &str) -> usize {
    clock.set(at.parse::<Timestamp>().unwrap());
    daemon.pass(&mut ()).await.unwrap();
    seen.messages()
}

#[tokio::test]
async fn a_quota_that_is_used_up_is_waited_for_until_the_next_day() {
    for (step, refusal) in [
        ("RCPT", "550 5.4.5 Daily user sending limit exceeded"),
        ("message", "550 5.7.232 your message can't be sent because your trial tenant has exceeded its daily limit"),
        (
            "MAIL",
            "554 5.1.90 your message can't be sent because you've reached your daily limit for message recipients",
        ),
    ] {
        let (port, seen) = server(Encryption::None).await;
        seen.answer([(step, refusal)]);
        let files = Files::new(&config(port, "tls = \"none\""), &three_people());
        let (mut daemon, clock) = files.daemon_at(MORNING).await;
        daemon.pass(&mut ()).await.unwrap();
        let tried = seen.commands().len();
        for at in ["2023-11-23T08:30:00+07:00", "2023-11-23T17:00:00+07:00", "2023-11-23T23:59:00+07:00"] {
            pass_at(&mut daemon, &clock, &seen, at).await;
        }
        assert_eq!(seen.commands().len(), tried, "{refusal}: nothing is tried before tomorrow");
        // Nor by a process that begins meanwhile and has something new to send.
        let more =
            [due("1.1", "Phó Hiệu trưởng"), due("1.2", "Tổ trưởng"), due("1.3", "Thanh tra"), due("1.4", "Tổ trưởng")];
        files.write("plan.toml", &plan(&more));
        let (mut daemon, clock) = files.daemon_at("2023-11-23T12:00:00+07:00").await;
        for at in ["2023-11-23T12:00:00+07:00", "2023-11-23T17:00:00+07:00", "2023-11-23T23:59:00+07:00"] {
            pass_at(&mut daemon, &clock, &seen, at).await;
        }
        let waiting = daemon.store().unfinished(daemon.scope()).await.unwrap();
        assert_eq!((waiting.len(), seen.commands().len()), (5, tried), "{refusal}: {waiting:?}");
        seen.agree();
        let refused = seen.messages();
        // The four, and the alert.
        let taken = pass_at(&mut daemon, &clock, &seen, "2023-11-24T00:00:00+07:00").await - refused;
        assert_eq!(taken, 5, "{refusal}");
    }
}

/// A service whose server refuses the sender, after its first run.
async fn refused() -> (Seen, Files, Daemon, Clock) {
    let (port, seen) = server(Encryption::None).await;
    seen.answer([("MAIL", "550 5.7.1 Sender rejected")]);
    let files = Files::new(&config(port, "tls = \"none\""), &three_people());
    let (mut daemon, clock) = files.daemon_at(MORNING).await;
    daemon.run_once().await.unwrap();
    assert_eq!(kinds(&daemon), [TroubleKind::ChannelFailed]);
    (seen, files, daemon, clock)
}

fn kinds(daemon: &Daemon) -> Vec<TroubleKind> {
    daemon.troubles().iter().map(|trouble| trouble.kind).collect()
}

#[tokio::test]
async fn what_gets_another_chance_goes_out_at_once_although_the_service_waits_for_its_channel() {
    let (seen, _files, mut daemon, clock) = refused().await;
    seen.agree();
    clock.set("2023-11-23T07:01:00+07:00".parse::<Timestamp>().unwrap());
    daemon.run_once().await.unwrap();
    assert_eq!((seen.messages(), kinds(&daemon)), (0, vec![TroubleKind::ChannelFailed]), "the channel is left alone");
    // What `outbox retry --all` does, from another process.
    let waiting = daemon.store().unfinished(daemon.scope()).await.unwrap();
    for message in &waiting {
        assert!(daemon.store().retry(daemon.scope(), &message.id, clock.now()).await.unwrap());
    }
    daemon.run_once().await.unwrap();
    assert_eq!((seen.messages(), kinds(&daemon)), (4, Vec::new()), "the three and the alert");
}

#[tokio::test]
async fn a_channel_that_fails_nobody_any_more_is_not_told_of_until_it_does_again() {
    let (_seen, files, mut daemon, clock) = refused().await;
    for message in daemon.store().unfinished(daemon.scope()).await.unwrap() {
        assert!(daemon.store().drop_message(daemon.scope(), &message.id, clock.now()).await.unwrap());
    }
    clock.set("2023-11-23T07:01:00+07:00".parse::<Timestamp>().unwrap());
    daemon.run_once().await.unwrap();
    assert_eq!(kinds(&daemon), []);
    // A process that begins now says the same.
    let (mut other, _) = files.daemon_at("2023-11-23T07:02:00+07:00").await;
    other.run_once().await.unwrap();
    assert_eq!(kinds(&other), []);
    // The reminders of the next week are refused again.
    clock.set("2023-11-29T07:00:00+07:00".parse::<Timestamp>().unwrap());
    daemon.run_once().await.unwrap();
    assert_eq!(kinds(&daemon), [TroubleKind::ChannelFailed]);
    assert!(!daemon.store().unfinished(daemon.scope()).await.unwrap().is_empty());
}
