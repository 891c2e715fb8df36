//! The program as a process that is ended in the middle of its work: every message arrives, and what arrives twice can
//! be recognised.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeSet;
use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use common::Files;
use common::mail::{MailServer, many};

/// How many messages are to be delivered, and how often the program is killed meanwhile.
const MESSAGES: usize = 300;
const KILLS: usize = 200;
/// How many commands of the conversations are answered in one life at most; then the program is about to be killed.
const LONGEST_LIFE: usize = 24;
/// How long after the last answer at most, in microseconds: results are gathered for 20 ms before they are written down.
const LONGEST_REST: u64 = 40_000;

fn run_once(files: &Files) -> Child {
    Command::new(assert_cmd::cargo::cargo_bin("nhacviec"))
        .env_remove("NHACVIEC_CONFIG")
        .env_remove("RUST_LOG")
        .arg("--config")
        .arg(files.config())
        .args(["run", "--once"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn killed_two_hundred_times_it_still_delivers_every_message() {
    let (port, server) = MailServer::start();
    let files = many(MESSAGES, port);
    // Another seed each time: what a run has found is printed with it.
    let seed = fastrand::u64(..);
    let mut random = fastrand::Rng::with_seed(seed);
    let mut kills = 0;
    while kills < KILLS {
        server.0.0.lock().unwrap().answers = random.usize(1..=LONGEST_LIFE);
        let mut process = run_once(&files);
        if server.wait(&mut process) {
            // Not a wait for anything: the moment is the point of the test, anywhere between the answer and its record,
            // and after.
            std::thread::sleep(Duration::from_micros(random.u64(0..LONGEST_REST)));
            kills += 1;
            process.kill().unwrap();
        }
        process.wait().unwrap();
        if server.0.0.lock().unwrap().accepted.len() == MESSAGES {
            break;
        }
    }
    server.0.0.lock().unwrap().answers = usize::MAX;
    assert!(run_once(&files).wait().unwrap().success());
    let inbox = server.0.0.lock().unwrap();
    let arrived = inbox.accepted.len();
    let repeated = inbox.accepted.values().filter(|ids| ids.len() > 1).count();
    // Past the harness, which keeps what is printed to itself.
    writeln!(
        std::io::stderr(),
        "killed {kills} times: {arrived} messages arrived, {repeated} of them more than once (seed {seed})"
    )
    .unwrap();
    assert!(kills >= KILLS * 3 / 4, "the messages were all delivered after {kills} kills");
    assert_eq!(arrived, MESSAGES);
    for (recipient, ids) in &inbox.accepted {
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 1, "{recipient} got {ids:?}");
        assert_eq!(inbox.mails[recipient].len(), 1, "what {recipient} got twice is the same byte for byte");
    }
    drop(inbox);
    assert_eq!(files.output(&["outbox", "list"]), "nothing waits and nothing failed\n");
}

#[test]
fn what_was_written_in_part_is_hidden_and_gone_after_the_next_start() {
    let files = common::begun_today();
    std::fs::create_dir(files.path("outbox")).unwrap();
    let left = files.path("outbox/.a1B2c3.part");
    let others = [files.path("outbox/.keep"), files.path("outbox/scan.part")];
    for path in others.iter().chain([&left]) {
        std::fs::write(path, "From: nhac").unwrap();
    }
    // Only the service, which is alone, takes it away.
    files.program(&["check"]).assert().success();
    files.program(&["send-test", "--to", "Phó Hiệu trưởng"]).assert().success();
    assert!(left.exists());
    assert!(run_once(&files).wait().unwrap().success());
    assert!(!left.exists() && others.iter().all(|path| path.exists()));
    let names =
        std::fs::read_dir(files.path("outbox")).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let seen: Vec<String> = names.filter(|name| !name.starts_with('.') && name != "scan.part").collect();
    assert!(!seen.is_empty() && seen.iter().all(|name| name.rsplit('.').next() == Some("eml")), "{seen:?}");
}
