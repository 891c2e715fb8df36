//! The program as a process that is ended in the middle of its work, and a store on a disk that fails it: nothing is
//! lost, and what arrives twice can be recognised.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use common::{Files, begun_today, task};

/// How many messages are to be delivered, and how often the program is killed meanwhile.
const MESSAGES: usize = 300;
const KILLS: usize = 200;
/// How many commands of the conversations are answered in one life at most; then the program is about to be killed.
const LONGEST_LIFE: usize = 24;
/// How long after the last answer at most, in microseconds: results are gathered for 20 ms before they are written down.
const LONGEST_REST: u64 = 40_000;

/// What a mail server has seen, and how much it still answers.
#[derive(Default)]
struct Seen {
    /// Commands that may still be answered.
    answers: usize,
    /// Message-IDs by recipient, as accepted.
    accepted: BTreeMap<String, Vec<String>>,
}

/// A mail server that stops answering when it is told to.
#[derive(Clone, Default)]
struct MailServer(Arc<(Mutex<Seen>, Condvar)>);

impl MailServer {
    fn start() -> (u16, Self) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = Self::default();
        let all = server.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let server = all.clone();
                // A connection ends with the client's life, in the middle of anything.
                std::thread::spawn(move || server.converse(stream.unwrap()).unwrap_or_default());
            }
        });
        (port, server)
    }

    /// Whether one more command is answered; the last one wakes who waits for it.
    fn may_answer(&self, seen: &mut Seen) -> bool {
        if seen.answers == 0 {
            return false;
        }
        seen.answers -= 1;
        self.0.1.notify_all();
        true
    }

    fn converse(&self, stream: TcpStream) -> std::io::Result<()> {
        let mut lines = BufReader::new(stream.try_clone()?);
        let mut stream = stream;
        stream.write_all(b"220 mail.example\r\n")?;
        let mut recipient = String::new();
        let mut line = String::new();
        loop {
            line.clear();
            if lines.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let word = line.split([' ', ':', '\r']).next().unwrap_or_default().to_uppercase();
            if word == "RCPT" {
                recipient = line.trim().to_owned();
            }
            if !self.may_answer(&mut self.0.0.lock().unwrap()) {
                return silence(lines);
            }
            if word != "DATA" {
                stream.write_all(if word == "EHLO" {
                    b"250-mail.example\r\n250 8BITMIME\r\n"
                } else {
                    b"250 ok\r\n"
                })?;
                continue;
            }
            stream.write_all(b"354 go on\r\n")?;
            let mut id = String::new();
            loop {
                line.clear();
                if lines.read_line(&mut line)? == 0 {
                    return Ok(());
                }
                if line == ".\r\n" {
                    break;
                }
                if let Some(value) = line.strip_prefix("Message-ID: ") {
                    value.trim().clone_into(&mut id);
                }
            }
            let mut seen = self.0.0.lock().unwrap();
            if !self.may_answer(&mut seen) {
                drop(seen);
                return silence(lines);
            }
            seen.accepted.entry(recipient.clone()).or_default().push(id);
            drop(seen);
            stream.write_all(b"250 2.0.0 queued\r\n")?;
        }
    }

    /// Waits until as many commands as it may answer are answered, or the program has ended by itself.
    fn wait(&self, process: &mut Child) -> bool {
        let mut seen = self.0.0.lock().unwrap();
        loop {
            if seen.answers == 0 {
                return true;
            }
            if process.try_wait().unwrap().is_some() {
                return false;
            }
            seen = self.0.1.wait_timeout(seen, Duration::from_millis(20)).unwrap().0;
        }
    }
}

/// Says nothing more until the other side is gone.
fn silence(mut lines: BufReader<TcpStream>) -> std::io::Result<()> {
    std::io::copy(&mut lines, &mut std::io::sink()).map(drop)
}

/// A school of many people, each with a task that has begun today.
fn many(port: u16) -> Files {
    let files = begun_today();
    let plan = files.read("plan.toml");
    let dates: Vec<&str> = plan.lines().filter(|line| line.starts_with("start") || line.starts_with("due")).collect();
    let mut config = files.read("nhacviec.toml").replace(
        "kind = \"file\"\ndirectory = \"outbox\"",
        &format!(
            "kind = \"smtp\"\nhost = \"127.0.0.1\"\nport = {port}\ntls = \"none\"\nfrom = \"nhacviec@school.example\"\nconnections = 4"
        ),
    );
    let head = plan.find("[[task]]").unwrap();
    let mut plan = plan[..head].to_owned();
    for number in 1..=MESSAGES {
        let name = format!("Giáo viên {number}");
        write!(config, "\n[[person]]\nname = \"{name}\"\nemail = \"gv{number}@school.example\"\n").unwrap();
        plan.push_str(&task(&format!("{number}"), &name, &dates.join("\n")));
    }
    files.write("nhacviec.toml", &config);
    files.write("plan.toml", &plan);
    files
}

fn run_once(files: &Files) -> Child {
    Command::new(assert_cmd::cargo::cargo_bin("nhacviec"))
        .env_remove("NHACVIEC_CONFIG")
        .env_remove("RUST_LOG")
        .arg("--config")
        .arg(files.config())
        .args(["run", "--once"])
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn killed_two_hundred_times_it_still_delivers_every_message() {
    let (port, server) = MailServer::start();
    let files = many(port);
    // Another seed each time: what a run has found is printed with it.
    let seed = fastrand::u64(..);
    let mut random = fastrand::Rng::with_seed(seed);
    let mut kills = 0;
    while kills < KILLS {
        server.0.0.lock().unwrap().answers = random.usize(1..=LONGEST_LIFE);
        let mut process = run_once(&files);
        if server.wait(&mut process) {
            // The moment is the point of the test: anywhere between the answer and its record, and after.
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
    }
    drop(inbox);
    assert_eq!(files.output(&["outbox", "list"]), "nothing waits and nothing failed\n");
}
