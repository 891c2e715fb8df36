//! A mail server and a receiver of webhooks that answer in every form that is allowed and in some that are not, take what they
//! have refused before, and fall silent when they are told to.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Child;
use std::sync::{Arc, Condvar, Mutex};

use super::mail::{falls_silent, silence};

/// What the two servers have seen, and how much they still answer.
struct Seen {
    /// Answers that may still be given.
    answers: usize,
    /// What they took, by the message's name for life, in order.
    taken: BTreeMap<String, Vec<Vec<u8>>>,
    /// The messages that they took once without giving an answer.
    cut: BTreeSet<String>,
    random: fastrand::Rng,
}

/// The two servers.
#[derive(Clone)]
pub struct Unreliable(Arc<(Mutex<Seen>, Condvar)>);

/// What a server does beside answering well.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whim {
    None,
    /// It refuses for now.
    Later,
    /// It closes the connection in the place of an answer, and has taken nothing.
    Close,
    /// It takes a message and closes the connection in the place of an answer.
    Cut,
}

impl Unreliable {
    /// Starts both; the ports for mail and for webhooks.
    pub fn start(seed: u64) -> (Self, u16, u16) {
        let random = fastrand::Rng::with_seed(seed);
        let nothing = Seen { answers: 0, taken: BTreeMap::new(), cut: BTreeSet::new(), random };
        let servers = Self(Arc::new((Mutex::new(nothing), Condvar::new())));
        let mail = servers.listen(Self::converse);
        let hooks = servers.listen(Self::receive);
        (servers, mail, hooks)
    }

    fn listen(&self, serve: fn(&Self, TcpStream) -> std::io::Result<()>) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let servers = self.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let servers = servers.clone();
                // A connection ends with the client's life, in the middle of anything.
                std::thread::spawn(move || serve(&servers, stream.unwrap()).unwrap_or_default());
            }
        });
        port
    }

    /// From now on so many answers are given.
    pub fn answer(&self, answers: usize) {
        self.0.0.lock().unwrap().answers = answers;
    }

    /// What was taken, by the message's name for life.
    pub fn taken(&self) -> BTreeMap<String, Vec<Vec<u8>>> {
        self.0.0.lock().unwrap().taken.clone()
    }

    /// How many messages were taken once without an answer.
    pub fn cuts(&self) -> BTreeSet<String> {
        self.0.0.lock().unwrap().cut.clone()
    }

    /// Whether one more answer is given; the last one wakes who waits for it.
    fn may_answer(&self, seen: &mut Seen) -> bool {
        if seen.answers == 0 {
            return false;
        }
        seen.answers -= 1;
        self.0.1.notify_all();
        true
    }

    /// The whim of an answer; a message is cut once at most.
    fn whim(seen: &mut Seen, message: Option<&str>) -> Whim {
        match seen.random.u8(0..100) {
            0..4 => Whim::Later,
            4..6 => Whim::Close,
            6..8 if message.is_some_and(|id| seen.cut.insert(id.to_owned())) => Whim::Cut,
            _ => Whim::None,
        }
    }

    /// An answer of a mail server in one of the forms that programs meet: a code alone, several lines, letters of
    /// another encoding, lines that end in LF alone; in one piece or in two.
    fn say(&self, stream: &mut TcpStream, code: &str) -> std::io::Result<()> {
        let (form, cut) = {
            let random = &mut self.0.0.lock().unwrap().random;
            (random.u8(0..5), random.bool())
        };
        let answer: Vec<u8> = match form {
            0 => format!("{code}\r\n").into_bytes(),
            1 => format!("{code}-first\r\n{code} second\r\n").into_bytes(),
            2 => [code.as_bytes(), b" \xd0\xfe\xff\r\n"].concat(),
            3 => format!("{code} ok\n").into_bytes(),
            _ => format!("{code} ok\r\n").into_bytes(),
        };
        let (first, rest) = answer.split_at(if cut { 2 } else { answer.len() });
        stream.write_all(first)?;
        stream.write_all(rest)
    }

    fn converse(&self, stream: TcpStream) -> std::io::Result<()> {
        stream.set_nodelay(true)?;
        let mut lines = BufReader::new(stream.try_clone()?);
        let mut stream = stream;
        stream.write_all(b"220 mail.example\r\n")?;
        let mut line = String::new();
        loop {
            line.clear();
            if lines.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let word = line.split([' ', ':', '\r']).next().unwrap_or_default().to_uppercase();
            if word == "QUIT" {
                // Some reset the connection in the place of an answer.
                return Ok(());
            }
            let whim = {
                let mut seen = self.0.0.lock().unwrap();
                if !self.may_answer(&mut seen) {
                    drop(seen);
                    return silence(&mut lines);
                }
                Self::whim(&mut seen, None)
            };
            match (word.as_str(), whim) {
                (_, Whim::Close) => return Ok(()),
                ("EHLO", _) => stream.write_all(b"250-mail.example\r\n250-pipelining\r\n250 8BITMIME\r\n")?,
                ("DATA", _) => {
                    self.say(&mut stream, "354")?;
                    if !self.take_mail(&mut lines, &mut stream)? {
                        return Ok(());
                    }
                }
                ("RCPT", Whim::Later) => self.say(&mut stream, "450")?,
                _ => self.say(&mut stream, "250")?,
            }
        }
    }

    /// Takes a mail up to its final dot. Returns whether the conversation goes on.
    fn take_mail(&self, lines: &mut BufReader<TcpStream>, stream: &mut TcpStream) -> std::io::Result<bool> {
        let (mut mail, mut id, mut line) = (String::new(), String::new(), String::new());
        loop {
            line.clear();
            if lines.read_line(&mut line)? == 0 {
                return Ok(false);
            }
            if line == ".\r\n" {
                break;
            }
            mail.push_str(&line);
            if let Some(value) = line.strip_prefix("Message-ID: <") {
                value.split('@').next().unwrap_or_default().clone_into(&mut id);
            }
        }
        if id.is_empty() {
            // Its recipient was refused.
            return self.say(stream, "554").map(|()| true);
        }
        match self.take(&id, mail.into_bytes()) {
            None => silence(lines).map(|()| false),
            Some(Whim::Later) => self.say(stream, "451").map(|()| true),
            Some(Whim::Close | Whim::Cut) => Ok(false),
            Some(Whim::None) => self.say(stream, "250").map(|()| true),
        }
    }

    /// Takes a message or not; `None` where nothing is answered any more.
    fn take(&self, id: &str, bytes: Vec<u8>) -> Option<Whim> {
        let mut seen = self.0.0.lock().unwrap();
        if !self.may_answer(&mut seen) {
            return None;
        }
        // To close the connection now says nothing of whether it was taken: then it was.
        let whim = match Self::whim(&mut seen, Some(id)) {
            Whim::Close => Whim::None,
            whim => whim,
        };
        if whim != Whim::Later {
            seen.taken.entry(id.to_owned()).or_default().push(bytes);
        }
        Some(whim)
    }

    /// Takes a webhook.
    fn receive(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let mut request = BufReader::new(stream.try_clone()?);
        let (mut length, mut id, mut line) = (0, String::new(), String::new());
        request.read_line(&mut line)?;
        loop {
            line.clear();
            if request.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let Some((name, value)) = line.trim().split_once(": ") else { break };
            match name.to_lowercase().as_str() {
                "content-length" => length = value.parse().unwrap(),
                "webhook-id" => value.trim_start_matches("msg_").clone_into(&mut id),
                _ => {}
            }
        }
        let mut body = vec![0; length];
        request.read_exact(&mut body)?;
        let answer = match self.take(&id, body) {
            None => return silence(&mut request),
            Some(Whim::Cut | Whim::Close) => return Ok(()),
            Some(Whim::Later) => "503 Service Unavailable",
            Some(Whim::None) => "204 No Content",
        };
        stream.write_all(format!("HTTP/1.1 {answer}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").as_bytes())
    }

    /// Waits until as many answers as may be given are given, or the program has ended by itself; its standard output must be a
    /// pipe, which ends with it.
    pub fn wait(&self, process: &mut Child) -> bool {
        falls_silent(&self.0, process, |seen| seen.answers == 0)
    }
}
