//! The program as a process that is ended in the middle of its work, over two channels whose servers misbehave: every message
//! arrives, what arrives twice is the same to the byte, and nothing arrives twice but what was in doubt when the program was
//! killed or was never answered.
//!
//! Killed 20 times; `NHACVIEC_KILLS=1000 cargo test --test crash -- --nocapture` is another number, in rounds of 200.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeSet;
use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use common::Files;
use common::mail::many;
use common::settings::Edit;
use common::unreliable::Unreliable;
use sqlx::Row;

/// How often the program is killed where nothing else is said.
const KILLS: usize = 20;
/// How many kills one school sees.
const KILLS_A_ROUND: usize = 200;
/// Messages for each kill, and beside: fewer are delivered in a life.
const MESSAGES_A_KILL: usize = 2;
const MESSAGES_BESIDE: usize = 40;
/// How many answers are given in one life at most; then the program is about to be killed.
const LONGEST_LIFE: usize = 24;
/// How long after the last answer at most, in microseconds: results are gathered for 20 ms before they are written down.
const LONGEST_REST: u64 = 40_000;
/// Conversations that are open at once: four with the mail server, four with the receiver of webhooks.
const CONVERSATIONS: usize = 8;
/// Results that are known and not recorded: as many as a channel may have (rules of delivery, 6).
const RESULTS: usize = 2 * 64;

fn run_once(files: &Files) -> Child {
    Command::new(assert_cmd::cargo::cargo_bin("nhacviec"))
        .env_remove("NHACVIEC_CONFIG")
        .envs(common::ENGLISH)
        .env_remove("RUST_LOG")
        .arg("--config")
        .arg(files.config())
        .args(["run", "--once"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// What a round of kills has found.
#[derive(Default)]
struct Found {
    kills: usize,
    arrived: usize,
    repeated: usize,
    cuts: usize,
    /// The most messages that were taken and not recorded when the program was killed.
    most_in_doubt: usize,
}

#[test]
fn killed_again_and_again_it_still_delivers_every_message() {
    let wanted = std::env::var("NHACVIEC_KILLS").map_or(KILLS, |kills| kills.parse().unwrap());
    let mut kills = 0;
    while kills < wanted {
        let round = KILLS_A_ROUND.min(wanted - kills);
        // Another seed each time: what a run has found is printed with it.
        let seed = fastrand::u64(..);
        let found = round_of(round, seed);
        assert!(found.kills >= round / 2, "all messages were delivered after {} kills", found.kills);
        kills += found.kills;
        let Found { arrived, repeated, cuts, most_in_doubt, .. } = found;
        // Past the harness, which keeps what is printed to itself.
        writeln!(
            std::io::stderr(),
            "killed {} times: {arrived} messages arrived, {repeated} of them more than once ({cuts} were not answered); {most_in_doubt} in doubt at once (seed {seed})",
            found.kills
        )
        .unwrap();
    }
}

/// A school of messages over two channels, and so many kills.
fn round_of(kills: usize, seed: u64) -> Found {
    let people = kills * MESSAGES_A_KILL + MESSAGES_BESIDE;
    let (servers, mail, hooks) = Unreliable::start(seed);
    let files = two_channels(people, mail, hooks);
    let mut random = fastrand::Rng::with_seed(seed);
    let mut found = Found::default();
    // What was taken and not recorded when the program was killed: that alone may come again, but for what had no answer.
    let mut in_doubt = BTreeSet::new();
    while found.kills < kills && reminders(&files, "").len() != reminders(&files, "state = 'sent'").len().max(1) {
        let before = servers.taken();
        servers.answer(random.usize(1..=LONGEST_LIFE));
        let mut process = run_once(&files);
        if servers.wait(&mut process) {
            // Not a wait for anything: the moment is the point of the test, anywhere between the answer and its record,
            // and after.
            std::thread::sleep(Duration::from_micros(random.u64(0..LONGEST_REST)));
            found.kills += 1;
            process.kill().unwrap();
        }
        process.wait().unwrap();
        let taken = servers.taken();
        let again = taken.iter().filter(|(id, times)| before.get(*id).is_some_and(|before| before.len() < times.len()));
        for (id, _) in again {
            assert!(in_doubt.contains(id) || servers.cuts().contains(id), "{id} came again without need (seed {seed})");
        }
        let recorded = reminders(&files, "state IN ('sent', 'uncertain')");
        in_doubt = taken.into_keys().filter(|id| !recorded.contains(id)).collect();
        let at_kill = in_doubt.difference(&servers.cuts()).count();
        assert!(at_kill <= CONVERSATIONS + RESULTS, "{at_kill} messages are in doubt (seed {seed})");
        found.most_in_doubt = found.most_in_doubt.max(at_kill);
        let_hours_pass(&files);
    }
    servers.answer(usize::MAX);
    while !reminders(&files, "state IN ('queued', 'sending')").is_empty() {
        run_once(&files).wait().unwrap();
        let_hours_pass(&files);
    }
    let all = reminders(&files, "");
    assert_eq!(reminders(&files, "state = 'sent'"), all, "nothing is lost (seed {seed})");
    assert_eq!(all.len(), people);
    let taken = servers.taken();
    for id in &all {
        let times = taken.get(id).unwrap_or_else(|| panic!("{id} has not arrived (seed {seed})"));
        assert!(times.iter().all(|bytes| *bytes == times[0]), "{id} came twice with other bytes (seed {seed})");
    }
    found.arrived = all.len();
    found.repeated = all.iter().filter(|id| taken[*id].len() > 1).count();
    found.cuts = all.intersection(&servers.cuts()).count();
    found
}

/// A school of so many people, of whom every other one is told by a webhook.
fn two_channels(people: usize, mail: u16, hooks: u16) -> Files {
    let files = many(people, mail);
    let by_hook: Vec<String> = (1..=people).step_by(2).map(|number| format!("person.Giáo viên {number}.via")).collect();
    let edits: Vec<Edit<'_>> = by_hook.iter().map(|key| Edit::Add(key, "[\"hook\"]")).collect();
    files.change(&edits);
    files.append(&format!(
        "[channel.hook]\nkind = \"webhook\"\nurl = \"http://127.0.0.1:{hooks}/\"\nsecret_file = \"key\"\nconnections = 4\n"
    ));
    files.secret("key", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYqrTwjU\n");
    files
}

/// Asks the store something, while the program does not run.
async fn ask(files: &Files, statement: String) -> BTreeSet<String> {
    let mut database = files.database().await;
    let rows = sqlx::query(sqlx::AssertSqlSafe(statement)).fetch_all(&mut database).await;
    rows.map(|rows| rows.iter().map(|row| row.get(0)).collect()).unwrap_or_default()
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// The reminders that are so; none where the program has not begun yet.
fn reminders(files: &Files, condition: &str) -> BTreeSet<String> {
    let condition = if condition.is_empty() { "1 = 1" } else { condition };
    block_on(ask(files, format!("SELECT id FROM message WHERE class = 'reminder' AND ({condition})")))
}

/// What was refused for now may go out again.
fn let_hours_pass(files: &Files) {
    block_on(ask(files, "UPDATE message SET not_before = 0 WHERE state = 'queued' RETURNING id".to_owned()));
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
