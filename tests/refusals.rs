//! Mornings on which a mail server refuses whatever comes: what waits, who is told, and how it goes out afterwards.
#![allow(clippy::unwrap_used)]

mod common;

use std::sync::Arc;

use common::mail::many;
use common::smtp::{Encryption, Seen, config, server, three_people};
use common::{Files, MORNING};
use jiff::Timestamp;
use nhacviec::daemon::Daemon;

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

async fn pass_at(daemon: &mut Daemon, clock: &nhacviec::clock::Clock, seen: &Seen, at: &str) -> usize {
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
        seen.agree();
        let refused = seen.messages();
        // The three, and the alert.
        let taken = pass_at(&mut daemon, &clock, &seen, "2023-11-24T00:00:00+07:00").await - refused;
        assert_eq!(taken, 4, "{refusal}");
    }
}
