//! A school whose daemon works on a virtual clock over a real store, with somebody on the other side of every channel.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jiff::Timestamp;
use mail_parser::MessageParser;
use nhacviec::channel::{Channel, Failure, Outgoing, Pause, Payload, Receipt};
use nhacviec::clock::Clock;
use nhacviec::compose::{Content, ContentParts};
use nhacviec::daemon::Daemon;
use nhacviec::people::Recipient;
use nhacviec::plan::Status;
use nhacviec::progress::{How, ProgressEntry};
use tokio::sync::Notify;

use super::Files;

/// A message as it was handed over.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sent {
    pub at: Timestamp,
    pub channel: String,
    pub to: String,
    pub id: String,
    pub subject: String,
    pub text: String,
}

/// What becomes of a message that is handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Taken,
    Temporary,
    Permanent,
    Broken,
    /// It is taken, and the process dies before it can note that.
    TakenAndGone,
}

/// The other side of every channel: notes what it gets and answers as it is told.
#[derive(Clone, Default)]
pub struct Post {
    sent: Arc<Mutex<Vec<Sent>>>,
    answers: Arc<Mutex<BTreeMap<String, Answer>>>,
    gone: Arc<Notify>,
}

impl Post {
    /// From now on, what `answer` says for this recipient, or for a channel as a whole.
    pub fn answer(&self, whom: &str, answer: Answer) {
        self.answers.lock().unwrap().insert(whom.to_owned(), answer);
    }

    /// Stands on the other side of every channel of a daemon.
    pub fn listen(&self, daemon: &mut Daemon) {
        daemon.map_channels(|name, channel| Arc::new(Letterbox { name: name.to_owned(), channel, post: self.clone() }));
    }

    /// Waits until a message was taken by a process that dies before it can note that.
    pub async fn is_gone(&self) {
        self.gone.notified().await;
    }

    pub fn sent(&self) -> Vec<Sent> {
        self.sent.lock().unwrap().clone()
    }

    pub fn take(&self) -> Vec<Sent> {
        std::mem::take(&mut self.sent.lock().unwrap())
    }
}

struct Letterbox {
    name: String,
    channel: Arc<dyn Channel>,
    post: Post,
}

impl std::fmt::Debug for Letterbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name)
    }
}

#[async_trait]
impl Channel for Letterbox {
    fn address<'a>(&self, recipient: &'a Recipient) -> Result<Option<&'a str>, Failure> {
        self.channel.address(recipient)
    }

    fn parts(&self) -> ContentParts {
        ContentParts::Mail
    }

    fn render(&self, message: &Outgoing<'_>, content: &Content) -> Result<Payload, Failure> {
        self.channel.render(message, content)
    }

    async fn send(&self, message: &Outgoing<'_>, payload: &Payload) -> Result<Receipt, Failure> {
        let answer = {
            let answers = self.post.answers.lock().unwrap();
            let whom = [&message.recipient.name, &self.name];
            whom.iter().find_map(|whom| answers.get(*whom).copied()).unwrap_or(Answer::Taken)
        };
        let reason = "450 later".into();
        match answer {
            Answer::Temporary => return Err(Failure::Temporary { reason, retry_after: None }),
            Answer::Permanent => return Err(Failure::Recipient { reason: "550 no such person".into() }),
            Answer::Broken => {
                let reason = "535 wrong password".into();
                return Err(Failure::Channel { reason, advice: None, pause: Pause::Growing });
            }
            Answer::Taken | Answer::TakenAndGone => {}
        }
        let mail = MessageParser::default().parse(&payload.bytes).unwrap();
        self.post.sent.lock().unwrap().push(Sent {
            at: message.at.timestamp(),
            channel: self.name.clone(),
            to: message.recipient.name.clone(),
            id: message.id.to_owned(),
            subject: mail.subject().unwrap().to_owned(),
            text: mail.body_text(0).unwrap().replace("\r\n", "\n"),
        });
        if answer == Answer::TakenAndGone {
            self.post.gone.notify_one();
            std::future::pending::<()>().await;
        }
        Ok(Receipt { answer: "250 ok".into() })
    }
}

/// A school with a clock, a store and a letterbox.
pub struct Stage {
    pub files: Files,
    pub clock: Clock,
    pub post: Post,
}

impl Stage {
    pub fn new(files: Files, now: &str) -> Self {
        Self { files, clock: Clock::standing_at(at(now)), post: Post::default() }
    }

    /// Starts the daemon, as after a restart of the machine.
    pub async fn start(&self) -> Daemon {
        let store = self.files.store().await;
        let mut daemon = Daemon::new(self.files.load(), store.clone(), self.clock.clone());
        store.release_leases(&daemon.scope().organisation).await.unwrap();
        self.post.listen(&mut daemon);
        daemon
    }

    /// Wakes the daemon whenever there is something to do, up to an instant.
    pub async fn run(&self, daemon: &mut Daemon, until: &str) {
        while self.clock.now() < at(until) {
            let next = daemon.step(&mut ()).await.unwrap();
            self.clock.set(next.min(at(until)));
        }
    }

    pub async fn report(&self, daemon: &Daemon, task: &str, status: Status) {
        let entry = ProgressEntry {
            at: self.clock.now(),
            status,
            percent: None,
            note: None,
            evidence: Vec::new(),
            by: None,
            how: How::Command,
        };
        super::report(daemon.store(), daemon.agenda().school(), task, entry).await;
    }
}

/// A report by the command line, of nobody in particular.
pub fn reported(at: Timestamp, status: Status, percent: Option<u8>, note: Option<&str>) -> ProgressEntry {
    let (note, how) = (note.map(str::to_owned), How::Command);
    ProgressEntry { at, status, percent, note, evidence: Vec::new(), by: None, how }
}

/// An instant of the school's time zone.
pub fn at(text: &str) -> Timestamp {
    format!("{text}+07:00").parse().unwrap()
}
