//! A mail server that keeps what it gets and can be told to fall silent, and a school that gives it much to do.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Child;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};

use super::{Files, begun_today, plan_begun_today};

/// What a mail server has seen, and how much it still answers.
#[derive(Default)]
pub struct Seen {
    /// Commands that may still be answered.
    pub answers: usize,
    /// Message-IDs by recipient, as accepted.
    pub accepted: BTreeMap<String, Vec<String>>,
    /// The different mails that each recipient got.
    pub mails: BTreeMap<String, BTreeSet<String>>,
    /// The answer to a message that is taken, where it is another than usual.
    pub taken: Option<&'static str>,
}

/// A mail server that stops answering when it is told to.
#[derive(Clone, Default)]
pub struct MailServer(pub Arc<(Mutex<Seen>, Condvar)>);

impl MailServer {
    pub fn start() -> (u16, Self) {
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
                line.trim().clone_into(&mut recipient);
            }
            if word == "QUIT" {
                // Whoever goes has nothing left to lose.
                return stream.write_all(b"221 bye\r\n");
            }
            if !self.may_answer(&mut self.0.0.lock().unwrap()) {
                return silence(&mut lines);
            }
            if word != "DATA" {
                stream.write_all(if word == "EHLO" {
                    b"250-mail.example\r\n250-PIPELINING\r\n250 8BITMIME\r\n"
                } else {
                    b"250 ok\r\n"
                })?;
                continue;
            }
            stream.write_all(b"354 go on\r\n")?;
            let (mut id, mut mail) = (String::new(), String::new());
            loop {
                line.clear();
                if lines.read_line(&mut line)? == 0 {
                    return Ok(());
                }
                if line == ".\r\n" {
                    break;
                }
                mail.push_str(&line);
                if let Some(value) = line.strip_prefix("Message-ID: ") {
                    value.trim().clone_into(&mut id);
                }
            }
            let mut seen = self.0.0.lock().unwrap();
            if !self.may_answer(&mut seen) {
                drop(seen);
                return silence(&mut lines);
            }
            seen.accepted.entry(recipient.clone()).or_default().push(id);
            seen.mails.entry(recipient.clone()).or_default().insert(mail);
            let taken = seen.taken.unwrap_or("250 2.0.0 queued\r\n");
            drop(seen);
            stream.write_all(taken.as_bytes())?;
        }
    }

    /// Waits until as many commands as it may answer are answered, or the program has ended by itself; its standard
    /// output must be a pipe, which ends with it.
    pub fn wait(&self, process: &mut Child) -> bool {
        falls_silent(&self.0, process, |seen| seen.answers == 0)
    }
}

/// Waits until a server that a process talks to is silent, or the process has ended by itself; its standard output must be a
/// pipe, which ends with it. Returns whether the server is silent. Whoever changes the state notifies.
pub fn falls_silent<S: Send + 'static>(
    server: &Arc<(Mutex<S>, Condvar)>,
    process: &mut Child,
    is_silent: fn(&S) -> bool,
) -> bool {
    let mut output = process.stdout.take().expect("its output is a pipe");
    let has_ended = Arc::new(AtomicBool::new(false));
    let (waiting, ended) = (Arc::clone(server), Arc::clone(&has_ended));
    std::thread::spawn(move || {
        let _ = std::io::copy(&mut output, &mut std::io::sink());
        // Under the lock, so that nobody begins to wait between the look and the wake-up.
        let _seen = waiting.0.lock().unwrap();
        ended.store(true, Ordering::Relaxed);
        waiting.1.notify_all();
    });
    let seen = server.0.lock().unwrap();
    let goes_on = |seen: &mut S| !is_silent(seen) && !has_ended.load(Ordering::Relaxed);
    is_silent(&server.1.wait_while(seen, goes_on).unwrap())
}

/// Says nothing more until the other side is gone.
pub fn silence(lines: &mut BufReader<TcpStream>) -> std::io::Result<()> {
    std::io::copy(lines, &mut std::io::sink()).map(drop)
}

/// A school of many people, each with a task that has begun today.
pub fn many(people: usize, port: u16) -> Files {
    let files = begun_today();
    files.fill(
        "channel.email",
        &format!(
            "kind = \"smtp\"\nhost = \"127.0.0.1\"\nport = {port}\ntls = \"none\"\nfrom = \"nhacviec@school.example\"\nconnections = 4"
        ),
    );
    let tasks: Vec<[String; 3]> = (1..=people)
        .map(|number| [number.to_string(), format!("Việc {number}"), format!("Giáo viên {number}")])
        .collect();
    let mut persons = String::new();
    for [number, _, name] in &tasks {
        write!(persons, "\n[[person]]\nname = \"{name}\"\nemail = \"gv{number}@school.example\"\n").unwrap();
    }
    files.append(&persons);
    let tasks: Vec<(&str, &str, &str)> =
        tasks.iter().map(|[number, remedy, name]| (number.as_str(), remedy.as_str(), name.as_str())).collect();
    files.write("plan.toml", &plan_begun_today(&tasks));
    files
}
