//! Channels whose other side answers as a test has written down, and a school with many people to remind.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use mail_parser::MessageParser;
use nhacviec::channel::{Channel, Failure, Limits, Outgoing, Pause, Payload, Receipt};
use nhacviec::clock::Clock;
use nhacviec::compose::{Content, ContentParts};
use nhacviec::daemon::Daemon;
use nhacviec::people::Recipient;
use nhacviec::reason::Reason;
use tokio::sync::{Notify, Semaphore};

use super::{CONFIG, Files, plan, task};

/// What becomes of a message that is handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Taken,
    Temporary,
    /// Never to this recipient.
    Refused,
    /// The connection is lost after the message.
    Uncertain,
    /// The channel lets nobody in.
    Broken,
    /// For good, and nobody can say whether that is about the recipient or the channel.
    Unclear,
    /// No answer ever comes.
    Silent,
    /// It is taken once [`Script::open_gate`] has let it through.
    Gated,
}

/// A message as it was handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handed {
    pub at: Timestamp,
    pub channel: String,
    pub to: String,
    pub id: String,
    pub bytes: Vec<u8>,
}

impl Handed {
    /// What a mail says in plain text.
    pub fn text(&self) -> String {
        let mail = MessageParser::default().parse(&self.bytes).unwrap();
        mail.body_text(0).unwrap().replace("\r\n", "\n")
    }
}

#[derive(Default)]
struct State {
    /// The answers that follow each other, by recipient or by channel; the last one stays.
    answers: BTreeMap<String, VecDeque<Answer>>,
    handed: Vec<Handed>,
}

/// Lets answers through one by one.
#[derive(Clone)]
struct Gate(Arc<Semaphore>);

impl Default for Gate {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(0)))
    }
}

/// The other side of every channel.
#[derive(Clone, Default)]
pub struct Script {
    state: Arc<Mutex<State>>,
    changed: Arc<Notify>,
    gate: Gate,
    limits: Limits,
    concurrency: usize,
}

impl Script {
    /// A script for channels with these limits, which take so many messages at once.
    pub fn new(limits: Limits, concurrency: usize) -> Self {
        Self { limits, concurrency, ..Self::default() }
    }

    /// What is answered from now on for a recipient, or else for a channel: one after the other, the last for good.
    pub fn answers(&self, whom: &str, answers: &[Answer]) {
        self.state.lock().unwrap().answers.insert(whom.to_owned(), answers.iter().copied().collect());
    }

    /// Lets so many answers through.
    pub fn open_gate(&self, answers: usize) {
        self.gate.0.add_permits(answers);
    }

    /// Everything that was handed over, in order.
    pub fn handed(&self) -> Vec<Handed> {
        self.state.lock().unwrap().handed.clone()
    }

    /// How often each recipient was handed something over a channel.
    pub fn times(&self, channel: &str) -> BTreeMap<String, usize> {
        let mut times = BTreeMap::new();
        for handed in self.handed().into_iter().filter(|handed| handed.channel == channel) {
            *times.entry(handed.to).or_default() += 1;
        }
        times
    }

    /// Waits until something is so of what was handed over.
    pub async fn until(&self, is_so: impl Fn(&[Handed]) -> bool) {
        loop {
            let changed = self.changed.notified();
            if is_so(&self.state.lock().unwrap().handed) {
                return;
            }
            changed.await;
        }
    }

    /// Stands on the other side of every channel of a daemon.
    pub fn listen(&self, daemon: &mut Daemon) {
        daemon.map_channels(|name, inner| {
            Arc::new(ScriptedChannel { name: name.to_owned(), inner, script: self.clone() })
        });
    }

    fn take(&self, handed: Handed) -> Answer {
        let mut state = self.state.lock().unwrap();
        let whom = if state.answers.contains_key(&handed.to) { &handed.to } else { &handed.channel };
        let answer = match state.answers.get_mut(whom) {
            Some(answers) if answers.len() > 1 => answers.pop_front(),
            Some(answers) => answers.front().copied(),
            None => None,
        };
        state.handed.push(handed);
        drop(state);
        self.changed.notify_waiters();
        answer.unwrap_or(Answer::Taken)
    }
}

struct ScriptedChannel {
    name: String,
    inner: Arc<dyn Channel>,
    script: Script,
}

impl std::fmt::Debug for ScriptedChannel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name)
    }
}

#[async_trait]
impl Channel for ScriptedChannel {
    fn address<'a>(&self, recipient: &'a Recipient) -> Result<Option<&'a str>, Failure> {
        self.inner.address(recipient)
    }

    fn parts(&self) -> ContentParts {
        ContentParts::Mail
    }

    fn limits(&self) -> Limits {
        self.script.limits
    }

    fn concurrency(&self) -> usize {
        self.script.concurrency.max(1)
    }

    fn render(&self, message: &Outgoing<'_>, content: &Content) -> Result<Payload, Failure> {
        self.inner.render(message, content)
    }

    async fn send(&self, message: &Outgoing<'_>, payload: &Payload) -> Result<Receipt, Failure> {
        let answer = self.script.take(Handed {
            at: message.at.timestamp(),
            channel: self.name.clone(),
            to: message.recipient.name.clone(),
            id: message.id.to_owned(),
            bytes: payload.bytes.clone(),
        });
        let reason = |text: &str| Reason::from(text);
        match answer {
            Answer::Taken => Ok(Receipt { answer: reason("250 ok") }),
            Answer::Temporary => Err(Failure::Temporary { reason: reason("450 later"), retry_after: None }),
            Answer::Refused => Err(Failure::Recipient { reason: reason("550 no such person") }),
            Answer::Uncertain => Err(Failure::Uncertain { reason: reason("no answer after the message") }),
            Answer::Unclear => Err(Failure::Unknown { reason: reason("550 5.7.1 policy") }),
            Answer::Broken => {
                Err(Failure::Channel { reason: reason("535 wrong password"), advice: None, pause: Pause::Growing })
            }
            Answer::Silent => std::future::pending().await,
            Answer::Gated => {
                self.script.gate.0.acquire().await.unwrap().forget();
                Ok(Receipt { answer: reason("250 ok") })
            }
        }
    }
}

/// A school on a virtual clock, over the store that the program uses, with a script on the other side of its channels.
pub struct School {
    pub files: Files,
    pub clock: Clock,
    pub script: Script,
}

impl School {
    pub fn new(files: Files, script: Script) -> Self {
        Self { files, clock: Clock::standing_at(super::MORNING.parse().unwrap()), script }
    }

    /// Starts the daemon, as after a restart of the machine.
    pub async fn start(&self) -> Daemon {
        let store = self.files.store().await;
        let mut daemon = Daemon::new(self.files.load(), store.clone(), self.clock.clone());
        store.release_leases(&daemon.scope().organisation).await.unwrap();
        self.script.listen(&mut daemon);
        daemon
    }

    pub fn pass_minutes(&self, minutes: i64) {
        self.clock.set(self.clock.now().saturating_add(SignedDuration::from_mins(minutes)).unwrap());
    }

    /// Wakes the daemon whenever there is something to do, for so many hours.
    pub async fn run(&self, daemon: &mut Daemon, hours: i64) {
        let until = self.clock.now().saturating_add(SignedDuration::from_hours(hours)).unwrap();
        while self.clock.now() < until {
            let next = daemon.step(&mut ()).await.unwrap();
            self.clock.set(next.min(until));
        }
    }
}

/// A school of so many people, "Giáo viên 1" and so on, who are all reminded of a task each at [`super::MORNING`].
/// `person` is added to what stands of each.
pub fn crowd(people: usize, person: &str) -> Files {
    let mut config = CONFIG.to_owned();
    let mut tasks = Vec::with_capacity(people);
    for number in 1..=people {
        let name = format!("Giáo viên {number}");
        write!(config, "\n[[person]]\nname = \"{name}\"\nemail = \"gv{number}@school.example\"\n{person}\n").unwrap();
        tasks.push(task(&number.to_string(), &name, "due = 2023-11-30"));
    }
    Files::new(&config, &plan(&tasks))
}
