//! A server of HTTP that gives the answers that a test wants.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A request as it came: its head in lower case, and its body.
pub type Request = (String, Vec<u8>);

/// A server that gives its answers in turn, whole, the last of them to everything that follows, and closes after each; the
/// empty answer is none.
#[derive(Clone)]
pub struct Server {
    pub port: u16,
    /// The answers that are left: never none.
    answers: Arc<Mutex<Vec<String>>>,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    pub async fn start(answer: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            port: listener.local_addr().unwrap().port(),
            answers: Arc::new(Mutex::new(vec![answer.to_owned()])),
            requests: Arc::default(),
        };
        let all = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = all.clone();
                tokio::spawn(async move { server.serve(stream).await });
            }
        });
        server
    }

    async fn serve(self, mut stream: TcpStream) {
        let mut bytes = Vec::new();
        loop {
            if stream.read_buf(&mut bytes).await.unwrap_or(0) == 0 {
                return;
            }
            let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
            let head = String::from_utf8(bytes[..end].to_vec()).unwrap().to_lowercase();
            let length: usize = header(&head, "content-length").map_or(0, |length| length.parse().unwrap());
            if bytes.len() >= end + 4 + length {
                self.requests.lock().unwrap().push((head, bytes[end + 4..].to_vec()));
                break;
            }
        }
        let answer = {
            let mut answers = self.answers.lock().unwrap();
            if answers.len() > 1 { answers.remove(0) } else { answers[0].clone() }
        };
        let _ = stream.write_all(answer.as_bytes()).await;
    }

    /// What is answered from now on.
    pub fn answers(&self, answer: &str) {
        *self.answers.lock().unwrap() = vec![answer.to_owned()];
    }

    /// What is answered once the answers so far were given.
    #[allow(dead_code)]
    pub fn then(&self, answer: &str) {
        self.answers.lock().unwrap().push(answer.to_owned());
    }

    /// Everything that was asked, in order.
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

/// A field of a request's head.
pub fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

/// A whole answer.
pub fn answer(status: &str, more: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n{more}\r\n{body}", body.len())
}
