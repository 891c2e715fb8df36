//! The other side of every channel: what is handed over, and what the server does with it.

use std::fmt;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use nhacviec::channel::{Channel, Failure, Limits, Outgoing, Pause, Payload, Receipt};
use nhacviec::compose::{Content, ContentParts};
use nhacviec::people::Recipient;

use crate::invariants::{at_hand_over, at_work};
use crate::people;
use crate::weather::Fault;
use crate::workers;
use crate::world::{Shared, World, lock};

/// A notice as the store has it: task or review, kind, date by the rules, date of sending.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StoredNotice {
    pub subject: String,
    pub kind: String,
    pub day: String,
    pub on: String,
}

/// What became of a message that was handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Taken,
    Temporary,
    RetryAfter,
    Refused,
    Unclear,
    NoLogin,
    CutTaken,
    CutLost,
}

/// A message that was handed over, once.
#[derive(Clone, Debug)]
pub struct HandOver {
    pub id: String,
    pub to: String,
    pub channel: &'static str,
    pub daemon: usize,
    pub run: u32,
    /// By which epoch of the school, where there are several daemons.
    pub epoch: i64,
    pub begun: Timestamp,
    /// What the clock of its process said then.
    pub clock: Timestamp,
    /// When the server answered; `None` where it never did.
    pub ended: Option<Timestamp>,
    pub answer: Answer,
    /// Whether the server has it.
    pub is_taken: bool,
    /// What it is: reminder, review, note or alert.
    pub class: String,
    /// Since when it lay in the outbox.
    pub created: Timestamp,
    /// When it was to go out.
    pub due: Timestamp,
    /// What it was to tell by the store when it was handed over.
    pub notices: Vec<StoredNotice>,
    pub bytes: Arc<[u8]>,
    pub message_id: String,
}

/// The name of a channel of the world's schools.
pub fn channel_name(name: &str) -> &'static str {
    if name == "chat" { "chat" } else { "email" }
}

/// The world's side of a channel.
pub struct Post {
    pub world: Shared,
    pub daemon: usize,
    pub name: &'static str,
    pub inner: Arc<dyn Channel>,
}

impl fmt::Debug for Post {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

#[async_trait]
impl Channel for Post {
    fn address<'a>(&self, recipient: &'a Recipient) -> Result<Option<&'a str>, Failure> {
        self.inner.address(recipient)
    }

    fn parts(&self) -> ContentParts {
        self.inner.parts()
    }

    fn limits(&self) -> Limits {
        let world = lock(&self.world);
        let rules = &world.school.rules;
        if self.name == "email" {
            Limits { per_minute: rules.per_minute, per_day: rules.per_day }
        } else {
            Limits::default()
        }
    }

    fn concurrency(&self) -> usize {
        let world = lock(&self.world);
        if world.draws.happens("many at once", self.name, 250_000) { 4 } else { 1 }
    }

    fn render(&self, message: &Outgoing<'_>, content: &Content) -> Result<Payload, Failure> {
        self.inner.render(message, content)
    }

    async fn send(&self, message: &Outgoing<'_>, payload: &Payload) -> Result<Receipt, Failure> {
        let (place, key, wait, answer) = self.begin(message, payload).await;
        tokio::time::sleep(Duration::from_millis(wait)).await;
        let is_killed = {
            let mut world = lock(&self.world);
            let is_killed = world.strikes(Fault::KillBefore, &key);
            if is_killed {
                world.mark("killed before the server has it");
                world.kill(self.daemon, "before the server has its message");
            }
            is_killed
        };
        if is_killed {
            return pending().await;
        }
        if self.end(place, answer, key.1) && self.is_killed_after(&key) {
            return pending().await;
        }
        workers::while_paused(&self.world, self.daemon).await;
        result(answer)
    }
}

/// What a server may answer instead of taking a message.
const ANSWERS: [(Fault, Answer); 7] = [
    (Fault::Temporary, Answer::Temporary),
    (Fault::RetryAfter, Answer::RetryAfter),
    (Fault::RefusedRecipient, Answer::Refused),
    (Fault::RefusedUnclear, Answer::Unclear),
    (Fault::RefusedLogin, Answer::NoLogin),
    (Fault::CutTaken, Answer::CutTaken),
    (Fault::CutLost, Answer::CutLost),
];

/// How often in a million a connection that was cut at a message is cut again.
const CUT_AGAIN: u32 = 400_000;

/// By what the chances of a hand-over are drawn: the message, and how often it was handed over before.
type HandOverKey = (String, usize);

impl Post {
    /// Notes that a message is being handed over; how long that takes, and what comes of it.
    async fn begin(&self, message: &Outgoing<'_>, payload: &Payload) -> (usize, HandOverKey, u64, Answer) {
        let (database, are_several) = {
            let world = lock(&self.world);
            (world.database.clone(), world.are_several())
        };
        if are_several {
            at_work::look(&self.world).await;
        }
        let Stored { class, state, due, holder, notices } = stored(&database, message.id).await;
        let holders = if are_several { holders(&database).await } else { Vec::new() };
        let mut world = lock(&self.world);
        let times = world.post.iter().filter(|before| before.id == message.id).count();
        let key = (message.id.to_owned(), times);
        let hand_over = HandOver {
            id: message.id.to_owned(),
            to: message.recipient.name.clone(),
            channel: self.name,
            daemon: self.daemon,
            run: world.lives[self.daemon].run,
            epoch: world.lives[self.daemon].worker.epoch,
            begun: world.now(),
            clock: world.clock_of(self.daemon),
            ended: None,
            answer: Answer::Taken,
            is_taken: false,
            class,
            created: message.created.timestamp(),
            due,
            notices,
            bytes: payload.bytes.as_slice().into(),
            message_id: payload.message_id.clone(),
        };
        at_hand_over::begun(&mut world, &hand_over, &state);
        if are_several {
            at_work::begun(&mut world, &hand_over, &holder, &holders);
        }
        let place = world.post.len();
        world.post.push(hand_over);
        if world.strikes(Fault::PauseSending, &key) {
            let seconds = world.draws.between("paused for", &key, 1, 200);
            world.pause(self.daemon, seconds);
        }
        let wait = if world.strikes(Fault::SlowServer, &key) {
            world.mark("slow server");
            world.draws.between("slow for", &key, 10_000, 600_000)
        } else {
            world.draws.between("answers after", &key, 1, 2_000)
        };
        let answer = self.answer(&mut world, &key);
        (place, key, wait, answer)
    }

    fn answer(&self, world: &mut World, key: &HandOverKey) -> Answer {
        if world.dead_channels.get(self.name).is_some_and(|until| world.now() < *until) {
            world.mark("dead channel");
            return Answer::Temporary;
        }
        let mut before = world.post.iter().rev().filter(|before| before.id == key.0 && before.ended.is_some());
        let was_cut = before.next().filter(|before| matches!(before.answer, Answer::CutTaken | Answer::CutLost));
        // A connection that is cut once is cut again: whatever it is, it is still in the way.
        if let Some(answer) = was_cut.map(|before| before.answer)
            && !world.is_calm()
            && world.draws.happens("cut again", key, CUT_AGAIN)
        {
            return answer;
        }
        ANSWERS.iter().find(|(fault, _)| world.strikes(*fault, key)).map_or(Answer::Taken, |(_, answer)| *answer)
    }

    /// The server has answered, or the connection is cut. Returns whether it has the message.
    fn end(&self, place: usize, answer: Answer, times: usize) -> bool {
        let mut world = lock(&self.world);
        let now = world.now();
        let is_taken = matches!(answer, Answer::Taken | Answer::CutTaken);
        world.post[place].ended = Some(now);
        world.post[place].answer = answer;
        world.post[place].is_taken = is_taken;
        let (words, mark) = match answer {
            Answer::Taken => ("taken", "taken"),
            Answer::Temporary => ("451, later", "451"),
            Answer::RetryAfter => ("451, in an hour", "451 with a time"),
            Answer::Refused => ("550, no such person", "550 no such person"),
            Answer::Unclear => ("550, policy", "550 unclear"),
            Answer::NoLogin => ("535, nobody is let in", "535"),
            Answer::CutTaken => ("taken, and cut before the answer", "cut, taken"),
            Answer::CutLost => ("lost, and cut before the answer", "cut, lost"),
        };
        world.mark(mark);
        let HandOver { id, to, class, notices, .. } = world.post[place].clone();
        let told = notices.iter().map(|told| format!("{} {}", told.subject, told.kind)).collect::<Vec<_>>().join(", ");
        let told = if told.is_empty() { told } else { format!(" ({told})") };
        let line = format!("daemon {} hands {class} {}{told} to {to} by {}: {words}", self.daemon, &id[..6], self.name);
        world.tell(line);
        if is_taken {
            at_hand_over::taken(&mut world, place);
            people::got(&mut world, place);
        } else {
            people::waits(&mut world, place, times);
        }
        is_taken
    }

    fn is_killed_after(&self, key: &HandOverKey) -> bool {
        let mut world = lock(&self.world);
        let is_killed = world.strikes(Fault::KillAfter, key);
        if is_killed {
            world.mark("killed when the server has it");
            world.kill(self.daemon, "when the server has its message");
        }
        is_killed
    }
}

fn result(answer: Answer) -> Result<Receipt, Failure> {
    let temporary = |reason: &str, retry_after| Err(Failure::Temporary { reason: reason.into(), retry_after });
    match answer {
        Answer::Taken => Ok(Receipt { answer: "250 ok".into() }),
        Answer::Temporary => temporary("451 later", None),
        Answer::RetryAfter => temporary("451 in an hour", Some(Duration::from_hours(1))),
        Answer::Refused => Err(Failure::Recipient { reason: "550 no such person".into() }),
        Answer::Unclear => Err(Failure::Unknown { reason: "550 policy".into() }),
        Answer::NoLogin => {
            Err(Failure::Channel { reason: "535 wrong password".into(), advice: None, pause: Pause::Growing })
        }
        Answer::CutTaken | Answer::CutLost => Err(Failure::Uncertain { reason: "no answer after the message".into() }),
    }
}

/// A message by the store, and the notices that it has.
struct Stored {
    class: String,
    state: String,
    due: Timestamp,
    /// Who has claimed it, by the name that it has in the store.
    holder: String,
    notices: Vec<StoredNotice>,
}

async fn stored(database: &nhacviec::store::SimulatedDatabase, id: &str) -> Stored {
    // Every index begins with the organisation, of which there is one.
    let key = "organisation = (SELECT id FROM organisation)";
    let message = "SELECT class || '|' || state || '|' || COALESCE(due_at, not_before) || '|' || COALESCE(holder, '') FROM message";
    let message = database.ask(&format!("{message} WHERE {key} AND id = '{id}'")).await;
    let message = message.unwrap_or_default().pop().unwrap_or_default();
    let mut parts = message.split('|').map(str::to_owned);
    let mut part = || parts.next().unwrap_or_default();
    let (class, state) = (part(), part());
    let (due, holder) = (part(), part());
    let due = due.parse().ok().and_then(|due| Timestamp::from_millisecond(due).ok()).unwrap_or_default();
    let notices = database
        .ask(&format!(
            "SELECT subject || '|' || kind || '|' || day || '|' || on_date FROM notice \
             WHERE {key} AND message = '{id}' AND state = 'queued' ORDER BY position"
        ))
        .await;
    let notice = |row: &String| {
        let mut parts = row.split('|').map(str::to_owned);
        let mut next = || parts.next().unwrap_or_default();
        StoredNotice { subject: next(), kind: next(), day: next(), on: next() }
    };
    Stored { class, state, due, holder, notices: notices.unwrap_or_default().iter().map(notice).collect() }
}

/// Who has claimed anything, by the names that they have in the store.
async fn holders(database: &nhacviec::store::SimulatedDatabase) -> Vec<String> {
    database.ask("SELECT DISTINCT COALESCE(holder, '') FROM message WHERE state = 'sending'").await.unwrap_or_default()
}

impl HandOver {
    /// How long the server took.
    pub fn took(&self) -> SignedDuration {
        self.ended.map_or(SignedDuration::ZERO, |ended| ended.duration_since(self.begun))
    }
}
