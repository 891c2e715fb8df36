//! A mail server that says what a test wants it to say, at every step, and a school that sends over it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use nhacviec::app::load_school::Loaded;
use nhacviec::channel::{Channel, Failure, Outgoing, Receipt};
use nhacviec::compose::Sender;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Barrier;
use tokio_rustls::TlsAcceptor;

use super::settings::{Edit, Settings};
use super::{CONFIG, Files, MORNING, plan, task};

/// Answers by step.
type Answers = Vec<(&'static str, Vec<u8>)>;

/// What a server saw, and what it answers.
#[derive(Clone, Default)]
pub struct Seen {
    pub connections: Arc<Mutex<usize>>,
    pub commands: Arc<Mutex<Vec<String>>>,
    pub messages: Arc<Mutex<Vec<String>>>,
    answers: Arc<Mutex<Answers>>,
    /// Where there is one, no message is answered before as many are on their way as it waits for.
    pub together: Arc<Mutex<Option<Arc<Barrier>>>>,
    /// How many messages of one conversation it takes: then it refuses the next MAIL.
    pub takes: Arc<Mutex<Option<usize>>>,
    /// How long a message is looked at before it is answered, in virtual time.
    pub acceptance: Arc<Mutex<Duration>>,
}

impl Seen {
    pub fn messages(&self) -> usize {
        self.messages.lock().unwrap().len()
    }

    pub fn commands(&self) -> Vec<String> {
        self.commands.lock().unwrap().clone()
    }

    /// What is answered from now on where the server does not simply agree: the first word of a command (or "greeting",
    /// "message", "prompt 1" and "prompt 2" for what follows AUTH; "AUTH PLAIN" for that alone), and the answer. "cut" closes the connection instead,
    /// "reset" resets it, "silence" says nothing to this, "mute" nothing any more. An answer that ends a line itself is sent as it is.
    pub fn answer<A: AsRef<[u8]>>(&self, answers: impl IntoIterator<Item = (&'static str, A)>) {
        let answers = answers.into_iter().map(|(step, answer)| (step, answer.as_ref().to_vec()));
        *self.answers.lock().unwrap() = answers.collect();
    }

    /// The server agrees to everything from now on.
    pub fn agree(&self) {
        self.answers.lock().unwrap().clear();
    }

    fn answer_to(&self, step: &str) -> Option<Vec<u8>> {
        let answers = self.answers.lock().unwrap();
        answers.iter().find(|(known, _)| *known == step).map(|(_, answer)| answer.clone())
    }

    fn says(&self, step: &str, answer: &str) -> bool {
        self.answer_to(step).is_some_and(|found| found == answer.as_bytes())
    }
}

/// Whether and how a server encrypts.
#[derive(Clone)]
pub enum Encryption {
    None,
    Tls(TlsAcceptor),
    StartTls(TlsAcceptor),
}

/// Starts a server on a port of its own.
pub async fn server(encryption: Encryption) -> (u16, Seen) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let seen = Seen::default();
    listen(listener, encryption, &seen);
    (port, seen)
}

pub fn listen(listener: TcpListener, encryption: Encryption, seen: &Seen) {
    let all = seen.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            stream.set_nodelay(true).unwrap();
            if all.answers.lock().unwrap().iter().any(|(_, answer)| answer == b"reset") {
                stream.set_zero_linger().unwrap();
            }
            *all.connections.lock().unwrap() += 1;
            let (seen, encryption) = (all.clone(), encryption.clone());
            tokio::spawn(async move {
                match encryption {
                    Encryption::None => converse(BufReader::new(stream), &seen, true).await,
                    Encryption::Tls(acceptor) => {
                        if let Ok(stream) = acceptor.accept(stream).await {
                            converse(BufReader::new(stream), &seen, true).await;
                        }
                    }
                    Encryption::StartTls(acceptor) => {
                        let mut stream = BufReader::new(stream);
                        greet_and_start_tls(&mut stream, &seen).await;
                        if let Ok(stream) = acceptor.accept(stream.into_inner()).await {
                            converse(BufReader::new(stream), &seen, false).await;
                        }
                    }
                }
            });
        }
    });
}

async fn greet_and_start_tls(stream: &mut BufReader<TcpStream>, seen: &Seen) {
    stream.write_all(b"220 mail.example\r\n").await.unwrap();
    let mut line = String::new();
    stream.read_line(&mut line).await.unwrap();
    let offer = seen.answer_to("offer").unwrap_or_else(|| b"250-mail.example\r\n250 STARTTLS".to_vec());
    stream.write_all(&[&offer, b"\r\n".as_slice()].concat()).await.unwrap();
    line.clear();
    stream.read_line(&mut line).await.unwrap();
    seen.commands.lock().unwrap().push(line.trim().to_owned());
    let agreed = seen.answer_to("STARTTLS").unwrap_or_else(|| b"220 go".to_vec());
    stream.write_all(&[&agreed, b"\r\n".as_slice()].concat()).await.unwrap();
}

/// Sends an answer; whether the conversation goes on.
async fn say<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S, answer: &[u8]) -> bool {
    match answer {
        b"mute" => tokio::io::copy(stream, &mut tokio::io::sink()).await.is_err(),
        b"silence" => true,
        b"cut" => false,
        _ if answer.ends_with(b"\n") => stream.write_all(answer).await.is_ok(),
        _ => stream.write_all(&[answer, b"\r\n"].concat()).await.is_ok(),
    }
}

/// One connection, from the greeting on.
async fn converse<S: AsyncRead + AsyncWrite + Unpin>(mut stream: BufReader<S>, seen: &Seen, greet: bool) {
    let greeting = seen.answer_to("greeting").unwrap_or_else(|| b"220 mail.example".to_vec());
    if greet && !say(&mut stream, &greeting).await {
        return;
    }
    let mut line = String::new();
    let mut prompt = 0;
    let mut taken = 0;
    // What a message lacks before it may come, as servers tell that.
    let mut lacks = [("RCPT", true), ("DATA", true)];
    loop {
        line.clear();
        if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
            return;
        }
        let command = line.trim_end().to_owned();
        seen.commands.lock().unwrap().push(command.clone());
        let word = match prompt {
            0 => command.split([' ', ':']).next().unwrap_or_default().to_uppercase(),
            number => format!("prompt {number}"),
        };
        let usual: &[u8] = match word.as_str() {
            "EHLO" => b"250-mail.example\r\n250-AUTH PLAIN LOGIN XOAUTH2\r\n250 8BITMIME",
            word if lacks.contains(&(word, true)) => b"503 5.5.1 not yet",
            "DATA" => b"354 go on",
            "AUTH" | "prompt 2" => b"235 welcome",
            "prompt 1" => b"334 UGFzc3dvcmQ6",
            "QUIT" => b"221 bye",
            _ => b"250 ok",
        };
        let two_words = command.split(' ').take(2).collect::<Vec<_>>().join(" ");
        let is_full = word == "MAIL" && seen.takes.lock().unwrap().is_some_and(|takes| taken >= takes);
        let full = is_full.then(|| b"550 5.7.0 no more messages in this conversation".to_vec());
        let answer = full.or_else(|| seen.answer_to(&two_words)).or_else(|| seen.answer_to(&word));
        let answer = answer.unwrap_or_else(|| usual.to_vec());
        match word.as_str() {
            "MAIL" => lacks = [("RCPT", !answer.starts_with(b"2")), ("DATA", true)],
            "RCPT" => lacks[1].1 = !answer.starts_with(b"2"),
            _ => {}
        }
        prompt = if answer.starts_with(b"334") { prompt + 1 } else { 0 };
        if answer == b"reset" || !say(&mut stream, &answer).await {
            return;
        }
        taken += usize::from(word == "DATA");
        if word == "DATA" && answer.windows(3).any(|code| code == b"354") && !take_message(&mut stream, seen).await {
            return;
        }
    }
}

/// Reads a message and answers it; whether the conversation goes on.
async fn take_message<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut BufReader<S>, seen: &Seen) -> bool {
    let mut message = String::new();
    if seen.says("body", "cut") {
        let _ = stream.read_line(&mut message).await;
        return false;
    }
    while !message.ends_with("\r\n.\r\n") {
        if stream.read_line(&mut message).await.unwrap_or(0) == 0 {
            return false;
        }
    }
    seen.messages.lock().unwrap().push(message);
    let together = seen.together.lock().unwrap().clone();
    if let Some(together) = together {
        together.wait().await;
    }
    let acceptance = *seen.acceptance.lock().unwrap();
    if !acceptance.is_zero() {
        tokio::time::sleep(acceptance).await; // of virtual time
    }
    let answer = seen.answer_to("message").unwrap_or_else(|| b"250 queued as 42".to_vec());
    say(stream, &answer).await && !seen.says("after", "close")
}

/// The configuration of a school that sends over a server in the clear, with more keys of its channel.
pub fn config(port: u16, more: &str) -> String {
    let from = if more.contains("from = ") { "" } else { "from = \"nhacviec@school.example\"\n" };
    let smtp = format!("kind = \"smtp\"\nhost = \"127.0.0.1\"\nport = {port}\n{from}{more}\n");
    let mut settings = Settings::new(CONFIG);
    settings.edit(Edit::Fill("channel.email", &smtp));
    settings.to_string()
}

/// A task that is due a week after the morning.
pub fn due(id: &str, lead: &str) -> String {
    task(id, lead, "due = 2023-11-30")
}

/// A plan with a task for each of three people.
pub fn three_people() -> String {
    plan(&[due("1.1", "Phó Hiệu trưởng"), due("1.2", "Tổ trưởng"), due("1.3", "Thanh tra")])
}

/// A certificate for localhost, in `ca.pem` of the school as well.
pub fn certificate(files: &Files) -> TlsAcceptor {
    acceptor(files, &rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap())
}

/// A certificate of this kind that signs itself, in `ca.pem` of the school as well.
pub fn acceptor(files: &Files, params: &rcgen::CertificateParams) -> TlsAcceptor {
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    files.write("ca.pem", &certificate.pem());
    acceptor_of(certificate.der().clone(), &key)
}

/// A server that shows this certificate, whose key it has.
pub fn acceptor_of(certificate: rustls::pki_types::CertificateDer<'static>, key: &rcgen::KeyPair) -> TlsAcceptor {
    let private = rustls::pki_types::PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], private)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

/// Sends one message to somebody over a school's channel.
pub async fn send(loaded: &Loaded, channel: &dyn Channel, to: &str, id: &str) -> Result<Receipt, Failure> {
    let people = &loaded.school.settings.people;
    let recipient = people.get(people.by_name(to).unwrap());
    let at = MORNING.parse::<Timestamp>().unwrap().in_tz("Asia/Ho_Chi_Minh").unwrap();
    let sender = Sender::of(&loaded.school);
    let message = Outgoing { id, recipient, sender: &sender, created: &at, at: &at };
    let content = loaded.composer.trial(&loaded.school, "email", recipient, &at).unwrap();
    let payload = channel.render(&message, &content).unwrap();
    channel.send(&message, &payload).await
}

/// What a channel says of a server, and how many seconds it takes until it does. Time is virtual: it passes only while
/// everybody waits.
pub async fn sent(files: &Files) -> (Result<Receipt, Failure>, u64) {
    let loaded = files.load();
    let channel = &loaded.channels["email"];
    let start = tokio::time::Instant::now();
    let answer = send(&loaded, channel.as_ref(), "Phó Hiệu trưởng", "0123456789abcdef0123456789abcdef").await;
    let took = start.elapsed().as_secs();
    channel.close().await;
    (answer, took)
}
