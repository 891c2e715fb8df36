//! A server of IMAP with one mailbox, that notes what it is asked and can be told to misbehave.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// How a server misbehaves.
#[derive(Clone, Debug, Default)]
pub struct Fault {
    /// The word of a command: at the first that has it, the fault happens.
    pub at: &'static str,
    /// What is sent instead of an answer; then the connection is closed.
    pub says: Vec<u8>,
    /// How often it happens; after that all is well.
    pub times: usize,
}

/// How a server differs from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Habit {
    /// It knows who is there without a login.
    KnowsEverybody,
    /// It answers a search in ranges (RFC 4731).
    SearchesInRanges,
    /// It tells of new mail whenever somebody listens.
    TellsInVain,
}

/// What the server holds and has seen.
#[derive(Default)]
pub struct State {
    pub validity: u32,
    pub capabilities: &'static str,
    /// The mails by number.
    pub mails: Vec<(u32, Vec<u8>)>,
    /// When mails came that did not come now.
    pub came: Vec<(u32, jiff::civil::Date)>,
    /// What SIZE says of a mail, where that is a lie.
    pub sizes: Vec<(u32, u64)>,
    pub fault: Fault,
    /// Commands that have a word are refused so often, in these words.
    pub refusals: Vec<(&'static str, &'static str, usize)>,
    /// Whether LOGIN alone lets anybody in.
    pub knows_login_only: bool,
    /// How it differs from others all the time.
    pub habits: Vec<Habit>,
    /// Folders beside INBOX.
    pub folders: Vec<String>,
    /// Commands without their tags.
    pub commands: Vec<String>,
    /// Numbers of mails that were moved away.
    pub moved: Vec<u32>,
    pub seen: Vec<u32>,
    pub next: u32,
}

/// The server; it lives as long as the test.
#[derive(Clone)]
pub struct ImapServer {
    pub port: u16,
    pub state: Arc<Mutex<State>>,
}

/// The password that it lets in.
pub const PASSWORD: &str = "mật khẩu";

impl State {
    /// What is told of a mail.
    fn fetch(&self, uid: u32, command: &str) -> Vec<u8> {
        let mut out: Vec<u8> = Vec::new();
        let mail = self.mails.iter().find(|(known, _)| *known == uid).map(|(_, mail)| mail.clone());
        let lie = self.sizes.iter().find(|(known, _)| *known == uid).map(|(_, size)| *size);
        match mail {
            Some(mail) if command.contains("SIZE") => {
                let size = lie.unwrap_or(mail.len() as u64);
                out.extend(format!("* 1 FETCH (UID {uid} RFC822.SIZE {size})\r\n").bytes());
            }
            Some(mail) if command.contains("ENVELOPE") => {
                let parsed = mail_parser::MessageParser::default().parse(&mail).unwrap();
                let from = parsed.from().unwrap().first().unwrap().address().unwrap().to_owned();
                let (name, host) = from.split_once('@').unwrap();
                out.extend(
                    format!(
                        "* 1 FETCH (FLAGS (\\Seen) UID {} ENVELOPE (\"Mon, 1 Jan 2024 07:00:00 +0700\" \"{}\" \
                         ((NIL NIL \"{name}\" \"{host}\")) NIL NIL NIL NIL NIL NIL \"<{}>\"))\r\n",
                        uid,
                        parsed.subject().unwrap(),
                        parsed.message_id().unwrap()
                    )
                    .bytes(),
                );
            }
            Some(mail) if command.contains("[HEADER]") => {
                let end = mail.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
                out.extend(format!("* 1 FETCH (UID {uid} BODY[HEADER] {{{end}}}\r\n").bytes());
                out.extend(&mail[..end]);
                out.extend(b")\r\n");
            }
            Some(mail) => {
                out.extend(format!("* 1 FETCH (UID {} BODY[] {{{}}}\r\n", uid, mail.len()).bytes());
                out.extend(mail);
                out.extend(b")\r\n");
            }
            None => {}
        }
        out
    }

    /// Whether a mail is what a search asks for: `SINCE 1-Nov-2023`, `UID 5:9`, `HEADER Message-ID "…"`.
    fn finds(&self, words: &[&str], (uid, mail): &(u32, Vec<u8>)) -> bool {
        match words {
            ["SINCE", since] => {
                let since = jiff::civil::Date::strptime("%d-%b-%Y", since).unwrap();
                self.came.iter().all(|(known, came)| known != uid || *came >= since)
            }
            ["UID", range] => {
                let (first, last) = range.split_once(':').unwrap();
                let newest = self.mails.last().map_or(0, |(uid, _)| *uid);
                let (first, last) = (first.parse::<u32>().unwrap(), last.parse::<u32>().unwrap_or(newest));
                // As servers do: `n:*` always names the last.
                (first.min(last)..=first.max(last)).contains(uid)
            }
            ["HEADER", _, id] => String::from_utf8_lossy(mail).contains(id.trim_matches('"')),
            _ => panic!("{words:?}"),
        }
    }
}

impl ImapServer {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state =
            State { validity: 7, capabilities: "IMAP4rev1 MOVE UIDPLUS AUTH=PLAIN", next: 1, ..State::default() };
        let state = State { folders: vec!["Xong".to_owned()], ..state };
        let server = Self { port, state: Arc::new(Mutex::new(state)) };
        let all = server.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let server = all.clone();
                // A connection ends with the client's life, in the middle of anything.
                std::thread::spawn(move || server.converse(stream.unwrap()).unwrap_or_default());
            }
        });
        server
    }

    pub fn put(&self, mail: &[u8]) -> u32 {
        let mut state = self.state.lock().unwrap();
        let uid = state.next;
        state.next += 1;
        state.mails.push((uid, mail.to_vec()));
        uid
    }

    pub fn fail(&self, at: &'static str, says: &[u8], times: usize) {
        self.state.lock().unwrap().fault = Fault { at, says: says.to_vec(), times };
    }

    /// Refuses commands that have a word, in these words: `NO [UNAVAILABLE] later`.
    pub fn refuse(&self, at: &'static str, says: &'static str, times: usize) {
        self.state.lock().unwrap().refusals.push((at, says, times));
    }

    pub fn moved(&self) -> Vec<u32> {
        self.state.lock().unwrap().moved.clone()
    }

    pub fn seen(&self) -> Vec<u32> {
        self.state.lock().unwrap().seen.clone()
    }

    fn converse(&self, stream: TcpStream) -> std::io::Result<()> {
        let mut lines = BufReader::new(stream.try_clone()?);
        let mut stream = stream;
        if self.misbehaves("greeting", &mut stream)? {
            return Ok(());
        }
        let knows_everybody = self.has(Habit::KnowsEverybody);
        stream.write_all(if knows_everybody { b"* PREAUTH ready\r\n" } else { b"* OK ready\r\n" })?;
        let mut line = String::new();
        loop {
            line.clear();
            if lines.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let (tag, command) = line.trim_end().split_once(' ').unwrap_or_default();
            let (tag, command) = (tag.to_owned(), command.to_owned());
            self.state.lock().unwrap().commands.push(command.clone());
            if self.misbehaves(&command, &mut stream)? {
                return Ok(());
            }
            if let Some(says) = self.refuses(&command) {
                write!(stream, "{tag} {says}\r\n")?;
                continue;
            }
            if let Some(length) = command.strip_suffix('}').and_then(|line| line.rsplit_once('{')) {
                let answer = self.take_literals(&command, length.1.parse().unwrap(), &mut lines, &mut stream)?;
                write!(stream, "{tag} {answer}\r\n")?;
                continue;
            }
            if command == "IDLE" {
                self.idle(&mut lines, &mut stream)?;
                write!(stream, "{tag} OK done\r\n")?;
                continue;
            }
            if knows_everybody && command.starts_with("AUTHENTICATE") {
                write!(stream, "{tag} BAD in already\r\n")?;
                continue;
            }
            if command.starts_with("AUTHENTICATE PLAIN") && self.state.lock().unwrap().knows_login_only {
                write!(stream, "{tag} NO [AUTHENTICATIONFAILED] not so\r\n")?;
                continue;
            }
            if command.starts_with("AUTHENTICATE PLAIN") {
                stream.write_all(b"+ \r\n")?;
                line.clear();
                lines.read_line(&mut line)?;
                let expected = base64(format!("\0inbox@school.example\0{PASSWORD}").as_bytes());
                let answer = if line.trim_end() == expected { "OK in" } else { "NO [AUTHENTICATIONFAILED] wrong" };
                write!(stream, "{tag} {answer}\r\n")?;
                continue;
            }
            let answer = self.answer(&tag, &command);
            stream.write_all(&answer)?;
            if command == "LOGOUT" {
                return Ok(());
            }
        }
    }

    fn has(&self, habit: Habit) -> bool {
        self.state.lock().unwrap().habits.contains(&habit)
    }

    fn refuses(&self, command: &str) -> Option<&'static str> {
        let mut state = self.state.lock().unwrap();
        let refusal = state.refusals.iter_mut().find(|(at, _, times)| *times > 0 && command.contains(at))?;
        refusal.2 -= 1;
        Some(refusal.1)
    }

    /// LOGIN and APPEND, whose words are literals.
    fn take_literals(
        &self,
        command: &str,
        first: usize,
        lines: &mut BufReader<TcpStream>,
        stream: &mut TcpStream,
    ) -> std::io::Result<&'static str> {
        let mut literals: Vec<Vec<u8>> = Vec::new();
        let mut next = Some(first);
        while let Some(length) = next {
            stream.write_all(b"+ go on\r\n")?;
            let mut literal = vec![0; length];
            lines.read_exact(&mut literal)?;
            literals.push(literal);
            let mut rest = String::new();
            lines.read_line(&mut rest)?;
            next = rest.trim_end().strip_suffix('}').and_then(|rest| rest.rsplit_once('{')?.1.parse().ok());
        }
        if command.starts_with("APPEND") {
            self.put(&literals[0]);
            return Ok("OK done");
        }
        let is_known = literals == [b"inbox@school.example".to_vec(), PASSWORD.as_bytes().to_vec()];
        Ok(if is_known { "OK in" } else { "NO wrong" })
    }

    /// Tells of new mail until the client has heard enough.
    fn idle(&self, lines: &mut BufReader<TcpStream>, stream: &mut TcpStream) -> std::io::Result<()> {
        let known = self.state.lock().unwrap().next;
        stream.write_all(b"+ idling\r\n")?;
        lines.get_ref().set_read_timeout(Some(std::time::Duration::from_millis(20)))?;
        let mut told = false;
        let mut line = String::new();
        loop {
            match lines.read_line(&mut line) {
                Ok(_) => break,
                Err(error) if matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) => {
                }
                Err(error) => return Err(error),
            }
            let state = self.state.lock().unwrap();
            let (next, count) = (state.next, state.mails.len());
            drop(state);
            let tells_in_vain = self.has(Habit::TellsInVain);
            if (next != known || tells_in_vain) && !told {
                told = true;
                write!(stream, "* {count} EXISTS\r\n")?;
            }
        }
        lines.get_ref().set_read_timeout(None)
    }

    fn misbehaves(&self, command: &str, stream: &mut TcpStream) -> std::io::Result<bool> {
        let mut state = self.state.lock().unwrap();
        let fault = &mut state.fault;
        if fault.times == 0 || !command.contains(fault.at) {
            return Ok(false);
        }
        fault.times -= 1;
        let says = fault.says.clone();
        drop(state);
        stream.write_all(&says)?;
        Ok(true)
    }

    fn answer(&self, tag: &str, command: &str) -> Vec<u8> {
        let mut state = self.state.lock().unwrap();
        let words: Vec<&str> = command.split(' ').collect();
        let uid = || words.get(2).and_then(|uid| uid.parse::<u32>().ok()).unwrap_or(0);
        let mut out: Vec<u8> = Vec::new();
        let mut done = "OK done";
        match (words[0], words.get(1).copied().unwrap_or_default()) {
            ("CAPABILITY", _) => out.extend(format!("* CAPABILITY {}\r\n", state.capabilities).bytes()),
            ("SELECT", "\"INBOX\"") => out.extend(
                format!(
                    "* {} EXISTS\r\n* 0 RECENT\r\n* FLAGS (\\Seen)\r\n* OK [UIDVALIDITY {}] ok\r\n\
                     * OK [UIDNEXT {}] ok\r\n",
                    state.mails.len(),
                    state.validity,
                    state.next
                )
                .bytes(),
            ),
            ("SELECT", _) => done = "NO [NONEXISTENT] no such folder",
            ("UID", "SEARCH") => {
                let uids: Vec<u32> =
                    state.mails.iter().filter(|mail| state.finds(&words[2..], mail)).map(|mail| mail.0).collect();
                let uids: Vec<String> = uids.iter().map(ToString::to_string).collect();
                let found = match (state.habits.contains(&Habit::SearchesInRanges), uids.as_slice()) {
                    (false, _) => format!("* SEARCH {}\r\n", uids.join(" ")),
                    (true, []) => format!("* ESEARCH (TAG \"{tag}\") UID\r\n"),
                    (true, [first, .., last]) => format!("* ESEARCH (TAG \"{tag}\") UID ALL {first}:{last}\r\n"),
                    (true, [one]) => format!("* ESEARCH (TAG \"{tag}\") UID ALL {one}\r\n"),
                };
                out.extend(found.bytes());
            }
            ("UID", "FETCH") => {
                out.extend(state.fetch(uid(), command));
            }
            ("UID", "STORE") => state.seen.push(uid()),
            ("CREATE", folder) => {
                let folder = folder.trim_matches('"').to_owned();
                state.folders.push(folder);
            }
            ("UID", "EXPUNGE") => state.mails.retain(|(known, _)| *known != uid()),
            ("UID", "MOVE") if state.folders.iter().any(|folder| command.ends_with(&format!("\"{folder}\""))) => {
                state.mails.retain(|(known, _)| *known != uid());
                state.moved.push(uid());
            }
            ("UID", "MOVE" | "COPY") => done = "NO [TRYCREATE] no such folder",
            ("NOOP", _) => {}
            ("LOGOUT", _) => out.extend(b"* BYE bye\r\n"),
            _ => done = "BAD what?",
        }
        out.extend(format!("{tag} {done}\r\n").bytes());
        out
    }
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine;

    base64::engine::general_purpose::STANDARD.encode(bytes)
}
